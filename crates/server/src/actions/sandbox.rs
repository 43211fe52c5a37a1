//! Sandboxes: their tokens, snapshots of their state, putting them back, and forks.
//!
//! Each of these holds the tenant alone: whoever changes it waits, and then starts again with what is there.

use gymkeeper_contract::errors::ErrorCode;
use gymkeeper_store::{
    db::Tx,
    journal::{self, Begins},
    keys,
    sandbox::{self, Snapshot},
    studio,
    tenant::{self, Tenant, TenantId},
};

use super::{
    change::{By, Deed},
    clock, key,
};
use crate::{
    chance, gymfile,
    http::{
        caller,
        failure::{Failure, Refusal},
    },
};

/// The snapshot that a reset goes back to.
pub const SEED: &str = "seed";

/// The integration of a fork's keys where the source has no key to take after.
pub const INTEGRATION: &str = "default";

/// A fresh token's text.
pub fn fresh_token() -> String {
    format!("gs_{}", chance::secret())
}

/// The tenant, which nobody else changes until the transaction ends.
fn claim(tx: &mut Tx<'_>, tenant: TenantId) -> Result<Tenant, Failure> {
    tx.hold_alone(tenant.0);
    clock::sandbox(tx, tenant)
}

/// Gives a sandbox its token, which replaces the one it had, and takes its first snapshot if it has none yet. `true`: it was
/// taken.
///
/// # Errors
/// Refuses a tenant that is no sandbox.
pub fn set_token(tx: &mut Tx<'_>, tenant: TenantId, by: &By, text: &str) -> Result<bool, Failure> {
    let tenant = claim(tx, tenant)?;
    tenant::set_token(tx, tenant.id(), &caller::hash(text))?;
    by.changes(tx, &tenant).record(Deed::new("sandbox.token-made"));
    let first = sandbox::find(tx, tenant.id(), SEED)?.is_none();
    if first {
        take_of(tx, &tenant, by, SEED)?;
    }
    Ok(first)
}

/// Takes a snapshot of a sandbox.
///
/// # Errors
/// Refuses a tenant that is no sandbox, and a name that is none or is taken.
pub fn take(tx: &mut Tx<'_>, tenant: TenantId, by: &By, name: &str) -> Result<Snapshot, Failure> {
    if !gymfile::is_key(name) {
        return Err(Refusal::new(ErrorCode::ValidationFieldInvalid).with_text("name").at("name").into());
    }
    let tenant = claim(tx, tenant)?;
    if sandbox::find(tx, tenant.id(), name)?.is_some() {
        return Err(Refusal::new(ErrorCode::SandboxSnapshotExists).with_text(name).at("name").into());
    }
    take_of(tx, &tenant, by, name)?;
    find(tx, tenant.id(), name)
}

fn take_of(tx: &mut Tx<'_>, tenant: &Tenant, by: &By, name: &str) -> Result<(), Failure> {
    sandbox::take(tx, tenant, name, by.system_now)?;
    by.changes(tx, tenant).record(Deed::new("sandbox.snapshot-taken").subject("snapshot", name));
    Ok(())
}

fn find(tx: &mut Tx<'_>, tenant: TenantId, name: &str) -> Result<Snapshot, Failure> {
    let found = sandbox::find(tx, tenant, name)?;
    found.ok_or_else(|| Refusal::new(ErrorCode::SandboxSnapshotNotFound).with_text(name).into())
}

/// Removes a snapshot.
///
/// # Errors
/// Refuses a tenant that is no sandbox and a name that nothing has.
pub fn forget(tx: &mut Tx<'_>, tenant: TenantId, by: &By, name: &str) -> Result<(), Failure> {
    let tenant = claim(tx, tenant)?;
    let snapshot = find(tx, tenant.id(), name)?;
    sandbox::remove(tx, tenant.id(), &snapshot)?;
    by.changes(tx, &tenant).record(Deed::new("sandbox.snapshot-removed").subject("snapshot", name));
    Ok(())
}

/// A sandbox that was put back.
#[derive(Debug, Clone)]
pub struct Restored {
    /// The tenant as it is now.
    pub tenant: Tenant,
    /// Where the journal ends: what is behind it belongs to the new life.
    pub since: i64,
}

/// Puts a sandbox back to a snapshot, its clock included. Webhooks are told nothing of what lay between; the journal goes on.
///
/// # Errors
/// Refuses a tenant that is no sandbox and a name that nothing has.
pub fn restore(tx: &mut Tx<'_>, tenant: TenantId, by: &By, name: &str) -> Result<Restored, Failure> {
    let before = claim(tx, tenant)?;
    let snapshot = find(tx, tenant, name)?;
    sandbox::put_back(tx, tenant, &snapshot)?;
    let restored = clock::sandbox(tx, tenant)?;
    let action = if name == SEED { "sandbox.reset" } else { "sandbox.restored" };
    let deed = Deed::new(action).subject("snapshot", name);
    let deed = deed.field("testClock", before.test_clock, restored.test_clock);
    by.changes(tx, &restored).record(deed.begins(Begins::AllTargets));
    // Nobody else adds a record to it before this one.
    let since = journal::head(tx, tenant)?.map_or(0, |head| head.position) + 1;
    Ok(Restored { tenant: restored, since })
}

/// A fork with its secrets, which are stored nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forked {
    /// The key of the new tenant.
    pub tenant: String,
    /// An API key with all scopes, unless the tenant has no studio to make it for.
    pub full: Option<String>,
    /// An API key with the scopes that only read.
    pub read_only: Option<String>,
    /// The token of the new tenant.
    pub token: String,
}

/// Makes a tenant of its own with the state of a sandbox, with keys, a token and a first snapshot of its own.
///
/// # Errors
/// Refuses a tenant that is no sandbox, and a key that is none or is taken.
pub fn fork(tx: &mut Tx<'_>, source: TenantId, by: &By, wanted: Option<&str>) -> Result<Forked, Failure> {
    let source = claim(tx, source)?;
    let key = wanted.map_or_else(|| fresh_key(&source.key), str::to_owned);
    if !gymfile::is_key(&key) {
        return Err(Refusal::new(ErrorCode::ValidationFieldInvalid).with_text("key").at("key").into());
    }
    if tenant::find(tx, &key)?.is_some() {
        return Err(Refusal::new(ErrorCode::SandboxKeyTaken).with_text(&key).at("key").into());
    }
    let id = sandbox::fork(tx, &source, &key, by.system_now)?;
    let fork = clock::sandbox(tx, id)?;
    by.changes(tx, &source).record(Deed::new("sandbox.forked").subject("tenant", &key));
    let mut change = by.changes(tx, &fork);
    change.record(Deed::new("sandbox.began").subject("tenant", &key).field("forkedFrom", (), &source.key));
    let after = match keys::oldest(change.tx, source.id())? {
        Some(after) => Some(after),
        None => studio::list(change.tx, id)?.first().map(|studio| (studio.id, INTEGRATION.to_owned())),
    };
    let mut make = |scopes| -> Result<Option<String>, Failure> {
        let Some((studio, integration)) = after.clone() else { return Ok(None) };
        let grant = key::Grant { studio, integration, scopes, expires_at: None };
        Ok(Some(key::create(&mut change, &grant, &key::fresh_text())?.text))
    };
    let (full, read_only) = (make(None)?, make(Some(key::read_scopes()))?);
    let token = fresh_token();
    set_token(tx, id, by, &token)?;
    Ok(Forked { tenant: key, full, read_only, token })
}

/// The source's key with letters that nothing else has behind it.
fn fresh_key(source: &str) -> String {
    let letters = chance::letters::<8>();
    let room = gymfile::LONGEST_KEY - letters.len() - 1;
    format!("{}-{letters}", source.chars().take(room).collect::<String>())
}

/// Removes a fork with everything it has. A tenant that was made from a gym file stays.
///
/// # Errors
/// Refuses a tenant that is no sandbox or no fork.
pub fn remove_fork(tx: &mut Tx<'_>, tenant: TenantId, by: &By) -> Result<(), Failure> {
    let fork = claim(tx, tenant)?;
    let Some(source) = fork.forked_from else { return Err(ErrorCode::SandboxNoFork.into()) };
    sandbox::remove_tenant(tx, fork.id())?;
    // Its own journal went with it.
    if let Some(source) = tenant::by_id(tx, TenantId(source))? {
        by.changes(tx, &source).record(Deed::new("sandbox.fork-removed").subject("tenant", &fork.key));
    }
    Ok(())
}
