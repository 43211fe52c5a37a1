//! When an appointment can be booked, or tried: the times that are asked for, and those that are free (APP-1, APP-2).

use std::collections::BTreeMap;

use gymkeeper_contract::{
    appointments::BookableAppointmentSlot,
    common::{Instructor, LocalDate, ZonedDateTime},
    openapi::Described,
};
use gymkeeper_domain::{
    booking::{appointment::Appointment, hours, trial::TrialOffer},
    calendar::add_days,
};
use gymkeeper_store::db::Tx;
use jiff::civil::Date;
use serde_json::value::{RawValue, to_raw_value};

use crate::{
    actions::{
        booking::{
            Defined,
            free_time::{Ask, Found, Purpose},
            trial::Trying,
        },
        customer,
    },
    http::{
        answer::{Answer, JsonList},
        caller::Caller,
        classes::{booking_wire::at_customer, windows::days_ahead},
        failure::Failure,
        input::{Input, Parts, invalid, query_date, query_value},
    },
};

/// As many days can be looked ahead (APP-1).
const MOST_DAYS: i64 = 6;

/// The times that are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::http) struct Window {
    customer: Option<i64>,
    first: Option<Date>,
    days_ahead: i64,
}

impl Input for Window {
    fn parse(parts: &Parts) -> Result<Self, Failure> {
        let customer = match query_value(&parts.query, "customerId") {
            None => None,
            Some(text) => Some(text.parse().map_err(|_| invalid("customerId"))?),
        };
        let days_ahead = days_ahead(parts, 1, MOST_DAYS)?;
        Ok(Self { customer, first: query_date(&parts.query, "slotWindowStartDate")?, days_ahead })
    }

    fn describe(described: Described) -> Described {
        described
            .query::<i64>(
                "customerId",
                "The id of a customer. Only times that this customer could book are listed then.",
            )
            .query::<i32>("daysAhead", "So many days after the first one are listed as well.")
            .keyword("minimum", 1)
            .keyword("maximum", MOST_DAYS)
            .keyword("default", 1)
            .query::<LocalDate>("slotWindowStartDate", "The first day. Left out, today.")
    }
}

/// A [`BookableAppointmentSlot`] whose instructors were written before: the same ones stand in hundreds of them.
#[derive(serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Written<'a> {
    start_date_time: ZonedDateTime,
    end_date_time: ZonedDateTime,
    instructors: Vec<&'a RawValue>,
}

/// The times at which an appointment can be booked; with a trial offer, those at which it can be tried.
///
/// # Errors
/// Refuses a customer who is unknown with 404, and one of another studio or who does not want to be seen with 403.
pub(in crate::http) fn free_times(
    tx: &mut Tx<'_>,
    caller: &Caller,
    appointment: &Defined<Appointment>,
    offer: Option<Defined<TrialOffer>>,
    window: Window,
) -> Result<Answer<Vec<BookableAppointmentSlot<'static>>>, Failure> {
    let customer = match window.customer {
        None => None,
        Some(id) => Some(customer::known_in_sister_studios(tx, caller, id).map_err(at_customer)?),
    };
    let studio = customer::studio(tx, caller.tenant(), caller.studio())?;
    let first = window.first.unwrap_or_else(|| caller.today());
    let last = add_days(first, window.days_ahead);
    let is_trial = offer.is_some();
    let trying = match (&customer, offer) {
        (Some(customer), Some(offer)) => Some(Trying::of(tx, caller.tenant(), &studio, offer, customer, caller.now)?),
        _ => None,
    };
    let ask = Ask {
        tenant: caller.tenant(),
        studio: &studio,
        appointment,
        customer: customer.as_ref(),
        now: caller.now,
        purpose: if is_trial { Purpose::Trial(trying.as_ref()) } else { Purpose::Usual },
    };
    let Found { situation, workers } = ask.look(tx, hours::of_days(first, last, &studio.zone))?;
    let mut instructors: BTreeMap<i64, Box<RawValue>> = BTreeMap::new();
    for worker in &workers {
        let instructor = Instructor {
            id: worker.id,
            first_name: &worker.first_name,
            last_name: &worker.last_name,
            public_name: worker.public_name.as_deref(),
        };
        let written = to_raw_value(&instructor);
        instructors
            .insert(worker.id, written.map_err(|error| Failure::Internal(format!("cannot serialize: {error}")))?);
    }
    let mut list = JsonList::default();
    for slot in situation.free_slots(first, last) {
        list.push(&Written {
            start_date_time: ZonedDateTime::new(slot.period.start, &studio.zone),
            end_date_time: ZonedDateTime::new(slot.period.end, &studio.zone),
            instructors: slot.instructors.iter().filter_map(|id| instructors.get(id)).map(AsRef::as_ref).collect(),
        })?;
    }
    Ok(list.finish())
}
