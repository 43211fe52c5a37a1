//! Studios, their tags and who is inside.

pub mod checkin;
pub mod tag;

use crate::{
    db::{DbError, Fixed, Tx},
    tenant::TenantId,
};

crate::record! {
    /// A studio with its definition.
    pub struct Studio {
        /// Its id.
        pub id: i64,
        /// Its key in the gym file.
        pub key: String,
        /// What people call it.
        pub name: String,
        /// IANA name of its zone.
        pub zone: String,
        /// How many people it lets in at a time; none means no limit.
        pub capacity: Option<i64>,
        /// See [`version`].
        pub version: i64,
        /// Its logo.
        pub logo_file_id: Option<i64>,
        /// The definition as JSON text.
        pub definition: String,
    }
}

/// A studio as it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct StudioValues {
    /// What people call it.
    pub name: String,
    /// IANA name of its zone.
    pub zone: String,
    /// Language of its messages.
    pub language: String,
    /// Its currency, three letters.
    pub currency: String,
    /// How many people it lets in at a time.
    pub capacity: Option<i64>,
    /// Its logo.
    pub logo_file_id: Option<i64>,
    /// The definition as JSON text.
    pub definition: String,
}

crate::statements! {
    FIND = "select id, key, name, zone, capacity, version, logo_file_id, definition from studio where tenant_id = $1 and id = $2";
    LIST = "select id, key, name, zone, capacity, version, logo_file_id, definition from studio where tenant_id = $1 order by id";
    INSERT = "insert into studio (tenant_id, id, key, name, zone, language, currency, capacity, version, logo_file_id, definition)
        values ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $10)";
    UPDATE = "update studio set name = $3, zone = $4, language = $5, currency = $6, capacity = $7, logo_file_id = $8,
        definition = $9, version = version + 1 where tenant_id = $1 and id = $2";
    VERSION = "select version from studio where tenant_id = $1 and id = $2";
    BUMP = "update studio set version = version + 1 where tenant_id = $1 and id = $2";
    BUMP_ALL = "update studio set version = version + 1 where tenant_id = $1";
    CAPACITY = "select capacity from studio where tenant_id = $1 and id = $2";
}

/// The studio of that id.
pub fn find(tx: &mut Tx<'_>, tenant: TenantId, id: i64) -> Result<Option<Studio>, DbError> {
    tx.query_one(&FIND, &[&tenant, &id])
}

/// All studios of a tenant, by id.
pub fn list(tx: &mut Tx<'_>, tenant: TenantId) -> Result<Vec<Studio>, DbError> {
    tx.query(&LIST, &[&tenant])
}

/// Stores a studio under a fresh id.
pub fn insert(tx: &mut Tx<'_>, tenant: TenantId, id: i64, key: &str, values: &StudioValues) -> Result<(), DbError> {
    tx.execute(
        &INSERT,
        &[
            &tenant,
            &id,
            &key,
            &values.name,
            &values.zone,
            &values.language,
            &values.currency,
            &values.capacity,
            &values.logo_file_id,
            &values.definition,
        ],
    )
    .map(drop)
}

/// Changes a studio and its version.
pub fn update(tx: &mut Tx<'_>, tenant: TenantId, id: i64, values: &StudioValues) -> Result<(), DbError> {
    tx.execute(
        &UPDATE,
        &[
            &tenant,
            &id,
            &values.name,
            &values.zone,
            &values.language,
            &values.currency,
            &values.capacity,
            &values.logo_file_id,
            &values.definition,
        ],
    )
    .map(drop)
}

/// A number that grows with every change of what the studio's inventory, tags, keys or clock answer. Whoever remembers an
/// answer together with it can prove, on any server process, that nothing has changed since.
pub fn version(tx: &mut Tx<'_>, tenant: TenantId, id: i64) -> Result<Option<i64>, DbError> {
    tx.once_in_snapshot(Fixed::Version(tenant, id), &VERSION, &[&tenant, &id])
}

/// Makes every remembered answer about the studio stale.
pub fn bump(tx: &mut Tx<'_>, tenant: TenantId, id: i64) -> Result<(), DbError> {
    tx.execute(&BUMP, &[&tenant, &id]).map(drop)
}

/// Makes every remembered answer about any studio of the tenant stale.
pub fn bump_all(tx: &mut Tx<'_>, tenant: TenantId) -> Result<(), DbError> {
    tx.execute(&BUMP_ALL, &[&tenant]).map(drop)
}

/// How many people the studio lets in at a time; the inner `None` means no limit.
pub fn capacity(tx: &mut Tx<'_>, tenant: TenantId, id: i64) -> Result<Option<Option<i64>>, DbError> {
    Ok(tx.query_one::<(Option<i64>,)>(&CAPACITY, &[&tenant, &id])?.map(|(capacity,)| capacity))
}
