//! What can be booked, defined in the back office: rooms, classes and their series, appointments, what can be tried.
//!
//! An entry that is made here is a row of the inventory like one of a gym file, with a key that no file can have
//! ([`inventory::own_key`]). It is checked by what checks the file ([`Definition`]), and slots follow series through the same
//! [`schedule::publish`].

use std::collections::{BTreeSet, HashMap, hash_map::Entry as Known};

use gymkeeper_contract::errors::ErrorCode;
use gymkeeper_domain::{
    booking::{appointment::Appointment, class::ClassSeries, trial::TrialOffer},
    problem::Problem,
};
use gymkeeper_store::{
    db::{DbError, Tx},
    employee,
    inventory::{self, Entry, Kind},
    studio,
    tenant::TenantId,
};

use super::{
    booking::{Defined, schedule},
    change::{Change, Deed},
    customer,
    difference::{FieldDifference, differences},
};
use crate::{
    gymfile::definition::{Definition, Named},
    http::{
        failure::{Failure, Refusal},
        input::invalid,
    },
};

/// The entries of a kind of a studio, retired ones too, in the operator's order.
///
/// # Errors
/// The database's; when a definition cannot be read.
pub fn all<D: Definition>(tx: &mut Tx<'_>, tenant: TenantId, studio: i64) -> Result<Vec<Defined<D>>, DbError> {
    let entries = inventory::of_kind(tx, tenant, studio, D::KIND)?;
    entries.into_iter().map(|entry| read(studio, entry)).collect()
}

/// The entry of that id of a studio, retired or not.
///
/// # Errors
/// Refuses an unknown id, also one of another studio; when the definition cannot be read.
pub fn find<D: Definition>(tx: &mut Tx<'_>, tenant: TenantId, studio: i64, id: i64) -> Result<Defined<D>, Failure> {
    let found = inventory::find(tx, tenant, studio, D::KIND, id)?;
    Ok(read(studio, found.ok_or(D::MISSING)?)?)
}

fn read<D: Definition>(studio: i64, entry: Entry) -> Result<Defined<D>, DbError> {
    Ok(Defined { studio, definition: entry.read()?, entry })
}

/// Defines an entry of a studio, below the one of the key `parent` where it belongs to one, and answers its id.
///
/// # Errors
/// Refuses what cannot work, naming the field of the definition.
pub fn create<D: Definition>(
    change: &mut Change<'_, '_>,
    studio: i64,
    parent: Option<&str>,
    wanted: &D,
) -> Result<i64, Failure> {
    hold(change, studio)?;
    check(change, studio, None, wanted)?;
    let last = inventory::of_kind(change.tx, change.tenant, studio, D::KIND)?.pop();
    let id = change.tx.next_id()?;
    let entry = Entry {
        id,
        kind: D::KIND,
        key: inventory::own_key(id),
        parent_key: parent.map(str::to_owned),
        position: last.map_or(0, |last| last.position.saturating_add(1)),
        file_id: None,
        definition: text(wanted)?,
        retired: false,
    };
    inventory::insert(change.tx, change.tenant, studio, &entry)?;
    record(change, studio, &entry, "inventory.added", differences("{}", &entry.definition));
    follow(change, studio, D::KIND)?;
    Ok(id)
}

/// Says something else of an entry. Where the path of its picture is left out, so is the picture.
///
/// # Errors
/// As [`create`]; [`DbError::Conflict`] when somebody else has changed the entry since it was read.
pub fn update<D: Definition>(change: &mut Change<'_, '_>, present: &Defined<D>, wanted: &D) -> Result<(), Failure> {
    if present.definition == *wanted {
        return Ok(());
    }
    let studio = present.studio;
    hold(change, studio)?;
    check(change, studio, Some(present), wanted)?;
    let before = &present.entry;
    let after = Entry {
        definition: text(wanted)?,
        file_id: before.file_id.filter(|_| wanted.image().is_some()),
        ..before.clone()
    };
    changed(inventory::replace(change.tx, change.tenant, before, &after.definition, before.retired)?)?;
    if after.file_id != before.file_id {
        inventory::update(change.tx, change.tenant, &after)?;
    }
    let fields = differences(&before.definition, &after.definition);
    record(change, studio, &after, "inventory.changed", fields);
    follow(change, studio, D::KIND)
}

/// Takes an entry out of use, or brings it back.
///
/// # Errors
/// Refuses to take out what something else needs that is in use, and to bring back what cannot work any more; [`DbError::Conflict`] as
/// in [`update`].
pub fn set_retired<D: Definition>(
    change: &mut Change<'_, '_>,
    present: &Defined<D>,
    retired: bool,
) -> Result<(), Failure> {
    let (studio, entry) = (present.studio, &present.entry);
    if entry.retired == retired {
        return Ok(());
    }
    hold(change, studio)?;
    if retired {
        if let Some(by) = needed_by(change, studio, entry)? {
            return Err(Refusal::new(ErrorCode::InventoryEntryInUse).with_text(by).into());
        }
    } else {
        check(change, studio, Some(present), &present.definition)?;
    }
    changed(inventory::replace(change.tx, change.tenant, entry, &entry.definition, retired)?)?;
    let action = if retired { "inventory.retired" } else { "inventory.restored" };
    record(change, studio, entry, action, Vec::new());
    follow(change, studio, D::KIND)
}

/// Makes remembered answers of a studio stale, and lets nobody else change its entries until this transaction has ended: what is checked
/// stays so.
fn hold(change: &mut Change<'_, '_>, studio: i64) -> Result<(), DbError> {
    studio::bump(change.tx, change.tenant, studio)
}

/// Checks what is to be said of an entry, by itself and beside everything that the studio has.
fn check<D: Definition>(
    change: &mut Change<'_, '_>,
    studio: i64,
    present: Option<&Defined<D>>,
    wanted: &D,
) -> Result<(), Failure> {
    let above = if present.is_some() { "definition" } else { "" };
    let wrong = |field: &str| match (above, field) {
        ("", field) => invalid(field),
        (above, "") => invalid(above),
        (above, field) => invalid(&format!("{above}.{field}")),
    };
    let first = |problems: Vec<Problem>| problems.first().map_or(Ok(()), |problem| Err(wrong(&problem.path)));
    first(wanted.problems())?;
    // Files lie beside a gym file; here there are none.
    if wanted.image().is_some_and(|image| present.and_then(|present| present.definition.image()) != Some(image)) {
        return Err(wrong("image"));
    }
    let mut known: HashMap<Named, BTreeSet<String>> = HashMap::new();
    for reference in wanted.references().iter().filter(|reference| !reference.keys.is_empty()) {
        let keys = match known.entry(reference.what) {
            Known::Occupied(known) => known.into_mut(),
            Known::Vacant(unknown) => unknown.insert(in_use(change, studio, reference.what)?),
        };
        if !reference.keys.iter().all(|key| keys.contains(key)) {
            return Err(wrong(&reference.field));
        }
    }
    let mut others = all::<D>(change.tx, change.tenant, studio)?;
    others.retain(|other| !other.entry.retired && present.is_none_or(|present| present.entry.id != other.entry.id));
    let others: Vec<D> = others.into_iter().map(|other| other.definition).collect();
    first(wanted.clashes(&others))
}

/// The keys of everything of a sort that is in use.
fn in_use(change: &mut Change<'_, '_>, studio: i64, what: Named) -> Result<BTreeSet<String>, DbError> {
    Ok(match what {
        Named::Entry(kind) => {
            let entries = inventory::of_kind(change.tx, change.tenant, studio, kind)?;
            entries.into_iter().filter(|entry| !entry.retired).map(|entry| entry.key).collect()
        }
        Named::Employee => {
            let names = employee::names(change.tx, change.tenant, studio)?;
            names.into_iter().filter(|name| name.present).map(|name| name.key).collect()
        }
    })
}

/// What is in use and names an entry.
fn needed_by(change: &mut Change<'_, '_>, studio: i64, entry: &Entry) -> Result<Option<String>, DbError> {
    fn names<D: Definition>(by: &Entry, entry: &Entry) -> Result<bool, DbError> {
        let definition: D = by.read()?;
        Ok(definition.references().iter().any(|reference| reference.names(entry.kind, &entry.key)))
    }
    for by in inventory::of_studio(change.tx, change.tenant, studio)?.iter().filter(|by| !by.retired) {
        let names = match by.kind {
            // Also where its class is out of use: with it, it would come back.
            Kind::ClassSeries => names::<ClassSeries>(by, entry)?,
            Kind::AppointmentType => names::<Appointment>(by, entry)?,
            Kind::TrialOffer => names::<TrialOffer>(by, entry)?,
            _ => false,
        };
        if names {
            return Ok(Some(format!("{} {}", by.kind.name().replace('_', " "), by.key)));
        }
    }
    Ok(None)
}

/// Lets slots follow what classes and their series say now.
fn follow(change: &mut Change<'_, '_>, studio: i64, kind: Kind) -> Result<(), Failure> {
    if !matches!(kind, Kind::Class | Kind::ClassSeries) {
        return Ok(());
    }
    let studio = customer::studio(change.tx, change.tenant, studio)?;
    schedule::publish(change, &studio)
}

fn record(change: &mut Change<'_, '_>, studio: i64, entry: &Entry, action: &'static str, fields: Vec<FieldDifference>) {
    let mut deed = Deed::new(action).studio(studio).subject(&entry.kind.name().replace('_', "-"), entry.id);
    for FieldDifference { field, from, to } in &fields {
        deed = deed.field(field, from, to);
    }
    change.record(deed);
}

fn text(definition: &impl Definition) -> Result<String, Failure> {
    serde_json::to_string(definition).map_err(|error| Failure::Internal(format!("cannot serialize: {error}")))
}

fn changed(was_there: bool) -> Result<(), DbError> {
    if was_there { Ok(()) } else { Err(DbError::Conflict) }
}
