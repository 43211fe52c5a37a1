//! Bookings of classes from the store's words to the wire's, and which of them a key may see.

use gymkeeper_contract::{
    classes::{ClassBookingStatus, ClassSlotBookingRequest, ClassSlotBookingResult, ClassSlotValidationStatus},
    common::{ParticipantStatus, PlannedStatus},
    errors::ErrorCode,
};
use gymkeeper_domain::booking::{
    BookingStatus, EventStatus, Participation,
    allowance::BookableKind,
    class_slot::{Placement, SlotRefusal},
};
use gymkeeper_store::{
    booking::{
        self, Booking,
        slot::{self, Slot},
    },
    db::{DbError, Tx},
};
use jiff::Timestamp;

use crate::{
    actions::{
        booking::{
            class_slot::{self, Terms},
            status,
        },
        customer,
    },
    http::{
        caller::Caller,
        failure::{Failure, Refusal},
    },
};

/// A booking as clients see it.
pub(in crate::http) fn result(
    booking: &Booking,
    slot: &Slot,
    now: Timestamp,
) -> Result<ClassSlotBookingResult, DbError> {
    let nobody = || DbError::Unusable(format!("booking {} is nobody's", booking.id));
    Ok(ClassSlotBookingResult {
        booking_id: booking.id,
        booking_status: booking_status(booking)?,
        class_slot_id: slot.id,
        class_id: slot.class_id,
        customer_id: booking.customer_id.ok_or_else(nobody)?,
        class_slot_status: planned(EventStatus::at(slot.canceled_at.is_some(), slot.ends_at, now)),
        participant_status: participant(booking)?,
    })
}

/// How a booking stands, as clients see it.
///
/// # Errors
/// When the stored name is unknown.
pub(in crate::http) fn booking_status(booking: &Booking) -> Result<ClassBookingStatus, DbError> {
    Ok(match status(booking)? {
        BookingStatus::Booked => ClassBookingStatus::Booked,
        BookingStatus::ToBeConfirmed => ClassBookingStatus::BookedWithConfirmationRequired,
        BookingStatus::WaitingList => ClassBookingStatus::WaitingList,
        BookingStatus::Canceled => ClassBookingStatus::Canceled,
    })
}

/// How a slot or appointment stands, as clients see it.
pub(in crate::http) fn planned(status: EventStatus) -> PlannedStatus {
    match status {
        EventStatus::Planned => PlannedStatus::Planned,
        EventStatus::Completed => PlannedStatus::Completed,
        EventStatus::Canceled => PlannedStatus::Canceled,
    }
}

/// Whether the customer came, as clients see it.
///
/// # Errors
/// When the stored name is unknown.
pub(in crate::http) fn participant(booking: &Booking) -> Result<ParticipantStatus, DbError> {
    let unknown = || DbError::Unusable(format!("booking {} has an unknown participation", booking.id));
    Ok(match Participation::parse(&booking.participation).ok_or_else(unknown)? {
        Participation::Unset => ParticipantStatus::Unset,
        Participation::Participating => ParticipantStatus::Participating,
        Participation::NotParticipating => ParticipantStatus::NotParticipating,
    })
}

/// What comes of a request for a place, as validation says it.
pub(in crate::http) fn validation(decided: Result<Placement, SlotRefusal>) -> ClassSlotValidationStatus {
    match decided {
        Ok(Placement::Participant | Placement::WaitingList) => ClassSlotValidationStatus::Available,
        Err(SlotRefusal::Canceled | SlotRefusal::NotAvailable) => ClassSlotValidationStatus::NotAvailable,
        Err(SlotRefusal::DisplayOnly) => ClassSlotValidationStatus::DisplayOnly,
        Err(SlotRefusal::StudioClosed) => ClassSlotValidationStatus::StudioClosed,
        Err(SlotRefusal::BeforeEarliestBooking) => ClassSlotValidationStatus::DateTimeBeforeEarliestBookingDateTime,
        Err(SlotRefusal::AfterLatestBooking) => ClassSlotValidationStatus::DateTimeAfterLatestBookingDateTime,
        Err(SlotRefusal::AlreadyBooked) => ClassSlotValidationStatus::CustomerAlreadyBooked,
        Err(SlotRefusal::Idle) => ClassSlotValidationStatus::CustomerIdle,
        Err(SlotRefusal::InOtherBooking) => ClassSlotValidationStatus::CustomerInOtherBooking,
        Err(SlotRefusal::NoContingent) => ClassSlotValidationStatus::NoContingent,
        Err(SlotRefusal::LimitReached) => ClassSlotValidationStatus::BookingLimitReached,
    }
}

/// The slot that a request is about, of the caller's studio.
///
/// # Errors
/// Refuses an unknown one with 404 and one of another studio with 403.
pub(in crate::http) fn slot_of(
    tx: &mut Tx<'_>,
    caller: &Caller,
    request: &ClassSlotBookingRequest,
) -> Result<Slot, Failure> {
    let found = slot::by_id(tx, caller.tenant(), request.class_slot_id)?;
    let slot = found.ok_or_else(|| Refusal::new(ErrorCode::ClassSlotNotFound).at("classSlotId"))?;
    if slot.studio_id == caller.studio() { Ok(slot) } else { Err(ErrorCode::AuthorizationOtherStudio.into()) }
}

/// A refusal about the customer in a body names the field (ERR-5).
pub(in crate::http) fn at_customer(failure: Failure) -> Failure {
    match failure {
        Failure::Refused(refusal) if refusal.code == ErrorCode::CustomerNotFound => refusal.at("customerId").into(),
        other => other,
    }
}

/// The booking of a class of the caller's studio (CLS-14), whose customer lets third parties see it (AUTH-5).
///
/// # Errors
/// Refuses an unknown one with 404, one of another studio and one of a customer who does not want to be seen with 403.
pub(in crate::http) fn own(tx: &mut Tx<'_>, caller: &Caller, id: i64) -> Result<(Booking, Slot), Failure> {
    let found = booking::by_id(tx, caller.tenant(), id)?;
    let found = found.filter(|booking| booking.kind == BookableKind::Class.name());
    let booking = found.ok_or(ErrorCode::BookingNotFound)?;
    if booking.studio_id != caller.studio() {
        return Err(ErrorCode::AuthorizationOtherStudio.into());
    }
    let (customer, slot_id) = booking.customer_id.zip(booking.slot_id).ok_or(ErrorCode::BookingNotFound)?;
    customer::known_in_sister_studios(tx, caller, customer)?;
    let slot = slot::by_id(tx, caller.tenant(), slot_id)?.ok_or(ErrorCode::ClassSlotNotFound)?;
    Ok((booking, slot))
}

/// What validation says about a customer's request for a place.
///
/// # Errors
/// As [`slot_of`] and for the customer; the database's.
pub(in crate::http) fn decide(
    tx: &mut Tx<'_>,
    caller: &Caller,
    request: &ClassSlotBookingRequest,
) -> Result<ClassSlotValidationStatus, Failure> {
    let customer = customer::known_in_sister_studios(tx, caller, request.customer_id).map_err(at_customer)?;
    let slot = slot_of(tx, caller, request)?;
    let studio = customer::studio(tx, caller.tenant(), caller.studio())?;
    let class = class_slot::class_of(tx, caller.tenant(), &slot)?;
    let asked = class_slot::ask(tx, caller.tenant(), &studio, &class, &slot, &customer, Terms::Allowance)?;
    Ok(validation(gymkeeper_domain::booking::class_slot::decide(&asked.facts, caller.now)))
}
