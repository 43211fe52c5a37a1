//! Stories: months of a gym's life through the public API, with the clock moved and the expected events listed.

mod a_busy_week;
mod a_members_year;
mod a_trial;

use serde_json::json;

use crate::support::Gym;

/// A gym whose clock is moved, with what webhooks would be told since the last look.
pub(crate) struct Story<'g> {
    gym: &'g Gym,
    token: String,
    position: i64,
}

impl<'g> Story<'g> {
    /// A story that begins now.
    pub(crate) async fn of(gym: &'g Gym) -> Self {
        let token = gym.token().await;
        let start = gym.done("GET", "/events", &token, "").await;
        Self { gym, token, position: start["position"].as_i64().unwrap() }
    }

    /// Lets time pass up to an instant, through every night on the way.
    pub(crate) async fn until(&self, instant: &str) {
        let moved = self.gym.done("PUT", "/clock", &self.token, &json!({ "now": instant }).to_string()).await;
        assert_eq!(moved["now"], instant);
    }

    /// The types of the events since the last look that are about an entity.
    pub(crate) async fn told(&mut self, about: i64) -> Vec<String> {
        let (mut types, mut more) = (Vec::new(), true);
        while more {
            let piece = self.gym.done("GET", &format!("/events?since={}", self.position), &self.token, "").await;
            let events = piece["events"].as_array().unwrap();
            let ours = events.iter().filter(|event| event["body"]["entityId"] == about);
            types.extend(ours.map(|event| event["body"]["payload"][0]["type"].as_str().unwrap().to_owned()));
            self.position = piece["position"].as_i64().unwrap();
            more = piece["hasMore"].as_bool().unwrap();
        }
        types
    }
}
