//! Weighings: what a scale measured.

use jiff::Timestamp;

use crate::{
    db::{DbError, Tx},
    tenant::TenantId,
};

crate::statements! {
    INSERT = "insert into weighing (tenant_id, id, customer_id, measured_at, results) values ($1, $2, $3, $4, $5)";
    LATEST = "select results from weighing where tenant_id = $1 and customer_id = $2 order by id desc limit 1";
}

/// Stores what was measured, as JSON text; the id must be fresh.
pub fn insert(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    id: i64,
    customer: i64,
    now: Timestamp,
    results: &str,
) -> Result<(), DbError> {
    tx.execute(&INSERT, &[&tenant, &id, &customer, &now, &results]).map(drop)
}

/// What was measured last, as JSON text.
pub fn latest(tx: &mut Tx<'_>, tenant: TenantId, customer: i64) -> Result<Option<String>, DbError> {
    Ok(tx.query_one::<(String,)>(&LATEST, &[&tenant, &customer])?.map(|(results,)| results))
}
