//! Bookings: places in classes and times of trainers, and what they take of what customers have paid for.
//!
//! Start at [`class_slot`], where a place is booked and given back. [`schedule`] makes slots of series, [`slot`] changes them;
//! [`trial`] is about what is booked to try it.

pub mod allowance;
pub mod appointment;
pub mod class_slot;
pub mod feed;
pub mod free_time;
pub mod schedule;
pub mod slot;
pub mod trial;

use gymkeeper_contract::{errors::ErrorCode, webhooks::Event};
use gymkeeper_domain::booking::{
    BookingStatus, Participation,
    allowance::BookableKind,
    cancelation::{self, CancelFacts, CancelRefusal, Canceled},
};
use gymkeeper_store::{
    booking::{self, Booking},
    db::{DbError, Tx},
    inventory::{self, Entry, Kind},
    tenant::TenantId,
};
use jiff::{Timestamp, tz::TimeZone};
use serde::de::DeserializeOwned;

use crate::{
    actions::{
        change::{Change, Deed},
        customer::StudioOf,
    },
    http::failure::{Failure, Refusal},
};

/// An entry of the inventory with its definition.
#[derive(Debug, Clone)]
pub struct Defined<T> {
    /// The studio that it belongs to.
    pub studio: i64,
    /// The entry.
    pub entry: Entry,
    /// What it defines.
    pub definition: T,
}

/// The entry of that kind and id, retired or not.
///
/// # Errors
/// The database's; when it cannot be read.
pub fn defined<T: DeserializeOwned>(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    kind: Kind,
    id: i64,
) -> Result<Option<Defined<T>>, DbError> {
    let Some((studio, entry)) = inventory::by_id(tx, tenant, kind, id)? else { return Ok(None) };
    let definition = entry.read()?;
    Ok(Some(Defined { studio, entry, definition }))
}

/// Gives back what a customer has booked and that has not begun: the customer is archived or erased. The customer must be held.
///
/// # Errors
/// The database's; when something cannot be read.
pub fn withdraw_all(change: &mut Change<'_, '_>, customer: i64) -> Result<(), DbError> {
    for id in booking::ahead(change.tx, change.tenant, customer, change.now)? {
        withdraw(change, id)?;
    }
    Ok(())
}

/// Gives back one thing that a customer has booked and will not come for. The customer must be held.
fn withdraw(change: &mut Change<'_, '_>, id: i64) -> Result<(), DbError> {
    match booking::by_id(change.tx, change.tenant, id)? {
        Some(found) if found.kind == BookableKind::Appointment.name() => appointment::withdraw(change, found),
        Some(_) => class_slot::withdraw(change, id),
        None => Ok(()),
    }
}

/// A booking that is being made of something that is held at a time: it stands, and has taken nothing yet.
pub fn fresh(
    id: i64,
    kind: BookableKind,
    (studio, customer, subject): (&StudioOf, i64, i64),
    (starts_at, ends_at): (Timestamp, Timestamp),
    now: Timestamp,
) -> Booking {
    Booking {
        id,
        kind: kind.name().to_owned(),
        studio_id: studio.id,
        customer_id: Some(customer),
        subject_id: subject,
        slot_id: None,
        starts_at,
        ends_at,
        status: BookingStatus::Booked.name().to_owned(),
        participation: Participation::Unset.name().to_owned(),
        place: 0,
        spot: None,
        booked_at: now,
        canceled_at: None,
        late: false,
        contract_id: None,
        list_id: None,
        pack_id: None,
        allowance_key: None,
        window_start: None,
        trial_id: None,
        confirm_until: None,
    }
}

/// Something done to a booking. What it tells is about the customer.
fn deed(action: &'static str, booking: &Booking) -> Deed {
    let deed = Deed::new(action).studio(booking.studio_id).subject("booking", booking.id);
    match booking.customer_id {
        Some(customer) => deed.about(customer),
        None => deed,
    }
}

/// Ends a booking that stands, gives back what it took where it was in time, and tells of it, unless nobody was told that it was
/// made (TRI-4).
fn end(
    change: &mut Change<'_, '_>,
    booking: &mut Booking,
    canceled: Canceled,
    action: &'static str,
    event: Event,
) -> Result<(), DbError> {
    let told = status(booking)? != BookingStatus::ToBeConfirmed;
    if canceled == Canceled::InTime {
        allowance::give_back(change, booking)?;
    }
    booking.status = BookingStatus::Canceled.name().to_owned();
    booking.canceled_at = Some(change.now);
    booking.late = canceled == Canceled::Late;
    booking::update(change.tx, change.tenant, booking)?;
    let deed = deed(action, booking).field("late", (), booking.late);
    change.record(if told { deed.event(event) } else { deed });
    Ok(())
}

/// Notes whether a customer came (CLS-13).
///
/// # Errors
/// Refuses a booking without a place.
fn note_participation(
    change: &mut Change<'_, '_>,
    mut booking: Booking,
    wanted: Participation,
    action: &'static str,
) -> Result<Booking, Failure> {
    if !status(&booking)?.holds_place() {
        return Err(ErrorCode::BookingWithoutPlace.into());
    }
    if booking.participation != wanted.name() {
        let deed = deed(action, &booking);
        change.record(deed.field("participantStatus", &booking.participation, wanted.name()));
        booking.participation = wanted.name().to_owned();
        booking::update(change.tx, change.tenant, &booking)?;
    }
    Ok(booking)
}

/// How a booking stands, as the rules say it.
///
/// # Errors
/// When the stored name is unknown.
pub fn status(booking: &Booking) -> Result<BookingStatus, DbError> {
    let unknown = || DbError::Unusable(format!("booking {} has the unknown status {}", booking.id, booking.status));
    BookingStatus::parse(&booking.status).ok_or_else(unknown)
}

/// An instant in the words of an error: by the clock of the studio, without a zone.
pub fn told_time(instant: Timestamp, zone: &TimeZone) -> String {
    zone.to_datetime(instant).strftime("%Y-%m-%d %H:%M").to_string()
}

/// Whether a booking may be canceled now (CLS-6, APP-6).
///
/// # Errors
/// Says why not.
pub fn may_cancel(facts: CancelFacts, now: Timestamp, zone: &TimeZone) -> Result<Canceled, Refusal> {
    cancelation::cancel(facts, now).map_err(|refusal| match refusal {
        CancelRefusal::AlreadyCanceled => Refusal::new(ErrorCode::BookingAlreadyCanceled),
        CancelRefusal::AlreadyStarted => Refusal::new(ErrorCode::BookingAlreadyStarted),
        CancelRefusal::DeadlineExceeded => {
            Refusal::new(ErrorCode::BookingCancelationDeadlineExceeded).with_text(told_time(facts.free_until, zone))
        }
    })
}
