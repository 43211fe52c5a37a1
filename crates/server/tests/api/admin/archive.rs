//! The archive of customers: who may go there, what becomes of them, and how they come back (CUST-26).

use gymkeeper_domain::staff::Role;
use gymkeeper_server::actions::checkin::{self, Visitor};
use serde_json::{Value, json};

use super::{call, customer_path, records, signed_in};
use crate::support::{MEMBERS, with_gym};

#[test]
fn cust_26_the_archived_are_nobody_to_programs_until_they_come_back() {
    with_gym(MEMBERS, |gym| async move {
        let (token, key) = (signed_in(&gym, Role::Manager, "north").await, gym.key("north").await);
        let (bela, north) = (gym.customer("north", "bela").await, gym.studio("north").await);
        let one = customer_path(&gym, "north", bela, "").await;
        let act = async |method: &str, below: &str, body: &str| {
            call(&gym, &token, method, &format!("{one}{below}"), body).await
        };
        let before = gym.end_of_journal().await;
        let archived = act("POST", "/archive", "").await.json();
        assert!(archived["archivedAt"].is_string());
        assert_eq!(gym.deeds(before).await, ["customer.archived CUSTOMER_DELETED"]);
        let again = act("POST", "/archive", "").await.json();
        assert_eq!((&again, gym.deeds(before).await.len()), (&archived, 1), "doing it again does nothing");
        gym.get(&key, &format!("/v1/customers/{bela}")).await.refusal(404, "errormessage.customer.not.found");
        let former = gym.get(&key, "/v1/customers?customerStatus=FORMER_MEMBER").await.json();
        assert_eq!(former["result"], json!([]));
        let entry = gym.send_json("POST", &key, &format!("/v1/customers/{bela}/checkin"), "").await;
        entry.refusal(404, "errormessage.customer.not.found");
        let listed = async |query: &str| {
            let list = call(&gym, &token, "GET", &format!("/studios/{north}/customers{query}"), "").await.json();
            list["result"].as_array().unwrap().iter().any(|one| one["id"] == bela)
        };
        assert!(!listed("").await && !listed("?status=FORMER_MEMBER").await && listed("?status=ARCHIVED").await);
        let search = format!("/studios/{north}/customers/search");
        let found = call(&gym, &token, "POST", &search, r#"{"firstName":"bela"}"#).await.json();
        assert_eq!(found, json!([]));
        // They can be read, and nothing about them can be changed.
        assert_eq!(act("GET", "", "").await.json()["status"], "FORMER_MEMBER");
        act("GET", "/notes", "").await.json();
        let address = r#"{"version":1,"address":{"street":"S","zipCode":"1","city":"C","countryCode":"DE"}}"#;
        for (method, below, body) in [
            ("PUT", "/master", r#"{"version":1,"master":{"firstName":"A","lastName":"B"}}"#),
            ("PUT", "/contact", r#"{"version":1,"contact":{}}"#),
            ("PUT", "/address", address),
            ("PUT", "/third-party-access", r#"{"allowed":false}"#),
            ("POST", "/notes", r#"{"text":"x"}"#),
            ("POST", "/restrictions", r#"{"reason":"x"}"#),
        ] {
            act(method, below, body).await.refusal(400, "errormessage.customer.archived");
        }
        // What a gym file changes meanwhile is told to nobody, either.
        let before = gym.end_of_journal().await;
        gym.apply(&MEMBERS.replacen("bela@example.org", "bela.mueller@example.org", 1)).await;
        let deeds = gym.deeds(before).await;
        assert!(deeds.contains(&"customer.changed-by-gym-file".to_owned()), "{deeds:?}");
        let before = gym.end_of_journal().await;
        let back = act("POST", "/restore", "").await.json();
        assert_eq!((&back["archivedAt"], &back["customerNumber"]), (&Value::Null, &json!("1-10002")));
        assert_eq!(gym.deeds(before).await, ["customer.restored CUSTOMER_CREATED"]);
        assert_eq!(act("POST", "/restore", "").await.json(), back);
        assert_eq!(gym.deeds(before).await.len(), 1);
        gym.get(&gym.key("north").await, &format!("/v1/customers/{bela}")).await.json();
    });
}

#[test]
fn nobody_is_archived_who_has_a_contract_is_inside_or_waits_for_staff() {
    with_gym(MEMBERS, |gym| async move {
        let (token, key) = (signed_in(&gym, Role::Manager, "north").await, gym.key("north").await);
        let archive = async |customer: &str| {
            let id = gym.customer("north", customer).await;
            call(&gym, &token, "POST", &customer_path(&gym, "north", id, "/archive").await, "").await
        };
        for customer in ["ada", "hidden", "future", "barred"] {
            archive(customer).await.refusal(400, "errormessage.customer.archive.contract.active");
        }
        let (cleo, north) = (gym.customer("north", "cleo").await, gym.studio("north").await);
        gym.act(move |change| {
            let at = change.now;
            checkin::open(change, north, &[Visitor { customer: Some(cleo), at }])
        })
        .await;
        archive("cleo").await.refusal(400, "errormessage.customer.archive.inside");
        gym.act(move |change| checkin::close_oldest(change, north, 1)).await;
        let asked = format!("/v1/customers/{cleo}/self-service/contact-data");
        let asked = gym.send_json("POST", &key, &asked, r#"{"phoneBusiness":"1"}"#).await.json();
        archive("cleo").await.refusal(400, "errormessage.customer.archive.amendment.pending");
        let reject = format!("/studios/{north}/amendments/{}/reject", asked["id"]);
        call(&gym, &token, "POST", &reject, r#"{"reason":"leaves"}"#).await.json();
        archive("cleo").await.json();
        // A void contract is none.
        archive("void").await.json();
        // The desk does not archive.
        let desk = signed_in(&gym, Role::Desk, "north").await;
        let path = customer_path(&gym, "north", cleo, "/restore").await;
        call(&gym, &desk, "POST", &path, "").await.refusal(403, super::RIGHT_MISSING);
    });
}

#[test]
fn cust_3_and_5_nobody_comes_back_as_somebody_who_is_there() {
    with_gym(MEMBERS, |gym| async move {
        let (token, north) = (signed_in(&gym, Role::Manager, "north").await, gym.studio("north").await);
        let path = format!("/studios/{north}/customers");
        let eve = json!({
            "master": { "firstName": "Eve", "lastName": "Dahl", "dateOfBirth": "1990-01-31" },
            "contact": { "email": "eve@example.org" },
            "address": { "street": "Long Street", "zipCode": "20095", "city": "Hamburg", "countryCode": "DE" },
        });
        let enter = async || call(&gym, &token, "POST", &path, &eve.to_string()).await;
        let first = enter().await.json()["id"].as_i64().unwrap();
        let at = |id: i64, what: &str| format!("{path}/{id}/{what}");
        call(&gym, &token, "POST", &at(first, "archive"), "").await.json();
        let second = enter().await.json()["id"].as_i64().unwrap();
        let refused = call(&gym, &token, "POST", &at(first, "restore"), "").await;
        refused.refusal(400, "errormessage.customer.duplicate");
        call(&gym, &token, "POST", &at(second, "archive"), "").await.json();
        call(&gym, &token, "POST", &at(first, "restore"), "").await.json();
        // The number of an archived customer may be given to somebody else.
        let cleo = gym.customer("north", "cleo").await;
        call(&gym, &token, "POST", &at(cleo, "archive"), "").await.json();
        let taken = "      - { key: heir, first_name: Heir, last_name: Prospect, customer_number: 1-10003 }\n";
        gym.apply(&MEMBERS.replacen("    customers:\n", &format!("    customers:\n{taken}"), 1)).await;
        let token = signed_in(&gym, Role::Owner, "north").await;
        let refused = call(&gym, &token, "POST", &at(cleo, "restore"), "").await;
        let refusal = refused.refusal(400, "errormessage.customer.number.taken");
        assert!(refusal.error_message.contains("1-10003"), "{}", refusal.error_message);
        assert!(records(&gym).await.iter().all(|record| record.action != "customer.restored"
            || record.subject.as_deref() != Some(&format!("customer:{cleo}"))));
    });
}
