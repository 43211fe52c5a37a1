//! `gymkeeper calendar`.

use clap::{Args, Subcommand};
use gymkeeper_store::{
    booking::feed::{self as stored, Feed},
    customer,
    db::Tx,
    employee::{self, EmployeeRow},
    tenant::Tenant,
};
use jiff::Timestamp;

use super::{
    Outcome, Problem, customer::find_customer, find_studio, find_tenant, open_existing, open_with_vault, output,
    public_url, with_db,
};
use crate::{
    actions::booking::feed::{self, Whose},
    config::Config,
    http::calendar::link::NewLink,
};

#[derive(Debug, Subcommand)]
#[command(
    after_help = "Calendar programs subscribe to such a link. Whoever has it sees the calendar, without a password, until it is \
                  revoked. It is shown once, when it is made; only a hash of its secret is stored, and sealed what it is signed with.\n\n\
                  Example: gymkeeper calendar link --studio berlin --employee mira"
)]
pub(super) enum Calendar {
    /// Make a calendar of a studio, an employee or a customer, and show its link.
    Link(Link),
    /// List calendars, without their links.
    List(List),
    /// Refuse the link of a calendar from now on.
    Revoke(Revoke),
}

#[derive(Debug, Args)]
#[command(
    after_help = "The calendar of a studio holds all its classes and appointments and no customers, that of an employee what the \
                  employee leads, that of a customer what the customer has booked.\n\n\
                  Example: gymkeeper calendar link --customer 1-10001"
)]
pub(super) struct Link {
    /// The tenant; needed when there are several.
    #[arg(long)]
    tenant: Option<String>,
    /// The studio; needed when there are several.
    #[arg(long)]
    studio: Option<String>,
    /// The employee of that studio: the key in the gym file, or the id, such as id:4711.
    #[arg(long, conflicts_with = "customer")]
    employee: Option<String>,
    /// The customer: the customer number, such as 1-10001, or the id, such as id:4711.
    #[arg(long, conflicts_with = "studio")]
    customer: Option<String>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(super) struct List {
    /// The tenant; needed when there are several.
    #[arg(long)]
    tenant: Option<String>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(super) struct Revoke {
    /// The id of the calendar, from `gymkeeper calendar list`.
    id: i64,
    /// The tenant; needed when there are several.
    #[arg(long)]
    tenant: Option<String>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(config: &Config, command: &Calendar) -> Outcome {
    match command {
        Calendar::Link(arguments) => link(config, arguments),
        Calendar::List(arguments) => list(config, arguments),
        Calendar::Revoke(arguments) => revoke(config, arguments),
    }
}

fn link(config: &Config, arguments: &Link) -> Outcome {
    let (by, key, link) = (super::by(), arguments.tenant.clone(), NewLink::fresh());
    let public_url = public_url(config);
    let (studio, employee, customer) =
        (arguments.studio.clone(), arguments.employee.clone(), arguments.customer.clone());
    let (url, made): (String, Feed) = with_db(open_with_vault(config)?, move |tx| {
        let tenant = find_tenant(tx, key.as_deref())?;
        let mut change = by.changes(tx, &tenant);
        let made = match &customer {
            Some(named) => {
                let id = find_customer(change.tx, &tenant, named)?;
                customer::hold(change.tx, change.tenant, id)?;
                let gone = || Problem::Said(format!("there is no customer {named:?}"));
                let found = customer::by_id(change.tx, change.tenant, id)?.ok_or_else(gone)?;
                feed::make(&mut change, found.studio_id, Whose::Customer(&found), &link)?
            }
            None => {
                let studio = find_studio(change.tx, &tenant, studio.as_deref())?.id;
                let found = employee.as_deref().map(|named| find_employee(change.tx, &tenant, studio, named));
                let found = found.transpose()?;
                let whose = found.as_ref().map_or(Whose::Studio, Whose::Employee);
                feed::make(&mut change, studio, whose, &link)?
            }
        };
        Ok((link.url(&public_url, tenant.id(), &made), made))
    })?;
    if arguments.json {
        return output::text(&format!("{:#}\n", serde_json::json!({ "id": made.id, "url": url })));
    }
    output::text(&format!("{url}\n"))?;
    eprintln!("This is the link of calendar {}. It is not shown again.", made.id);
    Ok(std::process::ExitCode::SUCCESS)
}

fn find_employee(tx: &mut Tx<'_>, tenant: &Tenant, studio: i64, named: &str) -> Result<EmployeeRow, Problem> {
    let found = match named.strip_prefix("id:").map(str::parse) {
        Some(Ok(id)) => employee::find(tx, tenant.id(), id)?.filter(|row| row.studio_id == studio),
        Some(Err(_)) => None,
        None => {
            let people = employee::of_gym_file(tx, tenant.id(), studio)?;
            people.into_iter().find(|row| row.key.as_deref() == Some(named))
        }
    };
    let unknown =
        || Problem::Said(format!("the studio has no employee {named:?}; name the key in the gym file, or id:4711"));
    found.filter(|row| row.archived_at.is_none()).ok_or_else(unknown)
}

#[derive(Debug, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    id: i64,
    kind: &'static str,
    studio_id: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    employee_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_id: Option<i64>,
    made_by: String,
    made_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked_at: Option<Timestamp>,
}

impl From<Feed> for Listed {
    fn from(feed: Feed) -> Self {
        let kind = match (feed.employee_id, feed.customer_id) {
            (_, Some(_)) => "customer",
            (Some(_), None) => "employee",
            (None, None) => "studio",
        };
        let Feed { id, studio_id, employee_id, customer_id, made_by, made_at, revoked_at } = feed;
        Self { id, kind, studio_id, employee_id, customer_id, made_by, made_at, revoked_at }
    }
}

fn list(config: &Config, arguments: &List) -> Outcome {
    let key = arguments.tenant.clone();
    let rows = with_db(open_existing(config)?, move |tx| {
        let tenant = find_tenant(tx, key.as_deref())?;
        Ok(stored::all(tx, tenant.id())?)
    })?;
    let rows: Vec<Listed> = rows.into_iter().map(Listed::from).collect();
    output::listing(arguments.json, &rows, &["id", "of", "whose", "made by", "made at", "state"], |row| {
        let whose = row.customer_id.or(row.employee_id).unwrap_or(row.studio_id);
        let state = if row.revoked_at.is_some() { "revoked" } else { "valid" };
        let made_at = row.made_at.strftime("%Y-%m-%d %H:%M").to_string();
        let (id, of, whose) = (row.id.to_string(), row.kind.to_owned(), whose.to_string());
        vec![id, of, whose, row.made_by.clone(), made_at, state.to_owned()]
    })
}

fn revoke(config: &Config, arguments: &Revoke) -> Outcome {
    let (by, key, id) = (super::by(), arguments.tenant.clone(), arguments.id);
    with_db(open_existing(config)?, move |tx| {
        let tenant = find_tenant(tx, key.as_deref())?;
        let none =
            || Problem::Said(format!("there is no calendar {id} whose link holds; see `gymkeeper calendar list`"));
        let found = stored::find(tx, tenant.id(), id)?.ok_or_else(none)?;
        if feed::revoke(&mut by.changes(tx, &tenant), &found)? { Ok(()) } else { Err(none()) }
    })?;
    if arguments.json {
        return output::text(&format!("{:#}\n", serde_json::json!({ "id": id, "revoked": true })));
    }
    output::text(&format!("the link of calendar {id} is revoked\n"))
}
