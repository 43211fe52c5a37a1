//! `gymkeeper clock` and `gymkeeper sandbox`.

use std::net::TcpStream;

use gymkeeper_testkit::{TestDatabase, each_database};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::support::{Place, SMALL_GYM, Server, client::Answer, exchange};

/// A place into which the small gym was loaded as a sandbox.
fn sandbox(place: Place) -> Place {
    let gym = SMALL_GYM.replace("name: Small Gym", "name: Small Gym\n  sandbox: true");
    assert_ne!(gym, SMALL_GYM);
    let file = place.write("gym.yaml", gym);
    place.run(&["apply", &file]).succeeds();
    place
}

fn each_sandbox(test: impl Fn(Place)) {
    each_database(|database: TestDatabase| test(sandbox(Place::on(database))));
}

fn instant(value: &Value) -> Timestamp {
    value.as_str().unwrap().parse().unwrap()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// A request to the sandbox API.
fn call(server: &Server, method: &str, path: &str, token: &str, body: &str) -> Answer {
    let stream = TcpStream::connect(server.address()).unwrap();
    let bearer = format!("Bearer {token}");
    exchange(stream, method, &format!("/sandbox/v1{path}"), &[("authorization", &bearer)], body.as_bytes()).unwrap()
}

#[test]
fn the_clock_of_a_sandbox_goes_forward_and_does_what_is_due() {
    each_sandbox(|place| {
        let shown = place.run(&["clock", "show", "--json"]).json();
        assert_eq!(shown["mode"], "system");
        assert!(place.run(&["clock", "show"]).succeeds().contains("runs with the system's"));
        // Noon of tomorrow: how many nights follow must not hang on the hour of the test.
        let tomorrow = instant(&shown["now"]).to_zoned(TimeZone::UTC).date().tomorrow().unwrap();
        let noon = tomorrow.at(12, 0, 0, 0).to_zoned(TimeZone::UTC).unwrap().timestamp();
        place.run(&["clock", "set", &noon.to_string()]).succeeds();
        place.run(&["checkin", "open", "--studio", "north", "--count", "3"]).succeeds();

        let moved = place.run(&["clock", "advance", "--days", "2", "--hours", "1", "--json"]).json();
        assert_eq!(moved["mode"], "test");
        assert_eq!(instant(&moved["now"]).duration_since(noon), SignedDuration::from_hours(49));
        // Two nights in each of three studios, and the end of the visits in one of them.
        assert_eq!(moved["jobsRun"], 7, "{moved}");
        assert_eq!(place.people_inside("north"), 0, "who forgot to leave was checked out");

        let now = text(&moved["now"]);
        assert_eq!(place.run(&["clock", "show"]).succeeds(), format!("{now} (the clock stands until it is moved)\n"));
        place.run(&["clock", "set", "2020-01-01T00:00:00Z"]).fails_with(&[&now, "only goes forward", "reset"]);
        let said = place.run(&["clock", "set", &now]).succeeds();
        assert_eq!(said, format!("{now} (0 jobs run)\n"));
        let minute = place.run(&["clock", "advance", "--by", "PT1M", "--json"]).json();
        assert_eq!(instant(&minute["now"]), instant(&moved["now"]) + SignedDuration::from_mins(1));
        for (arguments, parts) in [
            (&["advance"][..], &["--by", "--days"][..]),
            (&["advance", "--by", "tomorrow"], &["\"tomorrow\"", "P1M2DT3H"]),
            (&["advance", "--by", "-P1D"], &[]),
            (&["advance", "--by", "P6Y"], &["at most 5 years"]),
            (&["set", "9999-01-01T00:00:00Z"], &["at most 5 years"]),
        ] {
            let run = place.run(&[&["clock"], arguments].concat());
            assert!(run.code.is_some_and(|code| code > 0), "{arguments:?}");
            assert!(parts.iter().all(|part| run.err.contains(part)), "{arguments:?}: {}", run.err);
        }
        let audit = place.run(&["audit", "list", "--json", "--limit", "1000"]).json();
        let actions: Vec<&str> = audit.as_array().unwrap().iter().map(|r| r["action"].as_str().unwrap()).collect();
        assert!(actions.iter().filter(|action| **action == "clock.set").count() >= 3, "{actions:?}");
    });
}

#[test]
fn a_tenant_that_is_no_sandbox_keeps_to_the_systems_clock() {
    let place = Place::new().with_small_gym();
    assert_eq!(place.run(&["clock", "show", "--json"]).json()["mode"], "system");
    for arguments in [&["clock", "advance", "--days", "1"][..], &["clock", "set", "2090-01-01T00:00:00Z"]] {
        place.run(arguments).fails_with(&["sandbox"]);
    }
    for command in [&["token"][..], &["snapshot", "x"], &["reset"], &["fork"], &["snapshots"]] {
        place.run(&[&["sandbox"], command].concat()).fails_with(&["small is no sandbox", "sandbox: true"]);
    }
    let nowhere = Place::new();
    nowhere.run(&["clock", "show"]).fails_with(&["there is no database"]);
    nowhere.run(&["sandbox", "token"]).fails_with(&["there is no database"]);
}

#[test]
fn the_command_line_and_a_running_server_work_side_by_side() {
    each_sandbox(|place| {
        let made = place.run(&["sandbox", "token", "--json"]).json();
        assert_eq!(made["tenant"], "small");
        let token = text(&made["sandboxToken"]);
        let key = place.key("north");
        let server = place.serve();
        let first = server.tags(&key);
        server.put_tags(&key, &["t1"]).fine();
        let before = server.tags(&key);
        place.run(&["sandbox", "snapshot", "one"]).succeeds();
        server.put_tags(&key, &["t2", "t3"]).fine();

        // The server's runner and the command line share the nights.
        let moved = place.run(&["clock", "advance", "--by", "P10D", "--json"]).json();
        let shown = call(&server, "GET", "/clock", &token, "").fine().json();
        assert_eq!((&shown["mode"], &shown["now"]), (&moved["mode"], &moved["now"]));
        let audit = place.run(&["audit", "list", "--actor", "worker:day", "--limit", "1000", "--json"]).json();
        let mut turned: Vec<String> = audit
            .as_array()
            .unwrap()
            .iter()
            .filter(|record| record["action"] == "studio.day-turned")
            .map(|record| format!("{} {}", record["subject"], record["changes"]["day"]["to"]))
            .collect();
        let all = turned.len();
        turned.sort();
        turned.dedup();
        assert_eq!(turned.len(), all, "a night was turned twice");
        assert!((30..=33).contains(&all), "{turned:?}");

        place.run(&["sandbox", "restore", "one"]).succeeds();
        assert_eq!(server.tags(&key), before);
        assert_eq!(call(&server, "GET", "/clock", &token, "").fine().json()["mode"], "system");
        call(&server, "POST", "/clock/advance", &token, r#"{"by":"PT1H"}"#).fine();
        assert_eq!(place.run(&["clock", "show", "--json"]).json()["mode"], "test");
        place.run(&["sandbox", "reset"]).succeeds();
        assert_eq!(server.tags(&key), first);

        let replaced = text(&place.run(&["sandbox", "token", "--json"]).json()["sandboxToken"]);
        assert_eq!(call(&server, "GET", "/clock", &token, "").status, 401);
        call(&server, "GET", "/clock", &replaced, "").fine();
        server.stop();
    });
}

#[test]
fn snapshots_are_taken_listed_and_removed() {
    let place = sandbox(Place::new());
    assert_eq!(place.run(&["sandbox", "snapshots", "--json"]).json(), serde_json::json!([]));
    place.run(&["sandbox", "reset"]).fails_with(&["no snapshot", "seed"]);
    let token = place.run(&["sandbox", "token"]);
    assert!(token.err.contains("snapshot seed") && token.err.contains("not shown again"), "{}", token.err);
    assert!(token.out.starts_with("gs_"), "{}", token.out);
    let again = place.run(&["sandbox", "token"]);
    assert!(!again.err.contains("snapshot seed"), "{}", again.err);

    place.run(&["checkin", "open", "--studio", "north", "--count", "4"]).succeeds();
    assert_eq!(place.run(&["sandbox", "snapshot", "four"]).succeeds(), "snapshot four taken\n");
    place.run(&["sandbox", "snapshot", "four"]).fails_with(&["four already"]);
    place.run(&["sandbox", "snapshot", "No Name"]).fails();
    let listed = place.run(&["sandbox", "snapshots"]).succeeds();
    assert!(listed.contains("four") && listed.contains("seed") && listed.contains("the system's"), "{listed}");
    place.run(&["checkin", "close", "--studio", "north", "--count", "1"]).succeeds();
    assert_eq!(place.run(&["sandbox", "restore", "four"]).succeeds(), "small is back at the snapshot four\n");
    assert_eq!(place.people_inside("north"), 4);
    assert_eq!(place.run(&["sandbox", "reset", "--json"]).json()["snapshot"], "seed");
    assert_eq!(place.people_inside("north"), 0);
    assert_eq!(place.run(&["sandbox", "remove-snapshot", "four"]).succeeds(), "snapshot four removed\n");
    place.run(&["sandbox", "restore", "four"]).fails_with(&["no snapshot", "four"]);
    assert!(place.run(&["audit", "verify"]).succeeds().contains("are whole"));
}

#[test]
fn a_fork_is_a_tenant_like_any_other_until_it_is_removed() {
    each_sandbox(|place| {
        let key = place.key("south");
        let fork = place.run(&["sandbox", "fork", "--key", "twin", "--json"]).json();
        assert_eq!((&fork["tenant"], &fork["baseUrl"]), (&"twin".into(), &"http://127.0.0.1:0".into()));
        place.run(&["clock", "show"]).fails_with(&["--tenant", "small, twin"]);
        place.run(&["clock", "advance", "--tenant", "twin", "--days", "1"]).succeeds();
        assert_eq!(place.run(&["clock", "show", "--tenant", "small", "--json"]).json()["mode"], "system");
        place.run(&["sandbox", "fork", "--tenant", "small", "--key", "twin"]).fails_with(&["twin", "already"]);

        let server = place.serve();
        let (full, token) = (text(&fork["apiKeys"]["full"]), text(&fork["sandboxToken"]));
        server.put_tags(&full, &["t5"]).fine();
        assert_eq!(server.tags(&full), ["t5"]);
        assert!(server.tags(&key) != ["t5"]);
        call(&server, "POST", "/reset", &token, "").fine();
        place.run(&["sandbox", "remove-fork", "small"]).fails_with(&["Only a fork"]);
        assert_eq!(place.run(&["sandbox", "remove-fork", "twin"]).succeeds(), "fork twin removed\n");
        assert_eq!(server.get("/v1/studios/information", &full).status, 401);
        assert_eq!(call(&server, "GET", "/clock", &token, "").status, 401);
        server.get("/v1/studios/information", &key).fine();
        place.run(&["clock", "show"]).succeeds();
        let said = place.run(&["sandbox", "fork"]).succeeds();
        assert!(said.contains("tenant:               small-") && said.contains("Sandbox token:        gs_"), "{said}");
    });
}
