//! Employees: taking them on, changing them, archiving them and taking them back.
//!
//! The gym file and the back office do the same through here, so the record and the event of each deed have one place. What is
//! said about a person is personal data: the journal learns which fields changed, and not what they say.

use gymkeeper_contract::webhooks::Event;
use gymkeeper_domain::employee::Employee;
use gymkeeper_store::{
    booking::presence::{self, Absence},
    db::DbError,
    employee::{self, EmployeeRow, Place},
};
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::change::{Change, Deed};

/// Takes somebody on and answers the id.
///
/// # Errors
/// The database's.
pub fn create(change: &mut Change<'_, '_>, place: Place<'_>, wanted: &Employee) -> Result<i64, DbError> {
    let id = employee::insert(change.tx, change.tenant, place, wanted)?;
    let deed = deed("employee.created", place.studio, id).field("active", (), wanted.active);
    change.record(deed.event(Event::EmployeeCreated { employee_id: id }));
    Ok(id)
}

/// Changes what is said about somebody, and answers whether anything did.
///
/// # Errors
/// The database's; [`DbError::Conflict`] when somebody else has changed the employee since the row was read.
pub fn update(change: &mut Change<'_, '_>, present: &EmployeeRow, wanted: &Employee) -> Result<bool, DbError> {
    let before = present.employee()?;
    if before == *wanted {
        return Ok(false);
    }
    changed(employee::update(change.tx, change.tenant, present.id, present.version, wanted)?)?;
    let mut deed = deed("employee.updated", present.studio_id, present.id);
    for name in differing(&before, wanted) {
        deed = deed.personal_field(&name);
    }
    if before.active != wanted.active {
        deed = deed.field("active", before.active, wanted.active);
    }
    change.record(deed.event(Event::EmployeeUpdated { employee_id: present.id }));
    Ok(true)
}

/// Sets or takes away the picture, and answers whether it is another one than before.
///
/// # Errors
/// As [`update`].
pub fn set_image(change: &mut Change<'_, '_>, present: &EmployeeRow, image: Option<i64>) -> Result<bool, DbError> {
    if present.image_file_id == image {
        return Ok(false);
    }
    changed(employee::set_image(change.tx, change.tenant, present.id, present.version, image)?)?;
    let deed = deed("employee.image-changed", present.studio_id, present.id).personal_field("image");
    change.record(deed.event(Event::EmployeeUpdated { employee_id: present.id }));
    Ok(true)
}

/// Archives somebody, and answers whether they were there (WH-10: this is what programs are told as a deletion).
///
/// # Errors
/// As [`update`].
pub fn archive(change: &mut Change<'_, '_>, present: &EmployeeRow) -> Result<bool, DbError> {
    if present.archived_at.is_some() {
        return Ok(false);
    }
    let now = change.now;
    changed(employee::set_archived(change.tx, change.tenant, present.id, present.version, Some(now))?)?;
    let deed = deed("employee.archived", present.studio_id, present.id);
    change.record(deed.event(Event::EmployeeDeleted { employee_id: present.id }));
    Ok(true)
}

/// Takes somebody back from the archive, and answers whether they were in it. Programs took the employee out when they were
/// archived, so they are told of a new one, with the old id.
///
/// # Errors
/// As [`update`].
pub fn restore(change: &mut Change<'_, '_>, present: &EmployeeRow) -> Result<bool, DbError> {
    if present.archived_at.is_none() {
        return Ok(false);
    }
    changed(employee::set_archived(change.tx, change.tenant, present.id, present.version, None)?)?;
    let deed = deed("employee.restored", present.studio_id, present.id);
    change.record(deed.event(Event::EmployeeCreated { employee_id: present.id }));
    Ok(true)
}

/// Notes that somebody is away. What was booked with them before stays booked.
///
/// # Errors
/// The database's.
pub fn add_absence(
    change: &mut Change<'_, '_>,
    present: &EmployeeRow,
    (starts_at, ends_at): (Timestamp, Timestamp),
    of_file: bool,
) -> Result<Absence, DbError> {
    let absence = Absence { id: change.tx.next_id()?, employee_id: present.id, starts_at, ends_at, of_file };
    presence::insert(change.tx, change.tenant, &absence)?;
    let deed = deed("employee.absence-added", present.studio_id, present.id).field("absenceId", (), absence.id);
    change.record(deed.personal_field("startDateTime").personal_field("endDateTime"));
    Ok(absence)
}

/// Brings what the gym file says about when somebody is away to these times, and answers how many it were before, where anything
/// changed. What the back office noted stays.
///
/// # Errors
/// The database's.
pub fn set_absences_of_file(
    change: &mut Change<'_, '_>,
    present: &EmployeeRow,
    wanted: &[(Timestamp, Timestamp)],
) -> Result<Option<usize>, DbError> {
    let stored = presence::of_file(change.tx, change.tenant, present.id)?;
    let times: Vec<(Timestamp, Timestamp)> =
        stored.iter().map(|absence| (absence.starts_at, absence.ends_at)).collect();
    let mut changed = false;
    for (absence, _) in stored.iter().zip(&times).filter(|(_, time)| !wanted.contains(time)) {
        changed |= remove_absence(change, present, absence.id)?;
    }
    for time in wanted.iter().filter(|time| !times.contains(time)) {
        add_absence(change, present, *time, true)?;
        changed = true;
    }
    Ok(changed.then_some(times.len()))
}

/// Takes an absence back, and answers whether there was such a one.
///
/// # Errors
/// The database's.
pub fn remove_absence(change: &mut Change<'_, '_>, present: &EmployeeRow, id: i64) -> Result<bool, DbError> {
    let removed = presence::remove(change.tx, change.tenant, present.id, id)?;
    if removed.is_some() {
        change.record(deed("employee.absence-removed", present.studio_id, present.id).field("absenceId", id, ()));
    }
    Ok(removed.is_some())
}

fn deed(action: &'static str, studio: i64, id: i64) -> Deed {
    Deed::new(action).studio(studio).subject("employee", id)
}

fn changed(was_there: bool) -> Result<(), DbError> {
    if was_there { Ok(()) } else { Err(DbError::Conflict) }
}

/// The names of the fields of a person in which two employees differ.
fn differing(before: &Employee, after: &Employee) -> Vec<String> {
    let fields = |employee: &Employee| match serde_json::to_value(employee) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    };
    let (before, after) = (fields(before), fields(after));
    let mut names: Vec<&String> = before.keys().chain(after.keys()).collect();
    names.sort_unstable();
    names.dedup();
    names.retain(|name| *name != "active" && before.get(*name) != after.get(*name));
    names.into_iter().cloned().collect()
}
