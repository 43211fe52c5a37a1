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
    }
}

impl Tenant {
    /// The id as statements want it.
    pub fn id(&self) -> TenantId {
        TenantId(self.tenant_id)
    }
}

crate::statements! {
    FIND_BY_KEY = "select tenant_id, key, name, sandbox, test_clock from tenant where key = $1 and snapshot_of is null";
    BY_ID = "select tenant_id, key, name, sandbox, test_clock from tenant where tenant_id = $1 and snapshot_of is null";
    LIST = "select tenant_id, key, name, sandbox, test_clock from tenant where snapshot_of is null order by tenant_id";
    INSERT = "insert into tenant (tenant_id, key, name, sandbox, test_clock, created_at) values ($1, $2, $3, $4, $5, $6)";
    UPDATE = "update tenant set name = $2, sandbox = $3, test_clock = case when $3 then test_clock end
        where tenant_id = $1";
    SET_CLOCK = "update tenant set test_clock = $2 where tenant_id = $1 and sandbox";
}

/// The tenant of that key.
pub fn find(tx: &mut Tx<'_>, key: &str) -> Result<Option<Tenant>, DbError> {
    tx.query_one(&FIND_BY_KEY, &[&key])
}

/// The tenant of that id.
pub fn by_id(tx: &mut Tx<'_>, tenant: TenantId) -> Result<Option<Tenant>, DbError> {
    tx.query_one(&BY_ID, &[&tenant])
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
