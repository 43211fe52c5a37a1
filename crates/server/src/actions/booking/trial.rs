//! Trials: who may try what, confirming that somebody comes, and giving up what nobody confirmed (TRI-3 to TRI-7).
//!
//! A trial is booked like anything else, with terms of its own ([`Terms::Trial`]); afterwards it is a booking among others.

use gymkeeper_contract::{errors::ErrorCode, webhooks::Event};
use gymkeeper_domain::booking::{
    BookingStatus,
    allowance::BookableKind,
    appointment::Appointment,
    class::Class,
    trial::{self as rule, Confirming, TrialFacts, TrialOffer, TrialRefusal},
};
use gymkeeper_store::{
    booking::{
        self, Booking,
        slot::{self, Slot},
        trial as stored,
    },
    customer::{self as customers, Customer, lead},
    db::{DbError, Tx},
    inventory::{self, Kind},
    job,
    tenant::TenantId,
};
use jiff::{Timestamp, tz::TimeZone};

use super::{
    Defined,
    appointment::{self, Wish},
    class_slot::{self, Asked, Terms, TrialTerms},
    deed, defined,
    free_time::is_shown,
    status, withdraw,
};
use crate::{
    actions::{change::Change, customer::StudioOf},
    http::failure::{Failure, Refusal},
    workers::jobs,
};

/// The trial offers of a studio that stand, in the operator's order.
///
/// # Errors
/// The database's; when one cannot be read.
pub fn offers(tx: &mut Tx<'_>, tenant: TenantId, studio: i64) -> Result<Vec<Defined<TrialOffer>>, DbError> {
    let entries = inventory::of_kind(tx, tenant, studio, Kind::TrialOffer)?;
    let standing = entries.into_iter().filter(|entry| !entry.retired);
    standing.map(|entry| Ok(Defined { studio, definition: entry.read()?, entry })).collect()
}

/// The trial offer under which something of a studio can be tried. There is one at the most.
///
/// # Errors
/// The database's; when one cannot be read.
pub fn offer_for(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    studio: i64,
    kind: BookableKind,
    key: &str,
) -> Result<Option<Defined<TrialOffer>>, DbError> {
    let offers = offers(tx, tenant, studio)?;
    Ok(offers.into_iter().find(|offer| offer.definition.covers(kind, key)))
}

/// Somebody who wants to try something of an offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trying {
    offer: i64,
    /// Nothing when nothing is asked.
    conditions: Option<Conditions>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Conditions {
    offer: TrialOffer,
    is_member: bool,
    is_lead: bool,
    tried: Vec<Timestamp>,
}

impl Trying {
    /// What decides whether a customer may try something of an offer of the studio.
    ///
    /// # Errors
    /// The database's.
    pub fn of(
        tx: &mut Tx<'_>,
        tenant: TenantId,
        studio: &StudioOf,
        offer: Defined<TrialOffer>,
        customer: &Customer,
        now: Timestamp,
    ) -> Result<Self, DbError> {
        let leads = lead::of_customer(tx, tenant, customer.id)?;
        let today = studio.zone.to_datetime(now).date();
        let conditions = Conditions {
            is_member: customer.status_on(today) == customers::status::MEMBER,
            is_lead: leads.iter().any(|lead| lead.studio_id == studio.id && lead.status == lead::status::PENDING),
            tried: stored::tried(tx, tenant, customer.id, offer.entry.id)?,
            offer: offer.definition,
        };
        Ok(Self { offer: offer.entry.id, conditions: Some(conditions) })
    }

    /// Somebody who tries already and is not asked again.
    pub(super) const fn at_will(offer: i64) -> Self {
        Self { offer, conditions: None }
    }

    /// Why they may not try something that begins then (TRI-3, TRI-6).
    pub fn refusal(&self, starts_at: Timestamp, zone: &TimeZone) -> Option<ErrorCode> {
        let Conditions { offer, is_member, is_lead, tried } = self.conditions.as_ref()?;
        let facts = TrialFacts { is_member: *is_member, is_lead: *is_lead, starts_at, tried };
        rule::may_try(offer, &facts, zone).err().map(|refusal| match refusal {
            TrialRefusal::Member => ErrorCode::BookingNoContingent,
            TrialRefusal::ContingentExhausted => ErrorCode::TrialOfferContingentExhausted,
            TrialRefusal::TooSoon => ErrorCode::TrialOfferMultipleBookingsPrevented,
            TrialRefusal::LeadsNotAllowed => ErrorCode::TrialOfferLeadsNotAllowed,
        })
    }

    /// Notes in a booking that is to be stored that it is a trial, and whether it must be confirmed (TRI-4).
    pub(super) fn note(&self, booking: &mut Booking, zone: &TimeZone, now: Timestamp) {
        let term = self.conditions.as_ref().and_then(|conditions| conditions.offer.confirm_before);
        booking.trial_id = Some(self.offer);
        booking.confirm_until = rule::confirm_until(term, booking.starts_at, zone, now);
        if booking.confirm_until.is_some() {
            booking.status = BookingStatus::ToBeConfirmed.name().to_owned();
        }
    }

    /// The terms for something that begins then.
    fn terms(&self, starts_at: Timestamp, zone: &TimeZone) -> TrialTerms {
        let confirmation = self.conditions.as_ref().and_then(|conditions| conditions.offer.confirm_before);
        TrialTerms { offer: self.offer, refusal: self.refusal(starts_at, zone), confirmation }
    }
}

/// Under which terms a customer may try the class of a slot.
fn terms_in(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    studio: &StudioOf,
    class: &Defined<Class>,
    slot: &Slot,
    customer: &Customer,
    now: Timestamp,
) -> Result<TrialTerms, Failure> {
    let offer = offer_for(tx, tenant, studio.id, BookableKind::Class, &class.entry.key)?;
    // TRI-6: what cannot be tried is not there.
    let offer = offer.ok_or_else(|| Refusal::new(ErrorCode::ClassSlotNotFound).at("classSlotId"))?;
    Ok(Trying::of(tx, tenant, studio, offer, customer, now)?.terms(slot.starts_at, &studio.zone))
}

/// Everything that decides whether a customer may try a slot of a class of the studio.
///
/// # Errors
/// Refuses a slot of a class that is not for trying with 404; the database's.
pub fn ask_class(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    studio: &StudioOf,
    slot: &Slot,
    customer: &Customer,
    now: Timestamp,
) -> Result<Asked, Failure> {
    let class = class_slot::class_of(tx, tenant, slot)?;
    let terms = terms_in(tx, tenant, studio, &class, slot, customer, now)?;
    Ok(class_slot::ask(tx, tenant, studio, &class, slot, customer, Terms::Trial(&terms))?)
}

/// Books a place to try a class. The customer's row must be held.
///
/// # Errors
/// Refuses with the first reason against it; a slot that is unknown or not for trying with 404, one of another studio with 403.
pub fn book_class(
    change: &mut Change<'_, '_>,
    studio: &StudioOf,
    customer: &Customer,
    slot_id: i64,
) -> Result<(Booking, Slot), Failure> {
    // From here on nobody moves it: how close trials are hangs on when it begins.
    let claimed = slot::claim(change.tx, change.tenant, slot_id)?;
    let slot = claimed.ok_or_else(|| Refusal::new(ErrorCode::ClassSlotNotFound).at("classSlotId"))?;
    if slot.studio_id != studio.id {
        return Err(ErrorCode::AuthorizationOtherStudio.into());
    }
    let class = class_slot::class_of(change.tx, change.tenant, &slot)?;
    let terms = terms_in(change.tx, change.tenant, studio, &class, &slot, customer, change.now)?;
    let made = class_slot::book(change, studio, customer, slot_id, Terms::Trial(&terms))?;
    lapse_later(change, &made.0)?;
    Ok(made)
}

/// The trial offer under which an appointment of the studio can be tried.
///
/// # Errors
/// Refuses one that is unknown, not shown or not for trying with 404, one of another studio with 403.
pub fn appointment_to_try(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    studio: i64,
    id: i64,
) -> Result<(Defined<Appointment>, Defined<TrialOffer>), Failure> {
    let found = appointment::of_studio(tx, tenant, studio, id)?;
    let offer = offer_for(tx, tenant, studio, BookableKind::Appointment, &found.entry.key)?;
    // TRI-6
    match offer.filter(|_| is_shown(&found)) {
        Some(offer) => Ok((found, offer)),
        None => Err(ErrorCode::BookableAppointmentNotFound.into()),
    }
}

/// Books an appointment to try it. The customer's row must be held.
///
/// # Errors
/// Refuses with the first reason against it; as [`appointment_to_try`].
pub fn book_appointment(
    change: &mut Change<'_, '_>,
    studio: &StudioOf,
    customer: &Customer,
    wish: &Wish,
) -> Result<Booking, Failure> {
    let found = appointment_to_try(change.tx, change.tenant, studio.id, wish.appointment);
    let (_, offer) = found.map_err(|failure| failure.blaming("bookableAppointmentId"))?;
    let trying = Trying::of(change.tx, change.tenant, studio, offer, customer, change.now)?;
    let made = appointment::book(change, studio, customer, wish, appointment::Terms::Trial(&trying))?;
    lapse_later(change, &made)?;
    Ok(made)
}

/// Sees to it that a booking is given up that nobody confirms.
///
/// # Errors
/// The database's.
pub(super) fn lapse_later(change: &mut Change<'_, '_>, booking: &Booking) -> Result<(), DbError> {
    let (kind, key) = (jobs::Kind::TrialLapse.name(), booking.id.to_string());
    job::remove(change.tx, change.tenant, kind, &key)?;
    match booking.confirm_until {
        Some(until) => job::add(change.tx, change.tenant, kind, &key, rule::lapses_at(until)),
        None => Ok(()),
    }
}

/// A booking that nobody else changes meanwhile.
fn alone(change: &mut Change<'_, '_>, id: i64) -> Result<Option<Booking>, DbError> {
    let Some(found) = booking::by_id(change.tx, change.tenant, id)? else { return Ok(None) };
    if let Some(customer) = found.customer_id {
        customers::hold(change.tx, change.tenant, customer)?;
    }
    if let Some(slot) = found.slot_id {
        slot::claim(change.tx, change.tenant, slot)?;
    }
    // Somebody else may have changed it before that.
    booking::by_id(change.tx, change.tenant, id)
}

/// Confirms that the customer comes, and answers whether that was in time; otherwise the trial is given up (TRI-4, TRI-7).
///
/// # Errors
/// Refuses an unknown booking with 404.
pub fn confirm(change: &mut Change<'_, '_>, id: i64) -> Result<bool, Failure> {
    let mut booking = alone(change, id)?.ok_or(ErrorCode::BookingNotFound)?;
    let before = status(&booking)?;
    match rule::confirm(before, booking.confirm_until, change.now) {
        Confirming::Stands => Ok(true),
        Confirming::Gone => Ok(false),
        Confirming::Confirms => {
            become_booked(&mut booking);
            booking::update(change.tx, change.tenant, &booking)?;
            let deed = deed("trial.confirmed", &booking).field("status", before.name(), &booking.status);
            change.record(deed.event(created(&booking)));
            Ok(true)
        }
        Confirming::Lapses => {
            withdraw(change, booking.id)?;
            Ok(false)
        }
    }
}

/// The event that tells of a booking once it needs no confirmation any more (TRI-4).
fn created(booking: &Booking) -> Event {
    if booking.kind == BookableKind::Class.name() {
        Event::ClassBookingCreated { booking_id: booking.id }
    } else {
        Event::AppointmentBookingCreated { booking_id: booking.id }
    }
}

fn become_booked(booking: &mut Booking) {
    booking.status = BookingStatus::Booked.name().to_owned();
}

/// Gives up a trial that nobody has confirmed in time. Answers when to look again, where there is more time than thought.
///
/// # Errors
/// The database's; when the job's key is none of ours.
pub fn lapse(change: &mut Change<'_, '_>, key: &str) -> Result<Option<Timestamp>, Failure> {
    let id: i64 = key.parse().map_err(|_| Failure::Internal(format!("there is no trial {key}")))?;
    let Some(booking) = alone(change, id)? else { return Ok(None) };
    match rule::confirm(status(&booking)?, booking.confirm_until, change.now) {
        Confirming::Stands | Confirming::Gone => Ok(None),
        Confirming::Confirms => Ok(booking.confirm_until.map(rule::lapses_at)),
        Confirming::Lapses => {
            withdraw(change, booking.id)?;
            Ok(None)
        }
    }
}

/// What is tried begins at another time now, so there is another time for confirming it. Where that has passed already, nobody could
/// confirm any more, and the booking stands without. Answers the event that tells of it; the caller stores the booking.
///
/// # Errors
/// The database's; when the trial offer cannot be read.
pub(super) fn follow(
    change: &mut Change<'_, '_>,
    zone: &TimeZone,
    booking: &mut Booking,
) -> Result<Option<Event>, DbError> {
    let Some(id) = booking.trial_id else { return Ok(None) };
    let offer: Option<Defined<TrialOffer>> = defined(change.tx, change.tenant, Kind::TrialOffer, id)?;
    let term = offer.and_then(|offer| offer.definition.confirm_before);
    booking.confirm_until = rule::confirm_until(term, booking.starts_at, zone, change.now);
    lapse_later(change, booking)?;
    if booking.confirm_until.is_some() {
        return Ok(None);
    }
    become_booked(booking);
    Ok(Some(created(booking)))
}
