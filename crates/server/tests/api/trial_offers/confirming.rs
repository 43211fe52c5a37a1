//! `POST /v1/trial-offers/bookings/{bookingId}/confirm`, and what becomes of trials that nobody confirms.

use gymkeeper_server::workers::jobs;
use serde_json::json;

use super::{booked, cancel, confirm, confirming, newcomer, status, trials};
use crate::{
    classes::{shown, slot},
    support::{Gym, with_gym},
};

const WAITS: &str = "BOOKED_WITH_CONFIRMATION_REQUIRED";

/// Grace has booked Wednesday's yoga, which she can confirm until Monday, 18:00 by the studio's clock, 17:00 UTC.
async fn wednesday(gym: &Gym) -> (String, i64, i64) {
    let key = gym.key("north").await;
    let grace = newcomer(gym, &key, "grace@example.org").await;
    let yoga = slot(gym, &key, "2026-11-25T18:00").await;
    let (booking, waits) = booked(gym, &key, grace, yoga).await;
    assert_eq!(waits, WAITS);
    (key, booking, yoga)
}

/// Moves the clock, and answers a key that is valid then.
async fn at(gym: &Gym, instant: &str) -> String {
    gym.set_clock(instant).await;
    gym.key("north").await
}

async fn run_due(gym: &Gym) {
    jobs::run_due(&gym.app, gym.tenant).await.unwrap();
}

/// The events about bookings behind a position.
async fn told(gym: &Gym, position: i64) -> Vec<(String, i64)> {
    let mut events = gym.events_after(position).await;
    events.retain(|(kind, _)| kind.starts_with("CLASS_BOOKING"));
    events
}

#[test]
fn tri_4_confirmed_at_the_last_moment_and_told_of_then() {
    with_gym(&trials(), |gym| async move {
        let (_, booking, _) = wednesday(&gym).await;
        let key = at(&gym, "2026-11-23T17:00:00Z").await;
        let before = gym.end_of_journal().await;
        assert_eq!(confirm(&gym, &key, booking).await, "CONFIRMED");
        assert_eq!(status(&gym, &key, booking).await, "BOOKED");
        assert_eq!(gym.deeds(before).await, ["trial.confirmed CLASS_BOOKING_CREATED"]);
        assert_eq!(told(&gym, before).await, [("CLASS_BOOKING_CREATED".to_owned(), booking)]);
        // Once more is the same and tells nobody, also when it would be too late.
        let before = gym.end_of_journal().await;
        assert_eq!(confirm(&gym, &key, booking).await, "CONFIRMED");
        assert_eq!(gym.end_of_journal().await, before);
        let key = at(&gym, "2026-11-24T17:00:00Z").await;
        run_due(&gym).await;
        assert_eq!(confirm(&gym, &key, booking).await, "CONFIRMED");
        assert_eq!(status(&gym, &key, booking).await, "BOOKED");
        // From now on it is told of like any other.
        let before = gym.end_of_journal().await;
        cancel(&gym, &key, booking).await;
        assert_eq!(told(&gym, before).await, [("CLASS_BOOKING_CANCELLED".to_owned(), booking)]);
        assert_eq!(confirm(&gym, &key, booking).await, "EXPIRED");
    });
}

#[test]
fn tri_4_too_late_is_expired_and_the_place_is_free() {
    with_gym(&trials(), |gym| async move {
        let (_, booking, yoga) = wednesday(&gym).await;
        let key = at(&gym, "2026-11-23T17:00:01Z").await;
        let before = gym.end_of_journal().await;
        for _ in 0..2 {
            assert_eq!(confirm(&gym, &key, booking).await, "EXPIRED");
            assert_eq!(status(&gym, &key, booking).await, "CANCELED");
        }
        assert_eq!(gym.deeds(before).await, ["class.booking-canceled"], "nobody was told of it before");
        assert_eq!(shown(&gym, &key, yoga).await["bookedParticipants"], 0);
        run_due(&gym).await;
        assert_eq!(told(&gym, before).await, []);
    });
}

#[test]
fn tri_4_what_nobody_confirms_is_given_up_by_itself() {
    with_gym(&trials(), |gym| async move {
        let (key, booking, yoga) = wednesday(&gym).await;
        // Ada has the other place, and Bea waits.
        for (name, expected) in [("ada", "BOOKED"), ("bea", "WAITING_LIST")] {
            let body = json!({ "customerId": gym.customer("north", name).await, "classSlotId": yoga }).to_string();
            let made = gym.send_json("POST", &key, "/v1/classes/booking/book", &body).await.json();
            assert_eq!(made["bookingStatus"], expected);
        }
        let key = at(&gym, "2026-11-23T17:00:00Z").await;
        run_due(&gym).await;
        assert_eq!(status(&gym, &key, booking).await, WAITS, "the last moment counts");
        let key = at(&gym, "2026-11-23T17:00:01Z").await;
        let before = gym.end_of_journal().await;
        run_due(&gym).await;
        assert_eq!(status(&gym, &key, booking).await, "CANCELED");
        let events = told(&gym, before).await;
        assert_eq!(events.len(), 1, "{events:?}");
        assert_eq!(events[0].0, "CLASS_BOOKING_UPDATED", "Bea has moved up");
        let now = shown(&gym, &key, yoga).await;
        assert_eq!((&now["bookedParticipants"], &now["waitingListParticipants"]), (&json!(2), &json!(0)));
        assert_eq!(confirm(&gym, &key, booking).await, "EXPIRED");
        // Grace may try again.
        let grace =
            gym.get(&key, &format!("/v1/classes/booking/{booking}")).await.json()["customerId"].as_i64().unwrap();
        assert_eq!(booked(&gym, &key, grace, slot(&gym, &key, "2026-11-27T18:00").await).await.1, WAITS);
    });
}

#[test]
fn tri_4_terms_are_minutes_hours_and_days() {
    for (term, last, over) in [
        ("90 MINUTES", "2026-11-25T15:30:00Z", "2026-11-25T15:30:01Z"),
        ("6 HOURS", "2026-11-25T11:00:00Z", "2026-11-25T11:00:01Z"),
        ("2 DAY", "2026-11-23T17:00:00Z", "2026-11-23T17:00:01Z"),
    ] {
        let trials = trials().replace("confirm_before: 2 DAY", &format!("confirm_before: {term}"));
        for (confirms, then) in [(true, "BOOKED"), (false, "CANCELED")] {
            with_gym(&trials, |gym| async move {
                let (_, booking, _) = wednesday(&gym).await;
                let key = at(&gym, last).await;
                run_due(&gym).await;
                assert_eq!(status(&gym, &key, booking).await, WAITS, "{term}");
                if confirms {
                    assert_eq!(confirm(&gym, &key, booking).await, "CONFIRMED", "{term}");
                }
                let key = at(&gym, over).await;
                run_due(&gym).await;
                assert_eq!(status(&gym, &key, booking).await, then, "{term}");
                let answer = if confirms { "CONFIRMED" } else { "EXPIRED" };
                assert_eq!(confirm(&gym, &key, booking).await, answer, "{term}");
            });
        }
    }
}

#[test]
fn time_5_a_server_that_was_off_gives_up_afterwards() {
    with_gym(&trials(), |gym| async move {
        let (_, booking, _) = wednesday(&gym).await;
        let key = at(&gym, "2026-11-26T12:00:00Z").await;
        run_due(&gym).await;
        run_due(&gym).await;
        assert_eq!(status(&gym, &key, booking).await, "CANCELED");
    });
}

#[test]
fn tri_7_what_needs_no_confirming_is_confirmed_and_what_is_canceled_is_expired() {
    with_gym(&trials(), |gym| async move {
        let (key, booking, _) = wednesday(&gym).await;
        let before = gym.end_of_journal().await;
        cancel(&gym, &key, booking).await;
        assert_eq!(told(&gym, before).await, [], "nobody was told of it before");
        assert_eq!(confirm(&gym, &key, booking).await, "EXPIRED");
        let guest = gym.customer("north", "guest").await;
        let (course, _) = booked(&gym, &key, guest, slot(&gym, &key, "2026-11-24T08:00").await).await;
        let before = gym.end_of_journal().await;
        assert_eq!(confirm(&gym, &key, course).await, "CONFIRMED");
        assert_eq!(gym.end_of_journal().await, before);
    });
}

#[test]
fn tri_7_and_auth_6_only_trials_of_the_own_studio_can_be_confirmed() {
    with_gym(&trials(), |gym| async move {
        let (key, booking, yoga) = wednesday(&gym).await;
        let south = gym.key("south").await;
        let body = json!({ "customerId": gym.customer("north", "ada").await, "classSlotId": yoga }).to_string();
        let plain = gym.send_json("POST", &key, "/v1/classes/booking/book", &body).await.json();
        let plain = plain["bookingId"].as_i64().unwrap();
        let not_found = "errormessage.booking.not.found";
        for id in [plain, yoga, 77] {
            confirming(&gym, &key, id).await.refusal(404, not_found);
        }
        confirming(&gym, &south, plain).await.refusal(404, not_found);
        confirming(&gym, &south, booking).await.refusal(403, "errormessage.authorization.other.studio");
        let tenant = gym.apply(&trials().replace("key: acme", "key: zenith")).await;
        let (_, zenith) = gym.key_with(tenant, "north", None, None).await;
        confirming(&gym, &zenith, booking).await.refusal(404, not_found);
        assert_eq!(status(&gym, &key, booking).await, WAITS);
        // Whoever refuses third parties is none of their business any more.
        let guest = gym.customer("north", "guest").await;
        let (hers, _) = booked(&gym, &key, guest, slot(&gym, &key, "2026-11-28T18:00").await).await;
        gym.apply(&trials().replace("last_name: None,", "last_name: None, third_party_access: false,")).await;
        let withheld = "errormessage.third.party.customer.access.disabled";
        confirming(&gym, &key, hers).await.refusal(403, withheld);
    });
}

#[test]
fn tri_4_the_time_for_confirming_moves_with_the_class() {
    with_gym(&trials(), |gym| async move {
        let (_, booking, yoga) = wednesday(&gym).await;
        let with = |exception: &str| {
            let room = "            room: hall\n";
            trials().replacen(room, &format!("{room}            exceptions: [{{ on: 2026-11-25, {exception} }}]\n"), 1)
        };
        // A day later by the calendar, and at ten: until Tuesday at ten.
        let before = gym.end_of_journal().await;
        gym.apply(&with("moved_to: 2026-11-26T10:00")).await;
        assert_eq!(gym.events_after(before).await, [("CLASS_SLOT_UPDATED".to_owned(), yoga)]);
        let key = at(&gym, "2026-11-24T09:00:00Z").await;
        run_due(&gym).await;
        assert_eq!(status(&gym, &key, booking).await, WAITS);
        // Another room changes nothing about that.
        gym.apply(&with("moved_to: 2026-11-26T10:00, room: cellar")).await;
        assert_eq!(status(&gym, &key, booking).await, WAITS);
        // And now so near that nobody could confirm any more: that is not Grace's fault.
        let before = gym.end_of_journal().await;
        gym.apply(&with("moved_to: 2026-11-25T10:00")).await;
        assert_eq!(told(&gym, before).await, [("CLASS_BOOKING_CREATED".to_owned(), booking)]);
        let key = at(&gym, "2026-11-24T09:00:01Z").await;
        run_due(&gym).await;
        assert_eq!(status(&gym, &key, booking).await, "BOOKED");
    });
}

#[test]
fn tri_4_a_class_that_was_moved_later_is_given_up_later() {
    with_gym(&trials(), |gym| async move {
        let (_, booking, _) = wednesday(&gym).await;
        let room = "            room: hall\n";
        let moved = "            exceptions: [{ on: 2026-11-25, moved_to: 2026-11-26T10:00 }]\n";
        gym.apply(&trials().replacen(room, &format!("{room}{moved}"), 1)).await;
        let key = at(&gym, "2026-11-24T09:00:01Z").await;
        run_due(&gym).await;
        assert_eq!(status(&gym, &key, booking).await, "CANCELED");
        assert_eq!(confirm(&gym, &key, booking).await, "EXPIRED");
    });
}

#[test]
fn cls_7_a_class_that_is_called_off_takes_its_trials_along() {
    with_gym(&trials(), |gym| async move {
        let (key, booking, yoga) = wednesday(&gym).await;
        let room = "            room: hall\n";
        let before = gym.end_of_journal().await;
        let off = "            exceptions: [{ on: 2026-11-25, canceled: true }]\n";
        gym.apply(&trials().replacen(room, &format!("{room}{off}"), 1)).await;
        assert_eq!(gym.events_after(before).await, [("CLASS_SLOT_CANCELLED".to_owned(), yoga)]);
        assert_eq!(status(&gym, &key, booking).await, "CANCELED");
        assert_eq!(confirm(&gym, &key, booking).await, "EXPIRED");
    });
}
