//! Restrictions that staff set, and those of others (CUST-11).

use gymkeeper_domain::staff::Role;
use gymkeeper_store::customer::restriction::{self, Restriction};
use serde_json::{Value, json};

use super::{call, customer_path, last_record, signed_in};
use crate::support::{MEMBERS, with_gym};

#[test]
fn cust_11_staff_keep_somebody_out_and_programs_and_the_door_know_it() {
    with_gym(MEMBERS, |gym| async move {
        let (token, key) = (signed_in(&gym, Role::Desk, "north").await, gym.key("north").await);
        let ada = gym.customer("north", "ada").await;
        let path = customer_path(&gym, "north", ada, "/restrictions").await;
        let told = async || gym.get(&key, &format!("/v1/customers/{ada}")).await.json();
        let enter = async || gym.send_json("POST", &key, &format!("/v1/customers/{ada}/checkin"), "").await;
        let before = gym.end_of_journal().await;
        let body = r#"{"reason":" House ban ","startDate":"2026-11-20","endDate":"2026-11-30"}"#;
        let set = call(&gym, &token, "POST", &path, body).await.json();
        let id = set["id"].as_i64().unwrap();
        let expected = json!({
            "id": id, "source": "STAFF", "reason": "House ban", "startDate": "2026-11-20", "endDate": "2026-11-30",
            "inForce": true,
        });
        assert_eq!(set, expected);
        let now = told().await;
        let shown = json!([{ "reason": "House ban", "startDate": "2026-11-20", "endDate": "2026-11-30" }]);
        assert_eq!((&now["accessRefusal"], &now["accessRestrictions"]), (&json!(true), &shown));
        let refusal = enter().await.refusal(400, "errormessage.checkin.access.denied");
        assert_eq!(refusal.args.unwrap_or_default()[0], "RESTRICTION");

        let one = format!("{path}/{id}");
        let later = r#"{"reason":"House ban","startDate":"2026-12-01","endDate":"2026-12-31"}"#;
        let changed = call(&gym, &token, "PUT", &one, later).await.json();
        assert_eq!((&changed["id"], &changed["inForce"]), (&json!(id), &json!(false)));
        let journal = gym.end_of_journal().await;
        call(&gym, &token, "PUT", &one, later).await.json();
        assert_eq!(gym.end_of_journal().await, journal, "nothing changed");
        assert_eq!(told().await["accessRefusal"], false);
        enter().await.json();
        // Staff may have several reasons at once.
        let second = call(&gym, &token, "POST", &path, r#"{"reason":"Unpaid towel"}"#).await.json();
        let list = call(&gym, &token, "GET", &path, "").await.json();
        assert_eq!(list, json!([changed, second]));
        assert_eq!(last_record(&gym).await.1, "customer.restrictions-read");
        assert_eq!(call(&gym, &token, "DELETE", &one, "").await.status, 200);
        call(&gym, &token, "DELETE", &one, "").await.refusal(404, "errormessage.access.restriction.not.found");
        assert_eq!(told().await["accessRestrictions"], json!([{ "reason": "Unpaid towel" }]));
        let deeds: Vec<String> =
            gym.deeds(before).await.into_iter().filter(|deed| deed.starts_with("access")).collect();
        let created = "access-restriction.set CUSTOMER_ACCESS_RESTRICTION_CREATED";
        let removed = "access-restriction.removed CUSTOMER_ACCESS_RESTRICTION_DELETED";
        assert_eq!(deeds, [created, created, created, removed]);
        let text = gym.said_after(0).await;
        assert!(!text.contains("Unpaid"), "a reason is in the journal: {text}");
    });
}

#[test]
fn cust_11_impossible_restrictions_are_refused_and_those_of_others_are_theirs() {
    with_gym(MEMBERS, |gym| async move {
        let (token, key) = (signed_in(&gym, Role::Desk, "north").await, gym.key("north").await);
        let ada = gym.customer("north", "ada").await;
        let path = customer_path(&gym, "north", ada, "/restrictions").await;
        let own = call(&gym, &token, "POST", &path, r#"{"reason":"Own"}"#).await.json()["id"].clone();
        let long = json!({ "reason": "x".repeat(256) }).to_string();
        for (body, code, field) in [
            ("{}", "validation.field.required", "reason"),
            (r#"{"reason":" "}"#, "validation.field.required", "reason"),
            (long.as_str(), "validation.field.too.long", "reason"),
            (r#"{"reason":"x","startDate":"2026-11-21"}"#, "access.restriction.dates.incomplete", "endDate"),
            (r#"{"reason":"x","endDate":"2026-11-21"}"#, "access.restriction.dates.incomplete", "startDate"),
            (
                r#"{"reason":"x","startDate":"2026-11-25","endDate":"2026-11-24"}"#,
                "access.restriction.dates.invalid",
                "endDate",
            ),
            (
                r#"{"reason":"x","startDate":"2026-11-01","endDate":"2026-11-20"}"#,
                "access.restriction.dates.invalid",
                "endDate",
            ),
            (
                r#"{"reason":"x","startDate":"tomorrow","endDate":"2026-11-20"}"#,
                "validation.field.invalid",
                "startDate",
            ),
            (r#"{"reason":"x","source":"DUNNING"}"#, "validation.field.unknown", "source"),
        ] {
            for (method, path) in [("POST", path.clone()), ("PUT", format!("{path}/{own}"))] {
                let refusal = call(&gym, &token, method, &path, body).await;
                let refusal = refusal.refusal(400, &format!("errormessage.{code}"));
                assert_eq!(refusal.reference.as_deref(), Some(field), "{body}");
            }
        }
        // A program's restriction is not rewritten, but lifted: the program may be gone.
        let theirs = format!("/v1/customers/{ada}/access-restrictions");
        gym.send_json("PUT", &key, &theirs, r#"{"reason":"Program"}"#).await.json();
        let list = call(&gym, &token, "GET", &path, "").await.json();
        assert_eq!((&list[1]["source"], &list[1]["reason"]), (&json!("INTEGRATION"), &json!("Program")));
        let program = format!("{path}/{}", list[1]["id"]);
        let rewritten = call(&gym, &token, "PUT", &program, r#"{"reason":"x"}"#).await;
        rewritten.refusal(400, "errormessage.access.restriction.of.others");
        assert_eq!(call(&gym, &token, "DELETE", &program, "").await.status, 200);
        gym.send_json("DELETE", &key, &theirs, "").await.refusal(404, "errormessage.access.restriction.not.found");
        // What is owed keeps somebody out until it is paid.
        let debt = gym
            .act(move |change| {
                let restriction = Restriction {
                    id: change.tx.next_id()?,
                    customer_id: ada,
                    source: "DUNNING".to_owned(),
                    integration_id: None,
                    reason: "Debts".to_owned(),
                    start_date: None,
                    end_date: None,
                };
                restriction::insert(change.tx, change.tenant, &restriction, change.now)?;
                change.record(gymkeeper_server::actions::change::Deed::new("test.dunning"));
                Ok(restriction.id)
            })
            .await;
        for (method, body) in [("PUT", r#"{"reason":"x"}"#), ("DELETE", "")] {
            let refused = call(&gym, &token, method, &format!("{path}/{debt}"), body).await;
            let refusal = refused.refusal(400, "errormessage.access.restriction.of.others");
            assert!(refusal.error_message.contains("DUNNING"), "{}", refusal.error_message);
        }
        // One of somebody else, and one that is over, are not found here.
        let barred = gym.customer("north", "barred").await;
        let at = customer_path(&gym, "north", barred, "/restrictions").await;
        call(&gym, &token, "DELETE", &format!("{at}/{own}"), "")
            .await
            .refusal(404, "errormessage.access.restriction.not.found");
        let reasons: Vec<Value> = call(&gym, &token, "GET", &at, "").await.json().as_array().unwrap().clone();
        assert_eq!((reasons.len(), &reasons[0]["reason"]), (1, &json!("House ban")));
        let trainer = signed_in(&gym, Role::Trainer, "north").await;
        call(&gym, &trainer, "POST", &at, r#"{"reason":"x"}"#).await.refusal(403, super::RIGHT_MISSING);
    });
}
