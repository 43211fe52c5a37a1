//! What integrations may change about a studio.

use std::collections::BTreeSet;

use gymkeeper_contract::errors::ErrorCode;
use gymkeeper_store::{
    journal::Begins,
    keys,
    studio::{
        self,
        tag::{self, Tag},
    },
};

use super::change::{Change, Deed};
use crate::http::{
    caller::Caller,
    failure::{Failure, Refusal},
};

/// Replaces the tags of the caller's studio as a whole and answers the new set (STU-2, STU-3).
///
/// # Errors
/// Refuses a name that is not in the tenant's list, naming its place.
pub fn update_studio_tags(change: &mut Change<'_, '_>, caller: &Caller, names: &[String]) -> Result<Vec<Tag>, Failure> {
    let studio = caller.studio();
    let known = tag::list(change.tx, change.tenant)?;
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
    let present = tag::of_studio(change.tx, change.tenant, studio)?;
    let worn: Vec<Tag> = known.into_iter().filter(|tag| wanted.contains(&tag.id)).collect();
    if present != worn {
        // The studio's row is claimed first: on PostgreSQL, two sets at once would otherwise be mixed, because neither sees
        // the rows of the other that it has to remove.
        studio::bump(change.tx, change.tenant, studio)?;
        let ids: Vec<i64> = wanted.iter().copied().collect();
        tag::replace(change.tx, change.tenant, studio, &ids)?;
        let names = |tags: &[Tag]| tags.iter().map(|tag| tag.name.clone()).collect::<Vec<_>>();
        let deed = Deed::new("studio.tags-replaced").studio(studio).subject("studio", studio);
        change.record(deed.field("tags", names(&present), names(&worn)));
    }
    Ok(worn)
}

/// Remembers that the caller's integration is ready for events of the studio. Saying it again changes nothing.
///
/// # Errors
/// The database's.
pub fn confirm_activation(change: &mut Change<'_, '_>, caller: &Caller) -> Result<(), Failure> {
    let (integration, studio) = (caller.integration(), caller.studio());
    if keys::activate(change.tx, change.tenant, integration, studio, change.now)? {
        // WH-6: what happened before is never told.
        let deed = Deed::new("integration.activated").studio(studio).subject("integration", integration);
        change.record(deed.begins(Begins::Activation { integration, studio }));
    }
    Ok(())
}
