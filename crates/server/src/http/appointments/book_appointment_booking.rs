//! `POST /v1/appointments/booking/book`: books an appointment for a customer (APP-3, APP-4).

use gymkeeper_contract::appointments::{AppointmentBookingRequest, AppointmentBookingResult};

use super::booking_wire::{Told, wish};
use crate::{
    actions::{
        booking::appointment::{self, Terms},
        change::Change,
        customer,
    },
    http::{
        answer::Answer, caller::Caller, classes::booking_wire::at_customer, failure::Failure, input::Json, links::Links,
    },
};

pub(super) fn book_appointment_booking(
    links: &Links,
    change: &mut Change<'_, '_>,
    caller: &Caller,
    Json(request): &Json<AppointmentBookingRequest>,
) -> Result<Answer<AppointmentBookingResult<'static>>, Failure> {
    let customer = customer::visitor_alone(change, caller, request.customer_id).map_err(at_customer)?;
    let studio = customer::studio(change.tx, change.tenant, caller.studio())?;
    let booking = appointment::book(change, &studio, &customer, &wish(request), Terms::Rules)?;
    let told = Told::of(change.tx, change.tenant, std::slice::from_ref(&booking))?;
    Answer::json(&told.result(links, caller, &booking)?)
}
