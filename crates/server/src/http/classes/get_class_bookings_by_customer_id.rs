//! `GET /v1/classes/booking`: a customer's bookings of classes of the key's studio, from two weeks back to two weeks ahead.

use gymkeeper_contract::classes::ClassSlotBookingResult;
use gymkeeper_domain::booking::allowance::BookableKind;
use gymkeeper_store::{
    booking::{self, slot},
    db::Tx,
};

use super::{
    booking_wire::result,
    windows::{OfCustomer, two_weeks_around},
};
use crate::{
    actions::customer,
    http::{
        answer::{Answer, JsonList},
        caller::Caller,
        failure::Failure,
    },
};

pub(super) fn get_class_bookings_by_customer_id(
    tx: &mut Tx<'_>,
    caller: &Caller,
    OfCustomer(id): &OfCustomer,
) -> Result<Answer<Vec<ClassSlotBookingResult>>, Failure> {
    let customer = customer::known_in_sister_studios(tx, caller, *id)?;
    let (from, to) = two_weeks_around(caller.now);
    let mut list = JsonList::default();
    for booked in booking::of_customer(tx, caller.tenant(), customer.id, BookableKind::Class.name(), from, to)? {
        // What happens in another studio is that one's.
        if booked.studio_id != caller.studio() {
            continue;
        }
        let Some(slot_id) = booked.slot_id else { continue };
        let Some(slot) = slot::by_id(tx, caller.tenant(), slot_id)? else { continue };
        list.push(&result(&booked, &slot, caller.now)?)?;
    }
    Ok(list.finish())
}
