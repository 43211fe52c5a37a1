//! Visits of a studio. An open one has no end yet.

use jiff::Timestamp;

use crate::{
    db::{DbError, Tx},
    tenant::TenantId,
};

crate::record! {
    /// A visit that has not ended.
    pub struct OpenCheckin {
        /// Its id.
        pub id: i64,
        /// When it began.
        pub checked_in_at: Timestamp,
        /// The customer; none for a guest whom nobody knows.
        pub customer_id: Option<i64>,
    }
}

crate::statements! {
    COUNT_OPEN = "select count(*) from checkin where tenant_id = $1 and studio_id = $2 and checked_out_at is null";
    LIST_OPEN = "select id, checked_in_at, customer_id from checkin
        where tenant_id = $1 and studio_id = $2 and checked_out_at is null order by id";
    INSERT = "insert into checkin (tenant_id, id, studio_id, customer_id, checked_in_at) values ($1, $2, $3, $4, $5)";
    CLOSE = "update checkin set checked_out_at = $4
        where tenant_id = $1 and studio_id = $2 and id = $3 and checked_out_at is null";
}

/// How many visits of the studio are open.
pub fn count_open(tx: &mut Tx<'_>, tenant: TenantId, studio: i64) -> Result<i64, DbError> {
    Ok(tx.query_one::<(i64,)>(&COUNT_OPEN, &[&tenant, &studio])?.map_or(0, |(count,)| count))
}

/// The open visits of the studio, by id.
pub fn list_open(tx: &mut Tx<'_>, tenant: TenantId, studio: i64) -> Result<Vec<OpenCheckin>, DbError> {
    tx.query(&LIST_OPEN, &[&tenant, &studio])
}

/// Opens a visit of a customer, or of a guest whom nobody knows.
pub fn open(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    studio: i64,
    customer: Option<i64>,
    at: Timestamp,
) -> Result<i64, DbError> {
    let id = tx.next_id()?;
    tx.execute(&INSERT, &[&tenant, &id, &studio, &customer, &at])?;
    Ok(id)
}

/// Ends a visit. `false`: there is no such open one.
pub fn close(tx: &mut Tx<'_>, tenant: TenantId, studio: i64, id: i64, at: Timestamp) -> Result<bool, DbError> {
    Ok(tx.execute(&CLOSE, &[&tenant, &studio, &id, &at])? == 1)
}
