//! When employees are away, and how whoever books keeps others from booking the same.

use jiff::Timestamp;

use crate::{
    db::{DbError, Ids, Tx},
    tenant::TenantId,
};

crate::record! {
    /// A time at which an employee is away.
    pub struct Absence {
        /// The id.
        pub id: i64,
        /// Who is away.
        pub employee_id: i64,
        /// From when on.
        pub starts_at: Timestamp,
        /// Until when.
        pub ends_at: Timestamp,
        /// Whether the gym file says so; otherwise the back office does.
        pub of_file: bool,
    }
}

crate::statements! {
    AWAY = "select id, employee_id, starts_at, ends_at, of_file from employee_absence
        where tenant_id = $1 and employee_id in (select value from rarray($2)) and ends_at > $3 and starts_at < $4
        order by employee_id, starts_at";
    OF_EMPLOYEE = "select id, employee_id, starts_at, ends_at, of_file from employee_absence
        where tenant_id = $1 and employee_id = $2 and id > $3 order by id limit $4";
    OF_FILE = "select id, employee_id, starts_at, ends_at, of_file from employee_absence
        where tenant_id = $1 and employee_id = $2 and of_file order by id";
    INSERT = "insert into employee_absence (tenant_id, id, employee_id, starts_at, ends_at, of_file)
        values ($1, $2, $3, $4, $5, $6)";
    REMOVE = "delete from employee_absence where tenant_id = $1 and employee_id = $2 and id = $3
        returning id, employee_id, starts_at, ends_at, of_file";
    HOLD_EMPLOYEE = "update employee set active = active where tenant_id = $1 and id = $2";
    HOLD_THING = "update inventory set retired = retired where tenant_id = $1 and id = $2";
}

/// The absences that overlap a time, of any of these employees.
pub fn away(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    employees: &[i64],
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<Absence>, DbError> {
    tx.query(&AWAY, &[&tenant, &Ids(employees), &from, &to])
}

/// At most so many absences of an employee with ids above `after`, ascending.
pub fn of_employee(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    employee: i64,
    after: i64,
    limit: i64,
) -> Result<Vec<Absence>, DbError> {
    tx.query(&OF_EMPLOYEE, &[&tenant, &employee, &after, &limit])
}

/// The absences of an employee that the gym file knows of, ascending.
pub fn of_file(tx: &mut Tx<'_>, tenant: TenantId, employee: i64) -> Result<Vec<Absence>, DbError> {
    tx.query(&OF_FILE, &[&tenant, &employee])
}

/// Notes that an employee is away; the id must be fresh.
pub fn insert(tx: &mut Tx<'_>, tenant: TenantId, absence: &Absence) -> Result<(), DbError> {
    let a = absence;
    tx.execute(&INSERT, &[&tenant, &a.id, &a.employee_id, &a.starts_at, &a.ends_at, &a.of_file]).map(drop)
}

/// Forgets an absence of an employee, and answers it. Nothing: there is no such one.
pub fn remove(tx: &mut Tx<'_>, tenant: TenantId, employee: i64, id: i64) -> Result<Option<Absence>, DbError> {
    tx.query_one(&REMOVE, &[&tenant, &employee, &id])
}

/// Makes other transactions that hold the same employee, room or resource wait until this one has ended. Who holds several goes by
/// ascending ids, so that no two wait for each other.
pub fn hold(tx: &mut Tx<'_>, tenant: TenantId, subject: i64) -> Result<(), DbError> {
    // Ids are given once for all tables: a subject is one or the other.
    if tx.execute(&HOLD_EMPLOYEE, &[&tenant, &subject])? == 0 {
        tx.execute(&HOLD_THING, &[&tenant, &subject])?;
    }
    Ok(())
}
