//! Events as they come: for looking on while one writes a receiver.

use std::{collections::HashMap, process::ExitCode, time::Duration};

use bytes::Bytes;
use clap::Args;
use gymkeeper_contract::webhooks::EventType;
use gymkeeper_store::{
    db::{Db, Tx},
    journal, keys, studio,
    tenant::TenantId,
    webhook::{self, Secrets, Told},
};

use super::{Outcome, Problem, Stopped, find_studio, find_tenant, open_existing, output, parse_types};
use crate::{
    cli::events::{self, Event},
    clock::Clock,
    config::Config,
    outbound::{Destination, Line, Outbound, webhook as request},
};

/// How often the journal is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// So many records are read at a time.
const SLICE: i64 = 100;

#[derive(Debug, Args)]
#[command(
    after_help = "This looks into the database, so it also shows events for which there is no target, and it runs until it is \
                  stopped. With --forward each event is sent once, without repeats, with the same headers as a webhook; the \
                  URL may be on this machine. The secrets are those of the integration, or made up and printed.\n\n\
                  Example: gymkeeper webhooks listen --forward http://localhost:3000/hook"
)]
pub(in crate::cli) struct Listen {
    /// Only the events of this studio.
    #[arg(long)]
    studio: Option<String>,
    /// Only these types, separated by commas.
    #[arg(long, value_delimiter = ',', value_name = "TYPES")]
    events: Option<Vec<String>>,
    /// Send each event there, too.
    #[arg(long, value_name = "URL")]
    forward: Option<String>,
    /// Whose secrets --forward sends with.
    #[arg(long, default_value = "default")]
    integration: String,
    /// Begin behind this position instead of now.
    #[arg(long, value_name = "POSITION")]
    since: Option<i64>,
    /// Stop after so many events.
    #[arg(long, value_name = "N")]
    limit: Option<u64>,
    /// The tenant; needed when there are several.
    #[arg(long)]
    tenant: Option<String>,
    /// Print one JSON object a line.
    #[arg(long)]
    json: bool,
}

/// What is listened to.
struct Scope {
    tenant: TenantId,
    studio: Option<i64>,
    types: Option<Vec<EventType>>,
    /// The position up to which everything was seen.
    after: i64,
    /// The secrets of each studio that has some.
    secrets: HashMap<i64, Secrets>,
}

pub(super) fn run(config: &Config, arguments: &Listen) -> Outcome {
    let types = arguments.events.as_deref().map(parse_types).transpose()?;
    let line = match &arguments.forward {
        None => None,
        // The URL is typed by whoever sits at this machine, who may go anywhere.
        Some(url) => Some(Outbound::new(config.webhooks.limit).line(Destination::parse(url, true).map_err(Stopped)?)),
    };
    let db = open_existing(config)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let outcome = runtime.block_on(async {
        let scope = find_scope(&db, arguments, types).await?;
        listen(&db, arguments, scope, line).await
    });
    db.close();
    outcome
}

async fn find_scope(db: &Db, arguments: &Listen, types: Option<Vec<EventType>>) -> Result<Scope, Stopped> {
    let (tenant, studio) = (arguments.tenant.clone(), arguments.studio.clone());
    let (integration, since) = (arguments.integration.clone(), arguments.since);
    let scope = db.read(move |tx| {
        let tenant = find_tenant(tx, tenant.as_deref())?;
        let studio = match &studio {
            Some(key) => Some(find_studio(tx, &tenant, Some(key))?.id),
            None => None,
        };
        let after = match since {
            Some(position) => position,
            None => journal::head(tx, tenant.id())?.map_or(0, |head| head.position),
        };
        let secrets = known_secrets(tx, tenant.id(), &integration)?;
        Ok(Scope { tenant: tenant.id(), studio, types: types.clone(), after, secrets })
    });
    scope.await.map_err(|problem| match problem {
        Problem::Db(error) => Stopped(error.to_string()),
        Problem::Said(message) => Stopped(message),
    })
}

fn known_secrets(tx: &mut Tx<'_>, tenant: TenantId, integration: &str) -> Result<HashMap<i64, Secrets>, Problem> {
    let mut known = HashMap::new();
    let Some(integration) = keys::find_integration(tx, tenant, integration)? else { return Ok(known) };
    for studio in studio::list(tx, tenant)? {
        if let Some(secrets) = webhook::find_secrets(tx, tenant, integration, studio.id)? {
            known.insert(studio.id, secrets);
        }
    }
    Ok(known)
}

async fn listen(db: &Db, arguments: &Listen, mut scope: Scope, mut line: Option<Line>) -> Outcome {
    let made_up = request::fresh_secrets();
    if line.is_some() && scope.secrets.is_empty() {
        let Secrets { webhook_key, signing_secret } = &made_up;
        eprintln!("webhook key     {webhook_key}\nsigning secret  {signing_secret}");
    }
    eprintln!("listening from position {}; stop with Ctrl+C", scope.after);
    let mut seen = 0;
    loop {
        let (tenant, after) = (scope.tenant, scope.after);
        let records: Vec<Told> = db.read(move |tx| webhook::told_anywhere(tx, tenant, after, SLICE)).await?;
        for record in &records {
            scope.after = record.position;
            if scope.studio.is_some_and(|studio| studio != record.studio_id) {
                continue;
            }
            for event in events::of_record(record)? {
                if scope.types.as_ref().is_some_and(|types| !types.iter().any(|kind| kind.as_str() == event.kind())) {
                    continue;
                }
                let secrets = scope.secrets.get(&record.studio_id).unwrap_or(&made_up);
                let status = match &mut line {
                    None => None,
                    Some(line) => Some(forward(line, secrets, &event).await),
                };
                show(&event, status.as_deref(), arguments.json)?;
                seen += 1;
                if arguments.limit == Some(seen) {
                    return Ok(ExitCode::SUCCESS);
                }
            }
        }
        if records.is_empty() {
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }
}

/// Sends an event and answers what came of it.
async fn forward(line: &mut Line, secrets: &Secrets, event: &Event) -> String {
    let body = event.event.get();
    let headers = request::headers(secrets, &event.head.uuid, Clock.now(), body);
    match line.post(&headers, Bytes::copy_from_slice(body.as_bytes())).await {
        Ok(answered) => answered.status.to_string(),
        Err(error) => error,
    }
}

fn show(event: &Event, status: Option<&str>, json: bool) -> Result<(), Stopped> {
    if json {
        let mut value = serde_json::to_value(event)?;
        if let (Some(object), Some(status)) = (value.as_object_mut(), status) {
            object.insert("forwarded".to_owned(), status.into());
        }
        return output::print(&format!("{value}\n"));
    }
    let status = status.map_or_else(String::new, |status| format!("  -> {status}"));
    output::print(&format!("{}{status}\n", event.cells().join("  ")))
}
