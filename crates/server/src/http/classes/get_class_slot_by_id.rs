//! `GET /v1/classes/{classId}/slots/{classSlotId}`: one time at which a class is held, as it stands now (CLS-9).

use gymkeeper_contract::{classes::ClassSlot, errors::ErrorCode};
use gymkeeper_store::{booking::slot, db::Tx};

use super::class_wire::{Around, visible};
use crate::http::{answer::Answer, caller::Caller, failure::Failure, input::PathId};

pub(super) fn get_class_slot_by_id(
    tx: &mut Tx<'_>,
    caller: &Caller,
    (PathId(class_id), PathId(id)): &(PathId, PathId<1>),
) -> Result<Answer<ClassSlot<'static>>, Failure> {
    let class = visible(tx, caller, *class_id)?;
    // CLS-12: a slot of another class is none of this one.
    let found = slot::by_id(tx, caller.tenant(), *id)?.filter(|slot| slot.class_id == class.entry.id);
    let slot = found.ok_or(ErrorCode::ClassSlotNotFound)?;
    let around = Around::of(tx, caller.tenant(), caller.zone(), std::slice::from_ref(&slot))?;
    Answer::json(&around.slot(&slot))
}
