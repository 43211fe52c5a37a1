//! Visits of customers: the days that are asked for, and a slice of them.

use gymkeeper_contract::{
    common::{Slice, ZonedDateTime},
    customers::CustomerCheckin,
    errors::{Argument, ErrorCode},
    openapi::Described,
};
use gymkeeper_store::{
    db::Tx,
    studio::{
        self, Studio,
        checkin::{self, Visit},
    },
    tenant::TenantId,
};
use jiff::{Timestamp, ToSpan as _, civil::Date, tz::TimeZone};

use crate::http::{
    answer::Answer,
    caller::Caller,
    failure::{Failure, Refusal},
    input::{Input, Parts, query_date},
    paging::{self, JsonSlice, SliceRequest},
};

/// At most so many days can be asked for at once (CHK-1).
const MOST_DAYS: i32 = 365;

/// A slice of visits between two days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::http) struct Visits {
    from: Option<Date>,
    to: Option<Date>,
    slice: SliceRequest,
}

impl Input for Visits {
    fn parse(parts: &Parts) -> Result<Self, Failure> {
        let from = query_date(&parts.query, "fromDate")?;
        let to = query_date(&parts.query, "toDate")?;
        Ok(Self { from, to, slice: SliceRequest::parse(parts, paging::HISTORY)? })
    }

    fn describe(described: Described) -> Described {
        use gymkeeper_contract::common::LocalDate;
        described
            .query::<LocalDate>("fromDate", "The first day. Left out, a month before the last one.")
            .query::<LocalDate>("toDate", "The last day. Left out, today. At most 365 days can be asked for.")
            .slices(1, 10, 50)
    }
}

impl Visits {
    /// The days that are meant (CHK-1, CHK-6).
    fn days(&self, today: Date) -> Result<(Date, Date), Failure> {
        let to = self.to.unwrap_or(today);
        let from = match self.from {
            Some(from) => from,
            None => to.checked_sub(1.month()).unwrap_or(Date::MIN),
        };
        if from > to {
            return Err(Refusal::new(ErrorCode::ValidationDateRangeInvalid).at("fromDate").into());
        }
        let days = from.until(to).map_or(i32::MAX, |span| span.get_days());
        if days >= MOST_DAYS {
            let refusal = Refusal::new(ErrorCode::ValidationDateRangeTooLong);
            return Err(refusal.with(Argument::Integer(i64::from(MOST_DAYS))).at("toDate").into());
        }
        Ok((from, to))
    }
}

/// The visits of a customer in the studios given, the newest first. Days are those of the zone, which is that of the studio where it is
/// asked.
pub(in crate::http) fn page(
    tx: &mut Tx<'_>,
    (tenant, zone, now): (TenantId, &TimeZone, Timestamp),
    customer: i64,
    visits: &Visits,
    studios: &[Studio],
) -> Result<Answer<Slice<CustomerCheckin<'static>>>, Failure> {
    let (from, to) = visits.days(zone.to_datetime(now).date())?;
    let start = start_of(from, zone);
    let end = to.tomorrow().map_or(Timestamp::MAX, |day| start_of(day, zone));
    let ids: Vec<i64> = studios.iter().map(|studio| studio.id).collect();
    let slice = visits.slice;
    let found = checkin::of_customer(tx, tenant, customer, &ids, start, end, slice.offset, slice.fetch())?;
    let mut answer = JsonSlice::new(slice);
    for visit in &found {
        let studio = studios.iter().find(|studio| studio.id == visit.studio_id);
        answer.push(visit.id, &wire(visit, studio))?;
    }
    Ok(answer.finish_by_index())
}

/// One visit as the answer to a check-in or check-out.
pub(super) fn told(
    tx: &mut Tx<'_>,
    caller: &Caller,
    visit: &Visit,
) -> Result<Answer<CustomerCheckin<'static>>, Failure> {
    let studio = studio::find(tx, caller.tenant(), visit.studio_id)?;
    Answer::json(&wire(visit, studio.as_ref()))
}

fn wire<'s>(visit: &Visit, studio: Option<&'s Studio>) -> CustomerCheckin<'s> {
    // TIME-2: in the zone of the studio where it was.
    let zone = studio.and_then(|studio| TimeZone::get(&studio.zone).ok()).unwrap_or(TimeZone::UTC);
    CustomerCheckin {
        checkin_id: visit.id,
        check_in_date_time: Some(ZonedDateTime::new(visit.checked_in_at, &zone)),
        check_out_date_time: visit.checked_out_at.map(|at| ZonedDateTime::new(at, &zone)),
        studio_id: Some(visit.studio_id),
        studio_name: studio.map(|studio| studio.name.as_str()),
    }
}

fn start_of(day: Date, zone: &TimeZone) -> Timestamp {
    zone.to_ambiguous_timestamp(day.at(0, 0, 0, 0)).compatible().unwrap_or(Timestamp::MAX)
}
