//! How often benefits and allowances were used: a counter for each time in which uses are counted together.
//!
//! The key of an allowance is counted under `allowance:` and the key, which no benefit can have.

use jiff::civil::Date;

use crate::{
    db::{DbError, Tx},
    tenant::TenantId,
};

/// A time in which the uses of a benefit or an allowance are counted together.
#[derive(Debug, Clone, Copy)]
pub struct Window<'a> {
    /// Whose uses.
    pub customer_id: i64,
    /// The contract that gives the benefit or allowance, or the list of members that gives an allowance. Ids are given once for all
    /// tables.
    pub contract_id: i64,
    /// The key of the benefit.
    pub key: &'a str,
    /// The first day of the time.
    pub start: Date,
}

crate::statements! {
    USED = "select used from benefit_use
        where tenant_id = $1 and customer_id = $2 and contract_id = $3 and benefit_key = $4 and window_start = $5";
    TAKE = "insert into benefit_use (tenant_id, customer_id, contract_id, benefit_key, window_start, used)
        values ($1, $2, $3, $4, $5, 1) on conflict (tenant_id, customer_id, contract_id, benefit_key, window_start)
        do update set used = benefit_use.used + 1 where benefit_use.used < $6 returning used";
    GIVE_BACK = "update benefit_use set used = used - 1 where tenant_id = $1 and customer_id = $2 and contract_id = $3
        and benefit_key = $4 and window_start = $5 and used > 0";
}

/// How often the benefit was used in that time.
pub fn used(tx: &mut Tx<'_>, tenant: TenantId, w: &Window<'_>) -> Result<i64, DbError> {
    let found = tx.query_one::<(i64,)>(&USED, &[&tenant, &w.customer_id, &w.contract_id, &w.key, &w.start])?;
    Ok(found.map_or(0, |(used,)| used))
}

/// Counts one more use, if there are fewer than `most`, which is at least one. `false`: there are not.
pub fn take(tx: &mut Tx<'_>, tenant: TenantId, w: &Window<'_>, most: i64) -> Result<bool, DbError> {
    let params: [&dyn crate::db::ToParam; 6] = [&tenant, &w.customer_id, &w.contract_id, &w.key, &w.start, &most];
    Ok(tx.query_one::<(i64,)>(&TAKE, &params)?.is_some())
}

/// Takes one use back that was counted.
pub fn give_back(tx: &mut Tx<'_>, tenant: TenantId, w: &Window<'_>) -> Result<(), DbError> {
    tx.execute(&GIVE_BACK, &[&tenant, &w.customer_id, &w.contract_id, &w.key, &w.start]).map(drop)
}
