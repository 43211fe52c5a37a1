//! `GET /v1/classes`: the classes that are held about now.

use gymkeeper_contract::{classes::Class, common::Slice};
use gymkeeper_store::{
    booking::slot,
    db::Tx,
    inventory::{self, Kind},
};

use super::{class_wire::class, windows::usual_window};
use crate::{
    actions::booking::Defined,
    http::{
        answer::Answer,
        caller::Caller,
        failure::Failure,
        links::Links,
        paging::{InventorySlice, JsonSlice},
    },
};

pub(super) fn get_active_classes(
    links: &Links,
    tx: &mut Tx<'_>,
    caller: &Caller,
    InventorySlice(request): &InventorySlice,
) -> Result<Answer<Slice<Class<'static>>>, Failure> {
    let (tenant, studio) = (caller.tenant(), caller.studio());
    let window = usual_window(caller);
    let ids = slot::classes_with_slots(tx, tenant, studio, window, request.offset, request.fetch())?;
    let mut slice = JsonSlice::new(*request);
    for entry in inventory::by_ids(tx, tenant, &ids)?.into_iter().filter(|entry| entry.kind == Kind::Class) {
        let found = Defined { studio, definition: entry.read()?, entry };
        slice.push(found.entry.id, &class(links, caller, &found))?;
    }
    Ok(slice.finish_by_id())
}
