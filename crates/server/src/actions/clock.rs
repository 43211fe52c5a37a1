//! The test clock of a sandbox: where it stands, and one step forward.
//!
//! Going through what is due on the way takes several transactions; see `workers/clock.rs`.

use gymkeeper_contract::errors::{Argument, ErrorCode};
use gymkeeper_store::{
    db::{DbError, Tx},
    job, studio,
    tenant::{self, Tenant, TenantId},
    webhook::delivery,
};
use jiff::{Span, Timestamp, ToSpan as _, tz::TimeZone};

use super::change::{By, Deed};
use crate::{
    clock,
    http::failure::{Failure, Refusal},
};

/// The clock moves by so many years at once at the most.
const MOST_YEARS: i64 = 5;

/// How far a clock is to be moved.
#[derive(Debug, Clone)]
pub enum Move {
    /// To an instant.
    To(Timestamp),
    /// By a length of time; months and days are counted in the zone of the tenant's first studio.
    By(Span),
}

/// A length of time that leads forward, in ISO 8601 such as `P1M2DT3H`.
pub fn duration(text: &str) -> Option<Span> {
    // The library also reads signs and words in front, which no other program would take for ISO 8601.
    let span: Span = text.starts_with('P').then(|| text.parse().ok())??;
    span.is_positive().then_some(span)
}

/// Where a tenant's clock stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Shown {
    /// `system` when it runs with the system's, `test` when it stands until it is moved.
    pub mode: &'static str,
    /// The tenant's present instant.
    pub now: Timestamp,
}

/// Where the tenant's clock stands.
pub fn show(tenant: &Tenant, system_now: Timestamp) -> Shown {
    let mode = if tenant.test_clock.is_some() { "test" } else { "system" };
    Shown { mode, now: clock::tenant_now(system_now, tenant.test_clock) }
}

/// A tenant whose clock may be moved.
///
/// # Errors
/// Refuses a tenant that is no sandbox or is gone.
pub fn sandbox(tx: &mut Tx<'_>, tenant: TenantId) -> Result<Tenant, Failure> {
    match tenant::by_id(tx, tenant)? {
        None => Err(ErrorCode::AuthenticationSandboxTokenInvalid.into()),
        Some(tenant) if !tenant.sandbox => Err(ErrorCode::SandboxOnly.into()),
        Some(tenant) => Ok(tenant),
    }
}

/// The instant to which a clock is to be moved.
///
/// # Errors
/// Refuses an instant before the present one or too far ahead.
pub fn goal(tx: &mut Tx<'_>, tenant: &Tenant, wanted: &Move, system_now: Timestamp) -> Result<Timestamp, Failure> {
    let present = clock::tenant_now(system_now, tenant.test_clock);
    let now = present.to_zoned(zone(tx, tenant)?);
    let too_far = || Failure::from(Refusal::new(ErrorCode::SandboxClockTooFar).with(Argument::Integer(MOST_YEARS)));
    let latest = now.checked_add(MOST_YEARS.years()).map_err(|_| too_far())?;
    let goal = match wanted {
        Move::To(instant) => *instant,
        Move::By(span) => now.checked_add(*span).map_err(|_| too_far())?.timestamp(),
    };
    // The database keeps microseconds; a finer instant would never be reached.
    let goal = Timestamp::from_microsecond(goal.as_microsecond()).map_err(|_| too_far())?;
    if goal < present {
        return Err(Refusal::new(ErrorCode::SandboxClockBackwards).with_text(present.to_string()).into());
    }
    if goal > latest.timestamp() { Err(too_far()) } else { Ok(goal) }
}

fn zone(tx: &mut Tx<'_>, tenant: &Tenant) -> Result<TimeZone, DbError> {
    let first = studio::list(tx, tenant.id())?.into_iter().next();
    Ok(first.and_then(|studio| TimeZone::get(&studio.zone).ok()).unwrap_or(TimeZone::UTC))
}

/// One step: to the next moment at which something is due, at the most to the goal. Answers where the clock stands then.
///
/// # Errors
/// Refuses as a lost race when the clock does not stand where the caller left it.
pub fn step(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    by: &By,
    expected: Option<Timestamp>,
    goal: Timestamp,
) -> Result<Timestamp, Failure> {
    tx.hold_shared(tenant.0);
    let tenant = sandbox(tx, tenant)?;
    let from = clock::tenant_now(by.system_now, tenant.test_clock);
    let to = next_due(tx, tenant.id(), from)?.map_or(goal, |due| due.min(goal));
    if !tenant::move_clock(tx, tenant.id(), expected, to)? {
        return Err(ErrorCode::ConcurrentModification.into());
    }
    studio::bump_all(tx, tenant.id())?;
    let moved = Tenant { test_clock: Some(to), ..tenant };
    by.changes(tx, &moved).record(Deed::new("clock.set").field("now", from, to));
    Ok(to)
}

/// When something is due next, in the tenant's time. What was due before and is still there cannot be done at present, and must
/// not hide what comes after it.
fn next_due(tx: &mut Tx<'_>, tenant: TenantId, after: Timestamp) -> Result<Option<Timestamp>, DbError> {
    let (job, repeat) = (job::next_due(tx, tenant)?, delivery::next_due(tx, tenant)?);
    Ok([job, repeat].into_iter().flatten().filter(|due| *due > after).min())
}
