//! `gymkeeper demo`.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{Read as _, Write as _},
    net::TcpStream,
    path::Path,
    process::Command,
};

use serde_json::Value;

use crate::support::{Place, Run, Server, client, exchange, wait_until};

/// A demo on a free port, in the folder `name` of the place.
fn demo(place: &Place, name: &str, more: &[&str]) -> Command {
    place.command(&[&["demo", "--port", "0", "--data", name], more].concat())
}

fn start(place: &Place, name: &str, more: &[&str]) -> Server {
    Server::start_demo(demo(place, name, &[&["--json"], more].concat()))
}

/// The keys that a demo printed: with all scopes, and read only.
fn keys(server: &Server) -> (String, String) {
    let object: Value = serde_json::from_str(server.out().lines().next().unwrap()).unwrap();
    let key = |name: &str| object["apiKeys"][name].as_str().unwrap().to_owned();
    (key("full"), key("readOnly"))
}

/// The sandbox token that a demo printed.
fn token(server: &Server) -> String {
    let object: Value = serde_json::from_str(server.out().lines().next().unwrap()).unwrap();
    object["sandboxToken"].as_str().unwrap().to_owned()
}

/// The owner's account that a demo printed.
fn owner(server: &Server) -> Value {
    let object: Value = serde_json::from_str(server.out().lines().next().unwrap()).unwrap();
    object["owner"].clone()
}

/// A request to a demo's sandbox API.
fn sandbox(server: &Server, method: &str, path: &str, token: &str, body: &str) -> client::Answer {
    let stream = TcpStream::connect(server.address()).unwrap();
    let bearer = format!("Bearer {token}");
    exchange(stream, method, &format!("/sandbox/v1{path}"), &[("authorization", &bearer)], body.as_bytes()).unwrap()
}

#[test]
fn the_first_line_tells_scripts_what_they_need() {
    let place = Place::new();
    let server = start(&place, "demo", &[]);
    let object: Value = serde_json::from_str(server.out().lines().next().unwrap()).unwrap();
    let names = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&object), ["baseUrl", "tenant", "apiKeys", "sandboxToken", "owner"]);
    assert_eq!(object["owner"]["email"], "owner@ironworks.example");
    assert_eq!(names(&object["apiKeys"]), ["full", "readOnly"]);
    assert_eq!(object["tenant"], "ironworks");
    assert!(server.url.starts_with("http://127.0.0.1:"), "only this machine may reach it: {}", server.url);
}

/// Splits a command line as a shell does, as far as single quotes go.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for letter in line.chars() {
        match letter {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            other => words.last_mut().unwrap().push(other),
        }
    }
    words
}

/// Does what a printed `curl` would do.
fn curl(line: &str) -> client::Answer {
    let (mut method, mut headers, mut body, mut url) = ("GET".to_owned(), Vec::new(), String::new(), String::new());
    let mut words = words(line).into_iter().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "-X" => method = words.next().unwrap(),
            "-H" => headers.push(words.next().unwrap()),
            "-d" => body = words.next().unwrap(),
            other => {
                assert!(other.starts_with("http://"), "{line}");
                url = word;
            }
        }
    }
    let (address, path) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    let headers: Vec<(&str, &str)> = headers.iter().map(|header| header.split_once(": ").unwrap()).collect();
    exchange(TcpStream::connect(address).unwrap(), &method, &format!("/{path}"), &headers, body.as_bytes()).unwrap()
}

#[test]
fn every_call_that_the_greeting_shows_works_as_it_is() {
    let place = Place::new();
    let server = Server::watch(demo(&place, "demo", &[]), |out, _| {
        // The last line is there when all of them are.
        out.contains("-X PUT").then(|| out.split_whitespace().nth(3).unwrap().to_owned())
    });
    let greeting = server.out();
    let calls: Vec<&str> = greeting.lines().filter(|line| line.starts_with("curl ")).collect();
    assert!(calls.len() >= 3, "{greeting}");
    for call in calls {
        curl(call).fine();
    }
    let docs = server.get("/docs", "");
    assert!(docs.status < 400, "the greeting points to the documentation: {docs:?}");
}

#[test]
fn the_owner_of_the_demo_can_sign_in_also_after_a_reset() {
    let place = Place::new();
    let server = start(&place, "demo", &["--today", "2026-03-29"]);
    let sign_in = || server.call("POST", "/admin/v1/sign-in", "", &owner(&server).to_string()).fine().json();
    let token = sign_in()["token"].as_str().unwrap().to_owned();
    let account = |token: &str| {
        let bearer = format!("Bearer {token}");
        let stream = TcpStream::connect(server.address()).unwrap();
        exchange(stream, "GET", "/admin/v1/account", &[("authorization", &bearer)], b"").unwrap()
    };
    assert_eq!(account(&token).fine().json()["studios"].as_array().unwrap().len(), 3);
    sandbox(&server, "POST", "/reset", &self::token(&server), "").fine();
    assert_eq!(account(&token).fine().json()["email"], "owner@ironworks.example");
    sign_in();
}

#[test]
fn the_read_only_key_reads_and_does_not_write() {
    let place = Place::new();
    let server = start(&place, "demo", &[]);
    let (full, read_only) = keys(&server);
    let before = server.tags(&read_only);
    assert_eq!(server.put_tags(&read_only, &[""; 0]).status, 403);
    assert_eq!(server.tags(&full), before);
    server.put_tags(&full, &[""; 0]).fine();
    assert!(server.tags(&read_only).is_empty());
}

#[test]
fn a_demo_keeps_what_was_changed_and_its_keys_until_it_is_made_afresh() {
    let place = Place::new();
    let server = start(&place, "demo", &["--seed", "7"]);
    let (full, read_only) = keys(&server);
    let original = server.tags(&full);
    server.put_tags(&full, &["pool", "women-only"]).fine();
    assert_ne!(original, ["pool", "women-only"]);
    server.stop();

    // Its seed is its own: another one on the command line does not change a demo that is there.
    let server = start(&place, "demo", &["--seed", "8"]);
    assert_eq!(keys(&server), (full.clone(), read_only.clone()));
    assert_eq!(server.tags(&read_only), ["pool", "women-only"]);
    server.stop();

    let server = start(&place, "demo", &["--seed", "7", "--fresh"]);
    assert_eq!(keys(&server), (full.clone(), read_only));
    assert_eq!(server.tags(&full), original);
}

#[test]
fn fresh_deletes_nothing_that_the_demo_did_not_make() {
    let place = Place::new().with_small_gym();
    let note = place.write("photos/summer.jpg", "priceless");
    Run::of(demo(&place, "photos", &["--fresh"])).fails_with(&["photos was not made by the demo", "--fresh"]);
    assert_eq!(std::fs::read_to_string(&note).unwrap(), "priceless");

    let before = std::fs::read(place.sqlite_file()).unwrap();
    Run::of(demo(&place, "data", &["--fresh"])).fails_with(&["data was not made by the demo"]);
    Run::of(demo(&place, "data", &[])).fails_with(&["data holds a gym that is not the demo's", "--data"]);
    assert_eq!(std::fs::read(place.sqlite_file()).unwrap(), before);
}

#[test]
fn fresh_takes_an_empty_folder_and_one_that_is_not_there() {
    let place = Place::new();
    std::fs::create_dir(place.path("empty")).unwrap();
    start(&place, "empty", &["--fresh"]).stop();
    start(&place, "absent", &["--fresh"]).stop();
}

#[test]
fn a_demo_never_touches_the_database_that_the_configuration_names() {
    let Some(database) = gymkeeper_testkit::TestDatabase::postgres() else { return };
    let place = Place::on(database).with_small_gym();
    let server = start(&place, "demo", &["--fresh"]);
    let (key, _) = keys(&server);
    assert_eq!(server.get("/v1/studios/information", &key).fine().json()["name"], "Ironworks Berlin Mitte");
    drop(server);
    assert_eq!(place.run(&["apply", &place.path("gym.yaml"), "--dry-run"]).succeeds(), "nothing to change\n");
}

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
        let tag = answer.header("etag").unwrap_or_default().to_owned();
        let text = answer.text().replace(&server.url, "URL");
        (path, format!("{tag} {}", without_ends(&text)))
    });
    let answers: BTreeMap<String, String> = answers.collect();
    assert!(answers.len() >= 8, "{:?}", answers.keys());
    answers
}

/// The appointments that these customers have booked.
fn appointments(server: &Server, key: &str, customers: &[Value]) -> Vec<Value> {
    let of = |customer: &Value| {
        let path = format!("/v1/appointments/booking?customerId={}", customer["id"]);
        server.get(&path, key).fine().json().as_array().unwrap().clone()
    };
    customers.iter().flat_map(of).collect()
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
    let before = answers(&server);
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

#[test]
fn the_pictures_of_the_demo_can_be_seen() {
    let place = Place::new();
    let server = start(&place, "demo", &["--today", "2026-03-29"]);
    let offers = server.get("/v1/memberships/membership-offers", &keys(&server).0).fine().json();
    let images: Vec<&str> = offers.as_array().unwrap().iter().filter_map(|offer| offer["imageUrl"].as_str()).collect();
    assert!(images.len() >= 3, "{offers}");
    for image in images {
        let image = server.follow(image).fine();
        assert_eq!(image.header("content-type"), Some("image/png"));
    }
}

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
    let signed_in = server.call("POST", "/admin/v1/sign-in", "", &owner(&server).to_string()).fine().json();
    let bearer = format!("Bearer {}", signed_in["token"].as_str().unwrap());
    let admin = |method: &str, path: &str, body: &str| {
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        let stream = TcpStream::connect(server.address()).unwrap();
        exchange(stream, method, &format!("/admin/v1{path}"), &headers, body.as_bytes()).unwrap().fine().json()
    };
    let account = admin("GET", "/account", "");
    let studios = account["studios"].as_array().unwrap();
    let berlin = studios.iter().find(|studio| studio["name"] == "Ironworks Berlin Mitte").unwrap()["studioId"].clone();
    assert_eq!(admin("GET", &format!("/studios/{berlin}/aggregators"), "")[0]["name"], "Sportnetz");
    for (id, status, left) in [("sn-20417", "USABLE", 3), ("sn-20533", "USED_UP", 0)] {
        let search = serde_json::json!({ "email": format!("{id}@sportnetz.example") }).to_string();
        let visitor = admin("POST", &format!("/studios/{berlin}/customers/search"), &search)[0].clone();
        assert_eq!(visitor["status"], "PROSPECT");
        let packs = admin("GET", &format!("/studios/{berlin}/customers/{}/packs", visitor["id"]), "");
        assert_eq!((&packs[0]["status"], packs[0]["usesLeft"].as_i64()), (&Value::from(status), Some(left)));
    }
    // And people who are interested.
    let leads = admin("GET", &format!("/studios/{berlin}/leads"), "")["result"].as_array().unwrap().clone();
    let campaigns: Vec<&str> = leads.iter().filter_map(|lead| lead["campaign"].as_str()).collect();
    assert_eq!((leads.len(), campaigns), (3, vec!["bring-a-friend", "autumn-fair"]));
}

#[test]
fn the_demo_has_full_and_empty_classes_in_two_studios() {
    let place = Place::new();
    let server = start(&place, "demo", &["--today", "2026-03-29"]);
    let (berlin, _) = keys(&server);
    let data = place.path("demo");
    let made = place.run_in(&data, &["key", "create", "--studio", "hamburg", "--json"]).succeeds();
    let hamburg = serde_json::from_str::<Value>(&made).unwrap()["key"].as_str().unwrap().to_owned();
    for (key, limit) in [(&berlin, 33), (&hamburg, 25)] {
        let path = "/v1/classes/slots?slotWindowStartDate=2026-03-30&daysAhead=1&sliceSize=100";
        let slots = server.get(path, key).fine().json()["result"].as_array().unwrap().clone();
        let tomorrow = slots.iter().filter(|slot| slot["startDateTime"].as_str().unwrap().starts_with("2026-03-30"));
        let tomorrow: Vec<&Value> = tomorrow.collect();
        assert!((25..=limit).contains(&tomorrow.len()), "{}", tomorrow.len());
        let any = |wanted: &dyn Fn(i64, i64, i64) -> bool| {
            let number = |slot: &Value, name: &str| slot[name].as_i64().unwrap_or(i64::MAX);
            tomorrow.iter().any(|slot| {
                let booked = number(slot, "bookedParticipants");
                wanted(booked, number(slot, "maxParticipants"), number(slot, "waitingListParticipants"))
            })
        };
        assert!(any(&|booked, most, waiting| booked == most && waiting > 0), "nobody waits");
        assert!(any(&|booked, most, _| booked > 0 && booked < most), "nothing is half full");
        assert!(any(&|booked, _, _| booked == 0), "nothing is empty");
        let last = "/v1/classes/slots?slotWindowStartDate=2026-04-12&daysAhead=1&sliceSize=100";
        assert_ne!(server.get(last, key).fine().json()["result"], serde_json::json!([]), "published two weeks ahead");
    }
}

#[test]
fn the_demo_has_people_who_try_something() {
    let place = Place::new();
    let server = start(&place, "demo", &["--today", "2026-03-29"]);
    let (key, _) = keys(&server);
    for (name, group, status) in [
        ("leonie", "classes", "BOOKED"),
        ("amir", "classes", "BOOKED_WITH_CONFIRMATION_REQUIRED"),
        ("jakob", "classes", "BOOKED"),
        ("selin", "appointments", "BOOKED_WITH_CONFIRMATION_REQUIRED"),
    ] {
        let search = serde_json::json!({ "email": format!("{name}@probe.example") }).to_string();
        let found = server.call("POST", "/v1/customers/search", &key, &search).fine().json();
        let booked = server.get(&format!("/v1/{group}/booking?customerId={}", found[0]["id"]), &key).fine().json();
        assert_eq!(
            (booked.as_array().unwrap().len(), &booked[0]["bookingStatus"]),
            (1, &Value::from(status)),
            "{name}"
        );
    }
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

#[test]
fn the_demo_has_appointments_with_a_free_time_on_each_of_the_next_days() {
    let place = Place::new();
    // The night before, the clocks were put forward.
    let server = start(&place, "demo", &["--today", "2026-03-29"]);
    let (key, _) = keys(&server);
    let listed = server.get("/v1/appointments/bookable", &key).fine().json();
    let listed = listed["result"].as_array().unwrap();
    assert_eq!(listed.len(), 6);
    let mut trainers = BTreeSet::new();
    for appointment in listed {
        let path = format!("/v1/appointments/bookable/{}/slots?daysAhead=6", appointment["id"]);
        let slots = server.get(&path, &key).fine().json();
        let slots = slots.as_array().unwrap();
        let days: BTreeSet<&str> = slots.iter().map(|slot| &slot["startDateTime"].as_str().unwrap()[..10]).collect();
        let wanted: Vec<String> = (30..=31)
            .map(|day| format!("2026-03-{day}"))
            .chain((1..=4).map(|day| format!("2026-04-{day:02}")))
            .collect();
        assert!(wanted.iter().all(|day| days.contains(day.as_str())), "{}: {days:?}", appointment["title"]);
        let names = slots.iter().flat_map(|slot| slot["instructors"].as_array().unwrap());
        trainers.extend(names.map(|one| one["publicName"].as_str().unwrap().to_owned()));
    }
    assert_eq!(trainers.len(), 4, "{trainers:?}");
    let customers = server.get("/v1/customers?sliceSize=200", &key).fine().json();
    let booked = appointments(&server, &key, customers["result"].as_array().unwrap());
    let with = |field: &str, value: &str| booked.iter().filter(|one| one[field] == value).count();
    let (over, ahead) = (with("appointmentStatus", "COMPLETED"), with("appointmentStatus", "PLANNED"));
    assert!(over >= 8 && ahead >= 8, "{over} {ahead}");
    assert!(with("participantStatus", "PARTICIPATING") > with("participantStatus", "NOT_PARTICIPATING"));
}

#[test]
fn a_port_that_is_taken_stops_the_demo_before_it_touches_its_data() {
    let place = Place::new();
    let server = start(&place, "demo", &[]);
    let (full, _) = keys(&server);
    server.put_tags(&full, &["pool"]).fine();
    server.stop();

    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let run = place.run(&["demo", "--port", &port, "--data", "demo", "--fresh"]);
    run.fails_with(&[&format!("127.0.0.1:{port} is taken by another program"), "choose another port", "--port"]);
    place.run(&["demo", "--port", &port, "--data", "never"]).fails();
    assert!(!Path::new(&place.path("never")).exists());

    assert_eq!(start(&place, "demo", &[]).tags(&full), ["pool"]);
}

#[test]
fn a_server_that_is_told_to_stop_finishes_the_request_that_runs() {
    let place = Place::new();
    let mut server = start(&place, "demo", &[]);
    let (full, _) = keys(&server);
    let body = client::tags_body(&["pool"]);
    let mut stream = TcpStream::connect(server.address()).unwrap();
    stream
        .write_all(
            format!(
                "PUT /v1/studios/information/tags HTTP/1.1\r\nhost: gym.test\r\nx-api-key: {full}\r\n\
                 content-type: application/json\r\nexpect: 100-continue\r\ncontent-length: {}\r\n\r\n",
                body.len()
            )
            .as_bytes(),
        )
        .unwrap();
    // The server asks for the body, so the request runs.
    let mut seen = [0; 25];
    stream.read_exact(&mut seen).unwrap();
    assert_eq!(String::from_utf8_lossy(&seen), "HTTP/1.1 100 Continue\r\n\r\n");
    server.terminate();
    wait_until("nobody listens any more", || TcpStream::connect(server.address()).is_err().then_some(()));
    assert!(server.is_running(), "it waits for the request");
    stream.write_all(body.as_bytes()).unwrap();
    let answer = client::read(stream).unwrap().fine();
    assert_eq!(answer.json()[0]["name"], "pool");
    assert_eq!(server.wait(), Some(0));
    assert_eq!(start(&place, "demo", &[]).tags(&full), ["pool"]);
}

#[test]
fn an_idle_connection_does_not_hold_up_the_end() {
    let place = Place::new();
    let server = start(&place, "demo", &[]);
    let _idle = TcpStream::connect(server.address()).unwrap();
    // A request of somebody else afterwards shows that the idle connection was accepted.
    server.get("/health/live", "").fine();
    let log = server.stop();
    assert!(!log.contains("did not finish in time"), "{log}");
}

#[test]
fn the_limit_holds_for_the_demo_unless_it_is_lifted() {
    let place = Place::new();
    let statuses = |name: &str, more: &[&str], requests: usize| -> Vec<u16> {
        let mut command = demo(&place, name, &[&["--json"], more].concat());
        command.env("GYMKEEPER_LIMITS_REQUESTS_PER_MINUTE", "3");
        let server = Server::start_demo(command);
        let (_, key) = keys(&server);
        (0..requests).map(|_| server.get("/v1/studios/utilization", &key).status).collect()
    };
    assert_eq!(statuses("free", &["--no-rate-limit"], 10), [200; 10]);
    assert_eq!(statuses("limited", &[], 4), [200, 200, 200, 429]);
}
