//! `DELETE /v1/classes/booking/{bookingId}`: gives a place back (CLS-6).

use super::booking_wire::own;
use crate::{
    actions::{booking::class_slot, change::Change, customer},
    http::{
        answer::{Answer, Nothing},
        caller::Caller,
        failure::Failure,
        input::PathId,
    },
};

pub(super) fn cancel_class_slot_by_id(
    change: &mut Change<'_, '_>,
    caller: &Caller,
    PathId(id): &PathId,
) -> Result<Answer<Nothing>, Failure> {
    let (booking, _) = own(change.tx, caller, *id)?;
    if let Some(customer) = booking.customer_id {
        customer::visitor_alone(change, caller, customer)?;
    }
    let studio = customer::studio(change.tx, change.tenant, caller.studio())?;
    class_slot::cancel(change, &studio, *id)?;
    Ok(Answer::empty())
}
