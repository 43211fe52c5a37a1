//! Prices of offers: kinds of payment, starts, extensions and bonus periods.

use serde_json::{Value, json};

use super::{EVERYTHING, OFFERS};
use crate::support::{Gym, with_gym};

/// A gym whose only offer has these terms, each written behind `key: ..., `.
pub(super) fn gym_with_terms(offer: &str, terms: &[&str]) -> String {
    let mut yaml = format!(
        "tenant: {{ key: acme, name: Acme Gyms, sandbox: true }}\nstudios:\n  - key: north\n    name: Acme North\n    country: Germany\n    \
         country_code: DE\n    zone: Europe/Berlin\n    currency: EUR\n    offers:\n      - key: offer\n        name: Offer\n        \
         payment_choices: [CASH]\n{offer}        terms:\n"
    );
    for (number, term) in terms.iter().enumerate() {
        yaml.push_str(&format!("          - {{ key: term-{number}, {term} }}\n"));
    }
    yaml
}

/// All about the terms of the only offer.
pub(super) async fn terms(gym: &Gym, key: &str, language: &str) -> Vec<Value> {
    let id = &gym.get(key, OFFERS).await.json()[0]["id"];
    let headers = [("x-api-key", key), ("accept-language", language)];
    let offer = gym.send("GET", &format!("{OFFERS}/{id}"), &headers, "").await.json();
    offer["terms"].as_array().unwrap().clone()
}

fn euro(amount: f64) -> Value {
    json!({ "amount": amount, "currency": "EUR" })
}

#[test]
fn off_8_and_13_each_kind_of_payment_has_its_prices_and_its_words() {
    let yaml = gym_with_terms(
        "",
        &[
            "term: 12 MONTH, payment: { type: FREE }",
            "term: 12 MONTH, payment: { type: NON_RECURRING, price: 499 }",
            "term: 52 WEEK, payment: { type: RECURRING, price: 6.9, every: 1 WEEK }",
            "term: 24 MONTH, payment: { type: MONTH_DAY, recurring: true, prices: [{ day: 03-01, price: 120 }, { day: 09-30, price: \"80.50\" }] }",
            "term: 12 MONTH, payment: { type: TERM_BASED, prices: [{ after: 0 DAY, price: 20 }, { after: 1 MONTH, price: 10 }, { after: 6 MONTH, price: 30 }] }",
        ],
    );
    with_gym(&yaml, |gym| async move {
        let key = gym.key("north").await;
        let frequencies = async |language: &str| {
            let terms = terms(&gym, &key, language).await;
            terms.into_iter().map(|mut term| term["paymentFrequency"].take()).collect::<Vec<_>>()
        };
        let mut found = frequencies("en").await;
        for frequency in &mut found {
            assert!(frequency.as_object_mut().unwrap().shift_remove("id").unwrap().is_i64());
            assert_eq!(frequency.as_object_mut().unwrap().shift_remove("ageBasedAdjustments").unwrap(), json!([]));
        }
        let day = |month: &str, number: i32, day: i32, price: f64| {
            let day = json!({ "month": month, "monthValue": number, "dayOfMonth": day });
            json!({ "monthDay": day, "price": euro(price) })
        };
        let after = |value: i32, unit: &str, price: f64| json!({ "term": { "value": value, "unit": unit }, "price": euro(price) });
        let expected = [
            json!({ "type": "FREE", "formattedPaymentFrequency": "Free of charge" }),
            json!({ "type": "NON_RECURRING", "price": euro(499.0), "formattedPaymentFrequency": "One-time" }),
            json!({
                "type": "RECURRING", "price": euro(6.9), "term": { "value": 1, "unit": "WEEK" },
                "formattedPaymentFrequency": "Every week",
            }),
            json!({
                "type": "MONTH_DAY", "recurring": true,
                "monthDaysToPrices": [day("MARCH", 3, 1, 120.0), day("SEPTEMBER", 9, 30, 80.5)],
                "formattedPaymentFrequency": "Every year on 1 March and 30 September",
            }),
            json!({
                "type": "TERM_BASED", "recurring": false,
                "termsToPrices": [after(0, "DAY", 20.0), after(1, "MONTH", 10.0), after(6, "MONTH", 30.0)],
                "formattedPaymentFrequency": "At the start, after 1 month and after 6 months",
            }),
        ];
        assert_eq!(found, expected);
        let german: Vec<_> = frequencies("de").await.iter().map(|f| f["formattedPaymentFrequency"].clone()).collect();
        let words = [
            "Kostenlos",
            "Einmalig",
            "Jede Woche",
            "Jedes Jahr am 1. März und 30. September",
            "Zu Beginn, nach 1 Monat und nach 6 Monaten",
        ];
        assert_eq!(german, words);
    });
}

#[test]
fn off_9_extensions_say_how_a_contract_goes_on() {
    let payment = "payment: { type: RECURRING, price: 40, every: 1 MONTH }";
    let each = [
        format!("term: 12 MONTH, {payment}, extension: {{ type: NONE }}"),
        format!(
            "term: 12 MONTH, {payment}, extension: {{ type: TERM_EXTENSION, term: 6 MONTH, cancelation_period: 2 WEEK }}"
        ),
        format!("term: 12 MONTH, {payment}, extension: {{ type: TERM_EXTENSION }}, cancelation_period: 1 MONTH"),
        format!(
            "term: 12 MONTH, {payment}, extension: {{ type: SUBSEQUENT_RATE_DETAIL, term: 1 YEAR, subsequent_rate: \
             {{ name: Then, payment: {{ type: NON_RECURRING, price: 300 }} }} }}"
        ),
        payment.to_owned(),
    ];
    let yaml = gym_with_terms("", &each.each_ref().map(String::as_str));
    with_gym(&yaml, |gym| async move {
        let key = gym.key("north").await;
        let found = terms(&gym, &key, "en").await;
        let fields =
            ["extensionType", "extensionTerm", "extensionFixedTerm", "extensionCancelationPeriod", "cancelationPeriod"];
        let of = |term: &Value| fields.map(|field| term.get(field).cloned().unwrap_or_default());
        let term = |value: i32, unit: &str| json!({ "value": value, "unit": unit });
        let (half, year, month) = (term(6, "MONTH"), term(1, "YEAR"), term(1, "MONTH"));
        let none = Value::Null;
        assert_eq!(of(&found[0]), [json!("NONE"), none.clone(), none.clone(), none.clone(), none.clone()]);
        assert_eq!(of(&found[1]), [json!("TERM_EXTENSION"), half.clone(), half, term(2, "WEEK"), none.clone()]);
        assert_eq!(of(&found[2])[..3], [json!("TERM_EXTENSION"), none.clone(), none.clone()]);
        assert_eq!(found[2]["cancelationPeriod"], month);
        assert_eq!(of(&found[3])[..2], [json!("SUBSEQUENT_RATE_DETAIL"), year]);
        assert_eq!(found[3]["subsequentRate"]["name"], "Then");
        assert_eq!(found[3]["subsequentRate"]["paymentFrequency"]["price"], euro(300.0));
        assert_eq!(found[3]["subsequentRate"]["paymentFrequency"]["formattedPaymentFrequency"], "One-time");
        assert!(found[..3].iter().all(|term| term.get("subsequentRate").is_none()));
        // Without a term it runs indefinitely, and one paid period is its first.
        assert!(found[4].get("term").is_none());
        assert_eq!(found[4]["contractVolumeInformation"]["totalContractVolume"], euro(40.0));
        assert!(found.iter().all(|term| term["cancelationStrategy"] == "TERM"));
    });
}

#[test]
fn off_4_a_rate_that_follows_has_a_payment_of_its_own() {
    with_gym(EVERYTHING, |gym| async move {
        let key = gym.key("north").await;
        let terms = terms(&gym, &key, "en").await;
        let expected = json!({
            "name": "Afterwards",
            "paymentFrequency": {
                "type": "RECURRING", "term": { "value": 2, "unit": "WEEK" }, "price": euro(44.0), "ageBasedAdjustments": [],
                "formattedPaymentFrequency": "Every 2 weeks",
            },
        });
        assert_eq!(terms[1]["subsequentRate"], expected);
        assert_eq!(terms[1]["extensionType"], "SUBSEQUENT_RATE_DETAIL");
        assert_eq!(terms[1]["extensionCancelationPeriod"], json!({ "value": 1, "unit": "WEEK" }));
        assert_eq!(terms[1]["rateStartPrice"], euro(40.0));
    });
}

#[test]
fn off_3_and_bon_1_the_start_is_free_only_with_a_bonus_that_opens_the_contract() {
    let bonus = |more: &str| {
        format!(
            "term: 12 MONTH, payment: {{ type: RECURRING, price: 30, every: 1 MONTH }}, extension: {{ type: TERM_EXTENSION }}, \
             bonus_periods: [{{ term: 1 MONTH, {more} }}]"
        )
    };
    let each = [
        bonus("strategy: CONTRACT_START, runtime: WITH_EXTENSION, extends_cancelation_period: true"),
        bonus("strategy: END_OF_CURRENT_TERM, runtime: WITHOUT_EXTENSION, display_separately: true"),
        bonus("strategy: START_OF_NEXT_TERM, runtime: WITHOUT_EXTENSION"),
        bonus("strategy: FIXED, date: 2027-03-01, runtime: WITH_EXTENSION"),
        "term: 12 MONTH, payment: { type: MONTH_DAY, prices: [{ day: 03-01, price: 7 }] }".to_owned(),
        "term: 12 MONTH, payment: { type: FREE }".to_owned(),
    ];
    let yaml = gym_with_terms("", &each.each_ref().map(String::as_str));
    with_gym(&yaml, |gym| async move {
        let key = gym.key("north").await;
        let found = terms(&gym, &key, "en").await;
        let starts: Vec<_> = found.iter().map(|term| term["rateStartPrice"].clone()).collect();
        assert_eq!(starts, [0.0, 30.0, 30.0, 30.0, 7.0, 0.0].map(euro));
        let period = |strategy: &str, runtime: &str, extends: bool, separately: bool| {
            json!([{
                "term": { "value": 1, "unit": "MONTH" }, "termStrategy": strategy, "runtimeExtensionType": runtime,
                "extendsCancellationPeriod": extends, "displaySeparately": separately,
            }])
        };
        let periods: Vec<_> = found.iter().map(|term| term["rateBonusPeriods"].clone()).collect();
        let expected = [
            period("CONTRACT_START", "WITH_EXTENSION", true, false),
            period("END_OF_CURRENT_TERM", "WITHOUT_EXTENSION", false, true),
            period("START_OF_NEXT_TERM", "WITHOUT_EXTENSION", false, false),
            period("FIXED", "WITH_EXTENSION", false, false),
            json!([]),
            json!([]),
        ];
        assert_eq!(periods, expected);
    });
}

#[test]
fn off_6_default_days_go_by_the_offers_setting() {
    let terms_of = |offer: &str| gym_with_terms(offer, &["term: 1 MONTH, payment: { type: FREE }"]);
    with_gym(&terms_of(""), |gym| async move {
        let key = gym.key("north").await;
        for (pre_use, setting, clock, start, use_from) in [
            ("NOT_AVAILABLE", "TODAY", "2026-11-21T11:00:00Z", "2026-11-21", "2026-11-21"),
            ("NOT_AVAILABLE", "TODAY", "2026-11-21T23:30:00Z", "2026-11-22", "2026-11-22"),
            ("NOT_AVAILABLE", "FIRST_OF_NEXT_MONTH", "2026-11-21T11:00:00Z", "2026-12-01", "2026-12-01"),
            ("FREE", "FIRST_OF_NEXT_MONTH", "2026-12-31T11:00:00Z", "2027-01-01", "2026-12-31"),
            ("CHARGEABLE", "FIRST_OF_NEXT_MONTH", "2026-12-01T11:00:00Z", "2027-01-01", "2026-12-01"),
            ("NOT_AVAILABLE", "2027-09-01", "2026-11-21T11:00:00Z", "2027-09-01", "2027-09-01"),
            ("FREE", "2027-09-01", "2026-11-21T11:00:00Z", "2027-09-01", "2026-11-21"),
            // A fixed day that has passed counts as today.
            ("NOT_AVAILABLE", "2026-01-01", "2026-11-21T11:00:00Z", "2026-11-21", "2026-11-21"),
        ] {
            gym.apply(&terms_of(&format!("        pre_use: {pre_use}\n        start: {setting}\n"))).await;
            gym.set_clock(clock).await;
            let term = &terms(&gym, &key, "en").await[0];
            assert_eq!(term["defaultContractStartDate"], start, "{setting} at {clock}");
            assert_eq!(term["defaultContractStartDateOfUse"], use_from, "{setting} with {pre_use} at {clock}");
            assert_eq!(gym.get(&key, OFFERS).await.json()[0]["preUseType"], pre_use);
        }
    });
}
