//! `GET /v1/trial-offers/bookable-trial-offers/appointments/bookable/{bookableAppointmentId}/slots`: when an appointment can be tried.

use gymkeeper_contract::appointments::BookableAppointmentSlot;
use gymkeeper_store::db::Tx;

use crate::{
    actions::booking::trial,
    http::{
        answer::Answer,
        appointments::slots_wire::{Window, free_times},
        caller::Caller,
        failure::Failure,
        input::PathId,
    },
};

pub(super) fn get_bookable_appointment_slots_for_trial_offers(
    tx: &mut Tx<'_>,
    caller: &Caller,
    (PathId(id), window): &(PathId, Window),
) -> Result<Answer<Vec<BookableAppointmentSlot<'static>>>, Failure> {
    let (appointment, offer) = trial::appointment_to_try(tx, caller.tenant(), caller.studio(), *id)?;
    free_times(tx, caller, &appointment, Some(offer), *window)
}
