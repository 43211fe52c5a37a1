//! New customers, moves to another studio, and weighings.

use gymkeeper_store::customer::{self, identity};
use serde_json::{Value, json};

use crate::support::{MEMBERS, with_gym};

const CREATE: &str = "/v1/customers/create";

fn grace() -> Value {
    json!({
        "firstName": " Grace ",
        "lastName": "Hopper",
        "dateOfBirth": "1986-12-09",
        "email": "Grace@example.org",
        "street": "Wall Street",
        "zipCode": "10005",
        "city": "New York",
        "countryCode": "us",
        "language": { "languageCode": "EN", "countryCode": "us" },
        "phoneNumberMobile": "+1 212 5550100",
        "gender": "FEMALE",
        "thirdPartyId": "T-1",
        "floor": "7",
    })
}

fn with(field: &str, value: Value) -> String {
    let mut body = grace();
    match field.split_once('.') {
        Some((outer, inner)) => body[outer][inner] = value,
        None => body[field] = value,
    }
    body.to_string()
}

#[test]
fn cust_4_a_new_customer_is_a_prospect_without_a_contract() {
    with_gym(MEMBERS, |gym| async move {
        let (key, before) = (gym.key("north").await, gym.end_of_journal().await);
        let created = gym.send_json("POST", &key, CREATE, &grace().to_string()).await.json();
        let id = created["customerId"].as_i64().unwrap();
        assert_eq!(gym.events_after(before).await, [("CUSTOMER_CREATED".to_owned(), id)]);
        let told = gym.get(&key, &format!("/v1/customers/{id}")).await.json();
        for (field, value) in [
            ("firstName", "Grace"),
            ("status", "PROSPECT"),
            ("country", "US"),
            ("email", "Grace@example.org"),
            ("phonePrivateMobile", "+1 212 5550100"),
            ("thirdPartyId", "T-1"),
            ("customerNumber", "1-10008"),
            ("floor", "7"),
            ("createdDateTime", "2026-11-21T12:00:00.000+01:00"),
        ] {
            assert_eq!(told[field], value, "{field}");
        }
        assert_eq!(told["preferredLanguage"], json!({ "languageCode": "en", "countryCode": "US" }));
        assert_eq!(gym.get(&key, &format!("/v1/customers/{id}/contracts")).await.json(), json!([]));
        let prospects = gym.get(&key, "/v1/customers?customerStatus=PROSPECT").await.json();
        assert!(prospects["result"].as_array().unwrap().iter().any(|one| one["id"] == id));
        let journal = format!("{:?}", gym.journal_after(before).await);
        assert!(!journal.contains("Hopper") && !journal.contains("example.org"), "{journal}");
    });
}

#[test]
fn cust_26_fields_and_preferences_come_with_a_new_customer() {
    with_gym(MEMBERS, |gym| async move {
        let key = gym.key("north").await;
        let fields = gym.get(&key, "/v1/customers/additional-information-fields").await.json();
        let text = fields.as_array().unwrap().iter().find(|field| field["type"] == "TEXT").unwrap()["id"].clone();
        let mut body = grace();
        body["additionalInformationFieldAssignments"] =
            json!([{ "additionalInformationFieldId": text, "value": "left-handed" }]);
        body["communicationPreferences"] = json!([{
            "messageCategory": "NEWSLETTER", "channels": [{ "communicationChannel": "EMAIL", "active": true }],
        }]);
        let id = gym.send_json("POST", &key, CREATE, &body.to_string()).await.json()["customerId"].clone();
        let told = gym.get(&key, &format!("/v1/customers/{id}")).await.json();
        assert_eq!(told["additionalInformationFieldAssignments"][0]["value"], "left-handed");
        let wanted = gym.get(&key, &format!("/v1/communications/{id}/communication-preferences")).await.json();
        let newsletter = wanted.as_array().unwrap().iter().find(|one| one["messageCategory"] == "NEWSLETTER").unwrap();
        let email =
            newsletter["channels"].as_array().unwrap().iter().find(|one| one["communicationChannel"] == "EMAIL");
        assert_eq!(email.unwrap()["active"], true);
        let mut wrong = grace();
        wrong["lastName"] = json!("Other");
        wrong["thirdPartyId"] = json!(null);
        wrong["additionalInformationFieldAssignments"] = json!([{ "additionalInformationFieldId": 1, "value": "x" }]);
        let refusal = gym.send_json("POST", &key, CREATE, &wrong.to_string()).await;
        let refusal = refusal.refusal(400, "errormessage.additional.information.field.unknown");
        let place = "additionalInformationFieldAssignments[0].additionalInformationFieldId";
        assert_eq!(refusal.reference.as_deref(), Some(place));
    });
}

#[test]
fn cust_5_the_same_person_is_not_entered_twice() {
    with_gym(MEMBERS, |gym| async move {
        let key = gym.key("north").await;
        gym.send_json("POST", &key, CREATE, &grace().to_string()).await.json();
        let duplicate = "errormessage.customer.duplicate";
        let same = json!({ "firstName": "G.", "thirdPartyId": "T-2" });
        for email in ["grace@example.org", " GRACE@EXAMPLE.ORG "] {
            let mut body = grace();
            body["email"] = json!(email);
            body["firstName"] = same["firstName"].clone();
            body["thirdPartyId"] = same["thirdPartyId"].clone();
            gym.send_json("POST", &key, CREATE, &body.to_string()).await.refusal(400, duplicate);
            // Duplicates are the tenant's, not the studio's.
            let south = gym.key("south").await;
            gym.send_json("POST", &south, CREATE, &body.to_string()).await.refusal(400, duplicate);
        }
        let answer = gym.send_json("POST", &key, CREATE, &with("lastName", json!("Hoper"))).await;
        answer.refusal(400, "errormessage.customer.third.party.id.duplicate");
        let mut other = grace();
        other["lastName"] = json!("Hoper");
        other["thirdPartyId"] = json!("T-9");
        gym.send_json("POST", &key, CREATE, &other.to_string()).await.json();
    });
}

#[test]
fn cust_4_what_must_be_there_and_what_cannot_be_is_named() {
    with_gym(MEMBERS, |gym| async move {
        let key = gym.key("north").await;
        let (required, invalid) = ("field.required", "field.invalid");
        for (field, value, code) in [
            ("firstName", json!("  "), required),
            ("lastName", json!(null), required),
            ("street", json!(""), required),
            ("zipCode", json!(" "), required),
            ("city", json!(""), required),
            ("countryCode", json!(""), required),
            ("language.languageCode", json!(""), required),
            ("email", json!(""), required),
            ("email", json!("nobody"), invalid),
            ("email", json!("a b@example.org"), invalid),
            ("countryCode", json!("Germany"), invalid),
            ("language.languageCode", json!("e1"), invalid),
            ("dateOfBirth", json!("2026-11-22"), invalid),
            ("dateOfBirth", json!("09.12.1986"), invalid),
            ("gender", json!("female"), "enum.unknown"),
            ("firstName", json!("x".repeat(101)), "field.too.long"),
        ] {
            let answer = gym.send_json("POST", &key, CREATE, &with(field, value.clone())).await;
            let refusal = answer.refusal(400, &format!("errormessage.validation.{code}"));
            assert_eq!(refusal.reference.as_deref(), Some(field), "{value}");
        }
        let token = gym.send_json("POST", &key, CREATE, &with("paymentRequestToken", json!("tok"))).await;
        token.refusal(400, "errormessage.payment.token.invalid");
        assert_eq!(
            gym.get(&key, "/v1/customers?customerStatus=PROSPECT").await.json()["result"].as_array().unwrap().len(),
            2
        );
    });
}

#[test]
fn cust_4_italy_and_spain_want_to_know_more() {
    let yaml = MEMBERS.replacen("country_code: DE", "country_code: IT", 1);
    with_gym(&yaml, |gym| async move {
        let key = gym.key("north").await;
        let mut body = grace();
        for (field, value, code) in [
            ("x", json!(1), "errormessage.customer.tax.id.or.document.required"),
            (
                "documentIdentification",
                json!({ "documentType": "OTHERS", "documentNumber": "1" }),
                "errormessage.customer.tax.id.or.document.required",
            ),
            ("taxId", json!("RSSMRA85T10A562S"), "errormessage.customer.place.of.birth.required"),
        ] {
            body[field] = value;
            gym.send_json("POST", &key, CREATE, &body.to_string()).await.refusal(400, code);
        }
        body["countryOfBirth"] = json!("us");
        let id = gym.send_json("POST", &key, CREATE, &body.to_string()).await.json()["customerId"].as_i64().unwrap();
        let tenant = gym.tenant;
        let kept = gym.app.db.read(move |tx| identity::get(tx, tenant, id)).await.unwrap().unwrap();
        assert_eq!(kept.tax_id.as_deref(), Some("RSSMRA85T10A562S"));
        assert_eq!((kept.document_kind.as_deref(), kept.document_number.as_deref()), (Some("OTHERS"), Some("1")));
        // It is nowhere in the row as it lies in the database.
        let row = gym.app.db.read(move |tx| customer::by_id(tx, tenant, id)).await.unwrap().unwrap();
        assert!(!row.identity.unwrap().windows(6).any(|bytes| bytes == b"RSSMRA"));
    });
}

#[test]
fn cust_14_a_customer_moves_and_both_studios_learn_of_it() {
    with_gym(MEMBERS, |gym| async move {
        let (key, ada) = (gym.key("north").await, gym.customer("north", "ada").await);
        let (north, south) = (gym.studio("north").await, gym.studio("south").await);
        let path = format!("/v1/customers/{ada}/switch-studio");
        let to = |studio: i64, day: &str| {
            json!({ "targetStudioId": studio, "switchDate": day, "description": "moved house" }).to_string()
        };
        let refuse = async |body: String, code: &str| {
            gym.send_json("POST", &key, &path, &body).await.refusal(400, &format!("errormessage.studio.switch.{code}"));
        };
        refuse(to(south, "2026-11-22"), "date.in.future").await;
        refuse(to(north, "2026-11-21"), "same.studio").await;
        refuse(to(1, "2026-11-21"), "target.not.allowed").await;
        // The integration has no key there yet.
        refuse(to(south, "2026-11-21"), "target.not.allowed").await;
        let there = gym.key("south").await;
        let before = gym.end_of_journal().await;
        assert_eq!(gym.send_json("POST", &key, &path, &to(south, "2026-11-01")).await.text(), "");
        let event = ("CUSTOMER_HOME_STUDIO_UPDATED".to_owned(), ada);
        assert_eq!(gym.events_after(before).await, [event.clone(), event]);
        gym.get(&key, &format!("/v1/customers/{ada}")).await.refusal(403, "errormessage.authorization.other.studio");
        let told = gym.get(&there, &format!("/v1/customers/{ada}")).await.json();
        assert_eq!((&told["studioId"], &told["status"]), (&json!(south), &json!("MEMBER")));
        assert_eq!(
            gym.get(&there, &format!("/v1/customers/{ada}/contracts")).await.json().as_array().unwrap().len(),
            1
        );
    });
}

#[test]
fn cust_15_and_24_a_weighing_is_kept_as_it_was_sent() {
    with_gym(MEMBERS, |gym| async move {
        let (key, ada) = (gym.key("north").await, gym.customer("north", "ada").await);
        let latest = "/v1/customers/measurement/latest?pin=4711";
        let told = gym.get(&key, latest).await.json();
        let nobody = json!({
            "id": ada, "firstName": "Ada", "lastName": "Lovelace", "age": 35, "dateOfBirth": "1990-12-10", "gender": "FEMALE",
        });
        assert_eq!(told, nobody);
        let path = format!("/v1/customers/{ada}/weighing");
        let body = r#"{"rawResults":"<x> €","weight":61.05,"height":171.0,"visceralFatLevel":3}"#;
        let stored = gym.send_json("POST", &key, &path, body).await.json();
        assert!(stored["databaseId"].is_i64());
        assert_eq!((&stored["weight"], &stored["rawResults"]), (&json!(61.05), &json!("<x> €")));
        assert_eq!(gym.get(&key, latest).await.json()["height"], 171.0);
        gym.send_json("POST", &key, &path, "{}").await.refusal(400, "errormessage.validation.field.required");
        let wrong = gym.send_json("POST", &key, &format!("{path}?benefitKey=moon"), body).await;
        wrong.refusal(400, "errormessage.benefit.key.invalid");
        let other = body.replace("171.0", "180");
        gym.send_json("POST", &key, &format!("{path}?benefitKey=coffee"), &other).await.json();
        let again = gym.send_json("POST", &key, &format!("{path}?benefitKey=coffee"), body).await;
        again.refusal(400, "errormessage.benefit.no.contingent");
        // The day after the birthday makes one older, and what was refused left nothing.
        gym.set_clock("2026-12-09T23:30:00Z").await;
        let told = gym.get(&gym.key("north").await, latest).await.json();
        assert_eq!((&told["age"], &told["height"]), (&json!(36), &json!(180)));
    });
}
