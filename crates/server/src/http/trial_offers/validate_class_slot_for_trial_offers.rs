//! `POST /v1/trial-offers/classes/booking/validate`: whether a customer could try a class. Nothing is booked.

use gymkeeper_contract::classes::{ClassSlotBookingRequest, ClassSlotBookingValidationResult};
use gymkeeper_domain::booking::class_slot::decide;
use gymkeeper_store::db::Tx;

use crate::{
    actions::{booking::trial, customer},
    http::{
        answer::Answer,
        caller::Caller,
        classes::booking_wire::{at_customer, slot_of, validation},
        failure::Failure,
        input::Json,
    },
};

pub(super) fn validate_class_slot_for_trial_offers(
    tx: &mut Tx<'_>,
    caller: &Caller,
    Json(request): &Json<ClassSlotBookingRequest>,
) -> Result<Answer<ClassSlotBookingValidationResult>, Failure> {
    let customer = customer::known_in_sister_studios(tx, caller, request.customer_id).map_err(at_customer)?;
    let slot = slot_of(tx, caller, request)?;
    let studio = customer::studio(tx, caller.tenant(), caller.studio())?;
    let asked = trial::ask_class(tx, caller.tenant(), &studio, &slot, &customer, caller.now)?;
    let validation_status = validation(decide(&asked.facts, caller.now));
    Answer::json(&ClassSlotBookingValidationResult { validation_status })
}
