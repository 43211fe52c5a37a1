//! Visits: opening and closing them.

use gymkeeper_contract::webhooks::Event;
use gymkeeper_store::{
    db::DbError,
    studio::checkin::{self, OpenCheckin},
};
use jiff::Timestamp;

use super::{
    change::{Change, Deed},
    checkout,
    customer::door::{self, Spent},
};

/// Somebody who enters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visitor {
    /// The customer; nobody knows a guest, about whom no event is raised.
    pub customer: Option<i64>,
    /// When the visit begins.
    pub at: Timestamp,
}

/// Opens visits of a studio and answers their ids; they end by themselves in the end (CHK-4). The studio's capacity does not stop
/// anybody: who stands inside is inside.
///
/// # Errors
/// The database's.
pub fn open(change: &mut Change<'_, '_>, studio: i64, visitors: &[Visitor]) -> Result<Vec<i64>, DbError> {
    let ids = open_until_night(change, studio, visitors)?;
    checkout::schedule(change, studio, visitors.iter().map(|visitor| visitor.at))?;
    Ok(ids)
}

/// As [`open`], for visits that somebody makes up: nobody sees to their end before the night.
///
/// # Errors
/// The database's.
pub fn open_until_night(change: &mut Change<'_, '_>, studio: i64, visitors: &[Visitor]) -> Result<Vec<i64>, DbError> {
    let mut ids = Vec::with_capacity(visitors.len());
    for Visitor { customer, at } in visitors {
        let spent = match customer {
            Some(customer) => door::spend(change, studio, *customer, *at)?,
            None => Spent::default(),
        };
        let id = checkin::open(change.tx, change.tenant, studio, *customer, *at)?;
        if let Some(pack) = spent.pack {
            checkin::set_pack(change.tx, change.tenant, id, pack)?;
        }
        let mut deed = Deed::new("checkin.opened").studio(studio).subject("checkin", id).field("at", (), at);
        if let Some(customer_id) = *customer {
            deed = deed.field("customerId", (), customer_id).event(Event::CustomerCheckin { customer_id });
            deed = deed.field("checkinVoucherId", (), spent.voucher).field("packId", (), spent.pack);
            deed = deed.field("packUseTaken", (), spent.takes_use);
        }
        change.record(deed);
        ids.push(id);
    }
    Ok(ids)
}

/// Closes the oldest open visits of a studio, at most so many, and answers their ids.
///
/// # Errors
/// The database's.
pub fn close_oldest(change: &mut Change<'_, '_>, studio: i64, count: usize) -> Result<Vec<i64>, DbError> {
    let open = checkin::list_open(change.tx, change.tenant, studio)?;
    let mut closed = Vec::new();
    for visit in open.iter().take(count) {
        if close(change, studio, visit)? {
            closed.push(visit.id);
        }
    }
    Ok(closed)
}

/// Closes a visit now. `false`: somebody was faster.
///
/// # Errors
/// The database's.
pub fn close(change: &mut Change<'_, '_>, studio: i64, visit: &OpenCheckin) -> Result<bool, DbError> {
    let at = change.now;
    close_at(change, studio, visit, at)
}

/// Closes a visit at an instant. `false`: somebody was faster.
///
/// # Errors
/// The database's.
pub fn close_at(change: &mut Change<'_, '_>, studio: i64, visit: &OpenCheckin, at: Timestamp) -> Result<bool, DbError> {
    if !checkin::close(change.tx, change.tenant, studio, visit.id, at)? {
        return Ok(false);
    }
    let mut deed = Deed::new("checkin.closed").studio(studio).subject("checkin", visit.id).field("at", (), at);
    if let Some(customer_id) = visit.customer_id {
        deed = deed.event(Event::CustomerCheckout { customer_id });
    }
    change.record(deed);
    Ok(true)
}
