//! `POST /v1/appointments/bookable/validate`: whether an appointment could be booked (APP-4, ERR-6).

use gymkeeper_contract::appointments::{
    AppointmentBookingRequest, AppointmentBookingValidationResult, AppointmentValidationStatus as Status,
};
use gymkeeper_domain::booking::free_slots::{Assignment, Refusal as Reason};
use gymkeeper_store::db::Tx;

use super::booking_wire;
use crate::{
    actions::{
        booking::{
            appointment::{self, Terms},
            free_time::Ask,
        },
        customer,
    },
    http::{answer::Answer, caller::Caller, classes::booking_wire::at_customer, failure::Failure, input::Json},
};

pub(super) fn validate_for_appointment_booking(
    tx: &mut Tx<'_>,
    caller: &Caller,
    Json(request): &Json<AppointmentBookingRequest>,
) -> Result<Answer<AppointmentBookingValidationResult>, Failure> {
    let customer = customer::known_in_sister_studios(tx, caller, request.customer_id).map_err(at_customer)?;
    let wish = booking_wire::wish(request);
    let found = appointment::of_studio(tx, caller.tenant(), caller.studio(), wish.appointment)
        .map_err(|failure| failure.blaming("bookableAppointmentId"))?;
    let studio = customer::studio(tx, caller.tenant(), caller.studio())?;
    let ask = Ask {
        tenant: caller.tenant(),
        studio: &studio,
        appointment: &found,
        customer: Some(&customer),
        now: caller.now,
    };
    let decided = appointment::decide(tx, ask, &wish, Terms::Rules)?;
    Answer::json(&AppointmentBookingValidationResult { validation_status: status(decided) })
}

fn status(decided: Result<Assignment, Reason>) -> Status {
    let Err(reason) = decided else { return Status::Available };
    match reason {
        Reason::EndNotAfterStart => Status::EndDateTimeNotAfterStartDateTime,
        Reason::PastStart => Status::PastStartDateTime,
        Reason::PeriodDoesNotMatch => Status::PeriodDoesNotMatch,
        Reason::BeforeEarliest(_) => Status::DateTimeBeforeEarliestBookingDateTime,
        Reason::AfterLatest(_) => Status::DateTimeAfterLatestBookingDateTime,
        Reason::StudioClosed => Status::StudioClosed,
        Reason::ConditionsNotMet => Status::BookableAppointmentRestrictionsNotFulfilled,
        Reason::CustomerIdle => Status::CustomerIdle,
        Reason::InOtherBooking => Status::CustomerInOtherBooking,
        Reason::LimitReached => Status::BookingLimitReached,
        Reason::NoContingent => Status::NoContingent,
        Reason::ResourceNotAvailable => Status::ResourceNotAvailable,
        Reason::NotAvailable => Status::NotAvailable,
    }
}
