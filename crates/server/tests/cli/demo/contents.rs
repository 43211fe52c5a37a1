//! What can be seen and booked in the demo.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{appointments, keys, sandbox, start, token};
use crate::support::Place;

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

/// A Sunday on which clocks are put forward, and days on which many gyms are closed.
const DAYS: [&str; 2] = ["2026-03-29", "2026-12-22"];

/// So many days after one, as paths have it.
fn days_after(today: &str, days: std::ops::RangeInclusive<i64>) -> Vec<String> {
    let today: jiff::civil::Date = today.parse().unwrap();
    days.map(|days| (today + jiff::Span::new().days(days)).to_string()).collect()
}

#[test]
fn the_demo_has_full_and_empty_classes_in_two_studios() {
    for today in DAYS {
        let place = Place::new();
        let server = start(&place, "demo", &["--today", today, "--no-rate-limit"]);
        let (berlin, _) = keys(&server);
        let data = place.path("demo");
        let made = place.run_in(&data, &["key", "create", "--studio", "hamburg", "--json"]).succeeds();
        let hamburg = serde_json::from_str::<Value>(&made).unwrap()["key"].as_str().unwrap().to_owned();
        for (key, limit) in [(&berlin, 33), (&hamburg, 25)] {
            for (ahead, day) in (1..).zip(days_after(today, 1..=14)) {
                let path = format!("/v1/classes/slots?slotWindowStartDate={day}&daysAhead=1&sliceSize=100");
                let slots = server.get(&path, key).fine().json()["result"].as_array().unwrap().clone();
                let slots: Vec<&Value> =
                    slots.iter().filter(|slot| slot["startDateTime"].as_str().unwrap().starts_with(&day)).collect();
                assert!((25..=limit).contains(&slots.len()), "{} on {day}", slots.len());
                let any = |wanted: &dyn Fn(i64, i64, i64) -> bool| {
                    let number = |slot: &Value, name: &str| slot[name].as_i64().unwrap_or(i64::MAX);
                    slots.iter().any(|slot| {
                        let booked = number(slot, "bookedParticipants");
                        wanted(booked, number(slot, "maxParticipants"), number(slot, "waitingListParticipants"))
                    })
                };
                if ahead == 1 {
                    assert!(any(&|booked, most, waiting| booked == most && waiting > 0), "nobody waits");
                    assert!(
                        any(&|booked, most, _| most > 4 && (1..=2).contains(&(most - booked))),
                        "nothing is nearly full"
                    );
                    assert!(any(&|booked, most, _| booked > 0 && booked < most / 2 + 1), "nothing is half full");
                }
                assert!(any(&|booked, _, _| booked == 0), "nothing is empty on {day}");
            }
        }
        let classes = server.get("/v1/classes?sliceSize=100", &berlin).fine().json();
        assert!(classes["result"].as_array().unwrap().iter().any(|class| class["type"] == "STREAM"), "no stream");
    }
}

#[test]
fn the_demo_has_something_that_cannot_be_booked_any_more_at_any_hour() {
    let place = Place::new();
    let server = start(&place, "demo", &["--today", "2026-03-27", "--no-rate-limit"]);
    // A Friday with what follows: at weekends the studio closes earlier, and the clocks are put forward.
    let after_latest = "DATE_TIME_AFTER_LATEST_BOOKING_DATE_TIME";
    let (key, _) = keys(&server);
    let member = server.get("/v1/customers", &key).fine().json()["result"][0]["id"].clone();
    for _ in 0..72 {
        let moved = sandbox(&server, "POST", "/clock/advance", &token(&server), r#"{"by":"PT1H"}"#).fine().json();
        let now: jiff::Timestamp = moved["now"].as_str().unwrap().parse().unwrap();
        let now = now.to_zoned(jiff::tz::TimeZone::get("Europe/Berlin").unwrap()).datetime().to_string();
        let slots = server.get("/v1/classes/slots?sliceSize=100&daysAhead=1", &key).fine().json();
        let next = slots["result"].as_array().unwrap().iter().find(|slot| {
            slot["classInformation"]["title"] == "Einführung in den Kraftraum"
                && slot["startDateTime"].as_str().unwrap()[..19] > now[..]
        });
        let wish = serde_json::json!({ "customerId": member, "classSlotId": next.unwrap()["id"] }).to_string();
        let answer = server.call("POST", "/v1/classes/booking/validate", &key, &wish).fine().json();
        assert_eq!(answer["validationStatus"], after_latest, "{now}");
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
fn the_demo_has_appointments_with_a_free_time_on_each_of_the_next_days() {
    for today in DAYS {
        let place = Place::new();
        let server = start(&place, "demo", &["--today", today]);
        let (key, _) = keys(&server);
        let listed = server.get("/v1/appointments/bookable", &key).fine().json();
        let listed = listed["result"].as_array().unwrap();
        assert_eq!(listed.len(), 6);
        let mut trainers = BTreeSet::new();
        for appointment in listed {
            let path = format!("/v1/appointments/bookable/{}/slots?daysAhead=6", appointment["id"]);
            let slots = server.get(&path, &key).fine().json();
            let slots = slots.as_array().unwrap();
            let days: BTreeSet<&str> =
                slots.iter().map(|slot| &slot["startDateTime"].as_str().unwrap()[..10]).collect();
            let wanted = days_after(today, 1..=6);
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
}

/// Whatever a program can read has something to be read: for somebody, if it is asked about customers.
#[test]
fn no_list_of_the_demo_is_empty() {
    let place = Place::new();
    let server = start(&place, "demo", &["--today", "2026-03-27", "--no-rate-limit"]);
    let (key, _) = keys(&server);
    let customers = server.get("/v1/customers?sliceSize=500", &key).fine().json()["result"].as_array().unwrap().clone();
    let document = server.get("/openapi.json", "").fine().json();
    let mut empty = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        // What is named by an id comes from a list.
        let path = path.as_str();
        if methods["get"].is_null() || path.replace("{customerId}", "").contains('{') {
            continue;
        }
        let about = |customer: &Value| match path {
            "/v1/appointments/booking" | "/v1/classes/booking" => format!("{path}?customerId={}", customer["id"]),
            "/v1/customers/benefits" | "/v1/customers/measurement/latest" => {
                format!("{path}?cardNumber={}", customer["cardNumbers"][0].as_str().unwrap_or("0"))
            }
            _ if path.contains("{customerId}") => path.replace("{customerId}", &customer["id"].to_string()),
            _ => format!("{path}?customerNumber={}", customer["customerNumber"].as_str().unwrap()),
        };
        let has_something = |asked: &str| {
            let answer = server.get(asked, &key);
            let rows = answer.json();
            let rows = rows.get("result").unwrap_or(&rows);
            answer.status == 200
                && rows.as_array().map_or_else(|| rows.as_object().is_some_and(|o| !o.is_empty()), |a| !a.is_empty())
        };
        if !has_something(path) && !customers.iter().any(|customer| has_something(&about(customer))) {
            empty.push(path);
        }
    }
    assert_eq!(empty, [""; 0]);
}
