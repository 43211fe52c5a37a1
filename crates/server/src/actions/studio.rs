//! What integrations may change about a studio.

use std::collections::BTreeSet;

use gymkeeper_contract::errors::ErrorCode;
use gymkeeper_store::{
    db::Tx,
    keys,
    studio::{
        self,
        tag::{self, Tag},
    },
};

use crate::http::{
    caller::Caller,
    failure::{Failure, Refusal},
};

/// Replaces the tags of the caller's studio as a whole and answers the new set (STU-2, STU-3).
///
/// # Errors
/// Refuses a name that is not in the tenant's list, naming its place.
pub fn update_studio_tags(tx: &mut Tx<'_>, caller: &Caller, names: &[String]) -> Result<Vec<Tag>, Failure> {
    let known = tag::list(tx, caller.tenant())?;
    let mut wanted = BTreeSet::new();
    for (i, name) in names.iter().enumerate() {
        let name = name.trim();
        if name.is_empty() {
            let place = format!("[{i}].name");
            return Err(Refusal::new(ErrorCode::ValidationFieldRequired).with_text(place.clone()).at(place).into());
        }
        let Some(tag) = known.iter().find(|tag| tag.name == name) else {
            let refusal = Refusal::new(ErrorCode::StudioTagUnknown).with_text(name);
            return Err(refusal.at(format!("[{i}].name")).into());
        };
        wanted.insert(tag.id);
    }
    let present: BTreeSet<i64> =
        tag::of_studio(tx, caller.tenant(), caller.studio())?.iter().map(|tag| tag.id).collect();
    if present != wanted {
        // The studio's row is claimed first: on PostgreSQL, two sets at once would otherwise be mixed, because neither sees
        // the rows of the other that it has to remove.
        studio::bump(tx, caller.tenant(), caller.studio())?;
        let ids: Vec<i64> = wanted.iter().copied().collect();
        tag::replace(tx, caller.tenant(), caller.studio(), &ids)?;
    }
    Ok(known.into_iter().filter(|tag| wanted.contains(&tag.id)).collect())
}

/// Remembers that the caller's integration is ready for events of the studio. Saying it again changes nothing.
///
/// # Errors
/// The database's.
pub fn confirm_activation(tx: &mut Tx<'_>, caller: &Caller) -> Result<(), Failure> {
    keys::activate(tx, caller.tenant(), caller.integration(), caller.studio(), caller.now)?;
    Ok(())
}
