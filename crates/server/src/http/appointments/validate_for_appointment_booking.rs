//! `POST /v1/appointments/bookable/validate`: whether an appointment could be booked (APP-4, ERR-6).

use gymkeeper_contract::appointments::{AppointmentBookingRequest, AppointmentBookingValidationResult};
use gymkeeper_store::db::Tx;

use super::booking_wire::{self, validation};
use crate::{
    actions::{
        booking::{
            appointment::{self, Terms},
            free_time::{Ask, Purpose},
        },
        customer,
    },
    http::{answer::Answer, caller::Caller, classes::booking_wire::at_customer, failure::Failure, input::Json},
};

pub(super) fn validate_for_appointment_booking(
    tx: &mut Tx<'_>,
    caller: &Caller,
    Json(request): &Json<AppointmentBookingRequest>,
) -> Result<Answer<AppointmentBookingValidationResult>, Failure> {
    let customer = customer::known_in_sister_studios(tx, caller, request.customer_id).map_err(at_customer)?;
    let wish = booking_wire::wish(request);
    let found = appointment::of_studio(tx, caller.tenant(), caller.studio(), wish.appointment)
        .map_err(|failure| failure.blaming("bookableAppointmentId"))?;
    let studio = customer::studio(tx, caller.tenant(), caller.studio())?;
    let ask = Ask {
        tenant: caller.tenant(),
        studio: &studio,
        appointment: &found,
        customer: Some(&customer),
        now: caller.now,
        purpose: Purpose::Usual,
    };
    let decided = appointment::decide(tx, ask, &wish, Terms::Rules)?;
    Answer::json(&AppointmentBookingValidationResult { validation_status: validation(decided) })
}
