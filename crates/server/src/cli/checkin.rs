//! `gymkeeper checkin`.

use clap::{Args, Subcommand};
use gymkeeper_store::studio::checkin::{self as store, OpenCheckin};
use jiff::Timestamp;

use super::{Outcome, find_studio, find_tenant, open_existing, output, with_db};
use crate::{
    actions::checkin::{self, Visitor},
    config::Config,
};

#[derive(Debug, Subcommand)]
#[command(
    after_help = "Visits count as people inside until they are closed; GET /v1/studios/utilization shows how many there \
                  are.\n\nExample: gymkeeper checkin open --studio berlin --count 5"
)]
pub(super) enum Checkin {
    /// Let people in.
    Open(Open),
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
pub(super) struct Open {
    /// The id of a customer, about whom an event is raised; without it they are guests whom nobody knows.
    #[arg(long, value_name = "ID", conflicts_with = "count")]
    customer: Option<i64>,
    #[command(flatten)]
    count: Count,
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
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_id: Option<i64>,
}

pub(super) fn run(config: &Config, command: &Checkin) -> Outcome {
    let db = open_existing(config)?;
    let by = super::by();
    match command {
        Checkin::Open(Open { customer, count: Count { count, place } }) => {
            let (place, count, customer) = (place.clone(), *count as usize, *customer);
            let ids = with_db(db, move |tx| {
                let tenant = find_tenant(tx, place.tenant.as_deref())?;
                let studio = find_studio(tx, &tenant, place.studio.as_deref())?;
                let mut change = by.changes(tx, &tenant);
                let visitor = Visitor { customer, at: change.now };
                Ok(checkin::open(&mut change, studio.id, &vec![visitor; count])?)
            })?;
            output::text(&format!("{} checked in\n", ids.len()))
        }
        Checkin::Close(Count { count, place }) => {
            let (place, count) = (place.clone(), *count as usize);
            let ids = with_db(db, move |tx| {
                let tenant = find_tenant(tx, place.tenant.as_deref())?;
                let studio = find_studio(tx, &tenant, place.studio.as_deref())?;
                Ok(checkin::close_oldest(&mut by.changes(tx, &tenant), studio.id, count)?)
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
            let listed = |OpenCheckin { id, checked_in_at, customer_id }| Listed { id, checked_in_at, customer_id };
            let rows: Vec<Listed> = rows.into_iter().map(listed).collect();
            output::listing(*json, &rows, &["id", "since", "customer"], |row| {
                let customer = row.customer_id.map_or_else(|| "guest".to_owned(), |id| id.to_string());
                vec![row.id.to_string(), row.checked_in_at.to_string(), customer]
            })
        }
    }
}
