//! Contingents, as programs meet them: by day and by month of the studio's calendar, and of modules.

use super::{booked, cancel, slot, validate};
use crate::{
    appointments::Booker,
    support::{Gym, with_gym},
};

/// A class at noon and two around midnight, every day, and what lets people book them.
pub(super) const CONTINGENTS: &str = include_str!("contingents.yaml");

/// Somebody who books classes in the north.
pub(super) struct Guest<'g> {
    gym: &'g Gym,
    pub(super) id: i64,
}

impl<'g> Guest<'g> {
    pub(super) async fn of(gym: &'g Gym, key: &str) -> Self {
        Self { gym, id: gym.customer("north", key).await }
    }

    /// What validating says of the class that begins then, such as `2026-11-23T12:00`.
    pub(super) async fn validate(&self, start: &str) -> String {
        let key = self.gym.key("north").await;
        validate(self.gym, &key, self.id, slot(self.gym, &key, start).await).await
    }

    /// Books a place, and answers the id.
    pub(super) async fn book(&self, start: &str) -> i64 {
        let key = self.gym.key("north").await;
        let (id, status) = booked(self.gym, &key, self.id, slot(self.gym, &key, start).await).await;
        assert_eq!(status, "BOOKED", "{start}");
        id
    }

    pub(super) async fn cancel(&self, booking: i64) {
        assert_eq!(cancel(self.gym, &self.gym.key("north").await, booking).await.status, 200);
    }
}

pub(super) const NONE: &str = "NO_CONTINGENT";
pub(super) const FREE: &str = "AVAILABLE";

#[test]
fn cls_7_one_a_day_is_counted_by_the_day_of_the_studio() {
    with_gym(CONTINGENTS, |gym| async move {
        let guest = Guest::of(&gym, "day").await;
        guest.book("2026-11-23T23:30").await;
        // The same day is used up, whenever it is asked; in Greenwich the night after belongs to it, here it does not.
        assert_eq!(guest.validate("2026-11-23T12:00").await, NONE);
        assert_eq!(guest.validate("2026-11-23T00:15").await, NONE);
        let night = guest.book("2026-11-24T00:15").await;
        assert_eq!(guest.validate("2026-11-24T12:00").await, NONE);
        assert_eq!(guest.validate("2026-11-24T23:30").await, NONE);
        assert_eq!(guest.validate("2026-11-25T00:15").await, FREE);
        // Given back in time, the day is free again, and the day before is as it was.
        guest.cancel(night).await;
        assert_eq!(guest.validate("2026-11-23T12:00").await, NONE);
        let noon = guest.book("2026-11-24T12:00").await;
        // Given back late it is lost, and tomorrow there is another.
        gym.set_clock("2026-11-24T09:00:01Z").await;
        guest.cancel(noon).await;
        assert_eq!(guest.validate("2026-11-24T23:30").await, NONE);
        assert_eq!(guest.validate("2026-11-25T12:00").await, FREE);
    });
}

#[test]
fn cls_7_one_a_month_begins_anew_with_the_month_of_the_contract_in_the_zone_of_the_studio() {
    with_gym(CONTINGENTS, |gym| async move {
        // Of a contract that began on 31 October the next month begins on 30 November.
        let guest = Guest::of(&gym, "month").await;
        let noon = guest.book("2026-11-24T12:00").await;
        assert_eq!(guest.validate("2026-11-29T23:30").await, NONE);
        // Three quarters of an hour later, which is the same day in Greenwich.
        guest.book("2026-11-30T00:15").await;
        assert_eq!(guest.validate("2026-11-30T12:00").await, NONE);
        assert_eq!(guest.validate("2026-12-05T12:00").await, NONE);
        // What is given back belongs to its own month.
        guest.cancel(noon).await;
        assert_eq!(guest.validate("2026-11-30T12:00").await, NONE);
        guest.book("2026-11-29T23:30").await;
        assert_eq!(guest.validate("2026-11-25T12:00").await, NONE);
        // On 31 December there is another.
        gym.set_clock("2026-12-29T11:00:00Z").await;
        gymkeeper_server::workers::jobs::run_due(&gym.app, gym.tenant).await.unwrap();
        assert_eq!(guest.validate("2026-12-30T23:30").await, NONE);
        assert_eq!(guest.validate("2026-12-31T00:15").await, FREE);
    });
}

#[test]
fn cls_7_and_ben_1_each_term_of_a_contract_has_uses_of_its_own() {
    with_gym(CONTINGENTS, |gym| async move {
        let guest = Guest::of(&gym, "term").await;
        let first = guest.book("2026-11-24T12:00").await;
        assert_eq!(guest.validate("2026-11-25T23:30").await, NONE);
        // The extension begins at midnight.
        let second = guest.book("2026-11-26T00:15").await;
        assert_eq!(guest.validate("2026-12-04T12:00").await, NONE);
        // What is given back belongs to its own term.
        guest.cancel(first).await;
        assert_eq!(guest.validate("2026-11-26T12:00").await, NONE);
        guest.book("2026-11-25T23:30").await;
        guest.cancel(second).await;
        assert_eq!(guest.validate("2026-11-25T12:00").await, NONE);
        assert_eq!(guest.validate("2026-12-04T12:00").await, FREE);
        let use_it = async || {
            let path = format!("/v1/customers/{}/benefits/friend/use", guest.id);
            gym.send_json("POST", &gym.key("north").await, &path, "").await
        };
        assert_eq!(use_it().await.status, 200);
        gym.set_clock("2026-11-25T22:59:59Z").await;
        use_it().await.refusal(400, "errormessage.benefit.no.contingent");
        gym.set_clock("2026-11-25T23:00:00Z").await;
        assert_eq!(use_it().await.status, 200);
        use_it().await.refusal(400, "errormessage.benefit.no.contingent");
    });
}

#[test]
fn cls_4_whoever_has_a_contract_that_goes_on_does_not_rest_when_it_is_used_up() {
    with_gym(CONTINGENTS, |gym| async move {
        let guest = Guest::of(&gym, "two").await;
        guest.book("2026-11-24T12:00").await;
        assert_eq!(guest.validate("2026-11-25T12:00").await, NONE);
        assert_eq!(Guest::of(&gym, "rests").await.validate("2026-11-25T12:00").await, "CUSTOMER_IDLE");
    });
}

#[test]
fn cls_4_and_7_a_module_lets_somebody_book_classes() {
    with_gym(CONTINGENTS, |gym| async move {
        let guest = Guest::of(&gym, "mia").await;
        for nothing in ["ned", "pia"] {
            assert_eq!(Guest::of(&gym, nothing).await.validate("2026-11-24T12:00").await, NONE, "{nothing}");
        }
        let first = guest.book("2026-11-24T12:00").await;
        assert_eq!(guest.validate("2026-11-25T12:00").await, NONE);
        guest.cancel(first).await;
        let second = guest.book("2026-11-25T12:00").await;
        assert_eq!(guest.validate("2026-11-24T12:00").await, NONE);
        // Two hours before is in time, a second later is not.
        gym.set_clock("2026-11-25T09:00:00Z").await;
        guest.cancel(second).await;
        let third = guest.book("2026-11-25T12:00").await;
        gym.set_clock("2026-11-25T09:00:01Z").await;
        guest.cancel(third).await;
        assert_eq!(guest.validate("2026-11-26T12:00").await, NONE);
        // What ends with the module cannot be used up.
        let ends = Guest::of(&gym, "ends").await;
        assert_eq!(ends.validate("2026-11-25T23:30").await, NONE);
    });
}

#[test]
fn cls_7_a_module_is_good_until_its_last_day() {
    with_gym(CONTINGENTS, |gym| async move {
        let guest = Guest::of(&gym, "ends").await;
        assert_eq!(guest.validate("2026-11-24T23:30").await, FREE);
        assert_eq!(guest.validate("2026-11-25T00:15").await, NONE);
    });
}

#[test]
fn app_4_and_6_a_module_lets_somebody_book_appointments() {
    with_gym(CONTINGENTS, |gym| async move {
        let booker = Booker::of(&gym).await;
        let validate = async |customer: &str, start: &str, end: &str| {
            booker.validate(&booker.wish(customer, "check", start, end).await).await
        };
        assert_eq!(validate("ned", "24T10:00", "24T10:30").await, NONE);
        let first = booker.booked("mia", "check", "24T10:00", "24T10:30").await;
        assert_eq!(validate("mia", "25T10:00", "25T10:30").await, NONE);
        // Classes are another allowance of the same module.
        assert_eq!(Guest::of(&gym, "mia").await.validate("2026-11-24T12:00").await, FREE);
        booker.cancel(first).await.json();
        let second = booker.booked("mia", "check", "25T10:00", "25T10:30").await;
        gym.set_clock("2026-11-25T07:00:01Z").await;
        booker.cancel(second).await.json();
        assert_eq!(validate("mia", "26T10:00", "26T10:30").await, NONE);
    });
}
