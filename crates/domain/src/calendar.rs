//! Date arithmetic (DATE-1 to DATE-5): the one place that knows how months are added.
//!
//! Ranges are inclusive on both ends. Nothing here fails: a date beyond the calendar's end (the years -9999 to 9999) is held
//! at that end, because a refused date in the middle of a price calculation would help nobody.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::term::{Term, TermUnit};

/// A distance from an anchor date: first so many months, then so many days.
///
/// Chains of terms are added up here before they are applied, so that each step is counted from the anchor and no clamped
/// date is ever stepped from (DATE-2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Offset {
    /// Whole months, twelve for a year.
    pub months: i64,
    /// Days, seven for a week, counted after the months.
    pub days: i64,
}

impl Offset {
    /// The anchor itself.
    pub const ZERO: Self = Self { months: 0, days: 0 };

    /// The distance of one term.
    #[must_use]
    pub const fn of(term: Term) -> Self {
        let value = term.value as i64;
        match term.unit {
            TermUnit::Day => Self { months: 0, days: value },
            TermUnit::Week => Self { months: 0, days: value.saturating_mul(7) },
            TermUnit::Month => Self { months: value, days: 0 },
            TermUnit::Year => Self { months: value.saturating_mul(12), days: 0 },
        }
    }

    /// This distance and then another one.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self { months: self.months.saturating_add(other.months), days: self.days.saturating_add(other.days) }
    }

    /// This distance `steps` times.
    #[must_use]
    pub const fn times(self, steps: i64) -> Self {
        Self { months: self.months.saturating_mul(steps), days: self.days.saturating_mul(steps) }
    }

    /// The date at this distance from `anchor`, held at the calendar's ends.
    #[must_use]
    pub fn from(self, anchor: Date) -> Date {
        add_days(add_months(anchor, self.months), self.days)
    }

    /// Whether it leads to a later date than its anchor.
    #[must_use]
    pub const fn is_forward(self) -> bool {
        self.months >= 0 && self.days >= 0 && (self.months > 0 || self.days > 0)
    }
}

/// Months that are certainly beyond the calendar from any date in it.
const MONTHS_OF_THE_CALENDAR: i64 = 20_000 * 12;
/// Days that are certainly beyond the calendar from any date in it.
const DAYS_OF_THE_CALENDAR: i64 = 20_000 * 366;

fn add_months(date: Date, months: i64) -> Date {
    // The span's own limits are narrower than i64: values beyond the calendar are cut before a span is made.
    let months = months.clamp(-MONTHS_OF_THE_CALENDAR, MONTHS_OF_THE_CALENDAR).clamp(-239_976, 239_976);
    date.saturating_add(months.months())
}

/// `date` moved by so many days, held at the calendar's ends.
#[must_use]
pub fn add_days(date: Date, days: i64) -> Date {
    let days = days.clamp(-DAYS_OF_THE_CALENDAR, DAYS_OF_THE_CALENDAR).clamp(-7_304_484, 7_304_484);
    date.saturating_add(days.days())
}

/// `anchor` moved by one term (DATE-1).
#[must_use]
pub fn add(anchor: Date, term: Term) -> Date {
    Offset::of(term).from(anchor)
}

/// `anchor` moved by `steps` terms, each counted from the anchor (DATE-2). Negative steps go back.
#[must_use]
pub fn add_steps(anchor: Date, term: Term, steps: i64) -> Date {
    Offset::of(term).times(steps).from(anchor)
}

/// The last day of a term that begins on `start` (DATE-3).
#[must_use]
pub fn term_end(start: Date, term: Term) -> Date {
    day_before(add(start, term))
}

/// The last day on which a notice may arrive so that a contract ends on `end` (DATE-4).
#[must_use]
pub fn notice_deadline(end: Date, period: Option<Term>) -> Date {
    match period {
        Some(period) => day_before(add_steps(day_after(end), period, -1)),
        None => end,
    }
}

/// The day after `date`.
#[must_use]
pub fn day_after(date: Date) -> Date {
    add_days(date, 1)
}

/// The day before `date`.
#[must_use]
pub fn day_before(date: Date) -> Date {
    add_days(date, -1)
}

/// Completed years of life on `day` (DATE-5); negative before the birth. Somebody born on 29 February completes a year on
/// 1 March of a common year.
#[must_use]
pub fn age_on(birth: Date, day: Date) -> i32 {
    let years = i32::from(day.year()) - i32::from(birth.year());
    if (day.month(), day.day()) < (birth.month(), birth.day()) { years - 1 } else { years }
}

/// Days from `from` to `to`, not counting one of the ends: the same day is 0; negative when `to` is earlier.
#[must_use]
pub fn days_between(from: Date, to: Date) -> i64 {
    from.duration_until(to).as_hours() / 24
}

/// Days of the range `from..=to`, counting both ends; 0 for a reversed range.
#[must_use]
pub fn days_in(from: Date, to: Date) -> i64 {
    (days_between(from, to) + 1).max(0)
}

/// The first day of the month that contains `date`.
#[must_use]
pub fn first_of_month(date: Date) -> Date {
    date.first_of_month()
}

/// The first day of the month after the one that contains `date`.
#[must_use]
pub fn first_of_next_month(date: Date) -> Date {
    add_months(date.first_of_month(), 1)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn term(text: &str) -> Term {
        text.parse().unwrap()
    }

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn date_1_months_are_clamped() {
        assert_eq!(add(date(2026, 1, 31), Term::months(1)), date(2026, 2, 28));
        assert_eq!(add(date(2024, 2, 29), Term::years(1)), date(2025, 2, 28));
        assert_eq!(add(date(2026, 1, 5), Term::weeks(2)), date(2026, 1, 19));
    }

    #[test]
    fn date_2_steps_are_taken_from_the_anchor() {
        let steps: Vec<_> = (0..5).map(|n| add_steps(date(2026, 1, 31), Term::months(1), n).to_string()).collect();
        assert_eq!(steps, ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]);
    }

    #[test]
    fn date_2_months_come_before_days() {
        let both = Offset::of(Term::days(1)).plus(Offset::of(Term::months(1)));
        assert_eq!(both.from(date(2026, 1, 30)), date(2026, 3, 1));
    }

    #[test]
    fn date_3_term_ends() {
        for (start, length, end) in [
            ("2026-01-01", "12 MONTH", "2026-12-31"),
            ("2026-03-15", "24 MONTH", "2028-03-14"),
            ("2026-01-31", "1 MONTH", "2026-02-27"),
            ("2026-01-31", "2 MONTH", "2026-03-30"),
            ("2024-02-29", "1 YEAR", "2025-02-27"),
            ("2026-01-05", "52 WEEK", "2027-01-03"),
            ("2026-01-05", "30 DAY", "2026-02-03"),
        ] {
            assert_eq!(term_end(day(start), term(length)), day(end), "{start} {length}");
        }
    }

    #[test]
    fn date_4_notice_deadlines() {
        for (end, period, last_day) in [
            ("2026-12-31", Some("1 MONTH"), "2026-11-30"),
            ("2027-01-14", Some("1 MONTH"), "2026-12-14"),
            ("2026-12-31", Some("3 MONTH"), "2026-09-30"),
            ("2027-03-14", Some("1 MONTH"), "2027-02-14"),
            ("2026-02-27", Some("1 MONTH"), "2026-01-27"),
            ("2026-03-30", Some("1 MONTH"), "2026-02-27"),
            ("2026-12-31", Some("14 DAY"), "2026-12-17"),
            ("2026-12-31", None, "2026-12-31"),
        ] {
            assert_eq!(notice_deadline(day(end), period.map(term)), day(last_day), "{end} {period:?}");
        }
    }

    #[test]
    fn date_5_ages() {
        for (birth, on, age) in [
            ("2008-06-10", "2026-06-09", 17),
            ("2008-06-10", "2026-06-10", 18),
            ("2004-02-29", "2026-02-28", 21),
            ("2004-02-29", "2026-03-01", 22),
            ("2004-02-29", "2028-02-29", 24),
            ("2026-05-05", "2026-05-04", -1),
        ] {
            assert_eq!(age_on(day(birth), day(on)), age, "{birth} {on}");
        }
    }

    #[test]
    fn days_are_counted_with_and_without_the_ends() {
        assert_eq!(days_between(day("2026-06-05"), day("2026-06-14")), 9);
        assert_eq!(days_in(day("2026-06-05"), day("2026-06-14")), 10);
        assert_eq!(days_in(day("2026-06-15"), day("2026-06-14")), 0);
        assert_eq!(first_of_next_month(day("2026-12-31")), day("2027-01-01"));
    }

    #[test]
    fn the_ends_of_the_calendar_hold() {
        for value in [i32::MIN, -1, 0, 1, i32::MAX] {
            for unit in [TermUnit::Day, TermUnit::Week, TermUnit::Month, TermUnit::Year] {
                for anchor in [Date::MIN, date(2026, 1, 31), Date::MAX] {
                    for steps in [i64::MIN, -1, 1, i64::MAX] {
                        let _ = add_steps(anchor, Term::new(value, unit), steps);
                    }
                    let _ = notice_deadline(term_end(anchor, Term::new(value, unit)), Some(Term::new(value, unit)));
                }
            }
        }
        assert_eq!(add(Date::MAX, Term::days(1)), Date::MAX);
        assert_eq!(day_before(Date::MIN), Date::MIN);
        assert_eq!(days_between(Date::MIN, Date::MAX), 7_304_483);
    }
}
