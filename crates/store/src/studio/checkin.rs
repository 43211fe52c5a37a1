//! Visits of a studio. An open one has no end yet.

use jiff::Timestamp;

use crate::{
    db::{DbError, Ids, Tx},
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

crate::record! {
    /// A visit of a customer.
    pub struct Visit {
        /// Its id.
        pub id: i64,
        /// Where it was.
        pub studio_id: i64,
        /// When it began.
        pub checked_in_at: Timestamp,
        /// When it ended; nothing while the customer is inside.
        pub checked_out_at: Option<Timestamp>,
    }
}

crate::record! {
    /// A visit of a studio, whoever it is of.
    pub struct StudioVisit {
        /// Its id.
        pub id: i64,
        /// When it began.
        pub checked_in_at: Timestamp,
        /// When it ended.
        pub checked_out_at: Option<Timestamp>,
        /// The customer; none for a guest whom nobody knows.
        pub customer_id: Option<i64>,
        /// The account of whoever let the customer in against the rules.
        pub exception_by: Option<i64>,
        /// The reasons against it, by their names with spaces between.
        pub exception_reasons: Option<String>,
        /// Why it was done all the same.
        pub exception_note: Option<String>,
    }
}

crate::statements! {
    OF_CUSTOMER = "select id, studio_id, checked_in_at, checked_out_at from checkin
        where tenant_id = $1 and customer_id = $2 and checked_in_at >= $3 and checked_in_at < $4
            and studio_id in (select value from rarray($5)) order by checked_in_at desc, id desc limit $6 offset $7";
    OPEN_OF_CUSTOMER = "select id, studio_id, checked_in_at, checked_out_at from checkin
        where tenant_id = $1 and customer_id = $2 and checked_out_at is null order by id desc";
    COUNT_OPEN = "select count(*) from checkin where tenant_id = $1 and studio_id = $2 and checked_out_at is null";
    COUNT_OPEN_TO = "select count(*) from (select 1 from checkin
        where tenant_id = $1 and studio_id = $2 and checked_out_at is null limit $3) inside";
    LIST_OPEN = "select id, checked_in_at, customer_id from checkin
        where tenant_id = $1 and studio_id = $2 and checked_out_at is null order by id";
    FIND = "select id, checked_in_at, checked_out_at, customer_id, exception_by, exception_reasons, exception_note from checkin
        where tenant_id = $1 and studio_id = $2 and id = $3";
    INSIDE = "select id, checked_in_at, checked_out_at, customer_id, exception_by, exception_reasons, exception_note from checkin
        where tenant_id = $1 and studio_id = $2 and checked_out_at is null and id > $3 order by id limit $4";
    SET_EXCEPTION = "update checkin set exception_by = $3, exception_reasons = $4, exception_note = $5
        where tenant_id = $1 and id = $2";
    SET_PACK = "update checkin set pack_id = $3 where tenant_id = $1 and id = $2";
    PACKS_OF_VISITS = "select distinct pack_id from checkin
        where tenant_id = $1 and customer_id = $2 and checked_in_at >= $3 and checked_in_at < $4 and pack_id is not null";
    INSERT = "insert into checkin (tenant_id, id, studio_id, customer_id, checked_in_at) values ($1, $2, $3, $4, $5)";
    CLOSE = "update checkin set checked_out_at = $4
        where tenant_id = $1 and studio_id = $2 and id = $3 and checked_out_at is null";
}

/// How many visits of the studio are open.
pub fn count_open(tx: &mut Tx<'_>, tenant: TenantId, studio: i64) -> Result<i64, DbError> {
    Ok(tx.query_one::<(i64,)>(&COUNT_OPEN, &[&tenant, &studio])?.map_or(0, |(count,)| count))
}

/// How many visits of the studio are open, counted no further than `most`: what the door needs to know when thousands are inside.
pub fn count_open_to(tx: &mut Tx<'_>, tenant: TenantId, studio: i64, most: u32) -> Result<u32, DbError> {
    let found = tx.query_one::<(i64,)>(&COUNT_OPEN_TO, &[&tenant, &studio, &i64::from(most)])?;
    Ok(found.map_or(0, |(count,)| u32::try_from(count).unwrap_or(most)))
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

/// The visits of a customer in some studios that began from one instant up to, and without, another, the newest first: at most
/// `limit` of them after the first `offset`.
#[allow(clippy::too_many_arguments)]
pub fn of_customer(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    customer: i64,
    studios: &[i64],
    start: Timestamp,
    end: Timestamp,
    offset: i64,
    limit: i64,
) -> Result<Vec<Visit>, DbError> {
    tx.query(&OF_CUSTOMER, &[&tenant, &customer, &start, &end, &Ids(studios), &limit, &offset])
}

/// The open visits of a customer, wherever they are; the newest first.
pub fn open_of_customer(tx: &mut Tx<'_>, tenant: TenantId, customer: i64) -> Result<Vec<Visit>, DbError> {
    tx.query(&OPEN_OF_CUSTOMER, &[&tenant, &customer])
}

/// Remembers the pack that let a customer in.
pub fn set_pack(tx: &mut Tx<'_>, tenant: TenantId, visit: i64, pack: i64) -> Result<(), DbError> {
    tx.execute(&SET_PACK, &[&tenant, &visit, &pack]).map(drop)
}

/// The packs that let a customer in from one instant up to, and without, another.
pub fn packs_of_visits(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    customer: i64,
    start: Timestamp,
    end: Timestamp,
) -> Result<Vec<i64>, DbError> {
    let found: Vec<(i64,)> = tx.query(&PACKS_OF_VISITS, &[&tenant, &customer, &start, &end])?;
    Ok(found.into_iter().map(|(pack,)| pack).collect())
}

/// The visit of a studio with that id, over or not.
pub fn find(tx: &mut Tx<'_>, tenant: TenantId, studio: i64, id: i64) -> Result<Option<StudioVisit>, DbError> {
    tx.query_one(&FIND, &[&tenant, &studio, &id])
}

/// The open visits of a studio by ascending id: those with greater ids than `after`, at most `limit`.
pub fn inside(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    studio: i64,
    after: i64,
    limit: i64,
) -> Result<Vec<StudioVisit>, DbError> {
    tx.query(&INSIDE, &[&tenant, &studio, &after, &limit])
}

/// Notes that a visit began against the rules: who allowed it, against which reasons, and why.
pub fn set_exception(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    id: i64,
    by: i64,
    reasons: &str,
    note: &str,
) -> Result<(), DbError> {
    tx.execute(&SET_EXCEPTION, &[&tenant, &id, &by, &reasons, &note]).map(drop)
}
