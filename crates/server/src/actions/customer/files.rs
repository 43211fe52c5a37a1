//! Pictures and documents of customers, whose contents are stored already.

use std::path::Path;

use gymkeeper_store::{
    customer::{self, Customer, document, erasure},
    db::DbError,
};

use super::{deed, updated};
use crate::{actions::change::Change, http::failure::Failure, portable::contents};

/// Gives a customer another picture, or none, unless it is the one that is there (CUST-20). The one before is forgotten: its content
/// goes from the folder of contents, once nobody has it any more.
///
/// # Errors
/// The database's and the disk's.
pub fn replace_picture(
    change: &mut Change<'_, '_>,
    customer: &Customer,
    file: Option<i64>,
    folder: &Path,
) -> Result<(), Failure> {
    if customer.image_file_id == file {
        return Ok(());
    }
    let changed = Customer { image_file_id: file, ..customer.clone() };
    customer::update(change.tx, change.tenant, &changed)?;
    let action = if file.is_some() { "customer.image-replaced" } else { "customer.image-removed" };
    change.record(updated(action, &changed).personal_field("image"));
    let Some(before) = customer.image_file_id else { return Ok(()) };
    let gone = erasure::remove_file(change.tx, change.tenant, before)?;
    if let Some(hash) = gone.filter(|_| !change.tx.is_pretending()) {
        let failed = |trouble| Failure::Internal(format!("a content cannot be marked: {trouble:?}"));
        contents::announce(folder, &[hash]).map_err(failed)?;
    }
    Ok(())
}

/// Stores a document of a customer and answers its id.
///
/// # Errors
/// The database's.
pub fn add_document(
    change: &mut Change<'_, '_>,
    customer: &Customer,
    file: i64,
    description: Option<&str>,
) -> Result<i64, DbError> {
    let id = document::insert(change.tx, change.tenant, customer.id, file, description, change.now)?;
    change.record(deed("document.added", customer).field("documentId", (), id).personal_field("file"));
    Ok(id)
}
