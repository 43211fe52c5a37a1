//! What cannot work in an [`OfferTerm`]: kept apart from its fields, because the checks are as long as the fields.

use super::offer_term::{BonusPeriod, BonusRuntime, BonusStrategy, ExtensionType, FlatFee, OfferTerm};
use super::payment::PaymentFrequency;
use crate::calendar::Offset;
use crate::problem::{Problem, Problems};
use crate::term::Term;

/// CON-9: the longest first term that standard terms may set in Germany.
const LONGEST_GERMAN_TERM_MONTHS: i64 = 24;
/// The same in days, for terms that are counted in days or weeks.
const LONGEST_GERMAN_TERM_DAYS: i64 = 730;

const TOO_SHORT: &str = "must be at least one unit long";

impl OfferTerm {
    /// What cannot work. `country_code` is the studio's (`DE`), because the law limits terms in some countries (CON-9).
    #[must_use]
    pub fn problems(&self, country_code: &str) -> Vec<Problem> {
        let mut problems = Problems::default();
        self.length_problems(&mut problems, country_code);
        problems.add_under("payment", self.payment.problems());
        self.extension_problems(&mut problems);
        for (index, fee) in self.flat_fees.iter().enumerate() {
            problems.add_under(&format!("flat_fees[{index}]"), fee.problems());
        }
        for (index, bonus) in self.bonus_periods.iter().enumerate() {
            problems.add_under(&format!("bonus_periods[{index}]"), bonus.problems(self));
        }
        for (index, adjustment) in self.price_adjustments.iter().enumerate() {
            problems.add_under(&format!("price_adjustments[{index}]"), adjustment.problems());
        }
        for (index, key) in self.optional_modules.iter().enumerate() {
            let repeated = self.optional_modules.iter().take(index).any(|earlier| earlier == key);
            problems.add_if(repeated, format!("optional_modules[{index}]"), format!("names {key} a second time"));
        }
        problems.done()
    }

    fn length_problems(&self, problems: &mut Problems, country_code: &str) {
        for (path, length) in [
            ("term", self.term),
            ("cancelation_period", self.cancelation_period),
            ("extension.term", self.extension.term),
            ("extension.cancelation_period", self.extension.cancelation_period),
            ("term_after_extension", self.term_after_extension),
        ] {
            problems.add_if(length.is_some_and(|length| !length.is_positive()), path, TOO_SHORT);
        }
        let length = self.term.map_or(Offset::ZERO, Offset::of);
        let too_long = length.months > LONGEST_GERMAN_TERM_MONTHS || length.days > LONGEST_GERMAN_TERM_DAYS;
        problems.add_if(country_code == "DE" && too_long, "term", "must not be longer than 24 months in Germany");
    }

    fn extension_problems(&self, problems: &mut Problems) {
        let extension = &self.extension;
        let ends = extension.kind == ExtensionType::None;
        problems.add_if(ends && extension.term.is_some(), "extension.term", "has no effect without an extension");
        // An indefinite term goes on without any extension being configured (OFF-9).
        let never = !self.goes_on();
        problems.add_if(
            never && self.term_after_extension.is_some(),
            "term_after_extension",
            "has no effect without an extension",
        );
        problems.add_if(
            never && self.price_after_extension.is_some(),
            "price_after_extension",
            "has no effect without an extension",
        );
        let negative = self.price_after_extension.is_some_and(|price| price.is_negative());
        problems.add_if(negative, "price_after_extension", "must not be negative");
        let path = "extension.subsequent_rate";
        match (&extension.subsequent_rate, extension.kind == ExtensionType::SubsequentRateDetail) {
            (None, true) => problems.add(path, "is needed with SUBSEQUENT_RATE_DETAIL"),
            (Some(_), false) => problems.add(path, "has no effect without SUBSEQUENT_RATE_DETAIL"),
            (Some(rate), true) => {
                problems.require_text("extension.subsequent_rate.name", &rate.name);
                problems.add_under("extension.subsequent_rate.payment", rate.payment.problems());
                let twice = self.price_after_extension.is_some();
                problems.add_if(
                    twice,
                    "price_after_extension",
                    "contradicts the subsequent rate, which has a price of its own",
                );
            }
            (None, false) => {}
        }
    }
}

impl FlatFee {
    /// What cannot work.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Problems::default();
        problems.require_text("name", &self.name);
        problems.add_under("payment", self.payment.problems());
        let too_short = self.first_booking_delay.is_some_and(|delay| !delay.is_positive());
        problems.add_if(too_short, "first_booking_delay", TOO_SHORT);
        problems.done()
    }
}

impl BonusPeriod {
    /// What cannot work in `term`, to which the bonus belongs.
    fn problems(&self, term: &OfferTerm) -> Vec<Problem> {
        let mut problems = Problems::default();
        match &term.payment {
            _ if !self.term.is_positive() => problems.add("term", TOO_SHORT),
            PaymentFrequency::Recurring { every, .. } => {
                let fits = is_multiple(self.term, *every);
                problems.add_if(!fits, "term", format!("must be a multiple of the paid period, {every}"));
            }
            _ => problems.add("", "needs a payment of type RECURRING"),
        }
        match (self.strategy == BonusStrategy::Fixed, self.date.is_some()) {
            (true, false) => problems.add("date", "is needed with FIXED"),
            (false, true) => problems.add("date", "has no effect without FIXED"),
            _ => {}
        }
        let next = self.strategy == BonusStrategy::StartOfNextTerm;
        problems.add_if(next && !term.goes_on(), "strategy", "needs an extension, in which the bonus could lie");
        if let (BonusRuntime::WithoutExtension, false, Some(length)) = (self.runtime, next, term.term) {
            let (bonus, length) = (Offset::of(self.term), Offset::of(length));
            let same_family = (bonus.months > 0) == (length.months > 0);
            let too_long = same_family && (bonus.months >= length.months && bonus.days >= length.days);
            problems.add_if(too_long, "term", "must be shorter than the contract's term, inside which it lies");
        }
        problems.done()
    }
}

/// OFF-5: whole paid periods; a yearly payment also allows single months.
fn is_multiple(bonus: Term, every: Term) -> bool {
    let (bonus, every) = (Offset::of(bonus), Offset::of(every));
    if every.months > 0 {
        bonus.days == 0 && (bonus.months % every.months == 0 || every.months % 12 == 0)
    } else {
        bonus.months == 0 && every.days > 0 && bonus.days % every.days == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(json: &str, country_code: &str) -> Vec<String> {
        let term: OfferTerm = serde_json::from_str(json).unwrap();
        term.problems(country_code).into_iter().map(|problem| problem.path).collect()
    }

    fn bonus_problems(every: &str, bonus: &str) -> Vec<String> {
        let json = format!(
            r#"{{"term":"12 MONTH","payment":{{"type":"RECURRING","price":"30","every":"{every}"}},"bonus_periods":[{bonus}]}}"#
        );
        problems(&json, "DE")
    }

    #[test]
    fn con_9_german_terms_end_after_24_months() {
        for (term, country_code, refused) in [
            ("24 MONTH", "DE", false),
            ("25 MONTH", "DE", true),
            ("25 MONTH", "AT", false),
            ("2 YEAR", "DE", false),
            ("3 YEAR", "DE", true),
            ("104 WEEK", "DE", false),
            ("105 WEEK", "DE", true),
        ] {
            let json = format!(r#"{{"term":"{term}","payment":{{"type":"FREE"}}}}"#);
            assert_eq!(problems(&json, country_code) == ["term"], refused, "{term} {country_code}");
        }
    }

    #[test]
    fn off_5_bonus_periods_are_whole_paid_periods() {
        for (every, bonus, fits) in [
            ("1 MONTH", "3 MONTH", true),
            ("3 MONTH", "1 MONTH", false),
            ("3 MONTH", "6 MONTH", true),
            ("1 YEAR", "2 MONTH", true),
            ("12 MONTH", "2 MONTH", true),
            ("1 MONTH", "2 WEEK", false),
            ("1 WEEK", "14 DAY", true),
            ("2 WEEK", "1 WEEK", false),
        ] {
            let json = format!(r#"{{"term":"{bonus}","strategy":"CONTRACT_START","runtime":"WITH_EXTENSION"}}"#);
            let expected: &[&str] = if fits { &[] } else { &["bonus_periods[0].term"] };
            assert_eq!(bonus_problems(every, &json), expected, "{every} {bonus}");
        }
        let once = r#"{"term":"12 MONTH","payment":{"type":"NON_RECURRING","price":"30"},
            "bonus_periods":[{"term":"1 MONTH","strategy":"CONTRACT_START","runtime":"WITH_EXTENSION"}]}"#;
        assert_eq!(problems(once, "DE"), ["bonus_periods[0]"]);
    }

    #[test]
    fn bon_1_strategies_need_their_companions() {
        for (bonus, path) in [
            (r#"{"term":"1 MONTH","strategy":"FIXED","runtime":"WITH_EXTENSION"}"#, "bonus_periods[0].date"),
            (
                r#"{"term":"1 MONTH","strategy":"CONTRACT_START","date":"2026-01-01","runtime":"WITH_EXTENSION"}"#,
                "bonus_periods[0].date",
            ),
            (
                r#"{"term":"1 MONTH","strategy":"START_OF_NEXT_TERM","runtime":"WITH_EXTENSION"}"#,
                "bonus_periods[0].strategy",
            ),
            (
                r#"{"term":"12 MONTH","strategy":"CONTRACT_START","runtime":"WITHOUT_EXTENSION"}"#,
                "bonus_periods[0].term",
            ),
        ] {
            assert_eq!(bonus_problems("1 MONTH", bonus), [path], "{bonus}");
        }
    }

    #[test]
    fn con_5_and_con_10_extension_fields_need_an_extension() {
        let json = r#"{"term":"12 MONTH","payment":{"type":"FREE"},"extension":{"term":"1 MONTH"},"term_after_extension":"1 MONTH",
            "price_after_extension":"-1"}"#;
        assert_eq!(
            problems(json, "AT"),
            ["extension.term", "term_after_extension", "price_after_extension", "price_after_extension"]
        );
        let json = r#"{"term":"12 MONTH","payment":{"type":"FREE"},"extension":{"type":"SUBSEQUENT_RATE_DETAIL"}}"#;
        assert_eq!(problems(json, "AT"), ["extension.subsequent_rate"]);
        let json =
            r#"{"payment":{"type":"FREE"},"flat_fees":[{"name":"","payment":{"type":"NON_RECURRING","price":-1}}]}"#;
        assert_eq!(problems(json, "AT"), ["flat_fees[0].name", "flat_fees[0].payment.price"]);
    }
}
