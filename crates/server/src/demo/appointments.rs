//! Who has booked which appointment of the demo: some of the week before last, with a note whether they came, and some of the days ahead.

use gymkeeper_domain::booking::{Participation, appointment::Appointment, hours, times::Period};
use gymkeeper_store::{
    booking::Booking,
    customer::{self, Customer},
    inventory::{self, Kind},
};
use jiff::{ToSpan as _, civil::Date};

use crate::{
    actions::{
        booking::{
            Defined,
            appointment::{self, Terms, Wish},
            free_time::{Ask, Purpose},
        },
        change::Change,
        customer::StudioOf,
    },
    http::failure::Failure,
};

/// So many days ago the bookings of the past were made.
const DAYS_AGO: i64 = 12;
/// Times are looked for on so many days from then on, for each booking on another one.
const DAYS: i64 = 6;
/// So many of each appointment are booked, at the most.
const EACH: usize = 3;
/// So many members are asked for each appointment.
const TRIES: usize = 8;

/// Books appointments for a studio's members.
///
/// # Errors
/// The database's.
pub(super) fn fill(change: &mut Change<'_, '_>, home: &StudioOf, members: &[i64]) -> Result<(), Failure> {
    let today = change.now;
    // What is over was booked before it began: for a while it is then.
    change.now = today.checked_sub((24 * DAYS_AGO).hours()).unwrap_or(today);
    let past = book(change, home, members);
    change.now = today;
    for (place, booking) in past?.into_iter().enumerate() {
        let came = if place % 4 == 3 { Participation::NotParticipating } else { Participation::Participating };
        appointment::set_participation(change, booking, came)?;
    }
    // Others than those who came in the week before last.
    book(change, home, members.get(EACH * TRIES..).unwrap_or_default()).map(drop)
}

/// Books some of each appointment on the days that follow, each for another member.
fn book(change: &mut Change<'_, '_>, home: &StudioOf, members: &[i64]) -> Result<Vec<Booking>, Failure> {
    let first = home.zone.to_datetime(change.now).date();
    let mut made = Vec::new();
    let mut next = members.iter();
    for entry in inventory::of_kind(change.tx, change.tenant, home.id, Kind::AppointmentType)? {
        let definition: Appointment = entry.read()?;
        let appointment = Defined { studio: home.id, entry, definition };
        let before = made.len();
        for member in next.by_ref().take(TRIES) {
            if made.len() - before >= EACH {
                break;
            }
            let place = made.len();
            let ahead = i64::try_from(place).unwrap_or(0) % DAYS;
            let day = first.checked_add((1 + ahead).days()).unwrap_or(first);
            made.extend(book_one(change, home, &appointment, *member, day, place)?);
        }
    }
    Ok(made)
}

/// Books one of the free times of a member on one day, if there are any: not always the same.
fn book_one(
    change: &mut Change<'_, '_>,
    home: &StudioOf,
    appointment: &Defined<Appointment>,
    member: i64,
    day: Date,
    place: usize,
) -> Result<Option<Booking>, Failure> {
    let Some(customer) = customer::by_id(change.tx, change.tenant, member)? else { return Ok(None) };
    let who = (&customer, Purpose::Usual);
    let Some(wish) = free_time(change, home, appointment, who, (day, place * 7))? else { return Ok(None) };
    appointment::book(change, home, &customer, &wish, Terms::Rules).map(Some)
}

/// One of the times of a day at which somebody could book an appointment, if there are any: the one at that place, counted on from
/// the first when there are fewer.
pub(super) fn free_time(
    change: &mut Change<'_, '_>,
    home: &StudioOf,
    appointment: &Defined<Appointment>,
    (customer, purpose): (&Customer, Purpose<'_>),
    (day, place): (Date, usize),
) -> Result<Option<Wish>, Failure> {
    let (tenant, now) = (change.tenant, change.now);
    let ask = Ask { tenant, studio: home, appointment, customer: Some(customer), now, purpose };
    let starts: Period = hours::of_days(day, day, &home.zone);
    let free = ask.look(change.tx, starts)?.situation.free_slots(day, day);
    let slot = free.get(place % free.len().max(1));
    Ok(slot.map(|slot| Wish { appointment: appointment.entry.id, period: slot.period, instructors: Vec::new() }))
}
