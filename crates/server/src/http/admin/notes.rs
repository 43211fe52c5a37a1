//! The resource Notes: what staff note about customers.

use std::collections::HashMap;

use gymkeeper_contract::{
    admin::notes::{self as wire, NoteRecord, NoteText},
    common::{Slice, UtcDateTime},
    errors::ErrorCode,
};
use gymkeeper_store::{
    customer::note::{self, Note},
    db::{DbError, Tx},
    staff,
    tenant::TenantId,
};

use super::{
    customers::{of_studio, present},
    frame::{Mounted, Reading, personal_read, write},
    member::Member,
};
use crate::{
    actions::{change::Change, customer::note as notes},
    http::{
        answer::{Answer, Nothing},
        failure::Failure,
        input::{Json, PathId, filled},
        paging::{InventorySlice, JsonSlice},
    },
};

/// Longest note, in characters.
const TEXT: usize = 4_000;

/// The operations of the resource.
pub(super) fn operations() -> Vec<Mounted> {
    let reading = Reading {
        action: "customer.notes-read",
        subject: ("customer", |(PathId(id), _): &(PathId, InventorySlice)| *id),
    };
    vec![
        personal_read(&wire::LIST_CUSTOMER_NOTES, reading, list_customer_notes),
        write(&wire::ADD_CUSTOMER_NOTE, add_customer_note),
        write(&wire::CORRECT_CUSTOMER_NOTE, correct_customer_note),
        write(&wire::REMOVE_CUSTOMER_NOTE, remove_customer_note),
    ]
}

fn list_customer_notes(
    tx: &mut Tx<'_>,
    member: &Member,
    (PathId(id), InventorySlice(request)): &(PathId, InventorySlice),
) -> Result<Answer<Slice<NoteRecord>>, Failure> {
    let customer = of_studio(tx, member, *id)?;
    let (mut names, mut slice) = (Names::default(), JsonSlice::new(*request));
    for note in note::of_customer(tx, member.tenant(), customer.id, request.offset, request.fetch())? {
        slice.push(note.id, &record(tx, member.tenant(), &mut names, note)?)?;
    }
    Ok(slice.finish_by_index())
}

fn add_customer_note(
    change: &mut Change<'_, '_>,
    member: &Member,
    (PathId(id), Json(NoteText { text })): &(PathId, Json<NoteText>),
) -> Result<Answer<NoteRecord>, Failure> {
    let customer = present(change, member, *id)?;
    let note = notes::add(change, &customer, &filled("text", text, TEXT)?)?;
    answer(change, note)
}

fn correct_customer_note(
    change: &mut Change<'_, '_>,
    member: &Member,
    ((PathId(id), PathId(note)), Json(NoteText { text })): &((PathId, PathId<1>), Json<NoteText>),
) -> Result<Answer<NoteRecord>, Failure> {
    let customer = present(change, member, *id)?;
    notes::correct(change, &customer, *note, &filled("text", text, TEXT)?)?;
    answer(change, *note)
}

fn remove_customer_note(
    change: &mut Change<'_, '_>,
    member: &Member,
    (PathId(id), PathId(note)): &(PathId, PathId<1>),
) -> Result<Answer<Nothing>, Failure> {
    let customer = present(change, member, *id)?;
    notes::remove(change, &customer, *note)?;
    Ok(Answer::empty())
}

fn answer(change: &mut Change<'_, '_>, id: i64) -> Result<Answer<NoteRecord>, Failure> {
    let (tenant, mut names) = (change.tenant, Names::default());
    let note = note::find(change.tx, tenant, id)?.ok_or(ErrorCode::CustomerNoteNotFound)?;
    Answer::json(&record(change.tx, tenant, &mut names, note)?)
}

/// Names of accounts that were looked up already.
#[derive(Default)]
pub(super) struct Names(HashMap<i64, Option<String>>);

impl Names {
    /// The name of somebody whom the journal calls so, if that is an account of staff.
    pub(super) fn of(&mut self, tx: &mut Tx<'_>, tenant: TenantId, actor: &str) -> Result<Option<String>, DbError> {
        let Some(id) = actor.strip_prefix("staff:").and_then(|id| id.parse().ok()) else { return Ok(None) };
        if let Some(known) = self.0.get(&id) {
            return Ok(known.clone());
        }
        let name = staff::find(tx, tenant, id)?.map(|account| account.name);
        self.0.insert(id, name.clone());
        Ok(name)
    }
}

fn record(tx: &mut Tx<'_>, tenant: TenantId, names: &mut Names, note: Note) -> Result<NoteRecord, DbError> {
    let corrected_by_name = match &note.corrected_by {
        None => None,
        Some(actor) => names.of(tx, tenant, actor)?,
    };
    Ok(NoteRecord {
        id: note.id,
        author_name: names.of(tx, tenant, &note.author)?,
        kind: note.kind,
        text: note.text,
        author: note.author,
        created_at: UtcDateTime(note.created_at),
        corrected_by: note.corrected_by,
        corrected_by_name,
        corrected_at: note.corrected_at.map(UtcDateTime),
    })
}
