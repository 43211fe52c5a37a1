//! Deliveries: each event that a target was sent, with every attempt; and those that wait for another one.

use std::{fmt, str::FromStr};

use jiff::Timestamp;

use crate::{
    db::{DbError, Tx},
    tenant::TenantId,
};

/// How it stands with a delivery. The names are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// The receiver has it.
    Delivered,
    /// It will be sent again.
    Waiting,
    /// It was sent in vain as often as allowed, or its target was removed.
    Failed,
}

impl State {
    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Delivered => "DELIVERED",
            Self::Waiting => "WAITING",
            Self::Failed => "FAILED",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for State {
    type Err = DbError;

    fn from_str(name: &str) -> Result<Self, DbError> {
        let known = [Self::Delivered, Self::Waiting, Self::Failed].into_iter().find(|state| state.as_str() == name);
        known.ok_or_else(|| DbError::Unusable(format!("this version knows no state of deliveries named {name:?}")))
    }
}

crate::record! {
    /// A delivery in a listing.
    pub struct Listed {
        /// Its id.
        pub id: i64,
        /// The target.
        pub target_id: i64,
        /// The record of the journal.
        pub position: i64,
        /// The event.
        pub uuid: String,
        /// Its type.
        pub event_type: String,
        /// See [`State`].
        pub state: String,
        /// Attempts so far, or since it was last asked for again.
        pub attempts: i64,
        /// When it is due again, in the tenant's time.
        pub next_at: Option<Timestamp>,
        /// When it was last attempted, in the system's time.
        pub last_at: Timestamp,
    }
}

crate::record! {
    /// What a listing leaves out.
    pub struct Detail {
        /// Where it goes.
        pub url: String,
        /// Whether that target is still there.
        pub removed_at: Option<Timestamp>,
        /// The key it was sent with.
        pub webhook_key: String,
        /// Signs it.
        pub signing_secret: String,
        /// The body, as it stands in the journal.
        pub body: String,
        /// JSON: a list of the last attempts.
        pub log: String,
    }
}

crate::record! {
    /// A delivery that is due again.
    pub struct Repeat {
        /// Its id.
        pub id: i64,
        /// The event.
        pub uuid: String,
        /// Its type.
        pub event_type: String,
        /// Attempts so far.
        pub attempts: i64,
        /// The body.
        pub body: String,
        /// JSON: a list of the last attempts.
        pub log: String,
    }
}

/// The first attempt at a delivery.
#[derive(Debug, Clone, PartialEq)]
pub struct First {
    /// The record of the journal.
    pub position: i64,
    /// The event.
    pub uuid: String,
    /// Its type.
    pub event_type: String,
    /// The body.
    pub body: String,
    /// What came of it.
    pub outcome: Outcome,
}

/// What came of an attempt.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// How it stands now.
    pub state: State,
    /// Attempts so far.
    pub attempts: i64,
    /// When it is due again, in the tenant's time.
    pub next_at: Option<Timestamp>,
    /// When it was attempted, in the system's time.
    pub last_at: Timestamp,
    /// JSON: a list of the last attempts.
    pub log: String,
}

/// Which deliveries are meant.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Selection {
    /// Those in that state.
    pub state: Option<State>,
    /// Those to that target.
    pub target: Option<i64>,
    /// Those last attempted at that instant or later.
    pub since: Option<Timestamp>,
    /// Those last attempted before that instant.
    pub until: Option<Timestamp>,
}

crate::statements! {
    INSERT = "insert into delivery (tenant_id, id, target_id, position, uuid, event_type, state, attempts, next_at, last_at,
            body, log)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    ATTEMPTED = "update delivery set state = $3, attempts = $4, next_at = $5, last_at = $6, log = $7
        where tenant_id = $1 and id = $2";
    REPEATS = "select id, uuid, event_type, attempts, body, log from delivery
        where tenant_id = $1 and target_id = $2 and state = 'WAITING' and next_at <= $3 order by next_at, id limit $4";
    NEXT_DUE = "select min(d.next_at) from delivery d
        join webhook_target w on w.tenant_id = d.tenant_id and w.id = d.target_id and w.removed_at is null
        where d.tenant_id = $1 and d.state = 'WAITING'";
    // Over all tenants, for the metrics.
    WAITING = "select count(*) from delivery d join tenant t on t.tenant_id = d.tenant_id and t.snapshot_of is null
        where d.state = 'WAITING'";
    LIST = "select id, target_id, position, uuid, event_type, state, attempts, next_at, last_at from delivery
        where tenant_id = $1 and (cast($2 as TEXT) is null or state = $2) and (cast($3 as BIGINT) is null or target_id = $3)
            and (cast($4 as TIMESTAMPTZ) is null or last_at >= $4) and (cast($5 as TIMESTAMPTZ) is null or last_at < $5)
        order by id desc limit $6";
    FIND = "select id, target_id, position, uuid, event_type, state, attempts, next_at, last_at from delivery
        where tenant_id = $1 and id = $2";
    DETAIL = "select w.url, w.removed_at, k.webhook_key, k.signing_secret, d.body, d.log from delivery d
        join webhook_target w on w.tenant_id = d.tenant_id and w.id = d.target_id
        join integration_studio k on k.tenant_id = w.tenant_id and k.integration_id = w.integration_id
            and k.studio_id = w.studio_id
        where d.tenant_id = $1 and d.id = $2";
    REPLAY = "update delivery set state = 'WAITING', next_at = $3, attempts = 0 where tenant_id = $1 and id = $2
        and exists (select 1 from webhook_target w where w.tenant_id = $1 and w.id = delivery.target_id
            and w.removed_at is null)";
    REPLAY_MANY = "update delivery set state = 'WAITING', next_at = $2, attempts = 0
        where tenant_id = $1 and (cast($3 as TEXT) is null or state = $3) and (cast($4 as BIGINT) is null or target_id = $4)
            and (cast($5 as TIMESTAMPTZ) is null or last_at >= $5) and (cast($6 as TIMESTAMPTZ) is null or last_at < $6)
            and exists (select 1 from webhook_target w where w.tenant_id = $1 and w.id = delivery.target_id
                and w.removed_at is null)";
    GIVE_UP_ALL = "update delivery set state = 'FAILED', next_at = null
        where tenant_id = $1 and target_id = $2 and state = 'WAITING'";
    // Ids ascend with time, so what is old enough is among the first; the rest of the table is not read.
    FORGET = "delete from delivery where tenant_id = $1 and id in (select o.id
            from (select d.id, d.state, d.last_at from delivery d where d.tenant_id = $1 order by d.id limit $4) o
            where o.state = $2 and o.last_at < $3)";
}

/// Among so many of the oldest deliveries those are looked for that are forgotten in one transaction.
pub const FORGET_AT_ONCE: i64 = 10_000;

/// Stores first attempts, in their order.
pub fn insert(tx: &mut Tx<'_>, tenant: TenantId, target: i64, firsts: &[First]) -> Result<(), DbError> {
    let ids = tx.next_ids(i64::try_from(firsts.len()).unwrap_or(0))?;
    for (id, First { position, uuid, event_type, body, outcome }) in ids.iter().zip(firsts) {
        let Outcome { state, attempts, next_at, last_at, log } = outcome;
        let state = state.as_str();
        tx.execute(
            &INSERT,
            &[&tenant, id, &target, position, uuid, event_type, &state, attempts, next_at, last_at, body, log],
        )?;
    }
    Ok(())
}

/// Stores what came of another attempt.
pub fn attempted(tx: &mut Tx<'_>, tenant: TenantId, id: i64, outcome: &Outcome) -> Result<(), DbError> {
    let Outcome { state, attempts, next_at, last_at, log } = outcome;
    tx.execute(&ATTEMPTED, &[&tenant, &id, &state.as_str(), attempts, next_at, last_at, log]).map(drop)
}

/// Deliveries to a target that are due again, in the order of their due moments.
pub fn repeats(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    target: i64,
    tenant_now: Timestamp,
    limit: i64,
) -> Result<Vec<Repeat>, DbError> {
    tx.query(&REPEATS, &[&tenant, &target, &tenant_now, &limit])
}

/// The earliest moment of the tenant's time at which a delivery is due again.
pub fn next_due(tx: &mut Tx<'_>, tenant: TenantId) -> Result<Option<Timestamp>, DbError> {
    Ok(tx.query_one::<(Option<Timestamp>,)>(&NEXT_DUE, &[&tenant])?.and_then(|(at,)| at))
}

/// How many deliveries wait, of all tenants.
pub fn waiting(tx: &mut Tx<'_>) -> Result<i64, DbError> {
    Ok(tx.query_one::<(i64,)>(&WAITING, &[])?.map_or(0, |(count,)| count))
}

/// The newest deliveries of a selection, newest first.
pub fn list(tx: &mut Tx<'_>, tenant: TenantId, selection: &Selection, limit: i64) -> Result<Vec<Listed>, DbError> {
    let Selection { state, target, since, until } = selection;
    tx.query(&LIST, &[&tenant, &state.map(State::as_str), target, since, until, &limit])
}

/// A delivery with what a listing leaves out.
pub fn find(tx: &mut Tx<'_>, tenant: TenantId, id: i64) -> Result<Option<(Listed, Detail)>, DbError> {
    let Some(listed) = tx.query_one(&FIND, &[&tenant, &id])? else { return Ok(None) };
    Ok(tx.query_one(&DETAIL, &[&tenant, &id])?.map(|detail| (listed, detail)))
}

/// Lets a delivery be sent again from the beginning. `false`: there is none, or its target is gone.
pub fn replay(tx: &mut Tx<'_>, tenant: TenantId, id: i64, tenant_now: Timestamp) -> Result<bool, DbError> {
    Ok(tx.execute(&REPLAY, &[&tenant, &id, &tenant_now])? == 1)
}

/// Lets a selection of deliveries be sent again, and answers how many.
pub fn replay_many(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    selection: &Selection,
    tenant_now: Timestamp,
) -> Result<u64, DbError> {
    let Selection { state, target, since, until } = selection;
    tx.execute(&REPLAY_MANY, &[&tenant, &tenant_now, &state.map(State::as_str), target, since, until])
}

/// Ends the waiting of all deliveries to a target.
pub(super) fn give_up_all(tx: &mut Tx<'_>, tenant: TenantId, target: i64) -> Result<(), DbError> {
    tx.execute(&GIVE_UP_ALL, &[&tenant, &target]).map(drop)
}

/// Removes deliveries that were made before an instant of the system's time, at most [`FORGET_AT_ONCE`], and answers how many.
pub fn forget_delivered(tx: &mut Tx<'_>, tenant: TenantId, before: Timestamp) -> Result<u64, DbError> {
    tx.execute(&FORGET, &[&tenant, &State::Delivered.as_str(), &before, &FORGET_AT_ONCE])
}

/// As [`forget_delivered`], for those that were given up.
pub fn forget_failed(tx: &mut Tx<'_>, tenant: TenantId, before: Timestamp) -> Result<u64, DbError> {
    tx.execute(&FORGET, &[&tenant, &State::Failed.as_str(), &before, &FORGET_AT_ONCE])
}
