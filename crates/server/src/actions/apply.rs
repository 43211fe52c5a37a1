//! Brings the database to what a gym file says: new entries get ids, changed ones change in place, missing ones retire.

use std::collections::{BTreeMap, HashMap};

use gymkeeper_store::{
    db::{DbError, Tx},
    files::{self, File},
    inventory::{self, Entry, Kind},
    studio::{self, Studio, StudioValues, tag},
    tenant::{self, TenantId},
};
use jiff::Timestamp;
use serde_json::Value;

use crate::gymfile::{self, Content, Gym};

/// One difference between the database and a gym file.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Change {
    /// `added`, `changed`, `retired` or `restored`.
    pub kind: &'static str,
    /// What, such as `studio berlin / offer flex`.
    pub entry: String,
    /// The fields that differ, with the old and the new value.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldChange>,
}

/// One field that differs.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FieldChange {
    /// Its path in the definition.
    pub field: String,
    /// The value in the database.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The value in the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

/// Applies a gym file inside the running transaction and says what it changed. Applying it again changes nothing.
///
/// Studios that the file leaves out stay as they are, so a chain may keep a file for each studio.
///
/// # Errors
/// The database's. The contents of the gym's files must be stored beside the database by the caller, before the commit.
pub fn apply(tx: &mut Tx<'_>, gym: &Gym, now: Timestamp) -> Result<(TenantId, Vec<Change>), DbError> {
    let mut changes = Vec::new();
    let tenant = apply_tenant(tx, gym, now, &mut changes)?;
    let file_ids = apply_files(tx, tenant, &gym.files, now)?;
    let removed_tags = apply_new_tags(tx, tenant, &gym.tags, &mut changes)?;
    let present: BTreeMap<String, Studio> =
        studio::list(tx, tenant)?.into_iter().map(|studio| (studio.key.clone(), studio)).collect();
    for wanted in &gym.studios {
        apply_studio(tx, tenant, wanted, present.get(&wanted.key), &file_ids, &mut changes)?;
    }
    for (id, name) in removed_tags {
        tag::delete(tx, tenant, id)?;
        changes.push(Change { kind: "retired", entry: format!("tag {name}"), fields: Vec::new() });
    }
    if changes.iter().any(|change| change.entry.starts_with("tag ")) {
        studio::bump_all(tx, tenant)?;
    }
    Ok((tenant, changes))
}

fn apply_tenant(tx: &mut Tx<'_>, gym: &Gym, now: Timestamp, changes: &mut Vec<Change>) -> Result<TenantId, DbError> {
    let wanted = &gym.tenant;
    let entry = format!("tenant {}", wanted.key);
    let Some(present) = tenant::find(tx, &wanted.key)? else {
        changes.push(Change { kind: "added", entry, fields: Vec::new() });
        return tenant::insert(tx, &wanted.key, &wanted.name, wanted.sandbox, now);
    };
    let mut fields = Vec::new();
    compare_field(&mut fields, "name", &present.name, &wanted.name);
    compare_field(&mut fields, "sandbox", &present.sandbox.to_string(), &wanted.sandbox.to_string());
    if !fields.is_empty() {
        tenant::update(tx, present.id(), &wanted.name, wanted.sandbox)?;
        changes.push(Change { kind: "changed", entry, fields });
        // The clock may have gone with the sandbox.
        studio::bump_all(tx, present.id())?;
    }
    Ok(present.id())
}

fn compare_field(fields: &mut Vec<FieldChange>, field: &str, from: &str, to: &str) {
    if from != to {
        fields.push(FieldChange { field: field.to_owned(), from: Some(from.to_owned()), to: Some(to.to_owned()) });
    }
}

/// The ids of the contents, in the order of the gym's files.
fn apply_files(tx: &mut Tx<'_>, tenant: TenantId, contents: &[Content], now: Timestamp) -> Result<Vec<i64>, DbError> {
    contents
        .iter()
        .map(|content| {
            if let Some(id) = files::find_content(tx, tenant, &content.hash, &content.name)? {
                return Ok(id);
            }
            let file = File {
                id: tx.next_id()?,
                hash: content.hash.clone(),
                name: content.name.clone(),
                media_type: content.media_type.to_owned(),
                size: i64::try_from(content.bytes.len()).unwrap_or(i64::MAX),
            };
            files::insert(tx, tenant, &file, now)?;
            Ok(file.id)
        })
        .collect()
}

/// Adds new tags and answers those that the file no longer has; these go last, when no studio wears them any more.
fn apply_new_tags(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    wanted: &[String],
    changes: &mut Vec<Change>,
) -> Result<Vec<(i64, String)>, DbError> {
    let present = tag::list(tx, tenant)?;
    for name in wanted.iter().filter(|name| !present.iter().any(|tag| tag.name == **name)) {
        tag::insert(tx, tenant, name)?;
        changes.push(Change { kind: "added", entry: format!("tag {name}"), fields: Vec::new() });
    }
    Ok(present.into_iter().filter(|tag| !wanted.contains(&tag.name)).map(|tag| (tag.id, tag.name)).collect())
}

fn apply_studio(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    wanted: &gymfile::Studio,
    present: Option<&Studio>,
    file_ids: &[i64],
    changes: &mut Vec<Change>,
) -> Result<(), DbError> {
    let name = format!("studio {}", wanted.key);
    let before = changes.len();
    let values = StudioValues {
        name: wanted.definition.name.clone(),
        zone: wanted.definition.zone.clone(),
        language: wanted.definition.language.clone(),
        currency: wanted.definition.currency.to_string(),
        capacity: wanted.definition.capacity.map(i64::from),
        logo_file_id: wanted.logo.and_then(|place| file_ids.get(place).copied()),
        definition: wanted.stored.clone(),
    };
    let (id, entries) = match present {
        None => {
            let id = tx.next_id()?;
            studio::insert(tx, tenant, id, &wanted.key, &values)?;
            changes.push(Change { kind: "added", entry: name.clone(), fields: Vec::new() });
            (id, Vec::new())
        }
        Some(present) => {
            let mut fields = differences(&present.definition, &values.definition);
            if present.logo_file_id != values.logo_file_id && fields.is_empty() {
                fields.push(content_changed("logo"));
            }
            if !fields.is_empty() {
                studio::update(tx, tenant, present.id, &values)?;
                changes.push(Change { kind: "changed", entry: name.clone(), fields });
            }
            (present.id, inventory::of_studio(tx, tenant, present.id)?)
        }
    };
    if apply_studio_tags(tx, tenant, id, &name, wanted.tags.as_deref(), changes)? && present.is_none() {
        // A new studio is one change, its tags with it.
        changes.pop();
    }
    apply_entries(tx, tenant, id, &name, &wanted.entries, entries, file_ids, changes)?;
    if changes.len() > before {
        studio::bump(tx, tenant, id)?;
    }
    Ok(())
}

fn content_changed(field: &str) -> FieldChange {
    FieldChange { field: field.to_owned(), from: None, to: Some("another content".to_owned()) }
}

fn apply_studio_tags(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    id: i64,
    name: &str,
    wanted: Option<&[String]>,
    changes: &mut Vec<Change>,
) -> Result<bool, DbError> {
    let Some(wanted) = wanted else { return Ok(false) };
    let known = tag::list(tx, tenant)?;
    let mut ids: Vec<i64> = known.iter().filter(|tag| wanted.contains(&tag.name)).map(|tag| tag.id).collect();
    ids.sort_unstable();
    let present = tag::of_studio(tx, tenant, id)?;
    if present.iter().map(|tag| tag.id).collect::<Vec<_>>() == ids {
        return Ok(false);
    }
    // The studio's row first, as in `actions::studio::update_studio_tags`, so that two sets are never mixed.
    studio::bump(tx, tenant, id)?;
    tag::replace(tx, tenant, id, &ids)?;
    let names = |tags: Vec<&str>| Some(tags.join(", "));
    let field = FieldChange {
        field: "tags".to_owned(),
        from: names(present.iter().map(|tag| tag.name.as_str()).collect()),
        to: names(wanted.iter().map(String::as_str).collect()),
    };
    changes.push(Change { kind: "changed", entry: name.to_owned(), fields: vec![field] });
    Ok(true)
}

#[allow(clippy::too_many_arguments)]
fn apply_entries(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    studio: i64,
    studio_name: &str,
    wanted: &[gymfile::Entry],
    present: Vec<Entry>,
    file_ids: &[i64],
    changes: &mut Vec<Change>,
) -> Result<(), DbError> {
    let mut present: HashMap<(Kind, String), Entry> =
        present.into_iter().map(|entry| ((entry.kind, entry.key.clone()), entry)).collect();
    let title = |kind: Kind, key: &str| format!("{studio_name} / {} {key}", kind.name().replace('_', " "));
    for draft in wanted {
        let file_id = draft.file.and_then(|place| file_ids.get(place).copied());
        let Some(old) = present.remove(&(draft.kind, draft.key.clone())) else {
            let entry = Entry {
                id: tx.next_id()?,
                kind: draft.kind,
                key: draft.key.clone(),
                parent_key: draft.parent_key.clone(),
                position: draft.position,
                file_id,
                definition: draft.stored.clone(),
                retired: false,
            };
            inventory::insert(tx, tenant, studio, &entry)?;
            changes.push(Change { kind: "added", entry: title(draft.kind, &draft.key), fields: Vec::new() });
            continue;
        };
        let mut fields = differences(&old.definition, &draft.stored);
        if old.file_id != file_id && fields.is_empty() {
            fields.push(content_changed("image"));
        }
        compare_field(&mut fields, "position", &old.position.to_string(), &draft.position.to_string());
        let (from, to) = (old.parent_key.as_deref().unwrap_or(""), draft.parent_key.as_deref().unwrap_or(""));
        compare_field(&mut fields, "parent", from, to);
        if fields.is_empty() && !old.retired {
            continue;
        }
        let kind = if old.retired { "restored" } else { "changed" };
        let entry = Entry {
            parent_key: draft.parent_key.clone(),
            position: draft.position,
            file_id,
            definition: draft.stored.clone(),
            retired: false,
            ..old
        };
        inventory::update(tx, tenant, &entry)?;
        changes.push(Change { kind, entry: title(draft.kind, &draft.key), fields });
    }
    let mut gone: Vec<Entry> = present.into_values().filter(|entry| !entry.retired).collect();
    gone.sort_by_key(|entry| entry.id);
    for entry in gone {
        changes.push(Change { kind: "retired", entry: title(entry.kind, &entry.key), fields: Vec::new() });
        inventory::update(tx, tenant, &Entry { retired: true, ..entry })?;
    }
    Ok(())
}

/// The leaves in which two definitions differ.
fn differences(from: &str, to: &str) -> Vec<FieldChange> {
    if from == to {
        return Vec::new();
    }
    let leaves = |text: &str| {
        let mut out = BTreeMap::new();
        collect_leaves(&serde_json::from_str(text).unwrap_or(Value::Null), String::new(), &mut out);
        out
    };
    let (from, to) = (leaves(from), leaves(to));
    let mut names: Vec<&String> = from.keys().chain(to.keys()).collect();
    names.sort_unstable();
    names.dedup();
    let mut out: Vec<FieldChange> = names
        .into_iter()
        .filter(|name| from.get(*name) != to.get(*name))
        .map(|name| FieldChange { field: name.clone(), from: from.get(name).cloned(), to: to.get(name).cloned() })
        .collect();
    if out.is_empty() {
        // The same values in another spelling: still to be stored, so that the next comparison is by text again.
        out.push(FieldChange {
            field: "definition".to_owned(),
            from: None,
            to: Some("the same in another form".to_owned()),
        });
    }
    out
}

fn collect_leaves(value: &Value, path: String, out: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                collect_leaves(field, path, out);
            }
        }
        Value::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                collect_leaves(item, format!("{path}[{i}]"), out);
            }
        }
        Value::String(text) => {
            out.insert(path, text.clone());
        }
        other => {
            out.insert(path, other.to_string());
        }
    }
}
