//! `GET /v1/trial-offers/bookable-trial-offers/appointments/bookable`: appointments that can be tried.

use gymkeeper_contract::{common::Slice, trial_offers::BookableTrialOfferAppointment};
use gymkeeper_domain::booking::{allowance::BookableKind, appointment::Appointment};
use gymkeeper_store::{
    db::Tx,
    inventory::{self, Kind},
};

use crate::{
    actions::booking::{Defined, free_time::is_shown, trial},
    http::{
        answer::Answer,
        appointments::booking_wire::bookable,
        caller::Caller,
        failure::Failure,
        links::Links,
        paging::{InventorySlice, JsonSlice},
    },
};

pub(super) fn get_bookable_trial_offer_appointments(
    links: &Links,
    tx: &mut Tx<'_>,
    caller: &Caller,
    InventorySlice(request): &InventorySlice,
) -> Result<Answer<Slice<BookableTrialOfferAppointment<'static>>>, Failure> {
    let (tenant, studio) = (caller.tenant(), caller.studio());
    let offers = trial::offers(tx, tenant, studio)?;
    let mut entries = inventory::of_kind(tx, tenant, studio, Kind::AppointmentType)?;
    entries.retain(|entry| entry.id > request.offset);
    entries.sort_unstable_by_key(|entry| entry.id);
    let mut slice = JsonSlice::new(*request);
    for entry in entries {
        let offer = offers.iter().find(|offer| offer.definition.covers(BookableKind::Appointment, &entry.key));
        let Some(offer) = offer else { continue };
        let definition: Appointment = entry.read()?;
        let tried = Defined { studio, entry, definition };
        if is_shown(&tried) {
            let id = tried.entry.id;
            let shown = BookableTrialOfferAppointment {
                trial_offer_config_id: offer.entry.id,
                trial_offer_bookable_appointment: bookable(links, caller, &tried),
                id: Some(id),
            };
            slice.push(id, &shown)?;
        }
    }
    Ok(slice.finish_by_id())
}
