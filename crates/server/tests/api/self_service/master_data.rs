//! Master data: `getCustomerMasterData` and `createCustomerMasterDataAmendment`.

use gymkeeper_store::customer::birthday;
use jiff::civil::date;
use serde_json::{Value, json};

use super::{decide, path};
use crate::support::{MEMBERS, with_gym};

#[test]
fn amd_7_names_and_birth_are_replaced_whole_once_staff_has_seen_them() {
    with_gym(MEMBERS, |gym| async move {
        let (key, ada) = (gym.key("north").await, gym.customer("north", "ada").await);
        let (at, end) = (path(ada, "master-data"), gym.end_of_journal().await);
        let status = "CHANGES_REQUIRE_VERIFICATION";
        let before = json!({
            "firstName": "Ada",
            "lastName": "Lovelace",
            "gender": "FEMALE",
            "dateOfBirth": "1990-12-10",
            "customerTitle": "NONE",
            "amendmentConfigurationStatus": status,
        });
        assert_eq!(gym.get(&key, &at).await.json(), before);
        let mut wanted = json!({
            "firstName": "Augusta",
            "lastName": "King",
            "gender": "UNISEX",
            "dateOfBirth": "1990-12-11",
            "countryOfBirth": "gb",
            "customerTitle": "PROF",
        });
        let asked = gym.send_json("POST", &key, &at, &wanted.to_string()).await.json();
        wanted["countryOfBirth"] = json!("GB");
        wanted["id"] = asked["id"].clone();
        assert_eq!(asked, wanted);
        let mut waiting = before;
        waiting["pendingAmendment"] = asked.clone();
        assert_eq!(gym.get(&key, &at).await.json(), waiting);
        let tenant = gym.tenant;
        let corrected = async || gym.app.db.read(move |tx| birthday::corrections(tx, tenant, ada)).await.unwrap();
        assert_eq!(corrected().await, []);
        decide(&gym, asked["id"].as_i64().unwrap(), true).await.unwrap();
        // AMD-6: what was known until staff said yes.
        let known: Vec<_> = corrected().await.into_iter().map(|one| (one.corrected_on, one.date_of_birth)).collect();
        assert_eq!(known, [(date(2026, 11, 21), Some(date(1990, 12, 10)))]);
        wanted.as_object_mut().unwrap().remove("id");
        wanted["amendmentConfigurationStatus"] = json!(status);
        assert_eq!(gym.get(&key, &at).await.json(), wanted);
        assert_eq!(gym.events_after(end).await, [("CUSTOMER_UPDATED".to_owned(), ada)]);
        let found = gym.send_json("POST", &key, "/v1/customers/search", r#"{"lastName":"king"}"#).await.json();
        assert_eq!(found[0]["id"], ada);
        // What is left out is cleared.
        let wanted = r#"{"firstName":"Ada","lastName":"King","gender":"FEMALE","dateOfBirth":"1990-12-10","customerTitle":"NONE"}"#;
        let asked = gym.send_json("POST", &key, &at, wanted).await.json();
        decide(&gym, asked["id"].as_i64().unwrap(), true).await.unwrap();
        let told = gym.get(&key, &at).await.json();
        assert_eq!((told.get("countryOfBirth"), &told["customerTitle"]), (None, &json!("NONE")));
    });
}

#[test]
fn cust_22_a_gender_that_nobody_told_is_unisex_and_asking_for_it_changes_nothing() {
    with_gym(MEMBERS, |gym| async move {
        let (key, bela) = (gym.key("north").await, gym.customer("north", "bela").await);
        let (at, end) = (path(bela, "master-data"), gym.end_of_journal().await);
        let mut told = gym.get(&key, &at).await.json();
        assert_eq!((&told["gender"], &told["dateOfBirth"]), (&json!("UNISEX"), &json!("1985-02-28")));
        told.as_object_mut().unwrap().remove("amendmentConfigurationStatus");
        assert_eq!(gym.send_json("POST", &key, &at, &told.to_string()).await.json(), told);
        assert_eq!(gym.end_of_journal().await, end);
        // A birthday that nobody told is left out.
        let cleo = gym.customer("north", "cleo").await;
        assert_eq!(gym.get(&key, &path(cleo, "master-data")).await.json().get("dateOfBirth"), None);
    });
}

#[test]
fn impossible_master_data_are_refused_with_their_field() {
    with_gym(MEMBERS, |gym| async move {
        let (key, ada) = (gym.key("north").await, gym.customer("north", "ada").await);
        let (at, end) = (path(ada, "master-data"), gym.end_of_journal().await);
        let good = json!({
            "firstName": "Ada",
            "lastName": "King",
            "gender": "FEMALE",
            "dateOfBirth": "1990-12-10",
            "customerTitle": "NONE",
        });
        for (field, value, code) in [
            ("firstName", json!(" "), "field.required"),
            ("lastName", Value::Null, "field.required"),
            ("lastName", json!("L".repeat(101)), "field.too.long"),
            ("gender", json!("DIVERSE"), "enum.unknown"),
            ("customerTitle", json!("dr"), "enum.unknown"),
            ("dateOfBirth", json!("2026-11-22"), "field.invalid"),
            ("dateOfBirth", json!("1990-02-30"), "field.invalid"),
            ("countryOfBirth", json!("England"), "field.invalid"),
        ] {
            let mut wanted = good.clone();
            wanted[field] = value;
            let answer = gym.send_json("POST", &key, &at, &wanted.to_string()).await;
            let refusal = answer.refusal(400, &format!("errormessage.validation.{code}"));
            assert_eq!(refusal.reference.as_deref(), Some(field), "{wanted}");
        }
        assert_eq!(gym.end_of_journal().await, end);
        // Whoever is born today may be.
        let mut wanted = good;
        wanted["dateOfBirth"] = json!("2026-11-21");
        gym.send_json("POST", &key, &at, &wanted.to_string()).await.json();
    });
}
