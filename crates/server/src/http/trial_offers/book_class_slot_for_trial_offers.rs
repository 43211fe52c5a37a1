//! `POST /v1/trial-offers/classes/booking/book`: books a place in order to try a class.

use gymkeeper_contract::classes::{ClassSlotBookingRequest, ClassSlotBookingResult};

use crate::{
    actions::{booking::trial, change::Change, customer},
    http::{
        answer::Answer,
        caller::Caller,
        classes::booking_wire::{at_customer, result},
        failure::Failure,
        input::Json,
    },
};

pub(super) fn book_class_slot_for_trial_offers(
    change: &mut Change<'_, '_>,
    caller: &Caller,
    Json(request): &Json<ClassSlotBookingRequest>,
) -> Result<Answer<ClassSlotBookingResult>, Failure> {
    let customer = customer::visitor_alone(change, caller, request.customer_id).map_err(at_customer)?;
    let studio = customer::studio(change.tx, change.tenant, caller.studio())?;
    let (booking, slot) = trial::book_class(change, &studio, &customer, request.class_slot_id)?;
    Answer::json(&result(&booking, &slot, caller.now)?)
}
