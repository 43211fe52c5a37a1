//! The group Leads: the form, what people say in it, and whom it makes.

mod config;
mod creation;
mod races;

use serde_json::{Value, json};

use crate::support::{Gym, MEMBERS, answer::Answer};

const VALIDATE: &str = "/v1/leads/validate";
const CREATE: &str = "/v1/leads/create";

/// Somebody whom nobody knows.
fn grace() -> Value {
    json!({ "leadCustomer": { "firstname": "Grace", "lastname": "Hopper", "email": "Grace@Example.org" } })
}

/// Grace, who says more.
fn with(more: Value) -> Value {
    let mut lead = grace();
    merge(&mut lead, more);
    lead
}

fn merge(into: &mut Value, more: Value) {
    match (into, more) {
        (Value::Object(into), Value::Object(more)) => {
            for (name, value) in more {
                merge(into.entry(name).or_insert(Value::Null), value);
            }
        }
        (into, more) => *into = more,
    }
}

/// An address with everything that is needed.
fn address() -> Value {
    json!({ "street": "Wall", "houseNumber": "1", "zipCode": "10115", "city": "Berlin", "countryCode": "DE" })
}

async fn create(gym: &Gym, key: &str, lead: &Value) -> Answer {
    gym.send_json("POST", key, CREATE, &lead.to_string()).await
}

async fn status(gym: &Gym, key: &str, lead: &Value) -> String {
    gym.send_json("POST", key, VALIDATE, &lead.to_string()).await.json()["status"].as_str().unwrap().to_owned()
}

/// The gym with another form in the north.
fn asking(form: &str) -> String {
    let asking = MEMBERS.replace("    leads:\n", &format!("    leads:\n      {form}\n"));
    assert_ne!(asking, MEMBERS);
    asking
}

/// The id of an information field.
async fn field(gym: &Gym, key: &str, name: &str) -> i64 {
    let fields = gym.get(key, "/v1/customers/additional-information-fields").await.json();
    fields.as_array().unwrap().iter().find(|field| field["name"] == name).unwrap()["id"].as_i64().unwrap()
}
