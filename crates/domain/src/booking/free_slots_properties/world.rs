//! Generated worlds in which somebody looks for a time: everything that decides about it is drawn.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};

use crate::booking::appointment::Appointment;
use crate::booking::free_slots::{Booker, Candidate, Situation, Supply};
use crate::booking::hours;
use crate::booking::times::{Period, Times};
use crate::calendar::add_days;
use crate::customer::dice::Dice;
use crate::studio::{StudioDefinition, Window};

pub(super) const WEEKDAYS: [&str; 7] = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"];

/// A world in which somebody looks for a time.
pub(super) struct World {
    pub(super) zone: TimeZone,
    pub(super) first: Date,
    pub(super) last: Date,
    pub(super) now: Timestamp,
    pub(super) offered: bool,
    pub(super) appointment: Appointment,
    pub(super) studio: StudioDefinition,
    pub(super) trainers: Option<Vec<Thing>>,
    pub(super) rooms: Option<Vec<Thing>>,
    pub(super) resources: Vec<Vec<Thing>>,
    pub(super) customer: Option<Customer>,
}

/// Somebody, a room or a resource, with the hours of a week and times that are taken. Without hours it is there always.
pub(super) struct Thing {
    pub(super) id: i64,
    pub(super) windows: Option<Vec<Window>>,
    pub(super) taken: Vec<Period>,
}

/// Who wants to book. What holds for starts is written as the periods in which they may lie.
pub(super) struct Customer {
    pub(super) booked: Vec<Period>,
    pub(super) idle: Vec<Period>,
    pub(super) permitted: Vec<Period>,
    pub(super) contingent: Vec<Period>,
    pub(super) tries: Option<Vec<Period>>,
    pub(super) planned: u32,
}

/// What is drawn near some days of a zone.
struct Drawing<'d> {
    dice: &'d mut Dice,
    zone: TimeZone,
    first: Date,
    last: Date,
}

impl Drawing<'_> {
    fn one_in(&mut self, many: usize) -> bool {
        self.dice.below(many) == 0
    }

    fn clock(&mut self) -> String {
        let minutes = self.dice.below(24 * 12) * 5;
        format!("{:02}:{:02}", minutes / 60, minutes % 60)
    }

    fn moment(&mut self, minutes: usize) -> Timestamp {
        let midnight = hours::instant(self.first.at(0, 0, 0, 0), &self.zone);
        let minute = self.dice.below(minutes) as i64 - 1440;
        midnight.checked_add(SignedDuration::from_mins(minute)).unwrap()
    }

    fn periods(&mut self, most: usize) -> Vec<Period> {
        let count = self.dice.below(most + 1);
        let one = |drawing: &mut Self| {
            let start = drawing.moment(7 * 1440);
            Period::of_minutes(start, 5 * drawing.dice.below(60) as u32)
        };
        (0..count).map(|_| one(self)).collect()
    }

    fn thing(&mut self, id: i64, always: bool) -> Thing {
        let windows = (!always).then(|| {
            let count = self.dice.below(12);
            let one = |drawing: &mut Self| {
                let (from, to) = (drawing.clock(), drawing.clock());
                let json = format!(r#"{{"day":"{}","from":"{from}","to":"{to}"}}"#, drawing.dice.pick(&WEEKDAYS));
                serde_json::from_str(&json).unwrap()
            };
            (0..count).map(|_| one(self)).collect()
        });
        Thing { id, windows, taken: self.periods(8) }
    }

    /// Some that are there always, with ids from `first` on.
    fn things(&mut self, first: i64, count: usize) -> Vec<Thing> {
        (first..first + count as i64).map(|id| self.thing(id, true)).collect()
    }

    /// All days but, often, one of them.
    fn most_days(&mut self) -> Vec<Period> {
        let (from, to) = (add_days(self.first, -3), add_days(self.last, 3));
        if self.one_in(2) {
            return vec![hours::of_days(from, to, &self.zone)];
        }
        let without = add_days(self.first, self.dice.below(4) as i64);
        let before = hours::of_days(from, add_days(without, -1), &self.zone);
        vec![before, hours::of_days(add_days(without, 1), to.max(add_days(without, 1)), &self.zone)]
    }

    fn term(&mut self, terms: &[&str]) -> String {
        let term = self.dice.pick(terms);
        if term.is_empty() { "null".to_owned() } else { format!("\"{term}\"") }
    }

    fn appointment(&mut self) -> Appointment {
        let earliest = self.term(&["", "", "90 MINUTES", "2 HOURS", "1 DAY"]);
        let latest = self.term(&["", "", "20 HOURS", "2 DAY", "1 WEEK"]);
        let most = self.dice.pick(&["null", "null", "2", "3"]);
        let json = format!(
            r#"{{"name":"X","minutes":{},"minutes_before":{},"minutes_after":{},"every_minutes":{},"needs_allowance":{},
            "earliest_start":{earliest},"latest_start":{latest},"max_bookings":{most}}}"#,
            self.dice.pick(&[5, 20, 45, 60, 90, 240]),
            self.dice.pick(&[0, 0, 10, 30]),
            self.dice.pick(&[0, 0, 15, 60]),
            self.dice.pick(&[5, 15, 20, 30, 45, 60, 7, 1440]),
            self.one_in(2),
        );
        serde_json::from_str(&json).unwrap()
    }

    fn studio(&mut self) -> StudioDefinition {
        let hours: Vec<String> = (0..self.dice.below(5))
            .map(|_| {
                let (mut opens, mut closes) = (self.clock(), self.clock());
                if closes < opens {
                    std::mem::swap(&mut opens, &mut closes);
                }
                if closes == opens {
                    closes = "24:00".to_owned();
                }
                let (from, to) = (self.dice.pick(&WEEKDAYS), self.dice.pick(&WEEKDAYS));
                format!(r#"{{"from":"{from}","to":"{to}","opens":"{opens}","closes":"{closes}"}}"#)
            })
            .collect();
        let closing: Vec<String> = (0..self.dice.below(3))
            .map(|_| {
                let day = add_days(self.first, self.dice.below(5) as i64 - 1);
                let from: DateTime = day.at(self.dice.below(24) as i8, 0, 0, 0);
                let to = from.checked_add((1 + self.dice.below(40) as i64).hours()).unwrap();
                let yearly = self.one_in(2);
                let from = if yearly { from.checked_sub(1.year()).unwrap() } else { from };
                let to = if yearly { to.checked_sub(1.year()).unwrap() } else { to };
                format!(r#"{{"reason":"X","from":"{from}","to":"{to}","yearly":{yearly}}}"#)
            })
            .collect();
        let json = format!(
            r#"{{"name":"A","country":"X","country_code":"XX","zone":"Europe/Berlin","currency":"EUR","opening_hours":[{}],"closing_hours":[{}]}}"#,
            hours.join(","),
            closing.join(",")
        );
        serde_json::from_str(&json).unwrap()
    }

    fn customer(&mut self) -> Customer {
        let rests = add_days(self.first, self.dice.below(5) as i64 - 1);
        let idle = if self.one_in(2) { vec![hours::of_days(rests, rests, &self.zone)] } else { Vec::new() };
        Customer {
            booked: self.periods(4),
            idle,
            permitted: self.most_days(),
            contingent: self.most_days(),
            // Starts of trials are told one by one, so these are no whole days.
            tries: self.one_in(4).then(|| self.periods(12)),
            planned: self.dice.below(4) as u32,
        }
    }
}

impl World {
    pub(super) fn drawn(dice: &mut Dice, zone: &str, near: &str) -> Self {
        let near: Date = near.parse().unwrap();
        let first = add_days(near, -(dice.below(3) as i64));
        let last = add_days(first, dice.below(4) as i64);
        let drawing = &mut Drawing { dice, zone: TimeZone::get(zone).unwrap(), first, last };
        let groups = drawing.dice.pick(&[0, 0, 1, 2]);
        let (trainers, rooms) = (1 + drawing.dice.below(3) as i64, 1 + drawing.dice.below(2));
        let trainer = |drawing: &mut Drawing<'_>, id: i64| {
            let always = drawing.one_in(3);
            drawing.thing(id, always)
        };
        Self {
            now: drawing.moment(2 * 1440),
            offered: !drawing.one_in(12),
            appointment: drawing.appointment(),
            studio: drawing.studio(),
            trainers: (!drawing.one_in(6)).then(|| (0..trainers).map(|id| trainer(drawing, id)).collect()),
            rooms: (!drawing.one_in(4)).then(|| drawing.things(100, rooms)),
            resources: (0..groups)
                .map(|group| {
                    let count = 1 + drawing.dice.below(3);
                    drawing.things(200 + 10 * group, count)
                })
                .collect(),
            customer: drawing.one_in(2).then(|| drawing.customer()),
            zone: drawing.zone.clone(),
            first,
            last,
        }
    }

    /// The times as the rules find them.
    pub(super) fn situation(&self) -> Situation<'_> {
        let near = self.appointment.taken(hours::of_days(self.first, self.last, &self.zone)).widened(1440, 1440);
        let candidate = |thing: &Thing| {
            let there = match &thing.windows {
                None => Times::of([near]),
                Some(windows) => hours::weekly(windows, &self.zone, near),
            };
            Candidate { id: thing.id, free: there.without(&times(&thing.taken)) }
        };
        let candidates = |things: &Vec<Thing>| things.iter().map(candidate).collect();
        Situation {
            appointment: &self.appointment,
            offered: self.offered,
            zone: &self.zone,
            now: self.now,
            open: hours::open(&self.studio, &self.zone, near),
            supply: Supply {
                instructors: self.trainers.as_ref().map(candidates),
                rooms: self.rooms.as_ref().map(candidates),
                resources: self.resources.iter().map(candidates).collect(),
            },
            booker: self.customer.as_ref().map(|customer| Booker {
                permitted: times(&customer.permitted),
                idle: times(&customer.idle),
                booked: times(&customer.booked),
                planned: customer.planned,
                contingent: times(&customer.contingent),
                tries: customer.tries.as_deref().map(times),
            }),
        }
    }
}

fn times(periods: &[Period]) -> Times {
    Times::of(periods.iter().copied())
}
