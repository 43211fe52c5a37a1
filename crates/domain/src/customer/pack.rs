//! Packs: uses that somebody has without a contract, given by a studio or paid by an aggregator (AGG-1, ONL-2).

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::days::Days;
use crate::problem::{Problem, Problems};

/// A network whose members visit gyms that it pays, as an operator describes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Aggregator {
    /// What people call it.
    pub name: String,
}

impl Aggregator {
    /// What cannot work.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Problems::default();
        problems.require_text("name", &self.name);
        problems.done()
    }
}

/// What is known of a pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PackFacts {
    /// The days on which it may be used.
    pub days: Days,
    /// How often it may be used; nothing for no limit.
    pub uses: Option<u32>,
    /// How often it was used.
    pub used: u32,
    /// Whether somebody ended it before its time.
    pub is_ended: bool,
}

impl PackFacts {
    /// The uses that remain; nothing for no limit.
    #[must_use]
    pub const fn left(&self) -> Option<u32> {
        match self.uses {
            None => None,
            Some(uses) => Some(uses.saturating_sub(self.used)),
        }
    }
}

/// How a pack stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PackState {
    /// It can be used.
    Usable,
    /// Its days have not begun.
    NotYetValid,
    /// Its days are over.
    Over,
    /// All uses are taken.
    UsedUp,
    /// Somebody ended it.
    Ended,
}

/// How a pack stands on `today`. Of several reasons against it, the one that lasts is told: what was ended or is over does not come
/// back, a use may be given back.
#[must_use]
pub fn state_on(pack: PackFacts, today: Date) -> PackState {
    // AGG-1
    if pack.is_ended {
        PackState::Ended
    } else if pack.days.is_over(today) {
        PackState::Over
    } else if pack.left() == Some(0) {
        PackState::UsedUp
    } else if pack.days.is_later(today) {
        PackState::NotYetValid
    } else {
        PackState::Usable
    }
}

/// By what several packs are sorted: those whose days end first are used first, and of those that end together the older one.
#[must_use]
pub fn order_of_use(days: Days, id: i64) -> (Date, i64) {
    (days.to.unwrap_or(Date::MAX), id)
}

/// Why a pack cannot be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PackRefusal {
    /// It would have no uses.
    NoUses,
    /// It would end before it begins.
    EndsBeforeItBegins,
    /// Its days would be over already.
    AlreadyOver,
}

/// Whether a pack of these days and uses can be given on `today`. It may have begun: whoever came yesterday is entered today.
///
/// # Errors
/// When nobody could ever use it.
pub fn can_be_given(days: Days, uses: Option<u32>, today: Date) -> Result<(), PackRefusal> {
    if uses == Some(0) {
        Err(PackRefusal::NoUses)
    } else if days.from.zip(days.to).is_some_and(|(from, to)| to < from) {
        Err(PackRefusal::EndsBeforeItBegins)
    } else if days.is_over(today) {
        Err(PackRefusal::AlreadyOver)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const NOVEMBER: Days = Days::between(date(2026, 11, 1), date(2026, 11, 30));

    #[test]
    fn agg_1_how_a_pack_stands() {
        let pack = PackFacts { days: NOVEMBER, uses: Some(2), used: 0, is_ended: false };
        let (before, during, after) = (date(2026, 10, 31), date(2026, 11, 30), date(2026, 12, 1));
        for (pack, today, left, state) in [
            (pack, before, Some(2), PackState::NotYetValid),
            (pack, during, Some(2), PackState::Usable),
            (pack, after, Some(2), PackState::Over),
            (PackFacts { used: 1, ..pack }, during, Some(1), PackState::Usable),
            (PackFacts { used: 2, ..pack }, during, Some(0), PackState::UsedUp),
            (PackFacts { used: 3, ..pack }, during, Some(0), PackState::UsedUp),
            (PackFacts { used: 2, ..pack }, before, Some(0), PackState::UsedUp),
            (PackFacts { used: 2, ..pack }, after, Some(0), PackState::Over),
            (PackFacts { uses: None, used: 900, ..pack }, during, None, PackState::Usable),
            (PackFacts { is_ended: true, ..pack }, during, Some(2), PackState::Ended),
            (PackFacts { is_ended: true, used: 2, ..pack }, after, Some(0), PackState::Ended),
            (PackFacts { days: Days::since(before), ..pack }, date(2099, 1, 1), Some(2), PackState::Usable),
        ] {
            assert_eq!((pack.left(), state_on(pack, today)), (left, state), "{pack:?} {today}");
        }
    }

    #[test]
    fn agg_1_what_ends_first_is_used_first() {
        let mut packs = [(Days::since(date(2026, 1, 1)), 1), (NOVEMBER, 3), (NOVEMBER, 2)];
        packs.sort_by_key(|(days, id)| order_of_use(*days, *id));
        assert_eq!(packs.map(|(_, id)| id), [2, 3, 1]);
    }

    #[test]
    fn agg_1_packs_that_nobody_could_use_are_not_given() {
        let reversed = Days::between(date(2026, 11, 30), date(2026, 11, 29));
        for (days, uses, today, expected) in [
            (NOVEMBER, Some(1), date(2026, 11, 30), Ok(())),
            (NOVEMBER, None, date(2026, 10, 1), Ok(())),
            (Days::since(date(2026, 11, 1)), None, date(2026, 11, 21), Ok(())),
            (NOVEMBER, Some(0), date(2026, 11, 1), Err(PackRefusal::NoUses)),
            (reversed, Some(1), date(2026, 11, 1), Err(PackRefusal::EndsBeforeItBegins)),
            (NOVEMBER, Some(1), date(2026, 12, 1), Err(PackRefusal::AlreadyOver)),
        ] {
            assert_eq!(can_be_given(days, uses, today), expected, "{days:?} {uses:?} {today}");
        }
    }

    #[test]
    fn aggregators_are_read_and_need_a_name() {
        let named = |json: &str| serde_json::from_str::<Aggregator>(json).unwrap();
        assert_eq!(named(r#"{"name":"Sportnetz"}"#).problems(), []);
        assert_eq!(named(r#"{"name":" "}"#).problems()[0].path, "name");
        assert!(serde_json::from_str::<Aggregator>(r#"{"name":"Sportnetz","pays":1}"#).is_err());
    }
}
