//! `GET /v1/memberships/membership-offers`.

use serde_json::{Value, json};

use crate::support::{SMALL, with_gym};

const PATH: &str = "/v1/memberships/membership-offers";

fn names(offers: &Value) -> Vec<&str> {
    offers.as_array().unwrap().iter().map(|offer| offer["name"].as_str().unwrap()).collect()
}

#[test]
fn cli_5_the_answer_is_a_bare_array_with_the_fields_that_clients_read() {
    with_gym(SMALL, |gym| async move {
        let key = gym.key("north").await;
        let answer = gym.get(&key, PATH).await;
        assert_eq!(answer.header("content-type"), Some("application/json"));
        let offers = answer.json();
        assert_eq!(
            offers,
            json!([{
                "id": offers[0]["id"],
                "name": "Basic",
                "description": "Everything.",
                "preUseType": "NOT_AVAILABLE",
                "rateCodes": [],
                "terms": [{
                    "id": offers[0]["terms"][0]["id"],
                    "term": { "value": 12, "unit": "MONTH" },
                    "contractVolumeInformation": {
                        "totalContractVolume": { "amount": 600.0, "currency": "EUR" },
                        "averagePaymentVolumePerMonth": { "amount": 50.0, "currency": "EUR" },
                        "averagePaymentVolumePerPaymentFrequencyTerm": { "amount": 50.0, "currency": "EUR" },
                    },
                    "paymentFrequency": {
                        "id": offers[0]["terms"][0]["id"],
                        "type": "RECURRING",
                        "term": { "value": 1, "unit": "MONTH" },
                        "price": { "amount": 50.0, "currency": "EUR" },
                        "ageBasedAdjustments": [],
                        "formattedPaymentFrequency": "Every month",
                    },
                }],
            }])
        );
        assert!(offers[0]["id"].as_i64().is_some_and(|id| id > 0));
        // The other studio sells something else.
        let southern = gym.get(&gym.key("south").await, PATH).await.json();
        assert_eq!(names(&southern), ["Southern"]);
        // OFF-8: words for display follow the studio's language, or the one asked for.
        assert_eq!(southern[0]["terms"][0]["paymentFrequency"]["formattedPaymentFrequency"], "Kostenlos");
        let german = gym.send("GET", PATH, &[("x-api-key", &key), ("accept-language", "de")], "").await;
        assert_eq!(german.header("content-language"), Some("de"));
        let formatted = german.json()[0]["terms"][0]["paymentFrequency"]["formattedPaymentFrequency"].clone();
        assert_eq!(formatted, "Jeden Monat");
    });
}

#[test]
fn off_1_the_order_is_the_operators_and_the_offering_period_decides_what_is_listed() {
    const OFFERS: &str = r#"
tenant: { key: seasons, name: Seasons, sandbox: true }
studios:
  - key: one
    name: One
    country: Germany
    country_code: DE
    zone: Europe/Berlin
    currency: EUR
    offers:
      - { key: z, name: Zebra, payment_choices: [SEPA], terms: [{ key: z1, payment: { type: FREE } }] }
      - { key: a, name: Autumn, payment_choices: [SEPA], offering_period: { from: 2026-09-01, to: 2026-11-30 }, terms: [{ key: a1, payment: { type: FREE } }] }
      - { key: n, name: Next year, payment_choices: [SEPA], offering_period: { from: 2027-01-01, to: 2027-12-31 }, terms: [{ key: n1, payment: { type: FREE } }] }
      - { key: h, name: Hidden, sold_online: false, payment_choices: [SEPA], terms: [{ key: h1, payment: { type: FREE } }] }
      - { key: b, name: Bear, payment_choices: [SEPA], terms: [{ key: b1, payment: { type: FREE } }] }
"#;
    with_gym(OFFERS, |gym| async move {
        let key = gym.key("one").await;
        let today = gym.get(&key, PATH).await.json();
        assert_eq!(names(&today), ["Zebra", "Autumn", "Bear"]);
        assert_eq!(today[1]["limitedOfferingPeriod"], json!({ "startDate": "2026-09-01", "endDate": "2026-11-30" }));
        let autumn = format!("{PATH}/{}", today[1]["id"]);
        assert_eq!(gym.get(&key, &autumn).await.status, 200);
        // The last day still counts, in the studio's zone: half past ten in the evening there is the same day in UTC.
        gym.set_clock("2026-11-30T22:30:00Z").await;
        assert_eq!(names(&gym.get(&key, PATH).await.json()), ["Zebra", "Autumn", "Bear"]);
        gym.set_clock("2026-11-30T23:30:00Z").await;
        assert_eq!(names(&gym.get(&key, PATH).await.json()), ["Zebra", "Bear"]);
        gym.get(&key, &autumn).await.refusal(404, "errormessage.membership.offer.not.found");
        gym.set_clock("2027-01-01T11:00:00Z").await;
        assert_eq!(names(&gym.get(&key, PATH).await.json()), ["Zebra", "Next year", "Bear"]);
        // What is taken out of the file is no longer offered; what comes back keeps its id.
        let without = OFFERS.lines().filter(|line| !line.contains("Bear")).collect::<Vec<_>>().join("\n");
        gym.apply(&without).await;
        gym.set_clock("2026-11-21T11:00:00Z").await;
        assert_eq!(names(&gym.get(&key, PATH).await.json()), ["Zebra", "Autumn"]);
        gym.get(&key, &format!("{PATH}/{}", today[2]["id"]))
            .await
            .refusal(404, "errormessage.membership.offer.not.found");
        gym.apply(OFFERS).await;
        assert_eq!(gym.get(&key, PATH).await.json()[2]["id"], today[2]["id"]);
    });
}
