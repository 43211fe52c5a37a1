//! `getCommunicationPreferences` and `updateCommunicationPreferences`.

use serde_json::{Value, json};

use crate::support::{Gym, MEMBERS, with_gym};

fn path(customer: i64) -> String {
    format!("/v1/communications/{customer}/communication-preferences")
}

fn channels(list: [(&str, bool, bool); 4]) -> Value {
    let one = |(channel, active, overridable): (&str, bool, bool)| json!({ "communicationChannel": channel, "customerOverridable": overridable, "active": active });
    list.map(one).into_iter().collect()
}

/// Whether messages of a category are sent by a channel.
fn is_active(list: &Value, category: &str, channel: &str) -> bool {
    let category = list.as_array().unwrap().iter().find(|one| one["messageCategory"] == category).unwrap();
    let channels = category["channels"].as_array().unwrap();
    channels.iter().find(|one| one["communicationChannel"] == channel).unwrap()["active"].as_bool().unwrap()
}

async fn put(gym: &Gym, key: &str, customer: i64, wishes: &Value) -> Value {
    gym.send_json("PUT", key, &path(customer), &wishes.to_string()).await.json()
}

#[test]
fn com_3_all_categories_are_listed_with_the_channels_that_can_be_chosen() {
    with_gym(MEMBERS, |gym| async move {
        let (key, ada) = (gym.key("north").await, gym.customer("north", "ada").await);
        let all = |active: bool| {
            channels(["LETTER", "EMAIL", "TEXT_MESSAGE", "PHONE"].map(|channel| (channel, active, true)))
        };
        let expected = json!([
            {
                "messageCategory": "CONTRACT",
                "channels": channels([
                    ("LETTER", true, false), ("EMAIL", true, false), ("TEXT_MESSAGE", true, true), ("PHONE", true, true),
                ]),
            },
            {
                "messageCategory": "GENERAL",
                "channels": channels([
                    ("LETTER", true, true), ("EMAIL", true, true), ("TEXT_MESSAGE", true, true), ("PHONE", false, true),
                ]),
            },
            { "messageCategory": "APPOINTMENT", "channels": all(true) },
            { "messageCategory": "NEWSLETTER", "channels": all(false) },
            { "messageCategory": "LOYALTY_PROGRAM", "channels": all(false) },
        ]);
        assert_eq!(gym.get(&key, &path(ada)).await.json(), expected);
    });
}

#[test]
fn com_2_choices_win_over_defaults_and_only_a_difference_is_an_event() {
    with_gym(MEMBERS, |gym| async move {
        let (key, ada) = (gym.key("north").await, gym.customer("north", "ada").await);
        let end = gym.end_of_journal().await;
        let wish = |category: &str, channel: &str, active: Value| json!([{ "messageCategory": category, "channels": [{ "communicationChannel": channel, "active": active }] }]);
        let read = gym.get(&key, &path(ada)).await.json();
        for nothing in [
            json!([]),
            json!([{}]),
            json!([{ "messageCategory": "NEWSLETTER" }]),
            wish("NEWSLETTER", "EMAIL", Value::Null),
            wish("NEWSLETTER", "EMAIL", json!(false)),
            // What the studio decides may be sent back as it is.
            wish("CONTRACT", "EMAIL", json!(true)),
            read.clone(),
        ] {
            assert_eq!(put(&gym, &key, ada, &nothing).await, read, "{nothing}");
        }
        assert_eq!(gym.end_of_journal().await, end);
        let answer = put(&gym, &key, ada, &wish("NEWSLETTER", "EMAIL", json!(true))).await;
        assert!(is_active(&answer, "NEWSLETTER", "EMAIL") && !is_active(&answer, "NEWSLETTER", "LETTER"));
        assert_eq!(gym.get(&key, &path(ada)).await.json(), answer);
        let answer = put(&gym, &key, ada, &wish("GENERAL", "PHONE", json!(true))).await;
        assert!(is_active(&answer, "GENERAL", "PHONE") && is_active(&answer, "NEWSLETTER", "EMAIL"));
        let answer = put(&gym, &key, ada, &wish("GENERAL", "PHONE", json!(false))).await;
        assert!(!is_active(&answer, "GENERAL", "PHONE"));
        let event = ("CUSTOMER_COMMUNICATION_PREFERENCES_UPDATED".to_owned(), ada);
        assert_eq!(gym.events_after(end).await, vec![event; 3]);
        // Somebody else's are as they were.
        let bela = gym.customer("north", "bela").await;
        assert_eq!(gym.get(&key, &path(bela)).await.json(), read);
    });
}

#[test]
fn com_2_and_3_what_cannot_be_chosen_is_refused_and_then_nothing_is_changed() {
    with_gym(MEMBERS, |gym| async move {
        let (key, ada) = (gym.key("north").await, gym.customer("north", "ada").await);
        let (end, before) = (gym.end_of_journal().await, gym.get(&key, &path(ada)).await.json());
        let fine = json!({ "communicationChannel": "EMAIL", "active": true });
        let (validation, fixed) = ("errormessage.validation", "errormessage.communication.preference.not.overridable");
        for (channel, code, field) in [
            (
                json!({ "communicationChannel": "FAX", "active": true }),
                "field.invalid",
                "[1].channels[1].communicationChannel",
            ),
            (json!({ "communicationChannel": "CHAT" }), "field.invalid", "[1].channels[1].communicationChannel"),
            (json!({ "communicationChannel": "SMS" }), "enum.unknown", "[1].channels[1].communicationChannel"),
            (json!({ "active": true }), "field.required", "[1].channels[1].communicationChannel"),
            (json!({ "communicationChannel": "EMAIL", "active": 1 }), "field.invalid", "[1].channels[1].active"),
        ] {
            let wishes = json!([{}, { "messageCategory": "NEWSLETTER", "channels": [fine, channel] }]);
            let answer = gym.send_json("PUT", &key, &path(ada), &wishes.to_string()).await;
            let refusal = answer.refusal(400, &format!("{validation}.{code}"));
            assert_eq!(refusal.reference.as_deref(), Some(field), "{wishes}");
        }
        let off = json!({ "communicationChannel": "LETTER", "customerOverridable": true, "active": false });
        let wishes = json!([
            { "messageCategory": "NEWSLETTER", "channels": [fine] },
            { "messageCategory": "CONTRACT", "channels": [off] },
        ]);
        let refusal = gym.send_json("PUT", &key, &path(ada), &wishes.to_string()).await.refusal(400, fixed);
        assert_eq!(refusal.reference.as_deref(), Some("[1].channels[0].active"));
        let nameless = json!([{ "channels": [fine] }]);
        let refusal = gym.send_json("PUT", &key, &path(ada), &nameless.to_string()).await;
        let refusal = refusal.refusal(400, &format!("{validation}.field.required"));
        assert_eq!(refusal.reference.as_deref(), Some("[0].messageCategory"));
        assert_eq!(gym.end_of_journal().await, end);
        assert_eq!(gym.get(&key, &path(ada)).await.json(), before);
        let hidden = gym.customer("north", "hidden").await;
        let disabled = "errormessage.third.party.customer.access.disabled";
        gym.get(&key, &path(hidden)).await.refusal(403, disabled);
        gym.send_json("PUT", &key, &path(hidden), "[]").await.refusal(403, disabled);
    });
}
