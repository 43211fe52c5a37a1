//! The turn of a studio's day: what happens every night without anybody asking for it (TIME-5).

use gymkeeper_contract::{
    common::UtcDateTime,
    webhooks::{AutomaticCheckout, Event},
};
use gymkeeper_store::{
    db::{DbError, Tx},
    job,
    studio::{self, checkin},
    tenant::TenantId,
};
use jiff::{Timestamp, ToSpan as _, civil::Date, tz::TimeZone};

use super::change::{Change, Deed};
use crate::{http::failure::Failure, workers::jobs::Kind};

/// The day's work is due so many minutes after midnight, by the studio's clock.
const MINUTES_AFTER_MIDNIGHT: i8 = 5;
/// Who has been inside so many hours and never left has forgotten to check out (CHK-4).
const FORGOTTEN_HOURS: i64 = 3;

/// Gives a studio its nightly job, unless it has one.
///
/// # Errors
/// The database's; when the studio's zone is not known here.
pub fn schedule(tx: &mut Tx<'_>, tenant: TenantId, studio: i64, zone: &str, now: Timestamp) -> Result<(), DbError> {
    let zone = zone_of(zone)?;
    let today = zone.to_datetime(now).date();
    let due = due_on(today, &zone);
    let due = if due > now { due } else { due_on(next_day(today), &zone) };
    job::add(tx, tenant, Kind::Day.name(), &studio.to_string(), due)
}

fn zone_of(name: &str) -> Result<TimeZone, DbError> {
    TimeZone::get(name).map_err(|_| DbError::Unusable(format!("the zone {name:?} is not known here")))
}

fn next_day(day: Date) -> Date {
    day.tomorrow().unwrap_or(day)
}

fn due_on(day: Date, zone: &TimeZone) -> Timestamp {
    let local = day.at(0, MINUTES_AFTER_MIDNIGHT, 0, 0);
    // TIME-4: where the clocks jump at midnight, the jump is added.
    zone.to_ambiguous_timestamp(local).compatible().unwrap_or(Timestamp::MAX)
}

/// Does the work of the night that was due, and answers when the next one is. A night that was missed is made up for before the
/// next, so a server that was off for days ends up where it would have been.
///
/// # Errors
/// The database's.
pub fn turn(change: &mut Change<'_, '_>, key: &str, due: Timestamp) -> Result<Timestamp, Failure> {
    let unknown = || Failure::Internal(format!("there is no studio {key}"));
    let id: i64 = key.parse().map_err(|_| unknown())?;
    let studio = studio::find(change.tx, change.tenant, id)?.ok_or_else(unknown)?;
    let zone = zone_of(&studio.zone)?;
    let day = zone.to_datetime(due).date();
    check_out_forgotten(change, id)?;
    change.record(Deed::new("studio.day-turned").studio(id).subject("studio", id).field("day", (), day));
    Ok(due_on(next_day(day), &zone))
}

/// CHK-4: one event for all customers who are checked out.
fn check_out_forgotten(change: &mut Change<'_, '_>, studio: i64) -> Result<(), Failure> {
    let at = change.now;
    let latest = at.checked_sub(FORGOTTEN_HOURS.hours()).unwrap_or(at);
    let forgotten: Vec<_> = checkin::list_open(change.tx, change.tenant, studio)?
        .into_iter()
        .filter(|visit| visit.checked_in_at <= latest)
        .collect();
    let mut checkouts = Vec::new();
    for visit in &forgotten {
        if checkin::close(change.tx, change.tenant, studio, visit.id, at)?
            && let Some(customer_id) = visit.customer_id
        {
            checkouts.push(AutomaticCheckout { customer_id, checkout_time: UtcDateTime(at) });
        }
    }
    if forgotten.is_empty() {
        return Ok(());
    }
    let ids: Vec<i64> = forgotten.iter().map(|visit| visit.id).collect();
    let mut deed = Deed::new("checkin.closed-automatically").studio(studio).subject("studio", studio);
    deed = deed.field("checkins", (), ids).field("at", (), at);
    if !checkouts.is_empty() {
        deed = deed.event(Event::AutomaticCustomerCheckout { studio_id: studio, checkouts });
    }
    change.record(deed);
    Ok(())
}
