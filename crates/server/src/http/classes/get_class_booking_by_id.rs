//! `GET /v1/classes/booking/{bookingId}`: a booking of a class, as it stands now.

use gymkeeper_contract::classes::ClassSlotBookingResult;
use gymkeeper_store::db::Tx;

use super::booking_wire::{own, result};
use crate::http::{answer::Answer, caller::Caller, failure::Failure, input::PathId};

pub(super) fn get_class_booking_by_id(
    tx: &mut Tx<'_>,
    caller: &Caller,
    PathId(id): &PathId,
) -> Result<Answer<ClassSlotBookingResult>, Failure> {
    let (booking, slot) = own(tx, caller, *id)?;
    Answer::json(&result(&booking, &slot, caller.now)?)
}
