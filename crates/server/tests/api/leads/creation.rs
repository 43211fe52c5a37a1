//! `POST /v1/leads/validate` and `POST /v1/leads/create`, which see the same things.

use gymkeeper_server::actions::customer::{contract, studio};
use gymkeeper_store::customer::{self, lead};
use serde_json::{Value, json};

use super::{CREATE, VALIDATE, address, asking, create, field, grace, status, with};
use crate::support::{Gym, MEMBERS, with_gym};

const INVALID: &str = "errormessage.lead.data.invalid";
const DUPLICATE: &str = "errormessage.lead.duplicate.customer";

/// What is said, what validation tells, and how creation refuses it, with the field to blame.
type Case = (Value, &'static str, &'static str, &'static str);

async fn refuses(gym: &Gym, key: &str, cases: Vec<Case>) {
    let before = gym.end_of_journal().await;
    for (lead, told, code, reference) in cases {
        assert_eq!(status(gym, key, &lead).await, told, "{lead}");
        let refusal = create(gym, key, &lead).await.refusal(400, code);
        assert_eq!(refusal.reference.as_deref(), Some(reference), "{lead}");
    }
    assert_eq!(gym.deeds(before).await, Vec::<String>::new(), "nothing was done");
}

async fn leads_of(gym: &Gym, customer: i64) -> Vec<lead::Lead> {
    let tenant = gym.tenant;
    gym.app.db.read(move |tx| lead::of_customer(tx, tenant, customer)).await.unwrap()
}

#[test]
fn lead_3_and_5_a_lead_is_a_prospect_with_all_that_was_said() {
    with_gym(MEMBERS, |gym| async move {
        let key = gym.key("north").await;
        let (goal, locker) = (field(&gym, &key, "Goal").await, field(&gym, &key, "Locker").await);
        let remark = field(&gym, &key, "Remark").await;
        let wanted = with(json!({
            "leadCustomer": {
                "thirdPartyId": "T-1",
                "firstname": " Grace ",
                "secondFirstname": "Brewster",
                "secondLastname": "Murray",
                "gender": "FEMALE",
                "dateOfBirth": "1906-12-09",
                "telephone": "+49 30 765",
                "language": { "languageCode": "en", "countryCode": "us" },
            },
            "address": { "street": "Wall", "houseNumber": "1", "zipCode": "10115", "city": "Berlin", "countryCode": "de", "floor": "3" },
            "communicationPreferences": [
                { "messageCategory": "CONTRACT", "channels": [{ "communicationChannel": "EMAIL", "active": true }] },
                { "messageCategory": "GENERAL", "channels": [{ "communicationChannel": "LETTER", "active": false }] },
            ],
            "additionalInformation": [
                { "additionalFieldId": goal, "values": ["Less weight", "Strength", "Strength"] },
                { "additionalFieldId": locker, "value": "12" },
                { "additionalFieldId": remark, "value": "not asked for" },
            ],
            "notes": "Met at the fair.",
            "externalIdentifier": "fair-2026",
        }));
        let before = gym.end_of_journal().await;
        assert_eq!(status(&gym, &key, &wanted).await, "POSSIBLE");
        assert_eq!(gym.end_of_journal().await, before, "LEAD-2: nothing is stored");
        let made = create(&gym, &key, &wanted).await.json();
        let customer = made["customerId"].as_i64().unwrap();
        let expected = [
            "customer.created CUSTOMER_CREATED",
            "customer.information-noted",
            "customer.communication-preferences-changed CUSTOMER_COMMUNICATION_PREFERENCES_UPDATED",
            "lead.created",
        ];
        assert_eq!(gym.deeds(before).await, expected);
        let recorded = gym.said_after(before).await;
        for personal in ["Grace", "Hopper", "fair.", "30 765", "4930765", "Strength"] {
            assert!(!recorded.contains(personal), "{personal} is in the journal");
        }
        let told = gym.get(&key, &format!("/v1/customers/{customer}")).await.json();
        assert_eq!((&told["uuid"], &told["customerNumber"]), (&made["uuid"], &made["customerNumber"]));
        for (name, value) in [
            ("status", json!("PROSPECT")),
            ("firstName", json!("Grace")),
            ("secondFirstName", json!("Brewster")),
            ("lastName", json!("Hopper")),
            ("secondLastName", json!("Murray")),
            ("email", json!("Grace@Example.org")),
            ("gender", json!("FEMALE")),
            ("dateOfBirth", json!("1906-12-09")),
            ("phonePrivate", json!("+49 30 765")),
            ("street", json!("Wall")),
            ("country", json!("DE")),
            ("floor", json!("3")),
            ("thirdPartyId", json!("T-1")),
            ("preferredLanguage", json!({ "languageCode": "en", "countryCode": "US" })),
            ("studioId", json!(gym.studio("north").await)),
        ] {
            assert_eq!(told[name], value, "{name}");
        }
        let item =
            |number: i64| json!({ "additionalInformationFieldId": goal, "value": (goal * 1000 + number).to_string() });
        let locker = json!({ "additionalInformationFieldId": locker, "value": "12" });
        assert_eq!(told["additionalInformationFieldAssignments"], json!([item(7), item(1), locker]));
        // What was left out is as the studio has set it.
        let wanted = gym.get(&key, &format!("/v1/communications/{customer}/communication-preferences")).await.json();
        let general = wanted.as_array().unwrap().iter().find(|one| one["messageCategory"] == "GENERAL").unwrap();
        let channels = general["channels"].as_array().unwrap().iter();
        assert_eq!(
            channels.map(|one| one["active"].as_bool().unwrap()).collect::<Vec<_>>(),
            [false, true, true, false]
        );
        let leads = leads_of(&gym, customer).await;
        let [lead] = leads.as_slice() else { panic!("{leads:?}") };
        assert_eq!(json!(lead.id), made["id"]);
        assert_eq!((lead.status.as_str(), lead.campaign.as_deref()), ("PENDING", Some("fair-2026")));
        assert_eq!(lead.notes.as_deref(), Some("Met at the fair."));
    });
}

#[test]
fn lead_1_what_the_form_does_not_ask_for_is_ignored() {
    let inactive = "address_mode: INACTIVE\n      date_of_birth_mode: INACTIVE\n      gender_mode: INACTIVE\n      \
                    telephone_mode: INACTIVE\n      asks_for_preferences: false";
    with_gym(&asking(inactive), |gym| async move {
        let key = gym.key("north").await;
        let lead = with(json!({
            "leadCustomer": { "gender": "FEMALE", "dateOfBirth": "2999-01-01", "telephone": "1" },
            "address": { "street": "Wall", "houseNumber": "", "zipCode": "", "city": "", "countryCode": "Germany", "floor": "2" },
            "communicationPreferences": [
                { "messageCategory": "GENERAL", "channels": [{ "communicationChannel": "FAX", "active": true }] },
            ],
        }));
        assert_eq!(status(&gym, &key, &lead).await, "POSSIBLE");
        let customer = create(&gym, &key, &lead).await.json()["customerId"].as_i64().unwrap();
        let told = gym.get(&key, &format!("/v1/customers/{customer}")).await.json();
        for name in ["gender", "dateOfBirth", "phonePrivate", "street", "floor", "zipCode"] {
            assert_eq!(told.get(name), None, "{name}");
        }
        assert_eq!(told["country"], "DE");
        // The birthday was not asked for, so it does not tell two people apart either.
        let lead = with(json!({ "leadCustomer": { "dateOfBirth": "1999-01-01" } }));
        assert_eq!(status(&gym, &key, &lead).await, "DUPLICATE_CUSTOMER");
    });
}

#[test]
fn lead_2_and_5_what_is_missing_or_wrong_is_told_by_both() {
    let mandatory = "address_mode: MANDATORY\n      date_of_birth_mode: MANDATORY\n      gender_mode: MANDATORY\n      \
                     telephone_mode: MANDATORY";
    let yaml = asking(mandatory).replace("- { field: locker }", "- { field: locker, mode: MANDATORY }");
    with_gym(&yaml, |gym| async move {
        let key = gym.key("north").await;
        let (goal, locker) = (field(&gym, &key, "Goal").await, field(&gym, &key, "Locker").await);
        let since = field(&gym, &key, "Trains since").await;
        let whole = |more: Value| {
            let mut lead = with(json!({
                "leadCustomer": { "gender": "UNISEX", "dateOfBirth": "1906-12-09", "telephone": "030 765" },
                "address": address(),
                "additionalInformation": [{ "additionalFieldId": locker, "value": "1" }],
            }));
            super::merge(&mut lead, more);
            lead
        };
        assert_eq!(status(&gym, &key, &whole(json!({}))).await, "POSSIBLE");
        let person = |name: &str, value: Value| whole(json!({ "leadCustomer": { name: value } }));
        let answers = |answers: Value| whole(json!({ "additionalInformation": answers }));
        let one = |id: i64, value: &str| json!({ "additionalFieldId": id, "value": value });
        let several =
            |values: Value| answers(json!([one(locker, "1"), { "additionalFieldId": goal, "values": values }]));
        let wish = |channel: &str| {
            let wish = json!([{ "communicationChannel": "PHONE", "active": true }, { "communicationChannel": channel, "active": false }]);
            whole(json!({ "communicationPreferences": [{}, { "messageCategory": "CONTRACT", "channels": wish }] }))
        };
        let bad = "INVALID_LEAD_DATA";
        let cases: Vec<Case> = vec![
            (person("firstname", json!(" ")), bad, INVALID, "leadCustomer.firstname"),
            (person("lastname", json!("")), bad, INVALID, "leadCustomer.lastname"),
            (person("email", json!(" ")), bad, INVALID, "leadCustomer.email"),
            (person("email", json!("grace")), bad, INVALID, "leadCustomer.email"),
            (person("dateOfBirth", Value::Null), bad, INVALID, "leadCustomer.dateOfBirth"),
            (person("dateOfBirth", json!("2026-11-22")), bad, INVALID, "leadCustomer.dateOfBirth"),
            (person("gender", Value::Null), bad, INVALID, "leadCustomer.gender"),
            (person("telephone", json!(" ")), bad, INVALID, "leadCustomer.telephone"),
            (whole(json!({ "address": Value::Null })), bad, INVALID, "address"),
            (whole(json!({ "address": { "city": " " } })), bad, INVALID, "address"),
            (whole(json!({ "address": { "countryCode": "DEU" } })), bad, INVALID, "address"),
            (answers(json!([])), bad, INVALID, "additionalInformation"),
            (answers(json!([one(locker, "A")])), bad, INVALID, "additionalInformation[0].value"),
            (
                answers(json!([one(locker, "1"), one(since, "2026-01-01")])),
                bad,
                INVALID,
                "additionalInformation[1].additionalFieldId",
            ),
            (
                answers(json!([one(locker, "1"), one(locker, "2")])),
                bad,
                INVALID,
                "additionalInformation[1].additionalFieldId",
            ),
            (several(json!(["Speed"])), bad, INVALID, "additionalInformation[1].values"),
            (several(json!([(goal * 1000 + 1).to_string()])), bad, INVALID, "additionalInformation[1].values"),
            (wish("EMAIL"), bad, INVALID, "communicationPreferences[1].channels[1]"),
            (wish("FAX"), bad, INVALID, "communicationPreferences[1].channels[1]"),
            (
                whole(json!({ "externalIdentifier": "fair-2025" })),
                bad,
                "errormessage.lead.campaign.unknown",
                "externalIdentifier",
            ),
            // Data come before the question whether somebody is known.
            (person("telephone", Value::Null), bad, INVALID, "leadCustomer.telephone"),
        ];
        refuses(&gym, &key, cases).await;
        let known =
            whole(json!({ "leadCustomer": { "lastname": "Lovelace", "email": "ada@example.org", "telephone": null } }));
        assert_eq!(status(&gym, &key, &known).await, bad);
    });
}

#[test]
fn lead_5_and_cust_5_whoever_is_known_is_refused_unless_the_studio_allows_it() {
    with_gym(MEMBERS, |gym| async move {
        let (north, south) = (gym.key("north").await, gym.key("south").await);
        let ada = |birth: Value| {
            with(
                json!({ "leadCustomer": { "firstname": "A.", "lastname": "LOVELACE", "email": " ADA@example.org", "dateOfBirth": birth } }),
            )
        };
        let known: Vec<Case> = vec![
            (ada(json!("1990-12-10")), "DUPLICATE_CUSTOMER", DUPLICATE, "leadCustomer.email"),
            // Without a birthday, e-mail address and last name are enough.
            (ada(Value::Null), "DUPLICATE_CUSTOMER", DUPLICATE, "leadCustomer.email"),
        ];
        refuses(&gym, &north, known.clone()).await;
        // Also in the sister studio: customers are the tenant's. And also for one who does not want to be seen.
        refuses(&gym, &south, known).await;
        let hidden = with(json!({ "leadCustomer": { "lastname": "Lovelace", "email": "hidden@example.org" } }));
        assert_eq!(status(&gym, &north, &hidden).await, "DUPLICATE_CUSTOMER");
        for other in [
            ada(json!("1990-12-11")),
            with(json!({ "leadCustomer": { "email": "ada@example.org" } })),
            with(json!({ "leadCustomer": { "lastname": "Lovelace" } })),
        ] {
            assert_eq!(status(&gym, &north, &other).await, "POSSIBLE", "{other}");
        }
        create(&gym, &north, &grace()).await.json();
        assert_eq!(status(&gym, &north, &grace()).await, "DUPLICATE_CUSTOMER");
        // A studio may go by the e-mail address alone.
        gym.apply(&asking("duplicates_by_email: true")).await;
        let namesake = |email: &str| with(json!({ "leadCustomer": { "lastname": "Else", "email": email } }));
        assert_eq!(status(&gym, &north, &namesake("ADA@example.org")).await, "DUPLICATE_CUSTOMER");
        assert_eq!(status(&gym, &north, &namesake("new@example.org")).await, "POSSIBLE");
        create(&gym, &north, &namesake("ada@example.org")).await.refusal(400, "errormessage.lead.duplicate.customer");
        gym.apply(&asking("duplicates_allowed: true")).await;
        assert_eq!(status(&gym, &north, &grace()).await, "POSSIBLE");
        let again = create(&gym, &north, &grace()).await.json();
        assert_eq!(leads_of(&gym, again["customerId"].as_i64().unwrap()).await.len(), 1);
        // Somebody else's tenant knows nobody of ours.
        let other = gym
            .apply(&MEMBERS.replace("key: acme", "key: umbrella").replace("ada@", "eve@").replace("Ada@", "Eve@"))
            .await;
        let foreign = gym.key_with(other, "north", None, None).await.1;
        assert_eq!(status(&gym, &foreign, &ada(json!("1990-12-10"))).await, "POSSIBLE");
    });
}

#[test]
fn cust_5_an_external_id_is_given_once_by_each_integration() {
    with_gym(MEMBERS, |gym| async move {
        let key = gym.key("north").await;
        let of = |email: &str| with(json!({ "leadCustomer": { "thirdPartyId": " T-1 ", "email": email } }));
        create(&gym, &key, &of("a@example.org")).await.json();
        let taken = "errormessage.customer.third.party.id.duplicate";
        let case = (of("b@example.org"), "DUPLICATE_CUSTOMER", taken, "leadCustomer.thirdPartyId");
        refuses(&gym, &key, vec![case]).await;
    });
}

#[test]
fn what_is_malformed_is_refused_by_both_and_names_its_field() {
    with_gym(MEMBERS, |gym| async move {
        let key = gym.key("north").await;
        let person = |name: &str, value: Value| with(json!({ "leadCustomer": { name: value } }));
        let long = "x".repeat(256);
        for (lead, code, reference) in [
            (json!({}), "field.required", "leadCustomer"),
            (person("email", Value::Null), "field.required", "leadCustomer.email"),
            (person("firstname", json!(1)), "field.invalid", "leadCustomer.firstname"),
            (person("gender", json!("female")), "enum.unknown", "leadCustomer.gender"),
            (person("dateOfBirth", json!("09.12.1906")), "field.invalid", "leadCustomer.dateOfBirth"),
            (
                person("language", json!({ "languageCode": "english" })),
                "field.invalid",
                "leadCustomer.language.languageCode",
            ),
            (
                person("language", json!({ "languageCode": "en", "countryCode": "USA" })),
                "field.invalid",
                "leadCustomer.language.countryCode",
            ),
            (person("lastname", json!(long)), "field.too.long", "leadCustomer.lastname"),
            (with(json!({ "address": { "street": "Wall" } })), "field.required", "address.houseNumber"),
            (with(json!({ "notes": "x".repeat(10_001) })), "field.too.long", "notes"),
            (
                with(json!({ "additionalInformation": [{ "value": "x" }] })),
                "field.required",
                "additionalInformation[0].additionalFieldId",
            ),
        ] {
            for path in [VALIDATE, CREATE] {
                let answer = gym.send_json("POST", &key, path, &lead.to_string()).await;
                let refusal = answer.refusal(400, &format!("errormessage.validation.{code}"));
                assert_eq!(refusal.reference.as_deref(), Some(reference), "{path}");
            }
        }
        let mut far = person("lastname", json!("x".repeat(255)));
        super::merge(&mut far, json!({ "address": address() }));
        far["address"]["city"] = json!(long);
        let refusal = gym.send_json("POST", &key, CREATE, &far.to_string()).await;
        let refusal = refusal.refusal(400, "errormessage.validation.field.too.long");
        assert_eq!(refusal.reference.as_deref(), Some("address.city"));
    });
}

#[test]
fn lang_1_the_callers_language_is_that_of_the_message() {
    with_gym(MEMBERS, |gym| async move {
        let key = gym.key("north").await;
        let lead = with(json!({ "leadCustomer": { "email": "grace" } })).to_string();
        for (language, text) in [("en", "not complete"), ("de-AT", "Daten"), ("fr", "not complete")] {
            let headers = [("x-api-key", key.as_str()), ("accept-language", language)];
            let refusal = gym.send("POST", CREATE, &headers, &lead).await.refusal(400, INVALID);
            assert!(refusal.error_message.contains(text), "{language}: {}", refusal.error_message);
        }
    });
}

#[test]
fn lead_3_a_lead_is_won_by_a_contract() {
    with_gym(MEMBERS, |gym| async move {
        let key = gym.key("north").await;
        let id = create(&gym, &key, &grace()).await.json()["customerId"].as_i64().unwrap();
        let other = with(json!({ "leadCustomer": { "email": "other@example.org" } }));
        let other = create(&gym, &key, &other).await.json()["customerId"].as_i64().unwrap();
        let (ada, before) = (gym.customer("north", "ada").await, gym.end_of_journal().await);
        gym.act(move |change| {
            let tenant = change.tenant;
            let customer = customer::by_id(change.tx, tenant, id)?.unwrap();
            // A contract of somebody else stands in for what was agreed.
            let signed = customer::contract::of_customer(change.tx, tenant, ada)?.swap_remove(0);
            assert!(studio(change.tx, tenant, customer.studio_id)?.definition.name.contains("North"));
            contract::enter(change, &customer, signed).map(drop)
        })
        .await;
        assert_eq!(gym.deeds(before).await, ["contract.entered CONTRACT_CREATED", "lead.won"]);
        assert_eq!(leads_of(&gym, id).await[0].status, "WIN");
        assert_eq!(leads_of(&gym, other).await[0].status, "PENDING");
    });
}
