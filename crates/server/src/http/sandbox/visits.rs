//! People at the door.

use gymkeeper_contract::errors::{Argument, ErrorCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Call, find_studio};
use crate::{
    actions::checkin::{self, Visitor},
    http::failure::{Failure, Refusal},
};

/// So many people come or leave at once at the most.
const MOST_PEOPLE: i64 = 1000;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct CheckIn {
    studio: Option<String>,
    customer_id: Option<i64>,
    count: Option<i64>,
}

pub(super) async fn check_in(call: Call) -> Result<Value, Failure> {
    let CheckIn { studio, customer_id, count } = call.input()?;
    let most = if customer_id.is_some() { 1 } else { MOST_PEOPLE };
    let count = people(count, most)?;
    let (ids, told) = call
        .write(move |tx, tenant, by| {
            let studio = find_studio(tx, tenant, studio.as_deref())?;
            let mut change = by.changes(tx, tenant);
            let visitor = Visitor { customer: customer_id, at: change.now };
            let ids = checkin::open(&mut change, studio.id, &vec![visitor; count])?;
            Ok((ids, change.has_told()))
        })
        .await?;
    call.app.wake_if(told);
    Ok(json!({ "ids": ids }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CheckOut {
    studio: Option<String>,
    count: Option<i64>,
}

pub(super) async fn check_out(call: Call) -> Result<Value, Failure> {
    let CheckOut { studio, count } = call.input()?;
    let count = people(count, MOST_PEOPLE)?;
    let (ids, told) = call
        .write(move |tx, tenant, by| {
            let studio = find_studio(tx, tenant, studio.as_deref())?;
            let mut change = by.changes(tx, tenant);
            let ids = checkin::close_oldest(&mut change, studio.id, count)?;
            Ok((ids, change.has_told()))
        })
        .await?;
    call.app.wake_if(told);
    Ok(json!({ "ids": ids }))
}

fn people(count: Option<i64>, most: i64) -> Result<usize, Failure> {
    let count = count.unwrap_or(1);
    match usize::try_from(count) {
        Ok(people) if (1..=most).contains(&count) => Ok(people),
        _ => Err(Refusal::new(ErrorCode::ValidationNumberOutOfRange)
            .with_text("count")
            .with(Argument::Integer(1))
            .with(Argument::Integer(most))
            .at("count")
            .into()),
    }
}
