//! `gymkeeper audit`, and the records that commands leave.

use gymkeeper_testkit::each_database;
use serde_json::{Value, json};

use crate::support::{Place, SMALL_GYM};

/// The small gym with somebody whose contract runs on, and somebody without one.
fn gym_with_a_member() -> String {
    let member = "    customers:\n      - key: runa\n        first_name: Runa\n        last_name: Running\n\
        \x20       contracts: [{ offer: flex, start: 2026-09-01 }]\n\
        \x20     - key: nora\n        first_name: Nora\n        last_name: Nobody\n";
    let gym = SMALL_GYM.replacen("    modules:\n", &format!("{member}    modules:\n"), 1);
    let (before, flex) = gym.split_once("- key: flex-1").unwrap();
    let flex = flex.replacen("extension: { type: NONE }", "extension: { type: TERM_EXTENSION, term: 1 MONTH }", 1);
    format!("{before}- key: flex-1{flex}")
}

fn records(place: &Place, more: &[&str]) -> Vec<Value> {
    let arguments = [&["audit", "list", "--json"], more].concat();
    place.run(&arguments).json().as_array().unwrap().clone()
}

fn actions(records: &[Value]) -> Vec<&str> {
    records.iter().map(|record| record["action"].as_str().unwrap()).collect()
}

#[test]
fn every_command_that_changes_something_leaves_its_record() {
    each_database(|database| {
        let place = Place::on(database);
        let file = place.write("gym.yaml", gym_with_a_member());
        place.run(&["apply", &file]).succeeds();
        let before = records(&place, &[]).len();
        assert!(before > 4);
        let key = place.run(&["key", "create", "--studio", "north", "--json"]).json()["id"].to_string();
        place.run(&["key", "rotate", &key]).succeeds();
        place.run(&["key", "revoke", &key]).succeeds();
        let [open, close] =
            ["open", "close"].map(|what| ["checkin", what, "--studio", "north", "--customer", "1-10001"]);
        place.run(&close).fails_with(&["is not inside"]);
        // The door says no, and why; nobody of another studio is anybody here.
        let other =
            |studio: &str, number: &str| place.run(&["checkin", "open", "--studio", studio, "--customer", number]);
        other("north", "1-10002").fails_with(&["may not enter", "NO_CONTRACT"]);
        other("south", "1-10001").fails_with(&["customer"]);
        other("north", "1-10003").fails_with(&["1-10003"]);
        place.run(&open).succeeds();
        place.run(&open).fails_with(&["is inside already"]);
        place.run(&close).succeeds();
        place.run(&["hours", "set", "--studio", "north", "MONDAY-FRIDAY 06:00-24:00", "sunday 10:00-18:00"]).succeeds();
        let since = before.to_string();
        let found = records(&place, &["--since", &since]);
        let expected = [
            "api-key.created",
            "api-key.rotated",
            "api-key.revoked",
            "checkin.opened",
            "checkin.closed",
            "studio.hours-changed",
        ];
        assert_eq!(actions(&found), expected);
        let events = |index: usize| found[index]["events"][0]["payload"][0]["type"].clone();
        assert_eq!([3, 4, 5].map(events), ["CUSTOMER_CHECKIN", "CUSTOMER_CHECKOUT", "STUDIO_OPENING_HOURS_UPDATED"]);
        assert!(found[3]["events"][0]["entityId"].is_i64() && found[0]["events"].is_null(), "{found:?}");
        assert!(found.iter().all(|record| record["actor"].as_str().unwrap().starts_with("cli:")), "{found:?}");
        // What only looks leaves nothing.
        place.run(&["key", "list"]).succeeds();
        place.run(&["hours", "show", "--studio", "north"]).succeeds();
        assert_eq!(records(&place, &["--since", &since]).len(), expected.len());
        let of_key = records(&place, &["--subject", &format!("api-key:{key}")]);
        assert_eq!(actions(&of_key), ["api-key.created", "api-key.revoked"]);
        assert_eq!(records(&place, &["--limit", "2"]).len(), 2);
        assert_eq!(records(&place, &["--actor", "worker:day"]), Vec::<Value>::new());
    });
}

#[test]
fn a_whole_journal_is_told_from_one_that_was_altered_cut_or_thinned() {
    each_database(|database| {
        let place = Place::on(database).with_small_gym();
        let verdict = place.run(&["audit", "verify", "--json"]).json();
        assert_eq!(verdict["whole"], true);
        assert_eq!(verdict["records"], records(&place, &[]).len());
        let head = verdict["head"].as_str().unwrap();
        assert!(head.len() == 64 && place.run(&["audit", "verify"]).succeeds().contains(head));
    });
    let place = Place::new().with_small_gym();
    let whole = std::fs::read(place.sqlite_file()).unwrap();
    // The same length, so that the file stays a database.
    let found = whole.windows(14).position(|bytes| bytes == b"gym-file.added").unwrap();
    let mut altered = whole.clone();
    altered[found..found + 14].copy_from_slice(b"gym-file.faked");
    std::fs::write(place.sqlite_file(), altered).unwrap();
    place.run(&["audit", "verify"]).fails_with(&["is not what was written", "what stands before it is whole"]);
    let run = place.run(&["audit", "verify", "--json"]);
    let verdict: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!((run.code, &verdict["whole"]), (Some(1), &json!(false)));
}

#[test]
fn hours_are_shown_as_they_were_set_and_impossible_ones_change_nothing() {
    let place = Place::new().with_small_gym();
    let set = |ranges: &[&str]| place.run(&[&["hours", "set", "--studio", "north"], ranges].concat());
    set(&["MONDAY-FRIDAY 06:00-24:00", "SATURDAY-MONDAY 09:30-18:00"]).succeeds();
    let close = ["hours", "close", "--studio", "north", "--reason", "Storm"];
    let from = ["--from", "2026-12-01T12:00", "--to", "2026-12-02T06:00"];
    place.run(&[&close[..], &from].concat()).succeeds();
    let shown = place.run(&["hours", "show", "--studio", "north"]).succeeds();
    for line in [
        "open    MONDAY-FRIDAY 06:00-24:00",
        "open    SATURDAY-MONDAY 09:30-18:00",
        "closed  2026-12-01T12:00:00 to 2026-12-02T06:00:00 (Storm)",
    ] {
        assert!(shown.contains(line), "{line} in {shown}");
    }
    let before = place.run(&["hours", "show", "--studio", "north", "--json"]).json();
    let count = records(&place, &[]).len();
    for (ranges, says) in [
        (&["MONDAY 22:00-06:00"][..], "two entries"),
        (&["MOONDAY 06:00-22:00"], "is not of the form"),
        (&["MONDAY 06:00"], "is not of the form"),
        (&["MONDAY 6-22"], "is not of the form"),
    ] {
        let run = set(ranges);
        assert!(run.code != Some(0) && run.err.contains(says), "{ranges:?}: {run:?}");
    }
    let run = place.run(&[&close[..], &["--from", "2026-12-02T06:00", "--to", "2026-12-01T06:00"]].concat());
    assert!(run.code == Some(1) && run.err.contains("must be after from"), "{run:?}");
    assert_eq!(place.run(&["hours", "show", "--studio", "north", "--json"]).json(), before);
    assert_eq!(records(&place, &[]).len(), count);
}

#[test]
fn jobs_are_listed_and_only_parked_ones_are_retried() {
    each_database(|database| {
        let place = Place::on(database).with_small_gym();
        let jobs = place.run(&["jobs", "list", "--json"]).json();
        let jobs = jobs.as_array().unwrap();
        assert_eq!(jobs.len(), 3, "one for each studio: {jobs:?}");
        assert!(jobs.iter().all(|job| job["kind"] == "day" && job["state"] == "ready" && job["attempts"] == 0));
        assert_eq!(place.run(&["jobs", "list", "--parked", "--json"]).json(), json!([]));
        place.run(&["jobs", "retry", &jobs[0]["id"].to_string()]).fails_with(&["there is no parked job"]);
    });
}
