//! `POST /v1/trial-offers/appointments/booking/validate`: whether a customer could try an appointment. Nothing is booked.

use gymkeeper_contract::appointments::{AppointmentBookingRequest, AppointmentBookingValidationResult};
use gymkeeper_store::db::Tx;

use crate::{
    actions::{
        booking::{
            appointment::{self, Terms},
            free_time::{Ask, Purpose},
            trial::{self, Trying},
        },
        customer,
    },
    http::{
        answer::Answer,
        appointments::booking_wire::{validation, wish},
        caller::Caller,
        classes::booking_wire::at_customer,
        failure::Failure,
        input::Json,
    },
};

pub(super) fn validate_for_appointment_booking_for_trial_offers(
    tx: &mut Tx<'_>,
    caller: &Caller,
    Json(request): &Json<AppointmentBookingRequest>,
) -> Result<Answer<AppointmentBookingValidationResult>, Failure> {
    let customer = customer::known_in_sister_studios(tx, caller, request.customer_id).map_err(at_customer)?;
    let wish = wish(request);
    let found = trial::appointment_to_try(tx, caller.tenant(), caller.studio(), wish.appointment);
    let (appointment, offer) = found.map_err(|failure| failure.blaming("bookableAppointmentId"))?;
    let studio = customer::studio(tx, caller.tenant(), caller.studio())?;
    let trying = Trying::of(tx, caller.tenant(), &studio, offer, &customer, caller.now)?;
    let ask = Ask {
        tenant: caller.tenant(),
        studio: &studio,
        appointment: &appointment,
        customer: Some(&customer),
        now: caller.now,
        purpose: Purpose::Trial(Some(&trying)),
    };
    let decided = appointment::decide(tx, ask, &wish, Terms::Trial(&trying))?;
    Answer::json(&AppointmentBookingValidationResult { validation_status: validation(decided) })
}
