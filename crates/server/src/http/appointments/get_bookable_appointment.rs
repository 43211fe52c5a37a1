//! `GET /v1/appointments/bookable/{bookableAppointmentId}`: one of the appointments that can be booked.

use gymkeeper_contract::appointments::BookableAppointment;
use gymkeeper_store::db::Tx;

use super::booking_wire;
use crate::{
    actions::booking::appointment,
    http::{answer::Answer, caller::Caller, failure::Failure, input::PathId, links::Links},
};

pub(super) fn get_bookable_appointment(
    links: &Links,
    tx: &mut Tx<'_>,
    caller: &Caller,
    PathId(id): &PathId,
) -> Result<Answer<BookableAppointment<'static>>, Failure> {
    let appointment = appointment::offered(tx, caller.tenant(), caller.studio(), *id)?;
    Answer::json(&booking_wire::bookable(links, caller, &appointment))
}
