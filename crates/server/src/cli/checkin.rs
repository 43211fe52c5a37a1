//! `gymkeeper checkin`.

use clap::{Args, Subcommand};
use gymkeeper_store::studio::checkin as store;
use jiff::Timestamp;

use super::{Outcome, find_studio, find_tenant, open_existing, output, with_db};
use crate::{
    actions::checkin,
    clock::{self, Clock},
    config::Config,
};

#[derive(Debug, Subcommand)]
#[command(
    after_help = "Visits count as people inside until they are closed; GET /v1/studios/utilization shows how many there \
                  are.\n\nExample: gymkeeper checkin open --studio berlin --count 5"
)]
pub(super) enum Checkin {
    /// Let people in.
    Open(Count),
    /// Let the people out who have been inside longest.
    Close(Count),
    /// List open visits.
    List(List),
}

#[derive(Debug, Args)]
pub(super) struct Count {
    /// How many people.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    count: u32,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Args)]
pub(super) struct List {
    #[command(flatten)]
    place: Place,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Args)]
struct Place {
    /// The tenant; needed when there are several.
    #[arg(long)]
    tenant: Option<String>,
    /// The studio; needed when there are several.
    #[arg(long)]
    studio: Option<String>,
}

#[derive(Debug, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    id: i64,
    checked_in_at: Timestamp,
}

pub(super) fn run(config: &Config, command: &Checkin) -> Outcome {
    let db = open_existing(config)?;
    let system_now = Clock.now();
    match command {
        Checkin::Open(Count { count, place }) => {
            let (place, count) = (place.clone(), *count as usize);
            let ids = with_db(db, move |tx| {
                let tenant = find_tenant(tx, place.tenant.as_deref())?;
                let studio = find_studio(tx, &tenant, place.studio.as_deref())?;
                let now = clock::tenant_now(system_now, tenant.test_clock);
                Ok(checkin::open(tx, tenant.id(), studio.id, &vec![now; count])?)
            })?;
            output::text(&format!("{} checked in\n", ids.len()))
        }
        Checkin::Close(Count { count, place }) => {
            let (place, count) = (place.clone(), *count as usize);
            let ids = with_db(db, move |tx| {
                let tenant = find_tenant(tx, place.tenant.as_deref())?;
                let studio = find_studio(tx, &tenant, place.studio.as_deref())?;
                let now = clock::tenant_now(system_now, tenant.test_clock);
                Ok(checkin::close_oldest(tx, tenant.id(), studio.id, count, now)?)
            })?;
            output::text(&format!("{} checked out\n", ids.len()))
        }
        Checkin::List(List { place, json }) => {
            let place = place.clone();
            let rows = with_db(db, move |tx| {
                let tenant = find_tenant(tx, place.tenant.as_deref())?;
                let studio = find_studio(tx, &tenant, place.studio.as_deref())?;
                Ok(store::list_open(tx, tenant.id(), studio.id)?)
            })?;
            let rows: Vec<Listed> =
                rows.into_iter().map(|row| Listed { id: row.id, checked_in_at: row.checked_in_at }).collect();
            output::listing(*json, &rows, &["id", "since"], |row| {
                vec![row.id.to_string(), row.checked_in_at.to_string()]
            })
        }
    }
}
