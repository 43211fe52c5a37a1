//! Benefits: things a member may use so and so often, such as drinks, towels or bringing a friend (BEN-1 to BEN-3).

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::days::Days;
use crate::billing::ContractConditions;
use crate::calendar;
use crate::problem::{Problem, Problems};
use crate::serde_defaults::is_default;
use crate::term::{Term, TermUnit};

/// A benefit as an operator describes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Benefit {
    /// Its name.
    pub name: String,
    /// How often it may be used; as often as one likes when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uses: Option<u32>,
    /// The time for which the uses are given anew, counted from the contract's start, such as `1 DAY` or `1 MONTH`. Left out: the
    /// uses are for the whole contract.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every: Option<Term>,
    /// Whether the uses are given anew with each term of the contract: its first one and every extension.
    #[serde(default, skip_serializing_if = "is_default")]
    pub every_term: bool,
}

impl Benefit {
    /// How often it may be used.
    #[must_use]
    pub const fn contingent(&self) -> Contingent {
        Contingent::new(self.uses, self.every, self.every_term)
    }

    /// What cannot work.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Problems::default();
        problems.require_text("name", &self.name);
        problems.add_under("", problems_of_uses(self.uses, self.every, self.every_term));
        problems.done()
    }
}

/// What cannot work about a number of uses and the time for which they are given.
pub(crate) fn problems_of_uses(uses: Option<u32>, every: Option<Term>, every_term: bool) -> Vec<Problem> {
    let mut problems = Problems::default();
    problems.add_if(uses == Some(0), "uses", "must be at least one; leave it out where there is no limit");
    let empty = every.is_some_and(|every| !every.is_positive());
    problems.add_if(empty, "every", "must be at least one unit long");
    problems.add_if(every.is_some() && uses.is_none(), "every", "has no effect without uses");
    problems.add_if(every_term && uses.is_none(), "every_term", "has no effect without uses");
    problems.add_if(
        every_term && every.is_some(),
        "every_term",
        "says something else than every; leave one of them out",
    );
    problems.done()
}

/// How often something may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contingent {
    /// As often as one likes; it never runs out (BEN-1).
    Flat,
    /// So often while the contract lasts.
    InAll {
        /// How often.
        uses: u32,
    },
    /// So often in each of these times, the first of which begins with the contract.
    Every {
        /// How often.
        uses: u32,
        /// How long each time is.
        every: Term,
    },
    /// So often in each term of the contract: its first one and every extension (CON-4).
    EveryTerm {
        /// How often.
        uses: u32,
    },
}

impl Contingent {
    /// So many uses, for each time of that length, for each term, or in all.
    #[must_use]
    pub const fn new(uses: Option<u32>, every: Option<Term>, every_term: bool) -> Self {
        match (uses, every) {
            (None, _) => Self::Flat,
            (Some(uses), Some(every)) => Self::Every { uses, every },
            (Some(uses), None) if every_term => Self::EveryTerm { uses },
            (Some(uses), None) => Self::InAll { uses },
        }
    }

    /// How many uses are given at a time; nothing where there is no limit.
    #[must_use]
    pub const fn limit(self) -> Option<u32> {
        match self {
            Self::Flat => None,
            Self::InAll { uses } | Self::Every { uses, .. } | Self::EveryTerm { uses } => Some(uses),
        }
    }
}

/// The days around `today` whose uses are counted together; nothing before `start`, from which on they are given: the first day of the
/// contract, or of its term where each has uses of its own ([`window_of_contract`]).
///
/// Times are counted from the start in whole steps, so that a month that begins on the 31st begins on the 28th of February and on
/// the 31st of March again (DATE-2). They are not cut at the contract's end.
#[must_use]
pub fn window(contingent: Contingent, start: Date, today: Date) -> Option<Days> {
    if today < start {
        return None;
    }
    let Contingent::Every { every, .. } = contingent else { return Some(Days::since(start)) };
    if !every.is_positive() {
        return Some(Days::since(start));
    }
    let step = |number| calendar::add_steps(start, every, number);
    // The estimate is at most one too high, because months are cut and never lengthened.
    let mut number = estimated_steps(every, start, today);
    while number > 0 && step(number) > today {
        number -= 1;
    }
    let (from, next) = (step(number), step(number + 1));
    // At the calendar's end there is no next time: steps beyond it are held there.
    let to = if next > today { calendar::day_before(next) } else { Date::MAX };
    Some(Days::between(from, to))
}

/// The same for what a contract gives, from its first day of use on.
#[must_use]
pub fn window_of_contract(contingent: Contingent, contract: &ContractConditions, today: Date) -> Option<Days> {
    let extension = match contingent {
        Contingent::EveryTerm { .. } => contract.extension_around(today),
        _ => None,
    };
    window(contingent, extension.unwrap_or_else(|| contract.use_from()), today)
}

fn estimated_steps(every: Term, start: Date, today: Date) -> i64 {
    let value = i64::from(every.value);
    let months = i64::from(today.year() - start.year()) * 12 + i64::from(today.month() - start.month());
    match every.unit {
        TermUnit::Day => calendar::days_between(start, today) / value,
        TermUnit::Week => calendar::days_between(start, today) / value.saturating_mul(7),
        // A step reaches the month that its months say, also where it is cut; the estimate is therefore never too low.
        TermUnit::Month => months / value,
        TermUnit::Year => months / value.saturating_mul(12),
    }
}

/// What stands about a customer's use of a benefit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BenefitFacts {
    /// Whether the contract that gives the benefit runs today.
    pub contract_runs: bool,
    /// Whether it pauses today.
    pub is_idle: bool,
    /// How often it was used within the [`window`].
    pub used: u32,
}

/// Whether a benefit may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BenefitAnswer {
    /// It may. `left` uses remain in this time before this one; nothing for no limit.
    Usable {
        /// Uses that remain.
        left: Option<u32>,
    },
    /// The contract that gives it does not run.
    NoRunningContract,
    /// The contract pauses.
    Idle,
    /// All uses of this time are taken.
    UsedUp,
}

/// Whether a benefit may be used now (BEN-1, BEN-3).
#[must_use]
pub const fn may_use(contingent: Contingent, facts: BenefitFacts) -> BenefitAnswer {
    // BEN-3
    if !facts.contract_runs {
        return BenefitAnswer::NoRunningContract;
    }
    if facts.is_idle {
        return BenefitAnswer::Idle;
    }
    // BEN-1
    match contingent.limit() {
        None => BenefitAnswer::Usable { left: None },
        Some(uses) => match uses.saturating_sub(facts.used) {
            0 => BenefitAnswer::UsedUp,
            left => BenefitAnswer::Usable { left: Some(left) },
        },
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::customer::dice::Dice;
    use crate::membership::PreUse;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn every(term: Term) -> Contingent {
        Contingent::Every { uses: 1, every: term }
    }

    #[test]
    fn ben_1_times_are_counted_from_the_start_of_the_contract() {
        for (term, start, today, expected) in [
            (Term::days(1), "2026-01-31", "2026-11-21", ("2026-11-21", "2026-11-21")),
            (Term::weeks(1), "2026-11-18", "2026-11-24", ("2026-11-18", "2026-11-24")),
            (Term::weeks(1), "2026-11-18", "2026-11-25", ("2026-11-25", "2026-12-01")),
            (Term::months(1), "2026-01-31", "2026-02-27", ("2026-01-31", "2026-02-27")),
            (Term::months(1), "2026-01-31", "2026-02-28", ("2026-02-28", "2026-03-30")),
            (Term::months(1), "2026-01-31", "2026-03-31", ("2026-03-31", "2026-04-29")),
            (Term::months(3), "2026-01-15", "2026-11-21", ("2026-10-15", "2027-01-14")),
            (Term::years(1), "2024-02-29", "2026-02-27", ("2025-02-28", "2026-02-27")),
            (Term::years(1), "2024-02-29", "2028-02-29", ("2028-02-29", "2029-02-27")),
        ] {
            let (from, to) = expected;
            let found = window(every(term), day(start), day(today));
            assert_eq!(found, Some(Days::between(day(from), day(to))), "{term} {start} {today}");
            assert_eq!(window(every(term), day(start), calendar::day_before(day(start))), None);
        }
        let start = day("2026-01-31");
        assert_eq!(window(Contingent::InAll { uses: 3 }, start, day("2030-01-01")), Some(Days::since(start)));
        assert_eq!(window(Contingent::Flat, start, start), Some(Days::since(start)));
        // What has no terms gives once.
        let each_term = Contingent::EveryTerm { uses: 3 };
        assert_eq!(window(each_term, start, day("2030-01-01")), Some(Days::since(start)));
    }

    #[test]
    fn ben_1_each_term_of_the_contract_has_uses_of_its_own() {
        let terms =
            r#"{"term":"12 MONTH","payment":{"type":"FREE"},"extension":{"type":"TERM_EXTENSION","term":"6 MONTH"}}"#;
        let terms = serde_json::from_str(terms).unwrap();
        let contract = ContractConditions::new("Year", terms, day("2025-03-01"), day("2025-02-01"))
            .used_from(PreUse::Free, Some(day("2025-02-20")));
        for (today, each, in_all) in [
            ("2025-02-19", None, None),
            ("2025-02-20", Some("2025-02-20"), Some("2025-02-20")),
            ("2026-02-28", Some("2025-02-20"), Some("2025-02-20")),
            ("2026-03-01", Some("2026-03-01"), Some("2025-02-20")),
            ("2026-09-01", Some("2026-09-01"), Some("2025-02-20")),
        ] {
            let from = |contingent| {
                let found = window_of_contract(contingent, &contract, day(today));
                found.map(|days| days.from.unwrap().to_string())
            };
            assert_eq!(from(Contingent::EveryTerm { uses: 1 }).as_deref(), each, "{today}");
            assert_eq!(from(Contingent::InAll { uses: 1 }).as_deref(), in_all, "{today}");
        }
    }

    #[test]
    fn ben_1_every_day_lies_in_exactly_one_time() {
        let mut dice = Dice::new(5);
        for _ in 0..20_000 {
            let start = calendar::add_days(date(2024, 1, 1), dice.below(800) as i64);
            let today = calendar::add_days(start, dice.below(4000) as i64);
            let unit = dice.pick(&[TermUnit::Day, TermUnit::Week, TermUnit::Month, TermUnit::Year]);
            let term = Term::new(1 + dice.below(15) as i32, unit);
            let found = window(every(term), start, today).unwrap();
            assert!(found.covers(today), "{term} {start} {today} {found:?}");
            let next = window(every(term), start, calendar::day_after(found.to.unwrap())).unwrap();
            assert_eq!(next.from, found.to.map(calendar::day_after), "{term} {start} {today}");
        }
    }

    #[test]
    fn the_ends_of_the_calendar_hold() {
        for value in [0, 1, i32::MAX] {
            for unit in [TermUnit::Day, TermUnit::Week, TermUnit::Month, TermUnit::Year] {
                for (start, today) in [(Date::MIN, Date::MAX), (Date::MAX, Date::MAX), (Date::MIN, Date::MIN)] {
                    let found = window(every(Term::new(value, unit)), start, today).unwrap();
                    assert!(found.covers(today), "{value} {unit:?}");
                }
            }
        }
    }

    #[test]
    fn ben_1_and_3_whether_it_may_be_used() {
        let fine = BenefitFacts { contract_runs: true, is_idle: false, used: 0 };
        let two = Contingent::InAll { uses: 2 };
        for (contingent, facts, answer) in [
            (Contingent::Flat, BenefitFacts { used: 1000, ..fine }, BenefitAnswer::Usable { left: None }),
            (two, fine, BenefitAnswer::Usable { left: Some(2) }),
            (two, BenefitFacts { used: 1, ..fine }, BenefitAnswer::Usable { left: Some(1) }),
            (two, BenefitFacts { used: 2, ..fine }, BenefitAnswer::UsedUp),
            (two, BenefitFacts { used: 3, ..fine }, BenefitAnswer::UsedUp),
            (Contingent::Flat, BenefitFacts { is_idle: true, ..fine }, BenefitAnswer::Idle),
            (two, BenefitFacts { contract_runs: false, is_idle: true, used: 2 }, BenefitAnswer::NoRunningContract),
        ] {
            assert_eq!(may_use(contingent, facts), answer, "{contingent:?} {facts:?}");
        }
    }

    #[test]
    fn definitions_are_read_and_their_problems_named() {
        let benefit = |json: &str| serde_json::from_str::<Benefit>(json).unwrap();
        assert_eq!(benefit(r#"{"name":"Drinks"}"#).contingent(), Contingent::Flat);
        assert_eq!(benefit(r#"{"name":"Friend","uses":2}"#).contingent(), Contingent::InAll { uses: 2 });
        let monthly = benefit(r#"{"name":"Towel","uses":8,"every":"1 MONTH"}"#);
        assert_eq!(monthly.contingent(), Contingent::Every { uses: 8, every: Term::months(1) });
        let guest = benefit(r#"{"name":"Friend","uses":2,"every_term":true}"#);
        assert_eq!((guest.contingent(), guest.problems()), (Contingent::EveryTerm { uses: 2 }, Vec::new()));
        assert_eq!(monthly.problems(), []);
        let wrong = benefit(r#"{"name":"","uses":0,"every":"0 DAY"}"#);
        let paths: Vec<_> = wrong.problems().into_iter().map(|problem| problem.path).collect();
        assert_eq!(paths, ["name", "uses", "every"]);
        assert_eq!(benefit(r#"{"name":"X","every":"1 DAY"}"#).problems()[0].path, "every");
        for both in [r#""uses":1,"every":"1 DAY","#, ""] {
            let wrong = benefit(&format!(r#"{{"name":"X",{both}"every_term":true}}"#));
            assert_eq!(wrong.problems()[0].path, "every_term", "{both}");
        }
    }
}
