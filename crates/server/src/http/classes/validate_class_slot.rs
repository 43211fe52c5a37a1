//! `POST /v1/classes/booking/validate`: whether a customer would get a place. Nothing is booked.

use gymkeeper_contract::classes::{ClassSlotBookingRequest, ClassSlotBookingValidationResult};
use gymkeeper_store::db::Tx;

use super::booking_wire::decide;
use crate::http::{answer::Answer, caller::Caller, failure::Failure, input::Json};

pub(super) fn validate_class_slot(
    tx: &mut Tx<'_>,
    caller: &Caller,
    Json(request): &Json<ClassSlotBookingRequest>,
) -> Result<Answer<ClassSlotBookingValidationResult>, Failure> {
    let validation_status = decide(tx, caller, request)?;
    Answer::json(&ClassSlotBookingValidationResult { validation_status })
}
