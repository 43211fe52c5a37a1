//! `contractVolumeInformation`: every row of the table of the rules, and the examples of bonus periods.

use serde_json::json;

use super::{
    OFFERS,
    prices::{gym_with_terms, terms},
};
use crate::support::with_gym;

/// The term, and the total, the average for a month and the average for a period of payment.
const TABLE: &[(&str, f64, f64, f64)] = &[
    ("term: 12 MONTH, payment: { type: RECURRING, price: 50, every: 1 MONTH }", 600.0, 50.0, 50.0),
    (
        "term: 12 MONTH, payment: { type: RECURRING, price: 50, every: 1 MONTH },
         flat_fees: [{ name: Starter, starter_package: true, payment: { type: NON_RECURRING, price: 29 } }]",
        629.0,
        52.42,
        52.42,
    ),
    ("term: 12 MONTH, payment: { type: RECURRING, price: 150, every: 3 MONTH }", 600.0, 50.0, 150.0),
    ("term: 52 WEEK, payment: { type: RECURRING, price: 10, every: 1 WEEK }", 520.0, 43.45, 10.0),
    ("term: 12 MONTH, payment: { type: NON_RECURRING, price: 499 }", 499.0, 41.58, 499.0),
    (
        "term: 24 MONTH, payment: { type: MONTH_DAY, recurring: true, prices: [{ day: 03-01, price: 120 }, { day: 09-01, price: 80 }] }",
        400.0,
        16.67,
        100.0,
    ),
    ("term: 12 MONTH, payment: { type: FREE }", 0.0, 0.0, 0.0),
    // PAY-7, not recurring: two charges.
    (
        "term: 24 MONTH, payment: { type: MONTH_DAY, prices: [{ day: 03-01, price: 120 }, { day: 09-01, price: 80 }] }",
        200.0,
        8.33,
        100.0,
    ),
    // PAY-8, once and recurring.
    (
        "term: 12 MONTH, payment: { type: TERM_BASED, prices: [{ after: 0 DAY, price: 20 }, { after: 1 MONTH, price: 10 }, { after: 6 MONTH, price: 30 }] }",
        60.0,
        5.0,
        20.0,
    ),
    (
        "term: 12 MONTH, payment: { type: TERM_BASED, recurring: true, prices: [{ after: 0 DAY, price: 20 }, { after: 1 MONTH, price: 10 }, { after: 6 MONTH, price: 30 }] }",
        90.0,
        7.5,
        18.0,
    ),
    // The examples of section 16.
    (
        "term: 12 MONTH, payment: { type: RECURRING, price: 30, every: 1 MONTH },
         bonus_periods: [{ term: 1 MONTH, strategy: CONTRACT_START, runtime: WITH_EXTENSION }]",
        360.0,
        27.69,
        27.69,
    ),
    (
        "term: 12 MONTH, payment: { type: RECURRING, price: 30, every: 1 MONTH },
         bonus_periods: [{ term: 1 MONTH, strategy: CONTRACT_START, runtime: WITHOUT_EXTENSION }]",
        330.0,
        27.5,
        27.5,
    ),
    // VOL-2: fees that are not for everybody do not count.
    (
        "term: 12 MONTH, payment: { type: RECURRING, price: 50, every: 1 MONTH },
         flat_fees: [{ name: Towel, mandatory: false, payment: { type: NON_RECURRING, price: 29 } }]",
        600.0,
        50.0,
        50.0,
    ),
];

#[test]
fn vol_2_to_4_totals_and_averages_are_those_of_the_table() {
    let rows: Vec<&str> = TABLE.iter().map(|(term, ..)| *term).collect();
    with_gym(&gym_with_terms("        pre_use: CHARGEABLE\n", &rows), |gym| async move {
        let key = gym.key("north").await;
        // The day of the example with days of the year.
        gym.set_clock("2026-05-10T10:00:00Z").await;
        let one = terms(&gym, &key, "en").await;
        let listed = gym.get(&key, OFFERS).await.json();
        assert_eq!(one.len(), TABLE.len());
        for (place, (term, total, month, frequency)) in TABLE.iter().enumerate() {
            let euro = |amount: &f64| json!({ "amount": amount, "currency": "EUR" });
            let expected = json!({
                "totalContractVolume": euro(total),
                "averagePaymentVolumePerMonth": euro(month),
                "averagePaymentVolumePerPaymentFrequencyTerm": euro(frequency),
            });
            assert_eq!(one[place]["contractVolumeInformation"], expected, "{term}");
            assert_eq!(listed[0]["terms"][place]["contractVolumeInformation"], expected, "{term}");
        }
    });
}
