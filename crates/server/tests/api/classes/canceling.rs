//! Giving places back.

use super::{booked, cancel, slot, status};
use crate::support::{CLASSES, with_gym};

#[test]
fn cls_6_in_time_too_late_and_after_the_start() {
    with_gym(CLASSES, |gym| async move {
        let (key, ada, bea) =
            (gym.key("north").await, gym.customer("north", "ada").await, gym.customer("north", "bea").await);
        let yoga = slot(&gym, &key, "2026-11-23T18:00").await;
        let (first, _) = booked(&gym, &key, ada, yoga).await;
        let (second, _) = booked(&gym, &key, bea, yoga).await;
        gym.set_clock("2026-11-23T15:00:00Z").await;
        let key = gym.key("north").await;
        let before = gym.end_of_journal().await;
        let answer = cancel(&gym, &key, first).await;
        assert_eq!((answer.status, answer.text().as_str()), (200, ""));
        assert_eq!(gym.events_after(before).await, [("CLASS_BOOKING_CANCELLED".to_owned(), first)]);
        assert_eq!(status(&gym, &key, first).await, "CANCELED");
        cancel(&gym, &key, first).await.refusal(400, "errormessage.booking.already.canceled");
        // A new booking is another one.
        let (again, _) = booked(&gym, &key, ada, yoga).await;
        assert!(again > second);
        gym.set_clock("2026-11-23T15:00:01Z").await;
        let key = gym.key("north").await;
        let refusal =
            cancel(&gym, &key, second).await.refusal(400, "errormessage.booking.cancelation.deadline.exceeded");
        assert!(refusal.error_message.contains("2026-11-23 16:00"), "{}", refusal.error_message);
        gym.set_clock("2026-11-23T17:00:00Z").await;
        let key = gym.key("north").await;
        cancel(&gym, &key, second).await.refusal(400, "errormessage.booking.already.started");
        // CLS-13: it is over at its end.
        for (now, expected) in [("2026-11-23T17:59:59Z", "PLANNED"), ("2026-11-23T18:00:00Z", "COMPLETED")] {
            gym.set_clock(now).await;
            let key = gym.key("north").await;
            let shown = gym.get(&key, &format!("/v1/classes/booking/{second}")).await.json();
            assert_eq!(shown["classSlotStatus"], expected);
        }
    });
}

#[test]
fn cls_11_a_repeated_request_books_once_and_a_dry_run_not_at_all() {
    with_gym(CLASSES, |gym| async move {
        let (key, ada) = (gym.key("north").await, gym.customer("north", "ada").await);
        let yoga = slot(&gym, &key, "2026-11-23T18:00").await;
        let body = format!(r#"{{"customerId":{ada},"classSlotId":{yoga}}}"#);
        let send = async |header: (&str, &str)| {
            let headers = [("x-api-key", key.as_str()), ("content-type", "application/json"), header];
            gym.send("POST", "/v1/classes/booking/book", &headers, &body).await.json()
        };
        let tried = send(("gymkeeper-dry-run", "true")).await;
        assert_eq!(tried["bookingStatus"], "BOOKED");
        assert_eq!(super::shown(&gym, &key, yoga).await["bookedParticipants"], 0);
        let first = send(("idempotency-key", "once")).await;
        assert_eq!(send(("idempotency-key", "once")).await, first);
        assert_eq!(super::shown(&gym, &key, yoga).await["bookedParticipants"], 1);
    });
}
