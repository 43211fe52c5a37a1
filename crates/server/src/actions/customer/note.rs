//! What staff note about customers. Programs are told nothing of it.

use gymkeeper_contract::errors::ErrorCode;
use gymkeeper_store::customer::{
    Customer,
    note::{self, Note},
};

use super::deed;
use crate::{actions::change::Change, http::failure::Failure};

/// Notes something about a customer and answers the note's id.
///
/// # Errors
/// The database's.
pub fn add(change: &mut Change<'_, '_>, customer: &Customer, text: &str) -> Result<i64, Failure> {
    let (tenant, now, author) = (change.tenant, change.now, change.actor());
    let id = note::add(change.tx, tenant, customer.id, note::NOTE, text, &author, now)?;
    change.record(deed("customer.note-added", customer).field("noteId", (), id).personal_field("text"));
    Ok(id)
}

/// Makes a note say something else; who wrote it first stays.
///
/// # Errors
/// Refuses a note that this customer does not have, and one that the server made.
pub fn correct(change: &mut Change<'_, '_>, customer: &Customer, id: i64, text: &str) -> Result<(), Failure> {
    let present = written(change, customer, id)?;
    if present.text == text {
        return Ok(());
    }
    let (tenant, now, by) = (change.tenant, change.now, change.actor());
    note::correct(change.tx, tenant, id, text, &by, now)?;
    change.record(deed("customer.note-corrected", customer).field("noteId", id, id).personal_field("text"));
    Ok(())
}

/// Removes a note.
///
/// # Errors
/// As [`correct`].
pub fn remove(change: &mut Change<'_, '_>, customer: &Customer, id: i64) -> Result<(), Failure> {
    written(change, customer, id)?;
    note::delete(change.tx, change.tenant, id)?;
    change.record(deed("customer.note-removed", customer).field("noteId", id, ()).personal_field("text"));
    Ok(())
}

/// The note of that id about the customer, written by somebody. What the server noted is a part of the history.
fn written(change: &mut Change<'_, '_>, customer: &Customer, id: i64) -> Result<Note, Failure> {
    let found = note::find(change.tx, change.tenant, id)?.filter(|note| note.customer_id == customer.id);
    let note = found.ok_or(ErrorCode::CustomerNoteNotFound)?;
    if note.kind == note::NOTE { Ok(note) } else { Err(ErrorCode::CustomerNoteOfServer.into()) }
}
