//! Cutting the time of a recurring price into paid periods (PAY-3 to PAY-6), with bonus periods left free (BON-3).
//!
//! Nothing here knows a price: a part of a period carries the *share* of the price that it costs.

use jiff::civil::{Date, Weekday};

use super::bonus::BonusRange;
use crate::calendar::{self, Offset};
use crate::membership::PaidPeriods;
use crate::money::Amount;
use crate::term::{Term, TermUnit};

/// How much of a full price a part costs. Rounded once, when it is applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Share {
    /// All of it.
    Full,
    /// All but some days of the period (PAY-6): what is unused is rounded, as a credit for it would be.
    AllBut { unused: i64, days: i64 },
    /// A fraction of it (PAY-4).
    Fraction { numerator: i128, denominator: i128 },
    /// Nothing: a bonus period.
    Bonus,
}

impl Share {
    pub(super) fn of(self, price: Amount) -> Amount {
        match self {
            Self::Full => price,
            Self::AllBut { unused, days } => price.saturating_sub(price.times_ratio(unused, days)),
            Self::Fraction { numerator, denominator } => price.times_wide_ratio(numerator, denominator),
            Self::Bonus => Amount::ZERO,
        }
    }
}

/// A paid (or free) period, or a part of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) from: Date,
    pub(super) to: Date,
    pub(super) share: Share,
}

/// The time to cut: from `anchor` to `end`, of which only parts that begin up to `until` are wanted.
pub(super) struct Layout<'a> {
    pub(super) anchor: Date,
    /// The last day, if there is one.
    pub(super) end: Option<Date>,
    pub(super) until: Date,
    pub(super) every: Term,
    pub(super) paid_periods: PaidPeriods,
    pub(super) bonuses: &'a [BonusRange],
}

impl Layout<'_> {
    pub(super) fn parts(&self) -> Vec<Part> {
        if !self.every.is_positive() {
            return Vec::new();
        }
        match (self.paid_periods, self.every.unit) {
            // PAY-5: days have no calendar unit.
            (PaidPeriods::ReferenceDate, _) | (_, TermUnit::Day) => self.reference_parts(),
            (PaidPeriods::NormalizationOnCalendarUnit, _) => self.calendar_parts(),
        }
    }

    fn last_beginning(&self) -> Date {
        self.end.map_or(self.until, |end| end.min(self.until))
    }

    fn clipped(&self, to: Date) -> Date {
        self.end.map_or(to, |end| end.min(to))
    }

    /// Periods on the contract's own day. A bonus of whole periods takes the place of periods and pushes the following ones
    /// back: its length is added to the distance from the anchor, so the billing day stays (DATE-2).
    fn reference_parts(&self) -> Vec<Part> {
        let step = Offset::of(self.every);
        let mut bonuses = self.bonuses.iter().peekable();
        let mut parts = Vec::new();
        let mut distance = Offset::ZERO;
        loop {
            let from = distance.from(self.anchor);
            let next = distance.plus(step);
            let to = calendar::day_before(next.from(self.anchor));
            if from > self.last_beginning() || to < from {
                return parts;
            }
            let free = bonuses.next_if(|bonus| {
                let whole = distance.plus(bonus.length).from(self.anchor) > to;
                bonus.from <= from || (bonus.inside_term && whole && bonus.from <= to)
            });
            if let Some(bonus) = free {
                let after = distance.plus(bonus.length);
                let last = calendar::day_before(after.from(self.anchor));
                parts.push(Part { from, to: self.clipped(last), share: Share::Bonus });
                distance = after;
                continue;
            }
            let mut unused = calendar::days_in(calendar::day_after(self.clipped(to)), to);
            // A bonus shorter than the period it lies in (months in a yearly payment) makes that period cheaper.
            while let Some(bonus) = bonuses.next_if(|bonus| bonus.inside_term && bonus.from <= self.clipped(to)) {
                let last = self.clipped(to).min(bonus.to);
                unused += calendar::days_in(bonus.from, last);
                parts.push(Part { from: bonus.from, to: last, share: Share::Bonus });
            }
            let days = calendar::days_in(from, to);
            let share = if unused == 0 { Share::Full } else { Share::AllBut { unused: unused.min(days), days } };
            parts.push(Part { from, to: self.clipped(to), share });
            distance = next;
        }
    }

    /// Calendar units, of which only the days outside of bonus periods are paid (PAY-4).
    fn calendar_parts(&self) -> Vec<Part> {
        let mut parts = Vec::new();
        let mut from = self.anchor;
        for bonus in self.bonuses.iter().filter(|bonus| bonus.to >= self.anchor) {
            if bonus.from > from {
                self.push_calendar_parts(&mut parts, from, calendar::day_before(bonus.from));
            }
            let begins = bonus.from.max(from);
            if begins <= bonus.to && begins <= self.last_beginning() {
                parts.push(Part { from: begins, to: self.clipped(bonus.to), share: Share::Bonus });
            }
            from = from.max(calendar::day_after(bonus.to));
        }
        self.push_calendar_parts(&mut parts, from, Date::MAX);
        parts
    }

    fn push_calendar_parts(&self, parts: &mut Vec<Part>, from: Date, to: Date) {
        let mut from = from;
        while from <= to && from <= self.last_beginning() {
            let (block_from, block_to) = self.block_at(from);
            let last = self.clipped(block_to).min(to);
            let share = if (from, last) == (block_from, block_to) && !self.is_lead_in(from) {
                Share::Full
            } else {
                self.fraction(from, last, (block_from, block_to))
            };
            parts.push(Part { from, to: last, share });
            if block_to >= Date::MAX {
                return;
            }
            // After a gap inside a block the caller starts anew.
            from = calendar::day_after(last);
        }
    }

    /// The calendar unit that contains `day` (PAY-5).
    fn block_at(&self, day: Date) -> (Date, Date) {
        let count = i64::from(self.every.value);
        let from = match self.every.unit {
            TermUnit::Month if self.is_lead_in(day) => {
                return (calendar::first_of_month(day), calendar::day_before(calendar::first_of_next_month(day)));
            }
            TermUnit::Month => {
                let base = self.month_base();
                let months = month_number(day) - month_number(base);
                Offset { months: months.div_euclid(count).saturating_mul(count), days: 0 }.from(base)
            }
            TermUnit::Year => {
                let base = Date::new(self.anchor.year(), 1, 1).unwrap_or(self.anchor);
                let years = i64::from(day.year()) - i64::from(base.year());
                Offset { months: years.div_euclid(count).saturating_mul(count).saturating_mul(12), days: 0 }.from(base)
            }
            TermUnit::Week | TermUnit::Day => {
                let base = monday_of(self.anchor);
                let length = count.saturating_mul(7);
                let days = calendar::days_between(base, day).div_euclid(length).saturating_mul(length);
                calendar::add_days(base, days)
            }
        };
        (from.min(day), calendar::term_end(from, self.every).max(day))
    }

    /// Whether a year is made of whole blocks of this many months, so that blocks can begin in January.
    const fn divides_the_year(&self) -> bool {
        self.every.value >= 1 && 12 % self.every.value == 0
    }

    fn month_base(&self) -> Date {
        if self.divides_the_year() {
            Date::new(self.anchor.year(), 1, 1).unwrap_or(self.anchor)
        } else if self.anchor.day() == 1 {
            self.anchor
        } else {
            calendar::first_of_next_month(self.anchor)
        }
    }

    /// Blocks that cannot begin in January are counted from the first of a month; the days before that first are a part
    /// of one month.
    fn is_lead_in(&self, day: Date) -> bool {
        self.every.unit == TermUnit::Month && !self.divides_the_year() && day < self.month_base()
    }

    fn fraction(&self, from: Date, to: Date, block: (Date, Date)) -> Share {
        if self.every.unit != TermUnit::Month {
            let (used, days) = (calendar::days_in(from, to), calendar::days_in(block.0, block.1));
            return Share::Fraction { numerator: i128::from(used), denominator: i128::from(days) };
        }
        // Each month costs the same, so its days are worth price / n / days of that month. All lengths of months divide
        // this number (28, 29, 30, 31), which keeps the sum exact until the one rounding.
        const COMMON: i128 = 28 * 29 * 15 * 31;
        let mut numerator = 0;
        let mut day = from;
        while day <= to {
            let month_end = day.last_of_month();
            let used = calendar::days_in(day, month_end.min(to));
            numerator += i128::from(used) * (COMMON / i128::from(month_end.day()));
            if month_end >= Date::MAX {
                break;
            }
            day = calendar::day_after(month_end);
        }
        Share::Fraction { numerator, denominator: COMMON * i128::from(self.every.value) }
    }
}

fn month_number(day: Date) -> i64 {
    i64::from(day.year()) * 12 + i64::from(day.month())
}

fn monday_of(day: Date) -> Date {
    calendar::add_days(day, -i64::from(day.weekday().since(Weekday::Monday)))
}
