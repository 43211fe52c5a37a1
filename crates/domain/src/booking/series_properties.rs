//! When classes are held, against a slow and obvious way to find it: a walk through the calendar from the first day of the series on, and for
//! each start a look at what the clocks on the wall show, minute by minute.

use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::class::ClassSeries;
use super::free_slots_properties::PLACES;
use crate::calendar::add_days;
use crate::customer::dice::Dice;

const WEEKDAYS: [&str; 7] = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"];
/// Times of day at which clocks are changed somewhere, or nearly.
const TIMES: [&str; 10] = ["00:00", "00:30", "01:30", "01:45", "02:00", "02:15", "02:30", "03:00", "18:00", "23:55"];

fn drawn_time(dice: &mut Dice) -> String {
    match dice.below(3) {
        0 => format!("{:02}:{:02}", dice.below(24), 5 * dice.below(12)),
        _ => dice.pick(&TIMES).to_owned(),
    }
}

/// A series that falls on days near one, with exceptions on some of them.
fn drawn(dice: &mut Dice, near: Date) -> ClassSeries {
    let mut days: Vec<&str> = WEEKDAYS.into_iter().filter(|_| dice.below(3) == 0).collect();
    days.push(dice.pick(&["FRIDAY", "SUNDAY"]));
    days.dedup();
    let from = add_days(near, -(dice.below(40) as i64));
    let to = if dice.below(3) == 0 { Some(add_days(near, dice.below(12) as i64 - 2).max(from)) } else { None };
    let numbers: &[i32] = match dice.below(3) {
        0 => dice.pick(&[&[1], &[-1], &[2, -2], &[1, 3, 5], &[-5, 4]]),
        _ => &[],
    };
    let every_weeks = if numbers.is_empty() { 1 + dice.below(3) } else { 1 };
    let mut series: ClassSeries = serde_json::from_value(serde_json::json!({
        "weekdays": days, "starts": drawn_time(dice), "from": from, "to": to, "every_weeks": every_weeks, "of_month": numbers,
        "room": if dice.below(2) == 0 { Some("hall") } else { None }, "instructors": ["ada"],
    }))
    .unwrap();
    let held: Vec<Date> = (-6..14).map(|number| add_days(near, number)).filter(|day| series.is_held_on(*day)).collect();
    for on in held {
        let moved = add_days(on, dice.below(5) as i64 - 2);
        let exception = match dice.below(8) {
            0 => serde_json::json!({ "on": on, "canceled": true }),
            1 => serde_json::json!({ "on": on, "moved_to": format!("{moved}T{}", drawn_time(dice)) }),
            2 => serde_json::json!({ "on": on, "room": "cellar" }),
            3 => serde_json::json!({ "on": on, "instructors": ["bob", "cem"] }),
            _ => continue,
        };
        series.exceptions.push(serde_json::from_value(exception).unwrap());
    }
    assert_eq!(series.problems(), [], "{series:?}");
    series
}

/// The instant at which the clocks first show a time; where they never do, because they were put forward, it is as much later as they
/// were put forward (TIME-4).
fn instant(local: DateTime, zone: &TimeZone) -> Timestamp {
    let reads = |at: Timestamp| zone.to_datetime(at);
    let plain = TimeZone::UTC.to_timestamp(local).unwrap();
    let minute = |number: i64| plain.checked_add(SignedDuration::from_mins(number)).unwrap();
    // No clock is farther from that of Greenwich than that.
    let around: Vec<Timestamp> = (-26 * 12..=26 * 12).map(|five| minute(5 * five)).collect();
    if let Some(at) = around.iter().find(|at| reads(**at) == local) {
        return *at;
    }
    let behind = around.iter().position(|at| reads(*at) > local).unwrap();
    // What the clocks showed just before tells how far they were from Greenwich then.
    let before = around[behind - 1];
    let ahead = reads(before).duration_since(TimeZone::UTC.to_datetime(before));
    plain.checked_sub(ahead).unwrap()
}

/// Whether a day is one of those of its month: all days of the month that have its name are put in a row.
fn is_of_month(series: &ClassSeries, day: Date) -> bool {
    let alike: Vec<Date> = (1..=day.days_in_month())
        .map(|number| day.with().day(number).build().unwrap())
        .filter(|one| one.weekday() == day.weekday())
        .collect();
    let place = alike.iter().position(|one| *one == day).unwrap() as i32;
    let (from_first, from_last) = (place + 1, place - alike.len() as i32);
    series.of_month.is_empty() || series.of_month.contains(&from_first) || series.of_month.contains(&from_last)
}

type Held = (Date, Timestamp, i64, Option<String>, Vec<String>);

/// What a walk through the calendar finds.
fn obvious(series: &ClassSeries, first: Date, last: Date, minutes: u32, zone: &TimeZone) -> Vec<Held> {
    let (mut found, mut week, mut day) = (Vec::new(), 0, series.from);
    loop {
        if day > last || series.to.is_some_and(|to| day > to) {
            return found;
        }
        let name = WEEKDAYS[usize::from(day.weekday().to_monday_zero_offset().unsigned_abs())];
        let is_named = series.weekdays.iter().any(|named| serde_json::to_value(named).unwrap() == name);
        if is_named && week % series.every_weeks == 0 && is_of_month(series, day) && day >= first {
            let (mut local, mut canceled) = (day.to_datetime(series.starts.time()), false);
            let (mut room, mut instructors) = (series.room.clone(), series.instructors.clone());
            for exception in series.exceptions.iter().filter(|exception| exception.on == day) {
                canceled = exception.canceled;
                local = exception.moved_to.unwrap_or(local);
                room = exception.room.clone().or(room);
                if !exception.instructors.is_empty() {
                    instructors = exception.instructors.clone();
                }
            }
            if !canceled {
                let start = instant(local, zone);
                found.push((day, start, i64::from(minutes) * 60, room, instructors));
            }
        }
        day = day.tomorrow().unwrap();
        if day.weekday() == jiff::civil::Weekday::Monday {
            week += 1;
        }
    }
}

#[test]
fn time_4_classes_are_held_when_a_walk_through_the_calendar_says_so() {
    let mut dice = Dice::new(1107);
    let mut sorts: BTreeMap<&str, usize> = BTreeMap::new();
    for (place, days) in PLACES {
        let zone = TimeZone::get(place).unwrap();
        for round in 0..600 {
            let near: Date = days[round % days.len()].parse().unwrap();
            let series = drawn(&mut dice, near);
            let first = add_days(near, -(dice.below(8) as i64));
            let last = add_days(first, dice.below(14) as i64);
            let minutes = dice.pick(&[5, 45, 60, 240, 1440]);
            let expected = obvious(&series, first, last, minutes, &zone);
            let found: Vec<Held> = series
                .occurrences(first, last, minutes, &zone)
                .map(|at| {
                    let length = at.ends_at.as_second() - at.starts_at.as_second();
                    (at.on, at.starts_at, length, at.room.map(str::to_owned), at.instructors.to_vec())
                })
                .collect();
            assert_eq!(found, expected, "{place} {round} {series:?}");
            let mut note = |sort| *sorts.entry(sort).or_default() += 1;
            for at in series.occurrences(first, last, minutes, &zone) {
                note("held");
                let exception = series.exceptions.iter().find(|exception| exception.on == at.on);
                if exception.is_some_and(|exception| exception.moved_to.is_some()) {
                    note("moved");
                }
                let shown = zone.to_datetime(at.starts_at);
                if shown != at.local_start {
                    note("in an hour that is left out");
                }
                let earlier =
                    [30, 60].map(|minutes| at.starts_at.checked_add(SignedDuration::from_mins(minutes)).unwrap());
                if earlier.into_iter().any(|again| zone.to_datetime(again) == shown) {
                    note("in an hour that comes twice");
                }
            }
            for day in (-50..20).map(|number| add_days(near, number)) {
                let plain = ClassSeries { exceptions: Vec::new(), ..series.clone() };
                let held = !obvious(&plain, day, day, minutes, &TimeZone::UTC).is_empty();
                assert_eq!(series.is_held_on(day), held, "{place} {round} {day}");
            }
        }
    }
    // The cases are of all sorts.
    assert!(sorts.len() == 4 && sorts.values().all(|count| *count > 15) && sorts["held"] > 1_000, "{sorts:?}");
}
