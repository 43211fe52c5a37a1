//! Classes and when they are held.

use serde_json::{Value, json};

use super::{Office, keys};
use crate::{
    classes::{booked, shown, slot, status},
    support::{CLASSES, Gym, with_gym},
};

/// Defines a class of which one slot is held each evening at seven in a new room by somebody new; answers class and series.
async fn dance(office: &Office<'_>) -> (Value, Value) {
    let room = office.add("/rooms", json!({ "name": "Loft" })).await;
    let trainer = office.hire("Nora").await;
    let class =
        json!({ "name": "Dance", "minutes": 60, "needs_allowance": false, "max_participants": 2, "waiting_list": 1 });
    let class = office.add("/classes", class).await;
    let series = json!({
        "weekdays": ["MONDAY", "TUESDAY", "WEDNESDAY"], "starts": "19:00", "from": "2026-11-01",
        "room": room["key"], "instructors": [trainer],
    });
    let series = office.add(&format!("/classes/{}/series", class["id"]), series).await;
    (class, series)
}

fn with(definition: &Value, field: &str, value: Value) -> Value {
    let mut definition = definition.clone();
    definition[field] = value;
    definition
}

/// The types of the events behind a position about one of these.
async fn told(gym: &Gym, position: i64, about: &[i64]) -> Vec<String> {
    let events = gym.events_after(position).await;
    events.into_iter().filter(|(_, id)| about.contains(id)).map(|(kind, _)| kind).collect()
}

#[test]
fn a_class_defined_in_the_back_office_is_published_with_a_trainer_hired_there() {
    with_gym(CLASSES, |gym| async move {
        let (office, key, end) = (Office::of(&gym).await, gym.key("north").await, gym.end_of_journal().await);
        let before = gym.get(&key, "/v1/classes").await.json()["result"].as_array().unwrap().len();
        let (class, series) = dance(&office).await;
        assert_eq!((&class["definition"]["minutes"], class.get("class")), (&json!(60), None));
        assert_eq!(series["class"], class["key"]);
        let added = ["inventory.added", "employee.created EMPLOYEE_CREATED"];
        assert_eq!(
            gym.deeds(end).await,
            [added[0], added[1], "inventory.added", "inventory.added", "classes.published"]
        );
        let list = gym.get(&key, "/v1/classes").await.json();
        let listed = list["result"].as_array().unwrap();
        assert_eq!(listed.len(), before + 1);
        assert_eq!((&listed[before]["id"], &listed[before]["title"]), (&class["id"], &json!("Dance")));
        let monday = slot(&gym, &key, "2026-11-23T19:00").await;
        let seen = shown(&gym, &key, monday).await;
        assert_eq!(
            (&seen["location"]["name"], &seen["instructors"][0]["firstName"], &seen["maxParticipants"]),
            (&json!("Loft"), &json!("Nora"), &json!(2))
        );
        assert_eq!(office.get(&format!("/classes/{}/series", class["id"])).await, json!([series]));
        assert_eq!(office.get(&format!("/class-series/{}", series["id"])).await, series);
        // What a file says does not touch it, nor its slots.
        let (ada, _) = booked(&gym, &key, gym.customer("north", "ada").await, monday).await;
        let end = gym.end_of_journal().await;
        gym.apply(CLASSES).await;
        assert_eq!(gym.end_of_journal().await, end);
        assert_eq!(status(&gym, &key, ada).await, "BOOKED");
        assert_eq!(office.get(&format!("/class-series/{}", series["id"])).await, series);
        // Nor does the night, which publishes it further.
        gym.set_clock("2026-11-22T11:00:00Z").await;
        gymkeeper_server::workers::jobs::run_due(&gym.app, gym.tenant).await.unwrap();
        assert_eq!(status(&gym, &key, ada).await, "BOOKED");
    });
}

#[test]
fn a_series_may_be_held_on_the_last_of_its_days_in_each_month() {
    with_gym(CLASSES, |gym| async move {
        let (office, key) = (Office::of(&gym).await, gym.key("north").await);
        let class = office.add("/classes", json!({ "name": "Feast", "minutes": 60 })).await;
        let series = json!({ "weekdays": ["SUNDAY"], "starts": "10:00", "from": "2026-11-01", "of_month": [-1] });
        office.add(&format!("/classes/{}/series", class["id"]), series).await;
        let path = format!("/v1/classes/{}/slots?slotWindowStartDate=2026-11-21&daysAhead=14", class["id"]);
        let slots = gym.get(&key, &path).await.json();
        let starts: Vec<_> = slots["result"].as_array().unwrap().iter().map(|slot| &slot["startDateTime"]).collect();
        // Of the Sundays of two weeks, which are the 22nd and the 29th.
        assert_eq!(starts, ["2026-11-29T10:00:00.000+01:00"]);
    });
}

#[test]
fn cls_2_who_has_left_leads_nothing_any_more() {
    with_gym(CLASSES, |gym| async move {
        let (office, key) = (Office::of(&gym).await, gym.key("north").await);
        let (class, series) = dance(&office).await;
        let trainer = series["definition"]["instructors"][0].as_str().unwrap().trim_start_matches('@').to_owned();
        assert_eq!(office.call("POST", &format!("/employees/{trainer}/archive"), &Value::Null).await.status, 200);
        // A slot may keep whom it has, as it may keep its room.
        let monday = slot(&gym, &key, "2026-11-23T19:00").await;
        let same = json!({
            "startDateTime": "2026-11-23T19:00:00+01:00", "endDateTime": "2026-11-23T20:00:00+01:00", "maxParticipants": 3,
            "instructorIds": [trainer.parse::<i64>().unwrap()],
        });
        assert_eq!(office.call("PUT", &format!("/class-slots/{monday}"), &same).await.status, 200);
        let another = json!({ "classId": class["id"], "startDateTime": "2026-11-25T09:00:00+01:00", "instructorIds": same["instructorIds"] });
        let refusal = office.call("POST", "/class-slots", &another).await;
        refusal.refusal(400, "errormessage.validation.field.invalid");
        // What follows the series names them no longer from the night on.
        gym.set_clock("2026-11-22T11:00:00Z").await;
        gymkeeper_server::workers::jobs::run_due(&gym.app, gym.tenant).await.unwrap();
        let tuesday = shown(&gym, &key, slot(&gym, &key, "2026-11-24T19:00").await).await;
        assert!(tuesday["instructors"].as_array().is_none_or(Vec::is_empty), "{tuesday}");
        assert_eq!(shown(&gym, &key, monday).await["instructors"].as_array().map(Vec::len), Some(1));
    });
}

#[test]
fn wh_8_whoever_has_booked_is_told_of_another_time_trainer_or_room() {
    with_gym(CLASSES, |gym| async move {
        let (office, key) = (Office::of(&gym).await, gym.key("north").await);
        let (class, series) = dance(&office).await;
        let monday = slot(&gym, &key, "2026-11-23T19:00").await;
        let (booking, _) = booked(&gym, &key, gym.customer("north", "ada").await, monday).await;
        let about = [monday, booking];
        let both = ["CLASS_SLOT_UPDATED", "CLASS_BOOKING_UPDATED"];
        let mut present = series;
        for (field, value) in [
            ("starts", json!("19:30")),
            ("instructors", json!(["tom"])),
            ("room", json!("cellar")),
            ("exceptions", json!([{ "on": "2026-11-23", "moved_to": "2026-11-24T10:00:00" }])),
        ] {
            let end = gym.end_of_journal().await;
            let wanted = with(&present["definition"], field, value);
            present = office.change("/class-series", &present, wanted.clone()).await.json();
            assert_eq!(present["definition"], wanted);
            assert_eq!(told(&gym, end, &about).await, both, "{field}");
        }
        let seen = shown(&gym, &key, monday).await;
        assert_eq!(seen["startDateTime"], "2026-11-24T10:00:00.000+01:00");
        assert_eq!((&seen["location"]["name"], &seen["bookedParticipants"]), (&json!("Cellar"), &json!(1)));
        // A longer class ends later; more places are nobody's business.
        let end = gym.end_of_journal().await;
        let longer = with(&class["definition"], "minutes", json!(90));
        let class = office.change("/classes", &class, longer).await.json();
        assert_eq!(told(&gym, end, &about).await, both);
        assert_eq!(shown(&gym, &key, monday).await["endDateTime"], "2026-11-24T11:30:00.000+01:00");
        let end = gym.end_of_journal().await;
        let larger = with(&class["definition"], "max_participants", json!(5));
        office.change("/classes", &class, larger).await.json();
        assert_eq!(told(&gym, end, &about).await, Vec::<String>::new());
        assert_eq!(shown(&gym, &key, monday).await["maxParticipants"], 5);
    });
}

#[test]
fn who_has_a_place_keeps_it_when_there_are_fewer_and_who_waits_moves_up_when_there_are_more() {
    with_gym(CLASSES, |gym| async move {
        let (office, key) = (Office::of(&gym).await, gym.key("north").await);
        let (class, _) = dance(&office).await;
        let monday = slot(&gym, &key, "2026-11-23T19:00").await;
        let mut places = Vec::new();
        for name in ["ada", "bea", "cem"] {
            places.push(booked(&gym, &key, gym.customer("north", name).await, monday).await);
        }
        let waits = places[2].0;
        assert_eq!(places[2].1, "WAITING_LIST");
        let fewer = with(&class["definition"], "max_participants", json!(1));
        let class = office.change("/classes", &class, fewer).await.json();
        for (id, before) in &places {
            assert_eq!(status(&gym, &key, *id).await, *before);
        }
        let seen = shown(&gym, &key, monday).await;
        assert_eq!((&seen["maxParticipants"], &seen["bookedParticipants"]), (&json!(1), &json!(2)));
        let end = gym.end_of_journal().await;
        let more = with(&class["definition"], "max_participants", json!(3));
        office.change("/classes", &class, more).await.json();
        assert_eq!(status(&gym, &key, waits).await, "BOOKED");
        assert_eq!(told(&gym, end, &[waits]).await, ["CLASS_BOOKING_UPDATED"]);
    });
}

#[test]
fn wh_9_what_is_taken_out_of_use_is_called_off_and_comes_back_without_its_bookings() {
    with_gym(CLASSES, |gym| async move {
        let (office, key) = (Office::of(&gym).await, gym.key("north").await);
        let (class, series) = dance(&office).await;
        for (path, entry) in [("/class-series", &series), ("/classes", &class)] {
            let monday = slot(&gym, &key, "2026-11-23T19:00").await;
            let (booking, _) = booked(&gym, &key, gym.customer("north", "ada").await, monday).await;
            let end = gym.end_of_journal().await;
            assert_eq!(office.act(path, entry, "retire").await.json()["retired"], true);
            assert_eq!(told(&gym, end, &[monday, booking]).await, ["CLASS_SLOT_CANCELLED", "CLASS_BOOKING_CANCELLED"]);
            assert_eq!(status(&gym, &key, booking).await, "CANCELED");
            let titles = gym.get(&key, "/v1/classes").await.text();
            assert!(!titles.contains("Dance"), "{titles}");
            assert_eq!(office.act(path, entry, "restore").await.json(), *entry);
            assert_eq!(shown(&gym, &key, monday).await["bookedParticipants"], 0);
        }
        // So is what staff has planned beside the series, or changed.
        let class_id = class["id"].as_i64().unwrap();
        let new = json!({ "classId": class_id, "startDateTime": "2026-11-24T09:00:00+01:00" });
        let beside = office.call("POST", "/class-slots", &new).await.json()["slot"]["id"].as_i64().unwrap();
        let monday = slot(&gym, &key, "2026-11-23T19:00").await;
        let changed = json!({
            "startDateTime": "2026-11-23T19:15:00+01:00", "endDateTime": "2026-11-23T20:15:00+01:00", "maxParticipants": 3,
        });
        office.call("PUT", &format!("/class-slots/{monday}"), &changed).await.json();
        let end = gym.end_of_journal().await;
        // What is not for programs any more is in none of their lists, whoever planned it.
        let offline = with(&class["definition"], "online", json!(false));
        let hidden = office.change("/classes", &class, offline).await.json();
        assert!(!gym.get(&key, "/v1/classes").await.text().contains("Dance"));
        for slot in [beside, monday] {
            let path = format!("/v1/classes/{class_id}/slots/{slot}");
            assert_eq!(gym.get(&key, &path).await.status, 404, "{slot}");
        }
        let class = office.change("/classes", &hidden, class["definition"].clone()).await.json();
        assert!(gym.get(&key, "/v1/classes").await.text().contains("Dance"));
        assert_eq!(told(&gym, end, &[beside, monday]).await, [""; 0]);
        office.act("/classes", &class, "retire").await.json();
        assert_eq!(told(&gym, end, &[beside, monday]).await, ["CLASS_SLOT_CANCELLED"; 2]);
        assert!(!gym.get(&key, "/v1/classes").await.text().contains("Dance"));
        let class = office.act("/classes", &class, "restore").await.json();
        // Nothing is planned for a class that is out of use.
        office.act("/classes", &class, "retire").await.json();
        let of_class = format!("/classes/{}/series", class["id"]);
        let answer = office.call("POST", &of_class, &series["definition"]).await;
        answer.refusal(404, "errormessage.class.not.found");
        assert!(!office.get("/classes").await.to_string().contains("Dance"));
    });
}

#[test]
fn a_class_of_the_file_can_be_changed_and_held_more_often_until_the_file_is_applied_again() {
    with_gym(CLASSES, |gym| async move {
        let (office, key) = (Office::of(&gym).await, gym.key("north").await);
        let yoga = office.named("/classes", "yoga").await;
        let of_class = format!("/classes/{}/series", yoga["id"]);
        assert_eq!(keys(&office.get(&of_class).await), ["yoga-evening"]);
        let morning = json!({ "weekdays": ["MONDAY"], "starts": "06:30", "from": "2026-11-01" });
        let morning = office.add(&of_class, morning).await;
        slot(&gym, &key, "2026-11-23T06:30").await;
        // Its picture stays as long as its path does.
        let shown = async || gym.get(&key, &format!("/v1/classes/{}", yoga["id"])).await.json();
        assert!(shown().await["imgUrl"].is_string());
        let other = with(&yoga["definition"], "name", json!("Slow yoga"));
        let renamed = office.change("/classes", &yoga, other.clone()).await.json();
        let seen = shown().await;
        assert_eq!((&seen["title"], seen["imgUrl"].is_string()), (&json!("Slow yoga"), true));
        let mut without = other;
        without.as_object_mut().unwrap().remove("image");
        office.change("/classes", &renamed, without).await.json();
        assert!(shown().await.get("imgUrl").is_none());
        gym.apply(CLASSES).await;
        let seen = shown().await;
        assert_eq!((&seen["title"], seen["imgUrl"].is_string()), (&json!("Yoga"), true));
        assert_eq!(office.named("/classes", "yoga").await, yoga);
        assert_eq!(keys(&office.get(&of_class).await), ["yoga-evening", morning["key"].as_str().unwrap()]);
        slot(&gym, &key, "2026-11-23T06:30").await;
    });
}
