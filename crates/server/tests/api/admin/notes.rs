//! Notes about customers.

use gymkeeper_domain::staff::Role;
use serde_json::{Value, json};

use super::{call, customer_path, last_record, signed_in};
use crate::support::{MEMBERS, with_gym};

const NOT_FOUND: &str = "errormessage.customer.note.not.found";

#[test]
fn notes_are_written_corrected_and_removed_and_tell_by_whom() {
    with_gym(MEMBERS, |gym| async move {
        let (desk, manager) =
            (signed_in(&gym, Role::Desk, "north").await, signed_in(&gym, Role::Manager, "north").await);
        let ada = gym.customer("north", "ada").await;
        let path = customer_path(&gym, "north", ada, "/notes").await;
        let before = gym.end_of_journal().await;
        let made = call(&gym, &desk, "POST", &path, r#"{"text":" Prefers the morning. "}"#).await.json();
        assert_eq!((&made["kind"], &made["text"]), (&json!("NOTE"), &json!("Prefers the morning.")));
        assert_eq!((&made["authorName"], &made["createdAt"]), (&json!("Ada Berg"), &json!("2026-11-21T11:00:00Z")));
        assert!(made["author"].as_str().unwrap().starts_with("staff:"));
        let one = format!("{path}/{}", made["id"]);
        gym.set_clock("2026-11-21T12:00:00Z").await;
        let corrected = call(&gym, &manager, "PUT", &one, r#"{"text":"Prefers the evening."}"#).await.json();
        assert_eq!((&corrected["text"], &corrected["author"]), (&json!("Prefers the evening."), &made["author"]));
        assert_ne!(corrected["correctedBy"], made["author"]);
        assert_eq!(
            (&corrected["correctedByName"], &corrected["correctedAt"]),
            (&json!("Ada Berg"), &json!("2026-11-21T12:00:00Z"))
        );
        let journal = gym.end_of_journal().await;
        call(&gym, &desk, "PUT", &one, r#"{"text":"Prefers the evening."}"#).await.json();
        assert_eq!(gym.end_of_journal().await, journal, "nothing changed");
        let list = call(&gym, &desk, "GET", &path, "").await.json();
        assert_eq!(list["result"], json!([corrected]));
        assert_eq!(last_record(&gym).await.1, "customer.notes-read");
        assert_eq!(call(&gym, &desk, "DELETE", &one, "").await.status, 200);
        call(&gym, &desk, "DELETE", &one, "").await.refusal(404, NOT_FOUND);
        call(&gym, &desk, "PUT", &one, r#"{"text":"x"}"#).await.refusal(404, NOT_FOUND);
        let deeds = gym.deeds(before).await;
        let expected =
            ["customer.note-added", "customer.note-corrected", "customer.notes-read", "customer.note-removed"];
        assert_eq!(deeds, expected, "without events");
        let text = gym.said_after(0).await;
        assert!(!text.contains("evening") && !text.contains("morning"), "{text}");
    });
}

#[test]
fn notes_come_newest_first_in_slices_and_the_servers_stay_as_they_are() {
    with_gym(MEMBERS, |gym| async move {
        let (token, key) = (signed_in(&gym, Role::Owner, "north").await, gym.key("north").await);
        let (ada, south) = (gym.customer("north", "ada").await, gym.studio("south").await);
        gym.key("south").await;
        let path = customer_path(&gym, "north", ada, "/notes").await;
        for number in 0..12 {
            call(&gym, &token, "POST", &path, &json!({ "text": number.to_string() }).to_string()).await.json();
        }
        let texts = |list: &Value| -> Vec<String> {
            list["result"].as_array().unwrap().iter().map(|one| one["text"].as_str().unwrap().to_owned()).collect()
        };
        let first = call(&gym, &token, "GET", &format!("{path}?sliceSize=10"), "").await.json();
        assert_eq!(
            (texts(&first).first().map(String::as_str), &first["hasNext"], &first["offset"]),
            (Some("11"), &json!(true), &json!("10"))
        );
        let rest = call(&gym, &token, "GET", &format!("{path}?sliceSize=10&offset=10"), "").await.json();
        assert_eq!(
            (texts(&rest), &rest["hasNext"], &rest["offset"]),
            (vec!["1".to_owned(), "0".to_owned()], &json!(false), &json!("12"))
        );
        let long = json!({ "text": "x".repeat(4_001) }).to_string();
        for (body, code) in [
            ("{}", "field.required"),
            (r#"{"text":"  "}"#, "field.required"),
            (r#"{"text":1}"#, "field.invalid"),
            (r#"{"text":"x","author":"staff:1"}"#, "field.unknown"),
            (long.as_str(), "field.too.long"),
        ] {
            let refusal = call(&gym, &token, "POST", &path, body).await;
            refusal.refusal(400, &format!("errormessage.validation.{code}"));
        }
        // A note of somebody else is not found under this customer.
        let bela = customer_path(&gym, "north", gym.customer("north", "bela").await, "/notes").await;
        let note = &first["result"][0]["id"];
        call(&gym, &token, "PUT", &format!("{bela}/{note}"), r#"{"text":"x"}"#).await.refusal(404, NOT_FOUND);
        call(&gym, &token, "DELETE", &format!("{bela}/{note}"), "").await.refusal(404, NOT_FOUND);
        // The history of moves is the server's.
        let switch = json!({ "targetStudioId": south, "switchDate": "2026-11-21", "description": "Moved house" });
        gym.send_json("POST", &key, &format!("/v1/customers/{ada}/switch-studio"), &switch.to_string()).await;
        let path = customer_path(&gym, "south", ada, "/notes").await;
        let newest = call(&gym, &token, "GET", &path, "").await.json()["result"][0].clone();
        assert_eq!(
            (&newest["kind"], &newest["text"], &newest["authorName"]),
            (&json!("STUDIO_SWITCH"), &json!("Moved house"), &Value::Null)
        );
        for (method, body) in [("PUT", r#"{"text":"x"}"#), ("DELETE", "")] {
            let refused = call(&gym, &token, method, &format!("{path}/{}", newest["id"]), body).await;
            refused.refusal(400, "errormessage.customer.note.of.server");
        }
        let trainer = signed_in(&gym, Role::Trainer, "south").await;
        call(&gym, &trainer, "GET", &path, "").await.json();
        call(&gym, &trainer, "POST", &path, r#"{"text":"x"}"#).await.refusal(403, super::RIGHT_MISSING);
    });
}
