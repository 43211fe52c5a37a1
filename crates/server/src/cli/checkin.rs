//! `gymkeeper checkin`.

use clap::{Args, Subcommand};
use gymkeeper_store::{
    db::Tx,
    studio::checkin::{self as store, OpenCheckin},
};
use jiff::Timestamp;

use super::{Outcome, Problem, customer::find_customer, find_studio, find_tenant, open_existing, output, with_db};
use crate::{
    actions::{
        change::{By, Change},
        checkin::{self, Visitor},
        customer::{desk, door},
    },
    config::Config,
    http::failure::Failure,
};

#[derive(Debug, Subcommand)]
#[command(
    after_help = "Visits count as people inside until they are closed; GET /v1/studios/utilization shows how many there \
                  are. A customer is asked for a contract and all else, as at the desk; guests are only counted.\n\n\
                  Examples: gymkeeper checkin open --studio berlin --count 5\n          gymkeeper checkin open --studio berlin --customer 1-10001"
)]
pub(super) enum Checkin {
    /// Let a customer in, or guests whom nobody knows.
    Open(Visit),
    /// Let a customer out, or the people who have been inside longest.
    Close(Visit),
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
pub(super) struct Visit {
    /// The customer, about whom an event is raised: the customer number, such as 1-10001, or the id, such as id:4711.
    #[arg(long, value_name = "CUSTOMER", conflicts_with = "count")]
    customer: Option<String>,
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

/// Who comes or goes.
enum Who {
    Customer(i64),
    /// So many whom nobody knows.
    Guests(usize),
}

impl Visit {
    /// A transaction in which those come or go who were named.
    fn work<T, F>(&self, by: By, mut pass: F) -> impl FnMut(&mut Tx<'_>) -> Result<T, Problem> + use<T, F>
    where
        F: FnMut(&mut Change<'_, '_>, i64, Who) -> Result<T, Failure>,
    {
        let (place, count, customer) = (self.count.place.clone(), self.count.count as usize, self.customer.clone());
        move |tx| {
            let tenant = find_tenant(tx, place.tenant.as_deref())?;
            let studio = find_studio(tx, &tenant, place.studio.as_deref())?;
            let who = match &customer {
                Some(named) => Who::Customer(find_customer(tx, &tenant, named)?),
                None => Who::Guests(count),
            };
            Ok(pass(&mut by.changes(tx, &tenant), studio.id, who)?)
        }
    }
}

pub(super) fn run(config: &Config, command: &Checkin) -> Outcome {
    let db = open_existing(config)?;
    let by = super::by();
    match command {
        Checkin::Open(visit) => {
            let count = with_db(
                db,
                visit.work(by, |change, studio, who| match who {
                    Who::Customer(id) => {
                        let visitor = desk::visitor_alone(change, studio, id)?;
                        door::check_in(change, studio, &visitor, None).map(|_| 1)
                    }
                    Who::Guests(count) => {
                        let visitor = Visitor { customer: None, at: change.now };
                        Ok(checkin::open(change, studio, &vec![visitor; count])?.len())
                    }
                }),
            )?;
            output::text(&format!("{count} checked in\n"))
        }
        Checkin::Close(visit) => {
            let count = with_db(
                db,
                visit.work(by, |change, studio, who| match who {
                    Who::Customer(id) => {
                        let visitor = desk::visitor_alone(change, studio, id)?;
                        door::check_out(change, &visitor, None).map(|_| 1)
                    }
                    Who::Guests(count) => Ok(checkin::close_oldest(change, studio, count)?.len()),
                }),
            )?;
            output::text(&format!("{count} checked out\n"))
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
