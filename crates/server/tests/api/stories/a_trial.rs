//! Two who want to try yoga: one says in time that she comes, the other does not, and somebody who waited gets the place.

use serde_json::json;

use super::Story;
use crate::{
    classes::{self, slot},
    support::with_gym,
    trial_offers::{booked, confirm, newcomer, status, trials},
};

#[test]
fn tri_4_one_trial_is_confirmed_and_one_lapses() {
    with_gym(&trials(), |gym| async move {
        let gym = &gym;
        let mut story = Story::of(gym).await;
        story.until("2026-12-01T10:00:00Z").await;
        let key = gym.key("north").await;

        // Both register on the website.
        let grace = newcomer(gym, &key, "grace@example.org").await;
        let hedy = newcomer(gym, &key, "hedy@example.org").await;
        assert_eq!(story.told(grace).await, ["CUSTOMER_CREATED"]);

        // They take both places of a Thursday; Ada, a member, waits.
        let thursday = slot(gym, &key, "2026-12-10T18:00").await;
        let (hers, waits) = booked(gym, &key, grace, thursday).await;
        let (others, _) = booked(gym, &key, hedy, thursday).await;
        assert_eq!(waits, "BOOKED_WITH_CONFIRMATION_REQUIRED");
        let ada = gym.customer("north", "ada").await;
        let (waiting, on_list) = classes::booked(gym, &key, ada, thursday).await;
        assert_eq!(on_list, "WAITING_LIST");
        assert_eq!(story.told(waiting).await, ["CLASS_BOOKING_CREATED"]);

        // Two days before, to the second, Grace says that she comes.
        story.until("2026-12-08T17:00:00Z").await;
        assert_eq!(story.told(hers).await, [""; 0]);
        assert_eq!(confirm(gym, &key, hers).await, "CONFIRMED");
        assert_eq!(story.told(hers).await, ["CLASS_BOOKING_CREATED"]);
        assert_eq!(status(gym, &key, others).await, "BOOKED_WITH_CONFIRMATION_REQUIRED");

        // Hedy does not, and Ada gets her place.
        story.until("2026-12-08T17:01:00Z").await;
        assert_eq!(status(gym, &key, others).await, "CANCELED");
        assert_eq!(status(gym, &key, waiting).await, "BOOKED");
        assert_eq!(story.told(waiting).await, ["CLASS_BOOKING_UPDATED"]);
        assert_eq!(confirm(gym, &key, others).await, "EXPIRED");
        assert_eq!(story.told(others).await, [""; 0], "of what was never confirmed nobody is told");

        // The class is over, and Grace liked it: two days later once more, and then no more.
        story.until("2026-12-10T20:00:00Z").await;
        let booking = gym.get(&key, &format!("/v1/classes/booking/{hers}")).await.json();
        assert_eq!((&booking["bookingStatus"], &booking["classSlotStatus"]), (&json!("BOOKED"), &json!("COMPLETED")));
        let saturday = slot(gym, &key, "2026-12-12T18:00").await;
        let (again, stands) = booked(gym, &key, grace, saturday).await;
        assert_eq!(stands, "BOOKED", "it is too late to confirm");
        assert_eq!(story.told(again).await, ["CLASS_BOOKING_CREATED"]);
        let body = json!({ "customerId": grace, "classSlotId": slot(gym, &key, "2026-12-15T18:00").await });
        let refused = gym.send_json("POST", &key, "/v1/trial-offers/classes/booking/book", &body.to_string()).await;
        refused.refusal(400, "errormessage.trial.offer.contingent.exhausted");
    });
}
