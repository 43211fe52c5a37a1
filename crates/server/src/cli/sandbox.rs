//! `gymkeeper sandbox`.

use clap::{Args, Subcommand};
use gymkeeper_store::{db::Tx, sandbox as store, tenant::Tenant};

use super::{Outcome, Problem, find_tenant, open_existing, output, with_db};
use crate::{
    actions::sandbox,
    config::Config,
    http::sandbox::{Listed, base_url, describe_fork, describe_restored},
};

#[derive(Debug, Subcommand)]
#[command(
    after_help = "A sandbox is a tenant with `sandbox: true` in its gym file. A snapshot keeps its state under a name; going \
                  back to one takes the clock along and leaves API keys, webhooks, links to calendars and the journal as they are. A fork is a \
                  tenant of its own, for one test among many. The server may run meanwhile.\n\n\
                  Example: gymkeeper sandbox token --tenant acme"
)]
pub(super) enum Sandbox {
    /// Make the token for the sandbox API and show it, instead of the one there was.
    Token(Of),
    /// Keep the present state under a name.
    Snapshot(Named),
    /// Go back to a snapshot.
    Restore(Named),
    /// List snapshots.
    Snapshots(Of),
    /// Remove a snapshot.
    RemoveSnapshot(Named),
    /// Go back to the first snapshot, `seed`, which was taken with the first token.
    Reset(Of),
    /// Make a tenant of its own with the present state, with keys and a token.
    Fork(Fork),
    /// Remove a fork with everything it has.
    RemoveFork(RemoveFork),
}

#[derive(Debug, Clone, Args)]
pub(super) struct Of {
    /// The tenant; needed when there are several.
    #[arg(long)]
    tenant: Option<String>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
pub(super) struct Named {
    /// The snapshot: lower-case letters, digits and dashes.
    name: String,
    #[command(flatten)]
    of: Of,
}

#[derive(Debug, Args)]
pub(super) struct Fork {
    /// The key of the new tenant; by default the tenant's with letters behind it.
    #[arg(long)]
    key: Option<String>,
    #[command(flatten)]
    of: Of,
}

#[derive(Debug, Args)]
pub(super) struct RemoveFork {
    /// The fork's key.
    key: String,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(config: &Config, command: &Sandbox) -> Outcome {
    match command {
        Sandbox::Token(of) => token(config, of),
        Sandbox::Snapshot(Named { name, of }) => {
            let (by, wanted) = (super::by(), name.clone());
            let taken = within(config, of, move |tx, tenant| Ok(sandbox::take(tx, tenant.id(), &by, &wanted)?))?;
            done(of.json, &Listed::from(taken), &format!("snapshot {name} taken"))
        }
        Sandbox::Restore(Named { name, of }) => restore(config, of, name),
        Sandbox::Reset(of) => restore(config, of, sandbox::SEED),
        Sandbox::Snapshots(of) => {
            let rows = within(config, of, |tx, tenant| Ok(store::list(tx, tenant.id())?))?;
            let rows: Vec<Listed> = rows.into_iter().map(Listed::from).collect();
            output::listing(of.json, &rows, &["name", "taken at", "clock"], |row| {
                let clock = row.now.map_or_else(|| "the system's".to_owned(), |now| now.to_string());
                vec![row.name.clone(), row.taken_at.to_string(), clock]
            })
        }
        Sandbox::RemoveSnapshot(Named { name, of }) => {
            let (by, wanted) = (super::by(), name.clone());
            within(config, of, move |tx, tenant| Ok(sandbox::forget(tx, tenant.id(), &by, &wanted)?))?;
            done(of.json, &serde_json::json!({ "removed": name }), &format!("snapshot {name} removed"))
        }
        Sandbox::Fork(Fork { key, of }) => fork(config, of, key.as_deref()),
        Sandbox::RemoveFork(RemoveFork { key, json }) => {
            let (by, of) = (super::by(), Of { tenant: Some(key.clone()), json: *json });
            within(config, &of, move |tx, tenant| Ok(sandbox::remove_fork(tx, tenant.id(), &by)?))?;
            done(*json, &serde_json::json!({ "removed": key }), &format!("fork {key} removed"))
        }
    }
}

/// Runs one piece of work on the tenant that was named.
fn within<T: Send + 'static>(
    config: &Config,
    of: &Of,
    mut work: impl FnMut(&mut Tx<'_>, &Tenant) -> Result<T, Problem> + Send + 'static,
) -> Result<T, super::Stopped> {
    let key = of.tenant.clone();
    with_db(open_existing(config)?, move |tx| {
        let tenant = find_tenant(tx, key.as_deref())?;
        if !tenant.sandbox {
            let advice = "write `sandbox: true` into its gym file and apply it";
            return Err(Problem::Said(format!("the tenant {} is no sandbox; {advice}", tenant.key)));
        }
        work(tx, &tenant)
    })
}

fn done(json: bool, value: &impl serde::Serialize, text: &str) -> Outcome {
    if json {
        output::text(&format!("{}\n", serde_json::to_string_pretty(value)?))
    } else {
        output::text(&format!("{text}\n"))
    }
}

fn token(config: &Config, of: &Of) -> Outcome {
    let by = super::by();
    let (tenant, token, first) = within(config, of, move |tx, tenant| {
        let token = sandbox::fresh_token();
        let first = sandbox::set_token(tx, tenant.id(), &by, &token)?;
        Ok((tenant.key.clone(), token, first))
    })?;
    if of.json {
        return done(true, &serde_json::json!({ "tenant": tenant, "sandboxToken": token }), "");
    }
    output::text(&format!("{token}\n"))?;
    let seed = if first { " The present state was kept as the snapshot seed, to which a reset goes back." } else { "" };
    eprintln!("This is the sandbox token of {tenant}. It is not shown again, and one from before is refused.{seed}");
    Ok(std::process::ExitCode::SUCCESS)
}

fn restore(config: &Config, of: &Of, name: &str) -> Outcome {
    let (by, wanted) = (super::by(), name.to_owned());
    let system_now = by.system_now;
    let restored = within(config, of, move |tx, tenant| Ok(sandbox::restore(tx, tenant.id(), &by, &wanted)?))?;
    let shown = describe_restored(name, &restored, system_now).map_err(Problem::from)?;
    done(of.json, &shown, &format!("{} is back at the snapshot {name}", restored.tenant.key))
}

fn fork(config: &Config, of: &Of, key: Option<&str>) -> Outcome {
    let (by, key) = (super::by(), key.map(str::to_owned));
    let forked = within(config, of, move |tx, tenant| Ok(sandbox::fork(tx, tenant.id(), &by, key.as_deref())?))?;
    let value = describe_fork(&forked, &base_url(config, &super::public_url(config), &forked.tenant));
    if of.json {
        return done(true, &value, "");
    }
    let shown = |key: &Option<String>| key.clone().unwrap_or_else(|| "none; the tenant has no studio".to_owned());
    output::text(&format!(
        "tenant:               {}\nAPI key, all scopes:  {}\nAPI key, read only:   {}\nSandbox token:        {}\n",
        forked.tenant,
        shown(&forked.full),
        shown(&forked.read_only),
        forked.token
    ))
}
