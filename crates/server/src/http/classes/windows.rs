//! The days and hours about which bookings and slots are told, and how requests name them.

use gymkeeper_contract::{
    errors::{Argument, ErrorCode},
    openapi::Described,
};
use gymkeeper_domain::calendar;
use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};

use crate::http::{
    caller::Caller,
    failure::{Failure, Refusal},
    input::{Input, Parts, invalid, query_value, required},
};

/// Lists go one day back (CLS-1).
const DAYS_BACK: i64 = 1;
/// And so many ahead.
const DAYS_AHEAD: i64 = 14;

/// The starts from the beginning of one day up to the end of another, by the studio's clock.
pub(in crate::http) fn days(zone: &TimeZone, first: Date, last: Date) -> (Timestamp, Timestamp) {
    let midnight = |day: Date| {
        let local = day.to_datetime(jiff::civil::Time::midnight());
        zone.to_ambiguous_timestamp(local).compatible().unwrap_or(Timestamp::MAX)
    };
    (midnight(first), midnight(calendar::day_after(last)))
}

/// From one day back to fourteen ahead (CLS-1).
pub(in crate::http) fn usual_window(caller: &Caller) -> (Timestamp, Timestamp) {
    let today = caller.today();
    days(caller.zone(), calendar::add_days(today, -DAYS_BACK), calendar::add_days(today, DAYS_AHEAD))
}

/// Reads `daysAhead`, from 1 to `most`.
///
/// # Errors
/// Refuses another number.
pub(in crate::http) fn days_ahead(parts: &Parts, usual: i64, most: i64) -> Result<i64, Failure> {
    let Some(text) = query_value(&parts.query, "daysAhead") else { return Ok(usual) };
    let bounds = Refusal::new(ErrorCode::ValidationDaysAheadOutOfRange)
        .with(Argument::Integer(1))
        .with(Argument::Integer(most))
        .at("daysAhead");
    text.parse().ok().filter(|days| (1..=most).contains(days)).ok_or_else(|| bounds.into())
}

/// So far back and ahead (CLS-8, APP-7).
const TWO_WEEKS: SignedDuration = SignedDuration::from_hours(14 * 24);

/// The customer whose bookings are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::http) struct OfCustomer(pub(in crate::http) i64);

impl Input for OfCustomer {
    fn parse(parts: &Parts) -> Result<Self, Failure> {
        let text = query_value(&parts.query, "customerId").ok_or_else(|| required("customerId"))?;
        text.parse().map(Self).map_err(|_| invalid("customerId"))
    }

    fn describe(described: Described) -> Described {
        described.required_query::<i64>("customerId", "The id of the customer.")
    }
}

/// From two weeks back to two weeks ahead.
pub(in crate::http) fn two_weeks_around(now: Timestamp) -> (Timestamp, Timestamp) {
    (now.checked_sub(TWO_WEEKS).unwrap_or(Timestamp::MIN), now.checked_add(TWO_WEEKS).unwrap_or(Timestamp::MAX))
}
