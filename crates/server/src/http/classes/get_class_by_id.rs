//! `GET /v1/classes/{classId}`: one class of the key's studio.

use gymkeeper_contract::classes::Class;
use gymkeeper_store::db::Tx;

use super::class_wire::{class, visible};
use crate::http::{answer::Answer, caller::Caller, failure::Failure, input::PathId, links::Links};

pub(super) fn get_class_by_id(
    links: &Links,
    tx: &mut Tx<'_>,
    caller: &Caller,
    PathId(id): &PathId,
) -> Result<Answer<Class<'static>>, Failure> {
    let found = visible(tx, caller, *id)?;
    Answer::json(&class(links, caller, &found))
}
