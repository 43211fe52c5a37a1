//! New customers, moves to another studio, and weighings.

use gymkeeper_store::{
    customer::{self, identity},
    db::DbError,
};
use serde_json::{Value, json};

use crate::support::{MEMBERS, join_all, with_gym};

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
        let journal = gym.said_after(before).await;
        assert!(!journal.contains("Hopper") && !journal.contains("example.org"), "{journal}");
    });
}

#[test]
fn cust_4_everything_that_is_sent_of_a_new_customer_is_told_again() {
    with_gym(MEMBERS, |gym| async move {
        let key = gym.key("north").await;
        let fields = gym.get(&key, "/v1/customers/additional-information-fields").await.json();
        let field = |kind: &str| {
            fields.as_array().unwrap().iter().find(|field| field["type"] == kind).unwrap_or_else(|| panic!("{fields}"))
        };
        let item = field("LIST")["listItems"][0]["id"].to_string();
        let noted: Vec<Value> =
            [("LIST", item.as_str()), ("NUMERIC", "-17"), ("DATE", "2019-02-28"), ("BOOLEAN", "true"), ("TEXT", "ö")]
                .into_iter()
                .map(|(kind, value)| json!({ "additionalInformationFieldId": field(kind)["id"], "value": value }))
                .collect();
        // What is told under the name under which it is sent.
        let same = json!({
            "firstName": "Grace", "secondFirstName": "Brewster", "lastName": "Hopper", "secondLastName": "Murray",
            "dateOfBirth": "1986-12-09", "email": "Grace@example.org", "gender": "UNISEX", "thirdPartyId": "T-1",
            "street": "Wall Street", "secondStreet": "Backyard", "cityPart": "Downtown", "district": "Manhattan",
            "streetType": "Street", "streetBlock": "B4", "portal": "P5", "stairway": "S6", "door": "D7",
            "province": "New York", "additionalAddressInformation": "c/o Navy", "floor": "8", "houseNumber": "11a",
            "buildingName": "Tower", "city": "New York City", "zipCode": "10005",
            "additionalInformationFieldAssignments": noted,
        });
        let letters = async |customer: i64| {
            let path = format!("/v1/communications/{customer}/communication-preferences");
            let wanted = gym.get(&key, &path).await.json();
            let of = |list: &Value, field: &str, name: &str| {
                list.as_array().unwrap().iter().find(|one| one[field] == name).unwrap().clone()
            };
            let newsletter = of(&wanted, "messageCategory", "NEWSLETTER");
            of(&newsletter["channels"], "communicationChannel", "LETTER")["active"].as_bool().unwrap()
        };
        // The opposite of what the studio sends to those who say nothing.
        let wants_letters = !letters(gym.customer("north", "ada").await).await;
        let mut sent = same.clone();
        for (field, value) in [
            ("countryCode", json!("US")),
            ("language", json!({ "languageCode": "en", "countryCode": "US" })),
            ("phoneNumberPrivate", json!("+1 212 5550100")),
            ("phoneNumberMobile", json!("+1 212 5550101")),
            ("placeOfBirth", json!("Arlington")),
            ("countryOfBirth", json!("US")),
            ("taxId", json!("12-3456789")),
            ("documentIdentification", json!({ "documentType": "PASSPORT", "documentNumber": "C01X00T47" })),
            ("paymentRequestToken", json!("")),
            (
                "communicationPreferences",
                json!([{ "messageCategory": "NEWSLETTER", "channels": [{ "communicationChannel": "LETTER", "active": wants_letters }] }]),
            ),
        ] {
            sent[field] = value;
        }
        let id = gym.send_json("POST", &key, CREATE, &sent.to_string()).await.json()["customerId"].as_i64().unwrap();
        let mut told = gym.get(&key, &format!("/v1/customers/{id}")).await.json();
        for random in ["uuid", "referralCode"] {
            assert!(told.as_object_mut().unwrap().remove(random).unwrap().as_str().unwrap().len() >= 8, "{random}");
        }
        let mut expected = same;
        for (field, value) in [
            ("id", json!(id)),
            ("customerNumber", json!("1-10008")),
            ("studioId", json!(gym.studio("north").await)),
            ("status", json!("PROSPECT")),
            ("createdDateTime", json!("2026-11-21T12:00:00.000+01:00")),
            ("country", json!("US")),
            ("preferredLanguage", json!({ "languageCode": "en", "countryCode": "US" })),
            ("phonePrivate", json!("+1 212 5550100")),
            ("phonePrivateMobile", json!("+1 212 5550101")),
            ("cardNumbers", json!([])),
            ("accessMediums", json!([])),
            ("idlePeriods", json!([])),
            ("accessRestrictions", json!([])),
            ("accessRefusal", json!(false)),
        ] {
            expected[field] = value;
        }
        assert_eq!(told, expected);
        let master = gym.get(&key, &format!("/v1/customers/{id}/self-service/master-data")).await.json();
        assert_eq!((&master["countryOfBirth"], &master["gender"]), (&json!("US"), &json!("UNISEX")));
        assert_eq!(letters(id).await, wants_letters);
        // The rest is told to staff only.
        let tenant = gym.tenant;
        let (row, kept) = gym
            .app
            .db
            .read(move |tx| Ok::<_, DbError>((customer::by_id(tx, tenant, id)?, identity::get(tx, tenant, id)?)))
            .await
            .unwrap();
        let (row, kept) = (row.unwrap(), kept.unwrap());
        assert_eq!((row.place_of_birth.as_deref(), row.payment_method.as_str()), (Some("Arlington"), "CASH"));
        assert_eq!(kept.tax_id.as_deref(), Some("12-3456789"));
        let document = (kept.document_kind.as_deref(), kept.document_number.as_deref());
        assert_eq!(document, (Some("PASSPORT"), Some("C01X00T47")));
    });
}

#[test]
fn cust_5_of_several_who_enter_the_same_person_at_once_one_does() {
    with_gym(MEMBERS, |gym| async move {
        let (north, south) = (gym.key("north").await, gym.key("south").await);
        let before = gym.end_of_journal().await;
        gym.beside(async |beside| {
            for round in 0..5 {
                let mut sent = grace();
                sent["email"] = json!(format!("grace{round}@example.org"));
                sent["thirdPartyId"] = json!(null);
                let sent = sent.to_string();
                // On two servers, and for two studios of the tenant.
                let senders = [(&gym, &north), (&beside, &north), (&gym, &south), (&beside, &south), (&beside, &north)];
                let answers = join_all(senders.map(|(gym, key)| gym.send_json("POST", key, CREATE, &sent))).await;
                let made = answers.iter().filter(|answer| answer.status == 200).count();
                assert_eq!(made, 1, "{:?}", answers.iter().map(|answer| answer.text()).collect::<Vec<_>>());
                for answer in answers.iter().filter(|answer| answer.status != 200) {
                    let refusal = answer.refusal(400, "errormessage.customer.duplicate");
                    assert_eq!(refusal.reference.as_deref(), Some("email"));
                }
            }
        })
        .await;
        let events: Vec<String> = gym.events_after(before).await.into_iter().map(|(kind, _)| kind).collect();
        assert_eq!(events, ["CUSTOMER_CREATED"; 5]);
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
fn cust_4_italy_wants_to_know_more() {
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
fn cust_4_spain_wants_a_tax_id_or_a_document_and_nothing_of_the_birth() {
    let yaml = MEMBERS.replacen("country_code: DE", "country_code: ES", 1);
    with_gym(&yaml, |gym| async move {
        let key = gym.key("north").await;
        let missing = gym.send_json("POST", &key, CREATE, &grace().to_string()).await;
        missing.refusal(400, "errormessage.customer.tax.id.or.document.required");
        let mut body = grace();
        body["documentIdentification"] = json!({ "documentType": "PASSPORT", "documentNumber": "P1" });
        assert_eq!(gym.send_json("POST", &key, CREATE, &body.to_string()).await.status, 200);
        let mut body = grace();
        (body["taxId"], body["email"], body["thirdPartyId"]) =
            (json!("12345678Z"), json!("other@example.org"), json!("T-2"));
        assert_eq!(gym.send_json("POST", &key, CREATE, &body.to_string()).await.status, 200);
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
        // WH-8: with the home studio, her contract holds in other studios than before.
        let [moved, enters] =
            ["CUSTOMER_HOME_STUDIO_UPDATED", "CUSTOMER_CHECKIN_STUDIOS_UPDATED"].map(|event| (event.to_owned(), ada));
        assert_eq!(gym.events_after(before).await, [moved.clone(), enters.clone(), moved, enters]);
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
