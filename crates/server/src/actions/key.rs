//! API keys: making, replacing and revoking them.

use gymkeeper_contract::operations::Scope;
use gymkeeper_store::{
    db::DbError,
    keys::{self, NewKey},
    studio,
};
use jiff::Timestamp;

use super::change::{Change, Deed};
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

/// The scopes that only read.
pub fn read_scopes() -> Vec<Scope> {
    Scope::ALL.iter().copied().filter(|scope| scope.as_str().ends_with("_READ")).collect()
}

/// Stores a key with that text.
///
/// # Errors
/// The database's.
pub fn create(change: &mut Change<'_, '_>, grant: &Grant, text: &str) -> Result<Created, DbError> {
    let integration_id = keys::integration(change.tx, change.tenant, &grant.integration)?;
    let scopes = grant.scopes.as_ref().map_or_else(
        || "*".to_owned(),
        |scopes| scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" "),
    );
    let key = new_key(text, grant.studio, integration_id, scopes, grant.expires_at, None);
    insert(change, &key, "api-key.created", text)
}

fn insert(change: &mut Change<'_, '_>, key: &NewKey, action: &'static str, text: &str) -> Result<Created, DbError> {
    let id = keys::insert(change.tx, change.tenant, key, change.system_now())?;
    let deed = Deed::new(action).studio(key.studio_id).subject("api-key", id);
    let deed = deed.field("integrationId", (), key.integration_id).field("scopes", (), &key.scopes);
    change.record(deed.field("expiresAt", (), key.expires_at).field("replaces", (), key.replaces_id));
    Ok(Created { id, text: text.to_owned() })
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
    change: &mut Change<'_, '_>,
    id: i64,
    text: &str,
    old_ends: Timestamp,
) -> Result<Option<Created>, DbError> {
    let (tenant, now) = (change.tenant, change.system_now());
    let Some(old) = keys::find_valid(change.tx, tenant, id, now)? else { return Ok(None) };
    let expires_at = old.expires_at.and_then(|end| now.checked_add(old.created_at.duration_until(end)).ok());
    let key = new_key(text, old.studio_id, old.integration_id, old.scopes, expires_at, Some(id));
    let created = insert(change, &key, "api-key.rotated", text)?;
    keys::expire(change.tx, tenant, id, old_ends)?;
    studio::bump(change.tx, tenant, old.studio_id)?;
    Ok(Some(created))
}

/// Ends a key at once. `false`: there is no such valid key.
///
/// # Errors
/// The database's.
pub fn revoke(change: &mut Change<'_, '_>, id: i64) -> Result<bool, DbError> {
    let now = change.system_now();
    let Some(studio_id) = keys::revoke(change.tx, change.tenant, id, now)? else { return Ok(false) };
    studio::bump(change.tx, change.tenant, studio_id)?;
    change.record(Deed::new("api-key.revoked").studio(studio_id).subject("api-key", id));
    Ok(true)
}
