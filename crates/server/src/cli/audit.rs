//! `gymkeeper audit`.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use gymkeeper_store::journal::{self, Record};
use jiff::Timestamp;
use serde_json::value::RawValue;

use super::{Outcome, Problem, Stopped, find_tenant, open_existing, output, with_db};
use crate::config::Config;

#[derive(Debug, Subcommand)]
#[command(
    after_help = "Every change of a tenant leaves a record: who, what, when, the values before and after. Records are never \
                  changed or removed. Personal and bank data are not in them; of such a field the record says only that \
                  it changed.\n\nExample: gymkeeper audit list --subject studio:1002 --limit 20"
)]
pub(super) enum Audit {
    /// List records, the oldest first.
    List(List),
    /// Recompute the chain of hashes and say whether a record was changed or is missing.
    Verify(Verify),
}

#[derive(Debug, Args)]
pub(super) struct List {
    /// The tenant; needed when there are several.
    #[arg(long)]
    tenant: Option<String>,
    /// Only records behind this position.
    #[arg(long, default_value_t = 0, value_name = "POSITION")]
    since: i64,
    /// Only records about this, such as studio:1002.
    #[arg(long)]
    subject: Option<String>,
    /// Only records of this actor, such as key:1027 or worker:day.
    #[arg(long)]
    actor: Option<String>,
    /// At most so many records.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
#[command(
    after_help = "The head printed at the end stands for the whole journal up to that position. Whoever can write to the \
                  database can also write a new chain; keep the head elsewhere from time to time to notice that.\n\n\
                  The exit code is 1 when something is wrong."
)]
pub(super) struct Verify {
    /// The tenant; needed when there are several.
    #[arg(long)]
    tenant: Option<String>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// So many records are read at a time.
const SLICE: i64 = 1000;

#[derive(Debug, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    position: i64,
    recorded_at: Timestamp,
    tenant_time: Timestamp,
    actor: String,
    action: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    studio_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    trace_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    changes: Option<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    events: Option<Box<RawValue>>,
}

impl From<Record> for Listed {
    fn from(record: Record) -> Self {
        let raw = |text: Option<String>| RawValue::from_string(text?).ok();
        Self {
            position: record.position,
            recorded_at: record.recorded_at,
            tenant_time: record.tenant_time,
            actor: record.actor,
            action: record.action,
            studio_id: record.studio_id,
            subject: record.subject,
            trace_id: record.trace.to_string(),
            changes: raw(record.changes),
            events: raw(record.events),
        }
    }
}

pub(super) fn run(config: &Config, command: &Audit) -> Outcome {
    match command {
        Audit::List(arguments) => list(config, arguments),
        Audit::Verify(arguments) => verify(config, arguments),
    }
}

fn list(config: &Config, arguments: &List) -> Outcome {
    let db = open_existing(config)?;
    let List { tenant, since, subject, actor, limit, .. } = arguments;
    let (tenant, since, limit) = (tenant.clone(), *since, *limit as usize);
    let (subject, actor) = (subject.clone(), actor.clone());
    let records = with_db(db, move |tx| {
        let tenant = find_tenant(tx, tenant.as_deref())?.id();
        let (mut after, mut found) = (since, Vec::new());
        loop {
            let slice = journal::list(tx, tenant, after, SLICE)?;
            let Some(last) = slice.last() else { return Ok(found) };
            after = last.position;
            let wanted = |record: &Record| {
                subject.as_ref().is_none_or(|subject| record.subject.as_ref() == Some(subject))
                    && actor.as_ref().is_none_or(|actor| record.actor == *actor)
            };
            found.extend(slice.into_iter().filter(wanted));
            if found.len() >= limit {
                found.truncate(limit);
                return Ok(found);
            }
        }
    })?;
    let rows: Vec<Listed> = records.into_iter().map(Listed::from).collect();
    output::listing(arguments.json, &rows, &["position", "time", "actor", "action", "subject", "changes"], |row| {
        vec![
            row.position.to_string(),
            row.tenant_time.strftime("%Y-%m-%d %H:%M:%S").to_string(),
            row.actor.clone(),
            row.action.clone(),
            row.subject.clone().unwrap_or_default(),
            row.changes.as_ref().map(|changes| changes.get().to_owned()).unwrap_or_default(),
        ]
    })
}

/// What was found out about a journal.
#[derive(Debug, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Verdict {
    whole: bool,
    records: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    wrong: Option<String>,
    head: String,
}

fn verify(config: &Config, arguments: &Verify) -> Outcome {
    let db = open_existing(config)?;
    let tenant = arguments.tenant.clone();
    let verdict = with_db(db, move |tx| {
        let tenant = find_tenant(tx, tenant.as_deref())?.id();
        let head = journal::head(tx, tenant)?.ok_or_else(|| Problem::Said("there is no journal".to_owned()))?;
        let hex = |hash: &[u8]| hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let walked = journal::verify(tx, tenant, &head)?;
        Ok(Verdict {
            whole: walked.wrong.is_none(),
            records: walked.records,
            wrong: walked.wrong,
            head: hex(&head.hash),
        })
    })?;
    if arguments.json {
        output::text(&format!("{}\n", serde_json::to_string_pretty(&verdict)?))?;
    } else if let Some(wrong) = &verdict.wrong {
        return Err(Stopped(format!("{wrong}; what stands before it is whole ({})", verdict.records)));
    } else {
        output::text(&format!("{} records are whole; head {}\n", verdict.records, verdict.head))?;
    }
    Ok(if verdict.whole { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
