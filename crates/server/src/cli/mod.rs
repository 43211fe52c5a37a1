//! The command line.

mod amendment;
mod audit;
mod backup;
mod calendar;
mod checkin;
mod clock;
mod customer;
mod demo;
mod doctor;
mod events;
mod export;
mod gym;
mod hours;
mod import;
mod jobs;
mod key;
mod output;
mod sandbox;
mod serve;
mod user;
mod vault;
mod voucher;
mod webhooks;

use std::{io::Write as _, path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};
use gymkeeper_contract::language::Language;
use gymkeeper_store::{
    MIGRATIONS,
    db::{self, Db, DbError, Location, Tx},
    studio::{self, Studio},
    tenant::{self, Tenant},
};

use crate::{
    actions::change::{Actor, By},
    app,
    clock::Clock,
    config::Config,
    http::{self, failure::Failure},
};

/// Runs the program.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments) {
        Ok(code) => code,
        Err(Stopped(message)) => {
            let _ = writeln!(std::io::stderr(), "gymkeeper: {message}");
            ExitCode::FAILURE
        }
    }
}

/// An open, self-hostable gym-management server that speaks the PerfectGym Next Open API.
///
/// To look around, run `gymkeeper demo`: it makes a demo gym and prints keys and calls to try. To run a gym, write a gym file
/// (see the folder demo/ for one), load it with `gymkeeper apply`, make keys with `gymkeeper key create`, and start
/// `gymkeeper serve`.
#[derive(Debug, Parser)]
#[command(name = "gymkeeper", version, propagate_version = true)]
struct Arguments {
    /// Configuration file; without it every key has its default. `gymkeeper schema config` prints one with every key.
    #[arg(long, global = true, env = "GYMKEEPER_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the API.
    #[command(
        after_help = "The database must hold a gym; see gymkeeper apply. Keys of the configuration can be set in the \
                      environment as well.\n\nExample: GYMKEEPER_LISTEN=0.0.0.0:8080 gymkeeper serve"
    )]
    Serve,
    /// Make or reopen a demo gym, print its keys, and serve it.
    Demo(demo::Demo),
    /// Load a gym file: tenant, studios, offers and everything below them.
    Apply(gym::Apply),
    /// Print the JSON Schema of gym files, or a configuration file with every key.
    Schema(gym::Schema),
    /// Make, list, replace and revoke API keys.
    #[command(subcommand)]
    Key(key::Key),
    /// Make, list and change the accounts of staff, who use the back office.
    #[command(subcommand)]
    User(user::User),
    /// Open, close and list visits.
    #[command(subcommand)]
    Checkin(checkin::Checkin),
    /// Make and list check-in vouchers.
    #[command(subcommand)]
    Voucher(voucher::Voucher),
    /// Make, list and revoke links for calendar programs.
    #[command(subcommand)]
    Calendar(calendar::Calendar),
    /// List, accept and reject the changes that members asked for.
    #[command(subcommand)]
    Amendment(amendment::Amendment),
    /// Write down all that is stored about a customer, and erase it.
    #[command(subcommand)]
    Customer(customer::Customer),
    /// Show and move the clock of a sandbox.
    #[command(subcommand)]
    Clock(clock::Clock),
    /// Tokens, snapshots and forks of sandboxes.
    #[command(subcommand)]
    Sandbox(sandbox::Sandbox),
    /// Tell programs about events: targets, deliveries, samples, and a receiver for trying.
    #[command(subcommand)]
    Webhooks(webhooks::Webhooks),
    /// Read events again, in order.
    Events(events::Events),
    /// List the jobs that are due, and retry those that failed.
    #[command(subcommand)]
    Jobs(jobs::Jobs),
    /// List who changed what, and verify that nothing of it was altered.
    #[command(subcommand)]
    Audit(audit::Audit),
    /// Show and change the hours of a studio.
    #[command(subcommand)]
    Hours(hours::Hours),
    /// Show and replace the keys for bank data.
    #[command(subcommand)]
    Vault(vault::Vault),
    /// Check configuration, database, clock and disk, and say what to do.
    Doctor(doctor::Doctor),
    /// Write everything into one file, also while the server runs.
    Backup(backup::Backup),
    /// Make a data folder from a backup.
    Restore(backup::Restore),
    /// Write everything of one tenant into a folder of documented files, also while the server runs.
    Export(export::Export),
    /// Make a tenant from an export, or take over customers from the tables of another program.
    #[command(subcommand)]
    Import(import::Import),
    /// Print the OpenAPI document of what is built.
    Openapi {
        /// The document of the back office instead.
        #[arg(long)]
        admin: bool,
    },
    /// Print which operations of the API are built.
    Compatibility,
}

/// Why the program stops, in a sentence for whoever started it.
#[derive(Debug)]
struct Stopped(String);

impl<E: std::fmt::Display> From<E> for Stopped {
    fn from(error: E) -> Self {
        Self(error.to_string())
    }
}

fn stop<T>(message: impl Into<String>) -> Result<T, Stopped> {
    Err(Stopped(message.into()))
}

type Outcome = Result<ExitCode, Stopped>;

fn run(arguments: Arguments) -> Outcome {
    let config = || load_config(arguments.config.as_deref());
    match arguments.command {
        Command::Serve => serve::run(config()?),
        Command::Demo(demo) => demo::run(config()?, &demo),
        Command::Apply(apply) => gym::apply(&config()?, &apply),
        Command::Schema(schema) => gym::schema(&schema),
        Command::Key(command) => key::run(&config()?, &command),
        Command::User(command) => user::run(&config()?, &command),
        Command::Checkin(command) => checkin::run(&config()?, &command),
        Command::Voucher(command) => voucher::run(&config()?, &command),
        Command::Calendar(command) => calendar::run(&config()?, &command),
        Command::Amendment(command) => amendment::run(&config()?, &command),
        Command::Import(command) => import::run(&config()?, &command),
        Command::Customer(command) => customer::run(&config()?, &command),
        Command::Clock(command) => clock::run(&config()?, &command),
        Command::Sandbox(command) => sandbox::run(&config()?, &command),
        Command::Webhooks(command) => webhooks::run(&config()?, &command),
        Command::Events(events) => events::run(&config()?, &events),
        Command::Jobs(command) => jobs::run(&config()?, &command),
        Command::Audit(command) => audit::run(&config()?, &command),
        Command::Hours(command) => hours::run(&config()?, &command),
        Command::Vault(command) => vault::run(&config()?, &command),
        Command::Doctor(doctor) => doctor::run(config(), &doctor),
        Command::Backup(backup) => backup::backup(&config()?, &backup),
        Command::Restore(restore) => backup::restore(&config()?, &restore),
        Command::Export(export) => export::export(&config()?, &export),
        Command::Openapi { admin } => {
            output::text(&format!("{:#}\n", if admin { http::admin::openapi() } else { http::openapi() }))
        }
        Command::Compatibility => {
            let showing = std::sync::Arc::new(http::customers::portraits::Showing::nowhere());
            let built: Vec<&str> = http::mounted(&showing).iter().map(|mounted| mounted.operation.id).collect();
            output::text(&gymkeeper_contract::compatibility::table(&built))
        }
    }
}

fn load_config(path: Option<&std::path::Path>) -> Result<Config, Stopped> {
    let text = match path {
        None => None,
        Some(path) => {
            Some(std::fs::read_to_string(path).map_err(|error| Stopped(format!("{}: {error}", path.display())))?)
        }
    };
    Config::load(text.as_deref(), std::env::vars()).map_err(|error| match path {
        Some(path) => Stopped(format!("{}: {error}", path.display())),
        None => Stopped(error.to_string()),
    })
}

/// How clients reach the server, as far as a configuration says it.
fn public_url(config: &Config) -> String {
    if !config.public_url.is_empty() {
        return config.public_url.clone();
    }
    format!("{}://{}", if config.tls.is_some() { "https" } else { "http" }, config.listen)
}

/// Opens the database of a configuration for one command. Only `apply`, `demo`, `restore` and `import` make a new one.
fn open_existing(config: &Config) -> Result<Db, Stopped> {
    require_database(config)?;
    Ok(app::open_db(config)?)
}

/// As [`open_existing`], with the keys for bank data.
fn open_with_vault(config: &Config) -> Result<Db, Stopped> {
    let db = open_existing(config)?;
    open_vault(config, &db)?;
    Ok(db)
}

/// Opens the keys for bank data, so that one command can read and write them.
fn open_vault(config: &Config, db: &Db) -> Result<(), Stopped> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(app::open_vault(config, db))?;
    Ok(())
}

/// Looks whether there is a gym's database, without changing anything.
fn require_database(config: &Config) -> Result<(), Stopped> {
    let location = app::location(config);
    if let Location::Sqlite(path) = &location
        && !path.exists()
    {
        return stop(format!(
            "there is no database at {} yet; load a gym file with `gymkeeper apply`, or name the data folder with \
             GYMKEEPER_DATA_DIR or data_dir in the configuration",
            path.display()
        ));
    }
    if db::status(&location, MIGRATIONS)?.applied == 0 {
        return stop(format!(
            "{} is empty; load a gym file with `gymkeeper apply`, or if there was a gym in it, restore a backup",
            shown(&location)
        ));
    }
    Ok(())
}

/// A database's place without its password.
fn shown(location: &Location) -> String {
    match location {
        Location::Sqlite(path) => path.display().to_string(),
        Location::Postgres(_) => "the PostgreSQL database".to_owned(),
    }
}

/// Runs one piece of work on the database and closes it.
fn with_db<T, F>(db: Db, work: F) -> Result<T, Stopped>
where
    T: Send + 'static,
    F: FnMut(&mut Tx<'_>) -> Result<T, Problem> + Send + 'static,
{
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let result = runtime.block_on(db.write(work));
    db.close();
    result.map_err(Stopped::from)
}

/// Who runs the command, and when.
fn by() -> By {
    let name = ["USER", "LOGNAME"].iter().find_map(|name| std::env::var(name).ok()).filter(|name| !name.is_empty());
    let name = name.unwrap_or_else(|| rustix::process::getuid().as_raw().to_string());
    By::new(Actor::Cli(name), Clock.now())
}

/// What can stop a command's work inside its transaction.
enum Problem {
    Db(DbError),
    Said(String),
}

impl From<DbError> for Problem {
    fn from(error: DbError) -> Self {
        Self::Db(error)
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(refusal) => Self::Said(refusal.code.text(Language::En, &refusal.arguments)),
            Failure::Db(error) => Self::Db(error),
            Failure::Internal(message) => Self::Said(message),
            Failure::Stale => Self::Db(DbError::Conflict),
        }
    }
}

impl From<Problem> for Stopped {
    fn from(problem: Problem) -> Self {
        match problem {
            Problem::Db(error) => Self(error.to_string()),
            Problem::Said(message) => Self(message),
        }
    }
}

/// The tenant of that key; without one, the only tenant there is.
fn find_tenant(tx: &mut Tx<'_>, key: Option<&str>) -> Result<Tenant, Problem> {
    let tenants = tenant::list(tx)?;
    let names = || tenants.iter().map(|tenant| tenant.key.as_str()).collect::<Vec<_>>().join(", ");
    match key {
        Some(key) => match tenants.iter().find(|tenant| tenant.key == key) {
            Some(tenant) => Ok(tenant.clone()),
            None => Err(Problem::Said(format!("there is no tenant {key:?}; there is: {}", names()))),
        },
        None => match tenants.as_slice() {
            [tenant] => Ok(tenant.clone()),
            [] => Err(Problem::Said("there is no tenant yet; load a gym file with `gymkeeper apply`".to_owned())),
            _ => Err(Problem::Said(format!("choose a tenant with --tenant; there are: {}", names()))),
        },
    }
}

/// The studio of that key; without one, the only studio of the tenant.
fn find_studio(tx: &mut Tx<'_>, tenant: &Tenant, key: Option<&str>) -> Result<Studio, Problem> {
    let studios = studio::list(tx, tenant.id())?;
    let names = || studios.iter().map(|studio| studio.key.as_str()).collect::<Vec<_>>().join(", ");
    match key {
        Some(key) => match studios.iter().find(|studio| studio.key == key) {
            Some(studio) => Ok(studio.clone()),
            None => Err(Problem::Said(format!("there is no studio {key:?}; there is: {}", names()))),
        },
        None => match studios.as_slice() {
            [studio] => Ok(studio.clone()),
            _ => Err(Problem::Said(format!("choose a studio with --studio; there are: {}", names()))),
        },
    }
}
