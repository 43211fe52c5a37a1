//! `GET /v1/classes/{classId}/slots`: when a class is held, from one day back to fourteen ahead.

use gymkeeper_contract::{classes::ClassSlot, common::Slice};
use gymkeeper_store::{
    booking::slot::{self, Window},
    db::Tx,
};

use super::{
    class_wire::{page, visible},
    windows::usual_window,
};
use crate::http::{answer::Answer, caller::Caller, failure::Failure, input::PathId, paging::InventorySlice};

pub(super) fn get_class_slots(
    tx: &mut Tx<'_>,
    caller: &Caller,
    (PathId(id), InventorySlice(request)): &(PathId, InventorySlice),
) -> Result<Answer<Slice<ClassSlot<'static>>>, Failure> {
    let class = visible(tx, caller, *id)?;
    let (from, to) = usual_window(caller);
    let window = Window { from, to, limit: request.fetch(), offset: request.offset };
    let slots = slot::of_class(tx, caller.tenant(), class.entry.id, window)?;
    page(tx, caller, *request, &slots)
}
