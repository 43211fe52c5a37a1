//! Access media in the back office (CUST-12, CUST-18).

use gymkeeper_domain::staff::Role;
use serde_json::{Value, json};

use super::{RIGHT_MISSING, call, customer_path, last_record, signed_in};
use crate::support::{MEMBERS, with_gym};

const NOTHING: &str = "errormessage.access.medium.not.found";
const NOBODY: &str = "errormessage.customer.not.found";

#[test]
fn cust_12_staff_hand_out_change_and_take_away_media_of_every_kind() {
    with_gym(MEMBERS, |gym| async move {
        let (token, key) = (signed_in(&gym, Role::Desk, "north").await, gym.key("north").await);
        let cleo = gym.customer("north", "cleo").await;
        let path = customer_path(&gym, "north", cleo, "/access-mediums").await;
        let before = gym.end_of_journal().await;
        let mut ids = Vec::new();
        for (kind, value, stored) in [
            ("CARD_NUMBER", " 77771716 ", "77771716"),
            ("PIN", "0815", "0815"),
            ("BARCODE", "CLEO-1", "CLEO-1"),
            ("WALLET_PASS", "pass.cleo", "pass.cleo"),
        ] {
            let body = json!({ "type": kind, "value": value }).to_string();
            let added = call(&gym, &token, "POST", &path, &body).await.json();
            let expected = json!({ "id": added["id"], "type": kind, "value": stored, "ofIntegration": false });
            assert_eq!(added, expected);
            ids.push(added["id"].as_i64().unwrap());
        }
        let by = |query: &str| format!("/v1/customers/by?{query}");
        assert_eq!(gym.get(&key, &by("cardNumber=04a2b3c4&cardNumberFormat=HEX_MSB")).await.json()["id"], cleo);
        let pin = format!("{path}/{}", ids[1]);
        let changed = call(&gym, &token, "PUT", &pin, r#"{"value":"081500"}"#).await.json();
        assert_eq!(changed, json!({ "id": ids[1], "type": "PIN", "value": "081500", "ofIntegration": false }));
        let journal = gym.end_of_journal().await;
        call(&gym, &token, "PUT", &pin, r#"{"value":" 081500"}"#).await.json();
        assert_eq!(gym.end_of_journal().await, journal, "it is so already");
        assert_eq!(gym.get(&key, &by("pin=081500")).await.json()["id"], cleo);
        let shown = call(&gym, &token, "GET", &customer_path(&gym, "north", cleo, "").await, "").await.json();
        assert_eq!((shown["accessMediums"].as_array().unwrap().len(), &shown["accessMediums"][1]), (4, &changed));
        assert_eq!(call(&gym, &token, "DELETE", &pin, "").await.status, 200);
        call(&gym, &token, "DELETE", &pin, "").await.refusal(404, NOTHING);
        gym.get(&key, &by("pin=081500")).await.refusal(404, NOBODY);
        let (actor, action, subject) = last_record(&gym).await;
        assert!(actor.starts_with("staff:"), "{actor}");
        assert_eq!((action.as_str(), subject), ("access-medium.removed", format!("customer:{cleo}")));
        let events: Vec<String> = gym.events_after(before).await.into_iter().map(|(kind, _)| kind).collect();
        let expected = ["CREATED", "CREATED", "CREATED", "CREATED", "UPDATED", "DELETED"];
        assert_eq!(events, expected.map(|what| format!("CUSTOMER_ACCESS_MEDIUM_{what}")));
        let journal = gym.said_after(before).await;
        for secret in ["77771716", "0815", "CLEO-1", "pass.cleo"] {
            assert!(!journal.contains(secret), "{secret} is in the journal");
        }
    });
}

#[test]
fn cust_12_media_of_programs_are_staffs_to_take_and_programs_leave_those_of_staff_alone() {
    with_gym(MEMBERS, |gym| async move {
        let (token, key) = (signed_in(&gym, Role::Desk, "north").await, gym.key("north").await);
        let cleo = gym.customer("north", "cleo").await;
        let (path, theirs) = (
            customer_path(&gym, "north", cleo, "/access-mediums").await,
            format!("/v1/customers/{cleo}/access-mediums"),
        );
        let add = async |value: &str| {
            let body = json!({ "type": "BARCODE", "value": value }).to_string();
            gym.send_json("POST", &key, &theirs, &body).await.json()["id"].clone()
        };
        let (kept, lost) = (add("PROGRAM-1").await, add("PROGRAM-2").await);
        let changed = call(&gym, &token, "PUT", &format!("{path}/{kept}"), r#"{"value":"PROGRAM-3"}"#).await.json();
        let expected = json!({ "id": kept, "type": "BARCODE", "value": "PROGRAM-3", "ofIntegration": true });
        assert_eq!(changed, expected);
        assert_eq!(call(&gym, &token, "DELETE", &format!("{path}/{lost}"), "").await.status, 200);
        // It is the program's still, and what staff make is not.
        let again = gym.send_json("PUT", &key, &format!("{theirs}/{kept}"), r#"{"value":"PROGRAM-4"}"#).await.json();
        assert_eq!(again["value"], "PROGRAM-4");
        let own = call(&gym, &token, "POST", &path, r#"{"type":"PIN","value":"2468"}"#).await.json()["id"].clone();
        for (method, body) in [("PUT", r#"{"value":"1357"}"#), ("DELETE", "")] {
            let refused = gym.send_json(method, &key, &format!("{theirs}/{own}"), body).await;
            refused.refusal(403, "errormessage.access.medium.not.owned");
        }
    });
}

#[test]
fn cust_18_impossible_and_taken_media_are_refused_with_their_field() {
    let yaml = MEMBERS.replacen("capacity: 20", "access_medium_types: [CARD_NUMBER, PIN]", 1);
    let yaml = yaml.replace("          - { type: BARCODE, value: 095be615-a8ad-4c33-8e9c-c7612fbf6c9f }\n", "");
    with_gym(&yaml, |gym| async move {
        let token = signed_in(&gym, Role::Desk, "north").await;
        let (ada, cleo) = (gym.customer("north", "ada").await, gym.customer("north", "cleo").await);
        let path = customer_path(&gym, "north", cleo, "/access-mediums").await;
        let own = call(&gym, &token, "POST", &path, r#"{"type":"PIN","value":"2468"}"#).await.json()["id"].clone();
        let before = gym.end_of_journal().await;
        for (body, code, field) in [
            (r#"{"value":"1234"}"#, "validation.field.required", "type"),
            (r#"{"type":"PIN"}"#, "validation.field.required", "value"),
            (r#"{"type":"PIN","value":" "}"#, "validation.field.required", "value"),
            (r#"{"type":"KEY","value":"1"}"#, "validation.enum.unknown", "type"),
            (r#"{"type":"PIN","value":"123"}"#, "access.medium.value.invalid", "value"),
            (r#"{"type":"CARD_NUMBER","value":"042b73321a3180"}"#, "access.medium.value.invalid", "value"),
            (r#"{"type":"BARCODE","value":"x"}"#, "access.medium.type.unsupported", "type"),
            (r#"{"type":"PIN","value":"1234","id":7}"#, "validation.field.unknown", "id"),
            // Somebody's of this studio, of another one, and of who does not want to be seen.
            (r#"{"type":"PIN","value":"4711"}"#, "access.medium.duplicate", "value"),
            (r#"{"type":"PIN","value":"5555"}"#, "access.medium.duplicate", "value"),
            (r#"{"type":"PIN","value":"9999"}"#, "access.medium.duplicate", "value"),
        ] {
            let refusal = call(&gym, &token, "POST", &path, body).await.refusal(400, &format!("errormessage.{code}"));
            assert_eq!(refusal.reference.as_deref(), Some(field), "{body}");
        }
        for (body, code, field) in [
            ("{}", "validation.field.required", "value"),
            (r#"{"value":"12345678901"}"#, "access.medium.value.invalid", "value"),
            (r#"{"value":"4711"}"#, "access.medium.duplicate", "value"),
            (r#"{"value":"1234","type":"BARCODE"}"#, "validation.field.unknown", "type"),
        ] {
            let refusal = call(&gym, &token, "PUT", &format!("{path}/{own}"), body).await;
            let refusal = refusal.refusal(400, &format!("errormessage.{code}"));
            assert_eq!(refusal.reference.as_deref(), Some(field), "{body}");
        }
        assert_eq!(gym.end_of_journal().await, before);
        // Another customer's is not found here, and what is another studio's or tenant's is not, either.
        let of_ada = customer_path(&gym, "north", ada, "/access-mediums").await;
        let dora = gym.customer("south", "dora").await;
        let of_dora = customer_path(&gym, "north", dora, "/access-mediums").await;
        let other = gym.apply(&MEMBERS.replace("key: acme", "key: umbrella")).await;
        let theirs = gym.customer_of(other, "north", "cleo").await;
        let of_theirs = customer_path(&gym, "north", theirs, "/access-mediums").await;
        for (path, code) in [(of_ada, NOTHING), (of_dora, NOBODY), (of_theirs, NOBODY)] {
            for (method, body) in [("PUT", r#"{"value":"1357"}"#), ("DELETE", "")] {
                call(&gym, &token, method, &format!("{path}/{own}"), body).await.refusal(404, code);
            }
        }
        call(&gym, &token, "DELETE", &format!("{path}/0"), "").await.refusal(404, NOTHING);
        // A value is unique within a tenant, and another tenant's takes none away.
        let stranger = super::account(&gym, other, "stranger@umbrella.example", super::owner()).await;
        let stranger = super::session(&gym, other, stranger).await;
        let at = format!("/studios/{}/customers/{theirs}/access-mediums", gym.studio_of(other, "north").await);
        call(&gym, &stranger, "POST", &at, r#"{"type":"PIN","value":"2468"}"#).await.json();
        let trainer = signed_in(&gym, Role::Trainer, "north").await;
        for (method, path, body) in [
            ("POST", path.clone(), r#"{"type":"PIN","value":"1357"}"#),
            ("PUT", format!("{path}/{own}"), r#"{"value":"1357"}"#),
            ("DELETE", format!("{path}/{own}"), ""),
        ] {
            call(&gym, &trainer, method, &path, body).await.refusal(403, RIGHT_MISSING);
        }
    });
}

#[test]
fn of_somebody_in_the_archive_no_medium_is_changed() {
    with_gym(MEMBERS, |gym| async move {
        let (token, manager) =
            (signed_in(&gym, Role::Desk, "north").await, signed_in(&gym, Role::Manager, "north").await);
        let cleo = gym.customer("north", "cleo").await;
        let path = customer_path(&gym, "north", cleo, "").await;
        let add = json!({ "type": "PIN", "value": "2468" }).to_string();
        let id: Value = call(&gym, &token, "POST", &format!("{path}/access-mediums"), &add).await.json()["id"].clone();
        call(&gym, &manager, "POST", &format!("{path}/archive"), "").await.json();
        for (method, below, body) in [
            ("POST", String::new(), add),
            ("PUT", format!("/{id}"), r#"{"value":"1"}"#.to_owned()),
            ("DELETE", format!("/{id}"), String::new()),
        ] {
            let refused = call(&gym, &token, method, &format!("{path}/access-mediums{below}"), &body).await;
            refused.refusal(400, "errormessage.customer.archived");
        }
    });
}
