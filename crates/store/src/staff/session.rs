//! Sessions of staff.
//!
//! A session's token is random and shown once; what is stored is its SHA-256 hash, as with API keys. Every transaction of a
//! request reads the session anew, so one that was ended a moment ago is refused at once, on every server process.

use jiff::Timestamp;

use crate::{
    db::{DbError, Tx},
    tenant::TenantId,
};

crate::record! {
    /// What a session stands for.
    pub struct SessionHolder {
        /// The tenant.
        pub tenant_id: i64,
        /// The tenant's key, compared with the host name.
        pub tenant_key: String,
        /// The session itself.
        pub id: i64,
        /// The account.
        pub staff_id: i64,
        /// When it was last used, to a few minutes.
        pub last_used_at: Timestamp,
        /// When it ends in any case.
        pub expires_at: Timestamp,
        /// Since when it is ended.
        pub revoked_at: Option<Timestamp>,
        /// Since when the account is closed.
        pub disabled_at: Option<Timestamp>,
        /// Whether the tenant is a sandbox.
        pub sandbox: bool,
        /// The clock of a sandbox tenant, where it was set.
        pub test_clock: Option<Timestamp>,
        /// The tenant's epoch; see `journal::Head`.
        pub epoch: i64,
    }
}

crate::record! {
    /// A session in a listing.
    pub struct Session {
        /// Its id.
        pub id: i64,
        /// When it began.
        pub created_at: Timestamp,
        /// When it was last used, to a few minutes.
        pub last_used_at: Timestamp,
        /// When it ends in any case.
        pub expires_at: Timestamp,
    }
}

crate::statements! {
    // The token is what tells the tenant.
    HOLDER = "select s.tenant_id, t.key as tenant_key, s.id, s.staff_id, s.last_used_at, s.expires_at, s.revoked_at,
            a.disabled_at, t.sandbox, t.test_clock, h.epoch
        from staff_session s
        join staff a on a.tenant_id = s.tenant_id and a.id = s.staff_id
        join tenant t on t.tenant_id = s.tenant_id
        join journal_head h on h.tenant_id = s.tenant_id
        where s.hash = $1";
    INSERT = "insert into staff_session (tenant_id, id, staff_id, hash, created_at, last_used_at, expires_at)
        values ($1, $2, $3, $4, $5, $5, $6)";
    LIST = "select id, created_at, last_used_at, expires_at from staff_session
        where tenant_id = $1 and staff_id = $2 and revoked_at is null and expires_at > $3 and last_used_at > $4 order by id";
    TOUCH = "update staff_session set last_used_at = $3 where tenant_id = $1 and id = $2 and last_used_at < $3";
    REVOKE = "update staff_session set revoked_at = $4 where tenant_id = $1 and staff_id = $2 and id = $3 and revoked_at is null";
    REVOKE_OTHERS = "update staff_session set revoked_at = $4
        where tenant_id = $1 and staff_id = $2 and id <> $3 and revoked_at is null";
    FORGET = "delete from staff_session where tenant_id = $1 and (expires_at <= $2 or revoked_at <= $2)";
}

/// What the session with that hash stands for, ended ones too.
pub fn holder(tx: &mut Tx<'_>, hash: &[u8]) -> Result<Option<SessionHolder>, DbError> {
    tx.query_one(&HOLDER, &[&hash])
}

/// Begins a session.
pub fn insert(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    staff: i64,
    hash: &[u8],
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<i64, DbError> {
    let id = tx.next_id()?;
    tx.execute(&INSERT, &[&tenant, &id, &staff, &hash, &now, &expires_at])?;
    Ok(id)
}

/// The sessions of an account that were used after `idle_since` and have not ended at `now`, by id.
pub fn list(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    staff: i64,
    now: Timestamp,
    idle_since: Timestamp,
) -> Result<Vec<Session>, DbError> {
    tx.query(&LIST, &[&tenant, &staff, &now, &idle_since])
}

/// Notes that a session was used.
pub fn touch(tx: &mut Tx<'_>, tenant: TenantId, id: i64, at: Timestamp) -> Result<(), DbError> {
    tx.execute(&TOUCH, &[&tenant, &id, &at]).map(drop)
}

/// Ends a session of an account. `false`: it has no such open one.
pub fn revoke(tx: &mut Tx<'_>, tenant: TenantId, staff: i64, id: i64, at: Timestamp) -> Result<bool, DbError> {
    Ok(tx.execute(&REVOKE, &[&tenant, &staff, &id, &at])? == 1)
}

/// Ends all sessions of an account but the one named, and answers how many; 0 names none.
pub fn revoke_others(tx: &mut Tx<'_>, tenant: TenantId, staff: i64, kept: i64, at: Timestamp) -> Result<u64, DbError> {
    tx.execute(&REVOKE_OTHERS, &[&tenant, &staff, &kept, &at])
}

/// Removes sessions that ended before a moment.
pub fn forget(tx: &mut Tx<'_>, tenant: TenantId, before: Timestamp) -> Result<u64, DbError> {
    tx.execute(&FORGET, &[&tenant, &before])
}
