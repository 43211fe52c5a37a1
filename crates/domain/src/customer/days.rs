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

    /// Up to a day, included.
    #[must_use]
    pub const fn until(to: Date) -> Self {
        Self { from: None, to: Some(to) }
    }

    /// The days from `today` on before any of `all` begin or are over.
    #[must_use]
    pub fn alike(all: impl IntoIterator<Item = Self>, today: Date) -> Self {
        let turns = all.into_iter().filter_map(|days| match days {
            Self { from: Some(from), .. } if from > today => from.yesterday().ok(),
            Self { to: Some(to), .. } if to >= today => Some(to),
            _ => None,
        });
        Self { from: Some(today), to: turns.min() }
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

    #[test]
    fn days_are_alike_until_something_begins_or_is_over() {
        let (first, last) = (date(2026, 11, 10), date(2026, 11, 20));
        let whole = Days::between(first, last);
        for (all, today, to) in [
            (vec![], first, None),
            (vec![whole], date(2026, 11, 8), Some(date(2026, 11, 9))),
            (vec![whole], date(2026, 11, 9), Some(date(2026, 11, 9))),
            (vec![whole], first, Some(last)),
            (vec![whole], last, Some(last)),
            (vec![whole], date(2026, 11, 21), None),
            (vec![Days::ALWAYS, Days::since(first)], first, None),
            (vec![Days::until(last), Days::since(first)], date(2026, 11, 1), Some(date(2026, 11, 9))),
            (vec![Days::until(last), Days::since(first)], first, Some(last)),
            (vec![Days::until(last), whole, Days::until(date(2026, 11, 15))], first, Some(date(2026, 11, 15))),
            (vec![Days::since(Date::MAX), Days::until(Date::MAX)], Date::MAX, Some(Date::MAX)),
        ] {
            let alike = Days::alike(all.clone(), today);
            assert_eq!(alike, Days { from: Some(today), to }, "{all:?} {today}");
            // What is said of each is the same on all of them, and on the day behind them it is not.
            let told = |day| all.iter().map(|days| (days.covers(day), days.is_over(day))).collect::<Vec<_>>();
            let end = to.unwrap_or(date(2027, 1, 1)).max(today);
            assert!(
                today
                    .series(jiff::Span::new().days(1))
                    .take_while(|day| *day <= end)
                    .all(|day| told(day) == told(today))
            );
            assert!(to.is_none_or(|to| to.tomorrow().is_ok_and(|next| told(next) != told(today)) || to == Date::MAX));
        }
    }
}
