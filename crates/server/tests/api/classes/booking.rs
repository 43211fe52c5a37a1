//! Validating and booking: the same decision, each of its outcomes provoked once.

use gymkeeper_domain::staff::Role;
use serde_json::json;

use super::{book, booked, cancel, slot, status, validate};
use crate::{
    admin::{call, customer_path, signed_in},
    support::{CLASSES, Gym, join_all, with_gym},
};

#[test]
fn cls_4_and_7_a_place_is_booked_and_told_of() {
    with_gym(CLASSES, |gym| async move {
        let (key, ada) = (gym.key("north").await, gym.customer("north", "ada").await);
        let yoga = slot(&gym, &key, "2026-11-23T18:00").await;
        assert_eq!(validate(&gym, &key, ada, yoga).await, "AVAILABLE");
        let before = gym.end_of_journal().await;
        let answer = book(&gym, &key, ada, yoga).await.json();
        let id = answer["bookingId"].as_i64().unwrap();
        let class = answer["classId"].as_i64().unwrap();
        let expected = json!({
            "bookingId": id, "bookingStatus": "BOOKED", "classSlotId": yoga, "classId": class, "customerId": ada,
            "classSlotStatus": "PLANNED", "participantStatus": "UNSET",
        });
        assert_eq!(answer, expected);
        assert_eq!(gym.events_after(before).await, [("CLASS_BOOKING_CREATED".to_owned(), id)]);
        assert_eq!(gym.get(&key, &format!("/v1/classes/booking/{id}")).await.json(), expected);
        let of_customer = format!("/v1/classes/booking?customerId={ada}");
        assert_eq!(gym.get(&key, &of_customer).await.json(), json!([expected]));
        let shown = super::shown(&gym, &key, yoga).await;
        assert_eq!((&shown["bookedParticipants"], &shown["waitingListParticipants"]), (&json!(1), &json!(0)));
        // CLS-8: two weeks either way.
        gym.set_clock("2026-12-08T11:00:00Z").await;
        assert_eq!(gym.get(&gym.key("north").await, &of_customer).await.json(), json!([]));
    });
}

#[test]
fn cls_4_every_outcome_of_validation_is_an_error_of_booking() {
    with_gym(CLASSES, |gym| async move {
        let key = gym.key("north").await;
        let (ada, guest, idle) = (
            gym.customer("north", "ada").await,
            gym.customer("north", "guest").await,
            gym.customer("north", "idle").await,
        );
        let sue = gym.customer("south", "sue").await;
        // The south takes part, so that its customers may be asked about.
        gym.key("south").await;
        let at = async |start: &str| slot(&gym, &key, start).await;
        let course = at("2026-11-24T08:00").await;
        for name in ["bea", "cem"] {
            // One in each of the two places of yoga, and one in the course.
            let customer = gym.customer("north", name).await;
            booked(&gym, &key, customer, at("2026-11-25T18:00").await).await;
        }
        booked(&gym, &key, gym.customer("north", "dan").await, course).await;
        booked(&gym, &key, ada, at("2026-11-23T18:00").await).await;
        let cases = [
            // Begun this morning.
            (ada, at("2026-11-21T08:00").await, "NOT_AVAILABLE"),
            (sue, at("2026-11-26T18:00").await, "NOT_AVAILABLE"),
            (ada, at("2026-11-23T12:00").await, "DISPLAY_ONLY"),
            (ada, at("2026-11-24T21:30").await, "STUDIO_CLOSED"),
            (ada, at("2026-12-01T21:30").await, "STUDIO_CLOSED"),
            (ada, at("2026-11-28T18:30").await, "DATE_TIME_BEFORE_EARLIEST_BOOKING_DATE_TIME"),
            (ada, at("2026-11-23T18:00").await, "CUSTOMER_ALREADY_BOOKED"),
            (idle, at("2026-11-24T18:00").await, "CUSTOMER_IDLE"),
            (ada, at("2026-11-23T18:30").await, "CUSTOMER_IN_OTHER_BOOKING"),
            (guest, at("2026-11-22T18:00").await, "NO_CONTINGENT"),
            (ada, course, "BOOKING_LIMIT_REACHED"),
            // Only the waiting list has room.
            (ada, at("2026-11-25T18:00").await, "AVAILABLE"),
            (idle, at("2026-11-22T18:00").await, "AVAILABLE"),
        ];
        // The clock of the list of cases: the last ones of spin begin a day and a half from now.
        gym.set_clock("2026-11-21T16:31:00Z").await;
        let key = gym.key("north").await;
        let before = gym.end_of_journal().await;
        let refused = async |customer: i64, slot: i64, expected: &str| {
            assert_eq!(validate(&gym, &key, customer, slot).await, expected);
            let code = format!("errormessage.booking.{}", expected.to_lowercase().replace('_', "."));
            book(&gym, &key, customer, slot).await.refusal(400, &code);
        };
        for (customer, slot, expected) in cases {
            if expected == "AVAILABLE" {
                assert_eq!(validate(&gym, &key, customer, slot).await, expected);
            } else if expected != "CUSTOMER_IN_OTHER_BOOKING" {
                refused(customer, slot, expected).await;
            }
        }
        refused(ada, at("2026-11-21T18:30").await, "DATE_TIME_AFTER_LATEST_BOOKING_DATE_TIME").await;
        // Spin overlaps yoga, which ada has booked, and can be booked by now.
        gym.set_clock("2026-11-22T18:00:00Z").await;
        let key = gym.key("north").await;
        let overlapping = slot(&gym, &key, "2026-11-23T18:30").await;
        assert_eq!(validate(&gym, &key, ada, overlapping).await, "CUSTOMER_IN_OTHER_BOOKING");
        book(&gym, &key, ada, overlapping).await.refusal(400, "errormessage.booking.customer.in.other.booking");
        assert_eq!(gym.deeds(before).await, ["api-key.created"]);
    });
}

#[test]
fn cls_7_a_contingent_is_counted_by_the_week_of_the_slot_and_given_back_in_time() {
    with_gym(CLASSES, |gym| async move {
        let (key, ada) = (gym.key("north").await, gym.customer("north", "ada").await);
        // The contract began on a Monday, so its weeks do.
        let course = async |day: &str| slot(&gym, &key, &format!("{day}T08:00")).await;
        let (first, _) = booked(&gym, &key, ada, course("2026-11-24").await).await;
        booked(&gym, &key, ada, course("2026-11-25").await).await;
        let third = course("2026-11-26").await;
        assert_eq!(validate(&gym, &key, ada, third).await, "NO_CONTINGENT");
        book(&gym, &key, ada, third).await.refusal(400, "errormessage.booking.no.contingent");
        // The next week has uses of its own.
        booked(&gym, &key, ada, course("2026-11-30").await).await;
        assert_eq!(cancel(&gym, &key, first).await.status, 200);
        let (again, _) = booked(&gym, &key, ada, third).await;
        assert_eq!(validate(&gym, &key, ada, course("2026-11-27").await).await, "NO_CONTINGENT");
        // CLS-6: later than a day before, the use is lost.
        gym.set_clock("2026-11-25T07:00:01Z").await;
        let key = gym.key("north").await;
        assert_eq!(cancel(&gym, &key, again).await.status, 200);
        assert_eq!(status(&gym, &key, again).await, "CANCELED");
        assert_eq!(validate(&gym, &key, ada, course("2026-11-27").await).await, "NO_CONTINGENT");
    });
}

#[test]
fn cls_7_a_class_that_is_moved_counts_where_it_is_held_then() {
    with_gym(CLASSES, |gym| async move {
        let (key, ada) = (gym.key("north").await, gym.customer("north", "ada").await);
        let token = signed_in(&gym, Role::Manager, "north").await;
        let course = async |day: &str| slot(&gym, &key, &format!("{day}T08:00")).await;
        let moved = course("2026-11-25").await;
        booked(&gym, &key, ada, course("2026-11-24").await).await;
        booked(&gym, &key, ada, moved).await;
        assert_eq!(validate(&gym, &key, ada, course("2026-11-26").await).await, "NO_CONTINGENT");
        let path = format!("/studios/{}/class-slots/{moved}", gym.studio("north").await);
        let known = call(&gym, &token, "GET", &path, "").await.json()["slot"].clone();
        let to = async |from: &str, until: &str| {
            let body = json!({
                "startDateTime": from, "endDateTime": until, "roomId": known["roomId"],
                "instructorIds": known["instructorIds"], "maxParticipants": known["maxParticipants"],
                "maxWaitingListParticipants": known["maxWaitingListParticipants"],
                "additionalParticipants": known["additionalParticipants"],
            });
            call(&gym, &token, "PUT", &path, &body.to_string()).await.json();
        };
        // Within the week it counts as before.
        to("2026-11-25T09:00:00+01:00", "2026-11-25T09:30:00+01:00").await;
        to("2026-11-27T09:00:00+01:00", "2026-11-27T09:30:00+01:00").await;
        assert_eq!(validate(&gym, &key, ada, course("2026-11-26").await).await, "NO_CONTINGENT");
        to("2026-12-01T09:00:00+01:00", "2026-12-01T09:30:00+01:00").await;
        assert_eq!(validate(&gym, &key, ada, course("2026-11-26").await).await, "AVAILABLE");
        let (other, _) = booked(&gym, &key, ada, course("2026-11-30").await).await;
        assert_eq!(validate(&gym, &key, ada, course("2026-12-02").await).await, "NO_CONTINGENT");
        // Where nothing is left it is had for nothing, and nothing is given back for it.
        booked(&gym, &key, ada, course("2026-11-26").await).await;
        to("2026-11-27T09:00:00+01:00", "2026-11-27T09:30:00+01:00").await;
        assert_eq!(validate(&gym, &key, ada, course("2026-12-02").await).await, "AVAILABLE");
        call(&gym, &token, "POST", &format!("{path}/call-off"), "").await.json();
        assert_eq!(validate(&gym, &key, ada, course("2026-11-28").await).await, "NO_CONTINGENT");
        assert_eq!(cancel(&gym, &key, other).await.status, 200);
    });
}

#[test]
fn cls_7_and_11_of_many_bookings_at_once_no_more_stand_than_the_contingent_has() {
    with_gym(CLASSES, |gym| async move {
        let (key, ada) = (gym.key("north").await, gym.customer("north", "ada").await);
        let mut courses = Vec::new();
        for day in 24..=29 {
            courses.push(slot(&gym, &key, &format!("2026-11-{day}T08:00")).await);
        }
        gym.beside(async |there: Gym| {
            let servers = [&gym, &there];
            let wishes =
                courses.iter().enumerate().map(|(number, course)| book(servers[number % 2], &key, ada, *course));
            let answers = join_all(wishes).await;
            for answer in answers.iter().filter(|answer| answer.status != 200) {
                answer.refusal(400, "errormessage.booking.no.contingent");
            }
            assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 2);
        })
        .await;
    });
}

#[test]
fn cls_7_whoever_does_not_come_has_used_it_all_the_same() {
    with_gym(CLASSES, |gym| async move {
        let (key, ada) = (gym.key("north").await, gym.customer("north", "ada").await);
        let token = signed_in(&gym, Role::Manager, "north").await;
        let course = async |key: &str, day: u32| slot(&gym, key, &format!("2026-11-{day}T08:00")).await;
        let (first, _) = booked(&gym, &key, ada, course(&key, 24).await).await;
        booked(&gym, &key, ada, course(&key, 25).await).await;
        gym.set_clock("2026-11-24T08:00:00Z").await;
        let path = format!("/studios/{}/class-bookings/{first}/participation", gym.studio("north").await);
        call(&gym, &token, "PUT", &path, r#"{"participantStatus":"NOT_PARTICIPATING"}"#).await.json();
        let key = gym.key("north").await;
        assert_eq!(validate(&gym, &key, ada, course(&key, 26).await).await, "NO_CONTINGENT");
    });
}

#[test]
fn cls_14_of_another_studio_only_those_may_book_whom_the_integration_knows_there() {
    with_gym(CLASSES, |gym| async move {
        let (key, sue) = (gym.key("north").await, gym.customer("south", "sue").await);
        let yoga = slot(&gym, &key, "2026-11-23T18:00").await;
        let other = "errormessage.authorization.other.studio";
        book(&gym, &key, sue, yoga).await.refusal(403, other);
        gym.get(&key, &format!("/v1/classes/booking?customerId={sue}")).await.refusal(403, other);
        gym.key("south").await;
        book(&gym, &key, sue, yoga).await.refusal(400, "errormessage.booking.not.available");
    });
}

#[test]
fn cls_4_whoever_rests_gets_no_place_that_takes_nothing_either() {
    let yaml = CLASSES.replacen(
        "        description: Slow.\n",
        "        description: Slow.\n        needs_allowance: false\n",
        1,
    );
    with_gym(&yaml, |gym| async move {
        let key = gym.key("north").await;
        let (idle, guest) = (gym.customer("north", "idle").await, gym.customer("north", "guest").await);
        let yoga = slot(&gym, &key, "2026-11-23T18:00").await;
        assert_eq!(validate(&gym, &key, idle, yoga).await, "CUSTOMER_IDLE");
        assert_eq!(validate(&gym, &key, guest, yoga).await, "AVAILABLE");
        assert_eq!(validate(&gym, &key, idle, slot(&gym, &key, "2026-12-02T18:00").await).await, "AVAILABLE");
    });
}

#[test]
fn cls_10_and_14_customers_of_other_studios_and_strangers() {
    with_gym(CLASSES, |gym| async move {
        let (north, south) = (gym.key("north").await, gym.key("south").await);
        let (ada, sue, hidden) = (
            gym.customer("north", "ada").await,
            gym.customer("south", "sue").await,
            gym.customer("north", "hidden").await,
        );
        gym.set_clock("2026-11-21T17:00:00Z").await;
        let north = {
            drop(north);
            gym.key("north").await
        };
        let spin = slot(&gym, &north, "2026-11-22T18:30").await;
        let yoga = slot(&gym, &north, "2026-11-22T18:00").await;
        // Her contract of the south lets her book what is calm, and spin is open to her.
        let (id, booked) = booked(&gym, &north, sue, spin).await;
        assert_eq!(booked, "BOOKED");
        book(&gym, &north, sue, yoga).await.refusal(400, "errormessage.booking.not.available");
        let of_customer = format!("/v1/classes/booking?customerId={sue}");
        assert_eq!(gym.get(&north, &of_customer).await.json().as_array().unwrap().len(), 1);
        // What she does in the north is the north's.
        assert_eq!(gym.get(&south, &of_customer).await.json(), json!([]));
        let other = "errormessage.authorization.other.studio";
        gym.get(&south, &format!("/v1/classes/booking/{id}")).await.refusal(403, other);
        cancel(&gym, &south, id).await.refusal(403, other);
        book(&gym, &south, sue, spin).await.refusal(403, other);
        let withheld = "errormessage.third.party.customer.access.disabled";
        book(&gym, &north, hidden, yoga).await.refusal(403, withheld);
        gym.get(&north, &format!("/v1/classes/booking?customerId={hidden}")).await.refusal(403, withheld);
        let unknown = book(&gym, &north, 999_999_999, yoga).await.refusal(404, "errormessage.customer.not.found");
        assert_eq!(unknown.reference.as_deref(), Some("customerId"));
        let unknown = book(&gym, &north, ada, 999_999_999).await.refusal(404, "errormessage.class.slot.not.found");
        assert_eq!(unknown.reference.as_deref(), Some("classSlotId"));
        gym.get(&north, "/v1/classes/booking/999999999").await.refusal(404, "errormessage.booking.not.found");
        cancel(&gym, &north, 999_999_999).await.refusal(404, "errormessage.booking.not.found");
        gym.get(&north, "/v1/classes/booking").await.refusal(400, "errormessage.validation.field.required");
        gym.get(&north, "/v1/classes/booking?customerId=x").await.refusal(400, "errormessage.validation.field.invalid");
        // Another tenant knows nothing of all this.
        let tenant = gym.apply(&CLASSES.replace("key: acme", "key: zenith")).await;
        let (_, zenith) = gym.key_with(tenant, "north", None, None).await;
        gym.get(&zenith, &format!("/v1/classes/booking/{id}")).await.refusal(404, "errormessage.booking.not.found");
        cancel(&gym, &zenith, id).await.refusal(404, "errormessage.booking.not.found");
        book(&gym, &zenith, ada, spin).await.refusal(404, "errormessage.customer.not.found");
    });
}

#[test]
fn a_customer_who_withdraws_consent_is_told_of_no_more() {
    with_gym(CLASSES, |gym| async move {
        let (key, ada) = (gym.key("north").await, gym.customer("north", "ada").await);
        let yoga = slot(&gym, &key, "2026-11-23T18:00").await;
        let (id, _) = booked(&gym, &key, ada, yoga).await;
        gym.apply(&CLASSES.replace("last_name: One,", "last_name: One, third_party_access: false,")).await;
        let withheld = "errormessage.third.party.customer.access.disabled";
        gym.get(&key, &format!("/v1/classes/booking/{id}")).await.refusal(403, withheld);
        cancel(&gym, &key, id).await.refusal(403, withheld);
        let before = gym.end_of_journal().await;
        // The studio calls the class off: the slot is told of, her booking is not.
        let series =
            "weekdays: [MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY]\n            starts: \"18:00\"";
        assert!(CLASSES.contains(series));
        gym.apply(&CLASSES.replace("last_name: One,", "last_name: One, third_party_access: false,").replace(
            "            room: hall\n",
            "            room: hall\n            exceptions: [{ on: 2026-11-23, canceled: true }]\n",
        ))
        .await;
        assert_eq!(gym.events_after(before).await, [("CLASS_SLOT_CANCELLED".to_owned(), yoga)]);
    });
}

#[test]
fn agg_1_a_pack_lets_somebody_without_a_contract_book_while_it_lasts() {
    with_gym(CLASSES, |gym| async move {
        let (key, guest) = (gym.key("north").await, gym.customer("north", "guest").await);
        let desk = signed_in(&gym, Role::Desk, "north").await;
        let packs = customer_path(&gym, "north", guest, "/packs").await;
        let give = async |pack: serde_json::Value| call(&gym, &desk, "POST", &packs, &pack.to_string()).await.json();
        let (monday, tuesday) =
            (slot(&gym, &key, "2026-11-23T18:00").await, slot(&gym, &key, "2026-11-24T18:00").await);
        let course = slot(&gym, &key, "2026-11-24T08:00").await;
        // Good for what is calm, and not for courses.
        give(json!({"name": "Two visits", "uses": 1, "opensDoor": true, "allowanceKey": "calm"})).await;
        assert_eq!(validate(&gym, &key, guest, course).await, "NO_CONTINGENT");
        let (first, _) = booked(&gym, &key, guest, monday).await;
        let used = async || call(&gym, &desk, "GET", &packs, "").await.json()[0]["used"].clone();
        assert_eq!(used().await, 1);
        book(&gym, &key, guest, tuesday).await.refusal(400, "errormessage.booking.no.contingent");
        assert_eq!(cancel(&gym, &key, first).await.status, 200);
        assert_eq!(used().await, 0);
        booked(&gym, &key, guest, tuesday).await;
        // One that is good for everything.
        give(json!({"name": "Partner", "opensDoor": false})).await;
        booked(&gym, &key, guest, course).await;
        booked(&gym, &key, guest, monday).await;
        assert_eq!(used().await, 1);
    });
}
