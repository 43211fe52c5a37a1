//! When the doors close next, for whoever is inside (CHK-4).

use jiff::civil::{DateTime, Time};

use super::closing::{ClosingHours, is_closed};
use super::hours::{OpeningHours, Weekday};
use crate::calendar::day_after;

/// A studio that is open for so many days on end is taken for one that never closes.
const DAYS_ON_END: usize = 7;

/// The moment at which a studio that is open at `at`, in its own zone, closes: the end of its opening hours, or the beginning of closing
/// hours if that is earlier. Hours that go on past midnight or overlap are followed to their end. Nothing when it is closed at
/// `at` or does not close within a week.
#[must_use]
pub fn closes_after(opening: &[OpeningHours], closing: &[ClosingHours], at: DateTime) -> Option<DateTime> {
    if is_closed(closing, at) {
        return None;
    }
    let by_hours = end_of_hours(opening, at);
    let by_closing = closing
        .iter()
        .filter_map(|closing| closing.occurrence_ending_after(at))
        .map(|period| period.from)
        .filter(|from| end_of_hours_is_later(by_hours, *from, at))
        .min();
    match by_hours {
        EndOfHours::Closed => None,
        EndOfHours::At(end) => Some(by_closing.unwrap_or(end)),
        EndOfHours::Never => by_closing,
    }
}

#[derive(Clone, Copy)]
enum EndOfHours {
    Closed,
    At(DateTime),
    Never,
}

fn end_of_hours_is_later(end: EndOfHours, closed_from: DateTime, at: DateTime) -> bool {
    match end {
        EndOfHours::Closed => false,
        EndOfHours::At(end) => closed_from < end,
        EndOfHours::Never => crate::calendar::days_between(at.date(), closed_from.date()) < DAYS_ON_END as i64,
    }
}

fn end_of_hours(opening: &[OpeningHours], at: DateTime) -> EndOfHours {
    let mut end = at;
    // Each step leads to the end of one range. No day has more of them than the list, so this comes to an end.
    for _ in 0..=DAYS_ON_END * opening.len().max(1) {
        match end_of_range(opening, end) {
            Some(later) => end = later,
            None if end == at => return EndOfHours::Closed,
            None => return EndOfHours::At(end),
        }
    }
    EndOfHours::Never
}

/// The latest end of the ranges that contain `at`.
fn end_of_range(opening: &[OpeningHours], at: DateTime) -> Option<DateTime> {
    let day = Weekday::from(at.weekday());
    let ends = opening.iter().filter(|range| range.covers(day)).filter_map(|range| {
        let (opens, closes) = (range.opens.time(), range.closes.time());
        let end = if closes == Time::midnight() {
            day_after(at.date()).to_datetime(Time::midnight())
        } else {
            at.date().to_datetime(closes)
        };
        (opens <= at.time() && at < end).then_some(end)
    });
    ends.max()
}

/// Whether the opening hours cover all the time from one moment up to another.
#[must_use]
pub fn stays_open(opening: &[OpeningHours], from: DateTime, to: DateTime) -> bool {
    match end_of_hours(opening, from) {
        EndOfHours::Closed => false,
        EndOfHours::At(end) => to <= end,
        EndOfHours::Never => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(json: &str) -> Vec<OpeningHours> {
        serde_json::from_str(json).unwrap()
    }

    fn closed(from: &str, to: &str) -> ClosingHours {
        ClosingHours {
            reason: "Holiday".to_owned(),
            from: from.parse().unwrap(),
            to: to.parse().unwrap(),
            yearly: false,
        }
    }

    #[test]
    fn chk_4_the_doors_close_when_the_hours_end() {
        let days = open(
            r#"[{"from":"MONDAY","to":"FRIDAY","opens":"06:00","closes":"22:00"},
            {"from":"MONDAY","to":"MONDAY","opens":"21:00","closes":"23:00"},
            {"from":"FRIDAY","to":"FRIDAY","opens":"22:00","closes":"24:00"},
            {"from":"SATURDAY","to":"SATURDAY","opens":"00:00","closes":"02:00"}]"#,
        );
        let always = open(r#"[{"from":"MONDAY","to":"SUNDAY","opens":"00:00","closes":"24:00"}]"#);
        let christmas = [closed("2026-12-24T14:00", "2026-12-27T00:00")];
        for (hours, closing, at, expected) in [
            (&days, &[][..], "2026-11-18T10:00", Some("2026-11-18T22:00")),
            (&days, &[], "2026-11-18T21:59", Some("2026-11-18T22:00")),
            (&days, &[], "2026-11-18T22:00", None),
            (&days, &[], "2026-11-18T05:59", None),
            // Overlapping ranges on a Monday, and a Friday that goes on past midnight.
            (&days, &[], "2026-11-16T10:00", Some("2026-11-16T23:00")),
            (&days, &[], "2026-11-20T10:00", Some("2026-11-21T02:00")),
            (&always, &[], "2026-11-18T10:00", None),
            (&always, &christmas, "2026-12-23T10:00", Some("2026-12-24T14:00")),
            (&always, &christmas, "2026-12-01T10:00", None),
            (&always, &christmas, "2026-12-25T10:00", None),
            (&days, &christmas, "2026-12-24T10:00", Some("2026-12-24T14:00")),
            (&days, &christmas, "2026-12-23T10:00", Some("2026-12-23T22:00")),
        ] {
            let expected = expected.map(|end| end.parse::<DateTime>().unwrap());
            assert_eq!(closes_after(hours, closing, at.parse().unwrap()), expected, "{at}");
        }
        assert_eq!(closes_after(&[], &[], "2026-11-18T10:00".parse().unwrap()), None);
        assert_eq!(closes_after(&always, &[], DateTime::MAX), None);
    }
}
