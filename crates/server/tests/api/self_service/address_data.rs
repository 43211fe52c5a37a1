//! Address data: `getCustomerAddressData` and `createCustomerAddressDataAmendment`.

use serde_json::{Value, json};

use super::path;
use crate::support::{MEMBERS, with_gym};

#[test]
fn amd_3_and_7_an_address_is_replaced_whole_and_at_once() {
    with_gym(MEMBERS, |gym| async move {
        let (key, ada) = (gym.key("north").await, gym.customer("north", "ada").await);
        let at = path(ada, "address-data");
        let before = json!({
            "street": "Chausseestraße",
            "houseNumber": "23",
            "zipCode": "10115",
            "city": "Berlin",
            "countryCode": "DE",
            "amendmentConfigurationStatus": "CHANGES_WITHOUT_VERIFICATION",
            "floor": "2",
        });
        assert_eq!(gym.get(&key, &at).await.json(), before);
        let mut wanted = json!({
            "street": " Via Roma ",
            "zipCode": "39100",
            "city": "Bozen",
            "countryCode": "it",
            "province": "Südtirol",
            "provinceCode": "BZ",
            "secondStreet": "Hof",
            "cityPart": "Gries",
            "district": "D",
            "streetType": "Via",
            "streetBlock": "B",
            "portal": "P",
            "stairway": "S",
            "door": "4",
            "additionalAddressInformation": "Ring twice",
            "buildingName": "Turm",
            "houseNumber": null,
        });
        let end = gym.end_of_journal().await;
        let answer = gym.send_json("POST", &key, &at, &wanted.to_string()).await.json();
        wanted.as_object_mut().unwrap().remove("houseNumber");
        wanted["street"] = json!("Via Roma");
        wanted["countryCode"] = json!("IT");
        assert_eq!(answer, wanted, "what was done at once has no id");
        assert_eq!(gym.events_after(end).await, [("CUSTOMER_UPDATED".to_owned(), ada)]);
        let records = gym.journal_after(end).await;
        assert_eq!(records[0].action, "customer.address-changed");
        let changes: Value = serde_json::from_str(records[0].changes.as_deref().unwrap()).unwrap();
        assert_eq!(
            (&changes["floor"], &changes["street"]),
            (&json!({ "withheld": true }), &json!({ "withheld": true }))
        );
        assert_eq!(changes.as_object().unwrap().len(), 18, "{changes}");
        wanted["amendmentConfigurationStatus"] = json!("CHANGES_WITHOUT_VERIFICATION");
        assert_eq!(gym.get(&key, &at).await.json(), wanted);
        // The same again is nothing.
        wanted.as_object_mut().unwrap().remove("amendmentConfigurationStatus");
        gym.send_json("POST", &key, &at, &wanted.to_string()).await.json();
        assert_eq!(gym.journal_after(end).await.len(), 1);
        let told = gym.get(&key, &format!("/v1/customers/{ada}")).await.json();
        assert_eq!((&told["country"], &told["province"], told.get("floor")), (&json!("IT"), &json!("Südtirol"), None));
    });
}

#[test]
fn err_9_an_address_that_nobody_knows_is_empty_where_the_wire_wants_a_text() {
    with_gym(MEMBERS, |gym| async move {
        let (key, cleo) = (gym.key("north").await, gym.customer("north", "cleo").await);
        let told = gym.get(&key, &path(cleo, "address-data")).await.json();
        let expected = json!({
            "street": "",
            "zipCode": "",
            "city": "",
            "countryCode": "DE",
            "amendmentConfigurationStatus": "CHANGES_WITHOUT_VERIFICATION",
        });
        assert_eq!(told, expected);
    });
}

#[test]
fn impossible_addresses_are_refused_with_their_field() {
    with_gym(MEMBERS, |gym| async move {
        let (key, ada) = (gym.key("north").await, gym.customer("north", "ada").await);
        let (at, end) = (path(ada, "address-data"), gym.end_of_journal().await);
        let good = json!({ "street": "Street", "zipCode": "1", "city": "Town", "countryCode": "DE" });
        for (field, value, code) in [
            ("street", Value::Null, "field.required"),
            ("street", json!(" "), "field.required"),
            ("zipCode", json!("1".repeat(21)), "field.too.long"),
            ("city", json!("T".repeat(256)), "field.too.long"),
            ("countryCode", json!(""), "field.required"),
            ("countryCode", json!("DEU"), "field.invalid"),
            ("countryCode", json!("D1"), "field.invalid"),
            ("floor", json!(2), "field.invalid"),
            ("door", json!("d".repeat(256)), "field.too.long"),
        ] {
            let mut wanted = good.clone();
            wanted[field] = value;
            let answer = gym.send_json("POST", &key, &at, &wanted.to_string()).await;
            let refusal = answer.refusal(400, &format!("errormessage.validation.{code}"));
            assert_eq!(refusal.reference.as_deref(), Some(field), "{wanted}");
        }
        assert_eq!(gym.end_of_journal().await, end);
    });
}
