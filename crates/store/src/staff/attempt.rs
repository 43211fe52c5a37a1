//! Wrong passwords and codes, counted for an account or an address, so that guessing has an end.
//!
//! An attempt is counted before it is looked at, and taken back when it was right: many at once get no more guesses than many in
//! a row. The count begins anew a while after its first attempt.

use jiff::Timestamp;

use crate::{
    db::{DbError, Tx},
    tenant::TenantId,
};

crate::record! {
    /// The attempts of one account or address.
    pub struct Counted {
        /// How many, with the one just counted.
        pub attempts: i64,
        /// When the first of them was.
        pub since: Timestamp,
    }
}

crate::statements! {
    COUNT = "insert into staff_attempt (tenant_id, subject, attempts, since) values ($1, $2, 1, $3)
        on conflict (tenant_id, subject) do update set
            attempts = case when staff_attempt.since <= $4 then 1 else staff_attempt.attempts + 1 end,
            since = case when staff_attempt.since <= $4 then excluded.since else staff_attempt.since end
        returning attempts, since";
    TAKE_BACK = "update staff_attempt set attempts = attempts - 1 where tenant_id = $1 and subject = $2 and attempts > 0";
    FORGET = "delete from staff_attempt where tenant_id = $1 and subject = $2";
    FORGET_OLD = "delete from staff_attempt where tenant_id = $1 and since <= $2";
}

/// Counts an attempt. Those from `over` and before no longer count.
pub fn count(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    subject: &str,
    now: Timestamp,
    over: Timestamp,
) -> Result<Counted, DbError> {
    let counted = tx.query_one(&COUNT, &[&tenant, &subject, &now, &over])?;
    counted.ok_or_else(|| DbError::Unusable("an attempt was not counted".to_owned()))
}

/// Takes back one attempt that was not wrong.
pub fn take_back(tx: &mut Tx<'_>, tenant: TenantId, subject: &str) -> Result<(), DbError> {
    tx.execute(&TAKE_BACK, &[&tenant, &subject]).map(drop)
}

/// Forgets the attempts of an account or address.
pub fn forget(tx: &mut Tx<'_>, tenant: TenantId, subject: &str) -> Result<(), DbError> {
    tx.execute(&FORGET, &[&tenant, &subject]).map(drop)
}

/// Removes counts that began before a moment.
pub fn forget_old(tx: &mut Tx<'_>, tenant: TenantId, before: Timestamp) -> Result<u64, DbError> {
    tx.execute(&FORGET_OLD, &[&tenant, &before])
}
