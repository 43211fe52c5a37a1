//! Visits that nobody ends: they end when the studio closes, or some hours after they began where it does not (CHK-4).
//!
//! Whoever comes in leaves a job for the moment at which the visit ends by itself, one for all who are to leave at that moment.
//! When it is due it ends whatever visits are over by then. The night looks again, for visits that had no job: those that were
//! entered afterwards, and one that began in the very moment in which the job of its closing hour was done.

use gymkeeper_contract::{
    common::UtcDateTime,
    webhooks::{AutomaticCheckout, Event},
};
use gymkeeper_domain::{
    customer::access::{automatic_checkout, automatic_checkout_due},
    studio::closes_after,
};
use gymkeeper_store::{
    db::DbError,
    job,
    studio::{self, checkin},
};
use jiff::Timestamp;

use super::{
    change::{Change, Deed},
    customer::{self, StudioOf},
};
use crate::{http::failure::Failure, workers::jobs::Kind};

/// Who has been inside so many hours and never left has forgotten to check out (CHK-4).
const FORGOTTEN_HOURS: u32 = 3;

/// When a visit ends by itself, and when somebody has to see to it.
fn end_of(studio: &StudioOf, checked_in_at: Timestamp) -> (Timestamp, Timestamp) {
    let definition = &studio.definition;
    let entered = studio.zone.to_datetime(checked_in_at);
    let closing = closes_after(&definition.opening_hours, &definition.closing_hours, entered);
    let closing = closing.and_then(|at| studio.zone.to_ambiguous_timestamp(at).compatible().ok());
    let hours = definition.automatic_checkout_hours.unwrap_or(FORGOTTEN_HOURS);
    let end = automatic_checkout(checked_in_at, closing, hours);
    (end, automatic_checkout_due(end, closing))
}

/// Sees to it that visits which begin at these instants end by themselves. What would be over already is left to the night: it was
/// entered afterwards, and its end may be, too.
///
/// # Errors
/// The database's; when the studio cannot be read.
pub fn schedule(
    change: &mut Change<'_, '_>,
    studio: i64,
    begins: impl Iterator<Item = Timestamp>,
) -> Result<(), DbError> {
    let studio = customer::studio(change.tx, change.tenant, studio)?;
    let mut dues: Vec<Timestamp> = begins.map(|begin| end_of(&studio, begin).1).collect();
    dues.retain(|due| *due > change.now);
    dues.sort_unstable();
    dues.dedup();
    dues.into_iter().try_for_each(|due| add(change, &studio, due))
}

fn add(change: &mut Change<'_, '_>, studio: &StudioOf, due: Timestamp) -> Result<(), DbError> {
    job::add(change.tx, change.tenant, Kind::Checkout.name(), &format!("{}@{due}", studio.id), due)
}

/// Sees to it that the visits that are going on end by the hours that the studio has now.
///
/// # Errors
/// As [`schedule`].
pub fn reschedule(change: &mut Change<'_, '_>, studio: i64) -> Result<(), DbError> {
    let open = checkin::list_open(change.tx, change.tenant, studio)?;
    if open.is_empty() {
        return Ok(());
    }
    let studio = customer::studio(change.tx, change.tenant, studio)?;
    let mut dues: Vec<Timestamp> = open.iter().map(|visit| end_of(&studio, visit.checked_in_at).1).collect();
    dues.sort_unstable();
    dues.dedup();
    dues.into_iter().try_for_each(|due| add(change, &studio, due))
}

/// Does the work of one such moment, by the key of its job.
///
/// # Errors
/// The database's; when there is no such studio.
pub fn turn(change: &mut Change<'_, '_>, key: &str) -> Result<(), Failure> {
    let unknown = || Failure::Internal(format!("there is no studio {key}"));
    let id = key.split('@').next().and_then(|id| id.parse().ok()).ok_or_else(unknown)?;
    if studio::find(change.tx, change.tenant, id)?.is_none() {
        return Err(unknown());
    }
    let studio = customer::studio(change.tx, change.tenant, id)?;
    check_out_forgotten(change, &studio)
}

/// Ends the visits that are over; one event tells of all of them. Those that are not yet, because the hours have changed, are seen
/// to later.
///
/// # Errors
/// The database's.
pub fn check_out_forgotten(change: &mut Change<'_, '_>, studio: &StudioOf) -> Result<(), Failure> {
    let (mut checkouts, mut ids, mut later) = (Vec::new(), Vec::new(), Vec::new());
    for visit in checkin::list_open(change.tx, change.tenant, studio.id)? {
        let (end, due) = end_of(studio, visit.checked_in_at);
        if end > change.now {
            later.push(due);
            continue;
        }
        if !checkin::close(change.tx, change.tenant, studio.id, visit.id, end)? {
            continue;
        }
        ids.push(visit.id);
        if let Some(customer_id) = visit.customer_id {
            checkouts.push(AutomaticCheckout { customer_id, checkout_time: UtcDateTime(end) });
        }
    }
    later.sort_unstable();
    later.dedup();
    later.into_iter().try_for_each(|due| add(change, studio, due))?;
    if ids.is_empty() {
        return Ok(());
    }
    let mut deed = Deed::new("checkin.closed-automatically").studio(studio.id).subject("studio", studio.id);
    deed = deed.field("checkins", (), ids);
    if !checkouts.is_empty() {
        deed = deed.event(Event::AutomaticCustomerCheckout { studio_id: studio.id, checkouts });
    }
    change.record(deed);
    Ok(())
}
