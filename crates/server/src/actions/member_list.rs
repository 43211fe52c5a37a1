//! Lists of members: bringing those of a studio to what its gym file says (LIST-1).

use gymkeeper_store::{
    customer::member_list::{self, MemberList},
    db::DbError,
};

use super::change::{Change, Deed};

/// A list as a gym file has it, its members found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted<'f> {
    /// Its key.
    pub key: &'f str,
    /// What it is called.
    pub name: &'f str,
    /// The customers on it, by id.
    pub members: Vec<i64>,
    /// The keys of the allowances that it gives.
    pub allowances: &'f [String],
}

/// What applying a list did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Applied {
    /// It was so already.
    Unchanged,
    /// It was made.
    Added,
    /// It changed.
    Changed {
        /// Whether it had been taken out of the file before.
        was_retired: bool,
        /// The name it had, where it has another now.
        name: Option<String>,
        /// How many members were on it, where others are on it now.
        members: Option<usize>,
        /// The allowances that it gave, where it gives others now.
        allowances: Option<Vec<String>>,
    },
}

/// Brings a list to what the file says. Its time of change moves only when something changes.
///
/// # Errors
/// The database's.
pub fn apply(
    change: &mut Change<'_, '_>,
    studio: i64,
    present: Option<&MemberList>,
    wanted: &Wanted<'_>,
) -> Result<Applied, DbError> {
    let (tenant, now) = (change.tenant, change.now);
    let allowances = serde_json::to_string(wanted.allowances).unwrap_or_default();
    let Some(present) = present else {
        let list = MemberList {
            id: change.tx.next_id()?,
            key: wanted.key.to_owned(),
            name: wanted.name.to_owned(),
            modified_at: now,
            retired: false,
            allowances,
        };
        member_list::insert(change.tx, tenant, studio, &list)?;
        member_list::replace_members(change.tx, tenant, list.id, &wanted.members)?;
        let deed = deed("member-list.added", studio, &list).field("name", (), wanted.name).personal_field("members");
        let given = (!wanted.allowances.is_empty()).then_some(wanted.allowances);
        change.record(deed.field("allowances", (), given));
        return Ok(Applied::Added);
    };
    let before = member_list::members(change.tx, tenant, present.id)?;
    let members = (before != wanted.members).then_some(before.len());
    let renamed = present.name != wanted.name;
    // LIST-1: what a list lets its members book is not told of it, so its time does not tell of that either.
    let told = members.is_some() || renamed || present.retired;
    let gave = (present.allowances != allowances).then(|| keys(&present.allowances)).transpose()?;
    if !told && gave.is_none() {
        return Ok(Applied::Unchanged);
    }
    let modified_at = if told { now } else { present.modified_at };
    let list = MemberList { name: wanted.name.to_owned(), modified_at, retired: false, allowances, ..present.clone() };
    member_list::update(change.tx, tenant, &list)?;
    let action = if present.retired { "member-list.restored" } else { "member-list.changed" };
    let mut deed = deed(action, studio, &list);
    if renamed {
        deed = deed.field("name", &present.name, &list.name);
    }
    if members.is_some() {
        member_list::replace_members(change.tx, tenant, list.id, &wanted.members)?;
        deed = deed.personal_field("members");
    }
    if let Some(gave) = &gave {
        deed = deed.field("allowances", gave, wanted.allowances);
    }
    change.record(deed);
    let name = renamed.then(|| present.name.clone());
    Ok(Applied::Changed { was_retired: present.retired, name, members, allowances: gave })
}

/// Retires a list that the file no longer has. Who was on it is forgotten. `false`: it was retired already.
///
/// # Errors
/// The database's.
pub fn retire(change: &mut Change<'_, '_>, studio: i64, present: &MemberList) -> Result<bool, DbError> {
    if present.retired {
        return Ok(false);
    }
    let list = MemberList { modified_at: change.now, retired: true, ..present.clone() };
    member_list::update(change.tx, change.tenant, &list)?;
    member_list::replace_members(change.tx, change.tenant, list.id, &[])?;
    change.record(deed("member-list.retired", studio, &list).personal_field("members"));
    Ok(true)
}

/// The keys of allowances that are stored with a list.
///
/// # Errors
/// When they cannot be read.
pub fn keys(allowances: &str) -> Result<Vec<String>, DbError> {
    serde_json::from_str(allowances)
        .map_err(|error| DbError::Unusable(format!("the allowances of a list of members cannot be read: {error}")))
}

fn deed(action: &'static str, studio: i64, list: &MemberList) -> Deed {
    Deed::new(action).studio(studio).subject("member-list", list.id)
}
