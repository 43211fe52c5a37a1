//! Deliveries: listing them, showing one, and sending them again.

use clap::Args;
use gymkeeper_store::webhook::{
    Secrets,
    delivery::{self, Detail, Listed, Selection, State},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{Outcome, Problem, by, find_tenant, open_existing, output, with_db};
use crate::{actions::webhook as action, config::Config, outbound::webhook as request};

#[derive(Debug, Args)]
#[command(after_help = "A delivery is DELIVERED, WAITING for a repeat, or FAILED when all repeats were in vain.\n\n\
                  Example: gymkeeper webhooks list --failed --target 1042")]
pub(in crate::cli) struct List {
    /// Only those that failed for good.
    #[arg(long, conflicts_with = "waiting")]
    failed: bool,
    /// Only those that wait for a repeat.
    #[arg(long)]
    waiting: bool,
    /// Only those to this target.
    #[arg(long, value_name = "ID")]
    target: Option<i64>,
    /// At most so many.
    #[arg(long, default_value_t = 50, value_name = "N", value_parser = clap::value_parser!(i64).range(1..=100_000))]
    limit: i64,
    /// The tenant; needed when there are several.
    #[arg(long)]
    tenant: Option<String>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "The request is shown as it was sent last, with the webhook key masked.\n\n\
                  Example: gymkeeper webhooks show 1077")]
pub(in crate::cli) struct Show {
    /// The delivery's id, from `gymkeeper webhooks list`.
    id: i64,
    /// The tenant; needed when there are several.
    #[arg(long)]
    tenant: Option<String>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
#[command(
    after_help = "A delivery that is sent again keeps its uuid and its timestamp, and has all its repeats before it. Receivers \
                  that have seen it tell by the uuid.\n\n\
                  Examples:\n  gymkeeper webhooks replay 1077 1078\n  gymkeeper webhooks replay --failed --target 1042\n  \
                  gymkeeper webhooks replay --since 2026-11-20T00:00:00Z --until 2026-11-21T00:00:00Z"
)]
pub(in crate::cli) struct Replay {
    /// Ids of deliveries, from `gymkeeper webhooks list`.
    #[arg(value_name = "ID", required_unless_present_any = ["failed", "since", "until"],
        conflicts_with_all = ["failed", "target", "since", "until"])]
    ids: Vec<i64>,
    /// All that failed for good.
    #[arg(long)]
    failed: bool,
    /// Only those to this target.
    #[arg(long, value_name = "ID")]
    target: Option<i64>,
    /// Only those last attempted at this time or later.
    #[arg(long, value_name = "TIME")]
    since: Option<Timestamp>,
    /// Only those last attempted before this time.
    #[arg(long, value_name = "TIME")]
    until: Option<Timestamp>,
    /// The tenant; needed when there are several.
    #[arg(long)]
    tenant: Option<String>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    id: i64,
    target_id: i64,
    position: i64,
    uuid: String,
    #[serde(rename = "type")]
    kind: String,
    state: String,
    attempts: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_at: Option<Timestamp>,
    last_at: Timestamp,
}

impl From<Listed> for Row {
    fn from(listed: Listed) -> Self {
        let Listed { id, target_id, position, uuid, event_type: kind, state, attempts, next_at, last_at } = listed;
        Self { id, target_id, position, uuid, kind, state, attempts, next_at, last_at }
    }
}

pub(super) fn list(config: &Config, arguments: &List) -> Outcome {
    let db = open_existing(config)?;
    let state = match arguments {
        List { failed: true, .. } => Some(State::Failed),
        List { waiting: true, .. } => Some(State::Waiting),
        _ => None,
    };
    let selection = Selection { state, target: arguments.target, ..Selection::default() };
    let (tenant, limit) = (arguments.tenant.clone(), arguments.limit);
    let rows = with_db(db, move |tx| {
        let tenant = find_tenant(tx, tenant.as_deref())?;
        Ok::<_, Problem>(delivery::list(tx, tenant.id(), &selection, limit)?)
    })?;
    let rows: Vec<Row> = rows.into_iter().map(Row::from).collect();
    let heading = ["id", "target", "state", "attempts", "last attempt", "again at", "type", "uuid"];
    output::listing(arguments.json, &rows, &heading, |row| {
        vec![
            row.id.to_string(),
            row.target_id.to_string(),
            row.state.clone(),
            row.attempts.to_string(),
            shown(row.last_at),
            row.next_at.map_or_else(|| "-".to_owned(), shown),
            row.kind.clone(),
            row.uuid.clone(),
        ]
    })
}

fn shown(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// An attempt, as the log has it.
#[derive(Debug, Serialize, Deserialize)]
struct Attempt {
    at: Timestamp,
    milliseconds: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

#[derive(Debug, Serialize)]
struct Request {
    method: &'static str,
    url: String,
    headers: serde_json::Map<String, serde_json::Value>,
    body: Box<RawValue>,
}

#[derive(Debug, Serialize)]
struct Shown {
    #[serde(flatten)]
    row: Row,
    request: Request,
    log: Vec<Attempt>,
}

pub(super) fn show(config: &Config, arguments: &Show) -> Outcome {
    let db = open_existing(config)?;
    let (tenant, id) = (arguments.tenant.clone(), arguments.id);
    let (listed, detail) = with_db(db, move |tx| {
        let tenant = find_tenant(tx, tenant.as_deref())?;
        delivery::find(tx, tenant.id(), id)?.ok_or_else(|| no_such(id))
    })?;
    let Detail { url, removed_at, webhook_key, signing_secret, body, log } = detail;
    let secrets = Secrets { webhook_key, signing_secret };
    let headers: Vec<(&str, String)> = request::headers(&secrets, &listed.uuid, listed.last_at, &body)
        .into_iter()
        .map(|(name, value)| (name, if name == "x-api-key" { masked(&value) } else { value }))
        .collect();
    let attempts: Vec<Attempt> = serde_json::from_str(&log)?;
    if arguments.json {
        let headers = headers.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
        let request = Request { method: "POST", url, headers, body: RawValue::from_string(body)? };
        let shown = Shown { row: Row::from(listed), request, log: attempts };
        return output::text(&format!("{}\n", serde_json::to_string_pretty(&shown)?));
    }
    let mut out = format!("delivery {id} to target {}: {}", listed.target_id, listed.state);
    if let Some(at) = listed.next_at {
        out.push_str(&format!(", again at {}", shown(at)));
    }
    if removed_at.is_some() {
        out.push_str(" (the target is removed)");
    }
    out.push_str(&format!("\n\nPOST {url}\n"));
    for (name, value) in headers {
        out.push_str(&format!("{name}: {value}\n"));
    }
    out.push_str(&format!("\n{body}\n\n"));
    for attempt in &attempts {
        out.push_str(&told(attempt));
    }
    output::text(&out)
}

/// The beginning of a key, enough to tell two apart.
fn masked(key: &str) -> String {
    format!("{}...", key.chars().take(8).collect::<String>())
}

fn told(attempt: &Attempt) -> String {
    let Attempt { at, milliseconds, status, answer, error } = attempt;
    let came = status.map_or_else(|| error.clone().unwrap_or_default(), |status| format!("status {status}"));
    let mut out = format!("{} after {milliseconds} ms: {came}\n", shown(*at));
    for line in answer.iter().flat_map(|answer| answer.lines()) {
        // What a stranger answered must not steer a terminal.
        let line: String = line.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
        out.push_str(&format!("    {line}\n"));
    }
    out
}

fn no_such(id: i64) -> Problem {
    Problem::Said(format!("there is no delivery {id}; see `gymkeeper webhooks list`"))
}

pub(super) fn replay(config: &Config, arguments: &Replay) -> Outcome {
    let db = open_existing(config)?;
    let Replay { ids, failed, target, since, until, tenant, json } = arguments;
    let selection = Selection { state: failed.then_some(State::Failed), target: *target, since: *since, until: *until };
    let (by, ids, tenant) = (by(), ids.clone(), tenant.clone());
    let count = with_db(db, move |tx| {
        let tenant = find_tenant(tx, tenant.as_deref())?;
        let mut change = by.changes(tx, &tenant);
        if ids.is_empty() {
            return Ok(action::replay_many(&mut change, &selection)?);
        }
        for id in &ids {
            if !action::replay(&mut change, *id)? {
                return Err(Problem::Said(format!(
                    "there is no delivery {id}, or its target is removed; see `gymkeeper webhooks list`"
                )));
            }
        }
        Ok(ids.len() as u64)
    })?;
    if *json {
        return output::text(&format!("{:#}\n", serde_json::json!({ "deliveries": count })));
    }
    output::text(&format!("{count} deliveries are sent again by a running server\n"))
}
