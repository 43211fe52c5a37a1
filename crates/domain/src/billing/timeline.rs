//! When a contract ends, is extended, and by when notice must arrive (CON-1 to CON-6, BON-2, BON-4).
//!
//! All ends are counted from the contract's first day: the lengths of terms, bonus periods and extensions are added up as
//! an [`Offset`] and applied once (DATE-2).

use jiff::civil::Date;

use super::conditions::ContractConditions;
use crate::calendar::{self, Offset};
use crate::membership::{BonusRuntime, BonusStrategy, ExtensionType};
use crate::term::Term;

/// How a contract stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TermState {
    /// The last day of the contract as it stands.
    pub end: Date,
    /// The last day on which notice can arrive for that end (CAN-2).
    pub last_possible_cancelation: Date,
    /// How many times it was extended.
    pub extensions: u32,
    /// The notice period that applies now (CAN-13).
    pub cancelation_period: Option<Term>,
}

/// The length of an extension, or of an indefinite first term, when nothing else says one (OFF-9, CON-4).
const FALLBACK_TERM: Term = Term::months(1);

fn first_positive<const N: usize>(candidates: [Option<Term>; N]) -> Term {
    candidates.into_iter().flatten().find(|term| term.is_positive()).unwrap_or(FALLBACK_TERM)
}

/// The first number from `low` on for which something does not hold that holds for all before it. By doubling and halving: a contract of
/// days may be decades old.
fn first_without(mut low: u32, holds: impl Fn(u32) -> bool) -> u32 {
    let mut span = 1_u32;
    while holds(low.saturating_add(span - 1)) {
        low = low.saturating_add(span);
        span = span.saturating_mul(2);
    }
    let mut high = low.saturating_add(span - 1);
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

impl ContractConditions {
    /// The length of the first term without bonus periods.
    #[must_use]
    pub fn first_term(&self) -> Term {
        first_positive([self.terms.term, self.terms.payment.every()])
    }

    /// The length of each extension (CON-4, CON-10).
    #[must_use]
    pub fn extension_term(&self) -> Term {
        let following = self.terms.extension.subsequent_rate.as_ref().and_then(|rate| rate.payment.every());
        let extension = &self.terms.extension;
        first_positive([self.terms.term_after_extension, extension.term, following, self.terms.payment.every()])
    }

    /// The sum of the bonus periods that move an end: those of the first term, or that of the first extension (BON-2).
    fn moving_bonuses(&self, in_extension: bool, only_without_notice: bool) -> Offset {
        let bonuses = self.terms.bonus_periods.iter();
        bonuses
            .filter(|bonus| bonus.term.is_positive() && bonus.runtime == BonusRuntime::WithExtension)
            .filter(|bonus| (bonus.strategy == BonusStrategy::StartOfNextTerm) == in_extension)
            .filter(|bonus| !(only_without_notice && bonus.extends_cancelation_period))
            .fold(Offset::ZERO, |sum, bonus| sum.plus(Offset::of(bonus.term)))
    }

    /// The distance from the first day to the day after the end of the first term, bonus periods included (CON-1).
    pub(super) fn initial_runtime(&self) -> Offset {
        Offset::of(self.first_term()).plus(self.moving_bonuses(false, false))
    }

    fn runtime_after(&self, extensions: u32) -> Offset {
        if extensions == 0 {
            return self.initial_runtime();
        }
        let extended = Offset::of(self.extension_term()).times(i64::from(extensions));
        self.initial_runtime().plus(extended).plus(self.moving_bonuses(true, false))
    }

    /// The last day of the first term (CON-1).
    #[must_use]
    pub fn first_end(&self) -> Date {
        self.end_after(0)
    }

    /// The last day after so many extensions (CON-4).
    #[must_use]
    pub fn end_after(&self, extensions: u32) -> Date {
        calendar::day_before(self.runtime_after(extensions).from(self.start))
    }

    /// The notice period after so many extensions (CAN-13).
    #[must_use]
    pub fn cancelation_period_after(&self, extensions: u32) -> Option<Term> {
        let initial = self.terms.cancelation_period;
        if extensions == 0 { initial } else { self.terms.extension.cancelation_period.or(initial) }
    }

    /// The last day for notice to the end after so many extensions (DATE-4, BON-4).
    #[must_use]
    pub fn deadline_after(&self, extensions: u32) -> Date {
        // A bonus that does not extend the notice is taken out before the deadline is counted back; later extensions
        // have no bonus of their own.
        let uncounted = if extensions <= 1 { self.moving_bonuses(extensions == 1, true) } else { Offset::ZERO };
        let counted = self.runtime_after(extensions).plus(uncounted.times(-1));
        let end = calendar::day_before(counted.from(self.start));
        calendar::notice_deadline(end, self.cancelation_period_after(extensions))
    }

    /// The last day that can be known: the one that was set, or the end of a contract that does not go on. Nothing while
    /// it goes on.
    #[must_use]
    pub fn final_end(&self) -> Option<Date> {
        self.ends_on.or_else(|| if self.terms.goes_on() { None } else { Some(self.first_end()) })
    }

    /// Whether another rate follows after the first term (CON-5), and on which day it begins.
    pub(super) fn rate_change(&self) -> Option<Date> {
        let follows = self.terms.extension.kind == ExtensionType::SubsequentRateDetail;
        let has_rate = self.terms.extension.subsequent_rate.is_some();
        (follows && has_rate).then(|| calendar::day_after(self.first_end()))
    }

    /// How the contract stands on `today`: extended as often as deadlines have passed (CON-3), or with the end that was set.
    #[must_use]
    pub fn state_on(&self, today: Date) -> TermState {
        let extensions = self.extensions_on(today);
        let period = self.cancelation_period_after(extensions);
        let (end, last_possible_cancelation) = match self.ends_on {
            Some(end) => (end, calendar::notice_deadline(end, period)),
            None => (self.end_after(extensions), self.deadline_after(extensions)),
        };
        TermState { end, last_possible_cancelation, extensions, cancelation_period: period }
    }

    /// The first day of the extension in which a day lies; nothing in the first term. Ends are not looked at: a day after the last one lies
    /// in the term that would hold it.
    #[must_use]
    pub fn extension_around(&self, day: Date) -> Option<Date> {
        let is_over = |extensions: u32| {
            let end = self.end_after(extensions);
            end < day && self.end_after(extensions.saturating_add(1)) > end
        };
        let extensions = if self.terms.goes_on() { first_without(0, is_over) } else { 0 };
        extensions.checked_sub(1).map(|before| calendar::day_after(self.end_after(before)))
    }

    /// The first number of extensions beyond which the contract is not extended yet.
    fn extensions_on(&self, today: Date) -> u32 {
        let extended = |extensions| self.terms.goes_on() && self.is_extended_beyond(extensions, today);
        // The first extension may bring another notice period and a bonus, so ends and deadlines are in order only from the
        // second on.
        (0..2).find(|number| !extended(*number)).unwrap_or_else(|| first_without(2, extended))
    }

    fn is_extended_beyond(&self, extensions: u32, today: Date) -> bool {
        let end = self.end_after(extensions);
        let passed = match self.ends_on {
            Some(set_end) => end < set_end,
            None => today > self.deadline_after(extensions),
        };
        // At the calendar's end nothing moves any more.
        passed && self.end_after(extensions.saturating_add(1)) > end
    }
}

#[cfg(test)]
mod tests {
    use crate::billing::worked_examples::{conditions, day, term_from};

    #[test]
    fn con_3_and_con_4_extension_when_the_deadline_passes() {
        let terms = term_from(
            r#"{"term":"12 MONTH","payment":{"type":"FREE"},"cancelation_period":"1 MONTH",
                "extension":{"type":"TERM_EXTENSION","term":"1 MONTH","cancelation_period":"1 MONTH"}}"#,
        );
        let contract = conditions(terms, "2025-03-15");
        for (today, end, last) in [
            ("2026-02-14", "2026-03-14", "2026-02-14"),
            ("2026-02-15", "2026-04-14", "2026-03-14"),
            ("2026-03-15", "2026-05-14", "2026-04-14"),
        ] {
            let state = contract.state_on(day(today));
            assert_eq!((state.end, state.last_possible_cancelation), (day(end), day(last)), "{today}");
        }
    }

    #[test]
    fn con_4_extensions_are_anchored_at_the_start() {
        let terms = term_from(
            r#"{"term":"1 MONTH","payment":{"type":"FREE"},"extension":{"type":"TERM_EXTENSION","term":"1 MONTH"}}"#,
        );
        let contract = conditions(terms, "2026-01-31");
        let ends: Vec<_> = (0..4).map(|extensions| contract.end_after(extensions).to_string()).collect();
        assert_eq!(ends, ["2026-02-27", "2026-03-30", "2026-04-29", "2026-05-30"]);
    }

    #[test]
    fn con_4_a_day_lies_in_the_term_that_has_it() {
        let terms = |json: &str| conditions(term_from(json), "2025-01-31");
        let yearly =
            r#"{"term":"12 MONTH","payment":{"type":"FREE"},"extension":{"type":"TERM_EXTENSION","term":"1 MONTH"}}"#;
        let ends = r#"{"term":"12 MONTH","payment":{"type":"FREE"}}"#;
        let open = r#"{"payment":{"type":"RECURRING","price":1,"every":"2 WEEK"}}"#;
        let bonus = r#"{"term":"12 MONTH","payment":{"type":"RECURRING","price":1,"every":"1 MONTH"},"extension":{"type":"TERM_EXTENSION","term":"12 MONTH"},
            "bonus_periods":[{"term":"1 MONTH","strategy":"CONTRACT_START","runtime":"WITH_EXTENSION"}]}"#;
        let shorter = r#"{"term":"12 MONTH","payment":{"type":"FREE"},"extension":{"type":"TERM_EXTENSION","term":"12 MONTH"},
            "term_after_extension":"1 MONTH"}"#;
        let longer = r#"{"term":"12 MONTH","payment":{"type":"RECURRING","price":1,"every":"1 MONTH"},
            "extension":{"type":"TERM_EXTENSION","term":"12 MONTH"},
            "bonus_periods":[{"term":"1 MONTH","strategy":"START_OF_NEXT_TERM","runtime":"WITH_EXTENSION"}]}"#;
        for (json, today, from) in [
            // CON-10: each extension has the shorter term. BON-1: the first one is longer by its bonus.
            (shorter, "2026-01-31", Some("2026-01-31")),
            (shorter, "2026-02-28", Some("2026-02-28")),
            (longer, "2027-02-27", Some("2026-01-31")),
            (longer, "2027-02-28", Some("2027-02-28")),
            (longer, "2028-02-28", Some("2027-02-28")),
            (longer, "2028-02-29", Some("2028-02-29")),
            (yearly, "2025-01-01", None),
            (yearly, "2026-01-30", None),
            (yearly, "2026-01-31", Some("2026-01-31")),
            (yearly, "2026-02-27", Some("2026-01-31")),
            (yearly, "2026-02-28", Some("2026-02-28")),
            (yearly, "2036-12-31", Some("2036-12-31")),
            (ends, "2036-12-31", None),
            (open, "2025-02-13", None),
            (open, "2025-02-14", Some("2025-02-14")),
            (bonus, "2026-02-27", None),
            (bonus, "2026-02-28", Some("2026-02-28")),
            (bonus, "2027-02-27", Some("2026-02-28")),
        ] {
            assert_eq!(terms(json).extension_around(day(today)), from.map(day), "{json} {today}");
        }
        // Notice changes nothing about the terms before it.
        let canceled = terms(yearly).ending_on(day("2026-03-30"));
        assert_eq!(canceled.extension_around(day("2026-03-30")), Some(day("2026-02-28")));
        for (contract, today) in [(terms(open), jiff::civil::Date::MAX), (terms(yearly), jiff::civil::Date::MIN)] {
            assert!(contract.extension_around(today).is_none_or(|from| from <= today));
        }
    }

    #[test]
    fn con_6_without_extension_the_end_stays() {
        let terms = term_from(r#"{"term":"12 MONTH","payment":{"type":"FREE"},"cancelation_period":"1 MONTH"}"#);
        let state = conditions(terms, "2026-01-01").state_on(day("2028-05-05"));
        assert_eq!((state.end, state.last_possible_cancelation), (day("2026-12-31"), day("2026-11-30")));
    }

    #[test]
    fn off_9_an_indefinite_contract_ends_after_one_paid_period() {
        for (json, end) in [
            (r#"{"payment":{"type":"RECURRING","price":1,"every":"2 WEEK"}}"#, "2026-01-14"),
            (r#"{"payment":{"type":"FREE"}}"#, "2026-01-31"),
        ] {
            let contract = conditions(term_from(json), "2026-01-01");
            assert_eq!(contract.first_end(), day(end), "{json}");
            assert!(contract.state_on(day("2027-01-01")).end >= day("2027-01-01"));
        }
    }

    #[test]
    fn con_10_the_term_after_extension_wins() {
        let terms = term_from(
            r#"{"term":"12 MONTH","payment":{"type":"FREE"},"extension":{"type":"TERM_EXTENSION","term":"12 MONTH"},
                "term_after_extension":"1 MONTH"}"#,
        );
        assert_eq!(conditions(terms, "2026-01-01").end_after(1), day("2027-01-31"));
    }

    #[test]
    fn bon_1_and_bon_4_a_bonus_of_the_next_term_moves_that_term() {
        let terms = term_from(
            r#"{"term":"12 MONTH","payment":{"type":"RECURRING","price":1,"every":"1 MONTH"},"cancelation_period":"1 MONTH",
                "extension":{"type":"TERM_EXTENSION","term":"12 MONTH"},
                "bonus_periods":[{"term":"1 MONTH","strategy":"START_OF_NEXT_TERM","runtime":"WITH_EXTENSION"}]}"#,
        );
        let contract = conditions(terms, "2021-12-01");
        assert_eq!(contract.first_end(), day("2022-11-30"));
        assert_eq!(contract.end_after(1), day("2023-12-31"));
        assert_eq!(contract.deadline_after(1), day("2023-10-31"));
        assert_eq!(contract.deadline_after(2), day("2024-11-30"));
    }
}
