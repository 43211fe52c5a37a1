//! Everything that decides about the times of an appointment, as it stands in the database: who is there when, what is taken, and what
//! speaks for a customer who wants to book it (APP-1).
//!
//! All times of a studio that are taken come with one statement, and are put together in memory.

use std::collections::BTreeMap;

use gymkeeper_domain::{
    booking::{
        allowance::BookableKind,
        appointment::{Appointment, Standing},
        free_slots::{Booker, Candidate, Situation, Supply},
        hours,
        times::{Period, Times},
    },
    calendar::{age_on, day_after},
    studio::Window,
};
use gymkeeper_store::{
    booking::{appointment, occupied, presence, times_of_customer},
    customer::{Customer, contract::kind},
    db::{DbError, Tx},
    employee::{self, Worker},
    inventory::{self, Kind},
    tenant::TenantId,
};
use jiff::{Timestamp, civil::Date};

use super::{
    Defined,
    allowance::{self, Wanted},
    trial::Trying,
};
use crate::actions::customer::{StudioOf, contract};

/// What is asked about: an appointment of a studio, at an instant.
#[derive(Clone, Copy)]
pub struct Ask<'a> {
    /// The tenant.
    pub tenant: TenantId,
    /// The studio.
    pub studio: &'a StudioOf,
    /// The appointment.
    pub appointment: &'a Defined<Appointment>,
    /// Who wants to book it; nothing when times are shown to whoever it may be.
    pub customer: Option<&'a Customer>,
    /// The present instant.
    pub now: Timestamp,
    /// What for.
    pub purpose: Purpose<'a>,
}

/// What somebody wants an appointment for.
#[derive(Debug, Clone, Copy)]
pub enum Purpose<'a> {
    /// To have it.
    Usual,
    /// To try it, whether or not they have anything (TRI-6); with what decides about the customer, where there is one.
    Trial(Option<&'a Trying>),
}

/// What was found, with those who could give the appointment.
pub struct Found<'a> {
    /// What decides.
    pub situation: Situation<'a>,
    /// Those who could give it.
    pub workers: Vec<Worker>,
}

impl<'a> Ask<'a> {
    /// What decides about starts in a period.
    ///
    /// # Errors
    /// The database's; when a definition or a contract cannot be read.
    pub fn look(self, tx: &mut Tx<'_>, starts: Period) -> Result<Found<'a>, DbError> {
        let definition = &self.appointment.definition;
        let zone = &self.studio.zone;
        let near = definition.taken(Period::new(starts.start, definition.period(starts.end).end));
        let (supply, workers) = self.supply(tx, near)?;
        let at_home = self.customer.is_none_or(|customer| customer.studio_id == self.studio.id);
        let situation = Situation {
            appointment: definition,
            // CLS-10
            offered: self.is_offered() && (at_home || definition.open_to_other_studios),
            zone,
            now: self.now,
            open: hours::open(&self.studio.definition, zone, near),
            supply,
            booker: self.customer.map(|customer| self.booker(tx, customer, near, starts)).transpose()?,
        };
        Ok(Found { situation, workers })
    }

    /// Whether programs may book it (APP-8).
    fn is_offered(self) -> bool {
        match self.purpose {
            Purpose::Usual => is_offered(self.appointment),
            Purpose::Trial(_) => is_shown(self.appointment),
        }
    }

    /// What must be allowed for it on a day.
    pub fn wanted(self, day: Date) -> Wanted<'a> {
        let Defined { entry, definition, .. } = self.appointment;
        Wanted {
            kind: BookableKind::Appointment,
            studio: self.studio.id,
            key: &entry.key,
            category: definition.category.as_deref(),
            day,
        }
    }

    /// Whom and what the appointment may take, each with the times at which it can be had.
    fn supply(self, tx: &mut Tx<'_>, near: Period) -> Result<(Supply, Vec<Worker>), DbError> {
        let definition = &self.appointment.definition;
        let mut workers = match definition.instructors.is_empty() {
            true => Vec::new(),
            false => employee::workers(tx, self.tenant, self.studio.id)?,
        };
        let place = |key: &String| definition.instructors.iter().position(|named| named == key);
        workers.retain(|worker| place(&worker.key).is_some());
        workers.sort_by_key(|worker| place(&worker.key));
        let rooms = self.things(tx, Kind::Room, !definition.rooms.is_empty())?;
        let resources = self.things(tx, Kind::Resource, !definition.resources.is_empty())?;
        let named = |all: &BTreeMap<String, i64>, keys: &[String]| -> Vec<i64> {
            keys.iter().filter_map(|key| all.get(key)).copied().collect()
        };
        let rooms = named(&rooms, &definition.rooms);
        let groups: Vec<Vec<i64>> = definition.resources.iter().map(|keys| named(&resources, keys)).collect();
        let people: Vec<i64> = workers.iter().map(|worker| worker.id).collect();
        let all: Vec<i64> = people.iter().chain(&rooms).chain(groups.iter().flatten()).copied().collect();
        let mut taken: BTreeMap<i64, Vec<Period>> = BTreeMap::new();
        for busy in occupied::busy(tx, self.tenant, &all, near.start, near.end)? {
            taken.entry(busy.subject_id).or_default().push(Period::new(busy.starts_at, busy.ends_at));
        }
        for away in presence::away(tx, self.tenant, &people, near.start, near.end)? {
            taken.entry(away.employee_id).or_default().push(Period::new(away.starts_at, away.ends_at));
        }
        let mut candidate = |id: i64, there: Times| {
            let taken = Times::of(taken.remove(&id).unwrap_or_default());
            Candidate { id, free: there.without(&taken) }
        };
        let mut instructors = Vec::with_capacity(workers.len());
        for worker in &workers {
            instructors.push(candidate(worker.id, self.working_hours(worker, near)?));
        }
        let mut always = |ids: &[i64]| ids.iter().map(|id| candidate(*id, Times::of([near]))).collect::<Vec<_>>();
        let supply = Supply {
            instructors: (!definition.instructors.is_empty()).then_some(instructors),
            rooms: (!definition.rooms.is_empty()).then(|| always(&rooms)),
            resources: groups.iter().map(|ids| always(ids)).collect(),
        };
        Ok((supply, workers))
    }

    fn working_hours(self, worker: &Worker, near: Period) -> Result<Times, DbError> {
        let Some(hours) = &worker.working_hours else { return Ok(Times::of([near])) };
        let unreadable =
            |error| DbError::Unusable(format!("the working hours of employee {} cannot be read: {error}", worker.id));
        let windows: Vec<Window> = serde_json::from_str(hours).map_err(unreadable)?;
        Ok(hours::weekly(&windows, &self.studio.zone, near))
    }

    /// The rooms or resources of the studio by key, without those that are gone.
    fn things(self, tx: &mut Tx<'_>, kind: Kind, needed: bool) -> Result<BTreeMap<String, i64>, DbError> {
        if !needed {
            return Ok(BTreeMap::new());
        }
        let entries = inventory::of_kind(tx, self.tenant, self.studio.id, kind)?;
        Ok(entries.into_iter().filter(|entry| !entry.retired).map(|entry| (entry.key, entry.id)).collect())
    }

    /// What stands for and against a customer in a period. Contracts and allowances hold for days.
    fn booker(self, tx: &mut Tx<'_>, customer: &Customer, near: Period, starts: Period) -> Result<Booker, DbError> {
        let (zone, Defined { entry, definition, .. }) = (&self.studio.zone, self.appointment);
        let contracts = contract::of(tx, self.tenant, customer)?;
        let (mut permitted, mut idle, mut contingent) = (Vec::new(), Vec::new(), Vec::new());
        let (mut day, last) = (zone.to_datetime(near.start).date(), zone.to_datetime(near.end).date());
        while day <= last {
            let entitlement = allowance::entitlement(tx, self.tenant, customer, self.wanted(day))?;
            let of_day = hours::of_days(day, day, zone);
            if definition.conditions.are_met(&standing(&contracts, customer, self.studio.id, day)) {
                permitted.push(of_day);
            }
            if entitlement.idle {
                idle.push(of_day);
            }
            if !entitlement.grants.is_empty() {
                contingent.push(of_day);
            }
            if day == Date::MAX {
                break;
            }
            day = day_after(day);
        }
        let booked = times_of_customer(tx, self.tenant, customer.id, near.start, near.end)?;
        let planned = appointment::planned(tx, self.tenant, customer.id, self.now, entry.id)?;
        Ok(Booker {
            permitted: Times::of(permitted),
            idle: Times::of(idle),
            booked: Times::of(booked.into_iter().map(|(start, end)| Period::new(start, end))),
            planned: u32::try_from(planned).unwrap_or(u32::MAX),
            contingent: Times::of(contingent),
            tries: match self.purpose {
                Purpose::Trial(Some(trying)) => Some(self.tries(trying, starts)),
                Purpose::Trial(None) | Purpose::Usual => None,
            },
        })
    }

    /// The starts at which somebody may try it (TRI-3): of those that are asked about one by one, since how far apart trials are is
    /// counted by the calendar.
    fn tries(self, trying: &Trying, starts: Period) -> Times {
        let zone = &self.studio.zone;
        let day = |instant| zone.to_datetime(instant).date();
        let on_grid = hours::grid(day(starts.start), day(starts.end), self.appointment.definition.every_minutes, zone);
        let asked = on_grid.into_iter().chain([starts.start]);
        let open = asked.filter(|start| trying.refusal(*start, zone).is_none());
        Times::of(open.map(|start| Period::of_minutes(start, 1)))
    }
}

/// Whether programs may see and book an appointment without trying it (APP-8).
pub fn is_offered(appointment: &Defined<Appointment>) -> bool {
    is_shown(appointment) && !appointment.definition.trial_only
}

/// Whether programs may see an appointment.
pub fn is_shown(appointment: &Defined<Appointment>) -> bool {
    appointment.definition.online && !appointment.entry.retired
}

/// What a customer has on a day. Keys mean something in their own studio only, rate codes everywhere.
fn standing<'c>(contracts: &'c [contract::Standing], customer: &Customer, studio: i64, day: Date) -> Standing<'c> {
    let mut standing = Standing { age: customer.date_of_birth.map(|born| age_on(born, day)), ..Standing::default() };
    for contract in contracts {
        if !contract.runs_on(day) {
            continue;
        }
        let row = &contract.row;
        standing.rate_codes.extend(contract.agreement.rate_codes.iter().map(|code| code.identifier.as_str()));
        let Some(key) = row.offer_key.as_deref().filter(|_| row.studio_id == studio) else { continue };
        match row.kind.as_str() {
            kind::MAIN => standing.offers.push(key),
            kind::MODULE => standing.modules.push(key),
            _ => {}
        }
    }
    standing
}
