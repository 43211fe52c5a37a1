//! When appointments can be booked.

use serde_json::json;

use super::{Booker, GYM, appointment, trainer};
use crate::{
    admin::{call, signed_in},
    support::with_gym,
};

const MONDAY: &str = "?slotWindowStartDate=2026-11-23";

#[test]
fn app_2_one_entry_for_each_start_with_all_who_are_free() {
    with_gym(GYM, |gym| async move {
        let booker = Booker::of(&gym).await;
        let monday = [
            "23T09:00 Ada",
            "23T09:30 Ada",
            "23T10:00 Ada Bo",
            "23T10:30 Ada Bo",
            "23T11:00 Bo",
            "23T11:30 Bo",
            "23T12:00 Bo",
            "23T12:30 Bo",
            "23T13:00 Bo",
            "23T13:30 Bo",
            "23T14:00 Bo",
            "23T14:30 Bo",
        ];
        let tuesday = ["24T09:00 Ada", "24T09:30 Ada", "24T10:00 Ada", "24T10:30 Ada"];
        let both: Vec<_> = monday.iter().chain(&tuesday).copied().collect();
        assert_eq!(booker.slots("training", MONDAY).await, both);
        assert_eq!(booker.slots("training", "?slotWindowStartDate=2026-11-24&daysAhead=1").await, tuesday);
        // Today and tomorrow nobody works.
        assert_eq!(booker.slots("training", "").await, Vec::<String>::new());
        // The studio is closed on Wednesday; on the last of the six days they work again.
        assert_eq!(booker.slots("training", "?slotWindowStartDate=2026-11-25&daysAhead=4").await, Vec::<String>::new());
        assert_eq!(booker.slots("training", "?slotWindowStartDate=2026-11-25&daysAhead=5").await.len(), 12);
        // Ten days from now at noon.
        let days = booker.slots("training", "?slotWindowStartDate=2026-11-30&daysAhead=6").await;
        assert_eq!((days.len(), days[15].as_str()), (16, "01T10:30 Ada"));
        let id = appointment(&gym, "north", "training").await;
        let found = gym.get(&booker.key, &format!("/v1/appointments/bookable/{id}/slots{MONDAY}")).await.json();
        let expected = json!({
            "startDateTime": "2026-11-23T10:00:00.000+01:00",
            "endDateTime": "2026-11-23T11:00:00.000+01:00",
            "instructors": [
                { "id": trainer(&gym, "north", "ada").await, "firstName": "Ada", "lastName": "Berg", "publicName": "Ada B." },
                { "id": trainer(&gym, "north", "bo").await, "firstName": "Bo", "lastName": "Lund" },
            ],
        });
        assert_eq!(found[2], expected);
    });
}

#[test]
fn app_5_bookings_take_people_rooms_and_resources_with_time_before_and_after() {
    with_gym(GYM, |gym| async move {
        let booker = Booker::of(&gym).await;
        let booking = booker.booked("mia", "training", "23T10:00", "23T11:00").await;
        // Ada is there until noon, but the room is taken from ten to a quarter past eleven.
        let left =
            ["23T11:30 Bo", "23T12:00 Bo", "23T12:30 Bo", "23T13:00 Bo", "23T13:30 Bo", "23T14:00 Bo", "23T14:30 Bo"];
        assert_eq!(booker.slots("training", MONDAY).await[..7], left);
        booker.cancel(booking).await.json();
        assert_eq!(booker.slots("training", MONDAY).await.len(), 16);
        // Two bikes, each with a quarter of an hour before.
        booker.booked("mia", "ride", "23T10:00", "23T10:45").await;
        let at = |slots: &[String], start: &str| slots.iter().any(|slot| slot == start);
        assert!(at(&booker.slots("ride", MONDAY).await, "23T10:00"));
        booker.booked("noa", "ride", "23T10:00", "23T10:45").await;
        let slots = booker.slots("ride", MONDAY).await;
        let around: Vec<_> =
            ["23T09:00", "23T09:15", "23T10:30", "23T10:45", "23T11:00"].map(|start| at(&slots, start)).into();
        assert_eq!(around, [true, false, false, false, true]);
    });
}

#[test]
fn app_1_with_a_customer_only_what_that_customer_could_book() {
    with_gym(GYM, |gym| async move {
        let booker = Booker::of(&gym).await;
        let of = async |customer: &str, appointment: &str| {
            let id = gym.customer("north", customer).await;
            booker.slots(appointment, &format!("{MONDAY}&customerId={id}")).await
        };
        assert_eq!(of("mia", "training").await.len(), 16);
        // Rests on Monday.
        assert_eq!(of("rest", "training").await, ["24T09:00 Ada", "24T09:30 Ada", "24T10:00 Ada", "24T10:30 Ada"]);
        // Has paid for no such thing.
        assert_eq!(of("ned", "training").await, Vec::<String>::new());
        assert_eq!(of("pia", "check").await, Vec::<String>::new());
        assert_eq!(of("kid", "adults").await, Vec::<String>::new());
        let before = of("mia", "training").await;
        booker.booked("mia", "talk", "23T12:00", "23T12:30").await;
        let after = of("mia", "training").await;
        // Whoever talks from twelve to half past trains neither at half past eleven nor at noon.
        let gone: Vec<_> = before.iter().filter(|slot| !after.contains(slot)).collect();
        assert_eq!(gone, ["23T11:30 Bo", "23T12:00 Bo"]);
        assert_eq!(booker.slots("training", MONDAY).await.len(), 16);
        // Everything that is shown books.
        for slot in after {
            let start = &slot[..8];
            let end = format!("{}{:02}{}", &start[..3], start[3..5].parse::<u8>().unwrap() + 1, &start[5..]);
            let wish = booker.wish("mia", "training", start, &end).await;
            assert_eq!(booker.validate(&wish).await, "AVAILABLE", "{slot}");
        }
        // The limit of the appointment.
        assert!(!of("mia", "check").await.is_empty());
        booker.booked("mia", "check", "24T10:00", "24T10:30").await;
        assert_eq!(of("mia", "check").await, Vec::<String>::new());
    });
}

#[test]
fn app_1_whoever_is_away_is_not_there() {
    with_gym(GYM, |gym| async move {
        let booker = Booker::of(&gym).await;
        let token = signed_in(&gym, gymkeeper_domain::staff::Role::Manager, "north").await;
        let (north, bo) = (gym.studio("north").await, trainer(&gym, "north", "bo").await);
        let path = format!("/studios/{north}/employees/{bo}/absences");
        let body = r#"{"startDateTime":"2026-11-23T00:00:00+01:00","endDateTime":"2026-11-23T14:00:00+01:00"}"#;
        let absence = call(&gym, &token, "POST", &path, body).await.json()["id"].as_i64().unwrap();
        let monday = booker.slots("training", MONDAY).await;
        assert_eq!(monday[4..6], ["23T14:00 Bo", "23T14:30 Bo"]);
        assert_eq!(call(&gym, &token, "DELETE", &format!("{path}/{absence}"), "").await.status, 200);
        assert_eq!(booker.slots("training", MONDAY).await.len(), 16);
        // Without hours somebody is there whenever the studio is open, with none at all never.
        assert_eq!(booker.slots("talk", MONDAY).await.first().unwrap(), "23T08:00 Cy");
        gym.apply(&GYM.replace("last_name: Dahl }", "last_name: Dahl, working_hours: [] }")).await;
        assert_eq!(booker.slots("talk", MONDAY).await, Vec::<String>::new());
    });
}

#[test]
fn starts_lie_in_the_future() {
    with_gym(GYM, |gym| async move {
        let booker = Booker::of(&gym).await;
        // It is noon on Saturday.
        assert_eq!(booker.slots("talk", "").await.first().unwrap(), "21T12:15 Cy");
        assert_eq!(booker.slots("talk", "?slotWindowStartDate=2026-11-15&daysAhead=5").await, Vec::<String>::new());
        gym.set_clock("2026-11-23T07:30:00Z").await;
        // Two hours ahead at the earliest.
        assert_eq!(booker.slots("training", "").await.first().unwrap(), "23T10:30 Ada Bo");
    });
}

#[test]
fn wrong_windows_are_refused_and_name_the_parameter() {
    with_gym(GYM, |gym| async move {
        let booker = Booker::of(&gym).await;
        let id = appointment(&gym, "north", "training").await;
        for (query, code, reference) in [
            ("daysAhead=0", "days.ahead.out.of.range", "daysAhead"),
            ("daysAhead=7", "days.ahead.out.of.range", "daysAhead"),
            ("daysAhead=x", "days.ahead.out.of.range", "daysAhead"),
            ("slotWindowStartDate=tomorrow", "field.invalid", "slotWindowStartDate"),
            ("slotWindowStartDate=2026-11-23T00:00:00Z", "field.invalid", "slotWindowStartDate"),
            ("customerId=x", "field.invalid", "customerId"),
        ] {
            let refused = gym.get(&booker.key, &format!("/v1/appointments/bookable/{id}/slots?{query}")).await;
            let refusal = refused.refusal(400, &format!("errormessage.validation.{code}"));
            assert_eq!(refusal.reference.as_deref(), Some(reference), "{query}");
        }
        let dora = gym.customer("south", "dora").await;
        let hidden = gym.customer("north", "hidden").await;
        for (customer, status, code) in [
            (dora, 403, "errormessage.authorization.other.studio"),
            (hidden, 403, "errormessage.third.party.customer.access.disabled"),
            (1, 404, "errormessage.customer.not.found"),
        ] {
            let path = format!("/v1/appointments/bookable/{id}/slots?customerId={customer}");
            gym.get(&booker.key, &path).await.refusal(status, code);
        }
        // Days at the end of the calendar are days as well.
        for day in ["9999-12-31", "9999-12-26", "0001-01-01"] {
            let slots = booker.slots("talk", &format!("?slotWindowStartDate={day}&daysAhead=6")).await;
            assert_eq!(slots.is_empty(), day != "9999-12-26", "{day}");
        }
    });
}
