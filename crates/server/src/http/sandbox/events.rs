//! The events of a tenant, as its webhooks would be told them.

use gymkeeper_contract::errors::{Argument, ErrorCode};
use gymkeeper_store::{journal, studio};
use serde_json::{Value, json};

use super::Call;
use crate::http::input::invalid;
use crate::http::{
    failure::{Failure, Refusal},
    input::query_value,
};

/// Records of the journal read at a time, unless the caller says otherwise.
const RECORDS: i64 = 100;
/// The most that a caller may ask for.
const MOST_RECORDS: i64 = 1000;

/// A record may hold several events; all of them come in one answer, so that a position never lies within a record.
pub(super) async fn list(call: Call) -> Result<Value, Failure> {
    let since = number(&call.query, "since", 0)?;
    let limit = number(&call.query, "limit", RECORDS)?;
    if since < 0 {
        return Err(invalid("since"));
    }
    if !(1..=MOST_RECORDS).contains(&limit) {
        let refusal = Refusal::new(ErrorCode::ValidationNumberOutOfRange).with_text("limit");
        return Err(refusal.with(Argument::Integer(1)).with(Argument::Integer(MOST_RECORDS)).at("limit").into());
    }
    let (mut records, head, studios) = call
        .read(move |tx, tenant| {
            let records = journal::with_events(tx, tenant.id(), since, limit + 1)?;
            let head = journal::head(tx, tenant.id())?.map_or(0, |head| head.position);
            Ok((records, head, studio::list(tx, tenant.id())?))
        })
        .await?;
    let has_more = records.len() as i64 > limit;
    records.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let position = if has_more { records.last().map_or(head, |record| record.position) } else { head };
    let mut events = Vec::new();
    for record in &records {
        let bodies: Vec<Value> = serde_json::from_str(record.events.as_deref().unwrap_or("[]"))
            .map_err(|error| Failure::Internal(format!("the events of record {}: {error}", record.position)))?;
        let studio = studios.iter().find(|studio| Some(studio.id) == record.studio_id).map(|studio| &studio.key);
        let told = |body| json!({ "position": record.position, "studio": studio, "body": body });
        events.extend(bodies.into_iter().map(told));
    }
    Ok(json!({ "events": events, "position": position, "hasMore": has_more }))
}

fn number(query: &str, name: &'static str, default: i64) -> Result<i64, Failure> {
    query_value(query, name).map_or(Ok(default), |text| text.parse().map_err(|_| invalid(name)))
}
