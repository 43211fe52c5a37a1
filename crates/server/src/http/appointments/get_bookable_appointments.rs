//! `GET /v1/appointments/bookable`: what can be booked in the key's studio.

use gymkeeper_contract::{appointments::BookableAppointment, common::Slice};
use gymkeeper_domain::booking::appointment::Appointment;
use gymkeeper_store::{
    db::Tx,
    inventory::{self, Kind},
};

use super::booking_wire;
use crate::{
    actions::booking::{Defined, free_time::is_offered},
    http::{
        answer::Answer,
        caller::Caller,
        failure::Failure,
        links::Links,
        paging::{InventorySlice, JsonSlice},
    },
};

pub(super) fn get_bookable_appointments(
    links: &Links,
    tx: &mut Tx<'_>,
    caller: &Caller,
    InventorySlice(request): &InventorySlice,
) -> Result<Answer<Slice<BookableAppointment<'static>>>, Failure> {
    let studio = caller.studio();
    let mut entries = inventory::of_kind(tx, caller.tenant(), studio, Kind::AppointmentType)?;
    // PAG-2: by id, and not in the order of the gym file.
    entries.retain(|entry| entry.id > request.offset);
    entries.sort_by_key(|entry| entry.id);
    let mut slice = JsonSlice::new(*request);
    for entry in entries {
        let definition: Appointment = entry.read()?;
        let appointment = Defined { studio, entry, definition };
        // APP-8
        if is_offered(&appointment) {
            slice.push(appointment.entry.id, &booking_wire::bookable(links, caller, &appointment))?;
        }
    }
    Ok(slice.finish_by_id())
}
