//! `createCommunicationInNewCommunicationThread` and `createCommunicationInExistingCommunicationThread`.

use gymkeeper_store::customer::communication;
use serde_json::{Value, json};

use crate::support::{Gym, MEMBERS, with_gym};

fn threads(customer: i64) -> String {
    format!("/v1/communications/{customer}/threads")
}

fn thread(customer: i64, id: i64) -> String {
    format!("{}/{id}", threads(customer))
}

fn least() -> Value {
    json!({
        "communicationThreadStatus": "CREATED",
        "subject": " Towels ",
        "content": "Where are they?",
        "communicationDirection": "INCOMING",
        "communicationChannel": "FAX",
    })
}

async fn status(gym: &Gym, id: i64) -> String {
    let tenant = gym.tenant;
    gym.change(move |tx| communication::thread(tx, tenant, id)).await.unwrap().1
}

#[test]
fn com_1_and_4_a_conversation_begins_goes_on_ends_and_begins_again() {
    with_gym(MEMBERS, |gym| async move {
        let (key, ada) = (gym.key("north").await, gym.customer("north", "ada").await);
        let end = gym.end_of_journal().await;
        let first = gym.send_json("POST", &key, &threads(ada), &least().to_string()).await.json();
        let (id, message) = (first["threadId"].as_i64().unwrap(), first["communicationId"].as_i64().unwrap());
        let expected = json!({
            "customerId": ada,
            "communicationId": message,
            "threadId": id,
            "communicationThreadStatus": "CREATED",
            "subject": "Towels",
            "content": "Where are they?",
            "communicationDirection": "INCOMING",
            "communicationChannel": "FAX",
        });
        assert_eq!(first, expected);
        assert_eq!(status(&gym, id).await, "CREATED");
        for (told, direction, channel) in
            [("ONGOING", "OUTGOING", "CONVERSATION"), ("CLOSED", "INCOMING", "OTHER"), ("ONGOING", "OUTGOING", "CHAT")]
        {
            let mut more = least();
            more["communicationThreadStatus"] = json!(told);
            more["communicationDirection"] = json!(direction);
            more["communicationChannel"] = json!(channel);
            more["ticketNumber"] = json!("T-7");
            more["ticketLink"] = json!("https://tickets.example.org/T-7");
            more["agent"] = json!("Grace");
            // Local time without a zone is that of Berlin, one second before now.
            more["communicationDateTime"] = json!("2026-11-21T11:59:59");
            let answer = gym.send_json("PUT", &key, &thread(ada, id), &more.to_string()).await.json();
            assert_eq!((&answer["threadId"], &answer["communicationThreadStatus"]), (&json!(id), &json!(told)));
            assert_eq!((&answer["agent"], &answer["ticketNumber"]), (&json!("Grace"), &json!("T-7")));
            assert!(answer["communicationId"].as_i64().unwrap() > message);
            assert_eq!(status(&gym, id).await, told);
        }
        let records = gym.journal_after(end).await;
        assert_eq!(records.len(), 4);
        let text = format!("{records:?}");
        assert!(!text.contains("Towels") && !text.contains("Where are"), "{text}");
        assert_eq!(gym.events_after(end).await, []);
    });
}

#[test]
fn com_1_a_conversation_belongs_to_its_customer() {
    with_gym(MEMBERS, |gym| async move {
        let (key, ada) = (gym.key("north").await, gym.customer("north", "ada").await);
        let (bela, end) = (gym.customer("north", "bela").await, gym.end_of_journal().await);
        let belas = gym.send_json("POST", &key, &threads(bela), &least().to_string()).await.json()["threadId"].clone();
        let not_found = "errormessage.communication.thread.not.found";
        for id in [belas.as_i64().unwrap(), 0, -1, i64::MAX] {
            gym.send_json("PUT", &key, &thread(ada, id), &least().to_string()).await.refusal(404, not_found);
        }
        assert_eq!(gym.journal_after(end).await.len(), 1);
        let hidden = gym.customer("north", "hidden").await;
        let disabled = "errormessage.third.party.customer.access.disabled";
        gym.send_json("POST", &key, &threads(hidden), &least().to_string()).await.refusal(403, disabled);
        let wrong = gym.send_json("PUT", &key, &format!("{}/x", threads(ada)), &least().to_string()).await;
        let refusal = wrong.refusal(400, "errormessage.validation.field.invalid");
        assert_eq!(refusal.reference.as_deref(), Some("threadId"));
    });
}

#[test]
fn com_4_impossible_messages_are_refused_with_their_field() {
    with_gym(MEMBERS, |gym| async move {
        let (key, ada) = (gym.key("north").await, gym.customer("north", "ada").await);
        let existing =
            gym.send_json("POST", &key, &threads(ada), &least().to_string()).await.json()["threadId"].clone();
        let (existing, end) = (thread(ada, existing.as_i64().unwrap()), gym.end_of_journal().await);
        let (validation, future) = ("errormessage.validation", "errormessage.communication.date.time.in.future");
        for (field, value, code) in [
            ("subject", Value::Null, format!("{validation}.field.required")),
            ("subject", json!(""), format!("{validation}.field.required")),
            ("subject", json!("s".repeat(256)), format!("{validation}.field.too.long")),
            ("content", json!(" \n"), format!("{validation}.field.required")),
            ("content", json!("ü".repeat(10_001)), format!("{validation}.field.too.long")),
            ("communicationThreadStatus", json!("OPEN"), format!("{validation}.enum.unknown")),
            ("communicationDirection", json!("incoming"), format!("{validation}.enum.unknown")),
            ("communicationChannel", json!("PIGEON"), format!("{validation}.enum.unknown")),
            ("communicationDateTime", json!("yesterday"), format!("{validation}.field.invalid")),
            ("communicationDateTime", json!("2026-11-21T12:00:00.001+01:00"), future.to_owned()),
            ("communicationDateTime", json!("2026-11-21T12:00:01"), future.to_owned()),
            ("ticketLink", json!("l".repeat(2_001)), format!("{validation}.field.too.long")),
            ("agent", json!("a".repeat(256)), format!("{validation}.field.too.long")),
        ] {
            let mut wrong = least();
            wrong[field] = value;
            for (method, path) in [("POST", &threads(ada)), ("PUT", &existing)] {
                let refusal = gym.send_json(method, &key, path, &wrong.to_string()).await.refusal(400, &code);
                assert_eq!(refusal.reference.as_deref(), Some(field), "{method} {code}");
            }
        }
        assert_eq!(gym.end_of_journal().await, end);
        // As long as it may be, and at this very moment.
        let mut longest = least();
        longest["content"] = json!("ü".repeat(10_000));
        longest["subject"] = json!("s".repeat(255));
        longest["communicationDateTime"] = json!("2026-11-21T12:00:00.000+01:00[Europe/Berlin]");
        gym.send_json("POST", &key, &threads(ada), &longest.to_string()).await.json();
    });
}
