//! The worked examples of the rules, one table a section, and what all tests of billing share.

use jiff::civil::Date;

use super::{Birthday, Charge, ChargeKind, ContractConditions, charges, contract_volume, initial_charges};
use super::{age_adjusted_price, credit_for_unused_days, pre_use_charge, price_on};
use crate::membership::{OfferTerm, PreUse};
use crate::money::Amount;

pub(super) fn day(text: &str) -> Date {
    text.parse().unwrap()
}

pub(super) fn amount(text: &str) -> Amount {
    text.parse().unwrap()
}

pub(super) fn term_from(json: &str) -> OfferTerm {
    let term: OfferTerm = serde_json::from_str(json).unwrap();
    assert_eq!(term.problems("AT"), [], "a worked example must be a permitted one");
    term
}

/// A contract that is signed on the day it starts.
pub(super) fn conditions(terms: OfferTerm, start: &str) -> ContractConditions {
    ContractConditions::new("Basic", terms, day(start), day(start))
}

/// Due date and amount of each charge, bonus periods left out.
pub(super) fn shown(charges: &[Charge]) -> String {
    let paid = charges.iter().filter(|charge| charge.kind != ChargeKind::BonusPeriod);
    paid.map(|charge| format!("{} {}", charge.due, charge.amount)).collect::<Vec<_>>().join(", ")
}

fn total(charges: &[Charge]) -> Amount {
    charges.iter().map(|charge| charge.amount).sum()
}

/// 12 months with that recurring price and more fields.
fn yearlong(price: &str, every: &str, more: &str) -> OfferTerm {
    term_from(&format!(
        r#"{{"term":"12 MONTH","payment":{{"type":"RECURRING","price":"{price}","every":"{every}"}}{more}}}"#
    ))
}

const CALENDAR: &str = r#","paid_periods":"NORMALIZATION_ON_CALENDAR_UNIT""#;

#[test]
fn pay_3_reference_dates() {
    let charges = initial_charges(&conditions(yearlong("30.00", "1 MONTH", ""), "2026-01-15"));
    assert_eq!(charges.len(), 12);
    assert!(charges.iter().all(|charge| charge.amount == amount("30.00") && charge.due.day() == 15));
    assert_eq!((charges[0].due, charges[11].due), (day("2026-01-15"), day("2026-12-15")));
    assert_eq!(charges[0].period, Some((day("2026-01-15"), day("2026-02-14"))));
    let clamped = initial_charges(&conditions(yearlong("30.00", "1 MONTH", ""), "2026-01-31"));
    let due: Vec<_> = clamped.iter().take(5).map(|charge| charge.due.to_string()).collect();
    assert_eq!(due, ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]);
}

#[test]
fn pay_4_and_pay_5_calendar_units() {
    let months = initial_charges(&conditions(yearlong("30.00", "1 MONTH", CALENDAR), "2026-01-15"));
    assert_eq!(months.len(), 13);
    assert!(shown(&months).starts_with("2026-01-15 16.45, 2026-02-01 30.00, 2026-03-01 30.00"), "{}", shown(&months));
    assert!(shown(&months).ends_with("2026-12-01 30.00, 2027-01-01 13.55"), "{}", shown(&months));
    assert_eq!(total(&months), amount("360.00"));
    for (price, every, start, expected) in [
        ("90.00", "3 MONTH", "2026-02-10", "2026-02-10 50.36, 2026-04-01 90.00, 2026-07-01 90.00"),
        ("12.00", "1 WEEK", "2026-01-08", "2026-01-08 6.86, 2026-01-12 12.00, 2026-01-19 12.00"),
        ("365.00", "1 YEAR", "2026-10-01", "2026-10-01 92.00, 2027-01-01 365.00, 2028-01-01 365.00"),
        ("50.00", "5 MONTH", "2026-01-15", "2026-01-15 5.48, 2026-02-01 50.00, 2026-07-01 50.00"),
        ("50.00", "5 MONTH", "2026-01-01", "2026-01-01 50.00, 2026-06-01 50.00, 2026-11-01 50.00"),
        ("1.00", "1 DAY", "2026-01-15", "2026-01-15 1.00, 2026-01-16 1.00, 2026-01-17 1.00"),
    ] {
        let rolling = yearlong(price, every, &format!(r#"{CALENDAR},"extension":{{"type":"TERM_EXTENSION"}}"#));
        let charges = charges(&conditions(rolling, start), day("2028-12-31"));
        assert_eq!(shown(&charges[..3]), expected, "{price} {every}");
    }
}

#[test]
fn pay_6_unused_days_are_credited() {
    let contract = conditions(yearlong("30.00", "1 MONTH", ""), "2026-01-15");
    let paid = &charges(&contract, day("2026-05-15"))[4];
    assert_eq!(paid.period, Some((day("2026-05-15"), day("2026-06-14"))));
    assert_eq!(credit_for_unused_days(paid, day("2026-06-04")), amount("9.68"));
    assert_eq!(credit_for_unused_days(paid, day("2026-06-14")), Amount::ZERO);
    assert_eq!(credit_for_unused_days(paid, day("2026-05-01")), amount("30.00"));
    let cut = charges(&contract.ending_on(day("2026-06-04")), day("2027-01-01"));
    assert!(shown(&cut).ends_with("2026-04-15 30.00, 2026-05-15 20.32"), "{}", shown(&cut));
}

#[test]
fn can_10_the_date_cuts_a_period() {
    for paid_periods in ["", CALENDAR] {
        let contract = conditions(yearlong("30.00", "1 MONTH", paid_periods), "2026-01-01");
        let cut = charges(&contract.ending_on(day("2026-06-15")), day("2027-01-01"));
        assert!(shown(&cut).ends_with("2026-05-01 30.00, 2026-06-01 15.00"), "{}", shown(&cut));
    }
}

#[test]
fn pay_7_month_days() {
    let of = |recurring: bool| {
        term_from(&format!(
            r#"{{"term":"24 MONTH","payment":{{"type":"MONTH_DAY","recurring":{recurring},"prices":
                [{{"day":"03-01","price":"120.00"}},{{"day":"09-01","price":"80.00"}}]}}}}"#
        ))
    };
    let every_year = initial_charges(&conditions(of(true), "2026-05-10"));
    assert_eq!(shown(&every_year), "2026-09-01 80.00, 2027-03-01 120.00, 2027-09-01 80.00, 2028-03-01 120.00");
    assert_eq!(every_year[0].period, Some((day("2026-09-01"), day("2027-02-28"))));
    let once = initial_charges(&conditions(of(false), "2026-05-10"));
    assert_eq!(shown(&once), "2026-09-01 80.00, 2027-03-01 120.00");
    let on_the_start = initial_charges(&conditions(of(false), "2026-03-01"));
    assert_eq!(shown(&on_the_start), "2026-03-01 120.00, 2026-09-01 80.00");
}

#[test]
fn pay_8_prices_by_term() {
    let of = |recurring: bool| {
        term_from(&format!(
            r#"{{"term":"12 MONTH","payment":{{"type":"TERM_BASED","recurring":{recurring},"prices":
                [{{"after":"0 DAY","price":"20.00"}},{{"after":"1 MONTH","price":"10.00"}},{{"after":"6 MONTH","price":"30.00"}}]}}}}"#
        ))
    };
    let once = initial_charges(&conditions(of(false), "2026-01-01"));
    assert_eq!(shown(&once), "2026-01-01 20.00, 2026-02-01 10.00, 2026-07-01 30.00");
    let cycle = initial_charges(&conditions(of(true), "2026-01-01"));
    assert_eq!(
        shown(&cycle),
        "2026-01-01 20.00, 2026-02-01 10.00, 2026-07-01 30.00, 2026-07-01 20.00, 2026-08-01 10.00"
    );
    assert_eq!((total(&once), total(&cycle)), (amount("60.00"), amount("90.00")));
}

#[test]
fn pay_9_once_and_again_at_each_extension() {
    let terms = term_from(
        r#"{"term":"12 MONTH","payment":{"type":"NON_RECURRING","price":"499.00"},
            "extension":{"type":"TERM_EXTENSION","term":"6 MONTH"},"price_after_extension":"250.00"}"#,
    );
    let contract = conditions(terms, "2026-01-01");
    let found = charges(&contract, day("2027-12-31"));
    assert_eq!(shown(&found), "2026-01-01 499.00, 2027-01-01 250.00, 2027-07-01 250.00");
    assert_eq!(found[1].period, Some((day("2027-01-01"), day("2027-06-30"))));
    assert_eq!(shown(&initial_charges(&contract)), "2026-01-01 499.00");
}

#[test]
fn pay_10_pre_use() {
    for (price, start, used_from, expected) in
        [("30.00", "2026-02-01", "2026-01-20", "11.61"), ("39.90", "2026-12-01", "2026-11-21", "13.30")]
    {
        let contract = ContractConditions::new("Basic", yearlong(price, "1 MONTH", ""), day(start), day(used_from));
        let paid = contract.clone().used_from(PreUse::Chargeable, Some(day(used_from)));
        let charge = pre_use_charge(&paid).unwrap();
        assert_eq!((charge.due, charge.amount), (day(used_from), amount(expected)));
        assert!(charge.mandatory_on_signing);
        assert_eq!(charges(&paid, day(start)).len(), 2);
        for other in [
            contract.clone().used_from(PreUse::Free, Some(day(used_from))),
            contract.clone().used_from(PreUse::Chargeable, Some(day(start))),
            contract.used_from(PreUse::Chargeable, None),
        ] {
            assert_eq!(pre_use_charge(&other), None);
        }
    }
}

#[test]
fn pay_11_recurring_rules_compound() {
    let raise = r#","extension":{"type":"TERM_EXTENSION"},"price_adjustments":
        [{"type":"RAISE","by":"5%","first_after":"12 MONTH","every":"12 MONTH"}]"#;
    let contract = conditions(yearlong("40.00", "1 MONTH", raise), "2026-01-15");
    for (on, price) in [
        ("2026-12-31", "40.00"),
        ("2027-01-14", "40.00"),
        ("2027-01-15", "42.00"),
        ("2028-01-14", "42.00"),
        ("2028-01-15", "44.10"),
    ] {
        assert_eq!(price_on(&contract, day(on)), amount(price), "{on}");
    }
    let third_year = charges(&contract, day("2028-02-15"));
    assert!(shown(&third_year).ends_with("2027-12-15 42.00, 2028-01-15 44.10, 2028-02-15 44.10"));
}

#[test]
fn con_10_and_con_5_what_holds_after_the_first_term() {
    let longer = r#","extension":{"type":"TERM_EXTENSION","term":"12 MONTH"},"price_after_extension":"25.00""#;
    let contract = conditions(yearlong("30.00", "1 MONTH", longer), "2026-01-15");
    let found = charges(&contract, day("2027-02-28"));
    assert!(shown(&found).ends_with("2026-12-15 30.00, 2027-01-15 25.00, 2027-02-15 25.00"), "{}", shown(&found));
    assert!(initial_charges(&contract).iter().all(|charge| charge.amount == amount("30.00")));
    let other_rate = r#","extension":{"type":"SUBSEQUENT_RATE_DETAIL","term":"3 MONTH","subsequent_rate":
        {"name":"Flex","payment":{"type":"RECURRING","price":"60.00","every":"2 MONTH"}}}"#;
    let contract = conditions(yearlong("30.00", "1 MONTH", other_rate), "2026-01-15");
    let found = charges(&contract, day("2027-05-31"));
    assert!(shown(&found).ends_with("2026-12-15 30.00, 2027-01-15 60.00, 2027-03-15 60.00, 2027-05-15 60.00"));
    assert_eq!((found[11].description.as_str(), found[12].description.as_str()), ("Basic", "Flex"));
}

#[test]
fn con_10_the_price_after_extension_is_not_raised_on_its_own_day() {
    let both = r#","extension":{"type":"TERM_EXTENSION"},"price_after_extension":"25.00","price_adjustments":
        [{"type":"RAISE","by":"10%","first_after":"12 MONTH","every":"12 MONTH"}]"#;
    let contract = conditions(yearlong("30.00", "1 MONTH", both), "2026-01-15");
    for (on, price) in [("2027-01-14", "30.00"), ("2027-01-15", "25.00"), ("2028-01-15", "27.50")] {
        assert_eq!(price_on(&contract, day(on)), amount(price), "{on}");
    }
}

#[test]
fn con_5_and_bon_1_the_following_rate_can_begin_with_a_bonus() {
    let next = r#","extension":{"type":"SUBSEQUENT_RATE_DETAIL","term":"3 MONTH","subsequent_rate":
        {"name":"Flex","payment":{"type":"RECURRING","price":"60.00","every":"1 MONTH"}}},
        "bonus_periods":[{"term":"1 MONTH","strategy":"START_OF_NEXT_TERM","runtime":"WITHOUT_EXTENSION"}]"#;
    let found = charges(&conditions(yearlong("30.00", "1 MONTH", next), "2026-01-15"), day("2027-02-28"));
    assert!(shown(&found).ends_with("2026-12-15 30.00, 2027-02-15 60.00"), "{}", shown(&found));
    assert_eq!((found[12].kind, found[12].due), (ChargeKind::BonusPeriod, day("2027-01-15")));
}

#[test]
fn pay_13_past_and_upcoming() {
    let rolling = r#","extension":{"type":"TERM_EXTENSION","term":"1 MONTH"}"#;
    let contract = conditions(yearlong("30.00", "1 MONTH", rolling), "2026-01-15");
    let found = charges(&contract, day("2027-11-21"));
    let (past, upcoming): (Vec<_>, Vec<_>) = found.iter().partition(|charge| charge.due < day("2026-11-21"));
    assert_eq!((past.len(), upcoming.len()), (11, 12));
    assert_eq!((upcoming[0].due, upcoming[11].due), (day("2026-12-15"), day("2027-11-15")));
}

#[test]
fn pay_14_and_pay_2_flat_fees() {
    let fees = r#","flat_fees":[
        {"name":"Starter","payment":{"type":"NON_RECURRING","price":"29.00"},"starter_package":true},
        {"name":"Service","payment":{"type":"RECURRING","price":"19.00","every":"6 MONTH"},"first_booking_delay":"1 MONTH"},
        {"name":"Towel","payment":{"type":"NON_RECURRING","price":"5.00"},"mandatory":false}]"#;
    let mut contract = conditions(yearlong("30.00", "12 MONTH", fees), "2026-03-15");
    contract.signed_on = day("2026-03-01");
    let found = initial_charges(&contract);
    let shown: Vec<_> =
        found.iter().map(|charge| format!("{} {} {}", charge.due, charge.description, charge.amount)).collect();
    assert_eq!(
        shown,
        ["2026-03-01 Starter 29.00", "2026-03-15 Basic 30.00", "2026-04-15 Service 19.00", "2026-10-15 Service 19.00"]
    );
    assert_eq!(found[0].kind, ChargeKind::StarterPackage);
    // SIGN-3: the contract fee of a period that begins later is not due on signing.
    assert_eq!(found.iter().map(|charge| charge.mandatory_on_signing).collect::<Vec<_>>(), [true, false, false, false]);
    contract.signed_on = day("2026-05-20");
    let late: Vec<_> = initial_charges(&contract).iter().map(|charge| charge.due.to_string()).collect();
    assert_eq!(late, ["2026-05-20", "2026-05-20", "2026-05-20", "2026-10-15"]);
}

#[test]
fn bon_2_to_bon_4_worked_example() {
    for (runtime, extends, count, end, volume, per_month, deadline) in [
        ("WITH_EXTENSION", true, 12, "2027-03-31", "360.00", "27.69", "2027-02-28"),
        ("WITH_EXTENSION", false, 12, "2027-03-31", "360.00", "27.69", "2027-01-31"),
        ("WITHOUT_EXTENSION", false, 11, "2027-02-28", "330.00", "27.50", "2027-01-31"),
        ("WITHOUT_EXTENSION", true, 11, "2027-02-28", "330.00", "27.50", "2027-01-31"),
    ] {
        let bonus = format!(
            r#","cancelation_period":"1 MONTH","bonus_periods":[{{"term":"1 MONTH","strategy":"CONTRACT_START",
                "runtime":"{runtime}","extends_cancelation_period":{extends}}}]"#
        );
        let contract = conditions(yearlong("30.00", "1 MONTH", &bonus), "2026-03-01");
        let charges = initial_charges(&contract);
        assert_eq!((charges[0].kind, charges[0].amount), (ChargeKind::BonusPeriod, Amount::ZERO));
        assert_eq!(charges[0].period, Some((day("2026-03-01"), day("2026-03-31"))));
        let paid = &charges[1..];
        assert_eq!((paid.len(), paid[0].due), (count, day("2026-04-01")), "{runtime}");
        assert!(paid.iter().all(|charge| charge.amount == amount("30.00")));
        assert_eq!(contract.first_end(), day(end));
        let found = contract_volume(&contract);
        assert_eq!((found.total, found.per_month), (amount(volume), amount(per_month)), "{runtime}");
        assert_eq!(contract.deadline_after(0), day(deadline), "{runtime} {extends}");
        assert_eq!(contract.terms.rate_start_price(), Amount::ZERO); // OFF-3
    }
}

#[test]
fn bon_1_where_the_free_time_lies() {
    for (start, strategy, runtime, from, paid) in [
        ("2021-12-01", "END_OF_CURRENT_TERM", "WITH_EXTENSION", "2022-12-01", 12),
        ("2021-12-01", "END_OF_CURRENT_TERM", "WITHOUT_EXTENSION", "2022-11-01", 11),
        ("2021-12-01", r#"FIXED","date":"2022-03-01"#, "WITH_EXTENSION", "2022-03-01", 12),
        ("2021-12-01", r#"FIXED","date":"2021-01-01"#, "WITH_EXTENSION", "2021-12-01", 12),
        ("2021-12-01", r#"FIXED","date":"2022-03-10"#, "WITHOUT_EXTENSION", "2022-03-01", 11),
        ("2021-12-31", "END_OF_CURRENT_TERM", "WITHOUT_EXTENSION", "2022-11-30", 11),
    ] {
        let bonus = format!(r#","bonus_periods":[{{"term":"1 MONTH","strategy":"{strategy}","runtime":"{runtime}"}}]"#);
        let charges = initial_charges(&conditions(yearlong("30.00", "1 MONTH", &bonus), start));
        let free: Vec<_> = charges.iter().filter(|charge| charge.kind == ChargeKind::BonusPeriod).collect();
        assert_eq!(free.len(), 1, "{strategy} {runtime}");
        assert_eq!(free[0].due, day(from), "{strategy} {runtime}");
        assert_eq!(charges.len() - 1, paid, "{strategy} {runtime}");
        assert_eq!(total(&charges), amount("30.00").times_ratio(paid as i64, 1));
    }
    let next = r#","extension":{"type":"TERM_EXTENSION","term":"1 MONTH"},
        "bonus_periods":[{"term":"1 MONTH","strategy":"START_OF_NEXT_TERM","runtime":"WITH_EXTENSION"}]"#;
    let contract = conditions(yearlong("30.00", "1 MONTH", next), "2021-12-01");
    let free: Vec<_> = charges(&contract, day("2023-06-01"));
    assert_eq!(free.iter().find(|charge| charge.kind == ChargeKind::BonusPeriod).unwrap().due, day("2022-12-01"));
    assert!(initial_charges(&contract).iter().all(|charge| charge.kind != ChargeKind::BonusPeriod));
}

#[test]
fn bon_2_months_in_a_yearly_payment_make_the_year_cheaper() {
    for (strategy, runtime, expected) in [
        ("CONTRACT_START", "WITH_EXTENSION", "2026-03-01 365.00"),
        ("CONTRACT_START", "WITHOUT_EXTENSION", "2026-03-01 306.00"),
        ("END_OF_CURRENT_TERM", "WITHOUT_EXTENSION", "2026-01-01 304.00"),
        ("END_OF_CURRENT_TERM", "WITH_EXTENSION", "2026-01-01 365.00"),
    ] {
        let bonus = format!(r#","bonus_periods":[{{"term":"2 MONTH","strategy":"{strategy}","runtime":"{runtime}"}}]"#);
        let charges = initial_charges(&conditions(yearlong("365.00", "1 YEAR", &bonus), "2026-01-01"));
        assert_eq!(shown(&charges), expected, "{strategy} {runtime}");
    }
}

#[test]
fn bon_3_calendar_periods_leave_the_bonus_out() {
    let bonus = r#","bonus_periods":[{"term":"1 MONTH","strategy":"CONTRACT_START","runtime":"WITH_EXTENSION"}]"#;
    let contract = conditions(yearlong("30.00", "1 MONTH", &format!("{CALENDAR}{bonus}")), "2026-01-15");
    let charges = initial_charges(&contract);
    assert_eq!(charges[0].period, Some((day("2026-01-15"), day("2026-02-14"))));
    assert!(shown(&charges).starts_with("2026-02-15 15.00, 2026-03-01 30.00"), "{}", shown(&charges));
    assert!(shown(&charges).ends_with("2027-01-01 30.00, 2027-02-01 15.00"), "{}", shown(&charges));
    assert_eq!(total(&charges), amount("360.00"));
}

#[test]
fn age_1_and_age_2_worked_example() {
    for (adjustment, young, volume, per_month) in [
        (r#""PERCENTAGE","value":"25""#, "30.00", "420.00", "35.00"),
        (r#""ABSOLUTE","value":"12.50""#, "27.50", "405.00", "33.75"),
    ] {
        let terms = term_from(&format!(
            r#"{{"term":"12 MONTH","payment":{{"type":"RECURRING","price":"40.00","every":"1 MONTH","age_adjustments":
                [{{"from_age":16,"to_age":17,"type":{adjustment}}}]}}}}"#
        ));
        let contract = conditions(terms, "2026-01-01").born(Some(day("2008-06-10")));
        let charges = initial_charges(&contract);
        assert!(charges[..6].iter().all(|charge| charge.amount == amount(young)));
        assert!(charges[6..].iter().all(|charge| charge.amount == amount("40.00")));
        assert_eq!((charges[5].due, charges.len()), (day("2026-06-01"), 12));
        assert_eq!(age_adjusted_price(&contract), Some(amount(young)));
        assert_eq!(age_adjusted_price(&contract.clone().born(Some(day("2000-01-01")))), None);
        assert_eq!(age_adjusted_price(&contract.clone().born(None)), None);
        // AMD-6: known to be older since April 20th, the member pays more from May on.
        let corrected = vec![(day("2026-04-20"), Some(day("2008-06-10")))];
        let corrected = contract.clone().born(Birthday::from(Some(day("2000-06-10"))).corrected_on(corrected));
        let charges = initial_charges(&corrected);
        assert!(charges[..4].iter().all(|charge| charge.amount == amount(young)));
        assert!(charges[4..].iter().all(|charge| charge.amount == amount("40.00")));
        let found = contract_volume(&contract);
        assert_eq!((found.total, found.per_month), (amount(volume), amount(per_month)));
    }
}

#[test]
fn vol_4_worked_examples() {
    let recurring = |price: &str, every: &str| format!(r#"{{"type":"RECURRING","price":"{price}","every":"{every}"}}"#);
    let starter = r#","flat_fees":[{"name":"Starter","starter_package":true,"payment":{"type":"NON_RECURRING","price":"29.00"}}]"#;
    let month_days = r#"{"type":"MONTH_DAY","recurring":true,"prices":[{"day":"03-01","price":"120.00"},{"day":"09-01","price":"80.00"}]}"#;
    for (term, payment, more, start, total, per_month, per_term) in [
        ("12 MONTH", recurring("50.00", "1 MONTH"), "", "2026-01-01", "600.00", "50.00", "50.00"),
        ("12 MONTH", recurring("50.00", "1 MONTH"), starter, "2026-01-01", "629.00", "52.42", "52.42"),
        ("12 MONTH", recurring("150.00", "3 MONTH"), "", "2026-01-01", "600.00", "50.00", "150.00"),
        ("52 WEEK", recurring("10.00", "1 WEEK"), "", "2026-01-05", "520.00", "43.45", "10.00"),
        (
            "12 MONTH",
            r#"{"type":"NON_RECURRING","price":"499.00"}"#.to_owned(),
            "",
            "2026-01-01",
            "499.00",
            "41.58",
            "499.00",
        ),
        ("24 MONTH", month_days.to_owned(), "", "2026-05-10", "400.00", "16.67", "100.00"),
        ("12 MONTH", r#"{"type":"FREE"}"#.to_owned(), "", "2026-01-01", "0.00", "0.00", "0.00"),
    ] {
        let terms = term_from(&format!(r#"{{"term":"{term}","payment":{payment}{more}}}"#));
        let volume = contract_volume(&conditions(terms, start));
        let found = [volume.total, volume.per_month, volume.per_frequency_term];
        assert_eq!(found, [total, per_month, per_term].map(amount), "{term} {payment}");
    }
}

#[test]
fn vol_2_pre_use_is_not_part_of_the_volume() {
    let contract =
        ContractConditions::new("Basic", yearlong("30.00", "1 MONTH", ""), day("2026-02-01"), day("2026-01-20"));
    let contract = contract.used_from(PreUse::Chargeable, Some(day("2026-01-20")));
    assert_eq!(contract_volume(&contract).total, amount("360.00"));
    assert_eq!(total(&initial_charges(&contract)), amount("371.61"));
}
