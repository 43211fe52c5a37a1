//! Benefits and the latest measurement of whoever is known by a card, a barcode, a PIN or, where it is allowed, a QR code (CUST-8),
//! and who stays unknown (AUTH-5, AUTH-6).

use serde_json::json;

use crate::support::{Gym, MEMBERS, SMALL, with_gym};

const ADA: &str = "095be615-a8ad-4c33-8e9c-c7612fbf6c9f";
const HIDDEN: &str = "7c9e6679-7425-40de-944b-e07fc1f90ae7";
const DORA: &str = "16fd2706-8baf-433b-82eb-8c7fada847da";

const ONE: &str = "errormessage.customer.identifier.exactly.one.required";
const NOT_FOUND: &str = "errormessage.customer.not.found";
const DISABLED: &str = "errormessage.third.party.customer.access.disabled";
const OTHER_STUDIO: &str = "errormessage.authorization.other.studio";

/// The fixture with barcodes also for those whom nobody here may see.
fn with_barcodes() -> String {
    let barcode = |pin: &str, barcode: &str| {
        let medium = format!("[{{ type: PIN, value: \"{pin}\" }}]");
        (medium.clone(), medium.replace(']', &format!(", {{ type: BARCODE, value: {barcode} }}]")))
    };
    let ((hidden, hidden_too), (dora, dora_too)) = (barcode("9999", HIDDEN), barcode("5555", DORA));
    let yaml = MEMBERS.replacen(&hidden, &hidden_too, 1).replacen(&dora, &dora_too, 1);
    assert!(yaml.contains(HIDDEN) && yaml.contains(DORA));
    yaml
}

const BENEFITS: (&str, &str) = ("GET", "/v1/customers/benefits");
const USE: (&str, &str) = ("POST", "/v1/customers/benefits/towel/use");
const MEASUREMENT: (&str, &str) = ("GET", "/v1/customers/measurement/latest");

/// Asks for whoever is known by that.
async fn ask(gym: &Gym, key: &str, (method, path): (&str, &str), query: &str) -> crate::support::Answer {
    gym.send_json(method, key, &format!("{path}?{query}"), "").await
}

#[test]
fn cust_8_benefits_are_those_of_whoever_has_the_card_the_barcode_or_the_pin() {
    with_gym(&with_barcodes(), |gym| async move {
        let (key, ada) = (gym.key("north").await, gym.customer("north", "ada").await);
        let known_by = [
            format!("barcode={ADA}"),
            "pin=4711".to_owned(),
            "cardNumber=1173673668653440".to_owned(),
            "cardNumber=042B73321A3180&cardNumberFormat=HEX_MSB".to_owned(),
            "cardNumber=80311a32732b04&cardNumberFormat=HEX_LSB".to_owned(),
        ];
        let own = gym.get(&key, &format!("/v1/customers/{ada}/benefits")).await.json();
        assert_eq!(own.as_array().unwrap().len(), 3);
        for query in &known_by {
            assert_eq!(ask(&gym, &key, BENEFITS, query).await.json(), own, "{query}");
            let some = ask(&gym, &key, BENEFITS, &format!("{query}&key=moon&key=towel")).await.json();
            let expected = json!([{ "key": "moon", "valid": false }, { "key": "towel", "valid": true }]);
            assert_eq!(some, expected, "{query}");
            let used = ask(&gym, &key, USE, query).await;
            assert_eq!((used.status, used.text().as_str()), (200, ""), "{query}");
        }
        // However somebody is known, what is used up is the same.
        let guest = ("POST", "/v1/customers/benefits/guest/use");
        assert_eq!(ask(&gym, &key, guest, &known_by[0]).await.status, 200);
        assert_eq!(ask(&gym, &key, guest, &known_by[3]).await.status, 200);
        for query in &known_by {
            ask(&gym, &key, guest, query).await.refusal(400, "errormessage.benefit.no.contingent");
        }
        let left = gym.get(&key, &format!("/v1/customers/{ada}/benefits?key=guest")).await.json();
        assert_eq!(left, json!([{ "key": "guest", "valid": false }]));
    });
}

#[test]
fn cust_8_the_latest_measurement_is_found_by_a_qr_code_as_well() {
    with_gym(&with_barcodes(), |gym| async move {
        let (key, ada) = (gym.key("north").await, gym.customer("north", "ada").await);
        let weighing = format!("/v1/customers/{ada}/weighing");
        for height in ["170.5", "171.5"] {
            let body = format!(r#"{{"rawResults":"x","height":{height}}}"#);
            gym.send_json("POST", &key, &weighing, &body).await.json();
        }
        for query in [
            format!("barcode={ADA}"),
            format!("qrCodeUuid={ADA}"),
            format!("qrCodeUuid={}", ADA.to_uppercase()),
            format!("qrCodeUuid={ADA}&barcode={ADA}"),
            "pin=4711".to_owned(),
            "cardNumber=1173673668653440".to_owned(),
        ] {
            let told = ask(&gym, &key, MEASUREMENT, &query).await.json();
            assert_eq!((&told["id"], &told["height"]), (&json!(ada), &json!(171.5)), "{query}");
        }
        ask(&gym, &key, MEASUREMENT, &format!("qrCodeUuid={ADA}&barcode={HIDDEN}")).await.refusal(400, ONE);
        let wrong = ask(&gym, &key, MEASUREMENT, "qrCodeUuid=x").await;
        let refusal = wrong.refusal(400, "errormessage.validation.field.invalid");
        assert_eq!(refusal.reference.as_deref(), Some("qrCodeUuid"));
        // Benefits know barcodes only under their newer name.
        for operation in [BENEFITS, USE] {
            ask(&gym, &key, operation, &format!("qrCodeUuid={ADA}")).await.refusal(400, ONE);
        }
    });
}

#[test]
fn cust_8_nobody_and_two_at_once_are_refused() {
    with_gym(&with_barcodes(), |gym| async move {
        let key = gym.key("north").await;
        let before = gym.end_of_journal().await;
        for operation in [BENEFITS, USE, MEASUREMENT] {
            for query in ["barcode=nobody", "pin=1234", "cardNumber=1173673668653441"] {
                ask(&gym, &key, operation, query).await.refusal(404, NOT_FOUND);
            }
            // Numbers of customers and debtors are for reading customers and contracts.
            for query in ["", "barcode=", "customerNumber=1-10001", "debtorId=D-1", "barcode=x&pin=4711"] {
                ask(&gym, &key, operation, query).await.refusal(400, ONE);
            }
            for (query, field) in [("pin=12", "pin"), ("cardNumber=zz", "cardNumber")] {
                let refused = ask(&gym, &key, operation, query).await;
                let refusal = refused.refusal(400, "errormessage.validation.field.invalid");
                assert_eq!(refusal.reference.as_deref(), Some(field), "{operation:?}");
            }
        }
        let nobody = ask(&gym, &key, MEASUREMENT, "qrCodeUuid=00000000-0000-4000-8000-000000000000").await;
        nobody.refusal(404, NOT_FOUND);
        assert_eq!(gym.end_of_journal().await, before);
    });
}

#[test]
fn auth_5_whoever_refuses_third_parties_is_neither_measured_nor_given_benefits() {
    with_gym(&with_barcodes(), |gym| async move {
        let (key, hidden) = (gym.key("north").await, gym.customer("north", "hidden").await);
        let before = gym.end_of_journal().await;
        for operation in [BENEFITS, USE, MEASUREMENT] {
            for query in ["pin=9999".to_owned(), format!("barcode={HIDDEN}")] {
                ask(&gym, &key, operation, &query).await.refusal(403, DISABLED);
            }
        }
        ask(&gym, &key, MEASUREMENT, &format!("qrCodeUuid={HIDDEN}")).await.refusal(403, DISABLED);
        for (method, below, body) in [
            ("GET", "benefits", ""),
            ("POST", "benefits/towel/use", ""),
            ("POST", "weighing", r#"{"rawResults":"x","height":180}"#),
        ] {
            let answer = gym.send_json(method, &key, &format!("/v1/customers/{hidden}/{below}"), body).await;
            answer.refusal(403, DISABLED);
        }
        assert_eq!(gym.end_of_journal().await, before);
    });
}

#[test]
fn auth_6_cards_of_other_studios_and_other_tenants_open_nothing_here() {
    with_gym(&with_barcodes(), |gym| async move {
        let other = gym.apply(&with_barcodes().replace("key: acme", "key: umbrella")).await;
        let small = gym.apply(&SMALL.replace("key: acme", "key: small")).await;
        let key = gym.key("north").await;
        let (_, of_other) = gym.key_with(other, "north", None, None).await;
        let (_, of_small) = gym.key_with(small, "north", None, None).await;
        for operation in [BENEFITS, USE, MEASUREMENT] {
            for query in ["pin=5555".to_owned(), format!("barcode={DORA}")] {
                ask(&gym, &key, operation, &query).await.refusal(403, OTHER_STUDIO);
                ask(&gym, &of_small, operation, &query).await.refusal(404, NOT_FOUND);
            }
        }
        // The same card in two tenants is of two people.
        for (key, tenant) in [(&key, gym.tenant), (&of_other, other)] {
            let ada = gym.customer_of(tenant, "north", "ada").await;
            let told = ask(&gym, key, MEASUREMENT, &format!("qrCodeUuid={ADA}")).await.json();
            assert_eq!(told["id"], ada);
        }
        let coffee = ("POST", "/v1/customers/benefits/coffee/use");
        for key in [&key, &of_other] {
            assert_eq!(ask(&gym, key, coffee, "pin=4711").await.status, 200);
            ask(&gym, key, coffee, "pin=4711").await.refusal(400, "errormessage.benefit.no.contingent");
        }
    });
}
