//! Visits: opening and closing them.

use gymkeeper_store::{
    db::{DbError, Tx},
    studio::checkin,
    tenant::TenantId,
};
use jiff::Timestamp;

/// Opens visits of a studio, one for each instant, and answers their ids. The studio's capacity does not stop anybody: who
/// stands inside is inside.
///
/// # Errors
/// The database's.
pub fn open(tx: &mut Tx<'_>, tenant: TenantId, studio: i64, at: &[Timestamp]) -> Result<Vec<i64>, DbError> {
    at.iter().map(|at| checkin::open(tx, tenant, studio, *at)).collect()
}

/// Closes the oldest open visits of a studio, at most so many, and answers their ids.
///
/// # Errors
/// The database's.
pub fn close_oldest(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    studio: i64,
    count: usize,
    at: Timestamp,
) -> Result<Vec<i64>, DbError> {
    let open = checkin::list_open(tx, tenant, studio)?;
    let mut closed = Vec::new();
    for visit in open.into_iter().take(count) {
        if checkin::close(tx, tenant, studio, visit.id, at)? {
            closed.push(visit.id);
        }
    }
    Ok(closed)
}
