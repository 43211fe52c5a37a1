//! `gymkeeper jobs`.

use clap::{Args, Subcommand};
use gymkeeper_store::job::{self, Job};

use super::{Outcome, Problem, find_tenant, open_existing, output, with_db};
use crate::{actions::change::Deed, config::Config};

#[derive(Debug, Subcommand)]
#[command(
    after_help = "Jobs are work that is due at a moment of the tenant's time, such as the turn of a studio's day at 00:05. A \
                  running server does them; one that failed five times is parked, with the reason, until it is retried.\n\n\
                  Example: gymkeeper jobs list --parked"
)]
pub(super) enum Jobs {
    /// List jobs by their due moments.
    List(List),
    /// Make a parked job ready again.
    Retry(Retry),
}

#[derive(Debug, Args)]
pub(super) struct List {
    /// The tenant; needed when there are several.
    #[arg(long)]
    tenant: Option<String>,
    /// Only those that failed too often.
    #[arg(long)]
    parked: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(super) struct Retry {
    /// The job's id, from `gymkeeper jobs list`.
    id: i64,
    /// The tenant; needed when there are several.
    #[arg(long)]
    tenant: Option<String>,
}

#[derive(Debug, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    id: i64,
    kind: String,
    key: String,
    state: String,
    due_at: jiff::Timestamp,
    attempts: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_error: Option<String>,
}

pub(super) fn run(config: &Config, command: &Jobs) -> Outcome {
    let db = open_existing(config)?;
    match command {
        Jobs::List(List { tenant, parked, json }) => {
            let tenant = tenant.clone();
            let jobs = with_db(db, move |tx| {
                let tenant = find_tenant(tx, tenant.as_deref())?;
                Ok(job::list(tx, tenant.id())?)
            })?;
            let listed = |Job { id, kind, key, state, due_at, attempts, last_error, .. }| Listed {
                id,
                kind,
                key,
                state: state.to_lowercase(),
                due_at,
                attempts,
                last_error,
            };
            let rows: Vec<Listed> =
                jobs.into_iter().filter(|job| !parked || job.state == "PARKED").map(listed).collect();
            output::listing(*json, &rows, &["id", "kind", "key", "state", "due", "attempts", "last error"], |row| {
                vec![
                    row.id.to_string(),
                    row.kind.clone(),
                    row.key.clone(),
                    row.state.clone(),
                    row.due_at.to_string(),
                    row.attempts.to_string(),
                    row.last_error.clone().unwrap_or_default(),
                ]
            })
        }
        Jobs::Retry(Retry { id, tenant }) => {
            let (id, tenant, by) = (*id, tenant.clone(), super::by());
            with_db(db, move |tx| {
                let tenant = find_tenant(tx, tenant.as_deref())?;
                let mut change = by.changes(tx, &tenant);
                let now = change.now;
                if !job::retry(change.tx, change.tenant, id, now)? {
                    return Err(Problem::Said(format!("there is no parked job {id}; see `gymkeeper jobs list`")));
                }
                change.record(Deed::new("job.retried").subject("job", id));
                Ok(())
            })?;
            output::text(&format!("job {id} is ready again\n"))
        }
    }
}
