//! `gymkeeper voucher`.

use gymkeeper_testkit::each_database;
use serde_json::Value;

use crate::support::Place;

fn create(place: &Place, more: &[&str]) -> Vec<String> {
    let told = place.run(&[&["voucher", "create", "--studio", "north"], more].concat()).succeeds();
    told.lines().map(str::to_owned).collect()
}

fn listed(place: &Place, studio: &str) -> Vec<Value> {
    place.run(&["voucher", "list", "--studio", studio, "--json"]).json().as_array().unwrap().clone()
}

#[test]
fn chv_1_vouchers_are_made_listed_and_redeemed() {
    each_database(|database| {
        let place = Place::on(database).with_small_gym();
        let codes = create(&place, &["--count", "3", "--from", "2020-01-01", "--until", "2199-12-31"]);
        assert_eq!(codes.len(), 3);
        assert!(codes.iter().all(|code| code.len() == 14 && code.split('-').all(|four| four.len() == 4)), "{codes:?}");
        assert_eq!(create(&place, &["--code", "Fit Fit-2026"]), ["Fit Fit-2026"]);

        let key = place.key("north");
        let server = place.serve();
        let body = format!(
            r#"{{"voucherCode":"{}","firstname":"Grace","lastname":"Hopper","email":"g@example.org"}}"#,
            codes[1].to_lowercase()
        );
        let redeemed = server.call("POST", "/v1/checkin-vouchers/redeem", &key, &body).fine().json();
        assert_eq!(redeemed["studioAccessCode"].as_str().map(str::len), Some(8));

        let rows = listed(&place, "north");
        let code = |row: &Value| row["code"].as_str().unwrap().to_owned();
        assert_eq!(rows.iter().map(code).collect::<Vec<_>>(), [codes, vec!["Fit Fit-2026".to_owned()]].concat());
        assert_eq!((&rows[0]["validFrom"], &rows[0]["validUntil"]), (&"2020-01-01".into(), &"2199-12-31".into()));
        assert!(rows[0].get("redeemedAt").is_none() && rows[1].get("redeemedAt").is_some());
        assert!(rows[1]["customerId"].is_i64() && rows[3].get("validFrom").is_none());
        let told = place.run(&["voucher", "list", "--studio", "north"]).succeeds();
        let states: Vec<&str> = told.lines().map(|line| line.rsplit(' ').next().unwrap()).collect();
        assert_eq!(states, ["state", "open", "redeemed", "open", "open"]);
        assert_eq!(listed(&place, "south"), Vec::<Value>::new());
    });
}

#[test]
fn a_voucher_that_cannot_be_made_says_why() {
    each_database(|database| {
        let place = Place::on(database).with_small_gym();
        create(&place, &["--code", "FIT-2026"]);
        for (more, parts) in [
            (&["--studio", "south", "--code", "fit2026"][..], &["there is a voucher fit2026 already"][..]),
            (&["--studio", "south", "--code", "short"], &["6 to 64 letters and digits"]),
            (&["--studio", "south", "--from", "2026-12-02", "--until", "2026-12-01"], &["must not be before"]),
            (&[], &["choose a studio with --studio"]),
        ] {
            place.run(&[&["voucher", "create"], more].concat()).fails_with(parts);
        }
        for (more, part) in [
            (&["--until", "soon"][..], "--until"),
            (&["--count", "0"], "--count"),
            (&["--count", "2", "--code", "FIT-2027"], "cannot be used with"),
        ] {
            let run = place.run(&[&["voucher", "create", "--studio", "south"], more].concat());
            assert_eq!(run.code, Some(2), "{more:?}");
            assert!(run.err.contains(part), "{}", run.err);
        }
        assert_eq!(listed(&place, "south"), Vec::<Value>::new());
    });
}
