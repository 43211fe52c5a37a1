//! Webhook targets: who is told about events, how far each was told, and which run is telling it now.
//!
//! A target reads its studio's events from the journal. Its position is the last record of which every event was sent or became
//! a delivery that waits; it moves in the transaction that stores those deliveries. A run holds the target by a lease of its
//! own, so two runs never send to it at once, and one that died loses it after a while. Leases go by the system's time, repeats
//! by the tenant's. Deliveries are in `delivery.rs`.

pub mod delivery;

pub use delivery::{forget_delivered, forget_failed};

use jiff::Timestamp;

use crate::{
    db::{DbError, Tx},
    tenant::TenantId,
};

crate::record! {
    /// A target in a listing.
    pub struct Listed {
        /// Its id.
        pub id: i64,
        /// The studio's key.
        pub studio: String,
        /// The integration's key.
        pub integration: String,
        /// Where requests go.
        pub url: String,
        /// Names of types separated by blanks, or `*`.
        pub event_types: String,
        /// When it was added.
        pub created_at: Timestamp,
        /// The last record of the journal that it was told about.
        pub position: i64,
        /// Since when the integration is ready for events of the studio.
        pub activated_at: Option<Timestamp>,
        /// Deliveries that wait for a repeat.
        pub waiting: i64,
    }
}

crate::record! {
    /// A target that has work.
    pub struct Due {
        /// Its tenant.
        pub tenant_id: i64,
        /// Its id.
        pub id: i64,
    }
}

crate::record! {
    /// All that a run needs to know about the target that it holds.
    pub struct Held {
        /// Where requests go.
        pub url: String,
        /// Names of types separated by blanks, or `*`.
        pub event_types: String,
        /// The studio.
        pub studio_id: i64,
        /// The last record that it was told about.
        pub position: i64,
        /// The record with which the integration became ready; nothing from before is told.
        pub activated: i64,
        /// Sent as `x-api-key`.
        pub webhook_key: String,
        /// Signs the requests.
        pub signing_secret: String,
        /// Whether the tenant is a sandbox.
        pub sandbox: bool,
    }
}

crate::record! {
    /// What receivers of an integration in a studio know requests by.
    pub struct Secrets {
        /// Sent as `x-api-key`.
        pub webhook_key: String,
        /// Signs the requests.
        pub signing_secret: String,
    }
}

crate::record! {
    /// A record of the journal that has events.
    pub struct Told {
        /// Its place in the tenant's journal.
        pub position: i64,
        /// The studio it happened in.
        pub studio_id: i64,
        /// The tenant's time.
        pub tenant_time: Timestamp,
        /// JSON: a list of the bodies that webhooks send.
        pub events: String,
    }
}

/// A target to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTarget {
    /// The integration.
    pub integration: i64,
    /// The studio.
    pub studio: i64,
    /// Where requests go.
    pub url: String,
    /// Names of types separated by blanks, or `*`.
    pub event_types: String,
}

/// A run's hold on a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// The tenant.
    pub tenant: TenantId,
    /// The target.
    pub target: i64,
    /// The run; no two have the same.
    pub owner: String,
}

crate::statements! {
    LINK = "insert into integration_studio (tenant_id, integration_id, studio_id) values ($1, $2, $3)
        on conflict (tenant_id, integration_id, studio_id) do nothing";
    MAKE_SECRETS = "update integration_studio set webhook_key = $4, signing_secret = $5
        where tenant_id = $1 and integration_id = $2 and studio_id = $3 and webhook_key is null";
    SECRETS = "select webhook_key, signing_secret from integration_studio
        where tenant_id = $1 and integration_id = $2 and studio_id = $3 and webhook_key is not null";
    INSERT = "insert into webhook_target (tenant_id, id, integration_id, studio_id, url, event_types, created_at, position)
        values ($1, $2, $3, $4, $5, $6, $7, $8)";
    REMOVE = "update webhook_target set removed_at = $3, lease_owner = null where tenant_id = $1 and id = $2
        and removed_at is null returning studio_id";
    LIST = "select w.id, s.key as studio, i.key as integration, w.url, w.event_types, w.created_at, w.position, a.activated_at,
            (select count(*) from delivery d where d.tenant_id = w.tenant_id and d.target_id = w.id
                and d.state = 'WAITING') as waiting
        from webhook_target w
        join studio s on s.tenant_id = w.tenant_id and s.id = w.studio_id
        join integration i on i.tenant_id = w.tenant_id and i.id = w.integration_id
        left join activation a on a.tenant_id = w.tenant_id and a.integration_id = w.integration_id
            and a.studio_id = w.studio_id
        where w.tenant_id = $1 and w.removed_at is null order by w.id";
    // Over all tenants: the worker serves them all. The copies that snapshots are made of stay at rest. Whoever was served
    // longest ago comes first, so that a few busy targets cannot take all places for ever.
    DUE = "select w.tenant_id, w.id from webhook_target w
        join tenant t on t.tenant_id = w.tenant_id and t.snapshot_of is null
        join activation a on a.tenant_id = w.tenant_id and a.integration_id = w.integration_id
            and a.studio_id = w.studio_id
        join integration_studio k on k.tenant_id = w.tenant_id and k.integration_id = w.integration_id
            and k.studio_id = w.studio_id and k.webhook_key is not null
        where w.removed_at is null and (w.lease_owner is null or w.lease_until <= $1)
            and (exists (select 1 from journal j where j.tenant_id = w.tenant_id and j.studio_id = w.studio_id
                    and j.position > case when w.position > a.position then w.position else a.position end
                    and j.events is not null)
                or exists (select 1 from delivery d where d.tenant_id = w.tenant_id and d.target_id = w.id
                    and d.state = 'WAITING' and d.next_at <= coalesce(t.test_clock, $1)))
        order by w.lease_until nulls first, w.tenant_id, w.id limit $2";
    DUE_OF = "select w.tenant_id, w.id from webhook_target w
        join activation a on a.tenant_id = w.tenant_id and a.integration_id = w.integration_id
            and a.studio_id = w.studio_id
        join integration_studio k on k.tenant_id = w.tenant_id and k.integration_id = w.integration_id
            and k.studio_id = w.studio_id and k.webhook_key is not null
        where w.tenant_id = $1 and w.removed_at is null
            and (exists (select 1 from journal j where j.tenant_id = w.tenant_id and j.studio_id = w.studio_id
                    and j.position > case when w.position > a.position then w.position else a.position end
                    and j.events is not null)
                or exists (select 1 from delivery d where d.tenant_id = w.tenant_id and d.target_id = w.id
                    and d.state = 'WAITING' and d.next_at <= $2))
        order by w.id";
    CLAIM = "update webhook_target set lease_owner = $3, lease_until = $4
        where tenant_id = $1 and id = $2 and removed_at is null and (lease_owner is null or lease_until <= $5)";
    HELD = "select w.url, w.event_types, w.studio_id, w.position, a.position as activated, k.webhook_key,
            k.signing_secret, t.sandbox
        from webhook_target w
        join tenant t on t.tenant_id = w.tenant_id
        join activation a on a.tenant_id = w.tenant_id and a.integration_id = w.integration_id
            and a.studio_id = w.studio_id
        join integration_studio k on k.tenant_id = w.tenant_id and k.integration_id = w.integration_id
            and k.studio_id = w.studio_id and k.webhook_key is not null
        where w.tenant_id = $1 and w.id = $2 and w.lease_owner = $3";
    // Nothing moves when the lease is another's by now, the target is gone, or its position was set by somebody else.
    ADVANCE = "update webhook_target set lease_until = $4, position = $6
        where tenant_id = $1 and id = $2 and lease_owner = $3 and removed_at is null and position = $5";
    RELEASE = "update webhook_target set lease_owner = null, lease_until = $4
        where tenant_id = $1 and id = $2 and lease_owner = $3";
    TOLD = "select position, studio_id, tenant_time, events from journal
        where tenant_id = $1 and studio_id = $2 and position > $3 and events is not null order by position limit $4";
    TOLD_ANYWHERE = "select position, studio_id, tenant_time, events from journal
        where tenant_id = $1 and position > $2 and events is not null and studio_id is not null order by position limit $3";
}

/// The secrets of an integration in a studio; the `fresh` ones where it has none yet.
pub fn secrets(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    integration: i64,
    studio: i64,
    fresh: &Secrets,
) -> Result<Secrets, DbError> {
    tx.execute(&LINK, &[&tenant, &integration, &studio])?;
    tx.execute(&MAKE_SECRETS, &[&tenant, &integration, &studio, &fresh.webhook_key, &fresh.signing_secret])?;
    find_secrets(tx, tenant, integration, studio)?.ok_or(DbError::Conflict)
}

/// The secrets of an integration in a studio, if it has had a target.
pub fn find_secrets(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    integration: i64,
    studio: i64,
) -> Result<Option<Secrets>, DbError> {
    tx.query_one(&SECRETS, &[&tenant, &integration, &studio])
}

/// Stores a target and answers its id. The caller leaves a record that says with `Begins::Target` from where events count; until
/// it is written there are none.
pub fn insert(tx: &mut Tx<'_>, tenant: TenantId, target: &NewTarget, now: Timestamp) -> Result<i64, DbError> {
    let id = tx.next_id()?;
    let NewTarget { integration, studio, url, event_types } = target;
    tx.execute(&INSERT, &[&tenant, &id, integration, studio, url, event_types, &now, &i64::MAX])?;
    Ok(id)
}

/// Removes a target and answers its studio; nothing waits for it any more. `None`: there is no such target.
pub fn remove(tx: &mut Tx<'_>, tenant: TenantId, id: i64, now: Timestamp) -> Result<Option<i64>, DbError> {
    let Some((studio,)) = tx.query_one::<(i64,)>(&REMOVE, &[&tenant, &id, &now])? else { return Ok(None) };
    delivery::give_up_all(tx, tenant, id)?;
    Ok(Some(studio))
}

/// The targets of a tenant, by id.
pub fn list(tx: &mut Tx<'_>, tenant: TenantId) -> Result<Vec<Listed>, DbError> {
    tx.query(&LIST, &[&tenant])
}

/// Targets of all tenants that have work and that nobody holds.
pub fn due(tx: &mut Tx<'_>, system_now: Timestamp, limit: i64) -> Result<Vec<Due>, DbError> {
    tx.query(&DUE, &[&system_now, &limit])
}

/// Targets of a tenant that have work, also those that are held.
pub fn due_of(tx: &mut Tx<'_>, tenant: TenantId, tenant_now: Timestamp) -> Result<Vec<Due>, DbError> {
    tx.query(&DUE_OF, &[&tenant, &tenant_now])
}

/// Takes hold of a target until an instant of the system's time. `None`: it is held, removed, or its integration is not ready.
pub fn claim(tx: &mut Tx<'_>, lease: &Lease, now: Timestamp, until: Timestamp) -> Result<Option<Held>, DbError> {
    if tx.execute(&CLAIM, &[&lease.tenant, &lease.target, &lease.owner, &until, &now])? == 0 {
        return Ok(None);
    }
    let held = tx.query_one(&HELD, &[&lease.tenant, &lease.target, &lease.owner])?;
    if held.is_none() {
        release(tx, lease, now)?;
    }
    Ok(held)
}

/// Holds a target on until an instant, and moves its position. `false`: the hold is lost, and what was sent since it was last
/// confirmed must be forgotten.
pub fn advance(tx: &mut Tx<'_>, lease: &Lease, until: Timestamp, from: i64, to: i64) -> Result<bool, DbError> {
    Ok(tx.execute(&ADVANCE, &[&lease.tenant, &lease.target, &lease.owner, &until, &from, &to])? == 1)
}

/// Lets go of a target.
pub fn release(tx: &mut Tx<'_>, lease: &Lease, now: Timestamp) -> Result<(), DbError> {
    tx.execute(&RELEASE, &[&lease.tenant, &lease.target, &lease.owner, &now]).map(drop)
}

/// At most so many records of a studio that have events, behind a position, in order.
pub fn told(tx: &mut Tx<'_>, tenant: TenantId, studio: i64, after: i64, limit: i64) -> Result<Vec<Told>, DbError> {
    tx.query(&TOLD, &[&tenant, &studio, &after, &limit])
}

/// At most so many records of a tenant that have events, behind a position, in order.
pub fn told_anywhere(tx: &mut Tx<'_>, tenant: TenantId, after: i64, limit: i64) -> Result<Vec<Told>, DbError> {
    tx.query(&TOLD_ANYWHERE, &[&tenant, &after, &limit])
}
