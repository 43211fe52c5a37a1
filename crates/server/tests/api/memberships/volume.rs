//! `contractVolumeInformation` of offers (VOL-1 to VOL-4), as clients see it.

use serde_json::{Value, json};

use crate::support::with_gym;

const OFFERS: &str = r#"
tenant: { key: volume, name: Volume, sandbox: true }
studios:
  - key: one
    name: One
    country: Germany
    country_code: DE
    zone: Europe/Berlin
    currency: EUR
    offers:
      - key: all
        name: All
        payment_choices: [SEPA]
        terms:
          - key: monthly
            term: 12 MONTH
            payment: { type: RECURRING, price: "50.00", every: 1 MONTH }
          - key: starter
            term: 12 MONTH
            payment: { type: RECURRING, price: "50.00", every: 1 MONTH }
            flat_fees:
              - { name: Start, starter_package: true, payment: { type: NON_RECURRING, price: "29.00" } }
          - key: quarterly
            term: 12 MONTH
            payment: { type: RECURRING, price: "150.00", every: 3 MONTH }
          - key: weekly
            term: 52 WEEK
            payment: { type: RECURRING, price: "10.00", every: 1 WEEK }
          - key: once
            term: 12 MONTH
            payment: { type: NON_RECURRING, price: "499.00" }
          - key: days
            term: 24 MONTH
            payment:
              type: MONTH_DAY
              recurring: true
              prices: [{ day: "03-01", price: "120.00" }, { day: "09-01", price: "80.00" }]
          - key: free
            term: 12 MONTH
            payment: { type: FREE }
          - key: bonus-longer
            term: 12 MONTH
            payment: { type: RECURRING, price: "30.00", every: 1 MONTH }
            bonus_periods: [{ term: 1 MONTH, strategy: CONTRACT_START, runtime: WITH_EXTENSION }]
          - key: bonus-inside
            term: 12 MONTH
            payment: { type: RECURRING, price: "30.00", every: 1 MONTH }
            bonus_periods: [{ term: 1 MONTH, strategy: CONTRACT_START, runtime: WITHOUT_EXTENSION }]
          - key: optional-fee
            term: 12 MONTH
            payment: { type: RECURRING, price: "50.00", every: 1 MONTH }
            flat_fees:
              - { name: Towel, mandatory: false, payment: { type: NON_RECURRING, price: "10.00" } }
"#;

/// Total, per month, per term of the payment frequency, in the order of the terms above.
const EXPECTED: &[(f64, f64, f64)] = &[
    (600.0, 50.0, 50.0),
    (629.0, 52.42, 52.42),
    (600.0, 50.0, 150.0),
    (520.0, 43.45, 10.0),
    (499.0, 41.58, 499.0),
    (400.0, 16.67, 100.0),
    (0.0, 0.0, 0.0),
    (360.0, 27.69, 27.69),
    (330.0, 27.5, 27.5),
    (600.0, 50.0, 50.0),
];

#[test]
fn vol_1_to_4_the_worked_examples_hold_over_http() {
    with_gym(OFFERS, |gym| async move {
        let key = gym.key("one").await;
        let offers = gym.get(&key, "/v1/memberships/membership-offers").await.json();
        let listed = offers[0]["terms"].as_array().unwrap();
        let path = format!("/v1/memberships/membership-offers/{}", offers[0]["id"]);
        let extended = gym.get(&key, &path).await.json();
        assert_eq!(listed.len(), EXPECTED.len());
        for (place, (total, month, term)) in EXPECTED.iter().enumerate() {
            let money = |amount: &f64| json!({ "amount": amount, "currency": "EUR" });
            let expected = json!({
                "totalContractVolume": money(total),
                "averagePaymentVolumePerMonth": money(month),
                "averagePaymentVolumePerPaymentFrequencyTerm": money(term),
            });
            assert_eq!(listed[place]["contractVolumeInformation"], expected, "term {place}");
            assert_eq!(extended["terms"][place]["contractVolumeInformation"], expected, "term {place}");
        }
        // OFF-3: a bonus that opens the contract makes the first period free.
        let start = |place: usize| -> Value { extended["terms"][place]["rateStartPrice"]["amount"].clone() };
        assert_eq!(start(0), json!(50.0));
        assert_eq!(start(7), json!(0.0));
    });
}
