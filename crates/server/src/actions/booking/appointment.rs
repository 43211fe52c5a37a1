//! Appointments: whether one can be booked, booking it, and giving it back (APP-3 to APP-6).
//!
//! Whoever books holds the customer's row first, then those of whom and what is taken, by ascending ids, and looks again before anything is
//! written: nobody is in two places at once, and of two who want the same trainer one gets another, or nothing.

use std::collections::BTreeSet;

use gymkeeper_contract::{errors::ErrorCode, webhooks::Event};
use gymkeeper_domain::booking::{
    BookingStatus, Participation,
    allowance::BookableKind,
    appointment::Appointment,
    cancelation::{CancelFacts, Canceled},
    free_slots::{Assignment, Refusal as Reason},
    times::Period,
};
use gymkeeper_store::{
    booking::{
        self, Booking,
        occupied::{self, Taken, kind},
        presence,
    },
    customer::Customer,
    db::{DbError, Tx},
    inventory::Kind,
    tenant::TenantId,
};
use jiff::{Timestamp, tz::TimeZone};

use super::{
    Defined, allowance, deed, defined, end,
    free_time::{Ask, Purpose, is_offered},
    fresh, may_cancel, note_participation, status, told_time,
    trial::{self, Trying},
};
use crate::{
    actions::{change::Change, customer::StudioOf},
    http::failure::{Failure, Refusal},
};

/// The beginning of the year 1. Times before it are not looked for: PostgreSQL knows none before the year -4712.
pub const EARLIEST: Timestamp = Timestamp::constant(-62_135_596_800, 0);

/// On which terms somebody books.
#[derive(Debug, Clone, Copy)]
pub enum Terms<'t> {
    /// As the rules say.
    Rules,
    /// To try it, whether or not they have anything (TRI-6).
    Trial(&'t Trying),
    /// At staff's word, taking what the customer has: whom and what it takes must be free, all else may be otherwise.
    AgainstRules,
}

impl<'t> Terms<'t> {
    fn purpose(self) -> Purpose<'t> {
        match self {
            Self::Rules | Self::AgainstRules => Purpose::Usual,
            Self::Trial(trying) => Purpose::Trial(Some(trying)),
        }
    }

    const fn are_against_rules(self) -> bool {
        matches!(self, Self::AgainstRules)
    }
}

/// What somebody wants to book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// The appointment.
    pub appointment: i64,
    /// From when until when.
    pub period: Period,
    /// Who is to give it, all of them; the first who is free when there are none.
    pub instructors: Vec<i64>,
}

/// The appointment of a studio with that id, on offer or not.
///
/// # Errors
/// Refuses an unknown one with 404 and one of another studio with 403 (AUTH-6).
pub fn of_studio(tx: &mut Tx<'_>, tenant: TenantId, studio: i64, id: i64) -> Result<Defined<Appointment>, Failure> {
    let found = defined(tx, tenant, Kind::AppointmentType, id)?;
    let found: Defined<Appointment> = found.ok_or(ErrorCode::BookableAppointmentNotFound)?;
    if found.studio == studio { Ok(found) } else { Err(ErrorCode::AuthorizationOtherStudio.into()) }
}

/// As [`of_studio`], but one that is not on offer is not found (APP-8).
///
/// # Errors
/// As [`of_studio`].
pub fn offered(tx: &mut Tx<'_>, tenant: TenantId, studio: i64, id: i64) -> Result<Defined<Appointment>, Failure> {
    let found = of_studio(tx, tenant, studio, id)?;
    if is_offered(&found) { Ok(found) } else { Err(ErrorCode::BookableAppointmentNotFound.into()) }
}

/// Whether a customer could book now: whom and what the appointment would take, or the first reason against it (APP-4).
///
/// # Errors
/// The database's; when something about appointment, contracts or allowances cannot be read.
pub fn decide(
    tx: &mut Tx<'_>,
    ask: Ask<'_>,
    wish: &Wish,
    terms: Terms<'_>,
) -> Result<Result<Assignment, Reason>, DbError> {
    if wish.period.start < EARLIEST {
        return Ok(Err(if wish.period.is_empty() { Reason::EndNotAfterStart } else { Reason::PastStart }));
    }
    // The end that was asked for may be anything; what is looked at begins with the start and takes as long as the appointment.
    let situation = ask.look(tx, Period::new(wish.period.start, wish.period.start))?.situation;
    Ok(match terms {
        Terms::Rules | Terms::Trial(_) => situation.decide(wish.period, &wish.instructors),
        Terms::AgainstRules => situation.decide_against_rules(wish.period, &wish.instructors),
    })
}

/// Books an appointment. The customer's row must be held.
///
/// # Errors
/// Refuses with the first reason against it (CLS-13, ERR-5).
pub fn book(
    change: &mut Change<'_, '_>,
    studio: &StudioOf,
    customer: &Customer,
    wish: &Wish,
    terms: Terms<'_>,
) -> Result<Booking, Failure> {
    let appointment = of_studio(change.tx, change.tenant, studio.id, wish.appointment)
        .map_err(|failure| failure.blaming("bookableAppointmentId"))?;
    let ask = Ask {
        tenant: change.tenant,
        studio,
        appointment: &appointment,
        customer: Some(customer),
        now: change.now,
        purpose: terms.purpose(),
    };
    let assignment = secure(change, ask, wish, terms).map_err(|failure| match (failure, terms) {
        // TRI-6: a trial says which contingent it means.
        (Failure::Refused(refusal), Terms::Trial(trying)) if refusal.code == ErrorCode::BookingNoContingent => {
            trying.refusal(wish.period.start, &studio.zone).unwrap_or(refusal.code).into()
        }
        (failure, _) => failure,
    })?;
    let id = change.tx.next_id()?;
    let (subject, time) = (appointment.entry.id, (wish.period.start, wish.period.end));
    let mut made = fresh(id, BookableKind::Appointment, (studio, customer.id, subject), time, change.now);
    match terms {
        Terms::Rules | Terms::AgainstRules => take_allowance(change, ask, customer, &mut made, terms)?,
        Terms::Trial(trying) => trying.note(&mut made, &studio.zone, change.now),
    }
    booking::insert(change.tx, change.tenant, &made)?;
    occupy(change, id, appointment.definition.taken(wish.period), &assignment)?;
    let deed = deed("appointment.booked", &made).field("bookableAppointmentId", (), appointment.entry.id);
    let deed = deed.field("instructors", (), &assignment.instructors);
    let deed = deed.field("againstRules", (), terms.are_against_rules().then_some(true));
    // TRI-4: one that is to be confirmed is told of when it is.
    let told = made.confirm_until.is_none();
    change.record(if told { deed.event(Event::AppointmentBookingCreated { booking_id: id }) } else { deed });
    Ok(made)
}

/// Takes what the customer has for it, where it takes anything.
fn take_allowance(
    change: &mut Change<'_, '_>,
    ask: Ask<'_>,
    customer: &Customer,
    booking: &mut Booking,
    terms: Terms<'_>,
) -> Result<(), Failure> {
    if !ask.appointment.definition.needs_allowance {
        return Ok(());
    }
    let wanted = ask.wanted(ask.studio.zone.to_datetime(booking.starts_at).date());
    let entitlement = allowance::entitlement(change.tx, change.tenant, customer, wanted)?;
    let taken = allowance::take(change, customer.id, &entitlement.grants)?;
    if taken.is_none() && !terms.are_against_rules() {
        return Err(ErrorCode::BookingNoContingent.into());
    }
    allowance::note(booking, taken);
    Ok(())
}

/// Moves an appointment to another time, or to other people: what it took is taken anew (WH-8). The customer's row must be held, and the booking
/// be read after that.
///
/// # Errors
/// As [`book`]; refuses what was canceled or is over.
pub fn move_to(
    change: &mut Change<'_, '_>,
    studio: &StudioOf,
    customer: &Customer,
    mut booking: Booking,
    wish: &Wish,
    terms: Terms<'_>,
) -> Result<Booking, Failure> {
    check_goes_on(&booking, change.now)?;
    let appointment = of_studio(change.tx, change.tenant, studio.id, booking.subject_id)?;
    let before = booking.clone();
    let taken_before = occupied::of_source(change.tx, change.tenant, booking.id)?;
    // Whether somebody may try is not asked again.
    let trying = match booking.trial_id {
        Some(offer) if !terms.are_against_rules() => Some(Trying::at_will(offer)),
        _ => None,
    };
    let terms = trying.as_ref().map_or(terms, Terms::Trial);
    // It does not stand in its own way. Nobody sees it like this.
    allowance::give_back(change, &booking)?;
    booking.status = BookingStatus::Canceled.name().to_owned();
    booking::update(change.tx, change.tenant, &booking)?;
    occupied::remove(change.tx, change.tenant, booking.id)?;
    let ask = Ask {
        tenant: change.tenant,
        studio,
        appointment: &appointment,
        customer: Some(customer),
        now: change.now,
        purpose: terms.purpose(),
    };
    let assignment = secure(change, ask, wish, terms)?;
    (booking.starts_at, booking.ends_at) = (wish.period.start, wish.period.end);
    booking.status.clone_from(&before.status);
    allowance::note(&mut booking, None);
    if booking.trial_id.is_none() {
        take_allowance(change, ask, customer, &mut booking, terms)?;
    }
    // Nobody was told of one that was never confirmed.
    let event = match status(&booking)? {
        BookingStatus::ToBeConfirmed => trial::follow(change, &studio.zone, &mut booking)?,
        _ => Some(Event::AppointmentBookingUpdated { booking_id: booking.id }),
    };
    booking::update(change.tx, change.tenant, &booking)?;
    occupy(change, booking.id, appointment.definition.taken(wish.period), &assignment)?;
    let people: Vec<i64> =
        taken_before.iter().filter(|taken| taken.kind == kind::INSTRUCTOR).map(|taken| taken.subject_id).collect();
    let deed = deed("appointment.moved", &booking)
        .field("startsAt", before.starts_at.to_string(), booking.starts_at.to_string())
        .field("instructors", people, &assignment.instructors)
        .field("againstRules", (), terms.are_against_rules().then_some(true));
    change.record(match event {
        Some(event) => deed.event(event),
        None => deed,
    });
    Ok(booking)
}

fn check_goes_on(booking: &Booking, now: Timestamp) -> Result<(), Failure> {
    if status(booking)? == BookingStatus::Canceled {
        return Err(ErrorCode::BookingAlreadyCanceled.into());
    }
    if booking.ends_at <= now { Err(ErrorCode::BookingAlreadyStarted.into()) } else { Ok(()) }
}

/// Decides, and makes sure that nobody else takes whom and what was decided upon before this change has ended.
fn secure(change: &mut Change<'_, '_>, ask: Ask<'_>, wish: &Wish, terms: Terms<'_>) -> Result<Assignment, Failure> {
    let mut held = BTreeSet::new();
    loop {
        let decided = decide(change.tx, ask, wish, terms)?;
        let assignment = decided.map_err(|reason| refused(reason, &ask.studio.zone))?;
        let wanted: BTreeSet<i64> = subjects(&assignment).map(|(_, id)| id).collect();
        // What is held was decided upon after nobody else could take it any more.
        if wanted.is_subset(&held) {
            return Ok(assignment);
        }
        for id in wanted.difference(&held.clone()) {
            presence::hold(change.tx, change.tenant, *id)?;
            held.insert(*id);
        }
    }
}

/// Everybody and everything that is taken, with what it is.
fn subjects(assignment: &Assignment) -> impl Iterator<Item = (&'static str, i64)> {
    let instructors = assignment.instructors.iter().map(|id| (kind::INSTRUCTOR, *id));
    let rooms = assignment.room.iter().map(|id| (kind::ROOM, *id));
    instructors.chain(rooms).chain(assignment.resources.iter().map(|id| (kind::RESOURCE, *id)))
}

fn occupy(change: &mut Change<'_, '_>, booking: i64, time: Period, assignment: &Assignment) -> Result<(), DbError> {
    for (position, (kind, subject_id)) in (0..).zip(subjects(assignment)) {
        let taken = Taken {
            source_id: booking,
            subject_id,
            kind: kind.to_owned(),
            position,
            starts_at: time.start,
            ends_at: time.end,
        };
        occupied::insert(change.tx, change.tenant, &taken)?;
    }
    Ok(())
}

/// Why an appointment cannot be booked, in the words of an error (CLS-13, ERR-5).
pub fn refused(reason: Reason, zone: &TimeZone) -> Refusal {
    match reason {
        Reason::EndNotAfterStart => Refusal::new(ErrorCode::BookingEndDateTimeNotAfterStartDateTime).at("endDateTime"),
        Reason::PastStart => Refusal::new(ErrorCode::BookingPastStartDateTime).at("startDateTime"),
        Reason::PeriodDoesNotMatch => Refusal::new(ErrorCode::BookingPeriodDoesNotMatch).at("endDateTime"),
        Reason::BeforeEarliest(earliest) => {
            Refusal::new(ErrorCode::BookingDateTimeBeforeEarliestBookingDateTime).with_text(told_time(earliest, zone))
        }
        Reason::AfterLatest(latest) => {
            Refusal::new(ErrorCode::BookingDateTimeAfterLatestBookingDateTime).with_text(told_time(latest, zone))
        }
        Reason::StudioClosed => Refusal::new(ErrorCode::BookingStudioClosed),
        Reason::ConditionsNotMet => Refusal::new(ErrorCode::BookingBookableAppointmentRestrictionsNotFulfilled),
        Reason::CustomerIdle => Refusal::new(ErrorCode::BookingCustomerIdle),
        Reason::InOtherBooking => Refusal::new(ErrorCode::BookingCustomerInOtherBooking),
        Reason::LimitReached => Refusal::new(ErrorCode::BookingLimitReached),
        Reason::NoContingent => Refusal::new(ErrorCode::BookingNoContingent),
        Reason::ResourceNotAvailable => Refusal::new(ErrorCode::BookingResourceNotAvailable),
        Reason::NotAvailable => Refusal::new(ErrorCode::BookingNotAvailable),
    }
}

/// The booking of an appointment in a studio (CLS-14).
///
/// # Errors
/// Refuses an unknown one, and one of a class, with 404; one of another studio with 403.
pub fn find(tx: &mut Tx<'_>, tenant: TenantId, studio: i64, id: i64) -> Result<Booking, Failure> {
    let found = booking::by_id(tx, tenant, id)?.filter(|found| found.kind == BookableKind::Appointment.name());
    let found = found.ok_or(ErrorCode::BookingNotFound)?;
    if found.studio_id == studio { Ok(found) } else { Err(ErrorCode::AuthorizationOtherStudio.into()) }
}

/// Gives an appointment back (APP-6). The customer's row must be held, and the booking be read after that.
///
/// # Errors
/// Refuses what was canceled before, what has begun, and what is too late.
pub fn cancel(change: &mut Change<'_, '_>, studio: &StudioOf, mut booking: Booking) -> Result<(), Failure> {
    let missing = || DbError::Unusable(format!("the appointment of booking {} is not there", booking.id));
    let appointment = defined(change.tx, change.tenant, Kind::AppointmentType, booking.subject_id)?;
    let appointment: Defined<Appointment> = appointment.ok_or_else(missing)?;
    let facts = CancelFacts {
        status: status(&booking)?,
        starts_at: booking.starts_at,
        free_until: free_until(&appointment.definition, booking.starts_at, &studio.zone),
        late_allowed: appointment.definition.late_cancel,
    };
    let canceled = may_cancel(facts, change.now, &studio.zone)?;
    give_up(change, &mut booking, canceled).map_err(Failure::from)
}

/// Cancels for a customer, at staff's word until the appointment is over: with what it took, or without. The booking must be read while the customer's
/// row is held.
///
/// # Errors
/// Refuses what was canceled before, and what is over.
pub fn cancel_for(change: &mut Change<'_, '_>, mut booking: Booking, gives_back: bool) -> Result<Booking, Failure> {
    check_goes_on(&booking, change.now)?;
    give_up(change, &mut booking, if gives_back { Canceled::InTime } else { Canceled::Late })?;
    Ok(booking)
}

/// Gives an appointment back that nobody will come for, with what it took. The customer's row must be held.
///
/// # Errors
/// The database's; when something cannot be read.
pub(super) fn withdraw(change: &mut Change<'_, '_>, mut booking: Booking) -> Result<(), DbError> {
    if status(&booking)? == BookingStatus::Canceled {
        return Ok(());
    }
    give_up(change, &mut booking, Canceled::InTime)
}

fn give_up(change: &mut Change<'_, '_>, booking: &mut Booking, canceled: Canceled) -> Result<(), DbError> {
    let event = Event::AppointmentBookingCancelled { booking_id: booking.id };
    end(change, booking, canceled, "appointment.canceled", event)?;
    occupied::release(change.tx, change.tenant, booking.id)
}

/// Notes whether the customer came (CLS-13).
///
/// # Errors
/// Refuses what was canceled.
pub fn set_participation(
    change: &mut Change<'_, '_>,
    booking: Booking,
    wanted: Participation,
) -> Result<Booking, Failure> {
    note_participation(change, booking, wanted, "appointment.participation-noted")
}

/// The last moment at which an appointment can be given back for nothing.
fn free_until(appointment: &Appointment, starts_at: Timestamp, zone: &TimeZone) -> Timestamp {
    appointment.cancel_until.map_or(starts_at, |term| term.before(starts_at, zone))
}
