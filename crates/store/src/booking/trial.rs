//! Bookings made to try something.

use jiff::Timestamp;

use crate::{
    db::{DbError, Tx},
    tenant::TenantId,
};

crate::statements! {
    // One that was canceled in time, or given up because it was not confirmed, is as if it had never been.
    TRIED = "select starts_at from booking where tenant_id = $1 and customer_id = $2 and trial_id = $3
        and (status <> 'CANCELED' or late) order by starts_at, id";
}

/// When the trials of an offer begin that a customer has booked and that count (TRI-3).
pub fn tried(tx: &mut Tx<'_>, tenant: TenantId, customer: i64, offer: i64) -> Result<Vec<Timestamp>, DbError> {
    let found = tx.query::<(Timestamp,)>(&TRIED, &[&tenant, &customer, &offer])?;
    Ok(found.into_iter().map(|(starts_at,)| starts_at).collect())
}
