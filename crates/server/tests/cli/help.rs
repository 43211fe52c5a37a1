//! `--help` of every command.

use crate::support::Place;

/// All commands, found by asking each for those below it.
fn commands(place: &Place, above: &[String], found: &mut Vec<(Vec<String>, String)>) {
    let mut arguments: Vec<&str> = above.iter().map(String::as_str).collect();
    arguments.push("--help");
    let help = place.run(&arguments).succeeds();
    let below = help.split_once("\nCommands:\n").map_or("", |(_, rest)| rest);
    for line in below.lines().take_while(|line| line.starts_with("  ")) {
        // A wrapped description begins further to the right.
        let name = line.trim_start();
        if line.len() - name.len() == 2 && !name.starts_with("help") {
            let name = name.split_whitespace().next().unwrap().to_owned();
            commands(place, &[above, &[name]].concat(), found);
        }
    }
    found.push((above.to_vec(), help));
}

#[test]
fn every_command_explains_itself_and_those_that_need_it_show_an_example() {
    let place = Place::new();
    let mut found = Vec::new();
    commands(&place, &[], &mut found);
    assert!(found.len() > 18, "{:?}", found.iter().map(|(name, _)| name).collect::<Vec<_>>());
    for (name, help) in &found {
        assert!(help.contains("Usage: gymkeeper"), "{name:?}: {help}");
        assert!(!help.starts_with("Usage"), "{name:?} says what it does first: {help}");
    }
    for (command, example) in [
        ("", "gymkeeper demo"),
        ("serve", "GYMKEEPER_LISTEN="),
        ("demo", "gymkeeper demo --"),
        ("apply", "gymkeeper apply gym.yaml --dry-run"),
        ("schema", "gymkeeper schema gym-file >"),
        ("key create", "gymkeeper key create --studio"),
        ("key rotate", "gymkeeper key rotate"),
        ("user create", "gymkeeper user create --email"),
        ("user roles", "gymkeeper user roles"),
        ("user password", "gymkeeper user password"),
        ("checkin", "gymkeeper checkin open --"),
        ("voucher", "gymkeeper voucher create --"),
        ("calendar", "gymkeeper calendar link --studio"),
        ("calendar link", "gymkeeper calendar link --customer"),
        ("webhooks", "gymkeeper webhooks add --"),
        ("webhooks add", "--events CUSTOMER_CHECKIN"),
        ("webhooks replay", "gymkeeper webhooks replay --failed"),
        ("webhooks listen", "--forward http://localhost"),
        ("events", "gymkeeper events --since"),
        ("clock", "gymkeeper clock advance --by P"),
        ("clock set", "gymkeeper clock set 20"),
        ("sandbox", "gymkeeper sandbox token"),
        ("backup", "gymkeeper backup"),
        ("export", "gymkeeper export --tenant"),
        ("import", "gymkeeper import tenant"),
        ("import tenant", "GYMKEEPER_DATABASE="),
        ("customer", "gymkeeper customer export"),
        ("customer export", "gymkeeper customer export 1-10001"),
        ("customer erase", "--dry-run"),
        ("restore", "GYMKEEPER_DATA_DIR="),
    ] {
        let (_, help) = found.iter().find(|(name, _)| name.join(" ") == command).unwrap();
        assert!(help.contains(example), "{command}: {example} in\n{help}");
    }
    assert!(!place.data().exists(), "help makes nothing");
}

#[test]
fn what_the_commands_promise_is_in_their_help() {
    let place = Place::new();
    for (arguments, promise) in [
        (&["apply", "--help"][..], "keeps its id"),
        (&["demo", "--help"], "never put real data into it"),
        (&["key", "--help"], "only its hash is stored"),
        (&["checkin", "--help"], "/v1/studios/utilization"),
        (&["clock", "--help"], "It only goes forward"),
        (&["sandbox", "--help"], "leaves API keys, webhooks, links to calendars and the journal as they are"),
        (&["doctor", "--help"], "exit code is 1"),
        (&["backup", "--help"], "personal data"),
        (&["restore", "--help"], "never overwrites"),
        (&["export", "--help"], "Bank data stays sealed"),
        (&["import", "tenant", "--help"], "byte for byte"),
        (&["customer", "export", "--help"], "hand it to nobody but the customer"),
        (&["customer", "erase", "--help"], "cannot be undone"),
    ] {
        let help = place.run(arguments).succeeds().split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(help.contains(promise), "{arguments:?}: {promise} in\n{help}");
    }
}

#[test]
fn a_command_that_does_not_exist_ends_with_code_2_and_the_nearest_one() {
    let run = Place::new().run(&["serv"]);
    assert_eq!(run.code, Some(2));
    assert!(run.err.contains("'serve'"), "{}", run.err);
}
