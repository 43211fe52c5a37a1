//! `gymkeeper amendment`.

use clap::{Args, Subcommand};
use gymkeeper_store::{
    customer::{self, amendment as store},
    db::Tx,
    tenant::Tenant,
};
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::{Outcome, Problem, find_studio, find_tenant, open_with_vault, output, with_db};
use crate::{
    actions::customer::amendment::{self, Data},
    config::Config,
};

/// At most so many are listed.
const MOST: i64 = 1_000;

#[derive(Debug, Subcommand)]
#[command(
    after_help = "Members change their own data where the studio lets them. What the studio wants to look at first waits here; \
                  the part self_service of a studio in the gym file says what that is.\n\nExample: gymkeeper amendment accept 4711"
)]
pub(super) enum Amendment {
    /// List the changes that wait, the oldest first.
    List(List),
    /// Make a member's data what the member asked for.
    Accept(Decide),
    /// Leave a member's data as they are.
    Reject(Decide),
}

#[derive(Debug, Args)]
pub(super) struct List {
    /// The tenant; needed when there are several.
    #[arg(long)]
    tenant: Option<String>,
    /// Only those of the members of this studio.
    #[arg(long)]
    studio: Option<String>,
    /// Also those that were decided, the newest first. What they asked for is not kept.
    #[arg(long)]
    all: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(super) struct Decide {
    /// The id of the change, from `gymkeeper amendment list`.
    id: i64,
    /// The tenant; needed when there are several.
    #[arg(long)]
    tenant: Option<String>,
    /// A note for colleagues. The member does not see it.
    #[arg(long)]
    note: Option<String>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    id: i64,
    customer_id: i64,
    customer_number: String,
    kind: String,
    state: String,
    requested_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    requested: Option<Map<String, Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_signed: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decided_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decided_by: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

pub(super) fn run(config: &Config, command: &Amendment) -> Outcome {
    match command {
        Amendment::List(list) => run_list(config, list),
        Amendment::Accept(decide) => run_decide(config, decide, true),
        Amendment::Reject(decide) => run_decide(config, decide, false),
    }
}

fn run_list(config: &Config, List { tenant, studio, all, json }: &List) -> Outcome {
    let (tenant, studio, all) = (tenant.clone(), studio.clone(), *all);
    let rows = with_db(open_with_vault(config)?, move |tx| {
        let tenant = find_tenant(tx, tenant.as_deref())?;
        let studio = match &studio {
            Some(key) => Some(find_studio(tx, &tenant, Some(key))?.id),
            None => None,
        };
        let mut found = if all { store::list(tx, tenant.id(), MOST)? } else { store::waiting(tx, tenant.id(), MOST)? };
        found.retain(|amendment| studio.is_none_or(|studio| amendment.studio_id == studio));
        found.into_iter().map(|amendment| listed(tx, &tenant, amendment)).collect::<Result<Vec<_>, Problem>>()
    })?;
    output::listing(*json, &rows, &["id", "customer", "kind", "state", "asked at", "asked for"], |row| {
        let value = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let fields = row.requested.iter().flatten().map(|(name, text)| format!("{name}: {}", value(text)));
        vec![
            row.id.to_string(),
            row.customer_number.clone(),
            row.kind.clone(),
            row.state.clone(),
            row.requested_at.to_string(),
            fields.collect::<Vec<_>>().join(", "),
        ]
    })
}

fn listed(tx: &mut Tx<'_>, tenant: &Tenant, row: store::Amendment) -> Result<Listed, Problem> {
    let wanted = amendment::requested(tx, tenant.id(), row.id)?;
    let customer = customer::by_id(tx, tenant.id(), row.customer_id)?;
    let is_signed = wanted.as_ref().and_then(|wanted| match wanted.data {
        Data::Payment(_) => Some(wanted.signature.is_some()),
        _ => None,
    });
    Ok(Listed {
        id: row.id,
        customer_id: row.customer_id,
        customer_number: customer.map(|customer| customer.customer_number).unwrap_or_default(),
        kind: row.kind.to_lowercase(),
        state: row.state.to_lowercase(),
        requested_at: row.requested_at,
        requested: wanted.map(|wanted| wanted.data.shown_fields()),
        is_signed,
        decided_at: row.decided_at,
        decided_by: row.decided_by,
        note: row.note,
    })
}

fn run_decide(config: &Config, Decide { id, tenant, note, json }: &Decide, accepts: bool) -> Outcome {
    let (id, tenant, note, by) = (*id, tenant.clone(), note.clone(), super::by());
    let decided = with_db(open_with_vault(config)?, move |tx| {
        let tenant = find_tenant(tx, tenant.as_deref())?;
        let mut change = by.changes(tx, &tenant);
        let note = note.as_deref();
        if accepts {
            amendment::accept(&mut change, id, note)?;
        } else {
            amendment::reject(&mut change, id, note)?;
        }
        let decided = store::find(tx, tenant.id(), id)?;
        let decided = decided.ok_or_else(|| Problem::Said(format!("there is no change {id}")))?;
        listed(tx, &tenant, decided)
    })?;
    if *json {
        return output::text(&format!("{}\n", serde_json::to_string_pretty(&decided)?));
    }
    let (kind, number) = (decided.kind.replace('_', " "), &decided.customer_number);
    output::text(&if accepts {
        format!("the {kind} of the customer {number} were changed as asked for\n")
    } else {
        format!("the {kind} of the customer {number} stay as they were\n")
    })
}
