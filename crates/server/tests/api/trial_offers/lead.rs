//! `POST /v1/trial-offers/lead/validate` and `POST /v1/trial-offers/lead/create`, which see the same things.

use gymkeeper_store::customer::lead;
use serde_json::{Value, json};

use super::{create, lead_status, offer, person, post, trials};
use crate::support::{Gym, with_gym};

const INVALID: &str = "errormessage.lead.data.invalid";
const DUPLICATE: &str = "errormessage.lead.duplicate.customer";

/// Grace with something else about her.
fn with(name: &str, value: Value) -> Value {
    let mut who = person("grace@example.org");
    who[name] = value;
    who
}

/// Both find the same wrong, and nothing comes of it.
async fn refuses(gym: &Gym, key: &str, offer: i64, who: &Value, told: &str, code: &str, field: &str) {
    let before = gym.end_of_journal().await;
    assert_eq!(lead_status(gym, key, offer, who).await, told, "{who}");
    let refusal = create(gym, key, offer, who).await.refusal(400, code);
    assert_eq!(refusal.reference.unwrap_or_default(), format!("leadCustomerData.{field}"), "{who}");
    assert_eq!(gym.end_of_journal().await, before, "nothing was done");
}

#[test]
fn tri_2_and_7_somebody_who_wants_to_try_becomes_a_prospect() {
    with_gym(&trials(), |gym| async move {
        let key = gym.key("north").await;
        let taster = offer(&gym, "north", "taster").await;
        let mut grace = person(" Grace@Example.org ");
        for (name, value) in [
            ("secondFirstname", json!("Brewster")),
            ("secondLastname", json!("Murray")),
            ("gender", json!("FEMALE")),
            ("dateOfBirth", json!("1986-12-09")),
            ("thirdPartyId", json!("T-1")),
            ("language", json!({ "languageCode": "EN", "countryCode": "us" })),
            // This form asks for no address.
            ("address", json!({ "street": "Wall", "houseNumber": "1", "zipCode": "10115", "city": "Berlin" })),
        ] {
            grace[name] = value;
        }
        let before = gym.end_of_journal().await;
        assert_eq!(lead_status(&gym, &key, taster, &grace).await, "POSSIBLE");
        assert_eq!(gym.end_of_journal().await, before, "nothing is stored");
        let made = create(&gym, &key, taster, &grace).await.json();
        let id = made["leadCustomerId"].as_i64().unwrap();
        assert_eq!(made, json!({ "leadCustomerId": id }));
        assert_eq!(gym.deeds(before).await, ["customer.created CUSTOMER_CREATED"]);
        assert_eq!(gym.events_after(before).await, [("CUSTOMER_CREATED".to_owned(), id)]);
        let recorded = gym.said_after(before).await;
        for personal in ["Grace", "Hopper", "example.org", "30 765", "4930765"] {
            assert!(!recorded.contains(personal), "{personal} is in the journal");
        }
        let told = gym.get(&key, &format!("/v1/customers/{id}")).await.json();
        for (name, value) in [
            ("status", json!("PROSPECT")),
            ("firstName", json!("Grace")),
            ("secondFirstName", json!("Brewster")),
            ("lastName", json!("Hopper")),
            ("secondLastName", json!("Murray")),
            ("email", json!("Grace@Example.org")),
            ("gender", json!("FEMALE")),
            ("dateOfBirth", json!("1986-12-09")),
            ("phonePrivate", json!("+49 30 765")),
            ("thirdPartyId", json!("T-1")),
            ("preferredLanguage", json!({ "languageCode": "en", "countryCode": "US" })),
            ("studioId", json!(gym.studio("north").await)),
        ] {
            assert_eq!(told[name], value, "{name}");
        }
        for name in ["street", "zipCode", "city"] {
            assert_eq!(told.get(name), None, "{name}");
        }
        // Whoever came by a trial offer is none of the studio's leads.
        let tenant = gym.tenant;
        let leads = gym.app.db.read(move |tx| lead::of_customer(tx, tenant, id)).await.unwrap();
        assert_eq!(leads, []);
    });
}

#[test]
fn tri_1_and_2_the_offers_own_form_is_what_counts() {
    let yaml = trials().replacen(
        "open_to_leads: false,",
        "open_to_leads: false, address_mode: MANDATORY, date_of_birth_mode: MANDATORY, gender_mode: MANDATORY, telephone_mode: INACTIVE,",
        1,
    );
    with_gym(&yaml, |gym| async move {
        let key = gym.key("north").await;
        let (taster, morning) = (offer(&gym, "north", "taster").await, offer(&gym, "north", "morning").await);
        let bad = "INVALID_LEAD_CUSTOMER_DATA";
        for (who, field) in [
            (with("firstname", json!(" ")), "firstname"),
            (with("lastname", json!("")), "lastname"),
            (with("email", json!("")), "email"),
            (with("email", json!("grace")), "email"),
            (with("dateOfBirth", json!("2026-11-22")), "dateOfBirth"),
            (with("telephone", Value::Null), "telephone"),
            (with("telephone", json!(" ")), "telephone"),
        ] {
            refuses(&gym, &key, taster, &who, bad, INVALID, field).await;
        }
        // Data come before duplicates (LEAD-5).
        let mut ada = person("ada@example.org");
        ada["telephone"] = Value::Null;
        refuses(&gym, &key, taster, &ada, bad, INVALID, "telephone").await;
        let whole = |name: &str, value: Value| {
            let mut who = with("gender", json!("UNISEX"));
            who["dateOfBirth"] = json!("1986-12-09");
            who["address"] = json!({ "street": "Wall", "zipCode": "10115", "city": "Berlin" });
            who["telephone"] = Value::Null;
            who[name] = value;
            who
        };
        for (who, field) in [
            (whole("gender", Value::Null), "gender"),
            (whole("dateOfBirth", Value::Null), "dateOfBirth"),
            (whole("address", Value::Null), "address"),
            (whole("address", json!({ "street": "", "zipCode": " ", "city": "" })), "address"),
            (whole("address", json!({ "street": "Wall", "zipCode": "10115", "city": " " })), "address"),
            (whole("address", json!({ "street": "", "houseNumber": "1", "zipCode": "", "city": "" })), "address"),
        ] {
            refuses(&gym, &key, morning, &who, bad, INVALID, field).await;
        }
        // What the form does not ask for is ignored.
        let who = whole("telephone", json!("030 765"));
        assert_eq!(lead_status(&gym, &key, morning, &who).await, "POSSIBLE");
        let id = create(&gym, &key, morning, &who).await.json()["leadCustomerId"].as_i64().unwrap();
        let told = gym.get(&key, &format!("/v1/customers/{id}")).await.json();
        assert_eq!(
            (told.get("phonePrivate"), &told["street"], &told["city"]),
            (None, &json!("Wall"), &json!("Berlin"))
        );
        assert_eq!((&told["country"], told.get("houseNumber")), (&json!("DE"), None));
    });
}

#[test]
fn tri_2_somebody_whose_address_of_mail_is_known_is_a_duplicate() {
    with_gym(&trials(), |gym| async move {
        let key = gym.key("north").await;
        let (taster, morning) = (offer(&gym, "north", "taster").await, offer(&gym, "north", "morning").await);
        let told = "DUPLICATE_CUSTOMER";
        // Whatever the name and wherever in the tenant.
        for known in ["ada@example.org", " ADA@example.org", "sue@example.org"] {
            refuses(&gym, &key, taster, &person(known), told, DUPLICATE, "email").await;
        }
        // Unless the offer does not mind.
        assert_eq!(lead_status(&gym, &key, morning, &person("ada@example.org")).await, "POSSIBLE");
        let mut grace = person("grace@example.org");
        grace["thirdPartyId"] = json!("T-1");
        create(&gym, &key, taster, &grace).await.json();
        refuses(&gym, &key, taster, &person("grace@example.org"), told, DUPLICATE, "email").await;
        grace["email"] = json!("other@example.org");
        let taken = "errormessage.customer.third.party.id.duplicate";
        for offer in [taster, morning] {
            refuses(&gym, &key, offer, &grace, told, taken, "thirdPartyId").await;
        }
        // Another tenant has trial offers of its own.
        let tenant = gym.apply(&trials().replace("key: acme", "key: zenith")).await;
        let (_, zenith) = gym.key_with(tenant, "north", None, None).await;
        create(&gym, &zenith, taster, &grace).await.refusal(404, "errormessage.trial.offer.config.not.found");
    });
}

#[test]
fn what_is_malformed_is_refused_by_both_and_names_its_field() {
    with_gym(&trials(), |gym| async move {
        let (north, south) = (gym.key("north").await, gym.key("south").await);
        let taster = offer(&gym, "north", "taster").await;
        let long = "x".repeat(256);
        let of = |who: Value| json!({ "leadCustomerData": who, "trialOfferConfigId": taster });
        let city = json!({ "street": "Wall", "zipCode": "10115", "city": long });
        for path in ["lead/validate", "lead/create"] {
            for (body, code, reference) in [
                (json!({}), "field.required", "leadCustomerData"),
                (json!({ "leadCustomerData": person("a@b.c") }), "field.required", "trialOfferConfigId"),
                (of(with("email", Value::Null)), "field.required", "leadCustomerData.email"),
                (of(with("firstname", json!(1))), "field.invalid", "leadCustomerData.firstname"),
                (of(with("gender", json!("female"))), "enum.unknown", "leadCustomerData.gender"),
                (of(with("dateOfBirth", json!("9.12.1986"))), "field.invalid", "leadCustomerData.dateOfBirth"),
                (of(with("lastname", json!(long))), "field.too.long", "leadCustomerData.lastname"),
                (of(with("thirdPartyId", json!(long))), "field.too.long", "leadCustomerData.thirdPartyId"),
                (
                    of(with("address", json!({ "street": "Wall" }))),
                    "field.required",
                    "leadCustomerData.address.zipCode",
                ),
                (of(with("address", city.clone())), "field.too.long", "leadCustomerData.address.city"),
                (
                    of(with("language", json!({ "languageCode": "english" }))),
                    "field.invalid",
                    "leadCustomerData.language.languageCode",
                ),
                (
                    of(with("language", json!({ "languageCode": "en", "countryCode": "USA" }))),
                    "field.invalid",
                    "leadCustomerData.language.countryCode",
                ),
            ] {
                let refusal =
                    post(&gym, &north, path, &body).await.refusal(400, &format!("errormessage.validation.{code}"));
                assert_eq!(refusal.reference.as_deref(), Some(reference), "{path}");
            }
            let unknown = json!({ "leadCustomerData": person("a@b.c"), "trialOfferConfigId": 77 });
            let refusal = post(&gym, &north, path, &unknown).await;
            let refusal = refusal.refusal(404, "errormessage.trial.offer.config.not.found");
            assert_eq!(refusal.reference.as_deref(), Some("trialOfferConfigId"));
            let answer = post(&gym, &south, path, &of(person("a@b.c"))).await;
            answer.refusal(403, "errormessage.authorization.other.studio");
        }
    });
}
