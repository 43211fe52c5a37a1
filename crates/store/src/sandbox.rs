//! States of sandboxes: copies of a tenant's rows under another tenant.
//!
//! A snapshot is a copy under a hidden tenant, a fork one under a tenant of its own; ids stay the same in both. Which tables
//! take part follows from the database's catalogue and from [`KEPT`], so a new table takes part from its first day.
//! Callers hold the tenant alone ([`Tx::hold_alone`]), so that nobody writes while its rows are copied.

use jiff::Timestamp;

use crate::{
    db::{DbError, TenantTable, Tx},
    idempotency, journal,
    tenant::{self, Tenant, TenantId},
};

/// Tables that are no part of a tenant's state: what it is, who may call it, what was told to whom, and what happened.
/// They are not copied, and a sandbox that is put back keeps them.
pub const KEPT: &[&str] = &[
    "tenant",
    "api_key",
    "calendar_feed",
    "integration",
    "integration_studio",
    "webhook_target",
    "delivery",
    "journal",
    "journal_head",
    "idempotency",
    "snapshot",
    "staff",
    "staff_role",
    "staff_session",
    "staff_attempt",
];

/// Tables that a fork begins with although they are no part of the state.
const FORKED_TOO: &[&str] = &["integration", "integration_studio"];

crate::record! {
    /// A named state of a tenant.
    pub struct Snapshot {
        /// Its name.
        pub name: String,
        /// The hidden tenant that holds the rows.
        pub copy_id: i64,
        /// When it was taken, by the system's clock.
        pub taken_at: Timestamp,
        /// Where the tenant's test clock stood, if it had one.
        pub test_clock: Option<Timestamp>,
    }
}

crate::statements! {
    INSERT_COPY = "insert into tenant (tenant_id, key, name, sandbox, test_clock, created_at, snapshot_of)
        values ($1, $2, $3, $4, $5, $6, $7)";
    INSERT = "insert into snapshot (tenant_id, name, copy_id, taken_at) values ($1, $2, $3, $4)";
    FIND = "select s.name, s.copy_id, s.taken_at, t.test_clock
        from snapshot s join tenant t on t.tenant_id = s.copy_id where s.tenant_id = $1 and s.name = $2";
    LIST = "select s.name, s.copy_id, s.taken_at, t.test_clock
        from snapshot s join tenant t on t.tenant_id = s.copy_id where s.tenant_id = $1 order by s.name";
    DELETE = "delete from snapshot where tenant_id = $1 and name = $2";
    NEWEST_VERSION = "select max(version) from studio where tenant_id = $1 or tenant_id = $2";
    SET_VERSIONS = "update studio set version = $2 where tenant_id = $1";
    FORGET_DELIVERIES = "delete from delivery where tenant_id = $1";
    FORGET_SECRETS = "update integration_studio set webhook_key = null, signing_secret = null where tenant_id = $1";
    // The journal of a fork begins anew, and an integration that was ready for the source's events is ready for all of them.
    ACTIVE_FROM_THE_START = "update activation set position = 0 where tenant_id = $1";
}

/// The tables that make up a tenant's state.
fn state_tables(tx: &mut Tx<'_>) -> Result<Vec<TenantTable>, DbError> {
    let mut tables = tx.tenant_tables()?;
    tables.retain(|table| !KEPT.contains(&table.name()));
    Ok(tables)
}

/// The snapshot of that name.
pub fn find(tx: &mut Tx<'_>, tenant: TenantId, name: &str) -> Result<Option<Snapshot>, DbError> {
    tx.query_one(&FIND, &[&tenant, &name])
}

/// All snapshots of a tenant, by name.
pub fn list(tx: &mut Tx<'_>, tenant: TenantId) -> Result<Vec<Snapshot>, DbError> {
    tx.query(&LIST, &[&tenant])
}

/// Copies the tenant's state under a name that it has no snapshot of yet.
pub fn take(tx: &mut Tx<'_>, tenant: &Tenant, name: &str, now: Timestamp) -> Result<(), DbError> {
    let copy = TenantId(tx.next_id()?);
    // No gym file can have such a key.
    let key = format!("~{}~{name}", tenant.key);
    let (id, clock) = (tenant.id(), tenant.test_clock);
    tx.execute(&INSERT_COPY, &[&copy, &key, &tenant.name, &true, &clock, &now, &id])?;
    for table in state_tables(tx)? {
        tx.copy_rows(&table, id.0, copy.0)?;
    }
    tx.execute(&INSERT, &[&id, &name, &copy, &now]).map(drop)
}

/// Removes a snapshot.
pub fn remove(tx: &mut Tx<'_>, tenant: TenantId, snapshot: &Snapshot) -> Result<(), DbError> {
    tx.execute(&DELETE, &[&tenant, &snapshot.name])?;
    delete_all(tx, TenantId(snapshot.copy_id))
}

/// Puts a tenant back to a snapshot. What is remembered about it anywhere becomes stale, and changes that began before fail.
pub fn put_back(tx: &mut Tx<'_>, tenant: TenantId, snapshot: &Snapshot) -> Result<(), DbError> {
    let copy = TenantId(snapshot.copy_id);
    let newest = tx.query_one::<(Option<i64>,)>(&NEWEST_VERSION, &[&tenant, &copy])?.and_then(|(version,)| version);
    let tables = state_tables(tx)?;
    for table in tables.iter().rev() {
        tx.delete_rows(table, tenant.0)?;
    }
    for table in &tables {
        tx.copy_rows(table, copy.0, tenant.0)?;
    }
    tx.execute(&SET_VERSIONS, &[&tenant, &(newest.unwrap_or(0) + 1)])?;
    idempotency::forget_all(tx, tenant)?;
    tx.execute(&FORGET_DELIVERIES, &[&tenant])?;
    tenant::set_clock(tx, tenant, snapshot.test_clock)?;
    journal::next_epoch(tx, tenant)
}

/// Makes a tenant of that key with the state and the integrations of another one. It has no keys, no token and no snapshots.
pub fn fork(tx: &mut Tx<'_>, source: &Tenant, key: &str, now: Timestamp) -> Result<TenantId, DbError> {
    let fork = tenant::insert(tx, key, &source.name, true, now)?;
    tenant::set_forked_from(tx, fork, source.id())?;
    tenant::set_clock(tx, fork, source.test_clock)?;
    for table in tx.tenant_tables()? {
        if !KEPT.contains(&table.name()) || FORKED_TOO.contains(&table.name()) {
            tx.copy_rows(&table, source.tenant_id, fork.0)?;
        }
    }
    tx.execute(&FORGET_SECRETS, &[&fork])?;
    tx.execute(&ACTIVE_FROM_THE_START, &[&fork])?;
    Ok(fork)
}

/// Removes a tenant with everything it has, its snapshots included.
pub fn remove_tenant(tx: &mut Tx<'_>, tenant: TenantId) -> Result<(), DbError> {
    for snapshot in list(tx, tenant)? {
        delete_all(tx, TenantId(snapshot.copy_id))?;
    }
    delete_all(tx, tenant)
}

fn delete_all(tx: &mut Tx<'_>, tenant: TenantId) -> Result<(), DbError> {
    for table in tx.tenant_tables()?.iter().rev() {
        tx.delete_rows(table, tenant.0)?;
    }
    Ok(())
}
