//! `gymkeeper key`.

use clap::{Args, Subcommand};
use gymkeeper_contract::operations::Scope;
use gymkeeper_store::keys::{self, KeyRow};
use jiff::{Timestamp, ToSpan as _};

use super::{Outcome, Problem, find_studio, find_tenant, open_existing, output, with_db};
use crate::{
    actions::key::{self, Grant},
    clock::Clock,
    config::Config,
};

#[derive(Debug, Subcommand)]
#[command(
    after_help = "A key belongs to one studio and one integration. It is shown once, when it is made; only its hash is \
                  stored."
)]
pub(super) enum Key {
    /// Make a key and show it.
    Create(Create),
    /// List keys, without their secret part.
    List(List),
    /// End a key at once.
    Revoke(Revoke),
    /// Make a key with the rights of another one, which stays valid for a while.
    Rotate(Rotate),
}

#[derive(Debug, Args)]
#[command(
    after_help = "Example: gymkeeper key create --studio berlin --integration door --scopes STUDIO_READ,CHECKIN_READ"
)]
pub(super) struct Create {
    /// The tenant; needed when there are several.
    #[arg(long)]
    tenant: Option<String>,
    /// The studio; needed when there are several.
    #[arg(long)]
    studio: Option<String>,
    /// The integration: a short name for the program that uses the key.
    #[arg(long, default_value = "default")]
    integration: String,
    /// Scopes, separated by commas; without this option all of them.
    #[arg(long, value_delimiter = ',')]
    scopes: Option<Vec<String>>,
    /// The key is refused after so many days.
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(i64).range(1..=36500))]
    expires_in: Option<i64>,
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
    /// The key's id, from `gymkeeper key list`.
    id: i64,
    /// The tenant; needed when there are several.
    #[arg(long)]
    tenant: Option<String>,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Example, for an integration that is changed within two days: gymkeeper key rotate 1027 --overlap 48"
)]
pub(super) struct Rotate {
    /// The key's id, from `gymkeeper key list`.
    id: i64,
    /// The tenant; needed when there are several.
    #[arg(long)]
    tenant: Option<String>,
    /// The old key stays valid for so many hours.
    #[arg(long, default_value_t = 24, value_name = "HOURS", value_parser = clap::value_parser!(i64).range(0..=87600))]
    overlap: i64,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(config: &Config, command: &Key) -> Outcome {
    let db = open_existing(config)?;
    let (by, now) = (super::by(), Clock.now());
    match command {
        Key::Create(create) => {
            let scopes = create.scopes.as_deref().map(parse_scopes).transpose().map_err(super::Stopped)?;
            let expires_at = create.expires_in.and_then(|days| now.checked_add((days * 24).hours()).ok());
            let (tenant, studio, integration) =
                (create.tenant.clone(), create.studio.clone(), create.integration.clone());
            let created = with_db(db, move |tx| {
                let tenant = find_tenant(tx, tenant.as_deref())?;
                let studio = find_studio(tx, &tenant, studio.as_deref())?.id;
                let grant = Grant { studio, integration: integration.clone(), scopes: scopes.clone(), expires_at };
                Ok(key::create(&mut by.changes(tx, &tenant), &grant, &key::fresh_text())?)
            })?;
            show(&created, create.json)
        }
        Key::List(list) => {
            let tenant = list.tenant.clone();
            let rows = with_db(db, move |tx| {
                let tenant = find_tenant(tx, tenant.as_deref())?;
                Ok(keys::list(tx, tenant.id())?)
            })?;
            let rows: Vec<Listed> = rows.into_iter().map(|row| Listed::new(row, now)).collect();
            let heading = ["id", "studio", "integration", "key", "state", "last used", "scopes"];
            output::listing(list.json, &rows, &heading, |row| {
                vec![
                    row.id.to_string(),
                    row.studio.clone(),
                    row.integration.clone(),
                    format!("{}...", row.prefix),
                    row.state.to_owned(),
                    row.last_used_at.map_or_else(|| "-".to_owned(), |at| at.strftime("%Y-%m-%d %H:%M").to_string()),
                    if row.scopes == ["*"] { "all".to_owned() } else { row.scopes.join(",") },
                ]
            })
        }
        Key::Revoke(revoke) => {
            let (tenant, id) = (revoke.tenant.clone(), revoke.id);
            with_db(db, move |tx| {
                let tenant = find_tenant(tx, tenant.as_deref())?;
                if key::revoke(&mut by.changes(tx, &tenant), id)? { Ok(()) } else { Err(no_such_key(id)) }
            })?;
            output::text(&format!("key {id} is revoked\n"))
        }
        Key::Rotate(rotate) => {
            let (tenant, id) = (rotate.tenant.clone(), rotate.id);
            let old_ends = now.checked_add(rotate.overlap.hours())?;
            let created = with_db(db, move |tx| {
                let tenant = find_tenant(tx, tenant.as_deref())?;
                let created = key::rotate(&mut by.changes(tx, &tenant), id, &key::fresh_text(), old_ends)?;
                created.ok_or_else(|| no_such_key(id))
            })?;
            show(&created, rotate.json)
        }
    }
}

fn no_such_key(id: i64) -> Problem {
    Problem::Said(format!("there is no valid key {id}; see `gymkeeper key list`"))
}

fn parse_scopes(names: &[String]) -> Result<Vec<Scope>, String> {
    names
        .iter()
        .map(|name| {
            name.trim().parse::<Scope>().map_err(|_| {
                let upper = name.trim().to_uppercase();
                let nearest = Scope::ALL.iter().min_by_key(|scope| strsim::damerau_levenshtein(scope.as_str(), &upper));
                format!("{name:?} is no scope; did you mean {}?", nearest.map_or("", |scope| scope.as_str()))
            })
        })
        .collect()
}

fn show(created: &key::Created, json: bool) -> Outcome {
    if json {
        let value = serde_json::json!({ "id": created.id, "key": created.text });
        return output::text(&format!("{value:#}\n"));
    }
    output::text(&format!("{}\n", created.text))?;
    eprintln!("This is key {}. It is not shown again.", created.id);
    Ok(std::process::ExitCode::SUCCESS)
}

#[derive(Debug, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    id: i64,
    studio: String,
    integration: String,
    prefix: String,
    scopes: Vec<String>,
    state: &'static str,
    created_at: Timestamp,
    expires_at: Option<Timestamp>,
    revoked_at: Option<Timestamp>,
    last_used_at: Option<Timestamp>,
}

impl Listed {
    fn new(row: KeyRow, now: Timestamp) -> Self {
        let state = match (row.revoked_at, row.expires_at) {
            (Some(_), _) => "revoked",
            (None, Some(end)) if end <= now => "expired",
            (None, Some(_)) => "ending",
            (None, None) => "valid",
        };
        Self {
            id: row.id,
            studio: row.studio,
            integration: row.integration,
            prefix: row.prefix,
            scopes: row.scopes.split_whitespace().map(str::to_owned).collect(),
            state,
            created_at: row.created_at,
            expires_at: row.expires_at,
            revoked_at: row.revoked_at,
            last_used_at: row.last_used_at,
        }
    }
}
