//! `GET /v1/appointments/booking/{bookingId}`: one booking of an appointment, with present statuses (CLS-14).

use gymkeeper_contract::appointments::AppointmentBookingResultWithCustomerId;
use gymkeeper_store::db::Tx;

use super::booking_wire::{Told, own};
use crate::http::{answer::Answer, caller::Caller, failure::Failure, input::PathId, links::Links};

pub(super) fn get_appointment_booking(
    links: &Links,
    tx: &mut Tx<'_>,
    caller: &Caller,
    PathId(id): &PathId,
) -> Result<Answer<AppointmentBookingResultWithCustomerId<'static>>, Failure> {
    let (booking, customer_id) = own(tx, caller, *id)?;
    let told = Told::of(tx, caller.tenant(), std::slice::from_ref(&booking))?;
    let booking = told.result(links, caller, &booking)?;
    Answer::json(&AppointmentBookingResultWithCustomerId { booking, customer_id })
}
