//! Everything that speaks against a booking: as a status when it is validated, as an error when it is booked.

use serde_json::{Value, json};

use super::{BOOK, Booker, GYM, VALIDATE, appointment, trainer};
use crate::support::{Gym, with_gym};

/// The code of the error that a status becomes.
fn code(status: &str) -> String {
    format!("errormessage.booking.{}", status.to_lowercase().replace('_', "."))
}

/// Validating and booking say the same, and nothing is left of it.
async fn refused(booker: &Booker<'_>, wish: &Value, status: &str) {
    let before = booker.gym.end_of_journal().await;
    assert_eq!(booker.validate(wish).await, status, "{wish}");
    booker.send(BOOK, wish).await.refusal(400, &code(status));
    assert_eq!(booker.gym.end_of_journal().await, before, "{status}");
}

#[test]
fn app_4_every_status_is_a_refusal_when_it_is_booked() {
    with_gym(GYM, |gym| async move {
        let booker = Booker::of(&gym).await;
        let wish = async |customer: &str, appointment: &str, start: &str, end: &str| {
            booker.wish(customer, appointment, start, end).await
        };
        for (customer, appointment, start, end, status) in [
            ("mia", "training", "23T11:00", "23T10:00", "END_DATE_TIME_NOT_AFTER_START_DATE_TIME"),
            ("mia", "training", "23T10:00", "23T10:00", "END_DATE_TIME_NOT_AFTER_START_DATE_TIME"),
            // It is noon on Saturday.
            ("mia", "training", "21T12:00", "21T13:00", "PAST_START_DATE_TIME"),
            ("mia", "training", "20T10:00", "20T12:30", "PAST_START_DATE_TIME"),
            ("mia", "training", "23T10:00", "23T11:01", "PERIOD_DOES_NOT_MATCH"),
            ("mia", "training", "21T13:59", "21T14:59", "DATE_TIME_BEFORE_EARLIEST_BOOKING_DATE_TIME"),
            ("mia", "talk", "25T10:00", "25T10:30", "STUDIO_CLOSED"),
            ("mia", "talk", "23T07:45", "23T08:15", "STUDIO_CLOSED"),
            ("mia", "talk", "23T19:45", "23T20:15", "STUDIO_CLOSED"),
            ("kid", "adults", "23T10:00", "23T10:30", "BOOKABLE_APPOINTMENT_RESTRICTIONS_NOT_FULFILLED"),
            ("ned", "adults", "23T10:00", "23T10:30", "BOOKABLE_APPOINTMENT_RESTRICTIONS_NOT_FULFILLED"),
            // Whose birthday nobody knows.
            ("rest", "adults", "24T10:00", "24T10:30", "BOOKABLE_APPOINTMENT_RESTRICTIONS_NOT_FULFILLED"),
            ("rest", "training", "23T10:00", "23T11:00", "CUSTOMER_IDLE"),
            ("ned", "training", "23T10:00", "23T11:00", "NO_CONTINGENT"),
            ("pia", "check", "23T10:00", "23T10:30", "NO_CONTINGENT"),
            ("mia", "training", "23T16:00", "23T17:00", "RESOURCE_NOT_AVAILABLE"),
            // The quarter of an hour afterwards is outside working hours.
            ("mia", "training", "23T15:00", "23T16:00", "RESOURCE_NOT_AVAILABLE"),
            ("mia", "training", "23T10:10", "23T11:10", "NOT_AVAILABLE"),
            ("mia", "secret", "23T10:00", "23T10:30", "NOT_AVAILABLE"),
        ] {
            refused(&booker, &wish(customer, appointment, start, end).await, status).await;
        }
        let far = json!({ "startDateTime": "2026-12-07T10:00:00+01:00", "endDateTime": "2026-12-07T11:00:00+01:00" });
        let mut late = wish("mia", "training", "23T10:00", "23T11:00").await;
        late.as_object_mut().unwrap().extend(far.as_object().unwrap().clone());
        refused(&booker, &late, "DATE_TIME_AFTER_LATEST_BOOKING_DATE_TIME").await;
        booker.booked("mia", "talk", "23T10:00", "23T10:30").await;
        refused(&booker, &wish("mia", "training", "23T10:00", "23T11:00").await, "CUSTOMER_IN_OTHER_BOOKING").await;
        // Ends that only touch do not overlap.
        let next = wish("mia", "ride", "23T10:30", "23T11:15").await;
        assert_eq!(booker.validate(&next).await, "AVAILABLE");
        booker.booked("mia", "check", "24T10:00", "24T10:30").await;
        refused(&booker, &wish("mia", "check", "24T11:00", "24T11:30").await, "BOOKING_LIMIT_REACHED").await;
        // All that was paid for.
        booker.booked("mia", "training", "23T11:00", "23T12:00").await;
        booker.booked("mia", "training", "24T09:00", "24T10:00").await;
        refused(&booker, &wish("mia", "training", "23T14:00", "23T15:00").await, "NO_CONTINGENT").await;
    });
}

#[test]
fn cls_13_errors_say_what_would_have_been_possible_in_both_languages() {
    with_gym(GYM, |gym| async move {
        let booker = Booker::of(&gym).await;
        let wish = booker.wish("mia", "training", "21T13:00", "21T14:00").await.to_string();
        let code = "errormessage.booking.date.time.before.earliest.booking.date.time";
        for (language, text) in
            [("en", "Booking is possible from 2026-11-21 14:00."), ("de", "Buchen ist ab 2026-11-21 14:00 möglich.")]
        {
            let headers = [
                ("x-api-key", booker.key.as_str()),
                ("content-type", "application/json"),
                ("accept-language", language),
            ];
            let refusal = gym.send("POST", BOOK, &headers, &wish).await.refusal(400, code);
            assert_eq!(refusal.error_message, text);
        }
    });
}

#[test]
fn app_3_those_who_are_wanted_must_all_be_free_and_able() {
    with_gym(GYM, |gym| async move {
        let booker = Booker::of(&gym).await;
        let id = async |key: &str| trainer(&gym, "north", key).await;
        let (ada, bo, cy, gone) = (id("ada").await, id("bo").await, id("cy").await, id("gone").await);
        let with = async |ids: &[i64]| {
            let mut wish = booker.wish("mia", "training", "23T10:00", "23T11:00").await;
            wish["instructorIds"] = json!(ids);
            wish
        };
        for wrong in [&[cy][..], &[ada, cy], &[gone], &[0], &[i64::MAX, ada]] {
            refused(&booker, &with(wrong).await, "RESOURCE_NOT_AVAILABLE").await;
        }
        // Nobody named is as good as nothing said; both at once are possible, and named twice is named once.
        for fine in [&[][..], &[bo], &[ada, bo], &[ada, ada]] {
            assert_eq!(booker.validate(&with(fine).await).await, "AVAILABLE", "{fine:?}");
        }
        let names = async |wish: &Value| {
            let booked = booker.send(BOOK, wish).await.json();
            booker.cancel(booked["bookingId"].as_i64().unwrap()).await.json();
            let names = booked["instructors"].as_array().unwrap().iter().map(|one| one["firstName"].clone());
            names.collect::<Vec<_>>()
        };
        assert_eq!(names(&with(&[]).await).await, ["Ada"]);
        assert_eq!(names(&with(&[bo, ada]).await).await, ["Bo", "Ada"]);
        let mut talk = booker.wish("mia", "ride", "23T10:00", "23T10:45").await;
        talk["instructorIds"] = json!([ada]);
        refused(&booker, &talk, "RESOURCE_NOT_AVAILABLE").await;
    });
}

#[test]
fn auth_6_customers_and_appointments_of_others_and_of_nobody() {
    with_gym(GYM, |gym| async move {
        let other = gym.apply(&GYM.replace("key: acme", "key: umbrella")).await;
        let booker = Booker::of(&gym).await;
        let wish = booker.wish("mia", "ride", "23T10:00", "23T10:45").await;
        let with = |field: &str, id: i64| {
            let mut wish = wish.clone();
            wish[field] = json!(id);
            wish
        };
        let foreign = gym.customer_of(other, "north", "mia").await;
        let massage = appointment(&gym, "south", "massage").await;
        let (dora, hidden) = (gym.customer("south", "dora").await, gym.customer("north", "hidden").await);
        for (field, id, status, code) in [
            ("customerId", foreign, 404, "errormessage.customer.not.found"),
            ("customerId", 0, 404, "errormessage.customer.not.found"),
            ("customerId", dora, 403, "errormessage.authorization.other.studio"),
            ("customerId", hidden, 403, "errormessage.third.party.customer.access.disabled"),
            ("bookableAppointmentId", massage, 403, "errormessage.authorization.other.studio"),
            ("bookableAppointmentId", 0, 404, "errormessage.bookable.appointment.not.found"),
            // A room is no appointment.
            ("bookableAppointmentId", gym.studio("north").await, 404, "errormessage.bookable.appointment.not.found"),
        ] {
            for path in [VALIDATE, BOOK] {
                let refusal = booker.send(path, &with(field, id)).await.refusal(status, code);
                assert!(status == 403 || refusal.reference.as_deref() == Some(field), "{code}");
            }
        }
        // CLS-10: where the integration is active in the sister studio, its customers may book what is open to them.
        gym.key("south").await;
        let booker = Booker::of(&gym).await;
        assert_eq!(booker.validate(&with("customerId", dora)).await, "AVAILABLE");
        let mut talk = booker.wish("mia", "talk", "23T10:00", "23T10:30").await;
        talk["customerId"] = json!(dora);
        refused(&booker, &talk, "NOT_AVAILABLE").await;
    });
}

#[test]
fn wrong_bodies_name_their_fields() {
    with_gym(GYM, |gym| async move {
        let booker = Booker::of(&gym).await;
        let wish = booker.wish("mia", "ride", "23T10:00", "23T10:45").await;
        for field in ["customerId", "bookableAppointmentId", "startDateTime", "endDateTime"] {
            let mut lacking = wish.clone();
            lacking.as_object_mut().unwrap().remove(field);
            let mut wrong = wish.clone();
            wrong[field] = json!("soon");
            for path in [VALIDATE, BOOK] {
                let refusal = booker.send(path, &lacking).await;
                let refusal = refusal.refusal(400, "errormessage.validation.field.required");
                assert_eq!(refusal.reference.as_deref(), Some(field));
                let refusal = booker.send(path, &wrong).await.refusal(400, "errormessage.validation.field.invalid");
                assert_eq!(refusal.reference.as_deref(), Some(field));
            }
        }
        let mut wrong = wish.clone();
        wrong["instructorIds"] = json!([1, "x"]);
        let refusal = booker.send(BOOK, &wrong).await.refusal(400, "errormessage.validation.field.invalid");
        assert_eq!(refusal.reference.as_deref(), Some("instructorIds[1]"));
        // TIME-1: without a zone it is Berlin's time; the zone in brackets changes nothing.
        for (start, end) in [
            ("2026-11-23T10:00:00", "2026-11-23T10:45:00"),
            ("2026-11-23T10:00:00.000+01:00[Europe/Berlin]", "2026-11-23T09:45:00Z"),
        ] {
            let mut same = wish.clone();
            (same["startDateTime"], same["endDateTime"]) = (json!(start), json!(end));
            assert_eq!(booker.validate(&same).await, "AVAILABLE", "{start}");
        }
        // Times at the end of the calendar are looked at like any others.
        for (start, end) in [
            ("9999-12-30T10:00:00Z", "9999-12-30T10:45:00Z"),
            ("-009999-01-03T10:00:00Z", "9999-12-30T10:45:00Z"),
            ("9999-12-30T10:00:00Z", "-009999-01-03T10:00:00Z"),
        ] {
            let mut far = wish.clone();
            (far["startDateTime"], far["endDateTime"]) = (json!(start), json!(end));
            assert_eq!(booker.send(VALIDATE, &far).await.status, 200, "{start} {end}");
        }
    });
}

#[test]
fn a_key_that_may_only_read_validates_and_does_not_book() {
    use gymkeeper_contract::operations::Scope;
    with_gym(GYM, |gym: Gym| async move {
        let key = gym.key_for("north", &[Scope::BookableAppointmentsRead, Scope::AppointmentsRead]).await;
        let booker = Booker { gym: &gym, key };
        let wish = booker.wish("mia", "ride", "23T10:00", "23T10:45").await;
        assert_eq!(booker.validate(&wish).await, "AVAILABLE");
        booker.send(BOOK, &wish).await.refusal(403, "errormessage.authorization.scope.missing");
        booker.cancel(1).await.refusal(403, "errormessage.authorization.scope.missing");
    });
}
