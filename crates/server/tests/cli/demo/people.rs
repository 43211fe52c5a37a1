//! Whom the demo has: members and those who are none, families, visitors, and people who are interested.

use serde_json::Value;

use super::{BackOffice, keys, start};
use crate::support::Place;

#[test]
fn the_demo_has_changes_that_wait_for_staff() {
    let place = Place::new();
    start(&place, "demo", &["--today", "2026-03-29"]).stop();
    let listing = ["amendment", "list", "--studio", "berlin", "--json"];
    let waiting: Value = serde_json::from_str(&place.run_in(&place.path("demo"), &listing).succeeds()).unwrap();
    let kinds: Vec<&str> = waiting.as_array().unwrap().iter().map(|one| one["kind"].as_str().unwrap()).collect();
    assert!(kinds.contains(&"contact_data") && kinds.contains(&"address_data"), "{waiting}");
    assert!(waiting[0]["requested"]["phonePrivate"].as_str().unwrap().starts_with("+49 30"), "{waiting}");
}

#[test]
fn the_demo_has_visitors_of_an_aggregator_and_leads() {
    let place = Place::new();
    let server = start(&place, "demo", &["--today", "2026-03-29"]);
    let office = BackOffice::of(&server);
    let berlin = office.studio("Ironworks Berlin Mitte");
    assert_eq!(office.ask("GET", &format!("/studios/{berlin}/aggregators"), "")[0]["name"], "Sportnetz");
    for (id, status, left) in [("sn-20417", "USABLE", 3), ("sn-20533", "USED_UP", 0)] {
        let search = serde_json::json!({ "email": format!("{id}@sportnetz.example") }).to_string();
        let visitor = office.ask("POST", &format!("/studios/{berlin}/customers/search"), &search)[0].clone();
        assert_eq!(visitor["status"], "PROSPECT");
        let packs = office.ask("GET", &format!("/studios/{berlin}/customers/{}/packs", visitor["id"]), "");
        assert_eq!((&packs[0]["status"], packs[0]["usesLeft"].as_i64()), (&Value::from(status), Some(left)));
    }
    // And people who are interested.
    let leads = office.ask("GET", &format!("/studios/{berlin}/leads"), "")["result"].as_array().unwrap().clone();
    let campaigns: Vec<&str> = leads.iter().filter_map(|lead| lead["campaign"].as_str()).collect();
    assert_eq!((leads.len(), campaigns), (3, vec!["bring-a-friend", "autumn-fair"]));
}

#[test]
fn the_demo_has_families_and_lists_of_members() {
    let place = Place::new();
    let server = start(&place, "demo", &["--today", "2026-03-29"]);
    let (key, _) = keys(&server);
    let lists = server.get("/v1/member-lists", &key).fine().json();
    let names: Vec<&str> = lists.as_array().unwrap().iter().map(|list| list["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Frühaufsteher", "Wettkampfteam", "Testgruppe"]);
    assert_eq!(lists[0]["modifiedDateTime"], "2026-03-29T08:00:00.000+02:00");
    // Of the minors, those whose contract belongs to that of a parent can leave it.
    let members = server.get("/v1/customers?sliceSize=500", &key).fine().json();
    let minors =
        members["result"].as_array().unwrap().iter().filter(|one| one["dateOfBirth"].as_str() > Some("2008-03-29"));
    let mut statuses = Vec::new();
    for minor in minors {
        let contracts = server.get(&format!("/v1/customers/{}/contracts", minor["id"]), &key).fine().json();
        let path = format!("/v1/customers/contracts/{}/leave-family-contract", contracts[0]["id"]);
        statuses.push(server.call("POST", &path, &key, "").status);
    }
    let left = statuses.iter().filter(|status| **status == 200).count();
    assert!(left >= 3 && statuses.iter().all(|status| matches!(status, 200 | 400)), "{statuses:?}");
}
