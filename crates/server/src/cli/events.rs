//! `gymkeeper events`.

use clap::Args;
use gymkeeper_store::{
    db::DbError,
    webhook::{self, Told},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{Outcome, Problem, find_studio, find_tenant, open_existing, output, with_db};
use crate::config::Config;

#[derive(Debug, Args)]
#[command(
    after_help = "Every change is recorded with its events, whether or not a webhook told anybody. Positions grow with each \
                  change: whoever has read up to one asks for what comes behind it and misses nothing.\n\n\
                  Example: gymkeeper events --since 1200 --limit 100 --json"
)]
pub(super) struct Events {
    /// The tenant; needed when there are several.
    #[arg(long)]
    tenant: Option<String>,
    /// Only the events of this studio.
    #[arg(long)]
    studio: Option<String>,
    /// Only what comes behind this position.
    #[arg(long, default_value_t = 0, value_name = "POSITION")]
    since: i64,
    /// At most so many, or as many more as the last change has.
    #[arg(long, default_value_t = 100, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    limit: u32,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// An event with its place in the journal.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Event {
    pub(super) position: i64,
    /// The tenant's time.
    pub(super) time: Timestamp,
    pub(super) studio_id: i64,
    /// As webhooks send it.
    pub(super) event: Box<RawValue>,
    #[serde(skip)]
    pub(super) head: Head,
}

/// What listings show of an event.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Head {
    pub(super) entity_id: i64,
    pub(super) uuid: String,
    payload: [Payload; 1],
}

#[derive(Debug, Deserialize)]
struct Payload {
    #[serde(rename = "type")]
    kind: String,
}

impl Event {
    pub(super) fn kind(&self) -> &str {
        let [payload] = &self.head.payload;
        &payload.kind
    }

    pub(super) fn cells(&self) -> Vec<String> {
        vec![
            self.position.to_string(),
            self.time.strftime("%Y-%m-%d %H:%M:%S").to_string(),
            self.kind().to_owned(),
            self.head.entity_id.to_string(),
            self.head.uuid.clone(),
        ]
    }
}

/// The events of a record.
pub(super) fn of_record(record: &Told) -> Result<Vec<Event>, DbError> {
    let unreadable =
        |error| DbError::Unusable(format!("record {} has events that cannot be read: {error}", record.position));
    let events: Vec<Box<RawValue>> = serde_json::from_str(&record.events).map_err(unreadable)?;
    let event = |event: Box<RawValue>| {
        let head = serde_json::from_str(event.get()).map_err(unreadable)?;
        let Told { position, studio_id, tenant_time, .. } = *record;
        Ok(Event { position, time: tenant_time, studio_id, event, head })
    };
    events.into_iter().map(event).collect()
}

/// So many records are read at a time.
const SLICE: i64 = 500;

pub(super) fn run(config: &Config, arguments: &Events) -> Outcome {
    let db = open_existing(config)?;
    let (tenant, studio) = (arguments.tenant.clone(), arguments.studio.clone());
    let (since, limit) = (arguments.since, arguments.limit as usize);
    let found = with_db(db, move |tx| {
        let tenant = find_tenant(tx, tenant.as_deref())?;
        let studio = match &studio {
            Some(key) => Some(find_studio(tx, &tenant, Some(key))?.id),
            None => None,
        };
        let (mut after, mut found) = (since, Vec::new());
        while found.len() < limit {
            let records = webhook::told_anywhere(tx, tenant.id(), after, SLICE)?;
            let Some(last) = records.last() else { break };
            after = last.position;
            for record in records.iter().filter(|record| studio.is_none_or(|studio| studio == record.studio_id)) {
                // A change is shown as a whole: whoever goes on behind its position must not miss a part of it.
                if found.len() < limit {
                    found.extend(of_record(record)?);
                }
            }
        }
        Ok::<_, Problem>(found)
    })?;
    output::listing(arguments.json, &found, &["position", "time", "type", "entity", "uuid"], Event::cells)
}
