//! Contact data: `getCustomerContactData` and `createCustomerContactDataAmendment`.

use gymkeeper_server::http::failure::Failure;
use gymkeeper_store::customer;
use serde_json::json;

use super::{decide, path};
use crate::support::{MEMBERS, with_gym};

#[test]
fn amd_1_and_3_a_change_waits_beside_the_data_until_staff_accepts_it() {
    with_gym(MEMBERS, |gym| async move {
        let (key, ada) = (gym.key("north").await, gym.customer("north", "ada").await);
        let at = path(ada, "contact-data");
        let before = json!({
            "email": "Ada@Example.org",
            "phonePrivate": "+49 30 1234567",
            "phonePrivateMobile": "0171 2345678",
            "amendmentConfigurationStatus": "CHANGES_REQUIRE_VERIFICATION",
        });
        assert_eq!(gym.get(&key, &at).await.json(), before);
        let end = gym.end_of_journal().await;
        let wanted =
            r#"{"email":" countess@example.org ","phonePrivate":"","phoneBusiness":"040 1234567","unknown":1}"#;
        let asked = gym.send_json("POST", &key, &at, wanted).await.json();
        let id = asked["id"].as_i64().unwrap();
        let pending =
            json!({ "id": id, "email": "countess@example.org", "phonePrivate": "", "phoneBusiness": "040 1234567" });
        assert_eq!(asked, pending);
        assert_eq!(gym.events_after(end).await, []);
        let mut waiting = before.clone();
        waiting["pendingAmendment"] = pending;
        assert_eq!(gym.get(&key, &at).await.json(), waiting);
        // AMD-4: what was left out stays, also what was changed meanwhile.
        decide(&gym, id, true).await.unwrap();
        assert_eq!(gym.events_after(end).await, [("CUSTOMER_UPDATED".to_owned(), ada)]);
        let after = json!({
            "email": "countess@example.org",
            "phonePrivateMobile": "0171 2345678",
            "phoneBusiness": "040 1234567",
            "amendmentConfigurationStatus": "CHANGES_REQUIRE_VERIFICATION",
        });
        assert_eq!(gym.get(&key, &at).await.json(), after);
        // The customer is found by the new address and number, and not by the old ones.
        for (body, found) in [
            (json!({ "email": "COUNTESS@example.org" }), 1),
            (json!({ "email": "ada@example.org" }), 0),
            (json!({ "phoneNumber": "+49 40 1234567" }), 1),
            (json!({ "phoneNumber": "030/1234567" }), 0),
        ] {
            let answer = gym.send_json("POST", &key, "/v1/customers/search", &body.to_string()).await.json();
            assert_eq!(answer.as_array().unwrap().len(), found, "{body}");
        }
    });
}

#[test]
fn amd_7_a_request_for_what_is_there_changes_nothing() {
    with_gym(MEMBERS, |gym| async move {
        let (key, ada) = (gym.key("north").await, gym.customer("north", "ada").await);
        let (at, end) = (path(ada, "contact-data"), gym.end_of_journal().await);
        for (wanted, answer) in [
            ("{}", json!({})),
            (r#"{"email":"Ada@Example.org","phonePrivate":null}"#, json!({ "email": "Ada@Example.org" })),
            (r#"{"phoneBusiness":" "}"#, json!({ "phoneBusiness": "" })),
        ] {
            assert_eq!(gym.send_json("POST", &key, &at, wanted).await.json(), answer, "{wanted}");
        }
        assert_eq!(gym.end_of_journal().await, end);
        assert_eq!(gym.get(&key, &at).await.json().get("pendingAmendment"), None);
    });
}

#[test]
fn amd_4_impossible_contact_data_are_refused_with_their_field() {
    with_gym(MEMBERS, |gym| async move {
        let (key, ada) = (gym.key("north").await, gym.customer("north", "ada").await);
        let (at, end) = (path(ada, "contact-data"), gym.end_of_journal().await);
        let long = format!(r#"{{"phoneBusinessMobile":"{}"}}"#, "1".repeat(256));
        for (wanted, code, field) in [
            (r#"{"email":""}"#, "field.required", "email"),
            (r#"{"email":" "}"#, "field.required", "email"),
            (r#"{"email":"nobody"}"#, "field.invalid", "email"),
            (r#"{"email":7}"#, "field.invalid", "email"),
            (&long, "field.too.long", "phoneBusinessMobile"),
        ] {
            let answer = gym.send_json("POST", &key, &at, wanted).await;
            let refusal = answer.refusal(400, &format!("errormessage.validation.{code}"));
            assert_eq!(refusal.reference.as_deref(), Some(field), "{wanted}");
        }
        assert_eq!(gym.end_of_journal().await, end);
    });
}

#[test]
fn amd_7_where_a_studio_only_shows_data_nothing_can_be_asked_for() {
    with_gym(MEMBERS, |gym| async move {
        let (key, dora) = (gym.key("south").await, gym.customer("south", "dora").await);
        let at = path(dora, "contact-data");
        let told = gym.get(&key, &at).await.json();
        assert_eq!(told, json!({ "email": "dora@example.org", "amendmentConfigurationStatus": "READ" }));
        for (kind, wanted) in [
            ("contact-data", "{}"),
            ("contact-data", r#"{"phonePrivate":"1"}"#),
            (
                "address-data",
                r#"{"street":"Via Roma","houseNumber":"1","zipCode":"39100","city":"Bozen","countryCode":"it"}"#,
            ),
            (
                "master-data",
                r#"{"firstName":"D","lastName":"E","gender":"UNISEX","dateOfBirth":"1990-12-11","customerTitle":"NONE"}"#,
            ),
            (
                "payment-data",
                r#"{"accountHolder":"Dora","bankName":"Bank","iban":"DE89370400440532013000","bic":"COBADEFFXXX"}"#,
            ),
        ] {
            let told = gym.get(&key, &path(dora, kind)).await.json();
            assert_eq!(told["amendmentConfigurationStatus"], "READ", "{kind}");
            let refusal = gym.send_json("POST", &key, &path(dora, kind), wanted).await;
            let refusal = refusal.refusal(400, "errormessage.amendment.not.allowed");
            assert!(refusal.error_message.contains("Studio"), "{}", refusal.error_message);
        }
    });
}

#[test]
fn amd_7_where_nothing_is_verified_contact_and_names_change_at_once() {
    let before = "self_service: { address: CHANGES_WITHOUT_VERIFICATION, signature_required: true }";
    let kinds = "self_service: { contact: CHANGES_WITHOUT_VERIFICATION, master: CHANGES_WITHOUT_VERIFICATION }";
    assert!(MEMBERS.contains(before));
    with_gym(&MEMBERS.replacen(before, kinds, 1), |gym| async move {
        let (key, ada) = (gym.key("north").await, gym.customer("north", "ada").await);
        for (kind, wanted, field, value) in [
            ("contact-data", r#"{"phonePrivate":"+49 30 77"}"#, "phonePrivate", "+49 30 77"),
            (
                "master-data",
                r#"{"firstName":"Augusta","lastName":"King","gender":"FEMALE","dateOfBirth":"1990-12-10","customerTitle":"NONE"}"#,
                "lastName",
                "King",
            ),
        ] {
            let before = gym.end_of_journal().await;
            gym.send_json("POST", &key, &path(ada, kind), wanted).await.json();
            let told = gym.get(&key, &path(ada, kind)).await.json();
            assert_eq!(told["amendmentConfigurationStatus"], "CHANGES_WITHOUT_VERIFICATION", "{kind}");
            assert_eq!((&told[field], told.get("pendingAmendment")), (&json!(value), None), "{kind}");
            assert_eq!(gym.events_after(before).await, [("CUSTOMER_UPDATED".to_owned(), ada)], "{kind}");
        }
    });
}

#[test]
fn whoever_does_not_want_to_be_seen_is_not_and_the_archived_are_gone() {
    with_gym(MEMBERS, |gym| async move {
        let (key, hidden) = (gym.key("north").await, gym.customer("north", "hidden").await);
        let disabled = "errormessage.third.party.customer.access.disabled";
        for kind in ["contact-data", "address-data", "master-data", "payment-data"] {
            gym.get(&key, &path(hidden, kind)).await.refusal(403, disabled);
        }
        gym.send_json("POST", &key, &path(hidden, "contact-data"), "{}").await.refusal(403, disabled);
        gym.send_json("DELETE", &key, &path(hidden, "amendment/1"), "").await.refusal(403, disabled);
        let (tenant, ada) = (gym.tenant, gym.customer("north", "ada").await);
        let asked = gym.send_json("POST", &key, &path(ada, "contact-data"), r#"{"phoneBusiness":"1"}"#).await.json();
        gym.change(move |tx| {
            let mut archived = customer::by_id(tx, tenant, ada)?.unwrap();
            archived.archived_at = Some(archived.created_at);
            customer::update(tx, tenant, &archived)
        })
        .await;
        let gone = "errormessage.customer.not.found";
        gym.get(&key, &path(ada, "contact-data")).await.refusal(404, gone);
        gym.send_json("POST", &key, &path(ada, "contact-data"), "{}").await.refusal(404, gone);
        match decide(&gym, asked["id"].as_i64().unwrap(), true).await {
            Err(Failure::Refused(refusal)) => assert_eq!(refusal.code.as_str(), gone),
            other => panic!("{other:?}"),
        }
    });
}
