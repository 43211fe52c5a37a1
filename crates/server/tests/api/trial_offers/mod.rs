//! The group Trial Offers: what can be tried, who wants to, and what becomes of it.

mod appointments;
mod booking;
mod confirming;
mod gym_file;
mod lead;
mod races;
mod reading;

use gymkeeper_store::inventory::{self, Kind};
use serde_json::{Value, json};

use crate::support::{CLASSES, Gym, answer::Answer};

/// The classes with trial offers: two days to confirm and two days apart for yoga, none of that for the course, which leads may not
/// try, and one for all the others. Spin belongs to none.
pub(crate) fn trials() -> String {
    let north = "
    trial_offers:
      - key: taster
        name: Taster
        contingent: 2
        prevent_multiple_bookings: 2 DAY
        confirm_before: 2 DAY
        telephone_mode: MANDATORY
        address_mode: INACTIVE
        classes: [yoga]
      - { key: morning, name: Morning, contingent: 3, open_to_leads: false, duplicates_allowed: true, classes: [course] }
      - { key: others, name: Others, contingent: 9, confirm_before: 90 MINUTES, classes: [night, shown, secret] }
";
    let south = "
    trial_offers: [{ key: taster, name: Southern taster, classes: [dance] }]
";
    let yaml = CLASSES.replacen(
        "\n    offers:\n      - key: basic\n",
        &format!("{north}    offers:\n      - key: basic\n"),
        1,
    );
    let yaml = yaml.replacen(
        "\n    offers:\n      - key: southern\n",
        &format!("{south}    offers:\n      - key: southern\n"),
        1,
    );
    assert_eq!(yaml.matches("trial_offers").count(), 2);
    yaml
}

/// The id of a trial offer.
pub(crate) async fn offer(gym: &Gym, studio: &str, key: &str) -> i64 {
    entry(gym, studio, Kind::TrialOffer, key).await
}

async fn entry(gym: &Gym, studio: &str, kind: Kind, key: &str) -> i64 {
    let (tenant, studio) = (gym.tenant, gym.studio(studio).await);
    let entries = gym.app.db.read(move |tx| inventory::of_kind(tx, tenant, studio, kind)).await.unwrap();
    entries.iter().find(|entry| entry.key == key).unwrap().id
}

/// Somebody who wants to try, with a telephone number.
pub(crate) fn person(email: &str) -> Value {
    json!({ "firstname": "Grace", "lastname": "Hopper", "email": email, "telephone": "+49 30 765" })
}

async fn post(gym: &Gym, key: &str, path: &str, body: &Value) -> Answer {
    gym.send_json("POST", key, &format!("/v1/trial-offers/{path}"), &body.to_string()).await
}

async fn create(gym: &Gym, key: &str, offer: i64, person: &Value) -> Answer {
    post(gym, key, "lead/create", &json!({ "leadCustomerData": person, "trialOfferConfigId": offer })).await
}

async fn lead_status(gym: &Gym, key: &str, offer: i64, person: &Value) -> String {
    let body = json!({ "leadCustomerData": person, "trialOfferConfigId": offer });
    text(&post(gym, key, "lead/validate", &body).await.json()["validationStatus"])
}

/// Somebody new who wants to try yoga.
pub(crate) async fn newcomer(gym: &Gym, key: &str, email: &str) -> i64 {
    let taster = offer(gym, "north", "taster").await;
    create(gym, key, taster, &person(email)).await.json()["leadCustomerId"].as_i64().unwrap()
}

async fn book(gym: &Gym, key: &str, customer: i64, slot: i64) -> Answer {
    post(gym, key, "classes/booking/book", &json!({ "customerId": customer, "classSlotId": slot })).await
}

/// Books, and answers the id of the booking and its status.
pub(crate) async fn booked(gym: &Gym, key: &str, customer: i64, slot: i64) -> (i64, String) {
    let answer = book(gym, key, customer, slot).await.json();
    (answer["bookingId"].as_i64().unwrap(), text(&answer["bookingStatus"]))
}

async fn validate(gym: &Gym, key: &str, customer: i64, slot: i64) -> String {
    let body = json!({ "customerId": customer, "classSlotId": slot });
    text(&post(gym, key, "classes/booking/validate", &body).await.json()["validationStatus"])
}

/// Confirms, and answers what came of it.
pub(crate) async fn confirm(gym: &Gym, key: &str, booking: i64) -> String {
    text(&confirming(gym, key, booking).await.json()["status"])
}

async fn confirming(gym: &Gym, key: &str, booking: i64) -> Answer {
    gym.send_json("POST", key, &format!("/v1/trial-offers/bookings/{booking}/confirm"), "").await
}

/// How a booking stands.
pub(crate) async fn status(gym: &Gym, key: &str, booking: i64) -> String {
    text(&gym.get(key, &format!("/v1/classes/booking/{booking}")).await.json()["bookingStatus"])
}

async fn cancel(gym: &Gym, key: &str, booking: i64) {
    let answer = gym.send("DELETE", &format!("/v1/classes/booking/{booking}"), &[("x-api-key", key)], "").await;
    assert_eq!(answer.status, 200, "{}", answer.text());
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}
