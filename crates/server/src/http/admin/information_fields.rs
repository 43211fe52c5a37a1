//! The resource Information fields: what the gym wants to know of its customers.

use gymkeeper_contract::{
    admin::information_fields::{
        self as wire, FieldItem, InformationFieldRecord, InformationFieldUpdate, NewInformationField,
    },
    customers::AdditionalInformationFieldType,
};
use gymkeeper_domain::customer::information_field::{FieldKind, InformationField, ListItem, item_id};
use gymkeeper_store::{
    db::{DbError, Tx},
    inventory,
};

use super::{
    frame::{Mounted, read, write},
    inventory::Retired,
    member::Member,
    version::version_of,
};
use crate::{
    actions::{
        change::Change,
        information_field::{self as fields, Stored, WantedItem},
    },
    http::{
        answer::{Answer, JsonList},
        customers::field_kind,
        failure::Failure,
        input::{Json, PathId, filled, invalid, optional},
    },
};

/// Longest name and longest text of an item, in characters.
const LONGEST_NAME: usize = 255;
/// The most items of a list.
const MOST_ITEMS: usize = 999;

/// The operations of the resource.
pub(super) fn operations() -> Vec<Mounted> {
    vec![
        read(&wire::LIST_INFORMATION_FIELDS, list_information_fields),
        read(&wire::GET_INFORMATION_FIELD, get_information_field),
        write(&wire::CREATE_INFORMATION_FIELD, create_information_field),
        write(&wire::UPDATE_INFORMATION_FIELD, update_information_field),
        write(&wire::RETIRE_INFORMATION_FIELD, retire_information_field),
        write(&wire::RESTORE_INFORMATION_FIELD, restore_information_field),
    ]
}

fn list_information_fields(
    tx: &mut Tx<'_>,
    member: &Member,
    Retired(retired): &Retired,
) -> Result<Answer<Vec<InformationFieldRecord>>, Failure> {
    let mut list = JsonList::default();
    for field in fields::all(tx, member.tenant())?.iter().filter(|field| *retired || !field.entry.retired) {
        list.push(&record(field))?;
    }
    Ok(list.finish())
}

fn get_information_field(
    tx: &mut Tx<'_>,
    member: &Member,
    PathId(id): &PathId,
) -> Result<Answer<InformationFieldRecord>, Failure> {
    Answer::json(&record(&fields::find(tx, member.tenant(), *id)?))
}

fn create_information_field(
    change: &mut Change<'_, '_>,
    _: &Member,
    Json(new): &Json<NewInformationField>,
) -> Result<Answer<InformationFieldRecord>, Failure> {
    lengths(new.items.iter().map(String::as_str), "")?;
    let items = new.items.iter().zip(1..).map(|(name, number)| ListItem { number, name: name.trim().to_owned() });
    let wanted = InformationField {
        name: filled("name", &new.name, LONGEST_NAME)?,
        abbreviation: optional("abbreviation", new.abbreviation.as_deref(), LONGEST_NAME)?,
        kind: kind_of(new.kind),
        items: items.collect(),
    };
    let id = fields::create(change, &wanted)?;
    answer(change, id)
}

fn update_information_field(
    change: &mut Change<'_, '_>,
    _: &Member,
    (PathId(id), Json(update)): &(PathId, Json<InformationFieldUpdate>),
) -> Result<Answer<InformationFieldRecord>, Failure> {
    lengths(update.items.iter().map(|item| item.name.as_str()), ".name")?;
    let name = filled("name", &update.name, LONGEST_NAME)?;
    let abbreviation = optional("abbreviation", update.abbreviation.as_deref(), LONGEST_NAME)?;
    let present = fields::find(change.tx, change.tenant, *id)?;
    if version(&present) != update.version {
        return Err(DbError::Conflict.into());
    }
    let items: Vec<WantedItem<'_>> =
        update.items.iter().map(|item| WantedItem { id: item.id, name: &item.name }).collect();
    fields::update(change, &present, name, abbreviation, &items)?;
    answer(change, *id)
}

fn retire_information_field(
    change: &mut Change<'_, '_>,
    _: &Member,
    PathId(id): &PathId,
) -> Result<Answer<InformationFieldRecord>, Failure> {
    let present = fields::find(change.tx, change.tenant, *id)?;
    fields::set_retired(change, &present, true)?;
    answer(change, *id)
}

fn restore_information_field(
    change: &mut Change<'_, '_>,
    _: &Member,
    PathId(id): &PathId,
) -> Result<Answer<InformationFieldRecord>, Failure> {
    let present = fields::find(change.tx, change.tenant, *id)?;
    fields::set_retired(change, &present, false)?;
    answer(change, *id)
}

/// Refuses lists and texts that are too long. `below` is where the text stands in an item.
fn lengths<'t>(items: impl ExactSizeIterator<Item = &'t str>, below: &str) -> Result<(), Failure> {
    if items.len() > MOST_ITEMS {
        return Err(invalid("items"));
    }
    for (place, name) in items.enumerate() {
        filled(&format!("items[{place}]{below}"), name, LONGEST_NAME)?;
    }
    Ok(())
}

fn answer(change: &mut Change<'_, '_>, id: i64) -> Result<Answer<InformationFieldRecord>, Failure> {
    Answer::json(&record(&fields::find(change.tx, change.tenant, id)?))
}

fn version(field: &Stored) -> String {
    version_of(&[&field.entry.definition, if field.entry.retired { "retired" } else { "" }])
}

fn record(field: &Stored) -> InformationFieldRecord {
    let Stored { entry, definition } = field;
    let item = |item: &ListItem| FieldItem { id: item_id(entry.id, item.number), name: item.name.clone() };
    InformationFieldRecord {
        id: entry.id,
        version: version(field),
        key: (!inventory::is_own(&entry.key)).then(|| entry.key.clone()),
        name: definition.name.clone(),
        abbreviation: definition.abbreviation.clone(),
        kind: field_kind(definition.kind),
        items: (definition.kind == FieldKind::List).then(|| definition.items.iter().map(item).collect()),
        retired: entry.retired,
    }
}

const fn kind_of(kind: AdditionalInformationFieldType) -> FieldKind {
    match kind {
        AdditionalInformationFieldType::Boolean => FieldKind::Boolean,
        AdditionalInformationFieldType::Date => FieldKind::Date,
        AdditionalInformationFieldType::List => FieldKind::List,
        AdditionalInformationFieldType::Numeric => FieldKind::Numeric,
        AdditionalInformationFieldType::Text => FieldKind::Text,
    }
}
