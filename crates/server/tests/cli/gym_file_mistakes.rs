//! Gym files with mistakes: each is named with its file, line and field, and nothing is changed.

use gymkeeper_testkit::each_database;

use crate::support::{Place, SMALL_GYM};

/// The number of the line on which a text first stands.
fn line_of(text: &str, wanted: &str) -> usize {
    text.lines().position(|line| line.contains(wanted)).map(|at| at + 1).unwrap_or_else(|| panic!("{wanted}"))
}

/// A change to the small gym, by which text its line is found afterwards, the field, and a part of the message.
struct Mistake {
    of: &'static str,
    from: &'static str,
    to: &'static str,
    on: &'static str,
    field: &'static str,
    says: &'static str,
}

const MISTAKES: &[Mistake] = &[
    Mistake {
        of: "a list that is not closed",
        from: "tags: [t0, t1,",
        to: "tags: [t0, [t1,",
        on: "studios:",
        field: "",
        says: "illegal placement of ':'",
    },
    Mistake {
        of: "a tab as indentation",
        from: "    name: North",
        to: "\tname: North",
        // The word before it goes on up to the tab.
        on: "- key: north",
        field: "",
        says: "tab",
    },
    Mistake {
        of: "an unknown field",
        from: "    name: South",
        to: "    name: South\n    nickname: Suzy",
        on: "nickname",
        field: "studios[1].nickname",
        says: "unknown field",
    },
    Mistake {
        of: "an unknown field at the top",
        from: "studios:",
        to: "gyms: []\nstudios:",
        on: "gyms:",
        field: "gyms",
        says: "is not known here",
    },
    Mistake {
        of: "a missing key",
        from: "  - key: south\n    name: South",
        to: "  - name: South",
        on: "- name: South",
        field: "studios[1].key",
        says: "needs a key",
    },
    Mistake {
        of: "an aggregator without a name",
        from: "studios:",
        to: "aggregators: [{ key: sportnetz }]\nstudios:",
        on: "aggregators:",
        field: "aggregators[0]",
        says: "name",
    },
    Mistake {
        of: "a key in capitals",
        from: "- key: south",
        to: "- key: South",
        on: "- key: South",
        field: "studios[1].key",
        says: "lower-case",
    },
    Mistake {
        of: "the same key twice",
        from: "- key: west",
        to: "- key: south # again",
        on: "# again",
        field: "studios[2].key",
        says: "\"south\" is already taken",
    },
    Mistake {
        of: "an employee without a last name",
        from: "    name: South",
        to: "    name: South\n    employees:\n      - { key: ada, first_name: Ada }",
        on: "key: ada",
        field: "studios[1].employees[0]",
        says: "missing field `last_name`",
    },
    Mistake {
        of: "an employee with a blank name",
        from: "    name: South",
        to: "    name: South\n    employees:\n      - { key: ada, first_name: ' ', last_name: Berg }",
        on: "key: ada",
        field: "studios[1].employees[0].first_name",
        says: "must not be empty",
    },
    Mistake {
        of: "two employees with one key",
        from: "    name: South",
        to: "    name: South\n    employees:\n      - { key: ada, first_name: Ada, last_name: Berg }\n      - { key: ada, first_name: Adam, last_name: Berg }",
        on: "first_name: Adam",
        field: "studios[1].employees[1].key",
        says: "\"ada\" is already taken",
    },
    Mistake {
        of: "an employee with a role that does not exist",
        from: "    name: South",
        to: "    name: South\n    employees:\n      - { key: ada, first_name: Ada, last_name: Berg, business_role: BOSS }",
        on: "BOSS",
        field: "studios[1].employees[0].business_role",
        says: "unknown variant `BOSS`",
    },
    Mistake {
        of: "the same field twice",
        from: "    name: South",
        to: "    name: South\n    name: Sud",
        on: "name: Sud",
        field: "",
        says: "duplicate mapping key: name",
    },
    Mistake {
        of: "a module that does not exist",
        from: "included_modules: [sauna]",
        to: "included_modules: [sauna, pool]",
        on: "included_modules",
        field: "studios[0].offers[0].included_modules",
        says: "no module with the key \"pool\"",
    },
    Mistake {
        of: "a wrong type",
        from: "    name: West",
        to: "    name: [West]",
        on: "name: [West]",
        field: "studios[2].name",
        says: "expected a string",
    },
    Mistake {
        of: "a number where a list belongs",
        from: "    offers:\n",
        to: "    text_blocks: 7\n    offers:\n",
        on: "text_blocks: 7",
        field: "studios[0].text_blocks",
        says: "must be a list",
    },
    Mistake {
        of: "an unknown zone",
        from: "zone: Europe/Berlin",
        to: "zone: Europe/Atlantis",
        on: "Atlantis",
        field: "studios[0].zone",
        says: "time zone",
    },
    Mistake {
        of: "an amount that is none",
        from: "\"39.90\"",
        to: "\"a lot\"",
        on: "a lot",
        field: "studios[0].offers[1].terms[0].payment",
        says: "`a lot` is not a decimal number such as 39.90",
    },
    Mistake {
        of: "an image that is missing",
        from: "    name: North",
        to: "    name: North\n    logo: nowhere.png",
        on: "nowhere.png",
        field: "studios[0].logo",
        says: "No such file",
    },
    Mistake {
        of: "an image that is none",
        from: "    name: North",
        to: "    name: North\n    logo: gym.yaml",
        on: "logo:",
        field: "studios[0].logo",
        says: "neither PNG",
    },
    Mistake {
        of: "an image that is a folder",
        from: "    name: North",
        to: "    name: North\n    logo: .",
        on: "logo:",
        field: "studios[0].logo",
        says: "directory",
    },
    Mistake {
        of: "an image that is too large (FILE-3)",
        from: "    name: North",
        to: "    name: North\n    logo: large.png",
        on: "large.png",
        field: "studios[0].logo",
        says: "large.png is larger than 10 MiB",
    },
    Mistake {
        of: "a document that is too large (FILE-3)",
        from: "    modules:\n",
        to: "    text_blocks:\n      - { key: rules, title: Rules, text: T, attachment: { type: FILE, file: large.pdf } }\n    modules:\n",
        on: "large.pdf",
        field: "studios[0].text_blocks[0].attachment.file",
        says: "large.pdf is larger than 20 MiB",
    },
    Mistake {
        of: "an image outside",
        from: "    name: North",
        to: "    name: North\n    logo: ../../etc/passwd",
        on: "passwd",
        field: "studios[0].logo",
        says: "beside or below the gym file",
    },
    Mistake {
        of: "an image at an absolute path",
        from: "    name: North",
        to: "    name: North\n    logo: /etc/passwd",
        on: "passwd",
        field: "studios[0].logo",
        says: "beside or below the gym file",
    },
    Mistake {
        of: "a tag that is not in the list",
        from: "    name: North",
        to: "    name: North\n    tags: [t1, swimming]",
        on: "swimming",
        field: "studios[0].tags[1]",
        says: "\"swimming\" is not among the tags",
    },
    Mistake {
        of: "a tag worn twice",
        from: "    name: North",
        to: "    name: North\n    tags: [t1, t1]",
        on: "tags: [t1, t1]",
        field: "studios[0].tags[1]",
        says: "differ",
    },
    Mistake {
        of: "an offer without terms",
        from: "      - key: flex\n",
        to: "      - key: empty\n        name: Empty\n        payment_choices: [SEPA]\n      - key: flex\n",
        on: "key: empty",
        field: "studios[0].offers[1]",
        says: "at least one entry under terms",
    },
    Mistake {
        of: "no tenant",
        from: "tenant:\n  key: small\n  name: Small Gym\n",
        to: "",
        on: "",
        field: "tenant",
        says: "is missing",
    },
    Mistake {
        of: "an alias to nothing",
        from: "    name: West",
        to: "    name: *west",
        on: "*west",
        field: "",
        says: "reference to unknown value",
    },
    Mistake {
        of: "an appointment in a room that is not there",
        from: "    name: South",
        to: "    name: South\n    appointments:\n      - { key: check, name: Check, minutes: 30, rooms: [loft] }",
        on: "key: check",
        field: "studios[1].appointments[0].rooms",
        says: "no room with the key",
    },
    Mistake {
        of: "an appointment with a resource that is not there",
        from: "    name: South",
        to: "    name: South\n    appointments:\n      - { key: check, name: Check, minutes: 30, resources: [[bed]] }",
        on: "key: check",
        field: "studios[1].appointments[0].resources[0]",
        says: "no resource with the key",
    },
    Mistake {
        of: "an appointment with nobody",
        from: "    name: South",
        to: "    name: South\n    appointments:\n      - { key: check, name: Check, minutes: 30, instructors: [nobody] }",
        on: "key: check",
        field: "studios[1].appointments[0].instructors",
        says: "no employee with the key",
    },
    Mistake {
        of: "an appointment for an offer that is not there",
        from: "    name: South",
        to: "    name: South\n    appointments:\n      - { key: check, name: Check, minutes: 30, conditions: { offers: [none] } }",
        on: "key: check",
        field: "studios[1].appointments[0].conditions.offers",
        says: "no offer with the key",
    },
    Mistake {
        of: "an appointment that takes no time",
        from: "    name: South",
        to: "    name: South\n    appointments:\n      - { key: check, name: Check, minutes: 0 }",
        on: "key: check",
        field: "studios[1].appointments[0].minutes",
        says: "must be from 1 to 1440",
    },
    Mistake {
        of: "an allowance of an appointment that is not there",
        from: "    name: South",
        to: "    name: South\n    allowances:\n      - { key: all, name: All, appointments: [check] }",
        on: "key: all",
        field: "studios[1].allowances[0].appointments",
        says: "no appointment with the key",
    },
];

#[test]
fn each_mistake_is_named_with_its_line_and_field_and_changes_nothing() {
    each_database(|database| {
        let sqlite = database.name == "SQLite";
        let place = Place::on(database).with_small_gym();
        let bytes = || sqlite.then(|| std::fs::read(place.sqlite_file()).unwrap());
        let before = bytes();
        // One byte more than is allowed.
        for (name, begins, mebibytes) in [("large.png", &b"\x89PNG\r\n\x1a\n"[..], 10), ("large.pdf", b"%PDF-1.4", 20)]
        {
            let mut large = begins.to_vec();
            large.resize((mebibytes << 20) + 1, 0);
            place.write(name, large);
        }
        for Mistake { of, from, to, on, field, says } in MISTAKES {
            let text = SMALL_GYM.replacen(from, to, 1);
            assert_ne!(text, SMALL_GYM, "{of}");
            let file = place.write("broken.yaml", &text);
            let message = place.run(&["apply", &file]).fails();
            let line = if on.is_empty() { String::new() } else { format!("{}:", line_of(&text, on)) };
            let field = if field.is_empty() { String::new() } else { format!(" {field}") };
            let start = format!("{file}:{line}{field}");
            assert!(message.starts_with(&start), "{of}: {start} begins\n{message}");
            assert!(message.contains(says), "{of}: {says:?} in\n{message}");
            assert!(message.ends_with("gymkeeper: nothing was changed\n"), "{of}: {message}");
        }
        assert_eq!(bytes(), before);
        let unchanged = place.run(&["apply", &place.path("gym.yaml"), "--dry-run"]).succeeds();
        assert_eq!(unchanged, "nothing to change\n");
    });
}

#[test]
fn one_report_lists_all_mistakes_in_the_order_of_their_lines() {
    let place = Place::new();
    let text = SMALL_GYM
        .replace("name: West", "name: [West]")
        .replacen("Europe/Berlin", "Europe/Atlantis", 1)
        .replace("included_modules: [sauna]", "included_modules: [pool]")
        .replace("    name: South", "    name: South\n    logo: /etc/passwd\n    tags: [swimming]");
    let file = place.write("broken.yaml", &text);
    let message = place.run(&["apply", &file]).fails();
    let lines: Vec<&str> = message.lines().collect();
    let expected = [
        ("Atlantis", "studios[0].zone"),
        ("[pool]", "studios[0].offers[0].included_modules"),
        ("passwd", "studios[1].logo"),
        ("swimming", "studios[1].tags[0]"),
        ("[West]", "studios[2].name"),
    ];
    assert_eq!(lines.len(), expected.len() + 1, "{message}");
    for (shown, (on, field)) in lines.iter().zip(expected) {
        assert!(shown.starts_with(&format!("{file}:{}: {field}: ", line_of(&text, on))), "{on}: {shown}");
    }
    assert!(!place.sqlite_file().exists(), "a broken file makes no database");
}

#[test]
fn files_that_no_editor_would_write_are_refused_in_few_words() {
    let place = Place::new().with_small_gym();
    let head = "tenant: { key: small, name: Small Gym }\n";
    let bomb: String = (0..12).fold(format!("{head}l0: &l0 [x, x, x, x, x, x, x, x, x]\n"), |text, i| {
        format!("{text}l{}: &l{} [{}]\n", i + 1, i + 1, vec![format!("*l{i}"); 9].join(", "))
    });
    let staircase: String = (0..500).map(|depth| format!("{}a:\n", "  ".repeat(depth))).collect();
    let entries: String = (0..400_000).map(|i| format!("  - key: s{i}\n    name: x\n")).collect();
    for (of, content, line, says) in [
        ("an empty file", Vec::new(), None, "a gym file begins with"),
        ("only comments", b"# nothing yet\n".to_vec(), None, "a gym file begins with"),
        ("a list", b"- tenant\n".to_vec(), Some(1), "a gym file begins with"),
        ("no UTF-8", b"tenant:\n  key: a\n  name: Z\xfcrich\n".to_vec(), Some(3), "UTF-8"),
        ("two documents", format!("{head}---\n{head}").into_bytes(), Some(3), "single YAML document"),
        ("a deep list", format!("{head}studios: {}", "[".repeat(100_000)).into_bytes(), Some(2), "recursion limit"),
        ("a deep mapping", format!("{head}studios:\n{staircase}").into_bytes(), None, "nested too deeply"),
        ("aliases that grow without end", bomb.into_bytes(), None, "too large"),
        ("ten megabytes of entries", format!("{head}studios:\n{entries}").into_bytes(), None, "too large"),
        (
            "ten megabytes in one name",
            format!("{head}x: {}\n", "y".repeat(10 << 20)).into_bytes(),
            Some(2),
            "x: is not",
        ),
    ] {
        let file = place.write("broken.yaml", content);
        let message = place.run(&["apply", &file]).fails();
        let start = line.map_or(format!("{file}:"), |line| format!("{file}:{line}:"));
        assert!(message.starts_with(&start), "{of}: {start} begins\n{message}");
        assert!(message.contains(says), "{of}: {says:?} in\n{message}");
        assert!(message.len() < 2000, "{of}: {} bytes", message.len());
        for word in ["Policy", "Options", "budget", "Nodes {"] {
            assert!(!message.contains(word), "{of}: the library's word {word:?} in\n{message}");
        }
    }
    let unchanged = place.run(&["apply", &place.path("gym.yaml"), "--dry-run"]).succeeds();
    assert_eq!(unchanged, "nothing to change\n");
}

#[test]
fn words_that_old_yaml_took_for_yes_and_no_are_words() {
    let place = Place::new();
    let text = SMALL_GYM
        .replace("country: Germany\n    country_code: DE", "country: Norway\n    country_code: NO")
        .replace("Europe/Berlin", "Europe/Oslo")
        .replace("currency: EUR", "currency: NOK")
        .replace("[t0, ", "[yes, off, t0, ")
        .replace("key: south", "key: y")
        .replace("key: west", "key: n");
    place.run(&["apply", &place.write("gym.yaml", text)]).succeeds();
    place.key("y");
}

#[test]
fn a_file_from_another_system_is_read_as_it_is() {
    let place = Place::new().with_small_gym();
    for text in [format!("\u{feff}{SMALL_GYM}"), SMALL_GYM.replace('\n', "\r\n"), format!("---\n{SMALL_GYM}...\n")] {
        let file = place.write("gym.yaml", text);
        assert_eq!(place.run(&["apply", &file]).succeeds(), "nothing to change\n");
    }
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let place = Place::new();
    place.run(&["apply", "nowhere.yaml"]).fails_with(&["nowhere.yaml", "No such file"]);
    place.run(&["apply", "."]).fails_with(&["gymkeeper: .: ", "directory"]);
    assert!(!place.data().exists());
}
