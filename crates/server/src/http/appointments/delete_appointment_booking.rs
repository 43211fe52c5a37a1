//! `DELETE /v1/appointments/booking/{bookingId}`: gives an appointment back (APP-6).

use gymkeeper_contract::appointments::VoidResult;

use super::booking_wire::own;
use crate::{
    actions::{booking::appointment, change::Change, customer},
    http::{answer::Answer, caller::Caller, failure::Failure, input::PathId},
};

pub(super) fn delete_appointment_booking(
    change: &mut Change<'_, '_>,
    caller: &Caller,
    PathId(id): &PathId,
) -> Result<Answer<VoidResult>, Failure> {
    let (_, customer) = own(change.tx, caller, *id)?;
    customer::visitor_alone(change, caller, customer)?;
    // Somebody else may have canceled it before the customer was held.
    let booking = appointment::find(change.tx, change.tenant, caller.studio(), *id)?;
    let studio = customer::studio(change.tx, change.tenant, caller.studio())?;
    appointment::cancel(change, &studio, booking)?;
    Answer::json(&VoidResult::OK)
}
