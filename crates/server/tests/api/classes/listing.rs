//! The bookings of a customer, two weeks either way (CLS-8).

use serde_json::Value;

use super::{booked, cancel, slot};
use crate::support::{CLASSES, Gym, with_gym};

/// The bookings of a customer in the north and how they stand, in the order in which they are told.
async fn listed(gym: &Gym, customer: i64) -> Vec<(i64, String)> {
    let key = gym.key("north").await;
    let all = gym.get(&key, &format!("/v1/classes/booking?customerId={customer}")).await.json();
    let one = |one: &Value| (one["bookingId"].as_i64().unwrap(), one["bookingStatus"].as_str().unwrap().to_owned());
    all.as_array().unwrap().iter().map(one).collect()
}

#[test]
fn cls_8_whole_bookings_of_two_weeks_either_way_canceled_ones_too() {
    with_gym(CLASSES, |gym| async move {
        let (key, ada) = (gym.key("north").await, gym.customer("north", "ada").await);
        // From six to seven in the evening, on a day soon and on the last that is published; and one that is given up.
        let (near, _) = booked(&gym, &key, ada, slot(&gym, &key, "2026-11-23T18:00").await).await;
        let (far, _) = booked(&gym, &key, ada, slot(&gym, &key, "2026-12-05T18:00").await).await;
        let (given_up, _) = booked(&gym, &key, ada, slot(&gym, &key, "2026-11-24T18:00").await).await;
        assert_eq!(cancel(&gym, &key, given_up).await.status, 200);
        let shown = |ids: &[i64]| {
            let status = |id: i64| if id == given_up { "CANCELED" } else { "BOOKED" };
            ids.iter().map(|id| (*id, status(*id).to_owned())).collect::<Vec<_>>()
        };
        // Ahead, a booking is told when all of it lies within two weeks, to the second.
        for (now, expected) in [
            ("2026-11-21T17:59:59Z", &[near, given_up][..]),
            ("2026-11-21T18:00:00Z", &[near, given_up, far]),
            // Back, as long as its start does.
            ("2026-12-07T17:00:00Z", &[near, given_up, far]),
            ("2026-12-07T17:00:01Z", &[given_up, far]),
            ("2026-12-08T17:00:00Z", &[given_up, far]),
            ("2026-12-08T17:00:01Z", &[far]),
            ("2026-12-19T17:00:01Z", &[]),
        ] {
            gym.set_clock(now).await;
            assert_eq!(listed(&gym, ada).await, shown(expected), "{now}");
        }
        // It can still be read.
        assert_eq!(super::status(&gym, &gym.key("north").await, near).await, "BOOKED");
    });
}
