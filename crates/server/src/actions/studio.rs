//! What integrations and operators may change about a studio.

use std::collections::BTreeSet;

use gymkeeper_contract::errors::ErrorCode;
use gymkeeper_contract::webhooks::Event;
use gymkeeper_domain::{problem::Problem, studio::StudioDefinition};
use gymkeeper_store::{
    db::DbError,
    journal::Begins,
    keys,
    studio::{
        self, StudioValues,
        tag::{self, Tag},
    },
};

use super::{
    change::{Change, Deed},
    checkout,
};
use crate::http::{
    caller::Caller,
    failure::{Failure, Refusal},
    input::invalid,
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
        let present = tag::of_studio(change.tx, change.tenant, studio)?;
        let ids: Vec<i64> = wanted.iter().copied().collect();
        tag::replace(change.tx, change.tenant, studio, &ids)?;
        let names = |tags: &[Tag]| tags.iter().map(|tag| tag.name.clone()).collect::<Vec<_>>();
        let deed = Deed::new("studio.tags-replaced").studio(studio).subject("studio", studio);
        change.record(deed.field("tags", names(&present), names(&worn)));
    }
    Ok(worn)
}

/// What is stored of a studio, from its definition.
pub(super) fn values(definition: &StudioDefinition, stored: String, logo_file_id: Option<i64>) -> StudioValues {
    StudioValues {
        name: definition.name.clone(),
        zone: definition.zone.clone(),
        language: definition.language.clone(),
        currency: definition.currency.to_string(),
        capacity: definition.capacity.map(i64::from),
        logo_file_id,
        definition: stored,
    }
}

/// Why what a studio is is not changed.
#[derive(Debug, thiserror::Error)]
pub enum StudioUnchanged {
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// What was asked for cannot work.
    #[error("{0}")]
    Wrong(Problem),
}

/// Changes what a studio is and answers how it was and how it is; the record is left to the caller. A gym file that is applied later
/// brings back what it says.
///
/// # Errors
/// The database's; refuses what cannot work, and what `edit` refuses.
pub(super) fn redefine<E: From<DbError> + From<StudioUnchanged>>(
    change: &mut Change<'_, '_>,
    id: i64,
    edit: impl FnOnce(&mut StudioDefinition) -> Result<(), E>,
) -> Result<(StudioDefinition, StudioDefinition), E> {
    // Claimed before it is read, so that two changes at once do not lose one another.
    studio::bump(change.tx, change.tenant, id)?;
    let missing = || DbError::Unusable(format!("there is no studio {id}"));
    let present = studio::find(change.tx, change.tenant, id)?.ok_or_else(missing)?;
    let unreadable = |error| DbError::Unusable(format!("the definition of studio {id} cannot be read: {error}"));
    let before: StudioDefinition = serde_json::from_str(&present.definition).map_err(unreadable)?;
    let mut after = before.clone();
    edit(&mut after)?;
    if let Some(problem) = after.problems().into_iter().next() {
        return Err(StudioUnchanged::Wrong(problem).into());
    }
    let stored = serde_json::to_string(&after).map_err(unreadable)?;
    studio::update(change.tx, change.tenant, id, &values(&after, stored, present.logo_file_id))?;
    Ok((before, after))
}

/// Changes the opening, public or closing hours of a studio and answers the studio as it is then.
///
/// # Errors
/// The database's; refuses hours that cannot work.
pub fn change_hours(
    change: &mut Change<'_, '_>,
    id: i64,
    edit: impl FnOnce(&mut StudioDefinition),
) -> Result<StudioDefinition, StudioUnchanged> {
    let edit = |studio: &mut StudioDefinition| {
        edit(studio);
        Ok::<_, StudioUnchanged>(())
    };
    let (before, after) = redefine(change, id, edit)?;
    let mut deed = Deed::new("studio.hours-changed").studio(id).subject("studio", id);
    if before != after {
        deed = deed.event(Event::StudioOpeningHoursUpdated { studio_id: id });
    }
    if before.opening_hours != after.opening_hours {
        deed = deed.field("opening_hours", &before.opening_hours, &after.opening_hours);
    }
    if before.public_opening_hours != after.public_opening_hours {
        deed = deed.field("public_opening_hours", &before.public_opening_hours, &after.public_opening_hours);
    }
    if before.closing_hours != after.closing_hours {
        deed = deed.field("closing_hours", &before.closing_hours, &after.closing_hours);
    }
    change.record(deed);
    checkout::reschedule(change, id)?;
    Ok(after)
}

impl From<StudioUnchanged> for Failure {
    fn from(unchanged: StudioUnchanged) -> Self {
        match unchanged {
            StudioUnchanged::Db(error) => Self::Db(error),
            StudioUnchanged::Wrong(problem) => invalid(&problem.path),
        }
    }
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
