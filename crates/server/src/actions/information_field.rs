//! Information fields: defining, changing, retiring them and bringing them back.
//!
//! They are inventory of the tenant. Those of a gym file have its keys; those that the back office makes have a key of their own
//! kind ([`inventory::own_key`]), which no file can have and which the applying of a file leaves alone.

use std::collections::BTreeMap;

use gymkeeper_contract::{
    errors::{Argument, ErrorCode},
    webhooks::Event,
};
use gymkeeper_domain::customer::information_field::{InformationField, ListItem, item_id};
use gymkeeper_store::{
    customer::field,
    db::{DbError, Tx},
    inventory::{self, Entry, Kind, WHOLE_TENANT},
    studio,
    tenant::TenantId,
};

use super::change::{Change, Deed};
use crate::http::{
    failure::{Failure, Refusal},
    input::invalid,
};

/// An information field with what is stored of it.
pub struct Stored {
    /// The stored entry.
    pub entry: Entry,
    /// What it is.
    pub definition: InformationField,
}

impl Stored {
    fn new(entry: Entry) -> Result<Self, DbError> {
        let unreadable =
            |error| DbError::Unusable(format!("the information field {} cannot be read: {error}", entry.key));
        let definition = serde_json::from_str(&entry.definition).map_err(unreadable)?;
        Ok(Self { entry, definition })
    }
}

/// All fields of the tenant, retired ones too, in the operator's order: those of the gym file first.
///
/// # Errors
/// The database's; when a definition cannot be read.
pub fn all(tx: &mut Tx<'_>, tenant: TenantId) -> Result<Vec<Stored>, DbError> {
    let entries = inventory::of_kind(tx, tenant, WHOLE_TENANT, Kind::InformationField)?;
    entries.into_iter().map(Stored::new).collect()
}

/// The field of that id, retired or not.
///
/// # Errors
/// Refuses an unknown id; when the definition cannot be read.
pub fn find(tx: &mut Tx<'_>, tenant: TenantId, id: i64) -> Result<Stored, Failure> {
    let found = inventory::find(tx, tenant, WHOLE_TENANT, Kind::InformationField, id)?;
    Ok(Stored::new(found.ok_or(ErrorCode::AdditionalInformationFieldNotFound)?)?)
}

/// Defines a field and answers its id.
///
/// # Errors
/// Refuses what cannot work, naming the field of the definition.
pub fn create(change: &mut Change<'_, '_>, wanted: &InformationField) -> Result<i64, Failure> {
    check(wanted)?;
    let last = inventory::of_kind(change.tx, change.tenant, WHOLE_TENANT, Kind::InformationField)?;
    let id = change.tx.next_id()?;
    let entry = Entry {
        id,
        kind: Kind::InformationField,
        key: inventory::own_key(id),
        parent_key: None,
        position: last.last().map_or(0, |last| last.position.saturating_add(1)),
        file_id: None,
        definition: text(wanted)?,
        retired: false,
    };
    inventory::insert(change.tx, change.tenant, WHOLE_TENANT, &entry)?;
    let deed = deed("information-field.created", id).field("name", (), &wanted.name);
    change.record(deed.field("kind", (), wanted.kind.name()));
    tell(change)?;
    Ok(id)
}

/// How an item of a list is to be: with its number when it is there already, and its text.
pub struct WantedItem<'a> {
    /// The id of an item that is there; none for a new one.
    pub id: Option<i64>,
    /// Its text.
    pub name: &'a str,
}

/// Changes what a field is called and its items; its kind stays. New items get numbers above those of all that are there, so that no
/// customer's answer comes to mean another item.
///
/// # Errors
/// Refuses an unknown item, one that is taken away although it is noted of customers, and what cannot work; [`DbError::Conflict`] when
/// somebody else has changed the field since it was read.
pub fn update(
    change: &mut Change<'_, '_>,
    present: &Stored,
    name: String,
    abbreviation: Option<String>,
    items: &[WantedItem<'_>],
) -> Result<(), Failure> {
    let (id, before) = (present.entry.id, &present.definition);
    let mut fresh = before.items.iter().map(|item| item.number).max().unwrap_or_default();
    let mut wanted = Vec::with_capacity(items.len());
    for (place, item) in items.iter().enumerate() {
        let number = match item.id {
            None => {
                fresh = fresh.checked_add(1).ok_or_else(|| invalid(&format!("items[{place}]")))?;
                fresh
            }
            Some(item) => {
                let unknown = || {
                    let refusal = Refusal::new(ErrorCode::AdditionalInformationFieldItemUnknown);
                    refusal.with(Argument::Integer(item)).at(format!("items[{place}].id"))
                };
                let known = before.items.iter().find(|known| item_id(id, known.number) == item);
                known.ok_or_else(unknown)?.number
            }
        };
        wanted.push(ListItem { number, name: item.name.trim().to_owned() });
    }
    for gone in before.items.iter().filter(|item| !wanted.iter().any(|kept| kept.number == item.number)) {
        if field::has_value(change.tx, change.tenant, id, &item_id(id, gone.number).to_string())? {
            let refusal = Refusal::new(ErrorCode::AdditionalInformationFieldItemInUse);
            return Err(refusal.with_text(gone.name.clone()).at("items").into());
        }
    }
    let after = InformationField { name, abbreviation, kind: before.kind, items: wanted };
    check(&after)?;
    if after == *before {
        return Ok(());
    }
    changed(inventory::replace(change.tx, change.tenant, &present.entry, &text(&after)?, present.entry.retired)?)?;
    let names = |items: &[ListItem]| {
        items.iter().map(|item| (item.number, item.name.clone())).collect::<BTreeMap<u16, String>>()
    };
    let mut deed = deed("information-field.changed", id);
    if before.name != after.name {
        deed = deed.field("name", &before.name, &after.name);
    }
    if before.abbreviation != after.abbreviation {
        deed = deed.field("abbreviation", &before.abbreviation, &after.abbreviation);
    }
    if before.items != after.items {
        deed = deed.field("items", names(&before.items), names(&after.items));
    }
    change.record(deed);
    Ok(tell(change)?)
}

/// Takes a field out of use, or brings it back. What was noted in it stays.
///
/// # Errors
/// The database's; [`DbError::Conflict`] as in [`update`].
pub fn set_retired(change: &mut Change<'_, '_>, present: &Stored, retired: bool) -> Result<(), DbError> {
    let entry = &present.entry;
    if entry.retired == retired {
        return Ok(());
    }
    changed(inventory::replace(change.tx, change.tenant, entry, &entry.definition, retired)?)?;
    let action = if retired { "information-field.retired" } else { "information-field.restored" };
    change.record(deed(action, entry.id));
    tell(change)
}

/// Makes remembered forms stale and tells the programs of every studio that fields have changed (WH-10).
///
/// # Errors
/// The database's.
fn tell(change: &mut Change<'_, '_>) -> Result<(), DbError> {
    studio::bump_all(change.tx, change.tenant)?;
    for studio in studio::list(change.tx, change.tenant)? {
        tell_studio(change, studio.id);
    }
    Ok(())
}

/// Tells the programs of a studio that fields have changed.
pub fn tell_studio(change: &mut Change<'_, '_>, studio: i64) {
    let event = Event::AdditionalInformationFieldsUpdated { studio_id: studio };
    let deed = Deed::new("information-fields.changed").studio(studio).subject("studio", studio);
    change.record(deed.event(event));
}

fn deed(action: &'static str, id: i64) -> Deed {
    Deed::new(action).subject("information-field", id)
}

/// The first thing in a definition that cannot work.
fn check(wanted: &InformationField) -> Result<(), Failure> {
    match wanted.problems().first() {
        None => Ok(()),
        Some(problem) => Err(invalid(&problem.path)),
    }
}

fn text(definition: &InformationField) -> Result<String, Failure> {
    serde_json::to_string(definition).map_err(|error| Failure::Internal(format!("cannot serialize: {error}")))
}

fn changed(was_there: bool) -> Result<(), DbError> {
    if was_there { Ok(()) } else { Err(DbError::Conflict) }
}
