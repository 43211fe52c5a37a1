//! `GET /v1/trial-offers/bookable-trial-offers/classes`: classes that can be tried within a year.

use gymkeeper_contract::{common::Slice, trial_offers::TrialOfferClass};
use gymkeeper_domain::booking::{allowance::BookableKind, class::Class};
use gymkeeper_store::{
    booking::slot::{self, Window},
    db::Tx,
    inventory::{self, Kind},
};

use super::trial_wire::year_ahead;
use crate::{
    actions::booking::{Defined, trial},
    http::{
        answer::Answer,
        caller::Caller,
        classes::class_wire::class,
        failure::Failure,
        links::Links,
        paging::{InventorySlice, JsonSlice},
    },
};

pub(super) fn get_bookable_trial_offer_classes(
    links: &Links,
    tx: &mut Tx<'_>,
    caller: &Caller,
    InventorySlice(request): &InventorySlice,
) -> Result<Answer<Slice<TrialOfferClass<'static>>>, Failure> {
    let (tenant, studio) = (caller.tenant(), caller.studio());
    let offers = trial::offers(tx, tenant, studio)?;
    let mut entries = inventory::of_kind(tx, tenant, studio, Kind::Class)?;
    entries.retain(|entry| !entry.retired && entry.id > request.offset);
    entries.sort_unstable_by_key(|entry| entry.id);
    let (from, to) = year_ahead(caller);
    let (mut slice, mut found) = (JsonSlice::new(*request), 0);
    for entry in entries {
        let Some(offer) = offers.iter().find(|offer| offer.definition.covers(BookableKind::Class, &entry.key)) else {
            continue;
        };
        let definition: Class = entry.read()?;
        let is_open = definition.online && definition.bookable;
        let next = Window { from, to, limit: 1, offset: 0 };
        if !is_open || slot::of_class(tx, tenant, entry.id, next)?.is_empty() {
            continue;
        }
        let tried = Defined { studio, entry, definition };
        let id = tried.entry.id;
        let shown = TrialOfferClass {
            trial_offer_config_id: offer.entry.id,
            trial_offer_class: class(links, caller, &tried),
            id: Some(id),
        };
        slice.push(id, &shown)?;
        found += 1;
        if found == request.fetch() {
            break;
        }
    }
    Ok(slice.finish_by_id())
}
