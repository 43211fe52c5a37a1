//! Booking, reading, listing and canceling appointments.

use serde_json::{Value, json};

use super::{Booker, GYM, appointment, trainer};
use crate::support::with_gym;

const NOBODY: &str = "errormessage.booking.not.found";

#[test]
fn app_8_a_booking_is_made_read_and_told() {
    with_gym(GYM, |gym| async move {
        let booker = Booker::of(&gym).await;
        let before = gym.end_of_journal().await;
        let made = booker.book("mia", "training", "23T10:00", "23T11:00").await.json();
        let id = made["bookingId"].as_i64().unwrap();
        let ada = trainer(&gym, "north", "ada").await;
        let mut expected = json!({
            "bookingId": id,
            "bookingStatus": "BOOKED",
            "startDateTime": "2026-11-23T10:00:00.000+01:00",
            "endDateTime": "2026-11-23T11:00:00.000+01:00",
            "title": "Personal training",
            "duration": 60,
            "category": "Training",
            "description": "One hour with a coach.",
            "imgUrl": made["imgUrl"],
            "instructors": [{ "id": ada, "firstName": "Ada", "lastName": "Berg", "publicName": "Ada B." }],
            "appointmentStatus": "PLANNED",
            "participantStatus": "UNSET",
        });
        assert_eq!(made, expected);
        assert_eq!(gym.deeds(before).await, ["appointment.booked APPOINTMENT_BOOKING_CREATED"]);
        assert_eq!(gym.events_after(before).await, [("APPOINTMENT_BOOKING_CREATED".to_owned(), id)]);
        let mia = gym.customer("north", "mia").await;
        expected["customerId"] = json!(mia);
        assert_eq!(booker.read(id).await, expected);
        expected.as_object_mut().unwrap().remove("customerId");
        let list = gym.get(&booker.key, &format!("/v1/appointments/booking?customerId={mia}")).await.json();
        assert_eq!(list, json!([expected]));
        // APP-7: over at its end.
        for (now, status) in [("2026-11-23T09:59:59Z", "PLANNED"), ("2026-11-23T10:00:00Z", "COMPLETED")] {
            gym.set_clock(now).await;
            assert_eq!(booker.read(id).await["appointmentStatus"], status, "{now}");
        }
        assert_eq!(booker.read(id).await["bookingStatus"], "BOOKED");
    });
}

#[test]
fn app_6_canceling_gives_back_until_the_deadline() {
    with_gym(GYM, |gym| async move {
        let booker = Booker::of(&gym).await;
        let first = booker.booked("mia", "training", "23T10:00", "23T11:00").await;
        let second = booker.booked("mia", "training", "24T09:00", "24T10:00").await;
        let third = booker.wish("mia", "training", "23T14:00", "23T15:00").await;
        assert_eq!(booker.validate(&third).await, "NO_CONTINGENT");
        // A day before the start is the last moment.
        gym.set_clock("2026-11-22T09:00:00Z").await;
        let before = gym.end_of_journal().await;
        assert_eq!(booker.cancel(first).await.json(), json!({ "success": "OK" }));
        assert_eq!(gym.deeds(before).await, ["appointment.canceled APPOINTMENT_BOOKING_CANCELLED"]);
        assert_eq!(gym.events_after(before).await, [("APPOINTMENT_BOOKING_CANCELLED".to_owned(), first)]);
        let canceled = booker.read(first).await;
        assert_eq!(
            (&canceled["bookingStatus"], &canceled["appointmentStatus"]),
            (&json!("CANCELED"), &json!("CANCELED"))
        );
        assert_eq!(canceled["instructors"][0]["firstName"], "Ada");
        assert_eq!(booker.validate(&third).await, "AVAILABLE");
        let before = gym.end_of_journal().await;
        booker.cancel(first).await.refusal(400, "errormessage.booking.already.canceled");
        gym.set_clock("2026-11-23T08:00:01Z").await;
        let late = booker.cancel(second).await.refusal(400, "errormessage.booking.cancelation.deadline.exceeded");
        assert_eq!(late.args.unwrap(), [json!("2026-11-23 09:00")]);
        gym.set_clock("2026-11-24T08:00:00Z").await;
        booker.cancel(second).await.refusal(400, "errormessage.booking.already.started");
        assert_eq!(gym.end_of_journal().await, before);
        // A new booking gets a new id.
        let again = booker.booked("mia", "training", "30T10:30", "30T11:30").await;
        assert!(again > second);
    });
}

#[test]
fn cls_6_where_it_is_allowed_a_late_cancelation_keeps_what_was_taken() {
    let twice = GYM.replace("name: Checks, categories: [Health] }", "name: Checks, categories: [Health], uses: 1 }");
    with_gym(&twice, |gym| async move {
        let booker = Booker::of(&gym).await;
        let check = booker.booked("ned", "check", "23T10:00", "23T10:30").await;
        gym.set_clock("2026-11-23T07:00:01Z").await;
        booker.cancel(check).await.json();
        let again = booker.wish("ned", "check", "23T12:00", "23T12:30").await;
        assert_eq!(booker.validate(&again).await, "NO_CONTINGENT");
        // The time itself is free again.
        assert_eq!(booker.validate(&booker.wish("mia", "check", "23T10:00", "23T10:30").await).await, "AVAILABLE");
        gym.set_clock("2026-11-23T08:00:00Z").await;
        let in_time = booker.booked("mia", "check", "23T10:00", "23T10:30").await;
        gym.set_clock("2026-11-23T08:30:00Z").await;
        let late = booker.cancel(in_time).await;
        assert_eq!(late.status, 200);
        let journal = gym.journal_after(0).await;
        let changes: Vec<_> = journal
            .iter()
            .filter(|record| record.action == "appointment.canceled")
            .map(|record| record.changes.clone().unwrap())
            .collect();
        assert_eq!(changes, [r#"{"late":{"to":true}}"#, r#"{"late":{"to":true}}"#]);
    });
}

#[test]
fn app_7_two_weeks_back_and_ahead() {
    with_gym(GYM, |gym| async move {
        let booker = Booker::of(&gym).await;
        let mia = gym.customer("north", "mia").await;
        let listed = async || {
            let list = gym.get(&booker.key, &format!("/v1/appointments/booking?customerId={mia}")).await.json();
            list.as_array().unwrap().iter().map(|one| one["bookingId"].as_i64().unwrap()).collect::<Vec<_>>()
        };
        let talk = async |start: &str, end: &str| booker.booked("mia", "talk", start, end).await;
        let second = talk("24T10:00", "24T10:30").await;
        let first = talk("23T10:00", "23T10:30").await;
        let canceled = talk("26T10:00", "26T10:30").await;
        booker.cancel(canceled).await.json();
        assert_eq!(listed().await, [first, second, canceled]);
        // Another studio's key does not see them, nor does another customer have them.
        let south = gym.key("south").await;
        let path = format!("/v1/appointments/booking?customerId={mia}");
        assert_eq!(gym.get(&south, &path).await.json(), json!([]));
        // To the second.
        for (now, expected) in [
            ("2026-12-07T09:00:00Z", vec![first, second, canceled]),
            ("2026-12-07T09:00:01Z", vec![second, canceled]),
            ("2026-12-11T00:00:00Z", vec![]),
        ] {
            gym.set_clock(now).await;
            assert_eq!(listed().await, expected, "{now}");
        }
        // Ahead, to the end of the last second of it.
        gym.set_clock("2026-11-21T11:00:00Z").await;
        let ahead = json!({
            "customerId": mia,
            "bookableAppointmentId": appointment(&gym, "north", "talk").await,
            "startDateTime": "2026-12-05T12:30:00.000+01:00",
            "endDateTime": "2026-12-05T13:00:00.000+01:00",
        });
        let ahead = booker.send(super::BOOK, &ahead).await.json()["bookingId"].as_i64().unwrap();
        for (now, expected) in [
            ("2026-11-21T11:59:59Z", vec![first, second, canceled]),
            ("2026-11-21T12:00:00Z", vec![first, second, canceled, ahead]),
        ] {
            gym.set_clock(now).await;
            assert_eq!(listed().await, expected, "{now}");
        }
        let key = &booker.key;
        let refusal = gym.get(key, "/v1/appointments/booking").await;
        let refusal = refusal.refusal(400, "errormessage.validation.field.required");
        assert_eq!(refusal.reference.as_deref(), Some("customerId"));
        gym.get(key, "/v1/appointments/booking?customerId=x")
            .await
            .refusal(400, "errormessage.validation.field.invalid");
        gym.get(key, "/v1/appointments/booking?customerId=1").await.refusal(404, "errormessage.customer.not.found");
    });
}

#[test]
fn cls_14_bookings_of_others_and_of_nobody() {
    with_gym(GYM, |gym| async move {
        let other = gym.apply(&GYM.replace("key: acme", "key: umbrella")).await;
        let booker = Booker::of(&gym).await;
        let id = booker.booked("mia", "talk", "23T10:00", "23T10:30").await;
        let path = format!("/v1/appointments/booking/{id}");
        let south = gym.key("south").await;
        let (_, elsewhere) = gym.key_with(other, "north", None, None).await;
        for (key, status, code) in [(&south, 403, "errormessage.authorization.other.studio"), (&elsewhere, 404, NOBODY)]
        {
            gym.get(key, &path).await.refusal(status, code);
            gym.send("DELETE", &path, &[("x-api-key", key)], "").await.refusal(status, code);
        }
        let refuse = |yaml: &str| yaml.replace("key: mia\n", "key: mia\n        third_party_access: false\n");
        gym.apply(&refuse(GYM)).await;
        let before = gym.end_of_journal().await;
        gym.get(&booker.key, &path).await.refusal(403, "errormessage.third.party.customer.access.disabled");
        booker.cancel(id).await.refusal(403, "errormessage.third.party.customer.access.disabled");
        let mia = gym.customer("north", "mia").await;
        let list = gym.get(&booker.key, &format!("/v1/appointments/booking?customerId={mia}")).await;
        list.refusal(403, "errormessage.third.party.customer.access.disabled");
        assert_eq!(gym.end_of_journal().await, before);
        // A booking of a type that left the gym file can be read and canceled as before.
        let ned = booker.booked("ned", "ride", "23T10:00", "23T10:45").await;
        gym.apply(&refuse(GYM).replace("      - key: ride\n", "      - key: trip\n")).await;
        assert_eq!(booker.read(ned).await["title"], "Ride");
        assert_eq!(booker.cancel(ned).await.status, 200);
    });
}

#[test]
fn a_booking_that_is_tried_is_none_and_one_that_is_sent_twice_is_one() {
    with_gym(GYM, |gym| async move {
        let booker = Booker::of(&gym).await;
        let wish = booker.wish("mia", "training", "23T10:00", "23T11:00").await;
        let before = gym.end_of_journal().await;
        let send = async |header: (&str, &str)| {
            let headers = [("x-api-key", booker.key.as_str()), ("content-type", "application/json"), header];
            gym.send("POST", super::BOOK, &headers, &wish.to_string()).await.json()
        };
        let tried = send(("gymkeeper-dry-run", "true")).await;
        assert_eq!(tried["bookingStatus"], "BOOKED");
        assert_eq!(gym.end_of_journal().await, before);
        let first: Value = send(("idempotency-key", "one")).await;
        assert_eq!(send(("idempotency-key", "one")).await, first);
        assert_eq!(gym.deeds(before).await.len(), 1);
    });
}

#[test]
fn app_2_a_trainer_of_an_hour_that_the_clocks_take_away() {
    // In the night to 28 March 2027 the clocks go from two to three.
    let night = GYM.replace("opens: \"08:00\", closes: \"20:00\"", "opens: \"00:00\", closes: \"24:00\"").replace(
        "last_name: Dahl }",
        "last_name: Dahl, working_hours: [{ day: SATURDAY, from: \"23:30\", to: \"04:00\" }] }",
    );
    with_gym(&night, |gym| async move {
        let booker = Booker::of(&gym).await;
        let found = booker.slots("talk", "?slotWindowStartDate=2027-03-27&daysAhead=1").await;
        let expected = [
            "27T23:30", "27T23:45", "28T00:00", "28T00:15", "28T00:30", "28T00:45", "28T01:00", "28T01:15", "28T01:30",
            "28T01:45", "28T03:00", "28T03:15", "28T03:30",
        ]
        .map(|start| format!("{start} Cy"));
        assert_eq!(found, expected);
        let id = appointment(&gym, "north", "talk").await;
        let path = format!("/v1/appointments/bookable/{id}/slots?slotWindowStartDate=2027-03-28");
        let slots = gym.get(&booker.key, &path).await.json();
        let over =
            slots.as_array().unwrap().iter().find(|slot| slot["startDateTime"].as_str().unwrap().contains("T01:45"));
        let expected = json!(["2027-03-28T01:45:00.000+01:00", "2027-03-28T03:15:00.000+02:00"]);
        assert_eq!(json!([over.unwrap()["startDateTime"], over.unwrap()["endDateTime"]]), expected);
    });
}
