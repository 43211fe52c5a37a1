//! Access mediums: cards, PINs, barcodes and wallet passes by which doors know customers.

use jiff::Timestamp;

use crate::{
    db::{DbError, Tx},
    tenant::TenantId,
};

crate::record! {
    /// An access medium.
    pub struct Medium {
        /// Its id.
        pub id: i64,
        /// Whose it is.
        pub customer_id: i64,
        /// `CARD_NUMBER`, `PIN`, `BARCODE` or `WALLET_PASS`.
        pub kind: String,
        /// Its value in the stored form.
        pub value: String,
        /// The integration that made it; none for those made by staff.
        pub integration_id: Option<i64>,
    }
}

crate::statements! {
    FIND = "select id, customer_id, kind, value, integration_id from access_medium where tenant_id = $1 and id = $2";
    OF_CUSTOMER = "select id, customer_id, kind, value, integration_id from access_medium
        where tenant_id = $1 and customer_id = $2 order by id";
    INSERT = "insert into access_medium (tenant_id, id, customer_id, kind, value, integration_id, created_at)
        values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing";
    CHANGE = "update access_medium set value = $3 where tenant_id = $1 and id = $2
        and not exists (select 1 from access_medium o where o.tenant_id = $1 and o.kind = access_medium.kind
            and o.value = $3 and o.id <> $2)";
    DELETE = "delete from access_medium where tenant_id = $1 and id = $2";
}

/// The medium of that id.
pub fn find(tx: &mut Tx<'_>, tenant: TenantId, id: i64) -> Result<Option<Medium>, DbError> {
    tx.query_one(&FIND, &[&tenant, &id])
}

/// A customer's mediums, by id.
pub fn of_customer(tx: &mut Tx<'_>, tenant: TenantId, customer: i64) -> Result<Vec<Medium>, DbError> {
    tx.query(&OF_CUSTOMER, &[&tenant, &customer])
}

/// Stores a medium; its id must be fresh. `false`: somebody has one of that kind and value (CUST-12).
pub fn insert(tx: &mut Tx<'_>, tenant: TenantId, medium: &Medium, now: Timestamp) -> Result<bool, DbError> {
    let inserted = tx.execute(
        &INSERT,
        &[&tenant, &medium.id, &medium.customer_id, &medium.kind, &medium.value, &medium.integration_id, &now],
    )?;
    Ok(inserted == 1)
}

/// Gives a medium another value. `false`: somebody has one of that kind and value.
pub fn change(tx: &mut Tx<'_>, tenant: TenantId, id: i64, value: &str) -> Result<bool, DbError> {
    Ok(tx.execute(&CHANGE, &[&tenant, &id, &value])? == 1)
}

/// Removes a medium.
pub fn delete(tx: &mut Tx<'_>, tenant: TenantId, id: i64) -> Result<(), DbError> {
    tx.execute(&DELETE, &[&tenant, &id]).map(drop)
}
