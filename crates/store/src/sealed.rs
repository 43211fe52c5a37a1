//! All sealed columns, one after the other: for exports, for counting by what they are sealed with, and for the replacement of
//! a key.
//!
//! Their values are read and written as they are. What they mean is the business of the modules that own the columns.

use crate::{
    booking::feed,
    customer::{amendment, bank_account, identity, representative},
    db::{DbError, Sql, Tx},
    idempotency, sandbox,
    tenant::{self, TenantId},
};

/// A column whose values are sealed.
pub struct Column {
    /// The table, each of whose rows has an `id`.
    pub table: &'static str,
    /// The column.
    pub column: &'static str,
    /// What its values are sealed as, together with the row's id.
    pub kind: &'static str,
    batch: &'static Sql,
    replace: &'static Sql,
}

crate::statements! {
    ACCOUNTS = "select id, sealed from bank_account where tenant_id = $1 and id > $2 order by id limit $3";
    REPLACE_ACCOUNT = "update bank_account set sealed = $4 where tenant_id = $1 and id = $2 and sealed = $3";
    SIGNATURES = "select id, signature from bank_account
        where tenant_id = $1 and id > $2 and signature is not null order by id limit $3";
    REPLACE_SIGNATURE = "update bank_account set signature = $4 where tenant_id = $1 and id = $2 and signature = $3";
    IDENTITIES = "select id, identity from customer
        where tenant_id = $1 and id > $2 and identity is not null order by id limit $3";
    REPLACE_IDENTITY = "update customer set identity = $4 where tenant_id = $1 and id = $2 and identity = $3";
    REPRESENTATIVES = "select id, person from legal_representative
        where tenant_id = $1 and id > $2 and person is not null order by id limit $3";
    REPLACE_REPRESENTATIVE = "update legal_representative set person = $4 where tenant_id = $1 and id = $2 and person = $3";
    THEIR_SIGNATURES = "select id, signature from legal_representative
        where tenant_id = $1 and id > $2 and signature is not null order by id limit $3";
    REPLACE_THEIR_SIGNATURE = "update legal_representative set signature = $4
        where tenant_id = $1 and id = $2 and signature = $3";
    REQUESTS = "select id, requested from amendment
        where tenant_id = $1 and id > $2 and requested is not null order by id limit $3";
    REPLACE_REQUEST = "update amendment set requested = $4 where tenant_id = $1 and id = $2 and requested = $3";
    ANSWERS = "select id, body from idempotency where tenant_id = $1 and id > $2 order by id limit $3";
    REPLACE_ANSWER = "update idempotency set body = $4 where tenant_id = $1 and id = $2 and body = $3";
    FEED_KEYS = "select id, signing_key from calendar_feed
        where tenant_id = $1 and id > $2 and signing_key is not null order by id limit $3";
    REPLACE_FEED_KEY = "update calendar_feed set signing_key = $4 where tenant_id = $1 and id = $2 and signing_key = $3";
}

/// The sealed columns. A test finds everything that seals and misses none here.
pub static COLUMNS: &[Column] = &[
    Column {
        table: "bank_account",
        column: "sealed",
        kind: bank_account::SEALED_AS,
        batch: &ACCOUNTS,
        replace: &REPLACE_ACCOUNT,
    },
    Column {
        table: "bank_account",
        column: "signature",
        kind: bank_account::SIGNATURE_SEALED_AS,
        batch: &SIGNATURES,
        replace: &REPLACE_SIGNATURE,
    },
    Column {
        table: "customer",
        column: "identity",
        kind: identity::SEALED_AS,
        batch: &IDENTITIES,
        replace: &REPLACE_IDENTITY,
    },
    Column {
        table: "legal_representative",
        column: "person",
        kind: representative::SEALED_AS,
        batch: &REPRESENTATIVES,
        replace: &REPLACE_REPRESENTATIVE,
    },
    Column {
        table: "legal_representative",
        column: "signature",
        kind: representative::SIGNATURE_SEALED_AS,
        batch: &THEIR_SIGNATURES,
        replace: &REPLACE_THEIR_SIGNATURE,
    },
    Column {
        table: "amendment",
        column: "requested",
        kind: amendment::SEALED_AS,
        batch: &REQUESTS,
        replace: &REPLACE_REQUEST,
    },
    Column {
        table: "idempotency",
        column: "body",
        kind: idempotency::SEALED_AS,
        batch: &ANSWERS,
        replace: &REPLACE_ANSWER,
    },
    Column {
        table: "calendar_feed",
        column: "signing_key",
        kind: feed::SEALED_AS,
        batch: &FEED_KEYS,
        replace: &REPLACE_FEED_KEY,
    },
];

/// Everybody who may have sealed values: all tenants, and the hidden ones that hold their snapshots.
pub fn owners(tx: &mut Tx<'_>) -> Result<Vec<TenantId>, DbError> {
    let mut owners = Vec::new();
    for tenant in tenant::list(tx)? {
        owners.push(tenant.id());
        owners.extend(sandbox::list(tx, tenant.id())?.iter().map(|snapshot| TenantId(snapshot.copy_id)));
    }
    Ok(owners)
}

/// At most so many values of a column behind a row, with the ids of their rows, in order.
pub fn batch(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    column: &Column,
    after: i64,
    most: i64,
) -> Result<Vec<(i64, Vec<u8>)>, DbError> {
    tx.query(column.batch, &[&tenant, &after, &most])
}

/// Puts another sealed form in the place of one. `false`: the row has got another value meanwhile, which stays.
pub fn replace(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    column: &Column,
    id: i64,
    from: &[u8],
    to: &[u8],
) -> Result<bool, DbError> {
    Ok(tx.execute(column.replace, &[&tenant, &id, &from, &to])? == 1)
}
