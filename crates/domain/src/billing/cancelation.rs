//! To which dates a contract can be cancelled (CAN-3, CAN-4, CON-6).

use jiff::civil::Date;

use super::conditions::ContractConditions;
use crate::calendar;
use crate::membership::CancelationStrategy;
use crate::term::Term;

/// How many ends are offered when a contract ends with its terms (CAN-3).
const OFFERED_TERM_ENDS: u32 = 3;
/// How much later than the earliest date somebody may ask for (CAN-4).
const LATEST_AFTER_EARLIEST: Term = Term::months(24);

/// The dates offered to a member on `today`, earliest first. Under [`CancelationStrategy::ReceiptDate`] only the earliest is
/// named although later ones are accepted: see [`is_available`]. Empty once an end was set or the contract is over.
#[must_use]
pub fn available_dates(conditions: &ContractConditions, today: Date) -> Vec<Date> {
    let state = conditions.state_on(today);
    if conditions.ends_on.is_some() || today > state.end {
        return Vec::new();
    }
    if !conditions.terms.goes_on() {
        // CON-6: it ends anyway.
        return vec![state.end];
    }
    match conditions.terms.cancelation_strategy {
        CancelationStrategy::Term => {
            (0..OFFERED_TERM_ENDS).map(|later| conditions.end_after(state.extensions.saturating_add(later))).collect()
        }
        CancelationStrategy::ReceiptDate => {
            let after_notice = state.cancelation_period.map_or(today, |period| calendar::add(today, period));
            // The first term binds, however early notice comes.
            vec![after_notice.max(conditions.first_end())]
        }
    }
}

/// Whether a notice that arrives on `today` may ask for `date`.
#[must_use]
pub fn is_available(conditions: &ContractConditions, today: Date, date: Date) -> bool {
    let offered = available_dates(conditions, today);
    let any_later =
        conditions.terms.goes_on() && conditions.terms.cancelation_strategy == CancelationStrategy::ReceiptDate;
    match offered.first() {
        Some(&earliest) if any_later => (earliest..=calendar::add(earliest, LATEST_AFTER_EARLIEST)).contains(&date),
        _ => offered.contains(&date),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::billing::worked_examples::{conditions, day, term_from};

    /// A contract of 12 months with a notice of one month that goes on by `extension`.
    fn contract(strategy: &str, start: &str, extension: &str) -> ContractConditions {
        let terms = term_from(&format!(
            r#"{{"term":"12 MONTH","payment":{{"type":"FREE"}},"cancelation_strategy":"{strategy}","cancelation_period":"1 MONTH",
                "extension":{{"type":"TERM_EXTENSION"{extension}}}}}"#
        ));
        conditions(terms, start)
    }

    #[test]
    fn can_3_and_can_4_worked_examples() {
        let yearly = r#","term":"12 MONTH""#;
        let monthly = r#","term":"1 MONTH""#;
        for (strategy, start, extension, today, dates, last) in [
            ("TERM", "2026-01-01", yearly, "2026-11-30", "2026-12-31 2027-12-31 2028-12-31", "2026-11-30"),
            ("TERM", "2026-01-01", yearly, "2026-12-01", "2027-12-31 2028-12-31 2029-12-31", "2027-11-30"),
            ("TERM", "2025-03-15", monthly, "2026-02-20", "2026-04-14 2026-05-14 2026-06-14", "2026-03-14"),
            ("RECEIPT_DATE", "2026-01-01", yearly, "2026-05-15", "2026-12-31", "2026-11-30"),
            ("RECEIPT_DATE", "2025-01-01", "", "2026-05-15", "2026-06-15", "2026-05-31"),
            ("RECEIPT_DATE", "2025-01-01", "", "2026-01-31", "2026-02-28", "2026-01-31"),
            ("RECEIPT_DATE", "2026-01-01", monthly, "2026-12-10", "2027-01-10", "2026-12-31"),
        ] {
            let contract = contract(strategy, start, extension);
            let found: Vec<_> = available_dates(&contract, day(today)).iter().map(Date::to_string).collect();
            assert_eq!(found.join(" "), dates, "{strategy} {start} {today}");
            assert_eq!(
                contract.state_on(day(today)).last_possible_cancelation,
                day(last),
                "{strategy} {start} {today}"
            );
        }
    }

    #[test]
    fn can_3_only_the_listed_dates_and_can_4_any_later_one() {
        let today = day("2026-05-15");
        let term = contract("TERM", "2026-01-01", r#","term":"12 MONTH""#);
        assert!(is_available(&term, today, day("2027-12-31")));
        assert!(!is_available(&term, today, day("2027-12-30")));
        let receipt = contract("RECEIPT_DATE", "2025-01-01", "");
        for (date, available) in [
            ("2026-06-14", false),
            ("2026-06-15", true),
            ("2026-07-03", true),
            ("2028-06-15", true),
            ("2028-06-16", false),
        ] {
            assert_eq!(is_available(&receipt, today, day(date)), available, "{date}");
        }
    }

    #[test]
    fn con_6_and_can_15_contracts_that_end() {
        let ending = conditions(term_from(r#"{"term":"12 MONTH","payment":{"type":"FREE"}}"#), "2026-01-01");
        assert_eq!(available_dates(&ending, day("2026-05-01")), [day("2026-12-31")]);
        assert_eq!(available_dates(&ending, day("2027-01-01")), []);
        let cancelled = contract("TERM", "2026-01-01", "").ending_on(day("2026-12-31"));
        assert_eq!(available_dates(&cancelled, day("2026-05-01")), []);
    }
}
