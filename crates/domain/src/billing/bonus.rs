//! Where the bonus periods of a contract lie (BON-1).

use jiff::civil::Date;

use super::conditions::ContractConditions;
use crate::calendar::{self, Offset};
use crate::membership::{BonusRuntime, BonusStrategy};

/// A bonus period with its days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BonusRange {
    pub(super) from: Date,
    pub(super) to: Date,
    pub(super) length: Offset,
    /// It lies inside the term instead of making it longer (BON-2).
    pub(super) inside_term: bool,
}

/// All bonus periods in order of their days. Several of one strategy follow each other in the order they were written.
pub(super) fn bonus_ranges(conditions: &ContractConditions) -> Vec<BonusRange> {
    let initial = conditions.initial_runtime();
    let bonuses = || conditions.terms.bonus_periods.iter().filter(|bonus| bonus.term.is_positive());
    let of_last_part = bonuses().filter(|bonus| bonus.strategy == BonusStrategy::EndOfCurrentTerm);
    let last_part = of_last_part.fold(Offset::ZERO, |sum, bonus| sum.plus(Offset::of(bonus.term)));
    let mut at_start = Offset::ZERO;
    let mut at_end = initial.plus(last_part.times(-1));
    let mut in_extension = initial;
    let mut ranges = Vec::new();
    for bonus in bonuses() {
        let length = Offset::of(bonus.term);
        let (from, to) = match bonus.strategy {
            BonusStrategy::Fixed => {
                // Before the contract nothing can be free.
                let from = bonus.date.unwrap_or(conditions.start).max(conditions.start);
                (from, calendar::term_end(from, bonus.term))
            }
            BonusStrategy::ContractStart => next_range(conditions.start, &mut at_start, length),
            BonusStrategy::EndOfCurrentTerm => next_range(conditions.start, &mut at_end, length),
            BonusStrategy::StartOfNextTerm => next_range(conditions.start, &mut in_extension, length),
        };
        ranges.push(BonusRange { from, to, length, inside_term: bonus.runtime == BonusRuntime::WithoutExtension });
    }
    ranges.sort_by_key(|range| range.from);
    ranges
}

fn next_range(start: Date, cursor: &mut Offset, length: Offset) -> (Date, Date) {
    let from = cursor.from(start);
    *cursor = cursor.plus(length);
    (from, calendar::day_before(cursor.from(start)))
}
