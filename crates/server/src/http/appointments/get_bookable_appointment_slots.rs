//! `GET /v1/appointments/bookable/{bookableAppointmentId}/slots`: when an appointment can be booked (APP-1, APP-2).

use gymkeeper_contract::appointments::BookableAppointmentSlot;
use gymkeeper_store::db::Tx;

use super::slots_wire::{Window, free_times};
use crate::{
    actions::booking::appointment,
    http::{answer::Answer, caller::Caller, failure::Failure, input::PathId},
};

pub(super) fn get_bookable_appointment_slots(
    tx: &mut Tx<'_>,
    caller: &Caller,
    (PathId(id), window): &(PathId, Window),
) -> Result<Answer<Vec<BookableAppointmentSlot<'static>>>, Failure> {
    let appointment = appointment::offered(tx, caller.tenant(), caller.studio(), *id)?;
    free_times(tx, caller, &appointment, None, *window)
}
