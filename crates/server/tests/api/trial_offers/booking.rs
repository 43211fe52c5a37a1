//! Validating and booking trials of classes: the same decision, each of its outcomes provoked once.

use gymkeeper_store::{
    booking::slot::{self as slots, Window},
    customer::lead,
};
use jiff::Timestamp;
use serde_json::json;

use super::{book, booked, cancel, newcomer, offer, post, status, trials, validate};
use crate::{
    classes::{shown, slot},
    support::with_gym,
};

const NO_CONTINGENT: &str = "NO_CONTINGENT";

#[test]
fn tri_4_and_7_a_trial_is_booked_and_told_of_once_it_stands() {
    with_gym(&trials(), |gym| async move {
        let key = gym.key("north").await;
        let grace = newcomer(&gym, &key, "grace@example.org").await;
        let yoga = slot(&gym, &key, "2026-11-25T18:00").await;
        assert_eq!(validate(&gym, &key, grace, yoga).await, "AVAILABLE");
        let before = gym.end_of_journal().await;
        let answer = book(&gym, &key, grace, yoga).await.json();
        let id = answer["bookingId"].as_i64().unwrap();
        let expected = json!({
            "bookingId": id, "bookingStatus": "BOOKED_WITH_CONFIRMATION_REQUIRED", "classSlotId": yoga,
            "classId": answer["classId"], "customerId": grace, "classSlotStatus": "PLANNED", "participantStatus": "UNSET",
        });
        assert_eq!(answer, expected);
        assert_eq!(gym.deeds(before).await, ["class.booked"], "told of when it is confirmed");
        assert_eq!(gym.get(&key, &format!("/v1/classes/booking/{id}")).await.json(), expected);
        let listed = gym.get(&key, &format!("/v1/classes/booking?customerId={grace}")).await.json();
        assert_eq!(listed, json!([expected]));
        // It holds its place.
        assert_eq!(shown(&gym, &key, yoga).await["bookedParticipants"], 1);
        // Tomorrow's can be confirmed no more, so it need not be.
        let before = gym.end_of_journal().await;
        let (other, stands) = booked(&gym, &key, grace, slot(&gym, &key, "2026-11-22T18:00").await).await;
        assert_eq!(stands, "BOOKED");
        assert_eq!(gym.events_after(before).await, [("CLASS_BOOKING_CREATED".to_owned(), other)]);
        // Neither need be what asks for no confirmation, and somebody may try whom the studio knew before.
        let guest = gym.customer("north", "guest").await;
        let course = slot(&gym, &key, "2026-11-28T08:00").await;
        assert_eq!(booked(&gym, &key, guest, course).await.1, "BOOKED");
    });
}

#[test]
fn cls_4_every_outcome_of_validation_is_an_error_of_booking() {
    let yaml = trials().replacen("[night, shown, secret]", "[night, shown, secret, spin]", 1);
    with_gym(&yaml, |gym| async move {
        let key = gym.key("north").await;
        let (grace, hedy) =
            (newcomer(&gym, &key, "grace@example.org").await, newcomer(&gym, &key, "hedy@example.org").await);
        let sue = gym.customer("south", "sue").await;
        gym.key("south").await;
        let at = async |start: &str| slot(&gym, &key, start).await;
        let (tenant, studio) = (gym.tenant, gym.studio("north").await);
        let instant = |text: &str| -> Timestamp { text.parse().unwrap() };
        let (from, to) = (instant("2026-11-23T12:00:00Z"), instant("2026-11-23T12:00:01Z"));
        let window = Window { from, to, limit: 1, offset: 0 };
        let all = gym.app.db.read(move |tx| slots::all_of_studio(tx, tenant, studio, window)).await.unwrap();
        let secret = all[0].id;
        let course = at("2026-11-24T08:00").await;
        booked(&gym, &key, hedy, course).await;
        booked(&gym, &key, grace, at("2026-11-22T18:00").await).await;
        // Both places of yoga are taken; its waiting list is not for trials.
        let full = at("2026-11-26T18:00").await;
        for name in ["ada", "bea"] {
            let body = json!({ "customerId": gym.customer("north", name).await, "classSlotId": full }).to_string();
            assert_eq!(gym.send_json("POST", &key, "/v1/classes/booking/book", &body).await.status, 200);
        }
        let before = gym.end_of_journal().await;
        let cases = [
            (grace, at("2026-11-21T08:00").await, "NOT_AVAILABLE"),
            (grace, secret, "NOT_AVAILABLE"),
            (sue, at("2026-11-25T18:00").await, "NOT_AVAILABLE"),
            (grace, at("2026-11-23T12:00").await, "DISPLAY_ONLY"),
            (grace, at("2026-11-24T21:30").await, "STUDIO_CLOSED"),
            (grace, at("2026-11-28T18:30").await, "DATE_TIME_BEFORE_EARLIEST_BOOKING_DATE_TIME"),
            (grace, at("2026-11-22T18:00").await, "CUSTOMER_ALREADY_BOOKED"),
            (grace, at("2026-11-22T18:30").await, "CUSTOMER_IN_OTHER_BOOKING"),
            (gym.customer("north", "idle").await, at("2026-11-25T18:00").await, "CUSTOMER_IDLE"),
            (gym.customer("north", "ada").await, at("2026-11-25T18:00").await, NO_CONTINGENT),
            (grace, course, "BOOKING_LIMIT_REACHED"),
            (grace, full, "BOOKING_LIMIT_REACHED"),
        ];
        for (customer, slot, expected) in cases {
            assert_eq!(validate(&gym, &key, customer, slot).await, expected);
            let code = format!("errormessage.booking.{}", expected.to_lowercase().replace('_', "."));
            book(&gym, &key, customer, slot).await.refusal(400, &code);
        }
        assert_eq!(gym.end_of_journal().await, before, "nothing was done");
        gym.set_clock("2026-11-21T16:30:01Z").await;
        let key = gym.key("north").await;
        let spin = slot(&gym, &key, "2026-11-21T18:30").await;
        assert_eq!(validate(&gym, &key, grace, spin).await, "DATE_TIME_AFTER_LATEST_BOOKING_DATE_TIME");
        let code = "errormessage.booking.date.time.after.latest.booking.date.time";
        book(&gym, &key, grace, spin).await.refusal(400, code);
        gym.send_json("POST", &key, "/v1/customers/search", r#"{"lastName":"Hopper"}"#).await.json();
    });
}

#[test]
fn tri_3_so_often_and_so_far_apart() {
    with_gym(&trials(), |gym| async move {
        let key = gym.key("north").await;
        let grace = newcomer(&gym, &key, "grace@example.org").await;
        let yoga = async |day: u32| slot(&gym, &key, &format!("2026-11-{day}T18:00")).await;
        let refused = async |day: u32, code: &str| {
            let slot = yoga(day).await;
            assert_eq!(validate(&gym, &key, grace, slot).await, NO_CONTINGENT);
            book(&gym, &key, grace, slot).await.refusal(400, &format!("errormessage.trial.offer.{code}"));
        };
        let (wednesday, _) = booked(&gym, &key, grace, yoga(25).await).await;
        // Two days from the start of the earlier one, whichever that is.
        for day in [24, 26] {
            refused(day, "multiple.bookings.prevented").await;
        }
        let (friday, _) = booked(&gym, &key, grace, yoga(27).await).await;
        refused(30, "contingent.exhausted").await;
        refused(26, "contingent.exhausted").await;
        // What is given back in time is as if it had never been.
        cancel(&gym, &key, wednesday).await;
        refused(26, "multiple.bookings.prevented").await;
        let (monday, _) = booked(&gym, &key, grace, yoga(23).await).await;
        refused(30, "contingent.exhausted").await;
        for booking in [friday, monday] {
            cancel(&gym, &key, booking).await;
        }
        // Trials of other offers count for themselves.
        let course = slot(&gym, &key, "2026-11-24T08:00").await;
        assert_eq!(booked(&gym, &key, grace, course).await.1, "BOOKED");
    });
}

#[test]
fn tri_3_a_trial_that_was_given_back_late_is_used_up() {
    let yaml = trials().replacen("contingent: 3", "contingent: 1", 1);
    with_gym(&yaml, |gym| async move {
        let key = gym.key("north").await;
        let (grace, hedy) =
            (newcomer(&gym, &key, "grace@example.org").await, newcomer(&gym, &key, "hedy@example.org").await);
        let course = async |day: u32| slot(&gym, &key, &format!("2026-11-{day}T08:00")).await;
        // In time until a day before; late ones are lost (CLS-6).
        for (customer, day, expected) in [(grace, 22, NO_CONTINGENT), (hedy, 23, "AVAILABLE")] {
            let (booking, _) = booked(&gym, &key, customer, course(day).await).await;
            cancel(&gym, &key, booking).await;
            assert_eq!(status(&gym, &key, booking).await, "CANCELED");
            assert_eq!(validate(&gym, &key, customer, course(25).await).await, expected);
        }
    });
}

#[test]
fn tri_3_offers_may_be_closed_to_leads() {
    with_gym(&trials(), |gym| async move {
        let key = gym.key("north").await;
        let lead =
            json!({ "leadCustomer": { "firstname": "Hedy", "lastname": "Lamarr", "email": "hedy@example.org" } });
        let made = gym.send_json("POST", &key, "/v1/leads/create", &lead.to_string()).await.json();
        let (lead, hedy) = (made["id"].as_i64().unwrap(), made["customerId"].as_i64().unwrap());
        let (course, yoga) = (slot(&gym, &key, "2026-11-24T08:00").await, slot(&gym, &key, "2026-11-25T18:00").await);
        assert_eq!(validate(&gym, &key, hedy, course).await, NO_CONTINGENT);
        book(&gym, &key, hedy, course).await.refusal(400, "errormessage.trial.offer.leads.not.allowed");
        assert_eq!(validate(&gym, &key, hedy, yoga).await, "AVAILABLE");
        // Whoever came by the offer itself is no lead, and neither is one that was given up.
        let grace = newcomer(&gym, &key, "grace@example.org").await;
        assert_eq!(validate(&gym, &key, grace, course).await, "AVAILABLE");
        let tenant = gym.tenant;
        assert!(gym.change(move |tx| lead::set_status(tx, tenant, lead, lead::status::LOSS)).await);
        assert_eq!(booked(&gym, &key, hedy, course).await.1, "BOOKED");
    });
}

#[test]
fn tri_6_what_cannot_be_tried_is_not_there_and_strangers_are_kept_out() {
    with_gym(&trials(), |gym| async move {
        let (north, south) = (gym.key("north").await, gym.key("south").await);
        let grace = newcomer(&gym, &north, "grace@example.org").await;
        let (yoga, spin) = (slot(&gym, &north, "2026-11-25T18:00").await, slot(&gym, &north, "2026-11-22T18:30").await);
        let hidden = gym.customer("north", "hidden").await;
        let tenant = gym.apply(&trials().replace("key: acme", "key: zenith")).await;
        let (_, zenith) = gym.key_with(tenant, "north", None, None).await;
        let stranger = gym.customer_of(tenant, "north", "guest").await;
        let not_found = "errormessage.class.slot.not.found";
        for path in ["classes/booking/validate", "classes/booking/book"] {
            let refused = async |key: &str, customer: i64, slot: i64, status: u16, code: &str| {
                let body = json!({ "customerId": customer, "classSlotId": slot });
                post(&gym, key, path, &body).await.refusal(status, code).reference
            };
            for slot in [spin, 77] {
                assert_eq!(refused(&north, grace, slot, 404, not_found).await.as_deref(), Some("classSlotId"));
            }
            let unknown = "errormessage.customer.not.found";
            assert_eq!(refused(&north, 77, yoga, 404, unknown).await.as_deref(), Some("customerId"));
            refused(&north, hidden, yoga, 403, "errormessage.third.party.customer.access.disabled").await;
            let sue = gym.customer("south", "sue").await;
            refused(&south, sue, yoga, 403, "errormessage.authorization.other.studio").await;
            refused(&zenith, grace, yoga, 404, unknown).await;
            refused(&zenith, stranger, yoga, 404, not_found).await;
            for (body, field) in [("{}", "customerId"), (r#"{"customerId":1}"#, "classSlotId")] {
                let path = format!("/v1/trial-offers/{path}");
                let refusal = gym.send_json("POST", &north, &path, body).await;
                let refusal = refusal.refusal(400, "errormessage.validation.field.required");
                assert_eq!(refusal.reference.as_deref(), Some(field));
            }
        }
        // An offer that has left the file lets nobody try.
        assert!(offer(&gym, "north", "taster").await > 0);
        gym.apply(crate::support::CLASSES).await;
        book(&gym, &north, grace, yoga).await.refusal(404, not_found);
    });
}
