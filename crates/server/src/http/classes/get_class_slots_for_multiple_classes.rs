//! `GET /v1/classes/slots`: when classes are held, whichever they are.

use gymkeeper_contract::{classes::ClassSlot, common::Slice, openapi::Described};
use gymkeeper_domain::calendar;
use gymkeeper_store::{
    booking::slot::{self, Window},
    db::Tx,
};
use jiff::civil::Date;

use super::{
    class_wire::page,
    windows::{days, days_ahead},
};
use crate::http::{
    answer::Answer,
    caller::Caller,
    failure::Failure,
    input::{Input, Parts, query_date},
    paging::InventorySlice,
};

/// So many days ahead at the most, and when nothing is asked for (CLS-1).
const DAYS: i64 = 14;

/// The days whose slots are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ahead {
    first: Option<Date>,
    days: i64,
}

impl Input for Ahead {
    fn parse(parts: &Parts) -> Result<Self, Failure> {
        let days = days_ahead(parts, DAYS, DAYS)?;
        Ok(Self { first: query_date(&parts.query, "slotWindowStartDate")?, days })
    }

    fn describe(described: Described) -> Described {
        described
            .query::<i32>("daysAhead", "So many days after the first one, from 1 to 14. Left out for 14.")
            .query::<gymkeeper_contract::common::LocalDate>("slotWindowStartDate", "The first day. Left out for today.")
    }
}

pub(super) fn get_class_slots_for_multiple_classes(
    tx: &mut Tx<'_>,
    caller: &Caller,
    (ahead, InventorySlice(request)): &(Ahead, InventorySlice),
) -> Result<Answer<Slice<ClassSlot<'static>>>, Failure> {
    let first = ahead.first.unwrap_or_else(|| caller.today());
    let (from, to) = days(caller.zone(), first, calendar::add_days(first, ahead.days));
    let window = Window { from, to, limit: request.fetch(), offset: request.offset };
    let slots = slot::of_studio(tx, caller.tenant(), caller.studio(), window)?;
    page(tx, caller, *request, &slots)
}
