//! `gymkeeper apply` and `gymkeeper schema`.

use std::{collections::BTreeMap, path::Path, process::Stdio, time::Duration};

use gymkeeper_testkit::each_database;
use serde_json::{Value, json};

use crate::support::{Place, Run, SMALL_GYM};

const NOTHING: &str = "nothing to change\n";

/// The demo's gym file in the repository.
fn repository_gym() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../demo/gym.yaml").to_str().unwrap().to_owned()
}

/// The ids of all offers, terms and modules by name, as the API tells them.
fn ids(place: &Place, key: &str) -> BTreeMap<String, i64> {
    let server = place.serve();
    let mut found = BTreeMap::new();
    for offer in server.get("/v1/memberships/membership-offers", key).fine().json().as_array().unwrap() {
        let id = offer["id"].as_i64().unwrap();
        found.insert(offer["name"].as_str().unwrap().to_owned(), id);
        let full = server.get(&format!("/v1/memberships/membership-offers/{id}"), key).fine().json();
        for term in full["terms"].as_array().unwrap() {
            found.insert(format!("term of {}", offer["name"]), term["id"].as_i64().unwrap());
        }
        for module in full["includedModules"].as_array().into_iter().flatten() {
            found.insert(format!("module {}", module["name"]), module["id"].as_i64().unwrap());
        }
    }
    server.stop();
    found
}

#[test]
fn loading_a_file_adds_everything_once() {
    each_database(|database| {
        let place = Place::on(database);
        let file = place.write("gym.yaml", SMALL_GYM);
        let first = place.run(&["apply", &file]).succeeds();
        for line in ["+ tenant small", "+ tag t0", "+ studio north", "+ studio north / offer term basic-12"] {
            assert!(first.lines().any(|shown| shown == line), "{line} in {first}");
        }
        assert!(first.lines().last().unwrap().ends_with(" changed"), "{first}");
        assert_eq!(place.run(&["apply", &file]).succeeds(), NOTHING);
        assert_eq!(place.run(&["apply", &file, "--dry-run"]).succeeds(), NOTHING);
        assert_eq!(place.run(&["apply", &file, "--json"]).json(), json!([]));
    });
}

#[test]
fn employees_are_shown_as_they_come_change_and_go() {
    each_database(|database| {
        let place = Place::on(database).with_small_gym();
        let with = |employees: &str| {
            place.write("gym.yaml", SMALL_GYM.replace("    name: South\n", &format!("    name: South\n{employees}")))
        };
        let apply = |employees: &str| place.run(&["apply", &with(employees)]).succeeds();
        let ada = "    employees:\n      - { key: ada, first_name: Ada, last_name: Berg }\n";
        assert_eq!(apply(ada), "+ studio south / employee ada\n1 changed\n");
        assert_eq!(apply(ada), NOTHING);
        let away = ada.replace(" }\n", ", absences: [{ from: 2026-12-24T00:00, to: 2027-01-02T00:00 }] }\n");
        assert_eq!(apply(&away), "~ studio south / employee ada\n    absences: 0 -> 1\n1 changed\n");
        assert_eq!(apply(&away), NOTHING);
        let longer = away.replace("2027-01-02", "2027-01-03");
        assert_eq!(apply(&longer), "~ studio south / employee ada\n    absences: 1 -> 1 others\n1 changed\n");
        assert_eq!(apply(ada), "~ studio south / employee ada\n    absences: 1 -> 0\n1 changed\n");
        let married = "~ studio south / employee ada\n    last_name: Berg -> Dahl\n1 changed\n";
        assert_eq!(apply(&ada.replace("Berg", "Dahl")), married);
        assert_eq!(apply(""), NOTHING, "without the line the file says nothing about them");
        assert_eq!(apply("    employees: []\n"), "- studio south / employee ada\n1 changed\n");
        assert_eq!(apply("    employees: []\n"), NOTHING);
        assert_eq!(apply(ada), "~ studio south / employee ada\n    last_name: Dahl -> Berg\n1 changed\n");
    });
}

#[test]
fn families_and_lists_are_shown_as_they_come_and_change() {
    each_database(|database| {
        let place = Place::on(database).with_small_gym();
        let people = "    customers:
      - { key: anne, first_name: Anne, last_name: Berg, date_of_birth: 1982-05-17 }
      - { key: ada, first_name: Ada, last_name: Berg, legal_representative: { customer: anne } }
      - key: kim
        first_name: Kim
        last_name: Dahl
        legal_representative: { person: { first_name: Robin, last_name: Dahl } }
    member_lists:
      - { key: juniors, name: Juniors, customers: [ada, kim] }
";
        let write = |people: &str| {
            place.write("gym.yaml", SMALL_GYM.replace("    name: South\n", &format!("    name: South\n{people}")))
        };
        let apply = |people: &str| place.run(&["apply", &write(people)]).succeeds();
        let added = "+ studio south / customer anne\n+ studio south / customer ada\n+ studio south / customer kim\n\
                     + studio south / member list juniors\n";
        assert_eq!(apply(people), format!("{added}4 changed\n"));
        assert_eq!(apply(people), NOTHING);
        let fewer = people.replace("name: Juniors, customers: [ada, kim]", "name: Kids, customers: [kim]");
        let changed = "~ studio south / member list juniors\n    name: Juniors -> Kids\n    customers: 2 -> 1\n";
        assert_eq!(apply(&fewer), format!("{changed}1 changed\n"));
        let others = fewer.replace("[kim]", "[anne]");
        let changed = "~ studio south / member list juniors\n    customers: 1 -> 1 others\n1 changed\n";
        assert_eq!(apply(&others), changed);
        let allowance = "    allowances: [{ key: all, name: All, all_classes: true }]\n";
        let giving = others.replace("[anne] }", "[anne], allowances: [all] }") + allowance;
        let changed = "+ studio south / allowance all\n~ studio south / member list juniors\n    allowances: nothing -> all\n2 changed\n";
        assert_eq!(apply(&giving), changed);
        assert_eq!(apply(&giving), NOTHING);
        let changed = "- studio south / allowance all\n~ studio south / member list juniors\n    allowances: all -> nothing\n2 changed\n";
        assert_eq!(apply(&others), changed);
        let gone = people.replace("      - { key: juniors, name: Juniors, customers: [ada, kim] }\n", "");
        assert_eq!(apply(&gone), "- studio south / member list juniors\n1 changed\n");
        let young = people
            .replace("1982-05-17", "2012-05-17")
            .replace("{ customer: anne }", "{ customer: anne, gets_messages: true }");
        let refused = place.run(&["apply", &write(&young)]).fails();
        assert!(refused.contains("customer ada: customerId: ") && refused.contains("18"), "{refused}");
        assert_eq!(apply(&gone), NOTHING, "what is refused leaves nothing");
    });
}

#[test]
fn the_first_dry_run_promises_what_the_first_run_does_and_does_nothing() {
    each_database(|database| {
        let place = Place::on(database);
        let file = place.write("gym.yaml", SMALL_GYM);
        let promised = place.run(&["apply", &file, "--dry-run", "--json"]).json();
        let promised_again = place.run(&["apply", &file, "--dry-run", "--json"]).json();
        let done = place.run(&["apply", &file, "--json"]).json();
        assert_eq!(promised, promised_again);
        assert_eq!(promised, done);
    });
}

#[test]
fn changing_one_price_changes_that_field_and_no_id() {
    each_database(|database| {
        let place = Place::on(database).with_small_gym();
        let key = place.key("north");
        let before = ids(&place, &key);
        assert_eq!(before.len(), 5, "{before:?}");
        let file = place.write("gym.yaml", SMALL_GYM.replace("\"29.90\"", "\"31.50\""));

        let text = "~ studio north / offer term basic-12\n    payment.price: 29.90 -> 31.50\n";
        let dry = place.run(&["apply", &file, "--dry-run"]).succeeds();
        assert_eq!(dry, format!("{text}1 to change; nothing was changed (--dry-run)\n"));
        let change = json!([{
            "kind": "changed",
            "entry": "studio north / offer term basic-12",
            "fields": [{ "field": "payment.price", "from": "29.90", "to": "31.50" }],
        }]);
        assert_eq!(place.run(&["apply", &file, "--dry-run", "--json"]).json(), change);
        assert_eq!(place.run(&["apply", &file]).succeeds(), format!("{text}1 changed\n"));
        assert_eq!(place.run(&["apply", &file]).succeeds(), NOTHING);

        assert_eq!(ids(&place, &key), before);
        let server = place.serve();
        let offer = server.get(&format!("/v1/memberships/membership-offers/{}", before["Basic"]), &key).fine().json();
        assert_eq!(offer["terms"][0]["paymentFrequency"]["price"], json!({ "amount": 31.5, "currency": "EUR" }));
    });
}

#[test]
fn a_running_server_shows_what_was_loaded_at_once() {
    each_database(|database| {
        let place = Place::on(database).with_small_gym();
        let key = place.key("north");
        let server = place.serve();
        let names = || {
            let offers = server.get("/v1/memberships/membership-offers", &key).fine().json();
            offers.as_array().unwrap().iter().map(|offer| offer["name"].clone()).collect::<Vec<_>>()
        };
        assert_eq!(names(), ["Basic", "Flex"]);
        let file = place.write("gym.yaml", SMALL_GYM.replace("name: Flex", "name: Flexible"));
        place.run(&["apply", &file]).succeeds();
        assert_eq!(names(), ["Basic", "Flexible"]);
    });
}

#[test]
fn an_offer_that_is_taken_out_retires_and_comes_back_with_its_id() {
    each_database(|database| {
        let place = Place::on(database).with_small_gym();
        let key = place.key("north");
        let before = ids(&place, &key);
        let (start, end) = (SMALL_GYM.find("      - key: flex\n").unwrap(), SMALL_GYM.find("  - key: south").unwrap());
        let without = place.write("without.yaml", format!("{}{}", &SMALL_GYM[..start], &SMALL_GYM[end..]));
        let out = place.run(&["apply", &without]).succeeds();
        assert_eq!(out, "- studio north / offer flex\n- studio north / offer term flex-1\n2 changed\n");
        assert_eq!(place.run(&["apply", &without]).succeeds(), NOTHING);
        let gone: Vec<String> = before.keys().filter(|name| name.contains("Flex")).cloned().collect();
        let meanwhile = ids(&place, &key);
        assert_eq!(gone.len(), 2);
        assert!(gone.iter().all(|name| !meanwhile.contains_key(name)), "{meanwhile:?}");

        let with = place.write("gym.yaml", SMALL_GYM);
        let changes = place.run(&["apply", &with, "--json"]).json();
        let kinds: Vec<&Value> = changes.as_array().unwrap().iter().map(|change| &change["kind"]).collect();
        assert_eq!(kinds, ["restored", "restored"]);
        assert_eq!(ids(&place, &key), before);
    });
}

#[test]
fn a_studio_that_is_left_out_stays_as_it_is() {
    let place = Place::new().with_small_gym();
    let one = place.write("one.yaml", &SMALL_GYM[..SMALL_GYM.find("  - key: south").unwrap()]);
    assert_eq!(place.run(&["apply", &one]).succeeds(), NOTHING);
    place.key("south");
}

#[test]
fn tags_that_the_file_does_not_name_for_a_studio_belong_to_the_api() {
    each_database(|database| {
        let place = Place::on(database).with_small_gym();
        let key = place.key("north");
        let server = place.serve();
        server.put_tags(&key, &["t3", "t5"]).fine();
        assert_eq!(place.run(&["apply", &place.path("gym.yaml")]).succeeds(), NOTHING);
        assert_eq!(server.tags(&key), ["t3", "t5"]);
    });
}

#[test]
fn the_gym_file_of_the_repository_loads_and_answers_with_its_images() {
    each_database(|database| {
        let place = Place::on(database);
        place.run(&["apply", &repository_gym(), "--today", "2026-11-21"]).succeeds();
        assert_eq!(place.run(&["apply", &repository_gym(), "--today", "2026-11-21"]).succeeds(), NOTHING);
        // On another day only the dates that hang on the day differ.
        let later = place.run(&["apply", &repository_gym(), "--today", "2026-11-22", "--dry-run", "--json"]).json();
        let later = later.as_array().unwrap();
        assert!(!later.is_empty());
        for change in later {
            assert_eq!(change["kind"], "changed");
            for field in change["fields"].as_array().unwrap() {
                let field = field["field"].as_str().unwrap();
                let ends = ["from", ".to", "valid_from", "valid_until", "absences"];
                assert!(ends.iter().any(|end| field.ends_with(end)), "{change}");
            }
        }
        let key = place.key("berlin");
        let server = place.serve();
        let studio = server.get("/v1/studios/information", &key).fine().json();
        let image = server.follow(studio["logoUrl"].as_str().unwrap()).fine();
        assert_eq!(image.header("content-type"), Some("image/png"));
        let original = Path::new(&repository_gym()).with_file_name("images/logo.png");
        assert_eq!(image.body, std::fs::read(original).unwrap());
    });
}

#[test]
fn a_changed_image_behind_the_same_name_is_a_change() {
    let place = Place::new();
    let gym = SMALL_GYM.replace("    name: North\n", "    name: North\n    logo: logo.png\n");
    let file = place.write("gym.yaml", gym);
    place.write("logo.png", b"\x89PNG\r\n\x1a\nfirst");
    place.run(&["apply", &file]).succeeds();
    place.write("logo.png", b"\x89PNG\r\n\x1a\nsecond");
    let changes = place.run(&["apply", &file, "--json"]).json();
    assert_eq!(changes[0]["entry"], "studio north");
    assert_eq!(changes[0]["fields"][0]["field"], "logo");
    let key = place.key("north");
    let server = place.serve();
    let studio = server.get("/v1/studios/information", &key).fine().json();
    assert_eq!(server.follow(studio["logoUrl"].as_str().unwrap()).fine().body, b"\x89PNG\r\n\x1a\nsecond");
}

#[test]
fn two_gyms_share_a_database_and_each_keeps_its_own() {
    each_database(|database| {
        let place = Place::on(database).with_small_gym();
        let other = SMALL_GYM.replace("key: small", "key: other").replace("29.90", "9.90");
        let file = place.write("other.yaml", other);
        place.run(&["apply", &file]).succeeds();
        assert_eq!(place.run(&["apply", &file]).succeeds(), NOTHING);
        assert_eq!(place.run(&["apply", &place.path("gym.yaml")]).succeeds(), NOTHING);
        place.run(&["key", "create", "--studio", "north"]).fails_with(&[
            "choose a tenant with --tenant",
            "small",
            "other",
        ]);
        place.run(&["key", "create", "--studio", "north", "--tenant", "other"]).succeeds();
    });
}

#[test]
fn an_apply_that_is_killed_has_done_everything_or_nothing() {
    each_database(|database| {
        let place = Place::on(database);
        place.run(&["apply", &place.write("small.yaml", SMALL_GYM)]).succeeds();
        let offers: String = (0..300)
            .map(|i| {
                format!(
                    "      - key: o{i}\n        name: N{i}\n        payment_choices: [SEPA]\n        terms:\n          \
                     - {{ key: t{i}, term: 1 MONTH, payment: {{ type: FREE }}, extension: {{ type: NONE }} }}\n"
                )
            })
            .collect();
        let at = SMALL_GYM.find("  - key: south").unwrap();
        let large = |name: &str| {
            format!("{}{}{}", &SMALL_GYM[..at], offers.replace("name: N", &format!("name: {name}")), &SMALL_GYM[at..])
        };
        // Each round leaves it more time, so that the kills span the whole run, up to the first that comes too late.
        let mut delay = Duration::ZERO;
        let mut undone = 0;
        for round in 0.. {
            let file = place.write("large.yaml", large(&format!("Round {round} offer ")));
            let before = place.run(&["apply", &file, "--dry-run"]).succeeds();
            let mut apply =
                place.command(&["apply", &file]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            std::thread::sleep(delay);
            let _ = apply.kill();
            let ended = apply.wait().unwrap().success();
            let after = place.run(&["apply", &file, "--dry-run"]).succeeds();
            if after != NOTHING {
                assert_eq!(after, before, "round {round}");
                undone += 1;
            }
            if ended {
                assert_eq!(after, NOTHING, "round {round}");
                break;
            }
            delay += delay / 4 + Duration::from_millis(5);
        }
        assert!(undone > 0, "the first kill came too late");
        assert_eq!(Run::of(place.command(&["doctor"])).code, Some(0));
    });
}

#[test]
fn the_schema_names_every_field_of_the_gym_file_in_the_repository() {
    let place = Place::new();
    let schema = place.run(&["schema", "gym-file"]).json();
    let studio = &schema["properties"]["studios"]["items"]["properties"];
    let offer = &studio["offers"]["items"]["properties"];
    let term = &offer["terms"]["items"]["properties"];
    let text = std::fs::read_to_string(repository_gym()).unwrap();
    // The fields by their indentation; what stands deeper belongs to other entries.
    let mut path: Vec<(usize, String)> = Vec::new();
    let mut seen = [0; 4];
    for line in text.lines().filter(|line| !line.trim_start().starts_with('#') && !line.trim().is_empty()) {
        let inner = line.trim_start();
        let inner = inner.strip_prefix("- ").unwrap_or(inner);
        if inner.starts_with(['{', '"']) {
            continue;
        }
        let indent = line.len() - inner.len();
        path.retain(|(depth, _)| *depth < indent);
        let Some((name, _)) = inner.split_once(':') else { continue };
        let above: Vec<&str> = path.iter().map(|(_, name)| name.as_str()).collect();
        let (known, level) = match above.as_slice() {
            [] => (&schema["properties"], 0),
            ["studios"] => (studio, 1),
            ["studios", "offers"] => (offer, 2),
            ["studios", "offers", "terms"] => (term, 3),
            _ => (&Value::Null, 4),
        };
        if level < 4 {
            assert!(known[name].is_object(), "{above:?} {name} is not in the schema");
            seen[level] += 1;
        }
        path.push((indent, name.to_owned()));
    }
    assert!(seen[0] == 5 && seen[1..].iter().all(|count| *count > 20), "{seen:?}");
    assert_eq!(schema["additionalProperties"], json!(false));
    assert_eq!(schema["properties"]["studios"]["items"]["additionalProperties"], json!(false));
}

#[test]
fn the_schema_of_the_configuration_is_a_configuration() {
    let place = Place::new().with_small_gym();
    let example = place.run(&["schema", "config"]).succeeds();
    let file = place.write("gymkeeper.toml", example);
    place.run(&["--config", &file, "doctor"]).succeeds();
}
