//! Check-in vouchers: codes that bring somebody in once.

use jiff::{Timestamp, civil::Date};

use crate::{
    db::{DbError, Tx},
    tenant::TenantId,
};

crate::record! {
    /// A voucher.
    pub struct Voucher {
        /// Its id.
        pub id: i64,
        /// The studio that it opens.
        pub studio_id: i64,
        /// The code as it was made.
        pub code: String,
        /// The first day on which it may be redeemed and used.
        pub valid_from: Option<Date>,
        /// The last day on which it may be redeemed and used.
        pub valid_until: Option<Date>,
        /// When somebody redeemed it.
        pub redeemed_at: Option<Timestamp>,
        /// Who did.
        pub customer_id: Option<i64>,
        /// The code that opens the studio.
        pub access_code: Option<String>,
        /// When the one visit began.
        pub used_at: Option<Timestamp>,
    }
}

crate::statements! {
    BY_CODE = "select id, studio_id, code, valid_from, valid_until, redeemed_at, customer_id, access_code, used_at
        from checkin_voucher where tenant_id = $1 and code_key = $2";
    LIST = "select id, studio_id, code, valid_from, valid_until, redeemed_at, customer_id, access_code, used_at
        from checkin_voucher where tenant_id = $1 and studio_id = $2 order by id";
    INSERT = "insert into checkin_voucher (tenant_id, id, studio_id, code, code_key, valid_from, valid_until, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (tenant_id, code_key) do nothing";
    SET_DAYS = "update checkin_voucher set valid_from = $3, valid_until = $4 where tenant_id = $1 and id = $2";
    CLAIM = "update checkin_voucher set redeemed_at = $3 where tenant_id = $1 and id = $2 and redeemed_at is null returning id";
    ACCESS_CODE = "select id from checkin_voucher where tenant_id = $1 and access_code = $2";
    BY_ACCESS_CODE = "select customer_id from checkin_voucher where tenant_id = $1 and access_code = $2 and studio_id = $3
        and used_at is null and customer_id is not null";
    ASSIGN = "update checkin_voucher set customer_id = $3, access_code = $4 where tenant_id = $1 and id = $2";
    UNUSED = "select id, studio_id, code, valid_from, valid_until, redeemed_at, customer_id, access_code, used_at
        from checkin_voucher where tenant_id = $1 and customer_id = $2 and studio_id = $3 and used_at is null order by id";
    USE = "update checkin_voucher set used_at = $3 where tenant_id = $1 and id = $2 and used_at is null returning id";
}

/// The voucher with that code in the form in which codes are compared, in whatever studio.
pub fn by_code(tx: &mut Tx<'_>, tenant: TenantId, code_key: &str) -> Result<Option<Voucher>, DbError> {
    tx.query_one(&BY_CODE, &[&tenant, &code_key])
}

/// The vouchers of a studio, by id.
pub fn list(tx: &mut Tx<'_>, tenant: TenantId, studio: i64) -> Result<Vec<Voucher>, DbError> {
    tx.query(&LIST, &[&tenant, &studio])
}

/// Stores a voucher that nobody has redeemed yet; its id must be fresh. `false`: the tenant has one with that code.
pub fn insert(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    voucher: &Voucher,
    code_key: &str,
    now: Timestamp,
) -> Result<bool, DbError> {
    let v = voucher;
    let params: [&dyn crate::db::ToParam; 8] =
        [&tenant, &v.id, &v.studio_id, &v.code, &code_key, &v.valid_from, &v.valid_until, &now];
    Ok(tx.execute(&INSERT, &params)? == 1)
}

/// Changes the days on which a voucher may be redeemed and used.
pub fn set_days(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    id: i64,
    from: Option<Date>,
    until: Option<Date>,
) -> Result<(), DbError> {
    tx.execute(&SET_DAYS, &[&tenant, &id, &from, &until]).map(drop)
}

/// Redeems a voucher. `false`: somebody has, even a moment ago.
pub fn claim(tx: &mut Tx<'_>, tenant: TenantId, id: i64, now: Timestamp) -> Result<bool, DbError> {
    Ok(tx.query_one::<(i64,)>(&CLAIM, &[&tenant, &id, &now])?.is_some())
}

/// Whether an access code is taken.
pub fn has_access_code(tx: &mut Tx<'_>, tenant: TenantId, access_code: &str) -> Result<bool, DbError> {
    Ok(tx.query_one::<(i64,)>(&ACCESS_CODE, &[&tenant, &access_code])?.is_some())
}

/// Who has the code of a voucher that still opens a studio.
pub fn by_access_code(tx: &mut Tx<'_>, tenant: TenantId, code: &str, studio: i64) -> Result<Option<i64>, DbError> {
    Ok(tx.query_one::<(i64,)>(&BY_ACCESS_CODE, &[&tenant, &code, &studio])?.map(|(id,)| id))
}

/// Remembers who redeemed a voucher, and the code that opens the studio.
pub fn assign(tx: &mut Tx<'_>, tenant: TenantId, id: i64, customer: i64, access_code: &str) -> Result<(), DbError> {
    tx.execute(&ASSIGN, &[&tenant, &id, &customer, &access_code]).map(drop)
}

/// The vouchers of a studio that a customer has redeemed and not used yet, by id.
pub fn unused(tx: &mut Tx<'_>, tenant: TenantId, customer: i64, studio: i64) -> Result<Vec<Voucher>, DbError> {
    tx.query(&UNUSED, &[&tenant, &customer, &studio])
}

/// Remembers when the one visit began. `false`: it was used already, even a moment ago.
pub fn use_up(tx: &mut Tx<'_>, tenant: TenantId, id: i64, at: Timestamp) -> Result<bool, DbError> {
    Ok(tx.query_one::<(i64,)>(&USE, &[&tenant, &id, &at])?.is_some())
}
