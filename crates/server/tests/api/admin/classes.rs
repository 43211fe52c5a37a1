//! Classes in the back office: when they are held, and who is in them.

use gymkeeper_domain::staff::Role;
use serde_json::{Value, json};

use super::{call, last_record, signed_in};
use crate::support::{Answer, CLASSES, Gym, with_gym};

/// What somebody in the back office does below the path of their studio, the north unless it is said.
pub(super) struct Desk<'g> {
    gym: &'g Gym,
    pub(super) token: String,
    pub(super) studio: i64,
}

impl<'g> Desk<'g> {
    pub(super) async fn of(gym: &'g Gym, held: Role) -> Self {
        Self::in_studio(gym, held, "north").await
    }

    pub(super) async fn in_studio(gym: &'g Gym, held: Role, studio: &str) -> Self {
        Self { gym, token: signed_in(gym, held, studio).await, studio: gym.studio(studio).await }
    }

    pub(super) async fn call(&self, method: &str, path: &str, body: &Value) -> Answer {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        call(self.gym, &self.token, method, &format!("/studios/{}{path}", self.studio), &body).await
    }

    /// The slot that begins at that time of the studio's clock.
    pub(super) async fn slot(&self, start: &str) -> Value {
        let page =
            self.call("GET", &format!("/class-slots?from={}&days=1&sliceSize=100", &start[..10]), &Value::Null).await;
        let page = page.json();
        let slots = page["result"].as_array().unwrap();
        slots.iter().find(|slot| slot["startDateTime"].as_str().unwrap().starts_with(start)).unwrap().clone()
    }

    pub(super) async fn book(&self, slot: &Value, customer: i64, more: Value) -> Answer {
        let mut body = json!({"customerId": customer});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.call("POST", &format!("/class-slots/{}/bookings", slot["id"]), &body).await
    }
}

/// What a slot would be sent as if nothing changed.
pub(super) fn unchanged(slot: &Value) -> Value {
    json!({
        "startDateTime": slot["startDateTime"], "endDateTime": slot["endDateTime"], "roomId": slot["roomId"],
        "instructorIds": slot["instructorIds"], "resourceIds": slot["resourceIds"], "maxParticipants": slot["maxParticipants"],
        "maxWaitingListParticipants": slot["maxWaitingListParticipants"],
        "additionalParticipants": slot["additionalParticipants"],
    })
}

#[test]
fn staff_see_whom_a_class_is_for() {
    let yaml = CLASSES.replacen("        name: Yoga\n", "        name: Yoga\n        level: Beginners\n", 1);
    assert_ne!(yaml, CLASSES);
    with_gym(&yaml, |gym| async move {
        let desk = Desk::of(&gym, Role::Desk).await;
        assert_eq!(desk.slot("2026-11-23T18:00").await["level"], "Beginners");
        assert_eq!(desk.slot("2026-11-24T08:00").await.get("level"), None);
    });
}

#[test]
fn staff_see_and_fill_a_class_against_the_rules_where_they_must() {
    with_gym(CLASSES, |gym| async move {
        let desk = Desk::of(&gym, Role::Desk).await;
        let customer = async |name: &str| gym.customer("north", name).await;
        let yoga = desk.slot("2026-11-23T18:00").await;
        assert_eq!(
            (&yoga["title"], &yoga["status"], &yoga["ofStaff"]),
            (&json!("Yoga"), &json!("PLANNED"), &json!(false))
        );
        // The hidden are not hidden from staff.
        let first = desk.book(&yoga, customer("hidden").await, json!({})).await.json();
        assert_eq!((&first["status"], &first["firstName"]), (&json!("BOOKED"), &json!("Hidden")));
        desk.book(&yoga, customer("ada").await, json!({})).await.json();
        assert_eq!(desk.book(&yoga, customer("bea").await, json!({})).await.json()["status"], "WAITING_LIST");
        let guest = customer("guest").await;
        desk.book(&yoga, guest, json!({})).await.refusal(400, "errormessage.booking.no.contingent");
        // What is booked by the rules says nothing of them.
        let said = async |before: i64| gym.journal_after(before).await.pop().unwrap().changes.unwrap();
        let against = r#""againstRules":{"to":true}"#;
        assert!(!said(0).await.contains(against));
        let before = gym.end_of_journal().await;
        let over = desk.book(&yoga, guest, json!({"override": true})).await.json();
        assert_eq!(over["status"], "BOOKED");
        assert!(said(before).await.contains(against));
        let again = desk.book(&yoga, guest, json!({"override": true})).await;
        again.refusal(400, "errormessage.booking.customer.already.booked");
        let all = desk.call("GET", &format!("/class-slots/{}", yoga["id"]), &Value::Null).await.json();
        assert_eq!(last_record(&gym).await.1, "class-slot.read");
        let names: Vec<_> =
            all["bookings"].as_array().unwrap().iter().map(|one| one["firstName"].as_str().unwrap()).collect();
        assert_eq!(names, ["Hidden", "Ada", "Bea", "Guest"]);
        assert_eq!(
            (&all["slot"]["bookedParticipants"], &all["slot"]["waitingListParticipants"]),
            (&json!(3), &json!(1))
        );
        // Three are in for two places, so nobody moves up when one goes.
        let path = format!("/class-bookings/{}?giveBack=true", over["id"]);
        assert_eq!(desk.call("DELETE", &path, &Value::Null).await.json()["status"], "CANCELED");
        desk.call("DELETE", &path, &Value::Null).await.refusal(400, "errormessage.booking.already.canceled");
        let next = format!("/class-bookings/{}", first["id"]);
        desk.call("DELETE", &next, &Value::Null).await.json();
        let all = desk.call("GET", &format!("/class-slots/{}", yoga["id"]), &Value::Null).await.json();
        assert_eq!(
            (&all["slot"]["bookedParticipants"], &all["slot"]["waitingListParticipants"]),
            (&json!(2), &json!(0))
        );
        // Who gave a place back and lost what it took is still seen; what was given back leaves nothing to see.
        let late: Vec<_> = all["lateCancelations"].as_array().unwrap().iter().collect();
        assert_eq!(late.len(), 1);
        assert_eq!((&late[0]["id"], &late[0]["status"]), (&first["id"], &json!("CANCELED")));
        assert_eq!(late[0]["firstName"], "Hidden");
    });
}

#[test]
fn cls_13_staff_note_who_came() {
    with_gym(CLASSES, |gym| async move {
        let (desk, key) = (Desk::of(&gym, Role::Trainer).await, gym.key("north").await);
        let yoga = desk.slot("2026-11-23T18:00").await;
        let ada = desk.book(&yoga, gym.customer("north", "ada").await, json!({})).await.json();
        let path = format!("/class-bookings/{}/participation", ada["id"]);
        let noted = async |status: &str| desk.call("PUT", &path, &json!({"participantStatus": status})).await;
        assert_eq!(noted("NOT_PARTICIPATING").await.json()["participantStatus"], "NOT_PARTICIPATING");
        let told = gym.get(&key, &format!("/v1/classes/booking/{}", ada["id"])).await.json();
        assert_eq!(told["participantStatus"], "NOT_PARTICIPATING");
        let journal = gym.end_of_journal().await;
        noted("NOT_PARTICIPATING").await.json();
        assert_eq!(gym.end_of_journal().await, journal);
        noted("HERE").await.refusal(400, "errormessage.validation.enum.unknown");
        desk.call("DELETE", &format!("/class-bookings/{}", ada["id"]), &Value::Null).await.json();
        noted("PARTICIPATING").await.refusal(400, "errormessage.booking.without.place");
        let nobody = desk.call("PUT", "/class-bookings/9/participation", &json!({"participantStatus": "UNSET"})).await;
        nobody.refusal(404, "errormessage.booking.not.found");
    });
}

#[test]
fn wh_8_and_9_a_manager_moves_a_class_and_calls_it_off() {
    with_gym(CLASSES, |gym| async move {
        let desk = Desk::of(&gym, Role::Manager).await;
        let yoga = desk.slot("2026-11-23T18:00").await;
        let (id, path) = (yoga["id"].as_i64().unwrap(), format!("/class-slots/{}", yoga["id"]));
        let mut bookings = Vec::new();
        for name in ["ada", "bea", "cem"] {
            let made = desk.book(&yoga, gym.customer("north", name).await, json!({})).await.json();
            bookings.push(made["id"].as_i64().unwrap());
        }
        let events = async |before: i64| {
            let all = gym.events_after(before).await;
            all.into_iter().map(|(kind, about)| (kind, bookings.iter().position(|id| *id == about))).collect::<Vec<_>>()
        };
        let event = |kind: &str, about: Option<usize>| (kind.to_owned(), about);
        let before = gym.end_of_journal().await;
        desk.call("PUT", &path, &unchanged(&yoga)).await.json();
        assert_eq!(events(before).await, []);
        // One place more: whoever waits moves up, and nobody else is told anything.
        let mut wider = unchanged(&yoga);
        wider["maxParticipants"] = json!(3);
        let changed = desk.call("PUT", &path, &wider).await.json();
        assert_eq!((&changed["slot"]["bookedParticipants"], &changed["slot"]["ofStaff"]), (&json!(3), &json!(true)));
        assert_eq!(events(before).await, [event("CLASS_BOOKING_UPDATED", Some(2))]);
        let before = gym.end_of_journal().await;
        // Whoever looked before that is told so, where they say what they looked at.
        let mut stale = unchanged(&yoga);
        stale["version"] = yoga["version"].clone();
        desk.call("PUT", &path, &stale).await.refusal(409, "errormessage.concurrent.modification");
        wider["version"] = changed["slot"]["version"].clone();
        desk.call("PUT", &path, &wider).await.json();
        wider.as_object_mut().unwrap().remove("version");
        let mut later = wider.clone();
        later["startDateTime"] = json!("2026-11-23T19:00:00+01:00");
        later["endDateTime"] = json!("2026-11-23T20:00:00+01:00");
        let changed = desk.call("PUT", &path, &later).await.json();
        assert_eq!(changed["slot"]["startDateTime"], "2026-11-23T19:00:00.000+01:00");
        let told = |kind: &str| (0..3).map(|place| event(kind, Some(place))).collect::<Vec<_>>();
        assert_eq!(
            events(before).await,
            [vec![event("CLASS_SLOT_UPDATED", None)], told("CLASS_BOOKING_UPDATED")].concat()
        );
        // The gym file does not take it back.
        gym.apply(CLASSES).await;
        let now = desk.call("GET", &path, &Value::Null).await.json();
        assert_eq!(now["slot"]["startDateTime"], "2026-11-23T19:00:00.000+01:00");
        let before = gym.end_of_journal().await;
        let off = desk.call("POST", &format!("{path}/call-off"), &Value::Null).await.json();
        assert_eq!((&off["slot"]["status"], &off["bookings"]), (&json!("CANCELED"), &json!([])));
        let expected = [vec![event("CLASS_SLOT_CANCELLED", None)], told("CLASS_BOOKING_CANCELLED")].concat();
        assert_eq!(events(before).await, expected);
        let gone = "errormessage.appointment.already.canceled";
        desk.call("POST", &format!("{path}/call-off"), &Value::Null).await.refusal(400, gone);
        desk.call("PUT", &path, &later).await.refusal(400, gone);
        gym.apply(CLASSES).await;
        assert_eq!(desk.call("GET", &path, &Value::Null).await.json()["slot"]["status"], "CANCELED");
        // Nothing is left to do when it would have begun.
        let tenant = gym.tenant;
        let jobs = gym.app.db.read(move |tx| gymkeeper_store::job::list(tx, tenant)).await.unwrap();
        assert!(jobs.iter().all(|job| job.key != id.to_string()), "{jobs:?}");
    });
}

#[test]
fn a_class_is_held_once_more_and_mistakes_are_named() {
    with_gym(CLASSES, |gym| async move {
        let (desk, key) = (Desk::of(&gym, Role::Manager).await, gym.key("north").await);
        let yoga = desk.slot("2026-11-23T18:00").await;
        let (class, leads) = (&yoga["classId"], &yoga["instructorIds"]);
        let new = json!({"classId": class, "startDateTime": "2026-11-25T10:00:00+01:00", "roomId": yoga["roomId"], "instructorIds": leads});
        let made = desk.call("POST", "/class-slots", &new).await.json();
        assert_eq!(made["slot"]["endDateTime"], "2026-11-25T11:00:00.000+01:00");
        let shown = crate::classes::shown(&gym, &key, made["slot"]["id"].as_i64().unwrap()).await;
        assert_eq!(shown["instructors"].as_array().unwrap().len(), 2);
        let south = gym.key("south").await;
        let dance = gym.get(&south, "/v1/classes").await.json()["result"][0]["id"].clone();
        for (field, value, status, code) in [
            ("classId", dance, 404, "errormessage.class.not.found"),
            ("roomId", json!(7), 400, "errormessage.validation.field.invalid"),
            ("instructorIds", json!([7]), 400, "errormessage.validation.field.invalid"),
            ("resourceIds", json!([7]), 400, "errormessage.validation.field.invalid"),
            ("startDateTime", json!("soon"), 400, "errormessage.validation.field.invalid"),
            ("startDateTime", json!("9999-01-01T00:00:00Z"), 400, "errormessage.validation.field.invalid"),
            ("startDateTime", json!("-009998-01-01T00:00:00Z"), 400, "errormessage.validation.field.invalid"),
            ("unknown", json!(1), 400, "errormessage.validation.field.unknown"),
        ] {
            let mut wrong = new.clone();
            wrong[field] = value;
            let refusal = desk.call("POST", "/class-slots", &wrong).await.refusal(status, code);
            assert!(refusal.reference.unwrap_or_default().starts_with(field), "{field}");
        }
        let path = format!("/class-slots/{}", yoga["id"]);
        for (field, value) in [
            ("endDateTime", json!("2026-11-23T18:00:00+01:00")),
            ("maxParticipants", json!(0)),
            ("maxWaitingListParticipants", json!(-1)),
            ("additionalParticipants", json!(100_001)),
            ("roomId", leads[0].clone()),
            ("resourceIds", json!([yoga["roomId"]])),
        ] {
            let mut wrong = unchanged(&yoga);
            wrong[field] = value;
            let answer = desk.call("PUT", &path, &wrong).await;
            assert_eq!(answer.status, 400, "{field}: {}", answer.text());
        }
        for query in ["days=0", "days=32", "days=x"] {
            let answer = desk.call("GET", &format!("/class-slots?{query}"), &Value::Null).await;
            answer.refusal(400, "errormessage.validation.number.out.of.range");
        }
        let dancing = crate::classes::slot(&gym, &south, "2026-11-23T17:00").await;
        let foreign = desk.call("GET", &format!("/class-slots/{dancing}"), &Value::Null).await;
        foreign.refusal(404, "errormessage.class.slot.not.found");
    });
}

#[test]
fn spots_are_chosen_once() {
    let yaml = &CLASSES.replacen("        max_participants: 2\n", "        max_participants: 2\n        spots: 2\n", 1);
    with_gym(yaml, |gym| async move {
        let desk = Desk::of(&gym, Role::Desk).await;
        let yoga = desk.slot("2026-11-23T18:00").await;
        let (ada, bea) = (gym.customer("north", "ada").await, gym.customer("north", "bea").await);
        assert_eq!(desk.book(&yoga, ada, json!({"spot": 2})).await.json()["spot"], 2);
        for spot in [2, 3, 0] {
            desk.book(&yoga, bea, json!({"spot": spot})).await.refusal(400, "errormessage.booking.spot.not.free");
        }
        assert_eq!(desk.book(&yoga, bea, json!({"spot": 1})).await.json()["spot"], 1);
        // Whoever waits has no spot.
        let cem = gym.customer("north", "cem").await;
        let waits = desk.book(&yoga, cem, json!({"spot": 1})).await.json();
        assert_eq!((&waits["status"], waits.get("spot")), (&json!("WAITING_LIST"), None));
        // The choice is a part of what was agreed, or staff's word.
        gym.apply(&yaml.replace(", picks_spot: true", "")).await;
        let next = desk.slot("2026-11-24T18:00").await;
        desk.book(&next, ada, json!({"spot": 1})).await.refusal(400, "errormessage.booking.spot.not.included");
        assert_eq!(desk.book(&next, ada, json!({"spot": 1, "override": true})).await.json()["spot"], 1);
    });
}
