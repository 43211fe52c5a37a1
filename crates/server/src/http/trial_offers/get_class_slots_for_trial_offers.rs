//! `GET /v1/trial-offers/bookable-trial-offers/classes/{classId}/slots`: when a class can be tried, from one day back to fourteen ahead.

use gymkeeper_contract::{classes::ClassSlot, common::Slice, errors::ErrorCode};
use gymkeeper_domain::booking::allowance::BookableKind;
use gymkeeper_store::{
    booking::slot::{self, Window},
    db::Tx,
};

use crate::{
    actions::booking::trial,
    http::{
        answer::Answer,
        caller::Caller,
        classes::{
            class_wire::{page, visible},
            windows::usual_window,
        },
        failure::Failure,
        input::PathId,
        paging::InventorySlice,
    },
};

pub(super) fn get_class_slots_for_trial_offers(
    tx: &mut Tx<'_>,
    caller: &Caller,
    (PathId(id), InventorySlice(request)): &(PathId, InventorySlice),
) -> Result<Answer<Slice<ClassSlot<'static>>>, Failure> {
    let class = visible(tx, caller, *id)?;
    // TRI-6
    trial::offer_for(tx, caller.tenant(), class.studio, BookableKind::Class, &class.entry.key)?
        .ok_or(ErrorCode::ClassNotFound)?;
    let (from, to) = usual_window(caller);
    let window = Window { from, to, limit: request.fetch(), offset: request.offset };
    let slots = slot::of_class(tx, caller.tenant(), class.entry.id, window)?;
    page(tx, caller, *request, &slots)
}
