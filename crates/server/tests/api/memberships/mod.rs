mod get_membership_offer_by_id;
mod get_membership_offers;
mod prices;
mod volumes;

use serde_json::Value;

use crate::support::Gym;

pub(crate) const OFFERS: &str = "/v1/memberships/membership-offers";

/// A studio whose offers have everything that an offer can have.
const EVERYTHING: &str = include_str!("everything.yaml");

/// The names of the offers that are listed, in their order.
async fn names(gym: &Gym, key: &str) -> Vec<String> {
    let listed = gym.get(key, OFFERS).await.json();
    listed.as_array().unwrap().iter().map(|offer| offer["name"].as_str().unwrap().to_owned()).collect()
}

/// The id of a listed offer.
async fn id_of(gym: &Gym, key: &str, name: &str) -> i64 {
    let listed = gym.get(key, OFFERS).await.json();
    let offer = listed.as_array().unwrap().iter().find(|offer| offer["name"] == name);
    offer.unwrap_or_else(|| panic!("{name} is not listed: {listed:#}"))["id"].as_i64().unwrap()
}

/// Everything about a listed offer.
async fn details(gym: &Gym, key: &str, name: &str, language: &str) -> Value {
    let path = format!("{OFFERS}/{}", id_of(gym, key, name).await);
    gym.send("GET", &path, &[("x-api-key", key), ("accept-language", language)], "").await.json()
}
