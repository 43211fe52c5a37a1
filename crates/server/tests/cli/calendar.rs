//! `gymkeeper calendar`.

use gymkeeper_testkit::each_database;
use serde_json::Value;

use crate::{export::give_key, support::Place};

fn listed(place: &Place) -> Vec<Value> {
    place.run(&["calendar", "list", "--json"]).json().as_array().unwrap().clone()
}

#[test]
fn a_calendar_is_linked_listed_and_revoked() {
    each_database(|database| {
        let place = Place::on(database).with_small_gym();
        let url = place.run(&["calendar", "link", "--studio", "north"]).succeeds();
        let told = place.run(&["calendar", "link", "--studio", "south", "--json"]).json();
        let path = |url: &str| url.trim_end().splitn(4, '/').nth(3).map(|path| format!("/{path}")).unwrap();
        let rows = listed(&place);
        let of = |row: &Value| (row["kind"].as_str().unwrap().to_owned(), row["revokedAt"].is_string());
        assert_eq!(
            rows.iter().map(of).collect::<Vec<_>>(),
            [("studio".to_owned(), false), ("studio".to_owned(), false)]
        );
        assert_eq!(rows[1]["id"], told["id"]);
        assert!(rows[0]["madeBy"].as_str().unwrap().starts_with("cli:"), "{rows:?}");
        let signed = path(&url).split_once('-').unwrap().1.strip_suffix(".ics").unwrap().to_owned();
        let (secret, signature) = signed.split_once('.').unwrap();
        assert_eq!((secret.len(), signature.len()), (43, 43));
        let table = place.run(&["calendar", "list"]).succeeds().to_owned();
        assert!(!table.contains(secret) && !table.contains(signature), "{table}");
        let server = place.serve();
        for url in [&url, told["url"].as_str().unwrap()] {
            let calendar = server.call("GET", &path(url), "", "").fine().text();
            assert!(calendar.starts_with("BEGIN:VCALENDAR\r\n"), "{calendar}");
        }
        // With a new key the links are those that they were.
        place.run(&["vault", "rotate"]).succeeds();
        server.call("GET", &path(&url), "", "").fine();
        // While the server runs.
        let id = rows[0]["id"].to_string();
        place.run(&["calendar", "revoke", &id]).succeeds();
        assert_eq!(server.call("GET", &path(&url), "", "").status, 404);
        server.call("GET", &path(told["url"].as_str().unwrap()), "", "").fine();
        place.run(&["calendar", "revoke", &id]).fails_with(&["there is no calendar", "gymkeeper calendar list"]);
        assert_eq!(listed(&place).iter().map(of).map(|(_, revoked)| revoked).collect::<Vec<_>>(), [true, false]);
        let table = place.run(&["calendar", "list"]).succeeds();
        let states: Vec<&str> = table.lines().map(|line| line.rsplit(' ').next().unwrap()).collect();
        assert_eq!(states, ["state", "revoked", "valid"]);
    });
}

#[test]
fn links_hold_wherever_the_tenant_moves() {
    each_database(|database| {
        let place = Place::on(database).with_small_gym();
        let link = || place.run(&["calendar", "link", "--studio", "north", "--json"]).json();
        let (kept, revoked) = (link(), link());
        place.run(&["calendar", "revoke", &revoked["id"].to_string()]).succeeds();
        let (sealed, readable) = (place.path("sealed"), place.path("readable"));
        place.run(&["export", &sealed]).succeeds();
        place.run(&["export", &readable, "--readable-bank-data"]).succeeds();
        for (folder, with_key) in [(&sealed, true), (&readable, false)] {
            let other = Place::new();
            if with_key {
                give_key(&place, &other);
            }
            other.run(&["import", "tenant", folder]).succeeds();
            let server = other.serve();
            for (made, status) in [(&kept, 200), (&revoked, 404)] {
                let path = made["url"].as_str().unwrap().splitn(4, '/').nth(3).unwrap();
                assert_eq!(server.call("GET", &format!("/{path}"), "", "").status, status, "{folder}");
            }
        }
    });
}

#[test]
fn a_calendar_of_nobody_is_refused_with_a_reason() {
    each_database(|database| {
        let place = Place::on(database).with_small_gym();
        for (more, parts) in [
            (&[][..], &["choose a studio with --studio"][..]),
            (&["--studio", "nowhere"], &["there is no studio \"nowhere\""]),
            (&["--studio", "north", "--employee", "nobody"], &["the studio has no employee \"nobody\""]),
            (&["--studio", "north", "--employee", "id:0"], &["the studio has no employee \"id:0\""]),
            (&["--customer", "1-99999"], &["there is no customer \"1-99999\""]),
        ] {
            place.run(&[&["calendar", "link"], more].concat()).fails_with(parts);
        }
        assert_eq!(listed(&place), Vec::<Value>::new());
    });
}
