//! A time in days, with or without ends.

use jiff::civil::Date;

/// Days from one to another, both included; without an end where it is not said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Days {
    /// The first day; since ever when left out.
    pub from: Option<Date>,
    /// The last day; for ever when left out.
    pub to: Option<Date>,
}

impl Days {
    /// Every day.
    pub const ALWAYS: Self = Self { from: None, to: None };

    /// From one day to another, both included.
    #[must_use]
    pub const fn between(from: Date, to: Date) -> Self {
        Self { from: Some(from), to: Some(to) }
    }

    /// From a day on.
    #[must_use]
    pub const fn since(from: Date) -> Self {
        Self { from: Some(from), to: None }
    }

    /// Whether `day` is one of them.
    #[must_use]
    pub fn covers(self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && !self.is_over(day)
    }

    /// Whether all of them lie before `day`.
    #[must_use]
    pub fn is_over(self, day: Date) -> bool {
        self.to.is_some_and(|to| to < day)
    }

    /// Whether all of them lie after `day`.
    #[must_use]
    pub fn is_later(self, day: Date) -> bool {
        self.from.is_some_and(|from| from > day)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn both_ends_are_included() {
        let days = Days::between(date(2026, 11, 1), date(2026, 11, 30));
        for (day, covers, over, later) in [
            (date(2026, 10, 31), false, false, true),
            (date(2026, 11, 1), true, false, false),
            (date(2026, 11, 30), true, false, false),
            (date(2026, 12, 1), false, true, false),
        ] {
            assert_eq!((days.covers(day), days.is_over(day), days.is_later(day)), (covers, over, later), "{day}");
        }
        assert!(Days::ALWAYS.covers(Date::MIN) && Days::ALWAYS.covers(Date::MAX));
        assert!(Days::since(date(2026, 1, 1)).covers(Date::MAX));
    }
}
