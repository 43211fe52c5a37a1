//! Jobs: work that is due at a moment of the tenant's time, such as the turn of a studio's day.
//!
//! A job is claimed by one process for a limited time. Its work and its removal, or its next due moment, are one transaction:
//! a process that dies half-way leaves it as it was, and the next one does it.

use jiff::Timestamp;

use crate::{
    db::{DbError, Tx},
    tenant::TenantId,
};

crate::record! {
    /// A job that is due.
    pub struct Due {
        /// Its tenant.
        pub tenant_id: i64,
        /// Its id.
        pub id: i64,
    }
}

crate::record! {
    /// A job as listings show it.
    pub struct Job {
        /// Its id.
        pub id: i64,
        /// What kind of work.
        pub kind: String,
        /// What it is about; there is one job of a kind and key.
        pub key: String,
        /// When it is due, in the tenant's time.
        pub due_at: Timestamp,
        /// `READY`, or `PARKED` after too many failures.
        pub state: String,
        /// How often it was begun since it last succeeded.
        pub attempts: i64,
        /// The process that works on it.
        pub claimed_by: Option<String>,
        /// Until when the claim holds, in the system's time.
        pub claimed_until: Option<Timestamp>,
        /// Why it failed last.
        pub last_error: Option<String>,
    }
}

crate::record! {
    /// A job that this process may work on.
    pub struct Claimed {
        /// What kind of work.
        pub kind: String,
        /// What it is about.
        pub key: String,
        /// When it was due.
        pub due_at: Timestamp,
        /// How often it was begun, this time included.
        pub attempts: i64,
    }
}

/// A claim on a job by a process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The tenant.
    pub tenant: TenantId,
    /// The job.
    pub id: i64,
    /// The process.
    pub owner: String,
}

crate::statements! {
    ADD = "insert into job (tenant_id, id, kind, key, due_at, payload, state, attempts)
        values ($1, $2, $3, $4, $5, '{}', 'READY', 0) on conflict (tenant_id, kind, key) do nothing";
    REMOVE = "delete from job where tenant_id = $1 and kind = $2 and key = $3";
    // Over all tenants: the runner serves them all. The copies that snapshots are made of stay at rest.
    DUE = "select j.tenant_id, j.id from job j join tenant t on t.tenant_id = j.tenant_id and t.snapshot_of is null
        where j.state = 'READY' and j.due_at <= coalesce(t.test_clock, $1)
            and (j.claimed_until is null or j.claimed_until <= $1)
        order by j.due_at, j.id limit $2";
    DUE_OF = "select tenant_id, id from job where tenant_id = $1 and state = 'READY' and due_at <= $2
        order by due_at, id limit $3";
    CLAIM = "update job set claimed_by = $3, claimed_until = $4, attempts = attempts + 1
        where tenant_id = $1 and id = $2 and state = 'READY' and due_at <= $5
            and (claimed_until is null or claimed_until <= $6)
        returning kind, key, due_at, attempts";
    DONE = "update job set due_at = $4, attempts = 0, claimed_by = null, claimed_until = null, last_error = null
        where tenant_id = $1 and id = $2 and claimed_by = $3";
    FINISHED = "delete from job where tenant_id = $1 and id = $2 and claimed_by = $3";
    FAILED = "update job set due_at = $4, state = $5, last_error = $6, claimed_by = null, claimed_until = null
        where tenant_id = $1 and id = $2 and claimed_by = $3";
    RETRY = "update job set state = 'READY', attempts = 0, due_at = $3, claimed_by = null, claimed_until = null
        where tenant_id = $1 and id = $2 and state = 'PARKED'";
    NEXT_DUE = "select min(due_at) from job where tenant_id = $1 and state = 'READY'";
    LIST = "select id, kind, key, due_at, state, attempts, claimed_by, claimed_until, last_error from job
        where tenant_id = $1 order by due_at, id";
    PARKED = "select count(*) from job j join tenant t on t.tenant_id = j.tenant_id and t.snapshot_of is null
        where j.state = 'PARKED'";
}

/// Adds a job, unless there is one of that kind and key.
pub fn add(tx: &mut Tx<'_>, tenant: TenantId, kind: &str, key: &str, due_at: Timestamp) -> Result<(), DbError> {
    let id = tx.next_id()?;
    tx.execute(&ADD, &[&tenant, &id, &kind, &key, &due_at]).map(drop)
}

/// Removes the job of that kind and key.
pub fn remove(tx: &mut Tx<'_>, tenant: TenantId, kind: &str, key: &str) -> Result<(), DbError> {
    tx.execute(&REMOVE, &[&tenant, &kind, &key]).map(drop)
}

/// At most so many jobs of all tenants that are due and that nobody works on, in order.
pub fn due(tx: &mut Tx<'_>, system_now: Timestamp, limit: i64) -> Result<Vec<Due>, DbError> {
    tx.query(&DUE, &[&system_now, &limit])
}

/// At most so many jobs of a tenant that are due, also those that somebody works on, in order.
pub fn due_of(tx: &mut Tx<'_>, tenant: TenantId, now: Timestamp, limit: i64) -> Result<Vec<Due>, DbError> {
    tx.query(&DUE_OF, &[&tenant, &now, &limit])
}

/// Takes a job that is due at `now` for this process, until `until`. `None`: another process has it, or it is done.
pub fn claim(
    tx: &mut Tx<'_>,
    claim: &Claim,
    now: Timestamp,
    system_now: Timestamp,
    until: Timestamp,
) -> Result<Option<Claimed>, DbError> {
    tx.query_one(&CLAIM, &[&claim.tenant, &claim.id, &claim.owner, &until, &now, &system_now])
}

/// Puts a job that was done to its next due moment. `false`: the claim was lost, so the work must not be kept.
pub fn done(tx: &mut Tx<'_>, claim: &Claim, next: Timestamp) -> Result<bool, DbError> {
    Ok(tx.execute(&DONE, &[&claim.tenant, &claim.id, &claim.owner, &next])? == 1)
}

/// Removes a job that was done once and for all. `false`: the claim was lost, so the work must not be kept.
pub fn finished(tx: &mut Tx<'_>, claim: &Claim) -> Result<bool, DbError> {
    Ok(tx.execute(&FINISHED, &[&claim.tenant, &claim.id, &claim.owner])? == 1)
}

/// Gives a job back that failed: to be tried again at a moment, or parked.
pub fn failed(tx: &mut Tx<'_>, claim: &Claim, again: Timestamp, parked: bool, error: &str) -> Result<(), DbError> {
    let state = if parked { "PARKED" } else { "READY" };
    tx.execute(&FAILED, &[&claim.tenant, &claim.id, &claim.owner, &again, &state, &error]).map(drop)
}

/// Makes a parked job ready again. `false`: there is none of that id.
pub fn retry(tx: &mut Tx<'_>, tenant: TenantId, id: i64, now: Timestamp) -> Result<bool, DbError> {
    Ok(tx.execute(&RETRY, &[&tenant, &id, &now])? == 1)
}

/// When the next job of a tenant is due, in its time.
pub fn next_due(tx: &mut Tx<'_>, tenant: TenantId) -> Result<Option<Timestamp>, DbError> {
    Ok(tx.query_one::<(Option<Timestamp>,)>(&NEXT_DUE, &[&tenant])?.and_then(|(at,)| at))
}

/// All jobs of a tenant, by their due moments.
pub fn list(tx: &mut Tx<'_>, tenant: TenantId) -> Result<Vec<Job>, DbError> {
    tx.query(&LIST, &[&tenant])
}

/// How many jobs of all tenants are parked.
pub fn parked(tx: &mut Tx<'_>) -> Result<i64, DbError> {
    Ok(tx.query_one::<(i64,)>(&PARKED, &[])?.map_or(0, |(count,)| count))
}
