//! `GET /v1/memberships/membership-offers`.

use serde_json::json;

use super::{EVERYTHING, OFFERS, details, id_of, names};
use crate::support::{Gym, with_gym};

/// A gym whose only studio sells what `offers` says.
fn selling(offers: &str) -> String {
    format!(
        "tenant: {{ key: acme, name: Acme Gyms, sandbox: true }}\nstudios:\n  - key: north\n    name: Acme North\n    country: Germany\n    \
         country_code: DE\n    zone: Europe/Berlin\n    currency: EUR\n    offers:\n{offers}"
    )
}

/// An offer of a gym file, with further lines.
fn offer(key: &str, more: &str) -> String {
    format!(
        "      - {{ key: {key}, name: {key}, payment_choices: [CASH], {more} terms: [{{ key: {key}-1, term: 1 MONTH, \
         payment: {{ type: FREE }} }}] }}\n"
    )
}

async fn assert_not_found(gym: &Gym, key: &str, id: i64) {
    let answer = gym.get(key, &format!("{OFFERS}/{id}")).await;
    answer.refusal(404, "errormessage.membership.offer.not.found");
}

#[test]
fn cli_5_a_listed_offer_has_the_fields_that_clients_read() {
    with_gym(EVERYTHING, |gym| async move {
        let key = gym.key("north").await;
        let listed = gym.get(&key, OFFERS).await.json();
        let offer = &listed[0];
        let term = &offer["terms"][0];
        assert!(offer["id"].is_i64() && term["id"].is_i64());
        assert_eq!((&term["term"]["value"], &term["term"]["unit"]), (&json!(12), &json!("MONTH")));
        assert_eq!(term["paymentFrequency"]["price"], json!({ "amount": 30.0, "currency": "EUR" }));
        assert_eq!(term["extensionTerm"], json!({ "value": 2, "unit": "MONTH" }));
        assert_eq!(offer["rateCodes"][0]["name"], "Every");
        assert_eq!(offer["preUseType"], "CHARGEABLE");
        assert_eq!(offer["limitedOfferingPeriod"], json!({ "startDate": "2026-11-21", "endDate": "2026-12-31" }));
        assert!(offer["imageUrl"].as_str().unwrap().contains("/files/"));
        // What is only told of one offer is not told in the list.
        for field in ["includedModules", "contractTextBlocks", "timeRestrictions", "allowedPaymentChoices"] {
            assert!(offer.get(field).is_none(), "{field}");
        }
        assert!(term.get("flatFees").is_none() && term.get("optionalModules").is_none());
        // Both forms agree on what they share, but for the links, whose signatures may be a minute apart.
        let one = details(&gym, &key, "Everything", "en").await;
        for (field, value) in offer.as_object().unwrap() {
            if field != "imageUrl" && field != "terms" {
                assert_eq!(&one[field], value, "{field}");
            }
        }
        for (one, listed) in one["terms"].as_array().unwrap().iter().zip(offer["terms"].as_array().unwrap()) {
            for (field, value) in listed.as_object().unwrap() {
                assert_eq!(&one[field], value, "{field}");
            }
        }
    });
}

#[test]
fn off_1_offers_come_in_the_operators_order_and_only_while_they_are_on_sale() {
    let file: String = [
        ("zebra", ""),
        ("inside", "offering_period: { from: 2026-11-21, to: 2026-11-21 },"),
        ("over", "offering_period: { to: 2026-11-20 },"),
        ("coming", "offering_period: { from: 2026-11-22 },"),
        ("lasting", "offering_period: { from: 2026-01-01 },"),
        ("ending", "offering_period: { to: 2026-11-22 },"),
        ("desk", "sold_online: false,"),
        ("apple", ""),
    ]
    .map(|(key, more)| offer(key, more))
    .concat();
    with_gym(&selling(&file), |gym| async move {
        let key = gym.key("north").await;
        assert_eq!(names(&gym, &key).await, ["zebra", "inside", "lasting", "ending", "apple"]);
        let (inside, ending) = (id_of(&gym, &key, "inside").await, id_of(&gym, &key, "ending").await);
        let listed = gym.get(&key, OFFERS).await.json();
        // The API wants both ends of a period; no gym reaches these days.
        assert_eq!(listed[2]["limitedOfferingPeriod"], json!({ "startDate": "2026-01-01", "endDate": "9999-12-31" }));
        assert_eq!(listed[3]["limitedOfferingPeriod"], json!({ "startDate": "1900-01-01", "endDate": "2026-11-22" }));
        assert!(listed[0].get("limitedOfferingPeriod").is_none());
        // The studio's day decides: at 23:00 UTC the next one begins in Berlin.
        gym.set_clock("2026-11-21T22:59:59Z").await;
        assert_eq!(names(&gym, &key).await, ["zebra", "inside", "lasting", "ending", "apple"]);
        gym.set_clock("2026-11-21T23:00:00Z").await;
        assert_eq!(names(&gym, &key).await, ["zebra", "coming", "lasting", "ending", "apple"]);
        // OFF-13
        assert_not_found(&gym, &key, inside).await;
        let coming = id_of(&gym, &key, "coming").await;
        gym.set_clock("2026-11-22T23:00:00Z").await;
        assert_eq!(names(&gym, &key).await, ["zebra", "coming", "lasting", "apple"]);
        assert_not_found(&gym, &key, ending).await;
        gym.set_clock("2026-11-20T12:00:00Z").await;
        assert_eq!(names(&gym, &key).await, ["zebra", "over", "lasting", "ending", "apple"]);
        assert_not_found(&gym, &key, coming).await;
    });
}

#[test]
fn offers_that_leave_the_gym_file_vanish_and_come_back_with_their_ids() {
    let (first, second) = (offer("first", ""), offer("second", ""));
    with_gym(&selling(&format!("{first}{second}")), |gym| {
        let (first, second) = (first.clone(), second.clone());
        async move {
            let key = gym.key("north").await;
            let id = id_of(&gym, &key, "first").await;
            gym.apply(&selling(&second)).await;
            assert_eq!(names(&gym, &key).await, ["second"]);
            assert_not_found(&gym, &key, id).await;
            // Restored, at another place.
            gym.apply(&selling(&format!("{second}{first}"))).await;
            assert_eq!(names(&gym, &key).await, ["second", "first"]);
            assert_eq!(id_of(&gym, &key, "first").await, id);
            // Terms retire with their lines too, and keep their order.
            let terms = |keys: &[&str]| {
                let terms: Vec<_> = keys
                    .iter()
                    .map(|key| format!("{{ key: {key}, term: 1 MONTH, payment: {{ type: FREE }} }}"))
                    .collect();
                selling(&format!(
                    "      - {{ key: first, name: first, payment_choices: [CASH], terms: [{}] }}\n",
                    terms.join(", ")
                ))
            };
            let ids = async || {
                let listed = gym.get(&key, OFFERS).await.json();
                let terms = listed[0]["terms"].as_array().unwrap().clone();
                terms.iter().map(|term| term["id"].as_i64().unwrap()).collect::<Vec<_>>()
            };
            gym.apply(&terms(&["a", "b", "c"])).await;
            let before = ids().await;
            assert_eq!(before.len(), 3);
            gym.apply(&terms(&["c", "a"])).await;
            assert_eq!(ids().await, [before[2], before[0]]);
            gym.apply(&selling("      []\n")).await;
            assert_eq!(names(&gym, &key).await, [""; 0]);
        }
    });
}

#[test]
fn off_12_the_ways_to_pay_are_those_of_the_studios_currency() {
    with_gym(EVERYTHING, |gym| async move {
        let key = gym.key("north").await;
        for (country, zone, currency, choices) in [
            ("CH", "Europe/Zurich", "CHF", "CASH TWINT LSV CH_DD CREDIT_CARD PAYPAL BANK_TRANSFER"),
            ("GB", "Europe/London", "GBP", "CASH BACS CREDIT_CARD PAYPAL BANK_TRANSFER"),
            ("PL", "Europe/Warsaw", "PLN", "CASH CREDIT_CARD PAYPAL BANK_TRANSFER"),
        ] {
            let yaml = EVERYTHING
                .replace("country_code: DE", &format!("country_code: {country}"))
                .replace("zone: Europe/Berlin", &format!("zone: {zone}"))
                .replace("currency: EUR", &format!("currency: {currency}"));
            gym.apply(&yaml).await;
            let offer = details(&gym, &key, "Everything", "en").await;
            assert_eq!(offer["allowedPaymentChoices"], json!(choices.split(' ').collect::<Vec<_>>()));
            let term = &offer["terms"][0];
            assert_eq!(term["paymentFrequency"]["price"], json!({ "amount": 30.0, "currency": currency }));
            let rule = term["priceAdjustmentRules"][1]["defaultDescription"].as_str().unwrap();
            assert_eq!(rule, format!("The price falls by 2.50 {currency} after 6 months"));
        }
    });
}
