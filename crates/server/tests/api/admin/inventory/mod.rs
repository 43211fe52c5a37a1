//! What can be booked, defined in the back office.

mod appointments;
mod classes;
mod refusals;
mod rooms;
mod trial_offers;

use gymkeeper_domain::staff::Role;
use serde_json::{Value, json};

use super::{call, signed_in};
use crate::support::{Answer, Gym};

const IN_USE: &str = "errormessage.inventory.entry.in.use";
const INVALID: &str = "errormessage.validation.field.invalid";
const STALE: &str = "errormessage.concurrent.modification";

/// Somebody of the north's staff.
struct Office<'g> {
    gym: &'g Gym,
    token: String,
    studio: i64,
}

impl<'g> Office<'g> {
    async fn of(gym: &'g Gym) -> Self {
        Self { gym, token: signed_in(gym, Role::Manager, "north").await, studio: gym.studio("north").await }
    }

    async fn call(&self, method: &str, path: &str, body: &Value) -> Answer {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        call(self.gym, &self.token, method, &format!("/studios/{}{path}", self.studio), &body).await
    }

    async fn get(&self, path: &str) -> Value {
        self.call("GET", path, &Value::Null).await.json()
    }

    /// Defines an entry.
    async fn add(&self, path: &str, definition: Value) -> Value {
        self.call("POST", path, &definition).await.json()
    }

    /// Says something else of an entry, as it was read.
    async fn change(&self, path: &str, entry: &Value, definition: Value) -> Answer {
        let body = json!({ "version": entry["version"], "definition": definition });
        self.call("PUT", &format!("{path}/{}", entry["id"]), &body).await
    }

    /// Does something to an entry, such as `retire`.
    async fn act(&self, path: &str, entry: &Value, what: &str) -> Answer {
        self.call("POST", &format!("{path}/{}/{what}", entry["id"]), &Value::Null).await
    }

    /// The entry of that key.
    async fn named(&self, path: &str, key: &str) -> Value {
        let list = self.get(path).await;
        list.as_array().unwrap().iter().find(|entry| entry["key"] == key).unwrap().clone()
    }

    /// Takes somebody on, and answers what classes and appointments call them.
    async fn hire(&self, first_name: &str) -> String {
        let profile = json!({ "firstName": first_name, "lastName": "New" });
        let hired = self.call("POST", "/employees", &profile).await.json();
        assert!(hired.get("key").is_none(), "{hired}");
        format!("@{}", hired["id"])
    }
}

/// The keys of a list.
fn keys(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|entry| entry["key"].as_str().unwrap()).collect()
}
