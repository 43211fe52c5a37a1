//! The turn of a studio's day: what happens every night without anybody asking for it (TIME-5).

use gymkeeper_store::{
    db::{DbError, Tx},
    job, studio,
    tenant::TenantId,
};
use jiff::{Timestamp, civil::Date, tz::TimeZone};

use super::{
    booking::schedule,
    change::{Change, Deed},
    checkout,
    customer::{self, access},
};
use crate::{http::failure::Failure, workers::jobs::Kind};

/// The day's work is due so many minutes after midnight, by the studio's clock.
const MINUTES_AFTER_MIDNIGHT: i8 = 5;

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
    if studio::find(change.tx, change.tenant, id)?.is_none() {
        return Err(unknown());
    }
    let studio = customer::studio(change.tx, change.tenant, id)?;
    let zone = studio.zone.clone();
    let day = zone.to_datetime(due).date();
    checkout::check_out_forgotten(change, &studio)?;
    // BO-3: contracts before the status of customers, that before what runs out.
    let today = zone.to_datetime(change.now).date();
    customer::note_former_members(change, id, today)?;
    access::note_ended_restrictions(change, id, today)?;
    schedule::publish(change, &studio)?;
    change.record(Deed::new("studio.day-turned").studio(id).subject("studio", id).field("day", (), day));
    Ok(due_on(next_day(day), &zone))
}
