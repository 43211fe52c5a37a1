//! When a class is held: the days of a series, with their exceptions, as instants of a zone.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};

use super::class::ClassSeries;
use crate::calendar;
use crate::studio::Weekday;

/// One time at which a class is held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Occurrence<'s> {
    /// The day of the series that it stands for, also where it was moved to another.
    pub on: Date,
    /// When it begins, by the studio's clock.
    pub local_start: DateTime,
    /// When it begins.
    pub starts_at: Timestamp,
    /// When it ends: so many minutes as pass later, whatever the clocks do.
    pub ends_at: Timestamp,
    /// The key of the room.
    pub room: Option<&'s str>,
    /// Keys of the employees who lead it.
    pub instructors: &'s [String],
}

impl ClassSeries {
    /// Whether the series itself falls on that day; exceptions do not matter.
    #[must_use]
    pub fn is_held_on(&self, day: Date) -> bool {
        if day < self.from || self.to.is_some_and(|to| day > to) || self.every_weeks == 0 {
            return false;
        }
        let (passed, left) = (day.day() - 1, day.days_in_month() - day.day());
        let numbers = [passed / 7 + 1, -(left / 7 + 1)].map(i32::from);
        if !self.of_month.is_empty() && !self.of_month.iter().any(|number| numbers.contains(number)) {
            return false;
        }
        let monday = |day: Date| calendar::add_days(day, -i64::from(day.weekday().to_monday_zero_offset()));
        let weeks = calendar::days_between(monday(self.from), monday(day)) / 7;
        weeks % i64::from(self.every_weeks) == 0 && self.weekdays.contains(&Weekday::from(day.weekday()))
    }

    /// The times that stand for the days from `first` to `last`, in the order of these days. A time of day that the clocks jump
    /// over is later by the jump, and the earlier one of two (TIME-4).
    pub fn occurrences<'s>(
        &'s self,
        first: Date,
        last: Date,
        minutes: u32,
        zone: &'s TimeZone,
    ) -> impl Iterator<Item = Occurrence<'s>> {
        let first = first.max(self.from);
        let last = self.to.map_or(last, |to| last.min(to));
        let mut next = (first <= last).then_some(first);
        let days = std::iter::from_fn(move || {
            let day = next?;
            next = day.tomorrow().ok().filter(|tomorrow| *tomorrow <= last);
            Some(day)
        });
        days.filter(|day| self.is_held_on(*day)).filter_map(move |on| self.occurrence(on, minutes, zone))
    }

    fn occurrence(&self, on: Date, minutes: u32, zone: &TimeZone) -> Option<Occurrence<'_>> {
        let exception = self.exceptions.iter().find(|exception| exception.on == on);
        if exception.is_some_and(|exception| exception.canceled) {
            return None;
        }
        let regular = on.to_datetime(self.starts.time());
        let local_start = exception.and_then(|exception| exception.moved_to).unwrap_or(regular);
        let starts_at = zone.to_ambiguous_timestamp(local_start).compatible().ok()?;
        let ends_at = starts_at.checked_add(i64::from(minutes).minutes()).ok()?;
        let room = exception.and_then(|exception| exception.room.as_deref()).or(self.room.as_deref());
        let instructors = match exception {
            Some(exception) if !exception.instructors.is_empty() => &exception.instructors,
            _ => &self.instructors,
        };
        Some(Occurrence { on, local_start, starts_at, ends_at, room, instructors })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::customer::dice::Dice;

    fn series(json: &str) -> ClassSeries {
        serde_json::from_str(json).unwrap()
    }

    fn starts(series: &ClassSeries, first: &str, last: &str, zone: &str) -> Vec<String> {
        let zone = TimeZone::get(zone).unwrap();
        let (first, last) = (first.parse().unwrap(), last.parse().unwrap());
        series
            .occurrences(first, last, 60, &zone)
            .map(|at| format!("{}", at.starts_at.to_zoned(zone.clone()).strftime("%F %R %:z")))
            .collect()
    }

    #[test]
    fn days_of_the_week_every_so_many_weeks() {
        // 2026-01-01 is a Thursday; its week begins on 2025-12-29.
        let weekly =
            series(r#"{"weekdays":["MONDAY","THURSDAY"],"starts":"18:00","from":"2026-01-01","to":"2026-01-12"}"#);
        assert_eq!(
            starts(&weekly, "2025-12-20", "2026-02-01", "UTC"),
            [
                "2026-01-01 18:00 +00:00",
                "2026-01-05 18:00 +00:00",
                "2026-01-08 18:00 +00:00",
                "2026-01-12 18:00 +00:00"
            ]
        );
        let fortnightly =
            series(r#"{"weekdays":["MONDAY","THURSDAY"],"starts":"18:00","from":"2026-01-01","every_weeks":2}"#);
        assert_eq!(
            starts(&fortnightly, "2026-01-01", "2026-01-16", "UTC"),
            ["2026-01-01 18:00 +00:00", "2026-01-12 18:00 +00:00", "2026-01-15 18:00 +00:00"]
        );
        assert!(starts(&weekly, "2026-01-09", "2026-01-02", "UTC").is_empty());
    }

    #[test]
    fn the_first_the_fifth_and_the_last_of_a_month() {
        let on = |numbers: &str| {
            let json =
                format!(r#"{{"weekdays":["SUNDAY"],"starts":"10:00","from":"2026-01-01","of_month":{numbers}}}"#);
            let series = series(&json);
            assert_eq!(series.problems(), [], "{numbers}");
            let held = starts(&series, "2026-01-01", "2026-04-30", "UTC");
            held.into_iter().map(|at| at[5..10].to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(on("[1]"), ["01-04", "02-01", "03-01", "04-05"]);
        // February has four Sundays, March five.
        assert_eq!(on("[5]"), ["03-29"]);
        assert_eq!(on("[-1]"), ["01-25", "02-22", "03-29", "04-26"]);
        assert_eq!(on("[-5]"), ["03-01"]);
        assert_eq!(on("[2,-1]"), ["01-11", "01-25", "02-08", "02-22", "03-08", "03-29", "04-12", "04-26"]);
    }

    #[test]
    fn the_time_of_day_stays_when_the_clocks_change() {
        let sunday = series(r#"{"weekdays":["SATURDAY","SUNDAY"],"starts":"02:30","from":"2026-01-01"}"#);
        assert_eq!(
            starts(&sunday, "2026-03-28", "2026-03-29", "Europe/Berlin"),
            ["2026-03-28 02:30 +01:00", "2026-03-29 03:30 +02:00"]
        );
        // It comes twice; the earlier one counts.
        assert_eq!(starts(&sunday, "2026-10-25", "2026-10-25", "Europe/Berlin"), ["2026-10-25 02:30 +02:00"]);
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let night = sunday.occurrences(date(2026, 10, 25), date(2026, 10, 25), 120, &zone).next().unwrap();
        assert_eq!(night.ends_at.as_second() - night.starts_at.as_second(), 7200);
    }

    #[test]
    fn exceptions_cancel_move_and_replace() {
        let series = series(
            r#"{"weekdays":["MONDAY"],"starts":"18:00","from":"2026-01-05","room":"hall","instructors":["ada"],
            "exceptions":[{"on":"2026-01-05","canceled":true},{"on":"2026-01-12","moved_to":"2026-01-13T09:00"},
                {"on":"2026-01-19","instructors":["bob"],"room":"cellar"}]}"#,
        );
        assert_eq!(series.problems(), []);
        let zone = TimeZone::UTC;
        let found: Vec<_> = series.occurrences(date(2026, 1, 1), date(2026, 1, 26), 60, &zone).collect();
        let told: Vec<_> = found
            .iter()
            .map(|at| (at.on.day(), at.local_start.day(), at.local_start.hour(), at.room, at.instructors[0].as_str()))
            .collect();
        let hall = Some("hall");
        assert_eq!(told, [(12, 13, 9, hall, "ada"), (19, 19, 18, Some("cellar"), "bob"), (26, 26, 18, hall, "ada")]);
    }

    #[test]
    fn a_longer_look_ahead_finds_the_same_and_more() {
        let mut dice = Dice::new(8);
        let zone = TimeZone::get("Australia/Lord_Howe").unwrap();
        for _ in 0..2000 {
            let from = calendar::add_days(date(2026, 1, 1), dice.below(400) as i64);
            let day = dice.pick(&["MONDAY", "WEDNESDAY", "SUNDAY"]);
            let series = series(&format!(
                r#"{{"weekdays":["{day}","FRIDAY"],"starts":"{:02}:30","from":"{from}","every_weeks":{}}}"#,
                dice.below(24),
                1 + dice.below(4)
            ));
            let first = calendar::add_days(from, dice.below(30) as i64 - 15);
            let (near, far) = (calendar::add_days(first, 10), calendar::add_days(first, 40));
            let short: Vec<_> = series.occurrences(first, near, 45, &zone).collect();
            let long: Vec<_> = series.occurrences(first, far, 45, &zone).collect();
            assert_eq!(&long[..short.len()], &short[..]);
            assert!(long[short.len()..].iter().all(|at| at.on > near));
            assert!(long.iter().all(|at| series.is_held_on(at.on) && at.starts_at < at.ends_at));
        }
    }
}
