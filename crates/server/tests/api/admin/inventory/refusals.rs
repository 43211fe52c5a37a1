//! What cannot be defined, and who is out of reach.

use gymkeeper_domain::staff::Role;
use serde_json::{Value, json};

use super::{INVALID, Office};
use crate::{
    admin::{account, call, owner, session, signed_in},
    support::{CLASSES, join_all, with_gym},
};

/// A series that can be held.
fn series(more: Value) -> Value {
    let mut series = json!({ "weekdays": ["MONDAY"], "starts": "19:00", "from": "2026-11-01" });
    series.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    series
}

fn appointment(more: Value) -> Value {
    let mut appointment = json!({ "name": "Check", "minutes": 30 });
    appointment.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    appointment
}

#[test]
fn what_cannot_work_is_refused_with_its_field() {
    with_gym(CLASSES, |gym| async move {
        let office = Office::of(&gym).await;
        let yoga = office.named("/classes", "yoga").await;
        let of_yoga = format!("/classes/{}/series", yoga["id"]);
        let gone = office.hire("Gone").await;
        let there = office.hire("There").await;
        office.call("POST", &format!("/employees/{}/archive", &gone[1..]), &Value::Null).await.json();
        let old = office.add("/rooms", json!({ "name": "Old" })).await;
        office.act("/rooms", &old, "retire").await.json();
        let tina = office.get("/employees").await["result"][0]["id"].as_i64().unwrap();
        let end = gym.end_of_journal().await;
        let too_long = "x".repeat(2 << 20);
        for (path, body, code, field) in [
            ("/rooms", json!({}), "field.required", "name"),
            ("/rooms", json!({ "name": " " }), "field.invalid", "name"),
            ("/rooms", json!({ "name": 1 }), "field.invalid", "name"),
            ("/rooms", json!({ "name": "A", "key": "a" }), "field.unknown", "key"),
            ("/resources", json!({ "name": "A", "description": "B" }), "field.unknown", "description"),
            ("/classes", json!({ "name": "A" }), "field.required", "minutes"),
            ("/classes", json!({ "name": "A", "minutes": 0 }), "field.invalid", "minutes"),
            ("/classes", json!({ "name": "A", "minutes": -1 }), "field.invalid", "minutes"),
            ("/classes", json!({ "name": "A", "minutes": 60, "waiting_list": 1 }), "field.invalid", "waiting_list"),
            (
                "/classes",
                json!({ "name": "A", "minutes": 60, "max_participants": 1, "spots": 2 }),
                "field.invalid",
                "spots",
            ),
            (
                "/classes",
                json!({ "name": "A", "minutes": 60, "cancel_until": "soon" }),
                "field.invalid",
                "cancel_until",
            ),
            ("/classes", json!({ "name": "A", "minutes": 60, "type": "TV" }), "enum.unknown", "type"),
            ("/classes", json!({ "name": "A", "minutes": 60, "image": "images/yoga.png" }), "field.invalid", "image"),
            ("/classes", json!({ "name": "A", "minutes": 60, "series": [] }), "field.unknown", "series"),
            (&of_yoga, json!({ "weekdays": ["MONDAY"], "starts": "19:00" }), "field.required", "from"),
            (&of_yoga, series(json!({ "weekdays": [] })), "field.invalid", "weekdays"),
            (&of_yoga, series(json!({ "weekdays": ["MOONDAY"] })), "enum.unknown", "weekdays[0]"),
            (&of_yoga, series(json!({ "starts": "25:00" })), "field.invalid", "starts"),
            (&of_yoga, series(json!({ "from": "0000-12-31" })), "field.invalid", "from"),
            (&of_yoga, series(json!({ "to": "2026-10-01" })), "field.invalid", "to"),
            (&of_yoga, series(json!({ "every_weeks": 0 })), "field.invalid", "every_weeks"),
            (&of_yoga, series(json!({ "of_month": [1, 6] })), "field.invalid", "of_month[1]"),
            (&of_yoga, series(json!({ "of_month": [1], "every_weeks": 2 })), "field.invalid", "of_month"),
            (&of_yoga, series(json!({ "of_month": [-129] })), "field.invalid", "of_month[0]"),
            (&of_yoga, series(json!({ "room": "attic" })), "field.invalid", "room"),
            (&of_yoga, series(json!({ "room": old["key"] })), "field.invalid", "room"),
            (&of_yoga, series(json!({ "resources": ["hall"] })), "field.invalid", "resources"),
            (&of_yoga, series(json!({ "instructors": ["tina", "tim"] })), "field.invalid", "instructors"),
            (&of_yoga, series(json!({ "instructors": [gone] })), "field.invalid", "instructors"),
            // Whoever has a key goes by it.
            (&of_yoga, series(json!({ "instructors": [format!("@{tina}")] })), "field.invalid", "instructors"),
            (
                &of_yoga,
                series(json!({ "exceptions": [{ "on": "2026-11-24", "canceled": true }] })),
                "field.invalid",
                "exceptions[0].on",
            ),
            (
                &of_yoga,
                series(json!({ "exceptions": [{ "on": "2026-11-23", "room": "attic" }] })),
                "field.invalid",
                "exceptions[0].room",
            ),
            (
                &of_yoga,
                series(json!({ "exceptions": [{ "on": "2026-11-23", "moved_to": "9999-12-31T23:59" }] })),
                "field.invalid",
                "exceptions[0].moved_to",
            ),
            ("/appointment-types", appointment(json!({ "minutes": 1441 })), "field.invalid", "minutes"),
            ("/appointment-types", appointment(json!({ "rooms": ["attic"] })), "field.invalid", "rooms"),
            ("/appointment-types", appointment(json!({ "rooms": ["hall", "hall"] })), "field.invalid", "rooms"),
            ("/appointment-types", appointment(json!({ "resources": [["hall"]] })), "field.invalid", "resources[0]"),
            ("/appointment-types", appointment(json!({ "instructors": ["@0"] })), "field.invalid", "instructors"),
            (
                "/appointment-types",
                appointment(json!({ "conditions": { "offers": ["gold"] } })),
                "field.invalid",
                "conditions.offers",
            ),
            (
                "/appointment-types",
                appointment(json!({ "conditions": { "modules": ["basic"] } })),
                "field.invalid",
                "conditions.modules",
            ),
            ("/appointment-types", appointment(json!({ "image": "a.png" })), "field.invalid", "image"),
            ("/trial-offers", json!({ "name": "A" }), "field.invalid", ""),
            (
                "/trial-offers",
                json!({ "name": "A", "contingent": 0, "classes": ["yoga"] }),
                "field.invalid",
                "contingent",
            ),
            ("/trial-offers", json!({ "name": "A", "classes": ["dance"] }), "field.invalid", "classes"),
            ("/trial-offers", json!({ "name": "A", "appointments": ["yoga"] }), "field.invalid", "appointments"),
            ("/trial-offers", json!({ "name": "A", "classes": ["yoga", "yoga"] }), "field.invalid", "classes[1]"),
        ] {
            let answer = office.call("POST", path, &body).await;
            let refusal = answer.refusal(400, &format!("errormessage.validation.{code}"));
            assert_eq!(refusal.reference.as_deref().unwrap_or_default(), field, "{path} {body}");
        }
        office.call("POST", "/rooms", &json!({ "name": too_long })).await.refusal(400, "errormessage.body.too.large");
        let broken = call(&gym, &office.token, "POST", &format!("/studios/{}/rooms", office.studio), "{").await;
        broken.refusal(400, "errormessage.validation.json.malformed");
        let unversioned = json!({ "definition": { "name": "A" } });
        let answer = office.call("PUT", &format!("/rooms/{}", old["id"]), &unversioned).await;
        answer.refusal(400, "errormessage.validation.field.required");
        let answer = office
            .change("/classes", &yoga, json!({ "name": "Yoga", "minutes": 60, "image": "images/other.png" }))
            .await;
        assert_eq!(answer.refusal(400, INVALID).reference.as_deref(), Some("definition.image"));
        assert_eq!(gym.end_of_journal().await, end);
        // The longest terms and the emptiest of days do no harm.
        for more in [
            json!({ "earliest_booking": "100000 YEAR" }),
            json!({ "earliest_booking": "0 DAY", "latest_booking": "100000 MONTH" }),
        ] {
            let mut class =
                json!({ "name": "A", "minutes": 1440, "max_participants": u32::MAX, "waiting_list": u32::MAX });
            class.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            let class = office.add("/classes", class).await;
            let of_class = format!("/classes/{}/series", class["id"]);
            let far = series(json!({ "from": "0001-01-01", "every_weeks": u32::MAX, "instructors": [there] }));
            office.add(&of_class, far).await;
            office.add(&of_class, series(json!({ "from": "9999-12-31" }))).await;
            office.add(&of_class, series(json!({ "starts": "00:00", "from": "0001-01-01", "to": "9999-12-31" }))).await;
        }
    });
}

#[test]
fn others_see_and_change_nothing_and_neither_do_those_without_the_right() {
    with_gym(CLASSES, |gym| async move {
        let office = Office::of(&gym).await;
        let other = gym.apply(&CLASSES.replace("key: acme,", "key: umbrella,")).await;
        let owner = account(&gym, other, "eve@umbrella.example", owner()).await;
        let stranger = session(&gym, other, owner).await;
        let elsewhere = gym.studio_of(other, "north").await;
        let south = signed_in(&gym, Role::Manager, "south").await;
        let beyond = gym.studio("south").await;
        let desk = signed_in(&gym, Role::Desk, "north").await;
        let trial = office.add("/trial-offers", json!({ "name": "Taster", "classes": ["yoga"] })).await;
        let check = office.add("/appointment-types", appointment(json!({}))).await;
        let scale = office.add("/resources", json!({ "name": "Scale" })).await;
        let (hall, yoga) = (office.named("/rooms", "hall").await, office.named("/classes", "yoga").await);
        let of_yoga = format!("/classes/{}/series", yoga["id"]);
        let evening = office.named(&of_yoga, "yoga-evening").await;
        let end = gym.end_of_journal().await;
        let room = "errormessage.room.not.found";
        for (path, entry, code) in [
            ("/rooms", &hall, room),
            ("/resources", &scale, "errormessage.resource.not.found"),
            ("/classes", &yoga, "errormessage.class.not.found"),
            ("/class-series", &evening, "errormessage.class.series.not.found"),
            ("/appointment-types", &check, "errormessage.bookable.appointment.not.found"),
            ("/trial-offers", &trial, "errormessage.trial.offer.config.not.found"),
        ] {
            let update = json!({ "version": entry["version"], "definition": entry["definition"] }).to_string();
            for (method, below, body) in
                [("GET", "", ""), ("PUT", "", update.as_str()), ("POST", "/retire", ""), ("POST", "/restore", "")]
            {
                let at = |studio: i64, id: &Value| format!("/studios/{studio}{path}/{id}{below}");
                // In their own studio there is no such thing, nor one of another kind, and into this one nobody comes.
                for (token, studio) in [(&south, beyond), (&stranger, elsewhere)] {
                    call(&gym, token, method, &at(studio, &entry["id"]), body).await.refusal(404, code);
                }
                let wrong_kind = if path == "/rooms" { &scale["id"] } else { &hall["id"] };
                for id in [wrong_kind, &json!(0)] {
                    call(&gym, &office.token, method, &at(office.studio, id), body).await.refusal(404, code);
                }
                let here = at(office.studio, &entry["id"]);
                call(&gym, &stranger, method, &here, body).await.refusal(404, "errormessage.studio.not.found");
                let missing = "errormessage.authorization.right.missing";
                call(&gym, &south, method, &here, body).await.refusal(403, missing);
                match method {
                    "GET" => assert_eq!(call(&gym, &desk, method, &here, body).await.json(), *entry),
                    _ => drop(call(&gym, &desk, method, &here, body).await.refusal(403, missing)),
                }
            }
        }
        for (method, body) in [("GET", Value::Null), ("POST", series(json!({})))] {
            let body = if body.is_null() { String::new() } else { body.to_string() };
            let there = format!("/studios/{beyond}{of_yoga}");
            call(&gym, &south, method, &there, &body).await.refusal(404, "errormessage.class.not.found");
        }
        // Keys mean something in their own studio only.
        let mine = call(
            &gym,
            &south,
            "POST",
            &format!("/studios/{beyond}/trial-offers"),
            r#"{"name":"A","classes":["yoga"]}"#,
        )
        .await;
        mine.refusal(400, INVALID);
        assert_eq!(gym.end_of_journal().await, end);
        assert_eq!(call(&gym, &south, "GET", &format!("/studios/{beyond}/rooms"), "").await.json(), json!([]));
    });
}

#[test]
fn a_dry_run_and_a_repeat_do_what_they_do_everywhere() {
    with_gym(CLASSES, |gym| async move {
        let office = Office::of(&gym).await;
        let path = format!("/studios/{}/rooms", office.studio);
        let room = r#"{"name":"Loft"}"#;
        let dry =
            crate::admin::call_with(&gym, &office.token, "POST", &path, &[("gymkeeper-dry-run", "true")], room).await;
        assert_eq!(dry.json()["definition"]["name"], "Loft");
        let keyed = [("idempotency-key", "a-room")];
        let first = crate::admin::call_with(&gym, &office.token, "POST", &path, &keyed, room).await.json();
        assert_eq!(crate::admin::call_with(&gym, &office.token, "POST", &path, &keyed, room).await.json(), first);
        assert_eq!(super::keys(&office.get("/rooms").await), ["hall", "cellar", first["key"].as_str().unwrap()]);
    });
}

#[test]
fn a_room_is_not_taken_away_while_a_class_is_planned_in_it() {
    with_gym(CLASSES, |gym| async move {
        let office = Office::of(&gym).await;
        let yoga = office.named("/classes", "yoga").await;
        let of_yoga = format!("/classes/{}/series", yoga["id"]);
        for round in 0..15 {
            let room = office.add("/rooms", json!({ "name": format!("Room {round}") })).await;
            let (away, planned) = (format!("/rooms/{}/retire", room["id"]), series(json!({ "room": room["key"] })));
            let both = [(away.as_str(), &Value::Null), (of_yoga.as_str(), &planned)];
            let both = both.map(|(path, body)| office.call("POST", path, body));
            let statuses: Vec<u16> = join_all(both).await.iter().map(|answer| answer.status).collect();
            assert!([[200, 400], [400, 200]].contains(&[statuses[0], statuses[1]]), "{round}: {statuses:?}");
        }
    });
}
