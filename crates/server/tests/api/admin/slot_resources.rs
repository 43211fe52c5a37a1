//! Resources of slots that staff make or change: what a class takes nobody else has at that time.

use gymkeeper_domain::staff::Role;
use serde_json::{Value, json};

use super::classes::{Desk, unchanged};
use crate::{
    appointments::{Booker, GYM, trainer},
    support::{join_all, with_gym},
};

const MONDAY: &str = "?slotWindowStartDate=2026-11-23";

/// The gym with a class that has no series.
fn with_class() -> String {
    let class = "    classes:\n      - { key: yoga, name: Yoga, minutes: 60, needs_allowance: false }\n";
    GYM.replacen("    appointments:\n", &format!("{class}    appointments:\n"), 1)
}

/// The id of what has that key in a list of the back office.
async fn id_of(desk: &Desk<'_>, list: &str, key: &str) -> Value {
    let all = desk.call("GET", &format!("/{list}"), &Value::Null).await.json();
    all.as_array().unwrap().iter().find(|one| one["key"] == key).unwrap()["id"].clone()
}

/// Whether these appointments can begin on Monday at two: the check needs the scale, a ride one of two bikes.
async fn free_at_two(gym: &crate::support::Gym) -> [bool; 2] {
    let booker = Booker::of(gym).await;
    let mut found = [false; 2];
    for (place, appointment) in ["check", "ride"].into_iter().enumerate() {
        found[place] = booker.slots(appointment, MONDAY).await.iter().any(|slot| slot == "23T14:00");
    }
    found
}

#[test]
fn wh_8_a_slot_of_staff_takes_resources_and_a_change_gives_them_back() {
    with_gym(&with_class(), |gym| async move {
        let desk = Desk::of(&gym, Role::Manager).await;
        let class = id_of(&desk, "classes", "yoga").await;
        let scale = id_of(&desk, "resources", "scale").await;
        let bikes = [id_of(&desk, "resources", "bike-1").await, id_of(&desk, "resources", "bike-2").await];
        assert_eq!(free_at_two(&gym).await, [true, true]);
        let new = json!({
            "classId": class, "startDateTime": "2026-11-23T14:00:00+01:00", "resourceIds": [scale, bikes[0]],
        });
        let made = desk.call("POST", "/class-slots", &new).await.json();
        assert_eq!(made["slot"]["resourceIds"], json!([scale, bikes[0]]));
        assert_eq!(free_at_two(&gym).await, [false, true], "one bike is left");
        let slot = &made["slot"];
        let booked = desk.book(slot, gym.customer("north", "mia").await, json!({})).await.json();
        let (path, booking) = (format!("/class-slots/{}", slot["id"]), booked["id"].as_i64().unwrap());
        // The same again tells nobody anything.
        let before = gym.end_of_journal().await;
        desk.call("PUT", &path, &unchanged(slot)).await.json();
        assert_eq!(gym.end_of_journal().await, before);
        let mut other = unchanged(slot);
        other["resourceIds"] = json!(bikes);
        let changed = desk.call("PUT", &path, &other).await.json();
        assert_eq!(changed["slot"]["resourceIds"], json!(bikes));
        let id = slot["id"].as_i64().unwrap();
        let told = [("CLASS_SLOT_UPDATED".to_owned(), id), ("CLASS_BOOKING_UPDATED".to_owned(), booking)];
        assert_eq!(gym.events_after(before).await, told);
        let changes = gym.journal_after(before).await[0].changes.clone().unwrap();
        let resources = json!({"from": [scale, bikes[0]], "to": bikes});
        assert_eq!(serde_json::from_str::<Value>(&changes).unwrap()["resources"], resources);
        assert_eq!(free_at_two(&gym).await, [true, false]);
        // It takes them with it to another time, and left out they are let go.
        let mut later = other.clone();
        later["startDateTime"] = json!("2026-11-23T17:00:00+01:00");
        later["endDateTime"] = json!("2026-11-23T18:00:00+01:00");
        desk.call("PUT", &path, &later).await.json();
        assert_eq!(free_at_two(&gym).await, [true, true]);
        desk.call("PUT", &path, &other).await.json();
        let mut without = other.clone();
        without.as_object_mut().unwrap().remove("resourceIds");
        let before = gym.end_of_journal().await;
        assert_eq!(desk.call("PUT", &path, &without).await.json()["slot"]["resourceIds"], json!([]));
        assert_eq!(gym.events_after(before).await, told);
        assert_eq!(free_at_two(&gym).await, [true, true]);
        // What is called off takes nothing any more, and still shows what it would have taken.
        desk.call("PUT", &path, &other).await.json();
        assert_eq!(free_at_two(&gym).await, [true, false]);
        let off = desk.call("POST", &format!("{path}/call-off"), &Value::Null).await.json();
        assert_eq!(off["slot"]["resourceIds"], json!(bikes));
        assert_eq!(free_at_two(&gym).await, [true, true]);
    });
}

#[test]
fn resources_of_others_and_those_that_are_named_twice_are_refused() {
    let yaml = with_class().replacen(
        "    appointments:\n      - { key: massage",
        "    resources: [{ key: table, name: Table }]\n    appointments:\n      - { key: massage",
        1,
    );
    with_gym(&yaml, |gym| async move {
        let desk = Desk::of(&gym, Role::Manager).await;
        let south = Desk::in_studio(&gym, Role::Manager, "south").await;
        let class = id_of(&desk, "classes", "yoga").await;
        let (scale, room) = (id_of(&desk, "resources", "scale").await, id_of(&desk, "rooms", "studio").await);
        let table = id_of(&south, "resources", "table").await;
        let new = json!({ "classId": class, "startDateTime": "2026-11-23T14:00:00+01:00" });
        let made = desk.call("POST", "/class-slots", &new).await.json();
        assert_eq!(made["slot"]["resourceIds"], json!([]));
        let (before, path) = (gym.end_of_journal().await, format!("/class-slots/{}", made["slot"]["id"]));
        for (resources, reference) in [
            (json!([scale, scale]), "resourceIds[1]"),
            (json!([room]), "resourceIds[0]"),
            (json!([scale, table]), "resourceIds[1]"),
            (json!([7]), "resourceIds[0]"),
        ] {
            for (method, path, body) in
                [("POST", "/class-slots", new.clone()), ("PUT", path.as_str(), unchanged(&made["slot"]))]
            {
                let mut wrong = body;
                wrong["resourceIds"] = resources.clone();
                let refusal = desk.call(method, path, &wrong).await;
                let refusal = refusal.refusal(400, "errormessage.validation.field.invalid");
                assert_eq!(refusal.reference.as_deref(), Some(reference), "{method} {resources}");
            }
        }
        assert_eq!(gym.end_of_journal().await, before);
    });
}

#[test]
fn what_the_studio_has_no_longer_stays_in_a_slot_and_comes_into_no_other() {
    with_gym(&with_class(), |gym| async move {
        let desk = Desk::of(&gym, Role::Manager).await;
        let class = id_of(&desk, "classes", "yoga").await;
        let scale = id_of(&desk, "resources", "scale").await;
        let add = async |list: &str| desk.call("POST", list, &json!({ "name": "Old" })).await.json()["id"].clone();
        let (room, bench) = (add("/rooms").await, add("/resources").await);
        let at = |hour: u32| json!({ "classId": class, "startDateTime": format!("2026-11-23T{hour:02}:00:00+01:00") });
        let with = |mut body: Value, field: &str, value: &Value| {
            body[field] = value.clone();
            body
        };
        let empty = desk.call("POST", "/class-slots", &at(9)).await.json();
        let full = with(with(at(14), "roomId", &room), "resourceIds", &json!([bench]));
        let full = desk.call("POST", "/class-slots", &full).await.json()["slot"].clone();
        for (list, id) in [("rooms", &room), ("resources", &bench)] {
            desk.call("POST", &format!("/{list}/{id}/retire"), &Value::Null).await.json();
        }
        let (full_path, empty_path) =
            (format!("/class-slots/{}", full["id"]), format!("/class-slots/{}", empty["slot"]["id"]));
        let before = gym.end_of_journal().await;
        for (field, value, reference) in [
            ("roomId", room.clone(), "roomId"),
            ("resourceIds", json!([bench]), "resourceIds[0]"),
            ("resourceIds", json!([scale, bench]), "resourceIds[1]"),
        ] {
            for (method, path, body) in
                [("POST", "/class-slots", at(17)), ("PUT", empty_path.as_str(), unchanged(&empty["slot"]))]
            {
                let refusal = desk.call(method, path, &with(body, field, &value)).await;
                let refusal = refusal.refusal(400, "errormessage.validation.field.invalid");
                assert_eq!(refusal.reference.as_deref(), Some(reference), "{method} {value}");
            }
        }
        assert_eq!(gym.end_of_journal().await, before);
        // With what it has it may be changed, and what was let go does not come back.
        let wider = with(unchanged(&full), "resourceIds", &json!([bench, scale]));
        let changed = desk.call("PUT", &full_path, &wider).await.json()["slot"].clone();
        assert_eq!((&changed["roomId"], &changed["resourceIds"]), (&room, &json!([bench, scale])));
        let without = with(with(wider.clone(), "roomId", &Value::Null), "resourceIds", &json!([]));
        desk.call("PUT", &full_path, &without).await.json();
        let refusal = desk.call("PUT", &full_path, &wider).await.refusal(400, "errormessage.validation.field.invalid");
        assert_eq!(refusal.reference.as_deref(), Some("roomId"));
    });
}

#[test]
fn nobody_and_nothing_is_taken_twice_unless_staff_insist() {
    with_gym(&with_class(), |gym| async move {
        let (desk, booker) = (Desk::of(&gym, Role::Manager).await, Booker::of(&gym).await);
        let (class, room) = (id_of(&desk, "classes", "yoga").await, id_of(&desk, "rooms", "studio").await);
        let (scale, bike) = (id_of(&desk, "resources", "scale").await, id_of(&desk, "resources", "bike-1").await);
        let (bo, cy) = (trainer(&gym, "north", "bo").await, trainer(&gym, "north", "cy").await);
        booker.booked("mia", "check", "23T14:00", "23T14:30").await;
        let away = json!({"startDateTime": "2026-11-23T16:00:00+01:00", "endDateTime": "2026-11-23T17:00:00+01:00"});
        desk.call("POST", &format!("/employees/{cy}/absences"), &away).await.json();
        let at = |time: &str| json!(format!("2026-11-23T{time}:00+01:00"));
        let add = async |start: &str, takes: &Value| {
            let mut new = json!({"classId": class, "startDateTime": at(start)});
            new.as_object_mut().unwrap().extend(takes.as_object().unwrap().clone());
            desk.call("POST", "/class-slots", &new).await
        };
        let not_free = async |start: &str, takes: Value, reference: &str| {
            let refusal = add(start, &takes).await.refusal(400, "errormessage.booking.resource.not.available");
            assert_eq!(refusal.reference.as_deref(), Some(reference), "{start} {takes}");
        };
        let before = gym.end_of_journal().await;
        // A class lasts an hour.
        not_free("13:30", json!({"resourceIds": [bike, scale]}), "resourceIds[1]").await;
        not_free("14:15", json!({"resourceIds": [scale]}), "resourceIds[0]").await;
        not_free("15:15", json!({"instructorIds": [bo, cy]}), "instructorIds[1]").await;
        assert_eq!(gym.end_of_journal().await, before);
        // What ends as something else begins is not in its way.
        let first = add("13:00", &json!({"resourceIds": [scale], "roomId": room})).await.json();
        add("14:30", &json!({"resourceIds": [scale], "instructorIds": [cy]})).await.json();
        not_free("13:45", json!({"roomId": room}), "roomId").await;
        not_free("15:00", json!({"instructorIds": [cy]}), "instructorIds[0]").await;
        // Who insists may, and the slot keeps what it has as long as its time is the same.
        let twice = add("13:30", &json!({"resourceIds": [scale], "override": true})).await.json();
        let path = format!("/class-slots/{}", twice["slot"]["id"]);
        let mut fuller = unchanged(&twice["slot"]);
        fuller["additionalParticipants"] = json!(2);
        desk.call("PUT", &path, &fuller).await.json();
        let mut later = fuller.clone();
        (later["startDateTime"], later["endDateTime"]) = (at("13:45"), at("14:45"));
        desk.call("PUT", &path, &later).await.refusal(400, "errormessage.booking.resource.not.available");
        later["override"] = json!(true);
        desk.call("PUT", &path, &later).await.json();
        // What is called off takes nothing.
        desk.call("POST", &format!("/class-slots/{}/call-off", first["slot"]["id"]), &Value::Null).await.json();
        add("13:15", &json!({"roomId": room})).await.json();
    });
}

#[test]
fn of_two_who_want_the_same_trainer_at_once_one_gets_them() {
    with_gym(&with_class(), |gym| async move {
        let desk = Desk::of(&gym, Role::Manager).await;
        let (class, cy) = (id_of(&desk, "classes", "yoga").await, trainer(&gym, "north", "cy").await);
        for hour in 8..18 {
            let start = format!("2026-11-23T{hour:02}:00:00+01:00");
            let new = json!({ "classId": class, "startDateTime": start, "instructorIds": [cy] });
            let both =
                join_all([desk.call("POST", "/class-slots", &new), desk.call("POST", "/class-slots", &new)]).await;
            let mut statuses = both.iter().map(|answer| answer.status).collect::<Vec<_>>();
            statuses.sort_unstable();
            assert_eq!(statuses, [200, 400], "{hour}");
        }
    });
}
