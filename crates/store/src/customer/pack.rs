//! Packs: uses that customers have without a contract.
//!
//! Uses are counted in the row itself and only ever moved by [`take`] and [`give_back`], each of which decides and counts in one
//! statement: of two who want the last use at once, one gets it.

use jiff::{Timestamp, civil::Date};

use crate::{
    db::{DbError, Tx},
    tenant::TenantId,
};

crate::record! {
    /// A pack.
    pub struct Pack {
        /// Its id.
        pub id: i64,
        /// Whose it is.
        pub customer_id: i64,
        /// The studio in which it was given.
        pub studio_id: i64,
        /// The aggregator that pays for it, an entry of the inventory.
        pub aggregator_id: Option<i64>,
        /// The id that the aggregator has for the visitor.
        pub third_party_id: Option<String>,
        /// What people call it.
        pub name: String,
        /// The first day on which it may be used.
        pub valid_from: Date,
        /// The last day on which it may be used.
        pub valid_until: Option<Date>,
        /// How often it may be used.
        pub uses: Option<i64>,
        /// How often it was used.
        pub used: i64,
        /// Whether it lets the customer into the studio.
        pub opens_door: bool,
        /// The key of the allowance by which it is booked; nothing where it is good for everything.
        pub allowance_key: Option<String>,
        /// When it was given.
        pub created_at: Timestamp,
        /// When somebody ended it.
        pub ended_at: Option<Timestamp>,
    }
}

/// The columns of [`Pack`], in its order.
macro_rules! columns {
    () => {
        "id, customer_id, studio_id, aggregator_id, third_party_id, name, valid_from, valid_until, uses, used, opens_door, \
         allowance_key, created_at, ended_at"
    };
}

crate::statements! {
    FIND = concat!("select ", columns!(), " from pack where tenant_id = $1 and id = $2");
    OF_CUSTOMER = concat!("select ", columns!(), " from pack where tenant_id = $1 and customer_id = $2 order by id");
    OF_VISITOR = "select distinct customer_id from pack where tenant_id = $1 and aggregator_id = $2 and third_party_id = $3
        order by customer_id";
    INSERT = concat!("insert into pack (tenant_id, ", columns!(), ")
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)");
    TAKE = "update pack set used = used + 1 where tenant_id = $1 and id = $2 and ended_at is null
        and (uses is null or used < uses) and valid_from <= $3 and (valid_until is null or valid_until >= $3) returning id";
    GIVE_BACK = "update pack set used = used - 1 where tenant_id = $1 and id = $2 and used > 0 returning id";
    END = "update pack set ended_at = $3 where tenant_id = $1 and id = $2 and ended_at is null returning id";
}

/// The pack of that id.
pub fn find(tx: &mut Tx<'_>, tenant: TenantId, id: i64) -> Result<Option<Pack>, DbError> {
    tx.query_one(&FIND, &[&tenant, &id])
}

/// All packs that a customer ever had, by id.
pub fn of_customer(tx: &mut Tx<'_>, tenant: TenantId, customer: i64) -> Result<Vec<Pack>, DbError> {
    tx.query(&OF_CUSTOMER, &[&tenant, &customer])
}

/// The customers to whom packs were given for the visitor of that id of an aggregator, by id.
pub fn customers_of_visitor(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    aggregator: i64,
    third_party_id: &str,
) -> Result<Vec<i64>, DbError> {
    let found: Vec<(i64,)> = tx.query(&OF_VISITOR, &[&tenant, &aggregator, &third_party_id])?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

/// Stores a pack; its id must be fresh.
pub fn insert(tx: &mut Tx<'_>, tenant: TenantId, pack: &Pack) -> Result<(), DbError> {
    let p = pack;
    let params: [&dyn crate::db::ToParam; 15] = [
        &tenant,
        &p.id,
        &p.customer_id,
        &p.studio_id,
        &p.aggregator_id,
        &p.third_party_id,
        &p.name,
        &p.valid_from,
        &p.valid_until,
        &p.uses,
        &p.used,
        &p.opens_door,
        &p.allowance_key,
        &p.created_at,
        &p.ended_at,
    ];
    tx.execute(&INSERT, &params).map(drop)
}

/// Takes one use of a pack for a day. `false`: there is none left, even since a moment ago, or the pack is not valid on that day.
pub fn take(tx: &mut Tx<'_>, tenant: TenantId, id: i64, day: Date) -> Result<bool, DbError> {
    Ok(tx.query_one::<(i64,)>(&TAKE, &[&tenant, &id, &day])?.is_some())
}

/// Gives one use back, also to a pack that is over by now: what was used is known from it later. `false`: none was taken.
pub fn give_back(tx: &mut Tx<'_>, tenant: TenantId, id: i64) -> Result<bool, DbError> {
    Ok(tx.query_one::<(i64,)>(&GIVE_BACK, &[&tenant, &id])?.is_some())
}

/// Ends a pack before its time. `false`: somebody has.
pub fn end(tx: &mut Tx<'_>, tenant: TenantId, id: i64, now: Timestamp) -> Result<bool, DbError> {
    Ok(tx.query_one::<(i64,)>(&END, &[&tenant, &id, &now])?.is_some())
}
