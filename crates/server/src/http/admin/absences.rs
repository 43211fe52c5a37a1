//! The resource Absences: when employees are away.

use gymkeeper_contract::{
    admin::absences::{self as wire, AbsenceRecord, NewAbsence},
    common::{Slice, ZonedDateTime},
    errors::ErrorCode,
};
use gymkeeper_store::{
    booking::presence::{self, Absence},
    db::Tx,
};
use jiff::tz::TimeZone;

use super::{
    employees::find,
    frame::{Mounted, Reading, personal_read, write},
    member::Member,
};
use crate::{
    actions::{booking::appointment::EARLIEST, change::Change, customer, employee as employees},
    http::{
        answer::{Answer, Nothing},
        failure::{Failure, Refusal},
        input::{Json, PathId, invalid},
        paging::{InventorySlice, JsonSlice},
    },
};

/// The operations of the resource.
pub(super) fn operations() -> Vec<Mounted> {
    let reading = Reading {
        action: "employee.absences-read",
        subject: ("employee", |(PathId(id), _): &(PathId, InventorySlice)| *id),
    };
    vec![
        personal_read(&wire::LIST_ABSENCES, reading, list_absences),
        write(&wire::ADD_ABSENCE, add_absence),
        write(&wire::REMOVE_ABSENCE, remove_absence),
    ]
}

fn list_absences(
    tx: &mut Tx<'_>,
    member: &Member,
    (PathId(id), InventorySlice(request)): &(PathId, InventorySlice),
) -> Result<Answer<Slice<AbsenceRecord>>, Failure> {
    let employee = find(tx, member, *id)?;
    let zone = customer::studio(tx, member.tenant(), member.studio()?.id)?.zone;
    let mut slice = JsonSlice::new(*request);
    for absence in presence::of_employee(tx, member.tenant(), employee.id, request.offset, request.fetch())? {
        slice.push(absence.id, &record(&absence, &zone))?;
    }
    Ok(slice.finish_by_id())
}

fn add_absence(
    change: &mut Change<'_, '_>,
    member: &Member,
    (PathId(id), Json(wanted)): &(PathId, Json<NewAbsence>),
) -> Result<Answer<AbsenceRecord>, Failure> {
    let employee = find(change.tx, member, *id)?;
    let (starts_at, ends_at) = (wanted.start_date_time.0, wanted.end_date_time.0);
    if starts_at < EARLIEST {
        return Err(invalid("startDateTime"));
    }
    if ends_at <= starts_at {
        return Err(Refusal::new(ErrorCode::ValidationDateRangeInvalid).at("endDateTime").into());
    }
    let absence = employees::add_absence(change, &employee, (starts_at, ends_at), false)?;
    let zone = customer::studio(change.tx, change.tenant, employee.studio_id)?.zone;
    Answer::json(&record(&absence, &zone))
}

fn remove_absence(
    change: &mut Change<'_, '_>,
    member: &Member,
    (PathId(id), PathId(absence)): &(PathId, PathId<1>),
) -> Result<Answer<Nothing>, Failure> {
    let employee = find(change.tx, member, *id)?;
    if !employees::remove_absence(change, &employee, *absence)? {
        return Err(ErrorCode::EmployeeAbsenceNotFound.into());
    }
    Ok(Answer::empty())
}

fn record(absence: &Absence, zone: &TimeZone) -> AbsenceRecord {
    AbsenceRecord {
        id: absence.id,
        start_date_time: ZonedDateTime::new(absence.starts_at, zone),
        end_date_time: ZonedDateTime::new(absence.ends_at, zone),
        of_gym_file: absence.of_file,
    }
}
