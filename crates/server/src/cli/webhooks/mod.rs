//! `gymkeeper webhooks`.

mod deliveries;
mod listen;
mod targets;

use clap::{Args, Subcommand};
use gymkeeper_contract::webhooks::EventType;

use super::{Outcome, Problem, Stopped, by, find_studio, find_tenant, open_existing, output, with_db};
use crate::{
    actions::webhook::{self as action, NotDone},
    config::Config,
};

#[derive(Debug, Subcommand)]
#[command(
    after_help = "Whatever changes in a studio is an event, of which there are 44 types. A target is a URL that is told about \
                  events of one studio on behalf of one integration, from the moment when it was added and the integration \
                  has called POST /v1/studios/confirmActivation with its API key. A running server sends them.\n\n\
                  Example: gymkeeper webhooks add --studio berlin --integration website --url https://hooks.example/gym"
)]
pub(super) enum Webhooks {
    /// Add a target, and show the webhook key and the signing secret.
    Add(targets::Add),
    /// Remove a target; what waits for it is given up.
    Remove(targets::Remove),
    /// List targets.
    Targets(targets::List),
    /// List deliveries, newest first.
    List(deliveries::List),
    /// Show a delivery: the request, and every attempt with its answer.
    Show(deliveries::Show),
    /// Send deliveries again.
    Replay(deliveries::Replay),
    /// Tell a studio's targets about something that did not happen, in a sandbox.
    Trigger(Trigger),
    /// Print events as they come, and pass them on if asked.
    Listen(listen::Listen),
    /// Print the types of events.
    Types(Types),
}

#[derive(Debug, Args)]
#[command(after_help = "The event has made-up ids and a fresh uuid. It is sent like any other, with repeats.\n\n\
                  Example: gymkeeper webhooks trigger CUSTOMER_CREATED")]
pub(super) struct Trigger {
    /// The type, from `gymkeeper webhooks types`.
    #[arg(value_name = "TYPE")]
    kind: String,
    /// The tenant; needed when there are several.
    #[arg(long)]
    tenant: Option<String>,
    /// The studio; needed when there are several.
    #[arg(long)]
    studio: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct Types {
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(config: &Config, command: &Webhooks) -> Outcome {
    match command {
        Webhooks::Add(arguments) => targets::add(config, arguments),
        Webhooks::Remove(arguments) => targets::remove(config, arguments),
        Webhooks::Targets(arguments) => targets::list(config, arguments),
        Webhooks::List(arguments) => deliveries::list(config, arguments),
        Webhooks::Show(arguments) => deliveries::show(config, arguments),
        Webhooks::Replay(arguments) => deliveries::replay(config, arguments),
        Webhooks::Trigger(arguments) => trigger(config, arguments),
        Webhooks::Listen(arguments) => listen::run(config, arguments),
        Webhooks::Types(Types { json }) => types(*json),
    }
}

impl From<NotDone> for Problem {
    fn from(error: NotDone) -> Self {
        match error {
            NotDone::Db(error) => Self::Db(error),
            NotDone::Wrong(wrong) => Self::Said(wrong),
        }
    }
}

/// The types of these names, or which of them is none.
fn parse_types(names: &[String]) -> Result<Vec<EventType>, Stopped> {
    names
        .iter()
        .map(|name| {
            let upper = name.trim().to_uppercase();
            upper.parse::<EventType>().map_err(|_| {
                let nearest =
                    EventType::ALL.iter().min_by_key(|kind| strsim::damerau_levenshtein(kind.as_str(), &upper));
                let nearest = nearest.map_or("", |kind| kind.as_str());
                Stopped(format!(
                    "{name:?} is no type of events; did you mean {nearest}? See `gymkeeper webhooks types`"
                ))
            })
        })
        .collect()
}

fn trigger(config: &Config, arguments: &Trigger) -> Outcome {
    let kinds = parse_types(std::slice::from_ref(&arguments.kind))?;
    let db = open_existing(config)?;
    let (by, tenant, studio) = (by(), arguments.tenant.clone(), arguments.studio.clone());
    with_db(db, move |tx| {
        let tenant = find_tenant(tx, tenant.as_deref())?;
        let studio = find_studio(tx, &tenant, studio.as_deref())?;
        for kind in &kinds {
            action::trigger(&mut by.changes(tx, &tenant), studio.id, *kind)?;
        }
        Ok(())
    })?;
    output::text("the event is recorded; a running server sends it to the targets that want it\n")
}

#[derive(Debug, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Kind {
    #[serde(rename = "type")]
    name: &'static str,
    happened: &'static str,
    entity_id: &'static str,
}

fn types(json: bool) -> Outcome {
    let kind = |kind: &EventType| Kind { name: kind.as_str(), happened: kind.description(), entity_id: kind.entity() };
    let kinds: Vec<Kind> = EventType::ALL.iter().map(kind).collect();
    output::listing(json, &kinds, &["type", "entityId", "what happened"], |kind| {
        vec![kind.name.to_owned(), kind.entity_id.to_owned(), kind.happened.to_owned()]
    })
}
