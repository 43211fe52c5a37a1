//! `gymkeeper demo`.

use std::{path::PathBuf, sync::Arc};

use clap::Args;
use gymkeeper_store::db::{Db, Location};
use jiff::{Timestamp, civil::Date, tz::TimeZone};

use super::{Outcome, Problem, Stopped, gym, output, serve, stop};
use crate::{
    app,
    clock::Clock,
    config::{Config, Secret},
    demo::{self, Embedded, Keys, Owner, Plan},
    gymfile,
    vault::{
        Nonces, Vault,
        keys::{self, VaultKey},
    },
};

#[derive(Debug, Args)]
#[command(
    after_help = "The demo has a data folder of its own and keeps what you change until --fresh. It listens on this \
                  machine only, and its keys and its password come from the seed: never put real data into it.\n\n\
                  Example, the same gym each time: gymkeeper demo --fresh --seed 7 --today 2026-11-21"
)]
pub(super) struct Demo {
    /// The port to listen on.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// The data folder.
    #[arg(long, default_value = "gymkeeper-demo", value_name = "DIR")]
    data: PathBuf,
    /// Throw the demo's data away and start over.
    #[arg(long)]
    fresh: bool,
    /// Varies the data; the same number gives the same data.
    #[arg(long, default_value_t = 1, value_name = "N")]
    seed: u64,
    /// The day on which all dates of the demo hang, at which its clock then stands; by default the present day, with the clock
    /// running.
    #[arg(long, value_name = "DATE")]
    today: Option<Date>,
    /// Answer any number of requests, for test harnesses.
    #[arg(long)]
    no_rate_limit: bool,
    /// Print one JSON object with base URL, keys, sandbox token and the owner's account as the first line, for scripts.
    #[arg(long)]
    json: bool,
}

/// Marks a folder as a demo's, so that --fresh deletes nothing else.
const MARK: &str = ".gymkeeper-demo";

pub(super) fn run(mut config: Config, demo: &Demo) -> Outcome {
    config.listen = format!("127.0.0.1:{}", demo.port);
    config.data_dir.clone_from(&demo.data);
    // A demo never touches a gym's database, whatever the configuration says.
    config.database.clear();
    config.vault_key = Secret::default();
    if demo.no_rate_limit {
        config.requests_per_minute = None;
    }
    serve::start_log(&config)?;
    serve::until_stopped(async {
        // The port first: a demo that cannot listen must not have thrown its data away.
        let listener = crate::http::serve::listen(&config.listen).await?;
        if demo.fresh {
            clear(&config)?;
        }
        let today = demo.today.unwrap_or_else(|| TimeZone::UTC.to_datetime(Clock.now()).date());
        let db = prepare(&config)?;
        let seed = fill(&db, &config, Plan { seed: demo.seed, today }, demo.today.map(noon)).await?;
        let server = serve::Server::on(config, db, listener).await?;
        output::print(&greeting(demo.json, &server.url, &Keys::of(seed), &Owner::of(seed)))?;
        Ok(server.run().await)
    })
}

fn noon(day: Date) -> Timestamp {
    day.at(12, 0, 0, 0).to_zoned(TimeZone::UTC).map_or(Timestamp::UNIX_EPOCH, |at| at.timestamp())
}

fn clear(config: &Config) -> Result<(), Stopped> {
    let folder = &config.data_dir;
    if !folder.exists() {
        return Ok(());
    }
    if !folder.join(MARK).exists() && std::fs::read_dir(folder)?.next().is_some() {
        return stop(format!("{} was not made by the demo, so --fresh does not delete it", folder.display()));
    }
    Ok(std::fs::remove_dir_all(folder)?)
}

fn prepare(config: &Config) -> Result<Db, Stopped> {
    let folder = &config.data_dir;
    app::make_private_folder(folder).map_err(|error| Stopped(format!("{}: {error}", folder.display())))?;
    let new = match app::location(config) {
        Location::Sqlite(path) => !path.exists(),
        Location::Postgres(_) => true,
    };
    let marked = folder.join(MARK).exists();
    if new && !marked && std::fs::read_dir(folder)?.next().is_some() {
        return stop(format!(
            "{} is not empty and not the demo's; choose another folder with --data",
            folder.display()
        ));
    }
    if new {
        std::fs::write(folder.join(MARK), "made by `gymkeeper demo`; --fresh deletes this folder\n")?;
    } else if !marked {
        return stop(format!(
            "{} holds a gym that is not the demo's; choose another folder with --data",
            folder.display()
        ));
    }
    Ok(app::open_db(config)?)
}

/// Fills an empty database, or reopens a demo; answers the seed it was made with.
async fn fill(db: &Db, config: &Config, plan: Plan, test_clock: Option<Timestamp>) -> Result<u64, Stopped> {
    // The making of pictures takes longer than all the rest of a start.
    if let Some(seed) = db.read(|tx| demo::seed_of(tx).map_err(Problem::from)).await? {
        keys::write_file(&keys::key_file(config), &[VaultKey::of_demo(seed)], false)?;
        return Ok(seed);
    }
    let mut gym = gym::read_embedded(demo::GYM, plan.today, &Embedded)?;
    let made = demo::people::contents(plan.seed).map_err(|failure| Stopped(format!("{failure:?}")))?;
    gym.files.extend(made);
    gym::store_contents(&app::files_dir(config), &gym.files)?;
    // The bank data of a demo, too, must be the same in every run. A key file that is there stays.
    let (file, key) = (keys::key_file(config), VaultKey::of_demo(plan.seed));
    db.seal_with(Arc::new(Vault::of_keys(vec![key], Nonces::Computed)?));
    let seed = db.write(move |tx| fill_once(tx, &gym, plan, test_clock)).await.map_err(Stopped::from)?;
    keys::write_file(&file, &[VaultKey::of_demo(seed)], false)?;
    Ok(seed)
}

fn fill_once(
    tx: &mut gymkeeper_store::db::Tx<'_>,
    gym: &gymfile::Gym,
    plan: Plan,
    test_clock: Option<Timestamp>,
) -> Result<u64, Problem> {
    if let Some(seed) = demo::seed_of(tx)? {
        return Ok(seed);
    }
    if !gymkeeper_store::tenant::list(tx)?.is_empty() {
        return Err(Problem::Said("the database holds a gym that is not the demo's".to_owned()));
    }
    demo::seed(tx, gym, plan, test_clock)?;
    Ok(plan.seed)
}

fn greeting(json: bool, url: &str, keys: &Keys, owner: &Owner) -> String {
    let object = serde_json::json!({
        "baseUrl": url,
        "tenant": "ironworks",
        "apiKeys": { "full": keys.full, "readOnly": keys.read_only },
        "sandboxToken": keys.sandbox,
        "owner": { "email": owner.email, "password": owner.password },
    });
    if json {
        return format!("{object}\n");
    }
    let Keys { full, read_only, sandbox } = keys;
    let Owner { email, password } = owner;
    format!(
        "Gymkeeper demo on {url} (documentation: {url}/docs; stop with Ctrl+C)\n\
         \n\
         API key, all scopes:  {full}\n\
         API key, read only:   {read_only}\n\
         Sandbox token:        {sandbox}\n\
         Back office:          {email}, password {password} ({url}/admin/docs)\n\
         \n\
         curl -H 'x-api-key: {read_only}' {url}/v1/studios/utilization\n\
         curl -H 'x-api-key: {read_only}' {url}/v1/memberships/membership-offers\n\
         curl -H 'authorization: Bearer {sandbox}' {url}/sandbox/v1/clock\n\
         curl -X POST {url}/admin/v1/sign-in -H 'content-type: application/json' -d '{{\"email\":\"{email}\",\"password\":\"{password}\"}}'\n\
         curl -H 'x-api-key: {full}' -X PUT {url}/v1/studios/information/tags -H 'content-type: application/json' -d '[{{\"name\":\"sauna\"}}]'\n"
    )
}
