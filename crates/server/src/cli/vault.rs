//! `gymkeeper vault`.

use std::{collections::BTreeMap, sync::Arc};

use clap::{Args, Subcommand};
use gymkeeper_store::{
    db::{Db, DbError},
    sealed::{self, Column},
    tenant::{self, TenantId},
};

use super::{Outcome, Problem, Stopped, open_existing, output, stop};
use crate::{
    actions::change::Deed,
    app,
    config::Config,
    vault::{
        self, Place,
        keys::{self, KeyId},
    },
};

#[derive(Debug, Subcommand)]
#[command(
    after_help = "Bank data, signatures and the numbers of identity documents are sealed with a key that is not in the \
                  database. A rotation makes a new key and seals everything with it anew, while the server runs; the \
                  old keys stay until they are removed, because a backup may need them.\n\n\
                  Example: gymkeeper vault rotate && gymkeeper vault status"
)]
pub(super) enum Vault {
    /// List the keys at hand, and how many values each of them has sealed.
    Status(Status),
    /// Make a new key and seal everything with it. Run again, it finishes what was broken off.
    Rotate,
    /// Remove the keys that nothing in the database needs any more from the key file.
    Prune,
}

#[derive(Debug, Args)]
pub(super) struct Status {
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// A key with what it has sealed.
#[derive(Debug, serde::Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed {
    key: String,
    /// Whether it seals, whether it only opens, or that it is missing.
    r#use: &'static str,
    values: u64,
    /// Of those, how many of each kind.
    by_kind: BTreeMap<&'static str, u64>,
}

/// So many values are read or sealed at a time, so that a server's requests get their turn in between.
const BATCH: i64 = 500;

pub(super) fn run(config: &Config, command: &Vault) -> Outcome {
    let db = open_existing(config)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let outcome = runtime.block_on(async {
        match command {
            Vault::Status(Status { json }) => status(config, &db, *json).await,
            Vault::Rotate => rotate(config, &db).await,
            Vault::Prune => prune(config, &db).await,
        }
    });
    db.close();
    outcome
}

async fn status(config: &Config, db: &Db, json: bool) -> Outcome {
    let at_hand = app::open_vault(config, db).await?.key_ids();
    let mut counted = count(db).await?;
    let mut rows = Vec::new();
    for (place, key) in at_hand.iter().enumerate() {
        let use_of_it = if place == 0 { "seals and opens" } else { "opens" };
        rows.push(listed(*key, use_of_it, counted.remove(key).unwrap_or_default()));
    }
    rows.extend(counted.into_iter().map(|(key, by_kind)| listed(key, "missing", by_kind)));
    output::listing(json, &rows, &["key", "use", "values", "of which"], |row| {
        let kinds: Vec<String> = row.by_kind.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
        vec![row.key.clone(), row.r#use.to_owned(), row.values.to_string(), kinds.join(", ")]
    })
}

fn listed(key: KeyId, use_of_it: &'static str, by_kind: BTreeMap<&'static str, u64>) -> Listed {
    Listed { key: key.to_string(), r#use: use_of_it, values: by_kind.values().sum(), by_kind }
}

async fn rotate(config: &Config, db: &Db) -> Outcome {
    let vault = app::open_vault(config, db).await?;
    let in_use = db.read(keys::key_in_use).await?;
    // A newest key that is not the one in use was added by a rotation that did not come to its end.
    let newest = match vault.key_ids().first() {
        Some(newest) if in_use.is_some_and(|in_use| in_use != *newest) => *newest,
        _ => keys::add_key(config)?,
    };
    let mut sealed = 0;
    // What a request sealed with an older key while this ran is found by the next turn.
    loop {
        let turn = reseal_all(db, &vault).await?;
        sealed += turn;
        if turn == 0 {
            break;
        }
    }
    db.write(move |tx| keys::set_key_in_use(tx, newest)).await?;
    output::text(&format!(
        "{sealed} values were sealed with the new key {newest}. Make a backup of the key file now. Backups of the \
         database from before need the older keys: keep them as long, then run `gymkeeper vault prune`.\n"
    ))
}

async fn prune(config: &Config, db: &Db) -> Outcome {
    let vault = app::open_vault(config, db).await?;
    let counted = count(db).await?;
    let newest = vault.key_ids().first().copied();
    if let Some((key, kinds)) = counted.iter().find(|(key, _)| Some(**key) != newest) {
        let values: u64 = kinds.values().sum();
        return stop(format!("the key {key} is still needed by {values} values; run `gymkeeper vault rotate` first"));
    }
    let removed = keys::remove_old_keys(config, db.read(keys::key_in_use).await?)?;
    let names: Vec<String> = removed.iter().map(KeyId::to_string).collect();
    output::text(&match names.as_slice() {
        [] => "there is only one key; nothing was removed\n".to_owned(),
        names => format!("removed from the key file: {}\n", names.join(", ")),
    })
}

type Counted = BTreeMap<KeyId, BTreeMap<&'static str, u64>>;

/// How many values of which kind each key has sealed.
async fn count(db: &Db) -> Result<Counted, Stopped> {
    let mut counted = Counted::new();
    for owner in db.read(sealed::owners).await? {
        for column in sealed::COLUMNS {
            let mut after = 0;
            loop {
                let rows = db.read(move |tx| sealed::batch(tx, owner, column, after, BATCH)).await?;
                let Some((last, _)) = rows.last() else { break };
                after = *last;
                for (id, value) in &rows {
                    let Some(key) = vault::sealing_key(value) else {
                        return stop(format!("the value of {} {id} was never sealed or is damaged", column.kind));
                    };
                    *counted.entry(key).or_default().entry(column.kind).or_default() += 1;
                }
            }
        }
    }
    Ok(counted)
}

/// Seals with the newest key what another one has sealed, and says how many values that were.
async fn reseal_all(db: &Db, vault: &Arc<vault::Vault>) -> Result<u64, Stopped> {
    let mut total = 0;
    for owner in db.read(sealed::owners).await? {
        let mut of_owner = 0;
        for column in sealed::COLUMNS {
            let mut after = 0;
            while let Some((last, count)) = reseal_batch(db, vault, owner, column, after).await? {
                after = last;
                of_owner += count;
            }
        }
        if of_owner > 0 {
            record(db, owner, of_owner).await?;
        }
        total += of_owner;
    }
    Ok(total)
}

/// One batch behind a row: the last row of it, and how many of its values were sealed anew.
async fn reseal_batch(
    db: &Db,
    vault: &Arc<vault::Vault>,
    owner: TenantId,
    column: &'static Column,
    after: i64,
) -> Result<Option<(i64, u64)>, Stopped> {
    let vault = Arc::clone(vault);
    let batch = move |tx: &mut gymkeeper_store::db::Tx<'_>| {
        let rows = sealed::batch(tx, owner, column, after, BATCH)?;
        let Some((last, _)) = rows.last() else { return Ok(None) };
        let (last, mut count) = (*last, 0);
        for (id, value) in &rows {
            let resealed = vault.reseal(Place { kind: column.kind, id: *id }, value);
            if let Some(resealed) = resealed.map_err(|error| Problem::Said(error.to_string()))?
                && sealed::replace(tx, owner, column, *id, value, &resealed)?
            {
                count += 1;
            }
        }
        Ok(Some((last, count)))
    };
    db.write(batch).await.map_err(|problem: Problem| Stopped::from(problem))
}

/// The journal of a tenant tells that its values were sealed anew; that of a snapshot, which has none, needs not.
async fn record(db: &Db, owner: TenantId, values: u64) -> Result<(), Stopped> {
    let by = super::by();
    let tell = move |tx: &mut gymkeeper_store::db::Tx<'_>| {
        if let Some(tenant) = tenant::by_id(tx, owner)? {
            by.changes(tx, &tenant).record(Deed::new("vault.resealed").field("values", (), values));
        }
        Ok::<_, DbError>(())
    };
    Ok(db.write(tell).await?)
}
