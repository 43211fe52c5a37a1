//! `gymkeeper voucher`.

use clap::{Args, Subcommand};
use gymkeeper_domain::customer::voucher::VoucherDefinition;
use gymkeeper_store::customer::voucher as store;
use jiff::{Timestamp, civil::Date};

use super::{Outcome, Problem, find_studio, find_tenant, open_existing, output, with_db};
use crate::{actions::voucher, config::Config};

#[derive(Debug, Subcommand)]
#[command(
    after_help = "Whoever has the code of a voucher redeems it with POST /v1/checkin-vouchers/redeem and gets a code that opens \
                  the studio for one visit.\n\nExample: gymkeeper voucher create --studio berlin --count 20 --until 2026-12-31"
)]
pub(super) enum Voucher {
    /// Make vouchers and print their codes.
    Create(Create),
    /// List the vouchers of a studio.
    List(List),
}

#[derive(Debug, Args)]
pub(super) struct Create {
    /// How many.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=10_000), conflicts_with = "code")]
    count: u32,
    /// What is printed on it: 6 to 64 letters and digits; made up when left out.
    #[arg(long)]
    code: Option<String>,
    /// The first day on which they may be redeemed and used.
    #[arg(long, value_name = "DATE")]
    from: Option<Date>,
    /// The last day on which they may be redeemed and used.
    #[arg(long, value_name = "DATE")]
    until: Option<Date>,
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
    code: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_from: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_until: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    redeemed_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    used_at: Option<Timestamp>,
}

pub(super) fn run(config: &Config, command: &Voucher) -> Outcome {
    let db = open_existing(config)?;
    match command {
        Voucher::Create(Create { count, code, from, until, place }) => {
            let by = super::by();
            let (place, count, code, from, until) = (place.clone(), *count, code.clone(), *from, *until);
            let codes = with_db(db, move |tx| {
                let tenant = find_tenant(tx, place.tenant.as_deref())?;
                let studio = find_studio(tx, &tenant, place.studio.as_deref())?;
                let mut change = by.changes(tx, &tenant);
                let mut codes = Vec::new();
                while codes.len() < count as usize {
                    let wanted = code.clone().unwrap_or_else(|| voucher::fresh_code(&mut change));
                    let definition = VoucherDefinition { code: wanted, valid_from: from, valid_until: until };
                    if let Some(problem) = definition.problems().into_iter().next() {
                        return Err(Problem::Said(problem.to_string()));
                    }
                    match voucher::make(&mut change, studio.id, &definition)? {
                        Some(_) => codes.push(definition.code),
                        None if code.is_some() => {
                            return Err(Problem::Said(format!("there is a voucher {} already", definition.code)));
                        }
                        None => {}
                    }
                }
                Ok(codes)
            })?;
            output::text(&format!("{}\n", codes.join("\n")))
        }
        Voucher::List(List { place, json }) => {
            let place = place.clone();
            let rows = with_db(db, move |tx| {
                let tenant = find_tenant(tx, place.tenant.as_deref())?;
                let studio = find_studio(tx, &tenant, place.studio.as_deref())?;
                Ok(store::list(tx, tenant.id(), studio.id)?)
            })?;
            let rows: Vec<Listed> = rows.into_iter().map(listed).collect();
            output::listing(*json, &rows, &["id", "code", "from", "until", "customer", "state"], |row| {
                let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
                let state = match (row.redeemed_at, row.used_at) {
                    (_, Some(_)) => "used",
                    (Some(_), None) => "redeemed",
                    (None, None) => "open",
                };
                let customer = row.customer_id.map(|id| id.to_string()).unwrap_or_default();
                let (id, code) = (row.id.to_string(), row.code.clone());
                vec![id, code, day(row.valid_from), day(row.valid_until), customer, state.to_owned()]
            })
        }
    }
}

fn listed(voucher: store::Voucher) -> Listed {
    Listed {
        id: voucher.id,
        code: voucher.code,
        valid_from: voucher.valid_from,
        valid_until: voucher.valid_until,
        redeemed_at: voucher.redeemed_at,
        customer_id: voucher.customer_id,
        used_at: voucher.used_at,
    }
}
