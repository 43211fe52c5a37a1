//! Exceptions from the opening hours: once or every year (STU-1, STU-3).

use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::problem::{Problem, Problems};
use crate::serde_defaults::is_default;

/// A time in which the studio is closed although the opening hours say otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClosingHours {
    /// Why, as members read it.
    pub reason: String,
    /// The first closed moment, local, such as `2026-12-24T14:00`.
    pub from: DateTime,
    /// The moment it opens again, local.
    pub to: DateTime,
    /// Whether the same days are closed every year from then on.
    #[serde(default, skip_serializing_if = "is_default")]
    pub yearly: bool,
}

/// One occurrence of closing hours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosingPeriod {
    /// Why, as members read it.
    pub reason: String,
    /// The first closed moment, local.
    pub from: DateTime,
    /// The moment it opens again, local.
    pub to: DateTime,
}

impl ClosingHours {
    /// The first occurrence that ends after `moment`; nothing when all are over.
    #[must_use]
    pub fn occurrence_ending_after(&self, moment: DateTime) -> Option<ClosingPeriod> {
        let elapsed = i64::from(moment.year()) - i64::from(self.to.year());
        let (first, last) = if self.yearly { (elapsed.max(0), elapsed.max(0) + 1) } else { (0, 0) };
        (first..=last).map(|years| self.after_years(years)).find(|period| period.to > moment)
    }

    /// The occurrence so many years after the first. 29 February is 28 February in common years.
    fn after_years(&self, years: i64) -> ClosingPeriod {
        // No two moments are further apart than 19 998 years, which the span can hold.
        let span = years.clamp(0, 19_998).years();
        ClosingPeriod {
            reason: self.reason.clone(),
            from: self.from.saturating_add(span),
            to: self.to.saturating_add(span),
        }
    }

    /// What cannot work.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Problems::default();
        problems.require_text("reason", &self.reason);
        problems.add_if(self.to <= self.from, "to", "must be after from");
        let too_long = self.yearly && self.to >= self.from.saturating_add(1.year());
        problems.add_if(too_long, "to", "must be within a year, because it closes again every year");
        problems.done()
    }
}

/// The closing hours that are still of interest on `today`: all that are not over, of yearly ones the next (or present)
/// occurrence, in order of their beginnings (STU-3).
#[must_use]
pub fn upcoming_closing_hours(closing_hours: &[ClosingHours], today: Date) -> Vec<ClosingPeriod> {
    let morning = today.to_datetime(jiff::civil::Time::midnight());
    let mut periods: Vec<_> =
        closing_hours.iter().filter_map(|closing| closing.occurrence_ending_after(morning)).collect();
    periods.sort_by_key(|period| (period.from, period.to));
    periods
}

/// Whether `at`, in the studio's zone, falls into closing hours.
#[must_use]
pub fn is_closed(closing_hours: &[ClosingHours], at: DateTime) -> bool {
    let occurrences = closing_hours.iter().filter_map(|closing| closing.occurrence_ending_after(at));
    occurrences.into_iter().any(|period| period.from <= at)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn closing(from: &str, to: &str, yearly: bool) -> ClosingHours {
        ClosingHours { reason: "Holiday".to_owned(), from: from.parse().unwrap(), to: to.parse().unwrap(), yearly }
    }

    #[test]
    fn stu_3_closing_hours_from_today_on() {
        let all = [
            closing("2020-12-24T14:00", "2020-12-27T00:00", true),
            closing("2026-11-01T00:00", "2026-11-02T00:00", false),
            closing("2026-11-20T18:00", "2026-11-21T10:00", false),
            closing("2020-12-31T12:00", "2021-01-02T00:00", true),
            closing("2028-02-29T00:00", "2028-03-01T00:00", true),
        ];
        let shown = |today| {
            let periods = upcoming_closing_hours(&all, today);
            periods.iter().map(|period| format!("{}", period.from)).collect::<Vec<_>>()
        };
        assert_eq!(
            shown(date(2026, 11, 21)),
            ["2026-11-20T18:00:00", "2026-12-24T14:00:00", "2026-12-31T12:00:00", "2028-02-29T00:00:00"]
        );
        // The turn of the year is running on 1 January and over on 2 January.
        assert_eq!(shown(date(2027, 1, 1))[0], "2026-12-31T12:00:00");
        assert_eq!(shown(date(2027, 1, 2)), ["2027-12-24T14:00:00", "2027-12-31T12:00:00", "2028-02-29T00:00:00"]);
        assert_eq!(shown(date(2029, 1, 2))[0], "2029-02-28T00:00:00");
    }

    #[test]
    fn stu_1_closed_moments() {
        let all = [closing("2020-12-24T14:00", "2020-12-27T00:00", true)];
        for (at, closed) in [
            ("2026-12-24T13:59", false),
            ("2026-12-24T14:00", true),
            ("2026-12-26T23:59", true),
            ("2026-12-27T00:00", false),
            ("2019-12-25T12:00", false),
        ] {
            assert_eq!(is_closed(&all, at.parse().unwrap()), closed, "{at}");
        }
    }

    #[test]
    fn impossible_closing_hours_are_named_and_limits_hold() {
        assert_eq!(closing("2026-01-02T00:00", "2026-01-01T00:00", false).problems().len(), 1);
        assert_eq!(closing("2026-01-02T00:00", "2027-01-02T00:00", true).problems().len(), 1);
        let wide = closing("-009999-01-02T00:00", "9999-12-30T00:00", true);
        let _ = upcoming_closing_hours(&[wide], Date::MAX);
        let _ = upcoming_closing_hours(&[closing("-009999-01-02T00:00", "-009999-01-03T00:00", true)], Date::MAX);
    }
}
