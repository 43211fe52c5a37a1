//! From hours as people write them, on weekdays and by the clock on the wall, to the instants that they mean (TIME-3, TIME-4).
//!
//! A time of day that the clocks jump over moves forward by the jump, and one that comes twice is the first. A day that a zone left
//! out altogether, as Samoa did when it changed sides of the date line, has no hours.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{AmbiguousOffset, TimeZone};

use super::times::{Period, Times};
use crate::calendar::{add_days, day_after, day_before, days_in};
use crate::studio::{StudioDefinition, Weekday, Window};

/// The instant at which the clocks of a zone show a time; held at the ends of time.
#[must_use]
pub fn instant(local: DateTime, zone: &TimeZone) -> Timestamp {
    let end = if local.year() < 0 { Timestamp::MIN } else { Timestamp::MAX };
    zone.to_ambiguous_timestamp(local).compatible().unwrap_or(end)
}

/// The instants at which a studio is open, as far as they lie in or near a period: its opening hours, or all the time if it has none, without
/// its closing hours (STU-1).
#[must_use]
pub fn open(studio: &StudioDefinition, zone: &TimeZone, near: Period) -> Times {
    let hours = if studio.opening_hours.is_empty() {
        Times::of([near])
    } else {
        Times::of(days_near(zone, near).flat_map(|day| {
            let weekday = Weekday::from(day.weekday());
            let of_day = studio.opening_hours.iter().filter(move |range| range.covers(weekday));
            of_day.map(move |range| by_the_clock(day, range.opens.time(), range.closes.time(), zone))
        }))
    };
    hours.without(&closed(studio, zone, near))
}

fn closed(studio: &StudioDefinition, zone: &TimeZone, near: Period) -> Times {
    let (first, last) = (zone.to_datetime(near.start), zone.to_datetime(near.end));
    let mut periods = Vec::new();
    for closing in &studio.closing_hours {
        // One that comes every year may come again before the end. Each that is found ends later than the one before.
        let mut from = day_before(first.date()).to_datetime(Time::midnight());
        while let Some(found) = closing.occurrence_ending_after(from).filter(|found| found.from <= last) {
            periods.push(Period::new(instant(found.from, zone), instant(found.to, zone)));
            from = found.to;
        }
    }
    Times::of(periods)
}

/// The instants of hours that come every week, as far as they lie in or near a period. Hours that end at or before the time of day at which
/// they begin end on the next day.
#[must_use]
pub fn weekly(windows: &[Window], zone: &TimeZone, near: Period) -> Times {
    Times::of(days_near(zone, near).flat_map(|day| {
        let weekday = Weekday::from(day.weekday());
        let of_day = windows.iter().filter(move |window| window.day == weekday);
        of_day.map(move |window| by_the_clock(day, window.from.time(), window.to.time(), zone))
    }))
}

/// From one time of a day to another, of the same day or, if that is not later, of the next.
fn by_the_clock(day: Date, from: Time, to: Time, zone: &TimeZone) -> Period {
    let last = if to <= from { day_after(day) } else { day };
    Period::new(instant(day.to_datetime(from), zone), instant(last.to_datetime(to), zone))
}

/// The days of a zone around a period, with one more on each side for what goes on past midnight.
fn days_near(zone: &TimeZone, near: Period) -> impl Iterator<Item = Date> {
    let first = day_before(zone.to_datetime(near.start).date());
    let last = day_after(zone.to_datetime(near.end).date());
    days(first, last, zone)
}

/// The days from one to another that there are in a zone.
fn days(first: Date, last: Date, zone: &TimeZone) -> impl Iterator<Item = Date> {
    let all = (0..days_in(first, last)).map(move |number| add_days(first, number));
    all.filter(|day| zone.to_datetime(instant(day.to_datetime(Time::midnight()), zone)).date() == *day)
}

/// All instants of the days from `first` to `last`.
#[must_use]
pub fn of_days(first: Date, last: Date, zone: &TimeZone) -> Period {
    let midnight = |day: Date| instant(day.to_datetime(Time::midnight()), zone);
    Period::new(midnight(first), midnight(day_after(last)))
}

/// Minutes of a day.
const MINUTES: u32 = 24 * 60;

/// The instants of the days from `first` to `last` at which the clocks show a multiple of so many minutes after midnight, in order. A time
/// that the clocks jump over is none of them, and one that comes twice is two.
#[must_use]
pub fn grid(first: Date, last: Date, step_minutes: u32, zone: &TimeZone) -> Vec<Timestamp> {
    let mut found = Vec::new();
    for day in days(first, last, zone) {
        for minute in (0..MINUTES).step_by(step_minutes.max(1) as usize) {
            let local = day.at((minute / 60) as i8, (minute % 60) as i8, 0, 0);
            let (one, other) = match zone.to_ambiguous_timestamp(local).offset() {
                AmbiguousOffset::Unambiguous { offset } => (Some(offset), None),
                AmbiguousOffset::Gap { .. } => (None, None),
                AmbiguousOffset::Fold { before, after } => (Some(before), Some(after)),
            };
            found.extend([one, other].into_iter().flatten().filter_map(|offset| offset.to_timestamp(local).ok()));
        }
    }
    found.sort_unstable();
    found
}

/// Whether the clocks of a zone show a multiple of so many minutes after midnight.
#[must_use]
pub fn is_on_grid(at: Timestamp, step_minutes: u32, zone: &TimeZone) -> bool {
    let time = zone.to_datetime(at).time();
    let minute = u32::try_from(time.hour()).unwrap_or(0) * 60 + u32::try_from(time.minute()).unwrap_or(0);
    minute % step_minutes.max(1) == 0 && time.second() == 0 && time.subsec_nanosecond() == 0
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).unwrap()
    }

    fn shown(times: &Times) -> Vec<String> {
        times.periods().iter().map(|period| format!("{} {}", period.start, period.end)).collect()
    }

    fn windows(json: &str) -> Vec<Window> {
        serde_json::from_str(json).unwrap()
    }

    fn on(day: Date, zone: &TimeZone) -> Period {
        of_days(day, day, zone)
    }

    #[test]
    fn time_4_hours_of_the_nights_in_which_the_clocks_are_changed() {
        let berlin = zone("Europe/Berlin");
        let night =
            windows(r#"[{"day":"SATURDAY","from":"22:00","to":"06:00"},{"day":"SUNDAY","from":"06:00","to":"24:00"}]"#);
        let sunday = |day| weekly(&night, &berlin, on(day, &berlin)).periods().last().copied().unwrap();
        let hours = |period: Period| period.start.duration_until(period.end).as_hours();
        assert_eq!(
            [date(2026, 3, 22), date(2026, 3, 29), date(2026, 10, 25)].map(|day| hours(sunday(day))),
            [26, 25, 27]
        );
        let half_past_two =
            windows(r#"[{"day":"SUNDAY","from":"00:00","to":"02:30"},{"day":"SUNDAY","from":"03:00","to":"04:00"}]"#);
        let of = |day| shown(&weekly(&half_past_two, &berlin, on(day, &berlin)));
        // Half past two is half past three when the clocks are put forward, and the first of both when they are put back.
        assert_eq!(of(date(2026, 3, 29)), ["2026-03-28T23:00:00Z 2026-03-29T02:00:00Z"]);
        assert_eq!(
            of(date(2026, 10, 25)),
            ["2026-10-24T22:00:00Z 2026-10-25T00:30:00Z", "2026-10-25T02:00:00Z 2026-10-25T03:00:00Z"]
        );
    }

    #[test]
    fn a_day_that_was_left_out_has_no_hours() {
        // Samoa had no 30 December 2011, which would have been a Friday.
        let apia = zone("Pacific/Apia");
        let friday =
            windows(r#"[{"day":"FRIDAY","from":"08:00","to":"16:00"},{"day":"THURSDAY","from":"22:00","to":"24:00"}]"#);
        let near = of_days(date(2011, 12, 29), date(2011, 12, 31), &apia);
        assert_eq!(shown(&weekly(&friday, &apia, near)), ["2011-12-30T08:00:00Z 2011-12-30T10:00:00Z"]);
        assert_eq!(grid(date(2011, 12, 29), date(2011, 12, 31), 720, &apia).len(), 4);
    }

    #[test]
    fn app_2_the_grid_is_that_of_the_clock_on_the_wall() {
        let lord_howe = zone("Australia/Lord_Howe");
        let starts = |day| grid(day, day, 30, &lord_howe);
        let quiet = date(2026, 7, 1);
        // Half an hour is missing in spring and comes twice in autumn.
        assert_eq!([quiet, date(2026, 10, 4), date(2026, 4, 5)].map(|day| starts(day).len()), [48, 47, 49]);
        for day in [quiet, date(2026, 10, 4), date(2026, 4, 5)] {
            let starts = starts(day);
            assert!(starts.is_sorted() && starts.iter().all(|at| is_on_grid(*at, 30, &lord_howe)), "{day}");
        }
        let kolkata = zone("Asia/Kolkata");
        let hour = grid(quiet, quiet, 60, &kolkata);
        assert_eq!(hour[0].to_string(), "2026-06-30T18:30:00Z");
        assert!(!is_on_grid("2026-06-30T19:00:00Z".parse().unwrap(), 60, &kolkata));
        assert!(!is_on_grid("2026-06-30T18:30:01Z".parse().unwrap(), 60, &kolkata));
        // Steps that do not fill the day begin anew at midnight.
        assert_eq!(grid(quiet, add_days(quiet, 1), 1000, &kolkata).len(), 4);
    }

    #[test]
    fn closing_hours_are_cut_out_of_the_opening_hours() {
        let studio: StudioDefinition = serde_json::from_str(
            r#"{"name":"A","country":"Germany","country_code":"DE","zone":"Europe/Berlin","currency":"EUR",
            "opening_hours":[{"from":"MONDAY","to":"SUNDAY","opens":"06:00","closes":"24:00"},
                {"from":"SATURDAY","to":"SATURDAY","opens":"00:00","closes":"02:00"}],
            "closing_hours":[{"reason":"Christmas","from":"2020-12-24T14:00","to":"2020-12-27T00:00","yearly":true},
                {"reason":"Works","from":"2026-12-23T10:00","to":"2026-12-23T11:00"}]}"#,
        )
        .unwrap();
        let berlin = zone("Europe/Berlin");
        let near = of_days(date(2026, 12, 23), date(2026, 12, 26), &berlin);
        let found = Times::of(open(&studio, &berlin, near).periods().iter().copied().filter(|one| one.overlaps(near)));
        assert_eq!(
            shown(&found),
            [
                "2026-12-23T05:00:00Z 2026-12-23T09:00:00Z",
                "2026-12-23T10:00:00Z 2026-12-23T23:00:00Z",
                "2026-12-24T05:00:00Z 2026-12-24T13:00:00Z"
            ]
        );
        let always = StudioDefinition { opening_hours: Vec::new(), closing_hours: Vec::new(), ..studio };
        assert_eq!(open(&always, &berlin, near).periods(), [near]);
    }

    #[test]
    fn the_ends_of_the_calendar_hold() {
        let berlin = zone("Europe/Berlin");
        let all_day = windows(r#"[{"day":"MONDAY","from":"00:00","to":"24:00"}]"#);
        for end in [Timestamp::MIN, Timestamp::MAX] {
            let _ = weekly(&all_day, &berlin, Period::of_minutes(end, 10));
            let _ = is_on_grid(end, 15, &berlin);
        }
        for day in [Date::MIN, Date::MAX] {
            let _ = (of_days(day, day, &berlin), grid(day, day, 15, &berlin));
        }
    }
}
