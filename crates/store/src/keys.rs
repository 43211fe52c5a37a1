//! API keys and the integrations they belong to.
//!
//! A key is random and shown once; what is stored is its SHA-256 hash. A plain hash is enough, because a key has 256 bits
//! of chance and cannot be guessed from a list of words.

use jiff::Timestamp;

use crate::{
    db::{DbError, Tx},
    tenant::TenantId,
};

crate::record! {
    /// What a key stands for, with all that a request needs of its tenant and studio.
    pub struct KeyHolder {
        /// The tenant.
        pub tenant_id: i64,
        /// The tenant's key, compared with the host name.
        pub tenant_key: String,
        /// The key itself.
        pub id: i64,
        /// Its studio.
        pub studio_id: i64,
        /// Its integration.
        pub integration_id: i64,
        /// Names of the scopes, separated by blanks; `*` stands for all.
        pub scopes: String,
        /// First instant at which it is refused.
        pub expires_at: Option<Timestamp>,
        /// Since when it is refused.
        pub revoked_at: Option<Timestamp>,
        /// Whether the tenant is a sandbox.
        pub sandbox: bool,
        /// The clock of a sandbox tenant, where it was set.
        pub test_clock: Option<Timestamp>,
        /// The studio's version when this was read; see `studio::version`.
        pub version: i64,
        /// The tenant's epoch when this was read; see `journal::Head`.
        pub epoch: i64,
        /// IANA name of the studio's zone.
        pub zone: String,
        /// The studio's language.
        pub language: String,
        /// The studio's currency.
        pub currency: String,
    }
}

crate::record! {
    /// One key in a listing.
    pub struct KeyRow {
        /// Its id.
        pub id: i64,
        /// The studio's key.
        pub studio: String,
        /// The integration's key.
        pub integration: String,
        /// The readable beginning.
        pub prefix: String,
        /// Names of the scopes, or `*`.
        pub scopes: String,
        /// When it was made.
        pub created_at: Timestamp,
        /// First instant at which it is refused.
        pub expires_at: Option<Timestamp>,
        /// Since when it is refused.
        pub revoked_at: Option<Timestamp>,
        /// When it was last seen, to the minute or so.
        pub last_used_at: Option<Timestamp>,
    }
}

crate::record! {
    /// What a key's successor takes over.
    pub struct ValidKey {
        /// Its studio.
        pub studio_id: i64,
        /// Its integration.
        pub integration_id: i64,
        /// Names of the scopes, or `*`.
        pub scopes: String,
        /// When it was made.
        pub created_at: Timestamp,
        /// First instant at which it is refused.
        pub expires_at: Option<Timestamp>,
    }
}

/// A key to be stored.
#[derive(Debug, Clone)]
pub struct NewKey {
    /// Its studio.
    pub studio_id: i64,
    /// Its integration.
    pub integration_id: i64,
    /// The readable beginning.
    pub prefix: String,
    /// SHA-256 of the whole key.
    pub hash: Vec<u8>,
    /// Names of the scopes, separated by blanks, or `*`.
    pub scopes: String,
    /// First instant at which it is refused.
    pub expires_at: Option<Timestamp>,
    /// The key it takes over from.
    pub replaces_id: Option<i64>,
}

crate::statements! {
    // The one lookup without a tenant: the key is what tells the tenant.
    HOLDER = "select k.tenant_id, t.key as tenant_key, k.id, k.studio_id, k.integration_id, k.scopes, k.expires_at,
            k.revoked_at, t.sandbox, t.test_clock, s.version, h.epoch, s.zone, s.language, s.currency
        from api_key k
        join tenant t on t.tenant_id = k.tenant_id
        join journal_head h on h.tenant_id = k.tenant_id
        join studio s on s.tenant_id = k.tenant_id and s.id = k.studio_id
        where k.hash = $1";
    INSERT = "insert into api_key (tenant_id, id, studio_id, integration_id, prefix, hash, scopes, created_at, expires_at, replaces_id)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    LIST = "select k.id, s.key as studio, i.key as integration, k.prefix, k.scopes, k.created_at, k.expires_at,
            k.revoked_at, k.last_used_at
        from api_key k
        join studio s on s.tenant_id = k.tenant_id and s.id = k.studio_id
        join integration i on i.tenant_id = k.tenant_id and i.id = k.integration_id
        where k.tenant_id = $1 order by k.id";
    OLDEST = "select k.studio_id, i.key
        from api_key k
        join studio s on s.tenant_id = k.tenant_id and s.id = k.studio_id
        join integration i on i.tenant_id = k.tenant_id and i.id = k.integration_id
        where k.tenant_id = $1 order by k.id limit 1";
    FIND = "select studio_id, integration_id, scopes, created_at, expires_at from api_key
        where tenant_id = $1 and id = $2 and revoked_at is null and (expires_at is null or expires_at > $3)";
    STUDIOS_OF = "select distinct studio_id from api_key where tenant_id = $1 and integration_id = $2 and revoked_at is null
        and (expires_at is null or expires_at > $3) order by studio_id";
    REVOKE = "update api_key set revoked_at = $3 where tenant_id = $1 and id = $2 and revoked_at is null returning studio_id";
    EXPIRE = "update api_key set expires_at = $3 where tenant_id = $1 and id = $2 and revoked_at is null
        and (expires_at is null or expires_at > $3) returning studio_id";
    TOUCH = "update api_key set last_used_at = $3 where tenant_id = $1 and id = $2
        and (last_used_at is null or last_used_at < $3)";
    FIND_INTEGRATION = "select id from integration where tenant_id = $1 and key = $2";
    INSERT_INTEGRATION = "insert into integration (tenant_id, id, key, name) values ($1, $2, $3, $4)";
    LINK = "insert into integration_studio (tenant_id, integration_id, studio_id) values ($1, $2, $3)
        on conflict (tenant_id, integration_id, studio_id) do nothing";
    ACTIVATE = "insert into activation (tenant_id, integration_id, studio_id, activated_at, position)
        values ($1, $2, $3, $4, $5) on conflict (tenant_id, integration_id, studio_id) do nothing";
    ACTIVATED = "select activated_at from activation where tenant_id = $1 and integration_id = $2 and studio_id = $3";
}

/// Who holds the key with that hash, also when it is revoked or has expired.
pub fn holder(tx: &mut Tx<'_>, hash: &[u8]) -> Result<Option<KeyHolder>, DbError> {
    tx.query_one(&HOLDER, &[&hash])
}

/// Stores a key and links its integration with its studio.
pub fn insert(tx: &mut Tx<'_>, tenant: TenantId, key: &NewKey, now: Timestamp) -> Result<i64, DbError> {
    let id = tx.next_id()?;
    tx.execute(&LINK, &[&tenant, &key.integration_id, &key.studio_id])?;
    tx.execute(
        &INSERT,
        &[
            &tenant,
            &id,
            &key.studio_id,
            &key.integration_id,
            &key.prefix,
            &key.hash,
            &key.scopes,
            &now,
            &key.expires_at,
            &key.replaces_id,
        ],
    )?;
    Ok(id)
}

/// All keys of a tenant, by id.
pub fn list(tx: &mut Tx<'_>, tenant: TenantId) -> Result<Vec<KeyRow>, DbError> {
    tx.query(&LIST, &[&tenant])
}

/// Studio and integration, by its key, of the tenant's first key.
pub fn oldest(tx: &mut Tx<'_>, tenant: TenantId) -> Result<Option<(i64, String)>, DbError> {
    tx.query_one(&OLDEST, &[&tenant])
}

/// A key that is valid at an instant.
pub fn find_valid(tx: &mut Tx<'_>, tenant: TenantId, id: i64, now: Timestamp) -> Result<Option<ValidKey>, DbError> {
    tx.query_one(&FIND, &[&tenant, &id, &now])
}

/// Revokes a key at once and answers its studio, or nothing when there was no such valid key.
pub fn revoke(tx: &mut Tx<'_>, tenant: TenantId, id: i64, now: Timestamp) -> Result<Option<i64>, DbError> {
    Ok(tx.query_one::<(i64,)>(&REVOKE, &[&tenant, &id, &now])?.map(|(studio,)| studio))
}

/// Lets a key end at that instant, if it does not end earlier, and answers its studio.
pub fn expire(tx: &mut Tx<'_>, tenant: TenantId, id: i64, at: Timestamp) -> Result<Option<i64>, DbError> {
    Ok(tx.query_one::<(i64,)>(&EXPIRE, &[&tenant, &id, &at])?.map(|(studio,)| studio))
}

/// Remembers when a key was last seen.
pub fn touch(tx: &mut Tx<'_>, tenant: TenantId, id: i64, at: Timestamp) -> Result<(), DbError> {
    tx.execute(&TOUCH, &[&tenant, &id, &at]).map(drop)
}

/// The integration of that key, if there is one.
pub fn find_integration(tx: &mut Tx<'_>, tenant: TenantId, key: &str) -> Result<Option<i64>, DbError> {
    Ok(tx.query_one::<(i64,)>(&FIND_INTEGRATION, &[&tenant, &key])?.map(|(id,)| id))
}

/// The integration of that key, made if there is none.
pub fn integration(tx: &mut Tx<'_>, tenant: TenantId, key: &str) -> Result<i64, DbError> {
    if let Some(id) = find_integration(tx, tenant, key)? {
        return Ok(id);
    }
    let id = tx.next_id()?;
    tx.execute(&INSERT_INTEGRATION, &[&tenant, &id, &key, &key])?;
    Ok(id)
}

/// Remembers that the integration is ready for events of the studio. `false`: it had said so before. The caller leaves a record
/// that says with `Begins::Activation` from where events count; until it is written there are none.
pub fn activate(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    integration: i64,
    studio: i64,
    now: Timestamp,
) -> Result<bool, DbError> {
    Ok(tx.execute(&ACTIVATE, &[&tenant, &integration, &studio, &now, &i64::MAX])? == 1)
}

/// Since when the integration is ready for events of the studio.
pub fn activated_at(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    integration: i64,
    studio: i64,
) -> Result<Option<Timestamp>, DbError> {
    Ok(tx.query_one::<(Timestamp,)>(&ACTIVATED, &[&tenant, &integration, &studio])?.map(|(at,)| at))
}

/// The studios in which an integration has a key that holds now.
pub fn studios_of(tx: &mut Tx<'_>, tenant: TenantId, integration: i64, now: Timestamp) -> Result<Vec<i64>, DbError> {
    Ok(tx.query::<(i64,)>(&STUDIOS_OF, &[&tenant, &integration, &now])?.into_iter().map(|(id,)| id).collect())
}
