//! What a look at each minute finds: no sets of times, no order of lists, only whether something holds in a minute.

use jiff::civil::{Date, DateTime, Time};
use jiff::{SignedDuration, Timestamp, ToSpan as _};

use super::world::{Thing, WEEKDAYS, World};
use crate::booking::free_slots::{Assignment, Refusal};
use crate::booking::times::Period;
use crate::calendar::add_days;
use crate::studio::Weekday;
use crate::term::{TimeTerm, TimeUnit};

/// For each minute around the days that are asked for whether something holds in it.
type Minutes = Vec<bool>;

/// A world, minute by minute.
pub(super) struct Obvious<'w> {
    world: &'w World,
    pub(super) minutes: Vec<Timestamp>,
    open: Minutes,
    trainers: Option<Vec<(i64, Minutes)>>,
    rooms: Option<Vec<(i64, Minutes)>>,
    resources: Vec<Vec<(i64, Minutes)>>,
    customer: Option<Customer>,
}

struct Customer {
    permitted: Minutes,
    idle: Minutes,
    booked: Minutes,
    may_take: Minutes,
}

impl<'w> Obvious<'w> {
    pub(super) fn of(world: &'w World) -> Self {
        let days = world.days();
        let midnight = |day: Date| world.instant(day.at(0, 0, 0, 0));
        let (begin, end) = (midnight(days[0]), midnight(days[days.len() - 1]));
        let minutes: Vec<Timestamp> =
            (begin.as_second()..end.as_second()).step_by(60).map(|at| Timestamp::from_second(at).unwrap()).collect();
        let within = |ranges: &[Period]| -> Minutes { minutes.iter().map(|at| lies_in(ranges, *at)).collect() };
        let free = |things: &Vec<Thing>| -> Vec<(i64, Minutes)> {
            let of = |thing: &Thing| {
                let there = thing.windows.as_ref().map(|windows| {
                    let plain: Vec<_> = windows.iter().map(|w| (w.day, w.from.time(), w.to.time())).collect();
                    world.ranges(&plain)
                });
                let is_there = |at: Timestamp| there.as_ref().is_none_or(|ranges| lies_in(ranges, at));
                let free = minutes.iter().map(|at| is_there(*at) && !lies_in(&thing.taken, *at)).collect();
                (thing.id, free)
            };
            things.iter().map(of).collect()
        };
        let customer = world.customer.as_ref().map(|customer| Customer {
            permitted: within(&customer.permitted),
            idle: within(&customer.idle),
            booked: within(&customer.booked),
            may_take: match &customer.tries {
                Some(tries) => within(tries),
                None if world.appointment.needs_allowance => within(&customer.contingent),
                None => vec![true; minutes.len()],
            },
        });
        Self {
            open: world.open(&minutes),
            trainers: world.trainers.as_ref().map(&free),
            rooms: world.rooms.as_ref().map(&free),
            resources: world.resources.iter().map(&free).collect(),
            customer,
            world,
            minutes,
        }
    }

    /// The places among the minutes at which the days begin and end that are asked for.
    pub(super) fn asked(&self) -> impl Iterator<Item = usize> {
        let is_asked =
            |at: &Timestamp| (self.world.first..=self.world.last).contains(&self.world.zone.to_datetime(*at).date());
        self.minutes.iter().enumerate().filter(move |(_, at)| is_asked(at)).map(|(place, _)| place)
    }

    /// What is decided about the minute at `place` and so many minutes from it.
    pub(super) fn decide(&self, place: usize, length: i64, wanted: &[i64]) -> Result<Assignment, Refusal> {
        let (world, start) = (self.world, self.minutes[place]);
        let appointment = &world.appointment;
        if length <= 0 {
            return Err(Refusal::EndNotAfterStart);
        }
        if start <= world.now {
            return Err(Refusal::PastStart);
        }
        if length != i64::from(appointment.minutes) {
            return Err(Refusal::PeriodDoesNotMatch);
        }
        if let Some(term) = appointment.earliest_start
            && start < world.later(term)
        {
            return Err(Refusal::BeforeEarliest(world.later(term)));
        }
        if let Some(term) = appointment.latest_start
            && start > world.later(term)
        {
            return Err(Refusal::AfterLatest(world.later(term)));
        }
        let during = place..place + appointment.minutes as usize;
        if self.open[during.clone()].iter().any(|open| !open) {
            return Err(Refusal::StudioClosed);
        }
        if let (Some(of_customer), Some(customer)) = (&self.customer, &world.customer) {
            if !of_customer.permitted[place] {
                return Err(Refusal::ConditionsNotMet);
            }
            if of_customer.idle[during.clone()].contains(&true) {
                return Err(Refusal::CustomerIdle);
            }
            if of_customer.booked[during].contains(&true) {
                return Err(Refusal::InOtherBooking);
            }
            if appointment.max_bookings.is_some_and(|most| customer.planned >= most) {
                return Err(Refusal::LimitReached);
            }
            if !of_customer.may_take[place] {
                return Err(Refusal::NoContingent);
            }
        }
        let taken = self.assign(place, wanted).ok_or(Refusal::ResourceNotAvailable)?;
        let local = world.zone.to_datetime(start);
        let minute = u32::from(local.hour().unsigned_abs()) * 60 + u32::from(local.minute().unsigned_abs());
        if !world.offered || minute % appointment.every_minutes != 0 {
            return Err(Refusal::NotAvailable);
        }
        Ok(taken)
    }

    /// Whom and what an appointment takes that begins in the minute at `place`.
    pub(super) fn assign(&self, place: usize, wanted: &[i64]) -> Option<Assignment> {
        let appointment = &self.world.appointment;
        let [before, length, after] =
            [appointment.minutes_before, appointment.minutes, appointment.minutes_after].map(|m| m as usize);
        let around = place - before..place + length + after;
        let is_free = |(_, free): &&(i64, Minutes)| !free[around.clone()].contains(&false);
        let first_of = |things: &Vec<(i64, Minutes)>| things.iter().find(is_free).map(|(id, _)| *id);
        let mut taken = Assignment::default();
        let nobody = Vec::new();
        let trainers = self.trainers.as_ref().unwrap_or(&nobody);
        for id in wanted {
            trainers.iter().filter(|(known, _)| known == id).find(is_free)?;
            if !taken.instructors.contains(id) {
                taken.instructors.push(*id);
            }
        }
        if wanted.is_empty() && self.trainers.is_some() {
            taken.instructors.push(first_of(trainers)?);
        }
        if let Some(rooms) = &self.rooms {
            taken.room = Some(first_of(rooms)?);
        }
        for group in &self.resources {
            taken.resources.push(first_of(group)?);
        }
        Some(taken)
    }
}

fn lies_in(ranges: &[Period], at: Timestamp) -> bool {
    ranges.iter().any(|range| range.start <= at && at < range.end)
}

impl World {
    fn instant(&self, local: DateTime) -> Timestamp {
        self.zone.to_ambiguous_timestamp(local).compatible().unwrap()
    }

    /// So long from now.
    fn later(&self, term: TimeTerm) -> Timestamp {
        let minutes = match term.unit {
            TimeUnit::Minutes => 1,
            TimeUnit::Hours => 60,
            TimeUnit::Calendar(unit) => {
                let days = if unit.name() == "WEEK" { 7 } else { 1 };
                let local = self.zone.to_datetime(self.now);
                return self.instant(add_days(local.date(), days * i64::from(term.value)).to_datetime(local.time()));
            }
        };
        self.now.checked_add(SignedDuration::from_mins(minutes * i64::from(term.value))).unwrap()
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

    /// In which of these minutes the studio is open.
    fn open(&self, minutes: &[Timestamp]) -> Minutes {
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
        let always = self.studio.opening_hours.is_empty();
        minutes.iter().map(|at| (always || lies_in(&opening, *at)) && !lies_in(&closing, *at)).collect()
    }
}
