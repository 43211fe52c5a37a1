//! Tenants: every other table hangs off one.

use jiff::Timestamp;

use crate::{
    db::{DbError, Param, ToParam, Tx},
    journal,
};

/// The id of a tenant. Every statement on a tenant's data takes it as its first parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TenantId(pub i64);

impl ToParam for TenantId {
    fn to_param(&self) -> Param<'_> {
        Param::Int(self.0)
    }
}

crate::record! {
    /// A tenant: an operator with its studios.
    pub struct Tenant {
        /// Its id.
        pub tenant_id: i64,
        /// Its name in the host name and in the gym file.
        pub key: String,
        /// What people call it.
        pub name: String,
        /// Whether it is a sandbox, in which the clock may be moved.
        pub sandbox: bool,
        /// The instant at which the clock of a sandbox stands, if it was set.
        pub test_clock: Option<Timestamp>,
        /// The tenant that it was forked from.
        pub forked_from: Option<i64>,
        /// Its epoch when this was read; see `journal::Head`.
        pub epoch: i64,
    }
}

impl Tenant {
    /// The id as statements want it.
    pub fn id(&self) -> TenantId {
        TenantId(self.tenant_id)
    }
}

crate::statements! {
    FIND_BY_KEY = "select t.tenant_id, t.key, t.name, t.sandbox, t.test_clock, t.forked_from, h.epoch
        from tenant t join journal_head h on h.tenant_id = t.tenant_id where t.key = $1 and t.snapshot_of is null";
    BY_ID = "select t.tenant_id, t.key, t.name, t.sandbox, t.test_clock, t.forked_from, h.epoch
        from tenant t join journal_head h on h.tenant_id = t.tenant_id where t.tenant_id = $1 and t.snapshot_of is null";
    // The token is what tells the tenant.
    BY_TOKEN = "select t.tenant_id, t.key, t.name, t.sandbox, t.test_clock, t.forked_from, h.epoch
        from tenant t join journal_head h on h.tenant_id = t.tenant_id where t.sandbox_hash = $1 and t.snapshot_of is null";
    LIST = "select t.tenant_id, t.key, t.name, t.sandbox, t.test_clock, t.forked_from, h.epoch
        from tenant t join journal_head h on h.tenant_id = t.tenant_id where t.snapshot_of is null order by t.tenant_id";
    INSERT = "insert into tenant (tenant_id, key, name, sandbox, test_clock, created_at) values ($1, $2, $3, $4, $5, $6)";
    UPDATE = "update tenant set name = $2, sandbox = $3, test_clock = case when $3 then test_clock end
        where tenant_id = $1";
    SET_CLOCK = "update tenant set test_clock = $2 where tenant_id = $1 and sandbox";
    MOVE_CLOCK = "update tenant set test_clock = $3
        where tenant_id = $1 and sandbox and test_clock is not distinct from $2";
    SET_TOKEN = "update tenant set sandbox_hash = $2 where tenant_id = $1 and sandbox";
    FORKED = "update tenant set forked_from = $2 where tenant_id = $1";
    TAKEN = "select tenant_id from tenant where tenant_id = $1";
}

/// The tenant of that key.
pub fn find(tx: &mut Tx<'_>, key: &str) -> Result<Option<Tenant>, DbError> {
    tx.query_one(&FIND_BY_KEY, &[&key])
}

/// The tenant of that id.
pub fn by_id(tx: &mut Tx<'_>, tenant: TenantId) -> Result<Option<Tenant>, DbError> {
    tx.query_one(&BY_ID, &[&tenant])
}

/// Whether a tenant has that id, also one that is the copy of another.
pub fn is_taken(tx: &mut Tx<'_>, tenant: TenantId) -> Result<bool, DbError> {
    Ok(tx.query_one::<(i64,)>(&TAKEN, &[&tenant])?.is_some())
}

/// The tenant whose sandbox token has that hash.
pub fn by_token(tx: &mut Tx<'_>, hash: &[u8]) -> Result<Option<Tenant>, DbError> {
    tx.query_one(&BY_TOKEN, &[&hash])
}

/// All tenants, by id.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<Tenant>, DbError> {
    tx.query(&LIST, &[])
}

/// Stores a new tenant under a fresh id.
pub fn insert(tx: &mut Tx<'_>, key: &str, name: &str, sandbox: bool, now: Timestamp) -> Result<TenantId, DbError> {
    let id = TenantId(tx.next_id()?);
    tx.execute(&INSERT, &[&id, &key, &name, &sandbox, &None::<Timestamp>, &now])?;
    journal::create(tx, id)?;
    Ok(id)
}

/// Changes name and kind of a tenant. One that is no sandbox any more loses its test clock.
pub fn update(tx: &mut Tx<'_>, tenant: TenantId, name: &str, sandbox: bool) -> Result<(), DbError> {
    tx.execute(&UPDATE, &[&tenant, &name, &sandbox]).map(drop)
}

/// Sets the clock of a sandbox tenant, or lets it run with the system's again. `false`: the tenant is no sandbox.
pub fn set_clock(tx: &mut Tx<'_>, tenant: TenantId, instant: Option<Timestamp>) -> Result<bool, DbError> {
    Ok(tx.execute(&SET_CLOCK, &[&tenant, &instant])? == 1)
}

/// Moves the clock of a sandbox tenant from where the caller saw it. `false`: it stands elsewhere by now.
pub fn move_clock(tx: &mut Tx<'_>, tenant: TenantId, from: Option<Timestamp>, to: Timestamp) -> Result<bool, DbError> {
    Ok(tx.execute(&MOVE_CLOCK, &[&tenant, &from, &to])? == 1)
}

/// Replaces the token of a sandbox tenant.
pub fn set_token(tx: &mut Tx<'_>, tenant: TenantId, hash: &[u8]) -> Result<(), DbError> {
    tx.execute(&SET_TOKEN, &[&tenant, &hash]).map(drop)
}

/// Notes what a tenant was forked from.
pub fn set_forked_from(tx: &mut Tx<'_>, tenant: TenantId, source: TenantId) -> Result<(), DbError> {
    tx.execute(&FORKED, &[&tenant, &source]).map(drop)
}
