//! Access restrictions: why somebody is kept out, and from when to when.

use jiff::{Timestamp, civil::Date};

use crate::{
    db::{DbError, Tx},
    tenant::TenantId,
};

crate::record! {
    /// A restriction that is in force, to come, or over without that having been noted yet.
    pub struct Restriction {
        /// Its id.
        pub id: i64,
        /// Whom it keeps out.
        pub customer_id: i64,
        /// Who set it: `INTEGRATION`, `STAFF`, `DUNNING` or `DEBT_COLLECTION`.
        pub source: String,
        /// The integration that set it.
        pub integration_id: Option<i64>,
        /// Why.
        pub reason: String,
        /// The first day; none means since ever.
        pub start_date: Option<Date>,
        /// The last day; none means for ever.
        pub end_date: Option<Date>,
    }
}

crate::statements! {
    FIND = "select id, customer_id, source, integration_id, reason, start_date, end_date from access_restriction
        where tenant_id = $1 and id = $2 and not ended";
    OF_CUSTOMER = "select id, customer_id, source, integration_id, reason, start_date, end_date from access_restriction
        where tenant_id = $1 and customer_id = $2 and not ended order by id";
    OF_CUSTOMERS = "select r.id, r.customer_id, r.source, r.integration_id, r.reason, r.start_date, r.end_date
        from rarray($2) w cross join access_restriction r
        where r.tenant_id = $1 and r.customer_id = w.value and not r.ended order by r.customer_id, r.id";
    OF_INTEGRATION = "select id, customer_id, source, integration_id, reason, start_date, end_date from access_restriction
        where tenant_id = $1 and customer_id = $2 and integration_id = $3 and not ended";
    INSERT = "insert into access_restriction (tenant_id, id, customer_id, source, integration_id, reason, start_date, end_date,
            created_at, ended)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, false)";
    CHANGE = "update access_restriction set reason = $3, start_date = $4, end_date = $5 where tenant_id = $1 and id = $2";
    DELETE = "delete from access_restriction where tenant_id = $1 and id = $2";
    RUN_OUT = "update access_restriction set ended = true where tenant_id = $1 and not ended and end_date < $3
        and exists (select 1 from customer c where c.tenant_id = $1 and c.id = access_restriction.customer_id
            and c.studio_id = $2)
        returning id, customer_id";
}

/// The restriction of that id, unless it was noted that it is over.
pub fn find(tx: &mut Tx<'_>, tenant: TenantId, id: i64) -> Result<Option<Restriction>, DbError> {
    tx.query_one(&FIND, &[&tenant, &id])
}

/// A customer's restrictions, by id.
pub fn of_customer(tx: &mut Tx<'_>, tenant: TenantId, customer: i64) -> Result<Vec<Restriction>, DbError> {
    tx.query(&OF_CUSTOMER, &[&tenant, &customer])
}

/// The restrictions of many customers, by customer and id.
pub fn of_customers(tx: &mut Tx<'_>, tenant: TenantId, customers: &[i64]) -> Result<Vec<Restriction>, DbError> {
    tx.query(&OF_CUSTOMERS, &[&tenant, &crate::db::Ids(customers)])
}

/// The restriction that an integration has set for a customer; there is one at the most (CUST-11).
pub fn of_integration(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    customer: i64,
    integration: i64,
) -> Result<Option<Restriction>, DbError> {
    tx.query_one(&OF_INTEGRATION, &[&tenant, &customer, &integration])
}

/// Stores a restriction; its id must be fresh.
pub fn insert(tx: &mut Tx<'_>, tenant: TenantId, restriction: &Restriction, now: Timestamp) -> Result<(), DbError> {
    let r = restriction;
    tx.execute(
        &INSERT,
        &[&tenant, &r.id, &r.customer_id, &r.source, &r.integration_id, &r.reason, &r.start_date, &r.end_date, &now],
    )
    .map(drop)
}

/// Changes reason and days of a restriction.
pub fn change(tx: &mut Tx<'_>, tenant: TenantId, restriction: &Restriction) -> Result<(), DbError> {
    let r = restriction;
    tx.execute(&CHANGE, &[&tenant, &r.id, &r.reason, &r.start_date, &r.end_date]).map(drop)
}

/// Removes a restriction.
pub fn delete(tx: &mut Tx<'_>, tenant: TenantId, id: i64) -> Result<(), DbError> {
    tx.execute(&DELETE, &[&tenant, &id]).map(drop)
}

/// Notes which restrictions of a home studio's customers have run out before a day; answers them with their customers, each once.
pub fn run_out(tx: &mut Tx<'_>, tenant: TenantId, studio: i64, day: Date) -> Result<Vec<(i64, i64)>, DbError> {
    let mut ended: Vec<(i64, i64)> = tx.query(&RUN_OUT, &[&tenant, &studio, &day])?;
    ended.sort_unstable();
    Ok(ended)
}
