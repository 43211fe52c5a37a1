//! When an appointment can be booked: whether one time can, and all times of some days that can (APP-1 to APP-5).
//!
//! Both ask [`Situation::decide`] or the parts that it is made of, so that a time that is shown is a time that books.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::appointment::Appointment;
use super::hours::{grid, is_on_grid};
use super::times::{Period, Times};

/// Somebody or something that an appointment may need, with the times at which it can be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Its id.
    pub id: i64,
    /// When it can be had.
    pub free: Times,
}

/// Everybody and everything that an appointment may need, each in the order in which it is chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Supply {
    /// Those who can give it. Nothing when it needs nobody.
    pub instructors: Option<Vec<Candidate>>,
    /// The rooms it can be in. Nothing when it needs none.
    pub rooms: Option<Vec<Candidate>>,
    /// Of each of these groups it needs one.
    pub resources: Vec<Vec<Candidate>>,
}

/// Whom and what an appointment takes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assignment {
    /// Who gives it.
    pub instructors: Vec<i64>,
    /// The room it is in.
    pub room: Option<i64>,
    /// The resources it uses.
    pub resources: Vec<i64>,
}

impl Supply {
    /// Room and resources for a time; nothing when something of what is needed cannot be had.
    fn things(&self, taken: Period) -> Option<(Option<i64>, Vec<i64>)> {
        let one_of = |all: &Vec<Candidate>| all.iter().find(|one| one.free.cover(taken)).map(|one| one.id);
        let room = match &self.rooms {
            None => None,
            Some(rooms) => Some(one_of(rooms)?),
        };
        let resources = self.resources.iter().map(one_of).collect::<Option<Vec<i64>>>()?;
        Some((room, resources))
    }

    /// Whom and what an appointment takes: of those who can give it all that are wanted, else the first who is there (APP-3). Nothing when
    /// not all of it can be had.
    fn assign(&self, taken: Period, wanted: &[i64]) -> Option<Assignment> {
        let all = self.instructors.as_deref().unwrap_or_default();
        let has_time = |one: &&Candidate| one.free.cover(taken);
        let mut instructors: Vec<i64> = Vec::new();
        for id in wanted {
            if !instructors.contains(id) {
                instructors.push(all.iter().find(|one| one.id == *id).filter(has_time)?.id);
            }
        }
        if instructors.is_empty() && self.instructors.is_some() {
            instructors.push(all.iter().find(has_time)?.id);
        }
        let (room, resources) = self.things(taken)?;
        Some(Assignment { instructors, room, resources })
    }
}

/// What stands about a customer who wants to book.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Booker {
    /// The starts for which the conditions of the appointment are met.
    pub permitted: Times,
    /// When the contract rests.
    pub idle: Times,
    /// When other bookings are.
    pub booked: Times,
    /// How many of these appointments to come are booked.
    pub planned: u32,
    /// The starts for which there is a contingent.
    pub contingent: Times,
    /// The starts at which it may be tried; nothing when it is not booked to try it (TRI-6).
    pub tries: Option<Times>,
}

/// Everything that decides about the times of an appointment. What it holds of times must reach as far as the times that it is asked about.
#[derive(Clone, Debug)]
pub struct Situation<'a> {
    /// The appointment.
    pub appointment: &'a Appointment,
    /// Whether it is on offer at all.
    pub offered: bool,
    /// The zone of the studio.
    pub zone: &'a TimeZone,
    /// The present instant.
    pub now: Timestamp,
    /// When the studio is open.
    pub open: Times,
    /// Whom and what it may take.
    pub supply: Supply,
    /// Who wants to book it; nothing when times are shown to whoever it may be.
    pub booker: Option<Booker>,
}

/// Why an appointment cannot be booked (APP-4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The end does not come after the start.
    EndNotAfterStart,
    /// The start has passed.
    PastStart,
    /// The appointment takes another time.
    PeriodDoesNotMatch,
    /// The start is too soon; this is the earliest that can be booked.
    BeforeEarliest(Timestamp),
    /// The start is too far away; this is the latest that can be booked.
    AfterLatest(Timestamp),
    /// The studio is closed then, or closes meanwhile.
    StudioClosed,
    /// The customer does not meet the conditions.
    ConditionsNotMet,
    /// The contract of the customer rests then.
    CustomerIdle,
    /// The customer has another booking then.
    InOtherBooking,
    /// The customer has booked as many of these as one may.
    LimitReached,
    /// The customer has paid for no such thing, or has used it up.
    NoContingent,
    /// Somebody or something that is needed is not free.
    ResourceNotAvailable,
    /// It is not on offer, or does not begin at such a time.
    NotAvailable,
}

/// A time that can be booked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FreeSlot {
    /// The time.
    pub period: Period,
    /// Those who could give it, in the order in which they are chosen.
    pub instructors: Vec<i64>,
}

impl Situation<'_> {
    /// Whom and what the appointment takes when it is booked for that time, with all `wanted` instructors, or else the first who is free.
    ///
    /// # Errors
    /// The first of the reasons against it, in the order of APP-4.
    pub fn decide(&self, requested: Period, wanted: &[i64]) -> Result<Assignment, Refusal> {
        self.check_time(requested)?;
        self.check_booker(requested)?;
        let taken = self.appointment.taken(requested);
        let assignment = self.supply.assign(taken, wanted).ok_or(Refusal::ResourceNotAvailable)?;
        let fits = self.offered && is_on_grid(requested.start, self.appointment.every_minutes, self.zone);
        if fits { Ok(assignment) } else { Err(Refusal::NotAvailable) }
    }

    /// As [`Self::decide`], for staff who book all the same: only the length must be right, and whom and what it takes must be free.
    ///
    /// # Errors
    /// Says which of these it is.
    pub fn decide_against_rules(&self, requested: Period, wanted: &[i64]) -> Result<Assignment, Refusal> {
        if requested.is_empty() {
            return Err(Refusal::EndNotAfterStart);
        }
        if requested != self.appointment.period(requested.start) {
            return Err(Refusal::PeriodDoesNotMatch);
        }
        self.supply.assign(self.appointment.taken(requested), wanted).ok_or(Refusal::ResourceNotAvailable)
    }

    /// Every time that begins on the days from `first` to `last` and can be booked, in order, with all who could give it (APP-2).
    #[must_use]
    pub fn free_slots(&self, first: Date, last: Date) -> Vec<FreeSlot> {
        if !self.offered {
            return Vec::new();
        }
        let starts = grid(first, last, self.appointment.every_minutes, self.zone);
        let periods: Vec<Period> = starts
            .into_iter()
            .map(|start| self.appointment.period(start))
            .filter(|period| self.check_time(*period).and_then(|()| self.check_booker(*period)).is_ok())
            .filter(|period| self.supply.things(self.appointment.taken(*period)).is_some())
            .collect();
        let mut slots: Vec<FreeSlot> =
            periods.iter().map(|period| FreeSlot { period: *period, instructors: Vec::new() }).collect();
        let Some(all) = &self.supply.instructors else { return slots };
        let taken: Vec<Period> = periods.iter().map(|period| self.appointment.taken(*period)).collect();
        for one in all {
            for (slot, _) in slots.iter_mut().zip(one.free.cover_each(&taken)).filter(|(_, free)| *free) {
                slot.instructors.push(one.id);
            }
        }
        slots.retain(|slot| !slot.instructors.is_empty());
        slots
    }

    fn check_time(&self, requested: Period) -> Result<(), Refusal> {
        let appointment = self.appointment;
        if requested.is_empty() {
            return Err(Refusal::EndNotAfterStart);
        }
        if requested.start <= self.now {
            return Err(Refusal::PastStart);
        }
        if requested != appointment.period(requested.start) {
            return Err(Refusal::PeriodDoesNotMatch);
        }
        let from_now = |term: crate::TimeTerm| term.after(self.now, self.zone);
        if let Some(earliest) = appointment.earliest_start.map(from_now).filter(|earliest| requested.start < *earliest)
        {
            return Err(Refusal::BeforeEarliest(earliest));
        }
        if let Some(latest) = appointment.latest_start.map(from_now).filter(|latest| requested.start > *latest) {
            return Err(Refusal::AfterLatest(latest));
        }
        if self.open.cover(requested) { Ok(()) } else { Err(Refusal::StudioClosed) }
    }

    fn check_booker(&self, requested: Period) -> Result<(), Refusal> {
        let Some(booker) = &self.booker else { return Ok(()) };
        // The instant of the start, as a period: what holds for a day holds for those who come on it.
        let start = Period::of_minutes(requested.start, 1);
        let has_contingent = match &booker.tries {
            Some(tries) => tries.cover(start),
            None => !self.appointment.needs_allowance || booker.contingent.cover(start),
        };
        let refusals = [
            (!booker.permitted.cover(start), Refusal::ConditionsNotMet),
            (booker.idle.touch(requested), Refusal::CustomerIdle),
            (booker.booked.touch(requested), Refusal::InOtherBooking),
            (self.appointment.max_bookings.is_some_and(|most| booker.planned >= most), Refusal::LimitReached),
            (!has_contingent, Refusal::NoContingent),
        ];
        refusals.into_iter().find(|(refused, _)| *refused).map_or(Ok(()), |(_, refusal)| Err(refusal))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        format!("{text}:00+01:00").parse().unwrap()
    }

    fn period(from: &str, to: &str) -> Period {
        Period::new(at(from), at(to))
    }

    fn times(periods: &[(&str, &str)]) -> Times {
        Times::of(periods.iter().map(|(from, to)| period(from, to)))
    }

    fn appointment() -> Appointment {
        serde_json::from_str(
            r#"{"name":"Check","minutes":60,"minutes_after":15,"every_minutes":30,"earliest_start":"1 HOURS",
            "latest_start":"3 DAY","max_bookings":2}"#,
        )
        .unwrap()
    }

    /// A studio that is open on three days, with two trainers and a room, and a customer who may book.
    fn situation<'a>(appointment: &'a Appointment, zone: &'a TimeZone) -> Situation<'a> {
        let day = ("2026-11-23T09:00", "2026-11-23T18:00");
        let always = times(&[("2026-01-01T00:00", "2027-01-01T00:00")]);
        let candidate = |id, periods: &[(&str, &str)]| Candidate { id, free: times(periods) };
        Situation {
            appointment,
            offered: true,
            zone,
            now: at("2026-11-23T08:00"),
            open: times(&[day, ("2026-11-24T09:00", "2026-11-24T18:00"), ("2026-11-30T09:00", "2026-11-30T18:00")]),
            supply: Supply {
                instructors: Some(vec![
                    candidate(1, &[("2026-11-23T09:00", "2026-11-23T13:00")]),
                    candidate(2, &[("2026-11-23T11:00", "2026-11-23T17:00"), ("2026-11-24T09:00", "2026-11-24T18:00")]),
                ]),
                rooms: Some(vec![candidate(7, &[("2026-11-23T00:00", "2026-11-23T16:00")]), candidate(8, &[day])]),
                resources: vec![vec![candidate(9, &[("2026-11-23T00:00", "2026-12-23T00:00")])]],
            },
            booker: Some(Booker {
                permitted: always.clone(),
                idle: times(&[("2026-11-24T00:00", "2026-11-25T00:00")]),
                booked: times(&[("2026-11-23T13:00", "2026-11-23T13:30")]),
                planned: 1,
                contingent: always,
                tries: None,
            }),
        }
    }

    #[test]
    fn app_4_every_status_in_its_order() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let appointment = appointment();
        let fine = situation(&appointment, &zone);
        let morning = period("2026-11-23T11:00", "2026-11-23T12:00");
        let taken = |instructors: &[i64], room| Assignment {
            instructors: instructors.to_vec(),
            room: Some(room),
            resources: vec![9],
        };
        let with = |change: &dyn Fn(&mut Situation<'_>)| {
            let mut situation = fine.clone();
            change(&mut situation);
            situation
        };
        let booker = |change: &dyn Fn(&mut Booker)| with(&|situation| change(situation.booker.as_mut().unwrap()));
        assert_eq!(fine.decide(morning, &[]), Ok(taken(&[1], 7)));
        // APP-3: all who are wanted, whatever their order, each once.
        assert_eq!(fine.decide(morning, &[2, 1, 2]), Ok(taken(&[2, 1], 7)));
        assert_eq!(fine.decide(period("2026-11-23T15:00", "2026-11-23T16:00"), &[]), Ok(taken(&[2], 8)));
        for (requested, refusal) in [
            (period("2026-11-23T12:00", "2026-11-23T11:00"), Refusal::EndNotAfterStart),
            (period("2026-11-23T11:00", "2026-11-23T11:00"), Refusal::EndNotAfterStart),
            (period("2026-11-23T08:00", "2026-11-23T09:00"), Refusal::PastStart),
            (period("2026-11-23T07:00", "2026-11-23T09:00"), Refusal::PastStart),
            (period("2026-11-23T08:30", "2026-11-23T10:00"), Refusal::PeriodDoesNotMatch),
            (period("2026-11-23T08:30", "2026-11-23T09:30"), Refusal::BeforeEarliest(at("2026-11-23T09:00"))),
            (period("2026-11-30T09:00", "2026-11-30T10:00"), Refusal::AfterLatest(at("2026-11-26T08:00"))),
            (period("2026-11-23T17:30", "2026-11-23T18:30"), Refusal::StudioClosed),
            (period("2026-11-25T10:00", "2026-11-25T11:00"), Refusal::StudioClosed),
            (period("2026-11-24T10:00", "2026-11-24T11:00"), Refusal::CustomerIdle),
            (period("2026-11-23T12:30", "2026-11-23T13:30"), Refusal::InOtherBooking),
            // The buffer of a quarter of an hour must be free as well.
            (period("2026-11-23T16:00", "2026-11-23T17:00"), Refusal::ResourceNotAvailable),
            (period("2026-11-23T11:10", "2026-11-23T12:10"), Refusal::NotAvailable),
        ] {
            assert_eq!(fine.decide(requested, &[]), Err(refusal), "{requested:?}");
        }
        for (situation, wanted, refusal) in [
            (booker(&|booker| booker.permitted = Times::default()), &[][..], Refusal::ConditionsNotMet),
            (booker(&|booker| booker.planned = 2), &[], Refusal::LimitReached),
            (booker(&|booker| booker.contingent = Times::default()), &[], Refusal::NoContingent),
            (booker(&|booker| booker.tries = Some(Times::default())), &[], Refusal::NoContingent),
            (fine.clone(), &[3], Refusal::ResourceNotAvailable),
            (fine.clone(), &[1, 3], Refusal::ResourceNotAvailable),
            (with(&|situation| situation.supply.instructors = None), &[1], Refusal::ResourceNotAvailable),
            (with(&|situation| situation.supply.rooms = Some(Vec::new())), &[], Refusal::ResourceNotAvailable),
            (with(&|situation| situation.supply.resources.push(Vec::new())), &[], Refusal::ResourceNotAvailable),
            (with(&|situation| situation.offered = false), &[], Refusal::NotAvailable),
        ] {
            assert_eq!(situation.decide(morning, wanted), Err(refusal), "{wanted:?}");
        }
        // Each reason gives way to those before it.
        let mut worse = fine.clone();
        let late = period("2026-11-24T10:10", "2026-11-24T11:10");
        worse.offered = false;
        let mut found = vec![worse.decide(late, &[3]).unwrap_err()];
        for change in [
            |situation: &mut Situation<'_>| situation.booker.as_mut().unwrap().contingent = Times::default(),
            |situation: &mut Situation<'_>| situation.booker.as_mut().unwrap().planned = 2,
            |situation: &mut Situation<'_>| situation.booker.as_mut().unwrap().permitted = Times::default(),
            |situation: &mut Situation<'_>| situation.open = Times::default(),
        ] {
            change(&mut worse);
            found.push(worse.decide(late, &[3]).unwrap_err());
        }
        let idle = Refusal::CustomerIdle;
        assert_eq!(found, [idle, idle, idle, Refusal::ConditionsNotMet, Refusal::StudioClosed]);
        let mut free = fine.clone();
        free.booker.as_mut().unwrap().idle = Times::default();
        let steps: Vec<Refusal> = [
            |situation: &mut Situation<'_>| situation.offered = false,
            |situation: &mut Situation<'_>| situation.supply.instructors = Some(Vec::new()),
            |situation: &mut Situation<'_>| situation.booker.as_mut().unwrap().contingent = Times::default(),
            |situation: &mut Situation<'_>| situation.booker.as_mut().unwrap().planned = 2,
            |situation: &mut Situation<'_>| situation.booker.as_mut().unwrap().booked = situation.open.clone(),
        ]
        .into_iter()
        .map(|change| {
            change(&mut free);
            free.decide(morning, &[]).unwrap_err()
        })
        .collect();
        let expected = [
            Refusal::NotAvailable,
            Refusal::ResourceNotAvailable,
            Refusal::NoContingent,
            Refusal::LimitReached,
            Refusal::InOtherBooking,
        ];
        assert_eq!(steps, expected);
    }

    #[test]
    fn bo_2_staff_may_book_against_all_rules_but_not_what_is_taken() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let appointment = appointment();
        let mut worst = situation(&appointment, &zone);
        worst.offered = false;
        worst.open = Times::default();
        worst.now = at("2026-12-01T00:00");
        worst.booker = Some(Booker { planned: 9, ..Booker::default() });
        let morning = period("2026-11-23T11:10", "2026-11-23T12:10");
        assert_eq!(worst.decide_against_rules(morning, &[2]).unwrap().instructors, [2]);
        for (requested, wanted, refusal) in [
            (period("2026-11-23T12:10", "2026-11-23T11:10"), &[][..], Refusal::EndNotAfterStart),
            (period("2026-11-23T11:10", "2026-11-23T12:00"), &[], Refusal::PeriodDoesNotMatch),
            (morning, &[1, 2, 3], Refusal::ResourceNotAvailable),
            (period("2026-11-23T16:30", "2026-11-23T17:30"), &[], Refusal::ResourceNotAvailable),
        ] {
            assert_eq!(worst.decide_against_rules(requested, wanted), Err(refusal));
        }
    }

    #[test]
    fn app_2_one_entry_for_each_start_with_all_who_are_free() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let appointment = appointment();
        let mut fine = situation(&appointment, &zone);
        let day = "2026-11-23".parse().unwrap();
        let shown = |situation: &Situation<'_>| -> Vec<(String, Vec<i64>)> {
            let slots = situation.free_slots(day, day);
            let of = |slot: FreeSlot| {
                (zone.to_datetime(slot.period.start).time().strftime("%H:%M").to_string(), slot.instructors)
            };
            slots.into_iter().map(of).collect()
        };
        let slot = |start: &str, instructors: &[i64]| (start.to_owned(), instructors.to_vec());
        let morning = [slot("09:00", &[1]), slot("09:30", &[1]), slot("10:00", &[1]), slot("10:30", &[1])];
        let noon = [slot("11:00", &[1, 2]), slot("11:30", &[1, 2]), slot("12:00", &[2])];
        let later =
            [slot("13:30", &[2]), slot("14:00", &[2]), slot("14:30", &[2]), slot("15:00", &[2]), slot("15:30", &[2])];
        assert_eq!(shown(&fine), [&morning[..], &noon, &later].concat());
        fine.supply.instructors = None;
        assert!(shown(&fine).iter().all(|(_, instructors)| instructors.is_empty()));
        fine.offered = false;
        assert_eq!(shown(&fine), []);
    }
}
