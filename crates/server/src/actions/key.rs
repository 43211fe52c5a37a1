//! API keys: making, replacing and revoking them.

use gymkeeper_contract::operations::Scope;
use gymkeeper_store::{
    db::{DbError, Tx},
    keys::{self, NewKey},
    studio,
    tenant::TenantId,
};
use jiff::Timestamp;

use crate::{chance, http::caller};

/// So many letters of a key are kept readable, enough to tell keys apart and too few to help with guessing.
const PREFIX: usize = 10;

/// What a new key is for.
#[derive(Debug, Clone)]
pub struct Grant {
    /// The studio.
    pub studio: i64,
    /// The integration's key; made when it is new.
    pub integration: String,
    /// The scopes; `None` for all.
    pub scopes: Option<Vec<Scope>>,
    /// First instant at which the key is refused.
    pub expires_at: Option<Timestamp>,
}

/// A new key. Its text is stored nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Created {
    /// Its id.
    pub id: i64,
    /// The key itself.
    pub text: String,
}

/// A fresh key's text.
pub fn fresh_text() -> String {
    format!("gk_{}", chance::secret())
}

/// Stores a key with that text.
///
/// # Errors
/// The database's.
pub fn create(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    grant: &Grant,
    text: &str,
    now: Timestamp,
) -> Result<Created, DbError> {
    let integration_id = keys::integration(tx, tenant, &grant.integration)?;
    let scopes = grant.scopes.as_ref().map_or_else(
        || "*".to_owned(),
        |scopes| scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" "),
    );
    let key = new_key(text, grant.studio, integration_id, scopes, grant.expires_at, None);
    Ok(Created { id: keys::insert(tx, tenant, &key, now)?, text: text.to_owned() })
}

fn new_key(
    text: &str,
    studio_id: i64,
    integration_id: i64,
    scopes: String,
    expires_at: Option<Timestamp>,
    replaces_id: Option<i64>,
) -> NewKey {
    NewKey {
        studio_id,
        integration_id,
        prefix: text.chars().take(PREFIX).collect(),
        hash: caller::hash(text).to_vec(),
        scopes,
        expires_at,
        replaces_id,
    }
}

/// Makes a key with the rights of another one, which goes on until `old_ends`; where the old one was made for a limited time,
/// the new one gets as long. `None`: there is no such valid key.
///
/// # Errors
/// The database's.
pub fn rotate(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    id: i64,
    text: &str,
    old_ends: Timestamp,
    now: Timestamp,
) -> Result<Option<Created>, DbError> {
    let Some(old) = keys::find_valid(tx, tenant, id, now)? else { return Ok(None) };
    let expires_at = old.expires_at.and_then(|end| now.checked_add(old.created_at.duration_until(end)).ok());
    let key = new_key(text, old.studio_id, old.integration_id, old.scopes, expires_at, Some(id));
    let created = keys::insert(tx, tenant, &key, now)?;
    keys::expire(tx, tenant, id, old_ends)?;
    studio::bump(tx, tenant, old.studio_id)?;
    Ok(Some(Created { id: created, text: text.to_owned() }))
}

/// Ends a key at once. `false`: there is no such valid key.
///
/// # Errors
/// The database's.
pub fn revoke(tx: &mut Tx<'_>, tenant: TenantId, id: i64, now: Timestamp) -> Result<bool, DbError> {
    let Some(studio_id) = keys::revoke(tx, tenant, id, now)? else { return Ok(false) };
    studio::bump(tx, tenant, studio_id)?;
    Ok(true)
}
