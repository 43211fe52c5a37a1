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

crate::record! {
    /// A lead with the name of the customer that the person has become.
    pub struct NamedLead {
        /// Its id.
        pub id: i64,
        /// The customer.
        pub customer_id: i64,
        /// `PENDING`, `WIN` or `LOSS`.
        pub status: String,
        /// The external id of the campaign that won the person.
        pub campaign: Option<String>,
        /// What was noted about the person.
        pub notes: Option<String>,
        /// When it began.
        pub created_at: Timestamp,
        /// The customer's first name.
        pub first_name: String,
        /// The customer's last name.
        pub last_name: String,
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
    FIND = "select l.id, l.customer_id, l.status, l.campaign, l.notes, l.created_at, c.first_name, c.last_name from lead l
        join customer c on c.tenant_id = l.tenant_id and c.id = l.customer_id and c.archived_at is null
        where l.tenant_id = $1 and l.studio_id = $2 and l.id = $3";
    SLICE = "select l.id, l.customer_id, l.status, l.campaign, l.notes, l.created_at, c.first_name, c.last_name from lead l
        join customer c on c.tenant_id = l.tenant_id and c.id = l.customer_id and c.archived_at is null
        where l.tenant_id = $1 and l.studio_id = $2 and l.id < $3 order by l.id desc limit $4";
    SLICE_IN = "select l.id, l.customer_id, l.status, l.campaign, l.notes, l.created_at, c.first_name, c.last_name from lead l
        join customer c on c.tenant_id = l.tenant_id and c.id = l.customer_id and c.archived_at is null
        where l.tenant_id = $1 and l.studio_id = $2 and l.status = $5 and l.id < $3 order by l.id desc limit $4";
    SET_STATUS = "update lead set status = $3 where tenant_id = $1 and id = $2 and status <> 'WIN'";
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

/// The lead of a studio with that id, unless the customer is archived.
pub fn find(tx: &mut Tx<'_>, tenant: TenantId, studio: i64, id: i64) -> Result<Option<NamedLead>, DbError> {
    tx.query_one(&FIND, &[&tenant, &studio, &id])
}

/// The leads of a studio by descending id: those with lesser ids than `before`, at most `limit`, only those that stand like that if a
/// status is given. Archived customers are left out.
pub fn slice(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    studio: i64,
    status: Option<&str>,
    before: i64,
    limit: i64,
) -> Result<Vec<NamedLead>, DbError> {
    match status {
        None => tx.query(&SLICE, &[&tenant, &studio, &before, &limit]),
        Some(status) => tx.query(&SLICE_IN, &[&tenant, &studio, &before, &limit, &status]),
    }
}

/// Says how a lead stands. `false`: it is won.
pub fn set_status(tx: &mut Tx<'_>, tenant: TenantId, id: i64, status: &str) -> Result<bool, DbError> {
    Ok(tx.execute(&SET_STATUS, &[&tenant, &id, &status])? == 1)
}
