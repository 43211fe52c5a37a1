//! The same seed and day give the same demo, and a reset gives it back.

use std::{collections::BTreeMap, io::Read as _, path::Path};

use super::{appointments, keys, owner, sandbox, start, token};
use crate::support::{Place, Server};

/// Every answer of the demo's GET operations by path, with the base URL and the ends of links taken out: links are secrets
/// that end by the machine's clock, also where the gym's clock stands.
fn all_answers(server: &Server, key: &str) -> BTreeMap<String, String> {
    let document = server.get("/openapi.json", "").fine().json();
    let mut paths: Vec<String> = Vec::new();
    let customers = server.get("/v1/customers", key).fine().json()["result"].as_array().unwrap().clone();
    for (path, methods) in document["paths"].as_object().unwrap() {
        if methods["get"].is_null() {
            continue;
        }
        match path.as_str() {
            "/v1/memberships/membership-offers/{membershipOfferId}" => {
                let offers = server.get("/v1/memberships/membership-offers", key).fine().json();
                paths.extend(
                    offers
                        .as_array()
                        .unwrap()
                        .iter()
                        .map(|offer| path.replace("{membershipOfferId}", &offer["id"].to_string())),
                );
            }
            "/v1/employees/{id}" => {
                let employees = server.get("/v1/employees", key).fine().json();
                let ids = employees["result"].as_array().unwrap().iter().map(|employee| employee["id"].to_string());
                paths.extend(ids.map(|id| path.replace("{id}", &id)));
            }
            // A new code each time.
            "/v1/customers/{customerId}/access-code" => {}
            "/v1/customers/by" | "/v1/customers/contracts/by" | "/v1/cross-studio/customers/by" => {
                let number = customers[0]["customerNumber"].as_str().unwrap();
                paths.push(format!("{path}?customerNumber={number}"));
            }
            "/v1/customers/benefits" | "/v1/customers/measurement/latest" => {
                let card = customers.iter().find_map(|customer| customer["cardNumbers"][0].as_str()).unwrap();
                paths.push(format!("{path}?cardNumber={card}"));
            }
            "/v1/trial-offers/config/{configId}" => {
                for list in ["classes", "appointments/bookable"] {
                    let list = format!("/v1/trial-offers/bookable-trial-offers/{list}");
                    let listed = server.get(&list, key).fine().json()["result"].as_array().unwrap().clone();
                    let ids = listed.iter().map(|one| one["trialOfferConfigId"].to_string());
                    paths.extend(ids.map(|id| path.replace("{configId}", &id)));
                }
            }
            path if path.starts_with("/v1/trial-offers/") && path.contains('{') => {
                let (list, _) = path.split_once("/{").unwrap();
                let listed = server.get(list, key).fine().json()["result"].as_array().unwrap().clone();
                assert!(!listed.is_empty(), "{list}");
                paths.extend(listed.iter().map(|one| format!("{list}/{}/slots", one["id"])));
            }
            path if path.contains("{bookableAppointmentId}") => {
                let listed = server.get("/v1/appointments/bookable", key).fine().json();
                let ids = listed["result"].as_array().unwrap().iter().map(|one| one["id"].to_string());
                paths.extend(ids.map(|id| path.replace("{bookableAppointmentId}", &id)));
            }
            "/v1/classes/{classId}" | "/v1/classes/{classId}/slots" | "/v1/classes/{classId}/slots/{classSlotId}" => {
                let slots = server.get("/v1/classes/slots?sliceSize=10", key).fine().json();
                for slot in slots["result"].as_array().unwrap() {
                    let of_class = path.replace("{classId}", &slot["classInformation"]["id"].to_string());
                    paths.push(of_class.replace("{classSlotId}", &slot["id"].to_string()));
                }
            }
            "/v1/classes/booking/{bookingId}" => {
                for customer in customers.iter().take(10) {
                    let listed = format!("/v1/classes/booking?customerId={}", customer["id"]);
                    let listed = server.get(&listed, key).fine().json();
                    let ids = listed.as_array().unwrap().iter().map(|one| one["bookingId"].to_string());
                    paths.extend(ids.map(|id| path.replace("{bookingId}", &id)));
                }
            }
            "/v1/appointments/booking" | "/v1/classes/booking" => {
                let ids = customers.iter().take(10).map(|customer| customer["id"].to_string());
                paths.extend(ids.map(|id| format!("{path}?customerId={id}")));
            }
            "/v1/appointments/booking/{bookingId}" => {
                let booked = appointments(server, key, &customers[..10]);
                paths.extend(booked.iter().map(|one| path.replace("{bookingId}", &one["bookingId"].to_string())));
            }
            path if path.contains("{customerId}") => {
                for customer in customers.iter().take(3) {
                    let path = path.replace("{customerId}", &customer["id"].to_string());
                    match path.rsplit_once("/{") {
                        None => paths.push(path),
                        // What a customer has several of is named by the ids in its list.
                        Some((list, _)) => {
                            let listed = server.get(list, key).fine().json();
                            let listed = listed.get("result").unwrap_or(&listed).as_array().unwrap().clone();
                            paths.extend(listed.iter().map(|one| format!("{list}/{}", one["id"])));
                        }
                    }
                }
            }
            path if path.contains('{') => panic!("{path}: say here where its ids come from"),
            path => paths.push(path.to_owned()),
        }
    }
    let answers = paths.into_iter().map(|path| {
        let answer = server.get(&path, key).fine();
        // Its fifth part is the machine's half hour.
        let tag = answer.header("etag").unwrap_or_default().split('.');
        let tag: Vec<&str> = tag.enumerate().filter(|(place, _)| *place != 4).map(|(_, part)| part).collect();
        let tag = tag.join(".");
        let text = answer.text().replace(&server.url, "URL");
        (path, format!("{tag} {}", without_ends(&text)))
    });
    let answers: BTreeMap<String, String> = answers.collect();
    assert!(answers.len() >= 8, "{:?}", answers.keys());
    answers
}

fn without_ends(text: &str) -> String {
    let mut parts = text.split("?expires=");
    let mut out = parts.next().unwrap().to_owned();
    for part in parts {
        let lasting = part.starts_with("0&");
        out.push_str(if lasting { part } else { &part[part.find('"').unwrap()..] });
    }
    out
}

/// The database as `gymkeeper backup` sees it, which has no room for chance: rows in the order of their keys.
fn dump(place: &Place, name: &str) -> Vec<u8> {
    let archive = place.path(&format!("{name}.tar"));
    place.run_in(&place.path(name), &["backup", &archive]).succeeds();
    let mut archive = tar::Archive::new(std::fs::File::open(archive).unwrap());
    let mut database = archive.entries().unwrap().next().unwrap().unwrap();
    assert_eq!(database.path().unwrap(), Path::new("gymkeeper.db"));
    let mut bytes = Vec::new();
    database.read_to_end(&mut bytes).unwrap();
    bytes
}

#[test]
fn the_same_seed_and_day_give_the_same_demo_byte_for_byte() {
    let place = Place::new();
    let plan = |seed| ["--seed", seed, "--today", "2026-03-29"];
    let (one, two) = (start(&place, "one", &plan("5")), start(&place, "two", &plan("5")));
    let other = start(&place, "other", &plan("6"));
    // Before the first call: when keys were last used is not a matter of the seed.
    let [first, second, third] = ["one", "two", "other"].map(|name| dump(&place, name));
    assert!(first == second, "the databases of the same seed differ");
    assert!(first != third, "the databases of two seeds are the same");

    assert_eq!(keys(&one), keys(&two));
    assert_eq!(owner(&one), owner(&two));
    assert_ne!(owner(&one), owner(&other));
    assert_eq!(token(&one), token(&two));
    assert_ne!(token(&one), token(&other));
    assert!(token(&one).starts_with("demo_sandbox_"), "{}", token(&one));
    assert_ne!(keys(&one), keys(&other));
    let (full, _) = keys(&one);
    let answers = all_answers(&one, &full);
    assert_eq!(answers, all_answers(&two, &full));
    assert_ne!(answers, all_answers(&other, &keys(&other).0));
    assert_eq!(other.get("/v1/studios/tags", &full).status, 401, "a key of one seed opens no other demo");
    for listing in [&["key", "list", "--json"][..], &["checkin", "list", "--studio", "zurich", "--json"]] {
        let of = |name: &str| place.run_in(&place.path(name), listing).succeeds();
        assert_eq!(of("one"), of("two"));
    }
}

#[test]
fn a_demo_that_was_used_is_reset_to_the_finished_one() {
    let place = Place::new();
    let server = start(&place, "demo", &["--seed", "5", "--today", "2026-03-29"]);
    let ((full, _), token) = (keys(&server), token(&server));
    // ETags and links belong to a life and an hour; the rest must be the same.
    let answers = |server: &Server| {
        let answers = all_answers(server, &full).into_iter();
        answers.map(|(path, answer)| (path, answer.split_once(' ').unwrap().1.to_owned())).collect::<Vec<_>>()
    };
    // What programs are not told of: what lists give, which list a booking took, and which absences a gym file names.
    let rows = |name: &str| {
        let folder = place.path(name);
        place.run_in(&place.path("demo"), &["export", &folder]).succeeds();
        let text = |table: &str| std::fs::read_to_string(Path::new(&folder).join(format!("{table}.jsonl"))).unwrap();
        ["member_list", "booking", "employee_absence"].map(text)
    };
    let (before, stored) = (answers(&server), rows("before"));
    server.put_tags(&full, &["pool"]).fine();
    sandbox(&server, "POST", "/checkins", &token, r#"{"studio":"berlin","count":7}"#).fine();
    let moved = sandbox(&server, "POST", "/clock/advance", &token, r#"{"by":"P2M"}"#).fine().json();
    assert_eq!(moved["now"], "2026-05-29T12:00:00Z");
    // The server's own runner may have been faster with some of them.
    let runs = moved["jobsRun"].as_u64().unwrap();
    // Three studios' nights, the closing hour of those who were let in, and the starts of classes for which somebody waits.
    assert!(runs <= 61 * 3 + 1 + 60, "{moved}");
    assert_ne!(answers(&server), before);
    let reset = sandbox(&server, "POST", "/reset", &token, "").fine().json();
    assert_eq!(reset["now"], "2026-03-29T12:00:00Z");
    assert_eq!(answers(&server), before);
    assert!(rows("after") == stored, "a copy lost something");
    assert_eq!(sandbox(&server, "GET", "/clock", &full, "").status, 401, "a key is no token");
}

#[test]
fn the_day_given_is_the_day_at_which_the_demo_stands() {
    let place = Place::new();
    let closings = |name: &str, today: &str| {
        let server = start(&place, name, &["--today", today]);
        let studio = server.get("/v1/studios/information", &keys(&server).0).fine().json();
        studio["closingHours"][0]["dateTimeFrom"].as_str().unwrap().to_owned()
    };
    assert_eq!(closings("spring", "2026-03-29"), "2026-04-19T00:00:00");
    assert_eq!(closings("autumn", "2026-10-01"), "2026-10-22T00:00:00");
}
