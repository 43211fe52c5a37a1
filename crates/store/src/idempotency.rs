//! First answers to requests that carry an idempotency key, kept so that a repeated request gets the same one. What they say may be
//! bank data, so it is sealed.

use jiff::Timestamp;

use crate::{
    db::{DbError, Tx},
    tenant::TenantId,
};

/// What bodies are sealed as; it must never change.
pub const SEALED_AS: &str = "kept_answer";
/// So many answers are looked at in one go.
const BATCH: i64 = 500;

crate::record! {
    /// A first answer.
    pub struct Kept {
        /// SHA-256 of the request it answered.
        pub fingerprint: Vec<u8>,
        /// Its HTTP status.
        pub status: i64,
        /// The language of its text, for refusals.
        pub language: Option<String>,
        /// Its body.
        pub body: Vec<u8>,
    }
}

/// Whose answer it is: an API key's, under the idempotency key that the caller chose.
#[derive(Debug, Clone, Copy)]
pub struct Owner<'a> {
    /// The tenant.
    pub tenant: TenantId,
    /// The API key.
    pub api_key: i64,
    /// The idempotency key.
    pub key: &'a str,
    /// What the row is known by among those of the tenant: it follows from API key and idempotency key.
    pub id: i64,
}

crate::statements! {
    FIND = "select fingerprint, status, language, body from idempotency
        where tenant_id = $1 and api_key_id = $2 and key = $3 and created_at > $4";
    KEEP = "insert into idempotency (tenant_id, api_key_id, key, fingerprint, status, language, body, created_at, id)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $10) on conflict (tenant_id, api_key_id, key) do update
        set fingerprint = excluded.fingerprint, status = excluded.status, language = excluded.language,
            body = excluded.body, created_at = excluded.created_at
        where idempotency.created_at <= $9";
    FORGET_OLD = "delete from idempotency where tenant_id = $1 and created_at <= $2";
    FORGET_MANY = "delete from idempotency where tenant_id = $1 and created_at <= (
            select i.created_at from idempotency i where i.tenant_id = $1 and i.api_key_id = idempotency.api_key_id
            order by i.created_at desc limit 1 offset $2)";
    FORGET_ALL = "delete from idempotency where tenant_id = $1";
    BODIES = "select id, body from idempotency where tenant_id = $1 and id > $2 order by id limit $3";
    FORGET = "delete from idempotency where tenant_id = $1 and id = $2";
}

/// The first answer under a key, if it is younger than `since`.
pub fn find(tx: &mut Tx<'_>, owner: Owner<'_>, since: Timestamp) -> Result<Option<Kept>, DbError> {
    let found: Option<Kept> = tx.query_one(&FIND, &[&owner.tenant, &owner.api_key, &owner.key, &since])?;
    found
        .map(|kept| {
            let body = tx.open(SEALED_AS, owner.id, &kept.body)?;
            Ok(Kept { body, ..kept })
        })
        .transpose()
}

/// An answer on its way to its row, which is written just before the commit.
pub(crate) struct Answer {
    tenant: TenantId,
    api_key: i64,
    key: String,
    id: i64,
    kept: Kept,
    now: Timestamp,
    since: Timestamp,
}

/// Keeps a first answer, if and when the transaction is kept. `false`: there is one already that is younger than `since`.
pub fn keep(tx: &mut Tx<'_>, owner: Owner<'_>, kept: Kept, now: Timestamp, since: Timestamp) -> Result<bool, DbError> {
    if find(tx, owner, since)?.is_some() {
        return Ok(false);
    }
    let body = tx.seal(SEALED_AS, owner.id, &kept.body)?;
    tx.leave_answer(Answer {
        tenant: owner.tenant,
        api_key: owner.api_key,
        key: owner.key.to_owned(),
        id: owner.id,
        kept: Kept { body, ..kept },
        now,
        since,
    });
    Ok(true)
}

/// Writes the answers that transactions have left behind. One that somebody else has kept since it was looked for is a conflict:
/// its transaction runs again, and finds it.
pub(crate) fn write(tx: &mut Tx<'_>, mut answers: Vec<Answer>) -> Result<(), DbError> {
    // Always in the same order: two commits must not wait for each other.
    answers.sort_unstable_by(|a, b| (a.tenant, a.api_key, &a.key).cmp(&(b.tenant, b.api_key, &b.key)));
    let written = tx.execute_each(&KEEP, &answers, |Answer { tenant, api_key, key, id, kept, now, since }| {
        [tenant, api_key, key, &kept.fingerprint, &kept.status, &kept.language, &kept.body, now, since, id]
    })?;
    if written == answers.len() as u64 { Ok(()) } else { Err(DbError::Conflict) }
}

/// Removes the answers from before `since`, and of each API key all but the youngest `most`.
pub fn clean(tx: &mut Tx<'_>, tenant: TenantId, since: Timestamp, most: i64) -> Result<u64, DbError> {
    Ok(tx.execute(&FORGET_OLD, &[&tenant, &since])? + tx.execute(&FORGET_MANY, &[&tenant, &most])?)
}

/// Removes all answers of a tenant.
pub fn forget_all(tx: &mut Tx<'_>, tenant: TenantId) -> Result<(), DbError> {
    tx.execute(&FORGET_ALL, &[&tenant]).map(drop)
}

/// Removes the answers of a tenant whose bodies are such, and says how many there were.
pub fn forget_where(tx: &mut Tx<'_>, tenant: TenantId, is_such: impl Fn(&[u8]) -> bool) -> Result<u64, DbError> {
    let (mut found, mut after) = (Vec::new(), -1_i64);
    loop {
        let batch: Vec<(i64, Vec<u8>)> = tx.query(&BODIES, &[&tenant, &after, &BATCH])?;
        let Some((last, _)) = batch.last() else { break };
        after = *last;
        for (id, sealed) in &batch {
            if is_such(&tx.open(SEALED_AS, *id, sealed)?) {
                found.push((tenant, *id));
            }
        }
    }
    tx.execute_each(&FORGET, &found, |(tenant, id)| [tenant, id])
}
