//! `gymkeeper key`.

use std::path::Path;

use gymkeeper_testkit::each_database;
use serde_json::Value;

use crate::support::Place;

const PATH: &str = "/v1/studios/tags";

fn listed(place: &Place) -> Vec<Value> {
    place.run(&["key", "list", "--json"]).json().as_array().unwrap().clone()
}

/// Makes a key and answers its id and text.
fn create(place: &Place, more: &[&str]) -> (i64, String) {
    let made = place.run(&[&["key", "create", "--studio", "north", "--json"], more].concat()).json();
    (made["id"].as_i64().unwrap(), made["key"].as_str().unwrap().to_owned())
}

#[test]
fn a_key_is_shown_once_and_opens_what_it_was_made_for() {
    each_database(|database| {
        let place = Place::on(database).with_small_gym();
        let plain = place.run(&["key", "create", "--studio", "south", "--integration", "tablet"]);
        assert!(plain.err.contains("It is not shown again."), "{}", plain.err);
        let plain = plain.succeeds().trim_end().to_owned();
        assert!(plain.starts_with("gk_") && !plain.contains(char::is_whitespace), "{plain}");
        let (id, reads) = create(&place, &["--scopes", "STUDIO_READ"]);

        let rows = listed(&place);
        assert_eq!(rows.len(), 2);
        assert_eq!((&rows[0]["studio"], &rows[0]["integration"]), (&"south".into(), &"tablet".into()));
        assert_eq!((rows[0]["scopes"][0].as_str(), rows[0]["state"].as_str()), (Some("*"), Some("valid")));
        assert_eq!((&rows[1]["id"], &rows[1]["scopes"]), (&id.into(), &vec!["STUDIO_READ"].into()));

        let server = place.serve();
        server.put_tags(&plain, &["t1"]).fine();
        assert_eq!(server.get("/v1/studios/information", &plain).fine().json()["name"], "South");
        assert_eq!(server.get("/v1/studios/information", &reads).fine().json()["name"], "North");
        assert_eq!(server.put_tags(&reads, &["t1"]).status, 403);
        assert_eq!(server.get("/v1/memberships/membership-offers", &reads).status, 403);
    });
}

#[test]
fn what_does_not_exist_is_named_with_what_does() {
    each_database(|database| {
        let place = Place::on(database).with_small_gym();
        let create = |more: &[&str]| place.run(&[&["key", "create"], more].concat());
        create(&[]).fails_with(&["choose a studio with --studio", "north, south, west"]);
        create(&["--studio", "nort"]).fails_with(&["no studio \"nort\"", "north, south, west"]);
        create(&["--studio", "north", "--tenant", "big"]).fails_with(&["no tenant \"big\"", "small"]);
        create(&["--studio", "north", "--scopes", "STUDIO_READ,STUDIO_RIGHT"])
            .fails_with(&["\"STUDIO_RIGHT\" is no scope", "did you mean STUDIO_"]);
        create(&["--studio", "north", "--scopes", "membership_raed"]).fails_with(&["did you mean MEMBERSHIP_READ?"]);
        place.run(&["key", "revoke", "4711"]).fails_with(&["no valid key 4711", "gymkeeper key list"]);
        place.run(&["key", "rotate", "4711"]).fails_with(&["no valid key 4711"]);
        place.run(&["key", "list", "--tenant", "big"]).fails_with(&["no tenant \"big\""]);
        assert!(listed(&place).is_empty());
    });
}

#[test]
fn numbers_out_of_range_are_refused_by_the_command_line() {
    let place = Place::new().with_small_gym();
    for arguments in [
        &["key", "create", "--studio", "north", "--expires-in", "0"][..],
        &["key", "create", "--studio", "north", "--expires-in", "36501"],
        &["key", "create", "--studio", "north", "--expires-in", "soon"],
        &["key", "rotate", "1", "--overlap", "-1"],
        &["checkin", "open", "--count", "0"],
        &["checkin", "open", "--count", "100001"],
    ] {
        let run = place.run(arguments);
        assert_eq!(run.code, Some(2), "{run:?}");
        assert!(run.err.contains(arguments[arguments.len() - 1]), "{run:?}");
    }
    assert!(listed(&place).is_empty());
}

#[test]
fn a_revoked_key_is_refused_at_once_by_a_server_that_knows_it() {
    each_database(|database| {
        let place = Place::on(database).with_small_gym();
        let (id, key) = create(&place, &[]);
        let (_, other) = create(&place, &[]);
        let server = place.serve();
        server.get(PATH, &key).fine();
        place.run(&["key", "revoke", &id.to_string()]).succeeds();
        assert_eq!(server.get(PATH, &key).status, 401);
        server.get(PATH, &other).fine();
        assert_eq!(listed(&place)[0]["state"], "revoked");
        place.run(&["key", "revoke", &id.to_string()]).fails_with(&["no valid key"]);
        place.run(&["key", "rotate", &id.to_string()]).fails_with(&["no valid key"]);
    });
}

#[test]
fn a_rotated_key_overlaps_with_the_new_one_as_long_as_asked() {
    each_database(|database| {
        let place = Place::on(database).with_small_gym();
        let (id, old) = create(&place, &["--scopes", "STUDIO_READ", "--integration", "door"]);
        let server = place.serve();
        server.get(PATH, &old).fine();
        let made = place.run(&["key", "rotate", &id.to_string(), "--overlap", "2", "--json"]).json();
        let (second, new) = (made["id"].as_i64().unwrap(), made["key"].as_str().unwrap().to_owned());
        server.get(PATH, &old).fine();
        server.get(PATH, &new).fine();
        assert_eq!(server.put_tags(&new, &[""; 0]).status, 403, "the new key has the rights of the old one");
        let rows = listed(&place);
        assert_eq!((rows[0]["state"].as_str(), rows[1]["state"].as_str()), (Some("ending"), Some("valid")));
        assert_eq!(rows[0]["integration"], rows[1]["integration"]);

        let third = place.run(&["key", "rotate", &second.to_string(), "--overlap", "0"]).succeeds();
        assert_eq!(server.get(PATH, &new).status, 401);
        server.get(PATH, third.trim_end()).fine();
        assert_eq!(listed(&place)[1]["state"], "expired");
    });
}

#[test]
fn a_key_that_expires_says_when() {
    each_database(|database| {
        let place = Place::on(database).with_small_gym();
        create(&place, &["--expires-in", "30"]);
        let row = &listed(&place)[0];
        let instant = |name: &str| row[name].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
        assert_eq!(instant("expiresAt").duration_since(instant("createdAt")).as_hours(), 30 * 24);
        assert_eq!(row["state"], "ending");
    });
}

/// Every file below a folder.
fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    std::fs::read_dir(folder)
        .unwrap()
        .flat_map(|entry| {
            let path = entry.unwrap().path();
            if path.is_dir() { files(&path) } else { vec![path] }
        })
        .collect()
}

#[test]
fn no_file_of_the_data_folder_and_no_listing_holds_a_key() {
    let place = Place::new().with_small_gym();
    let (id, first) = create(&place, &[]);
    // The server keeps the journal open, so that what was just written is still in it.
    let server = place.serve();
    server.get(PATH, &first).fine();
    let second = place.run(&["key", "rotate", &id.to_string()]).succeeds().trim_end().to_owned();
    server.get(PATH, &second).fine();
    let search = |wanted: &str| -> Vec<std::path::PathBuf> {
        let holds = |path: &Path| {
            let bytes = std::fs::read(path).unwrap();
            bytes.windows(wanted.len()).any(|window| window == wanted.as_bytes())
        };
        files(&place.data()).into_iter().filter(|path| holds(path)).collect()
    };
    let names: Vec<_> =
        files(&place.data()).iter().map(|path| path.file_name().unwrap().to_str().unwrap().to_owned()).collect();
    assert!(names.contains(&"gymkeeper.db-wal".to_owned()), "{names:?}");
    for key in [&first, &second] {
        assert!(
            !search(&key[..10]).is_empty(),
            "the beginning of a key is stored, or this search finds nothing at all"
        );
        for length in [12, 20, key.len()] {
            assert_eq!(search(&key[..length]), Vec::<std::path::PathBuf>::new());
            assert_eq!(search(&key[key.len() - length..]), Vec::<std::path::PathBuf>::new());
        }
        for listing in [&["key", "list"][..], &["key", "list", "--json"]] {
            let out = place.run(listing).succeeds();
            assert!(out.contains(&key[..10]) && !out.contains(&key[..11]), "{out}");
        }
        assert!(!server.log().contains(&key[..11]));
    }
}

#[test]
fn the_last_use_is_known_after_the_server_stopped_and_costs_no_write_for_each_request() {
    each_database(|database| {
        let sqlite = database.name == "SQLite";
        let place = Place::on(database).with_small_gym();
        let (_, used) = create(&place, &[]);
        create(&place, &[]);
        assert_eq!(listed(&place)[0]["lastUsedAt"], Value::Null);
        let server = place.serve();
        let commits = || {
            let metrics = server.get("/metrics", "").fine().text();
            let line =
                metrics.lines().find(|line| line.starts_with("gymkeeper_db_commit_groups_total ")).unwrap().to_owned();
            line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap()
        };
        server.get(PATH, &used).fine();
        // What a server writes as it begins is over when nothing more is written for a while.
        let (mut before, mut quiet) = (commits(), 0);
        while quiet < 4 {
            std::thread::sleep(std::time::Duration::from_millis(500));
            let now = commits();
            quiet = if now == before { quiet + 1 } else { 0 };
            before = now;
        }
        for _ in 0..200 {
            server.get(PATH, &used).fine();
        }
        let after = commits();
        server.put_tags(&used, &["t1"]).fine();
        // The figure counts SQLite's commits only; where the use is noted is the same for both.
        if sqlite {
            // A flush comes once a minute; the test may meet one.
            assert!(after <= before + 1, "{} commits", after - before);
            assert!(commits() > after, "the figure counts commits");
        }
        server.stop();
        let rows = listed(&place);
        let last: jiff::Timestamp = rows[0]["lastUsedAt"].as_str().unwrap().parse().unwrap();
        let made: jiff::Timestamp = rows[0]["createdAt"].as_str().unwrap().parse().unwrap();
        assert!(last.duration_since(made).as_secs() >= -1, "{last} is after {made}, but for the cut to seconds");
        assert_eq!(rows[1]["lastUsedAt"], Value::Null);
    });
}
