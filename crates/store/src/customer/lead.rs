//! People who showed interest. Each is a customer without a contract; what is kept here is how that began and how it went on.

use jiff::Timestamp;

use crate::{
    db::{DbError, Tx},
    tenant::TenantId,
};

crate::record! {
    /// A lead.
    pub struct Lead {
        /// Its id.
        pub id: i64,
        /// The studio that was asked.
        pub studio_id: i64,
        /// The customer that the person has become.
        pub customer_id: i64,
        /// `PENDING`, `WIN` or `LOSS`.
        pub status: String,
        /// The external id of the campaign that won the person.
        pub campaign: Option<String>,
        /// What was noted about the person.
        pub notes: Option<String>,
        /// When it began.
        pub created_at: Timestamp,
    }
}

/// The stored names of how a lead stands (LEAD-3).
pub mod status {
    /// Nobody knows yet.
    pub const PENDING: &str = "PENDING";
    /// The person signed a contract.
    pub const WIN: &str = "WIN";
    /// The person will not come.
    pub const LOSS: &str = "LOSS";
}

crate::statements! {
    INSERT = "insert into lead (tenant_id, id, studio_id, customer_id, status, campaign, notes, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)";
    OF_CUSTOMER = "select id, studio_id, customer_id, status, campaign, notes, created_at from lead
        where tenant_id = $1 and customer_id = $2 order by id";
    WIN = "update lead set status = 'WIN' where tenant_id = $1 and customer_id = $2 and status = 'PENDING' returning id";
}

/// Stores a lead; its id must be fresh.
pub fn insert(tx: &mut Tx<'_>, tenant: TenantId, lead: &Lead) -> Result<(), DbError> {
    let l = lead;
    tx.execute(
        &INSERT,
        &[&tenant, &l.id, &l.studio_id, &l.customer_id, &l.status, &l.campaign, &l.notes, &l.created_at],
    )
    .map(drop)
}

/// The leads by which a customer came, by id.
pub fn of_customer(tx: &mut Tx<'_>, tenant: TenantId, customer: i64) -> Result<Vec<Lead>, DbError> {
    tx.query(&OF_CUSTOMER, &[&tenant, &customer])
}

/// Makes the leads of a customer that are pending won ones, and answers their ids.
pub fn win(tx: &mut Tx<'_>, tenant: TenantId, customer: i64) -> Result<Vec<i64>, DbError> {
    Ok(tx.query::<(i64,)>(&WIN, &[&tenant, &customer])?.into_iter().map(|(id,)| id).collect())
}
