//! Targets: adding, removing and listing them.

use clap::Args;
use gymkeeper_store::webhook::{self, Listed};
use jiff::Timestamp;

use super::{Outcome, Problem, by, find_studio, find_tenant, open_existing, output, parse_types, with_db};
use crate::{
    actions::webhook::{self as action, Added, Wanted},
    config::Config,
};

#[derive(Debug, Args)]
#[command(
    after_help = "The webhook key is sent in the header x-api-key of every request; the signing secret is never sent, and \
                  proves with the header webhook-signature that a request comes from here (see standardwebhooks.com). All \
                  targets of an integration in a studio share both. URLs must be https with a valid certificate, on the \
                  public internet; a sandbox tenant may also use plain http and local addresses.\n\n\
                  Example: gymkeeper webhooks add --studio berlin --integration website --url https://hooks.example/gym \
                  --events CUSTOMER_CHECKIN,CUSTOMER_CHECKOUT"
)]
pub(in crate::cli) struct Add {
    /// Where requests go.
    #[arg(long)]
    url: String,
    /// Types of events, separated by commas; without this option all of them, also those of later versions.
    #[arg(long, value_delimiter = ',', value_name = "TYPES")]
    events: Option<Vec<String>>,
    /// The integration, as in `gymkeeper key create`.
    #[arg(long, default_value = "default")]
    integration: String,
    /// The tenant; needed when there are several.
    #[arg(long)]
    tenant: Option<String>,
    /// The studio; needed when there are several.
    #[arg(long)]
    studio: Option<String>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Remove {
    /// The target's id, from `gymkeeper webhooks targets`.
    id: i64,
    /// The tenant; needed when there are several.
    #[arg(long)]
    tenant: Option<String>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct List {
    /// The tenant; needed when there are several.
    #[arg(long)]
    tenant: Option<String>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn add(config: &Config, arguments: &Add) -> Outcome {
    let types = arguments.events.as_deref().map(parse_types).transpose()?;
    let db = open_existing(config)?;
    let (by, tenant, studio) = (by(), arguments.tenant.clone(), arguments.studio.clone());
    let (integration, url) = (arguments.integration.clone(), arguments.url.clone());
    let added = with_db(db, move |tx| {
        let tenant = find_tenant(tx, tenant.as_deref())?;
        let studio = find_studio(tx, &tenant, studio.as_deref())?.id;
        let wanted = Wanted { studio, integration: integration.clone(), url: url.clone(), types: types.clone() };
        Ok::<_, Problem>(action::add_target(&mut by.changes(tx, &tenant), &wanted)?)
    })?;
    show(&added, arguments.json)
}

fn show(added: &Added, json: bool) -> Outcome {
    let Added { id, activated, secrets } = added;
    if json {
        let value = serde_json::json!({
            "id": id,
            "webhookKey": secrets.webhook_key,
            "signingSecret": secrets.signing_secret,
            "activated": activated,
        });
        return output::text(&format!("{value:#}\n"));
    }
    let next = if *activated {
        "It is told what happens from now on."
    } else {
        "It is told nothing until the integration calls POST /v1/studios/confirmActivation with its API key."
    };
    output::text(&format!(
        "target          {id}\nwebhook key     {}\nsigning secret  {}\n{next}\n",
        secrets.webhook_key, secrets.signing_secret
    ))
}

pub(super) fn remove(config: &Config, arguments: &Remove) -> Outcome {
    let db = open_existing(config)?;
    let (by, tenant, id) = (by(), arguments.tenant.clone(), arguments.id);
    with_db(db, move |tx| {
        let tenant = find_tenant(tx, tenant.as_deref())?;
        if action::remove_target(&mut by.changes(tx, &tenant), id)? {
            Ok(())
        } else {
            Err(Problem::Said(format!("there is no target {id}; see `gymkeeper webhooks targets`")))
        }
    })?;
    output::text(&format!("target {id} is removed\n"))
}

#[derive(Debug, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    id: i64,
    studio: String,
    integration: String,
    url: String,
    events: Vec<String>,
    created_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    activated_at: Option<Timestamp>,
    position: i64,
    waiting: i64,
}

impl From<Listed> for Row {
    fn from(listed: Listed) -> Self {
        let Listed { id, studio, integration, url, event_types, created_at, position, activated_at, waiting } = listed;
        let events = event_types.split_whitespace().map(str::to_owned).collect();
        Self { id, studio, integration, url, events, created_at, activated_at, position, waiting }
    }
}

pub(super) fn list(config: &Config, arguments: &List) -> Outcome {
    let db = open_existing(config)?;
    let tenant = arguments.tenant.clone();
    let rows = with_db(db, move |tx| {
        let tenant = find_tenant(tx, tenant.as_deref())?;
        Ok::<_, Problem>(webhook::list(tx, tenant.id())?)
    })?;
    let rows: Vec<Row> = rows.into_iter().map(Row::from).collect();
    let heading = ["id", "studio", "integration", "active", "position", "waiting", "url", "events"];
    output::listing(arguments.json, &rows, &heading, |row| {
        vec![
            row.id.to_string(),
            row.studio.clone(),
            row.integration.clone(),
            if row.activated_at.is_some() { "yes" } else { "no" }.to_owned(),
            row.position.to_string(),
            row.waiting.to_string(),
            row.url.clone(),
            if row.events == ["*"] { "all".to_owned() } else { row.events.join(",") },
        ]
    })
}
