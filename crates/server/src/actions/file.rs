//! Files: what is known about a content that was stored.

use gymkeeper_store::{
    db::DbError,
    files::{self, File},
};

use super::change::Change;
use crate::gymfile::Content;

/// The id of a content, which must have been stored already. The same content under the same name has one id. What refers to it is
/// recorded by whoever made it refer.
///
/// # Errors
/// The database's.
pub fn remember(change: &mut Change<'_, '_>, content: &Content) -> Result<i64, DbError> {
    if let Some(id) = files::find_content(change.tx, change.tenant, &content.hash, &content.name)? {
        return Ok(id);
    }
    let file = File {
        id: change.tx.next_id()?,
        hash: content.hash.clone(),
        name: content.name.clone(),
        media_type: content.media_type.to_owned(),
        size: i64::try_from(content.bytes.len()).unwrap_or(i64::MAX),
    };
    let now = change.system_now();
    files::insert(change.tx, change.tenant, &file, now)?;
    Ok(file.id)
}
