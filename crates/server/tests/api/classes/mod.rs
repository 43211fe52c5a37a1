//! The group Classes.

mod booking;
mod canceling;
mod contingents;
mod listing;
mod lists;
mod reading;
mod resources;
mod rush;
mod schedule;
mod waiting;

use serde_json::{Value, json};

use crate::support::{Answer, CLASSES, Gym};

/// A gym file whose yoga needs no allowance, and what it becomes once the guest has a contract that rests on 23 November.
pub(crate) fn before_and_while_the_guest_rests() -> [String; 2] {
    let yoga = "        description: Slow.\n";
    let before = CLASSES.replacen(yoga, &format!("{yoga}        needs_allowance: false\n"), 1);
    let contract = " email: guest@example.org, contracts: [{ offer: basic, start: 2026-11-21, \
        idle_periods: [{ from: 2026-11-23, to: 2026-11-23 }] }] }";
    let resting = before.replacen(" email: guest@example.org }", contract, 1);
    assert_ne!(resting, before);
    [before, resting]
}

/// The slot of a class that begins at that time of the studio's clock, such as `2026-11-23T18:00`.
pub(crate) async fn slot(gym: &Gym, key: &str, start: &str) -> i64 {
    let mut offset = "0".to_owned();
    loop {
        let path = format!("/v1/classes/slots?slotWindowStartDate={}&daysAhead=1&offset={offset}", &start[..10]);
        let page = gym.get(key, &path).await.json();
        let slots = page["result"].as_array().unwrap();
        let found = slots.iter().find(|slot| slot["startDateTime"].as_str().unwrap().starts_with(start));
        if let Some(found) = found {
            return found["id"].as_i64().unwrap();
        }
        assert_eq!(page["hasNext"], true, "nothing begins at {start}: {page}");
        offset = page["offset"].as_str().unwrap().to_owned();
    }
}

/// The slot of that id, as clients see it.
pub(crate) async fn shown(gym: &Gym, key: &str, id: i64) -> Value {
    let page = gym.get(key, "/v1/classes/slots?sliceSize=100").await.json();
    page["result"].as_array().unwrap().iter().find(|slot| slot["id"] == id).unwrap().clone()
}

pub(crate) async fn book(gym: &Gym, key: &str, customer: i64, slot: i64) -> Answer {
    let body = json!({"customerId": customer, "classSlotId": slot}).to_string();
    gym.send_json("POST", key, "/v1/classes/booking/book", &body).await
}

/// Books, and answers the id of the booking and its status.
pub(crate) async fn booked(gym: &Gym, key: &str, customer: i64, slot: i64) -> (i64, String) {
    let answer = book(gym, key, customer, slot).await.json();
    (answer["bookingId"].as_i64().unwrap(), answer["bookingStatus"].as_str().unwrap().to_owned())
}

async fn validate(gym: &Gym, key: &str, customer: i64, slot: i64) -> String {
    let body = json!({"customerId": customer, "classSlotId": slot}).to_string();
    let answer = gym.send_json("POST", key, "/v1/classes/booking/validate", &body).await.json();
    answer["validationStatus"].as_str().unwrap().to_owned()
}

pub(crate) async fn cancel(gym: &Gym, key: &str, booking: i64) -> Answer {
    gym.send("DELETE", &format!("/v1/classes/booking/{booking}"), &[("x-api-key", key)], "").await
}

pub(crate) async fn status(gym: &Gym, key: &str, booking: i64) -> String {
    let answer = gym.get(key, &format!("/v1/classes/booking/{booking}")).await.json();
    answer["bookingStatus"].as_str().unwrap().to_owned()
}
