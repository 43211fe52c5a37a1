//! Who calls: the key, its tenant, studio and rights, and the time and language of the request.
//!
//! What a key stands for is remembered together with the version of its studio. Every transaction of a request compares that
//! version first, so a key that was revoked a moment ago, on whatever server process, is refused at once.

use std::{
    borrow::Cow,
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use axum::http::HeaderMap;
use gymkeeper_contract::{
    errors::ErrorCode,
    language::{self, Language},
    operations::{Scope, Scopes},
};
use gymkeeper_store::{
    db::Tx,
    keys::{self, KeyHolder},
    studio,
    tenant::TenantId,
};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use sha2::{Digest as _, Sha256};

use super::failure::Failure;
use crate::{app::App, clock};

/// SHA-256 of an API key.
pub type KeyHash = [u8; 32];

/// So many keys are remembered at the most.
const REMEMBERED: usize = 10_000;

/// Hashes a key as it is stored.
pub fn hash(key: &str) -> KeyHash {
    Sha256::digest(key.as_bytes()).into()
}

/// A key with what it stands for, as remembered between requests.
#[derive(Debug)]
pub struct Holder {
    row: KeyHolder,
    rights: Rights,
    zone: TimeZone,
    language: Language,
}

/// The scopes of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rights(Vec<Scope>);

impl Rights {
    /// Reads the stored names; `*` stands for all.
    pub fn parse(names: &str) -> Self {
        if names == "*" {
            return Self(Scope::ALL.to_vec());
        }
        Self(names.split_whitespace().filter_map(|name| name.parse().ok()).collect())
    }
}

impl Holder {
    fn new(row: KeyHolder) -> Result<Self, Failure> {
        let zone = TimeZone::get(&row.zone)
            .map_err(|_| Failure::Internal(format!("the studio's zone {:?} is not known here", row.zone)))?;
        Ok(Self {
            rights: Rights::parse(&row.scopes),
            zone,
            language: Language::from_tag(&row.language).unwrap_or(Language::En),
            row,
        })
    }

    /// Whether the key is good now. An expired key and a revoked one are as unknown as a wrong one.
    fn check(&self, host_tenant: Option<&str>, system_now: Timestamp) -> Result<(), Failure> {
        let ended = self.row.revoked_at.is_some() || self.row.expires_at.is_some_and(|end| end <= system_now);
        let elsewhere = host_tenant.is_some_and(|tenant| tenant != self.row.tenant_key);
        if ended || elsewhere { Err(ErrorCode::AuthenticationApiKeyInvalid.into()) } else { Ok(()) }
    }
}

/// The caller of one request.
#[derive(Debug, Clone)]
pub struct Caller {
    holder: Arc<Holder>,
    hash: KeyHash,
    /// The tenant's present instant, by which the business goes.
    pub now: Timestamp,
    /// The system's present instant, by which secrets expire.
    pub system_now: Timestamp,
    /// The language for messages.
    pub language: Language,
}

impl Caller {
    /// The tenant.
    pub fn tenant(&self) -> TenantId {
        TenantId(self.holder.row.tenant_id)
    }

    /// The studio of the key.
    pub fn studio(&self) -> i64 {
        self.holder.row.studio_id
    }

    /// The integration of the key.
    pub fn integration(&self) -> i64 {
        self.holder.row.integration_id
    }

    /// The key.
    pub fn key_id(&self) -> i64 {
        self.holder.row.id
    }

    /// The studio's currency.
    pub fn currency(&self) -> &str {
        &self.holder.row.currency
    }

    /// The studio's version as this request believes it to be; every transaction checks it.
    pub fn version(&self) -> i64 {
        self.holder.row.version
    }

    /// The tenant's epoch as this request believes it to be; its records carry it.
    pub fn epoch(&self) -> i64 {
        self.holder.row.epoch
    }

    /// Keeps a sandbox from being put back, copied or removed under the running transaction. Others need no such lock.
    pub fn hold(&self, tx: &mut Tx<'_>) {
        if self.holder.row.sandbox {
            tx.hold_shared(self.tenant().0);
        }
    }

    /// The studio-local day.
    pub fn today(&self) -> Date {
        self.zone().to_datetime(self.now).date()
    }

    /// The studio's zone.
    pub fn zone(&self) -> &TimeZone {
        &self.holder.zone
    }

    /// Whether the key may call an operation with those scopes.
    pub fn may(&self, scopes: Scopes) -> bool {
        scopes.allow(&self.holder.rights.0)
    }

    /// The caller at another instant.
    #[must_use]
    pub fn at(&self, system_now: Timestamp) -> Self {
        let now = clock::tenant_now(system_now, self.holder.row.test_clock);
        Self { now, system_now, ..self.clone() }
    }

    /// Fails with [`Failure::Stale`] when something about the studio has changed since the caller was remembered.
    pub fn confirm(&self, tx: &mut Tx<'_>) -> Result<(), Failure> {
        match studio::version(tx, self.tenant(), self.studio())? {
            Some(version) if version == self.version() => Ok(()),
            _ => Err(Failure::Stale),
        }
    }
}

impl Caller {
    /// The caller as a write must see it. Where only the studio's version has moved on, because somebody else has changed
    /// something about it a moment ago, the request goes on: many writes at once would otherwise keep each other from being
    /// carried out.
    ///
    /// # Errors
    /// [`Failure::Stale`] when anything about the key itself, its tenant or studio has changed.
    pub fn renewed(&self, tx: &mut Tx<'_>) -> Result<Cow<'_, Self>, Failure> {
        match self.confirm(tx) {
            Err(Failure::Stale) => {}
            confirmed => return confirmed.map(|()| Cow::Borrowed(self)),
        }
        let row = keys::holder(tx, &self.hash)?.ok_or(Failure::Stale)?;
        let known = &self.holder.row;
        if (KeyHolder { version: known.version, epoch: known.epoch, ..row.clone() }) != *known {
            return Err(Failure::Stale);
        }
        Ok(Cow::Owned(Self { holder: Arc::new(Holder::new(row)?), ..self.clone() }))
    }
}

/// Remembered callers.
#[derive(Debug, Default)]
pub struct Callers(RwLock<HashMap<KeyHash, Arc<Holder>>>);

impl Callers {
    /// Forgets a key whose studio has changed.
    pub fn forget(&self, caller: &Caller) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).remove(&caller.hash);
    }

    fn recall(&self, hash: &KeyHash) -> Option<Arc<Holder>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(hash).cloned()
    }

    fn remember(&self, hash: KeyHash, holder: Arc<Holder>) {
        let mut holders = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if holders.len() >= REMEMBERED {
            holders.clear();
        }
        holders.insert(hash, holder);
    }
}

/// Finds out who calls (AUTH-1, AUTH-2).
///
/// # Errors
/// Refuses a missing, unknown, revoked or expired key, a key of another tenant than the host's, and an unknown host.
pub async fn authenticate(app: &App, headers: &HeaderMap) -> Result<Caller, Failure> {
    let host_tenant = host_tenant(app, headers).await?;
    let key = headers.get("x-api-key").and_then(|value| value.to_str().ok()).map(str::trim).unwrap_or_default();
    if key.is_empty() {
        return Err(ErrorCode::AuthenticationApiKeyInvalid.into());
    }
    let hash = hash(key);
    let holder = match app.callers.recall(&hash) {
        Some(holder) => holder,
        None => {
            let row = app.db.read(move |tx| keys::holder(tx, &hash).map_err(Failure::from)).await?;
            let holder = Arc::new(Holder::new(row.ok_or(ErrorCode::AuthenticationApiKeyInvalid)?)?);
            app.callers.remember(hash, Arc::clone(&holder));
            holder
        }
    };
    let system_now = app.clock.now();
    holder.check(host_tenant.as_deref(), system_now)?;
    app.key_usage.note(holder.row.tenant_id, holder.row.id, system_now);
    let accepted = headers.get("accept-language").and_then(|value| value.to_str().ok());
    Ok(Caller {
        now: clock::tenant_now(system_now, holder.row.test_clock),
        system_now,
        language: language::negotiate(accepted, holder.language),
        holder,
        hash,
    })
}

/// Makes sure of what is remembered about a caller, for requests that no transaction follows: a key that has just been revoked
/// is refused. A database that is too busy to be asked leaves it at what is remembered.
///
/// # Errors
/// As [`authenticate`].
pub async fn confirm(app: &App, caller: Caller, headers: &HeaderMap) -> Result<Caller, Failure> {
    let remembered = caller.clone();
    match app.db.glance(move |tx| remembered.confirm(tx)).await {
        Err(Failure::Stale) => {
            app.callers.forget(&caller);
            authenticate(app, headers).await
        }
        _ => Ok(caller),
    }
}

/// The tenant that the host name stands for, where the installation gives tenants host names of their own.
pub(super) async fn host_tenant(app: &App, headers: &HeaderMap) -> Result<Option<String>, Failure> {
    if app.config.tenant_domain.is_empty() {
        return Ok(None);
    }
    let host = headers.get("host").and_then(|value| value.to_str().ok()).unwrap_or_default().to_lowercase();
    let name = host.rsplit_once(':').map_or(host.as_str(), |(name, _)| name);
    let Some(tenant) = name.strip_suffix(&app.config.tenant_domain).and_then(|rest| rest.strip_suffix('.')) else {
        return Err(ErrorCode::TenantNotExists.into());
    };
    let wanted = tenant.to_owned();
    let known = app.db.glance(move |tx| gymkeeper_store::tenant::find(tx, &wanted).map_err(Failure::from)).await?;
    if known.is_none() { Err(ErrorCode::TenantNotExists.into()) } else { Ok(Some(tenant.to_owned())) }
}

/// When keys were last used, collected here and written now and then: a request must not cost a write.
#[derive(Debug, Default)]
pub struct KeyUsage(RwLock<HashMap<(i64, i64), std::sync::atomic::AtomicI64>>);

impl KeyUsage {
    fn note(&self, tenant: i64, key: i64, at: Timestamp) {
        use std::sync::atomic::Ordering::Relaxed;
        {
            let seen = self.0.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(last) = seen.get(&(tenant, key)) {
                last.store(at.as_second(), Relaxed);
                return;
            }
        }
        let mut seen = self.0.write().unwrap_or_else(PoisonError::into_inner);
        seen.entry((tenant, key)).or_default().store(at.as_second(), Relaxed);
    }

    /// Writes down what was noted since the last time.
    ///
    /// # Errors
    /// The database's; what was noted is lost then, which costs a minute of precision and no more.
    pub async fn flush(&self, db: &gymkeeper_store::db::Db) -> Result<(), Failure> {
        let seen = std::mem::take(&mut *self.0.write().unwrap_or_else(PoisonError::into_inner));
        let rows: Vec<(TenantId, i64, Timestamp)> = seen
            .into_iter()
            .filter_map(|((tenant, key), at)| {
                Some((TenantId(tenant), key, Timestamp::from_second(at.into_inner()).ok()?))
            })
            .collect();
        if rows.is_empty() {
            return Ok(());
        }
        db.write(move |tx| {
            for (tenant, key, at) in &rows {
                keys::touch(tx, *tenant, *key, *at)?;
            }
            Ok(())
        })
        .await
    }
}
