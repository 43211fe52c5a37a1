//! `GET /v1/employees`: who works in the key's studio.

use gymkeeper_contract::{common::Slice, employees::Employee};
use gymkeeper_store::{db::Tx, employee};

use super::employee_wire;
use crate::http::{
    answer::Answer,
    caller::Caller,
    failure::Failure,
    links::Links,
    paging::{InventorySlice, JsonSlice},
};

pub(super) fn get_employees(
    links: &Links,
    tx: &mut Tx<'_>,
    caller: &Caller,
    InventorySlice(request): &InventorySlice,
) -> Result<Answer<Slice<Employee<'static>>>, Failure> {
    let (tenant, studio) = (caller.tenant(), caller.studio());
    let mut slice = JsonSlice::new(*request);
    for row in employee::list_present(tx, tenant, studio, request.offset, request.fetch())? {
        let employee = row.employee()?;
        slice.push(row.id, &employee_wire::employee(links, tenant, &row, &employee, caller.system_now))?;
    }
    Ok(slice.finish_by_id())
}
