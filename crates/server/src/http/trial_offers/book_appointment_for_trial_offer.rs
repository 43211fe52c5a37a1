//! `POST /v1/trial-offers/appointments/booking/book`: books an appointment in order to try it.

use gymkeeper_contract::appointments::{AppointmentBookingRequest, AppointmentBookingResult};

use crate::{
    actions::{booking::trial, change::Change, customer},
    http::{
        answer::Answer,
        appointments::booking_wire::{Told, wish},
        caller::Caller,
        classes::booking_wire::at_customer,
        failure::Failure,
        input::Json,
        links::Links,
    },
};

pub(super) fn book_appointment_for_trial_offer(
    links: &Links,
    change: &mut Change<'_, '_>,
    caller: &Caller,
    Json(request): &Json<AppointmentBookingRequest>,
) -> Result<Answer<AppointmentBookingResult<'static>>, Failure> {
    let customer = customer::visitor_alone(change, caller, request.customer_id).map_err(at_customer)?;
    let studio = customer::studio(change.tx, change.tenant, caller.studio())?;
    let booking = trial::book_appointment(change, &studio, &customer, &wish(request))?;
    let told = Told::of(change.tx, change.tenant, std::slice::from_ref(&booking))?;
    Answer::json(&told.result(links, caller, &booking)?)
}
