//! `GET /v1/employees/{id}`: one of the people who work in the key's studio.

use gymkeeper_contract::{employees::Employee, errors::ErrorCode};
use gymkeeper_store::{db::Tx, employee};

use super::employee_wire;
use crate::http::{answer::Answer, caller::Caller, failure::Failure, input::PathId, links::Links};

pub(super) fn get_employee(
    links: &Links,
    tx: &mut Tx<'_>,
    caller: &Caller,
    PathId(id): &PathId,
) -> Result<Answer<Employee<'static>>, Failure> {
    let tenant = caller.tenant();
    let found = employee::find(tx, tenant, *id)?;
    // EMP-2: somebody who is not there now is nobody, whichever studio they belong to.
    let present = found.filter(|row| row.active && row.archived_at.is_none());
    let row = present.ok_or(ErrorCode::EmployeeNotFound)?;
    if row.studio_id != caller.studio() {
        return Err(ErrorCode::AuthorizationOtherStudio.into());
    }
    let employee = row.employee()?;
    Answer::json(&employee_wire::employee(links, tenant, &row, &employee, caller.system_now))
}
