//! `POST /v1/classes/booking/book`: books a place in a class, or one on its waiting list.

use gymkeeper_contract::classes::{ClassSlotBookingRequest, ClassSlotBookingResult};

use super::booking_wire::{at_customer, result};
use crate::{
    actions::{
        booking::class_slot::{self, Terms},
        change::Change,
        customer,
    },
    http::{answer::Answer, caller::Caller, failure::Failure, input::Json},
};

pub(super) fn book_class_slot(
    change: &mut Change<'_, '_>,
    caller: &Caller,
    Json(request): &Json<ClassSlotBookingRequest>,
) -> Result<Answer<ClassSlotBookingResult>, Failure> {
    // CLS-10: customers of sister studios too.
    let customer = customer::visitor_alone(change, caller, request.customer_id).map_err(at_customer)?;
    let studio = customer::studio(change.tx, change.tenant, caller.studio())?;
    let (booking, slot) = class_slot::book(change, &studio, &customer, request.class_slot_id, Terms::Allowance)?;
    Answer::json(&result(&booking, &slot, caller.now)?)
}
