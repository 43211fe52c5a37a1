//! Free times against a slow and obvious way to find them: a look at each minute of each day, for generated calendars of studios, trainers,
//! rooms and customers, around the nights in which clocks are changed.

use std::collections::BTreeSet;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};

use super::appointment::Appointment;
use super::free_slots::{Booker, Candidate, Situation, Supply};
use super::hours;
use super::times::{Period, Times};
use crate::calendar::add_days;
use crate::customer::dice::Dice;
use crate::studio::{StudioDefinition, Weekday, Window};

/// Zones with days near which something happens to their clocks.
const PLACES: &[(&str, &[&str])] = &[
    ("Europe/Berlin", &["2026-03-29", "2026-10-25", "2026-06-10"]),
    ("America/New_York", &["2026-03-08", "2026-11-01", "2026-07-04"]),
    ("Asia/Kolkata", &["2026-03-29", "2026-12-31"]),
    ("Pacific/Apia", &["2011-12-30", "2012-04-01", "2026-05-05"]),
    ("Australia/Lord_Howe", &["2026-04-05", "2026-10-04", "2026-01-01"]),
];

const WEEKDAYS: [&str; 7] = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"];

/// A world in which somebody looks for a time.
struct World {
    zone: TimeZone,
    first: Date,
    last: Date,
    now: Timestamp,
    appointment: Appointment,
    studio: StudioDefinition,
    trainers: Vec<Person>,
    rooms: Vec<Person>,
    customer: Option<(Vec<Period>, Vec<Period>)>,
}

/// Somebody, or a room, with the hours of a week and times that are taken. Without hours it is there always.
struct Person {
    id: i64,
    windows: Option<Vec<Window>>,
    taken: Vec<Period>,
}

fn clock(dice: &mut Dice) -> String {
    let minutes = dice.below(24 * 12) * 5;
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

impl World {
    fn drawn(dice: &mut Dice, zone: &str, near: &str) -> Self {
        let zone = TimeZone::get(zone).unwrap();
        let near: Date = near.parse().unwrap();
        let first = add_days(near, -(dice.below(3) as i64));
        let last = add_days(first, dice.below(4) as i64);
        let midnight = zone.to_ambiguous_timestamp(first.at(0, 0, 0, 0)).compatible().unwrap();
        let moment = |dice: &mut Dice, minutes: usize| {
            let minute = dice.below(minutes) as i64 - 1440;
            midnight.checked_add(SignedDuration::from_mins(minute)).unwrap()
        };
        let periods = |dice: &mut Dice, most: usize| -> Vec<Period> {
            let count = dice.below(most + 1);
            (0..count)
                .map(|_| {
                    let start = moment(dice, 7 * 1440);
                    Period::of_minutes(start, 5 * dice.below(60) as u32)
                })
                .collect()
        };
        let person = |dice: &mut Dice, id: i64, always: bool| {
            let windows = (!always).then(|| {
                let count = dice.below(12);
                (0..count)
                    .map(|_| {
                        let (from, to) = (clock(dice), clock(dice));
                        let json = format!(r#"{{"day":"{}","from":"{from}","to":"{to}"}}"#, dice.pick(&WEEKDAYS));
                        serde_json::from_str(&json).unwrap()
                    })
                    .collect()
            });
            Person { id, windows, taken: periods(dice, 8) }
        };
        let appointment = format!(
            r#"{{"name":"X","minutes":{},"minutes_before":{},"minutes_after":{},"every_minutes":{},"needs_allowance":false}}"#,
            dice.pick(&[5, 20, 45, 60, 90, 240]),
            dice.pick(&[0, 0, 10, 30]),
            dice.pick(&[0, 0, 15, 60]),
            dice.pick(&[5, 15, 20, 30, 45, 60, 7, 1440]),
        );
        let hours: Vec<String> = (0..dice.below(5))
            .map(|_| {
                let (mut opens, mut closes) = (clock(dice), clock(dice));
                if closes < opens {
                    std::mem::swap(&mut opens, &mut closes);
                }
                if closes == opens {
                    closes = "24:00".to_owned();
                }
                let (from, to) = (dice.pick(&WEEKDAYS), dice.pick(&WEEKDAYS));
                format!(r#"{{"from":"{from}","to":"{to}","opens":"{opens}","closes":"{closes}"}}"#)
            })
            .collect();
        let closing: Vec<String> = (0..dice.below(3))
            .map(|_| {
                let from: DateTime = add_days(first, dice.below(5) as i64 - 1).at(dice.below(24) as i8, 0, 0, 0);
                let to = from.checked_add((1 + dice.below(40) as i64).hours()).unwrap();
                let yearly = dice.below(2) == 0;
                let from = if yearly { from.checked_sub(1.year()).unwrap() } else { from };
                let to = if yearly { to.checked_sub(1.year()).unwrap() } else { to };
                format!(r#"{{"reason":"X","from":"{from}","to":"{to}","yearly":{yearly}}}"#)
            })
            .collect();
        let studio = format!(
            r#"{{"name":"A","country":"X","country_code":"XX","zone":"Europe/Berlin","currency":"EUR","opening_hours":[{}],"closing_hours":[{}]}}"#,
            hours.join(","),
            closing.join(",")
        );
        let (trainers, rooms) = (1 + dice.below(3) as i64, 1 + dice.below(2) as i64);
        let whole_days = |dice: &mut Dice| {
            let day = add_days(first, dice.below(5) as i64 - 1);
            vec![hours::of_days(day, day, &zone)]
        };
        Self {
            now: moment(dice, 2 * 1440),
            appointment: serde_json::from_str(&appointment).unwrap(),
            studio: serde_json::from_str(&studio).unwrap(),
            trainers: (0..trainers)
                .map(|id| {
                    let always = dice.below(3) == 0;
                    person(dice, id, always)
                })
                .collect(),
            rooms: (0..rooms).map(|id| person(dice, 100 + id, true)).collect(),
            customer: (dice.below(2) == 0).then(|| (periods(dice, 4), whole_days(dice))),
            zone,
            first,
            last,
        }
    }

    /// The times as the rules find them.
    fn situation(&self) -> Situation<'_> {
        let near = self.appointment.taken(hours::of_days(self.first, self.last, &self.zone)).widened(1440, 1440);
        let candidate = |person: &Person| {
            let there = match &person.windows {
                None => Times::of([near]),
                Some(windows) => hours::weekly(windows, &self.zone, near),
            };
            Candidate { id: person.id, free: there.without(&Times::of(person.taken.iter().copied())) }
        };
        Situation {
            appointment: &self.appointment,
            offered: true,
            zone: &self.zone,
            now: self.now,
            open: hours::open(&self.studio, &self.zone, near),
            supply: Supply {
                instructors: Some(self.trainers.iter().map(candidate).collect()),
                rooms: Some(self.rooms.iter().map(candidate).collect()),
                resources: Vec::new(),
            },
            booker: self.customer.as_ref().map(|(booked, idle)| Booker {
                permitted: Times::of([near]),
                idle: Times::of(idle.iter().copied()),
                booked: Times::of(booked.iter().copied()),
                planned: 0,
                contingent: Times::default(),
                tries: None,
            }),
        }
    }

    fn instant(&self, local: DateTime) -> Timestamp {
        self.zone.to_ambiguous_timestamp(local).compatible().unwrap()
    }

    /// The days around those that are asked for; one that its zone left out has no noon.
    fn days(&self) -> Vec<Date> {
        let days = (-4..=(self.last - self.first).get_days() + 4).map(|number| add_days(self.first, i64::from(number)));
        days.filter(|day| self.zone.to_datetime(self.instant(day.at(12, 0, 0, 0))).date() == *day).collect()
    }

    /// The ranges of instants that hours of a week mean, one by one.
    fn ranges(&self, windows: &[(Weekday, Time, Time)]) -> Vec<Period> {
        let mut found = Vec::new();
        for day in self.days() {
            for (weekday, from, to) in windows {
                if Weekday::from(day.weekday()) == *weekday {
                    let end = if to <= from { day.tomorrow().unwrap() } else { day };
                    found.push(Period::new(self.instant(day.to_datetime(*from)), self.instant(end.to_datetime(*to))));
                }
            }
        }
        found
    }

    /// The times as a look at each minute finds them.
    fn obvious(&self) -> Vec<(Timestamp, Vec<i64>)> {
        let days = self.days();
        let (begin, end) = (self.instant(days[0].at(0, 0, 0, 0)), self.instant(days[days.len() - 1].at(0, 0, 0, 0)));
        let minutes: Vec<Timestamp> =
            (begin.as_second()..end.as_second()).step_by(60).map(|at| Timestamp::from_second(at).unwrap()).collect();
        let within = |ranges: &[Period], at: Timestamp| ranges.iter().any(|range| range.start <= at && at < range.end);
        let every_day = WEEKDAYS.map(|day| serde_json::from_str::<Weekday>(&format!("{day:?}")).unwrap());
        let opening: Vec<_> = self
            .studio
            .opening_hours
            .iter()
            .flat_map(|range| {
                let covered = every_day.into_iter().filter(|day| range.covers(*day));
                covered.map(|day| (day, range.opens.time(), range.closes.time()))
            })
            .collect();
        let opening = self.ranges(&opening);
        let closing: Vec<Period> = self
            .studio
            .closing_hours
            .iter()
            .flat_map(|closing| (0..if closing.yearly { 3 } else { 1 }).map(move |years| (closing, years)))
            .map(|(closing, years)| {
                let moved = |local: DateTime| self.instant(local.checked_add(years.years()).unwrap());
                Period::new(moved(closing.from), moved(closing.to))
            })
            .collect();
        let open: Vec<bool> = minutes
            .iter()
            .map(|at| (self.studio.opening_hours.is_empty() || within(&opening, *at)) && !within(&closing, *at))
            .collect();
        let free = |person: &Person| -> Vec<bool> {
            let there = person.windows.as_ref().map(|windows| {
                let plain: Vec<_> = windows.iter().map(|w| (w.day, w.from.time(), w.to.time())).collect();
                self.ranges(&plain)
            });
            let is_there = |at: Timestamp| there.as_ref().is_none_or(|ranges| within(ranges, at));
            minutes.iter().map(|at| is_there(*at) && !within(&person.taken, *at)).collect()
        };
        let trainers: Vec<(i64, Vec<bool>)> = self.trainers.iter().map(|one| (one.id, free(one))).collect();
        let rooms: Vec<Vec<bool>> = self.rooms.iter().map(free).collect();
        let nobody = (Vec::new(), Vec::new());
        let (booked, idle) = self.customer.as_ref().unwrap_or(&nobody);
        let busy: Vec<bool> = minutes.iter().map(|at| within(booked, *at) || within(idle, *at)).collect();
        let appointment = &self.appointment;
        let lengths = [appointment.minutes_before, appointment.minutes, appointment.minutes_after].map(|m| m as usize);
        let mut found = Vec::new();
        for (place, start) in minutes.iter().enumerate() {
            let local = self.zone.to_datetime(*start);
            let minute = i64::from(local.hour()) * 60 + i64::from(local.minute());
            let asked = (self.first..=self.last).contains(&local.date());
            if !asked || minute % i64::from(appointment.every_minutes) != 0 || *start <= self.now {
                continue;
            }
            let during = place..place + lengths[1];
            let around = place - lengths[0]..place + lengths[1] + lengths[2];
            if !open[during.clone()].iter().all(|open| *open) || busy[during].iter().any(|busy| *busy) {
                continue;
            }
            let has_time = |free: &Vec<bool>| free[around.clone()].iter().all(|free| *free);
            let able: Vec<i64> = trainers.iter().filter(|(_, free)| has_time(free)).map(|(id, _)| *id).collect();
            if !able.is_empty() && rooms.iter().any(has_time) {
                found.push((*start, able));
            }
        }
        found
    }
}

#[test]
fn app_2_free_times_are_those_that_a_look_at_each_minute_finds() {
    let mut dice = Dice::new(2026);
    let (mut shown, mut with_none) = (0, 0);
    for (zone, days) in PLACES {
        for round in 0..40 {
            let world = World::drawn(&mut dice, zone, days[round % days.len()]);
            let situation = world.situation();
            let found: Vec<_> = situation
                .free_slots(world.first, world.last)
                .into_iter()
                .map(|slot| (slot.period.start, slot.instructors))
                .collect();
            assert_eq!(found, world.obvious(), "{zone} {round}");
            shown += found.len();
            with_none += usize::from(found.is_empty());
            // A time that is shown is a time that books, with any of those who are shown; no other time does.
            let starts: BTreeSet<Timestamp> = found.iter().map(|(start, _)| *start).collect();
            for (start, instructors) in &found {
                for wanted in instructors {
                    let taken = situation.decide(world.appointment.period(*start), &[*wanted]).unwrap();
                    assert_eq!(taken.instructors, [*wanted], "{zone} {round}");
                }
            }
            for start in hours::grid(world.first, world.last, 5, &world.zone) {
                let decided = situation.decide(world.appointment.period(start), &[]);
                assert_eq!(decided.is_ok(), starts.contains(&start), "{zone} {round} {start} {decided:?}");
            }
        }
    }
    // The cases are of all sorts.
    assert!(shown > 3_000 && with_none > 20 && with_none < 180, "{shown} {with_none}");
}
