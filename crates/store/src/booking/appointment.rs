//! Bookings of appointments, besides what they share with bookings of classes.

use jiff::Timestamp;

use super::{Booking, slot::Window};
use crate::{
    db::{DbError, Tx},
    tenant::TenantId,
};

crate::statements! {
    PLANNED = "select count(*) from booking where tenant_id = $1 and customer_id = $2 and starts_at > $3
        and subject_id = $4 and kind = 'APPOINTMENT' and status <> 'CANCELED'";
    OF_STUDIO = "select id, kind, studio_id, customer_id, subject_id, slot_id, starts_at, ends_at, status, participation, place,
            spot, booked_at, canceled_at, late, contract_id, list_id, pack_id, allowance_key, window_start, trial_id, confirm_until
        from booking where tenant_id = $1 and studio_id = $2 and kind = 'APPOINTMENT' and starts_at >= $3 and starts_at < $4
        order by starts_at, id limit $5 offset $6";
}

/// The appointments of a studio that begin in a window, canceled ones too, by start and id.
pub fn of_studio(tx: &mut Tx<'_>, tenant: TenantId, studio: i64, window: Window) -> Result<Vec<Booking>, DbError> {
    let Window { from, to, limit, offset } = window;
    tx.query(&OF_STUDIO, &[&tenant, &studio, &from, &to, &limit, &offset])
}

/// How many bookings of an appointment a customer has that are still to come.
pub fn planned(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    customer: i64,
    now: Timestamp,
    appointment: i64,
) -> Result<i64, DbError> {
    let found = tx.query_one::<(i64,)>(&PLANNED, &[&tenant, &customer, &now, &appointment])?;
    Ok(found.map_or(0, |(count,)| count))
}
