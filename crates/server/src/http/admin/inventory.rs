//! What can be booked, as the back office defines it: rooms, resources, classes with their series, kinds of appointments, trial offers. All
//! of them are handled alike, and what is said of them has the form of the gym file.

use gymkeeper_contract::{
    admin::{
        Operation, appointments, classes,
        inventory::{EntryRecord, EntryUpdate},
        rooms, trial_offers,
    },
    errors::ErrorCode,
    openapi::Described,
};
use gymkeeper_domain::booking::{
    appointment::Appointment,
    class::{Class, ClassSeries, Resource, Room},
    trial::TrialOffer,
};
use gymkeeper_store::db::{DbError, Tx};

use super::{
    frame::{Mounted, read, write},
    member::Member,
    version::version_of,
};
use crate::{
    actions::{booking::Defined, change::Change, inventory},
    gymfile::definition::Definition,
    http::{
        answer::{Answer, JsonList},
        failure::Failure,
        input::{Input, Json, Parts, PathId, query_flag},
    },
};

/// The operations of all these resources.
pub(super) fn operations() -> Vec<Mounted> {
    let mut all = vec![
        read(&rooms::LIST_ROOMS, list::<Room>),
        write(&rooms::CREATE_ROOM, create::<Room>),
        read(&rooms::LIST_RESOURCES, list::<Resource>),
        write(&rooms::CREATE_RESOURCE, create::<Resource>),
        read(&classes::LIST_CLASSES, list::<Class>),
        write(&classes::CREATE_CLASS, create::<Class>),
        read(&classes::LIST_CLASS_SERIES, list_class_series),
        write(&classes::CREATE_CLASS_SERIES, create_class_series),
        read(&appointments::LIST_APPOINTMENT_TYPES, list::<Appointment>),
        write(&appointments::CREATE_APPOINTMENT_TYPE, create::<Appointment>),
        read(&trial_offers::LIST_TRIAL_OFFERS, list::<TrialOffer>),
        write(&trial_offers::CREATE_TRIAL_OFFER, create::<TrialOffer>),
    ];
    all.extend(one::<Room>([&rooms::GET_ROOM, &rooms::UPDATE_ROOM, &rooms::RETIRE_ROOM, &rooms::RESTORE_ROOM]));
    all.extend(one::<Resource>([
        &rooms::GET_RESOURCE,
        &rooms::UPDATE_RESOURCE,
        &rooms::RETIRE_RESOURCE,
        &rooms::RESTORE_RESOURCE,
    ]));
    all.extend(one::<Class>([
        &classes::GET_CLASS,
        &classes::UPDATE_CLASS,
        &classes::RETIRE_CLASS,
        &classes::RESTORE_CLASS,
    ]));
    all.extend(one::<ClassSeries>([
        &classes::GET_CLASS_SERIES,
        &classes::UPDATE_CLASS_SERIES,
        &classes::RETIRE_CLASS_SERIES,
        &classes::RESTORE_CLASS_SERIES,
    ]));
    all.extend(one::<Appointment>([
        &appointments::GET_APPOINTMENT_TYPE,
        &appointments::UPDATE_APPOINTMENT_TYPE,
        &appointments::RETIRE_APPOINTMENT_TYPE,
        &appointments::RESTORE_APPOINTMENT_TYPE,
    ]));
    all.extend(one::<TrialOffer>([
        &trial_offers::GET_TRIAL_OFFER,
        &trial_offers::UPDATE_TRIAL_OFFER,
        &trial_offers::RETIRE_TRIAL_OFFER,
        &trial_offers::RESTORE_TRIAL_OFFER,
    ]));
    all
}

/// What can be done with an entry that is there.
fn one<D: Definition>([get, update, retire, restore]: [&'static Operation; 4]) -> [Mounted; 4] {
    [
        read(get, self::get::<D>),
        write(update, self::update::<D>),
        write(retire, self::retire::<D>),
        write(restore, self::restore::<D>),
    ]
}

/// Whether retired entries are listed, too.
pub(super) struct Retired(pub(super) bool);

impl Input for Retired {
    fn parse(parts: &Parts) -> Result<Self, Failure> {
        query_flag(&parts.query, "retired").map(Self)
    }

    fn describe(described: Described) -> Described {
        described.query::<bool>("retired", "Whether what is out of use is listed as well.")
    }
}

fn list<D: Definition>(
    tx: &mut Tx<'_>,
    member: &Member,
    Retired(retired): &Retired,
) -> Result<Answer<Vec<EntryRecord<D>>>, Failure> {
    let mut list = JsonList::default();
    for found in inventory::all::<D>(tx, member.tenant(), member.studio()?.id)? {
        if *retired || !found.entry.retired {
            list.push(&record(found))?;
        }
    }
    Ok(list.finish())
}

fn get<D: Definition>(
    tx: &mut Tx<'_>,
    member: &Member,
    PathId(id): &PathId,
) -> Result<Answer<EntryRecord<D>>, Failure> {
    shown(tx, member, *id)
}

fn create<D: Definition>(
    change: &mut Change<'_, '_>,
    member: &Member,
    Json(wanted): &Json<D>,
) -> Result<Answer<EntryRecord<D>>, Failure> {
    let id = inventory::create(change, member.studio()?.id, None, wanted)?;
    shown(change.tx, member, id)
}

fn update<D: Definition>(
    change: &mut Change<'_, '_>,
    member: &Member,
    (PathId(id), Json(update)): &(PathId, Json<EntryUpdate<D>>),
) -> Result<Answer<EntryRecord<D>>, Failure> {
    let present = own::<D>(change.tx, member, *id)?;
    if version(&present) != update.version {
        return Err(DbError::Conflict.into());
    }
    inventory::update(change, &present, &update.definition)?;
    shown(change.tx, member, *id)
}

fn retire<D: Definition>(
    change: &mut Change<'_, '_>,
    member: &Member,
    PathId(id): &PathId,
) -> Result<Answer<EntryRecord<D>>, Failure> {
    let present = own::<D>(change.tx, member, *id)?;
    inventory::set_retired(change, &present, true)?;
    shown(change.tx, member, *id)
}

fn restore<D: Definition>(
    change: &mut Change<'_, '_>,
    member: &Member,
    PathId(id): &PathId,
) -> Result<Answer<EntryRecord<D>>, Failure> {
    let present = own::<D>(change.tx, member, *id)?;
    inventory::set_retired(change, &present, false)?;
    shown(change.tx, member, *id)
}

fn list_class_series(
    tx: &mut Tx<'_>,
    member: &Member,
    (PathId(class), Retired(retired)): &(PathId, Retired),
) -> Result<Answer<Vec<EntryRecord<ClassSeries>>>, Failure> {
    let class = own::<Class>(tx, member, *class)?;
    let mut list = JsonList::default();
    for series in inventory::all::<ClassSeries>(tx, member.tenant(), class.studio)? {
        let of_class = series.entry.parent_key.as_ref() == Some(&class.entry.key);
        if of_class && (*retired || !series.entry.retired) {
            list.push(&record(series))?;
        }
    }
    Ok(list.finish())
}

fn create_class_series(
    change: &mut Change<'_, '_>,
    member: &Member,
    (PathId(class), Json(wanted)): &(PathId, Json<ClassSeries>),
) -> Result<Answer<EntryRecord<ClassSeries>>, Failure> {
    let class = own::<Class>(change.tx, member, *class)?;
    if class.entry.retired {
        return Err(ErrorCode::ClassNotFound.into());
    }
    let id = inventory::create(change, class.studio, Some(&class.entry.key), wanted)?;
    shown(change.tx, member, id)
}

/// The entry of that id, if it is the studio's of the path.
fn own<D: Definition>(tx: &mut Tx<'_>, member: &Member, id: i64) -> Result<Defined<D>, Failure> {
    inventory::find(tx, member.tenant(), member.studio()?.id, id)
}

fn shown<D: Definition>(tx: &mut Tx<'_>, member: &Member, id: i64) -> Result<Answer<EntryRecord<D>>, Failure> {
    Answer::json(&record(own::<D>(tx, member, id)?))
}

fn record<D: Definition>(defined: Defined<D>) -> EntryRecord<D> {
    let version = version(&defined);
    let Defined { entry, definition, .. } = defined;
    EntryRecord { id: entry.id, version, key: entry.key, class: entry.parent_key, retired: entry.retired, definition }
}

fn version<D>(defined: &Defined<D>) -> String {
    version_of(&[&defined.entry.definition, if defined.entry.retired { "retired" } else { "" }])
}
