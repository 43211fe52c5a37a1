//! Customers of any studio: by id, by what they are known by, by search.

use gymkeeper_server::actions::key;
use gymkeeper_store::customer;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::both;
use crate::support::{Gym, MEMBERS, with_gym};

const NOT_FOUND: &str = "errormessage.customer.not.found";
const DISABLED: &str = "errormessage.third.party.customer.access.disabled";

fn by_id(id: i64) -> String {
    format!("/v1/cross-studio/customers/{id}")
}

async fn search(gym: &Gym, key: &str, body: Value) -> Vec<i64> {
    let found = gym.send_json("POST", key, "/v1/cross-studio/customers/search", &body.to_string()).await.json();
    found.as_array().unwrap().iter().map(|one| one["id"].as_i64().unwrap()).collect()
}

#[test]
fn x_1_a_sister_studio_is_seen_while_the_integration_has_a_good_key_for_it() {
    with_gym(MEMBERS, |gym| async move {
        let north = gym.key("north").await;
        let (ada, dora) = (gym.customer("north", "ada").await, gym.customer("south", "dora").await);
        let sees = async |expected: &[i64]| {
            for id in [ada, dora] {
                let answer = gym.get(&north, &by_id(id)).await;
                if expected.contains(&id) {
                    assert_eq!(answer.json()["id"], id);
                } else {
                    answer.refusal(404, NOT_FOUND);
                }
            }
            assert_eq!(search(&gym, &north, json!({ "lastName": "Lovelace" })).await, expected);
        };
        sees(&[ada]).await;
        // A key of another integration opens nothing.
        let studio = gym.studio("south").await;
        gym.act(move |change| {
            let grant = key::Grant { studio, integration: "others".to_owned(), scopes: None, expires_at: None };
            key::create(change, &grant, &key::fresh_text())
        })
        .await;
        sees(&[ada]).await;
        let past: Timestamp = "2001-01-01T00:00:00Z".parse().unwrap();
        gym.key_with(gym.tenant, "south", None, Some(past)).await;
        sees(&[ada]).await;
        // Scopes of that key do not matter: what may be read is told by the key of the request.
        let (id, _) = gym.key_with(gym.tenant, "south", Some(Vec::new()), None).await;
        sees(&[ada, dora]).await;
        gym.revoke(id).await;
        sees(&[ada]).await;
    });
}

#[test]
fn x_3_a_customer_of_a_sister_studio_is_told_as_one_of_the_own() {
    with_gym(MEMBERS, |gym| async move {
        let (north, (_, south)) = both(&gym).await;
        let dora = gym.customer("south", "dora").await;
        let at_home = gym.get(&south, &format!("/v1/customers/{dora}")).await.json();
        let mut told = gym.get(&north, &by_id(dora)).await.json();
        assert_eq!(told["studioId"], gym.studio("south").await);
        assert_eq!(told, at_home);
        let searched =
            gym.send_json("POST", &north, "/v1/cross-studio/customers/search", r#"{"firstName":"dora"}"#).await.json();
        assert_eq!(searched, json!([at_home]));
        for query in ["pin=5555", "customerNumber=2-10001", "debtorId=D-2"] {
            told = gym.get(&north, &format!("/v1/cross-studio/customers/by?{query}")).await.json();
            assert_eq!(told, at_home, "{query}");
        }
        let ada = gym.customer("north", "ada").await;
        let card = gym.get(&south, &format!("{}?cardNumberFormat=HEX_MSB", by_id(ada))).await.json();
        assert_eq!(card["cardNumbers"], json!(["042b73321a3180"]));
    });
}

#[test]
fn x_3_of_several_with_a_debtor_id_the_first_in_a_visible_studio_is_told() {
    with_gym(MEMBERS, |gym| async move {
        let north = gym.key("north").await;
        let (ada, dora) = (gym.customer("north", "ada").await, gym.customer("south", "dora").await);
        let tenant = gym.tenant;
        assert!(ada < dora);
        gym.change(move |tx| {
            for id in [ada, dora] {
                let debtor_id = Some("D-9".to_owned());
                let present = customer::by_id(tx, tenant, id)?.unwrap();
                customer::update(tx, tenant, &customer::Customer { debtor_id, ..present })?;
            }
            Ok(())
        })
        .await;
        let path = "/v1/cross-studio/customers/by?debtorId=D-9";
        assert_eq!(gym.get(&north, path).await.json()["id"], ada);
        let (south_id, south) = gym.key_with(gym.tenant, "south", None, None).await;
        // Its own studio does not come first here, as it does for `customers/by`.
        assert_eq!(gym.get(&south, path).await.json()["id"], ada);
        assert_eq!(gym.get(&south, "/v1/customers/by?debtorId=D-9").await.json()["id"], dora);
        gym.revoke(south_id).await;
        let alone = gym.key_with(gym.tenant, "south", None, None).await.1;
        assert_eq!(gym.get(&alone, path).await.json()["id"], ada, "the integration is still active in the north");
    });
}

#[test]
fn auth_5_whoever_refuses_is_forbidden_by_id_and_left_out_of_searches() {
    with_gym(MEMBERS, |gym| async move {
        let (_, (_, south)) = both(&gym).await;
        let (ada, hidden) = (gym.customer("north", "ada").await, gym.customer("north", "hidden").await);
        gym.get(&south, &by_id(hidden)).await.refusal(403, DISABLED);
        gym.get(&south, "/v1/cross-studio/customers/by?pin=9999").await.refusal(403, DISABLED);
        gym.get(&south, &format!("{}/activities/checkins", by_id(hidden))).await.refusal(403, DISABLED);
        let found = search(&gym, &south, json!({ "dateOfBirth": "1990-12-10" })).await;
        assert_eq!(found, [ada, gym.customer("south", "dora").await]);
        assert_eq!(search(&gym, &south, json!({ "email": "hidden@example.org" })).await, [0_i64; 0]);
    });
}

#[test]
fn archived_customers_and_those_of_other_tenants_are_not_there() {
    with_gym(MEMBERS, |gym| async move {
        let (north, _) = both(&gym).await;
        let other = gym.apply(&MEMBERS.replace("key: acme", "key: umbrella")).await;
        let foreign = gym.customer_of(other, "north", "ada").await;
        gym.get(&north, &by_id(foreign)).await.refusal(404, NOT_FOUND);
        let (tenant, ada) = (gym.tenant, gym.customer("north", "ada").await);
        gym.change(move |tx| {
            let present = customer::by_id(tx, tenant, ada)?.unwrap();
            let archived_at = Some("2026-11-20T10:00:00Z".parse().unwrap());
            customer::update(tx, tenant, &customer::Customer { archived_at, ..present })
        })
        .await;
        for path in [by_id(ada), by_id(0), "/v1/cross-studio/customers/by?pin=4711".to_owned()] {
            gym.get(&north, &path).await.refusal(404, NOT_FOUND);
        }
        assert_eq!(search(&gym, &north, json!({ "email": "ada@example.org" })).await, [0_i64; 0]);
    });
}

#[test]
fn what_cannot_be_read_is_refused_as_among_the_own_customers() {
    with_gym(MEMBERS, |gym| async move {
        let (north, _) = both(&gym).await;
        for (query, code) in [
            ("", "errormessage.customer.identifier.exactly.one.required"),
            ("pin=4711&barcode=x", "errormessage.customer.identifier.exactly.one.required"),
            ("pin=12", "errormessage.validation.field.invalid"),
            ("pin=4711&cardNumberFormat=HEX", "errormessage.validation.enum.unknown"),
        ] {
            gym.get(&north, &format!("/v1/cross-studio/customers/by?{query}")).await.refusal(400, code);
        }
        let path = "/v1/cross-studio/customers/search";
        for (body, code) in [
            ("{}", "errormessage.customer.search.criterion.required"),
            (r#"{"firstName":" "}"#, "errormessage.customer.search.criterion.required"),
            (r#"{"dateOfBirth":"10.12.1990"}"#, "errormessage.validation.field.invalid"),
        ] {
            gym.send_json("POST", &north, path, body).await.refusal(400, code);
        }
        let german = [("x-api-key", north.as_str()), ("accept-language", "de")];
        let refusal = gym.send("GET", &by_id(0), &german, "").await.refusal(404, NOT_FOUND);
        assert!(refusal.error_message.contains("Kunde"), "{}", refusal.error_message);
    });
}

#[test]
fn law_6_a_search_tells_account_numbers_in_part_only() {
    with_gym(MEMBERS, |gym| async move {
        let (_, (_, south)) = both(&gym).await;
        let path = "/v1/cross-studio/customers/search";
        let found = gym.send_json("POST", &south, path, r#"{"firstName":"Future"}"#).await.json();
        assert_eq!(found[0]["bankAccount"]["iban"], "DE89 **** **** **** **** 00");
    });
}
