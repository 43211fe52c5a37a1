//! What a running server is made of; built the same way by the binary and by tests.

use std::{
    io,
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use gymkeeper_store::{
    MIGRATIONS,
    db::{Db, DbError, Location, Options, Seal},
    setting,
};

use tokio::sync::Notify;

use crate::{
    chance,
    clock::Clock,
    config::Config,
    http::{
        caller::Callers,
        caller::KeyUsage,
        customers::portraits::Showing,
        links::Links,
        metrics::Metrics,
        planned::Seen,
        rate_limit::RateLimit,
        remembered::{Moment, Remembered},
        tail::Tails,
        writing::Running,
    },
    memory,
    outbound::Outbound,
    password::Passwords,
    vault::{self, Vault},
    workers::webhooks::Telling,
};

/// The parts of a server. Cloning the `Arc` around it is cheap.
pub struct App {
    /// How it was configured.
    pub config: Config,
    /// What tells this process from others on the same database; claims carry it.
    pub instance: String,
    /// The database.
    pub db: Db,
    /// The clock.
    pub clock: Clock,
    /// Remembered callers.
    pub callers: Callers,
    /// When keys were last used.
    pub key_usage: KeyUsage,
    /// The limit on requests.
    pub rate_limit: RateLimit,
    /// Remembered answers about inventory.
    pub remembered: Remembered<Moment>,
    /// Remembered answers about what is planned.
    pub planned: Remembered<Seen>,
    /// What was changed lately.
    pub tails: Arc<Tails>,
    /// How customers are shown.
    pub showing: Arc<Showing>,
    /// Signed links to files.
    pub links: Arc<Links>,
    /// What seals and opens bank data.
    pub vault: Arc<Vault>,
    /// Hashes the passwords of staff.
    pub passwords: Passwords,
    /// Requests with an idempotency key that are at work.
    pub running: Running,
    /// Wakes the worker that tells webhooks about events.
    pub told: Notify,
    /// What requests to receivers of webhooks are made with.
    pub outbound: Outbound,
    /// The runs that tell receivers about events.
    pub telling: Telling,
    /// Figures for operators.
    pub metrics: Metrics,
}

/// The database's place for a configuration.
pub fn location(config: &Config) -> Location {
    if config.database.is_empty() {
        Location::Sqlite(config.data_dir.join("gymkeeper.db"))
    } else {
        Location::parse(&config.database)
    }
}

/// The folder for the contents of images and documents.
pub fn files_dir(config: &Config) -> PathBuf {
    config.data_dir.join("files")
}

/// Makes a folder and the missing ones above it, readable by this account only: nobody else on the machine may read a gym's
/// data. A folder that is there already keeps its permissions.
///
/// # Errors
/// The system's, when the folder cannot be made.
pub fn make_private_folder(folder: &Path) -> io::Result<()> {
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

/// Opens the database of a configuration, making its folder if need be. Blocks.
///
/// # Errors
/// See [`Db::open`]; also when the folder cannot be made.
pub fn open_db(config: &Config) -> Result<Db, DbError> {
    let folder = files_dir(config);
    make_private_folder(&folder)
        .map_err(|error| DbError::Unusable(format!("cannot make the folder {}: {error}", folder.display())))?;
    let limit = Duration::from_secs(config.request_seconds);
    let mut options = Options {
        queue: config.queue,
        pg_connections: config.pg_connections,
        read_limit: limit,
        write_limit: limit,
        ..Options::default()
    };
    if config.readers > 0 {
        options.readers = config.readers;
    }
    Db::open(&location(config), MIGRATIONS, &options)
}

/// Opens the keys of a configuration, so that bank data in the database can be read and written. The first time makes a key.
///
/// # Errors
/// When the keys cannot be read, or are not those with which the data were sealed; the database's.
pub async fn open_vault(config: &Config, db: &Db) -> Result<Arc<Vault>, DbError> {
    let vault = vault::keys::open(config, db).await.map_err(|error| match error {
        vault::VaultFailure::Database(error) => error,
        vault::VaultFailure::Vault(error) => DbError::Unusable(error.to_string()),
    })?;
    let vault = Arc::new(vault);
    db.seal_with(Arc::clone(&vault) as Arc<dyn Seal>);
    Ok(vault)
}

/// The least memory for how customers are shown, unless the configuration says less or there is not four times as much.
const LEAST_FOR_PORTRAITS: u64 = 256 << 20;

/// As much memory may be taken by how customers are shown, of so much.
fn portraits_bytes(config: &Config, available: u64) -> usize {
    let share = (available / 8).max(LEAST_FOR_PORTRAITS).min(available / 4);
    usize::try_from(config.customers_bytes.unwrap_or(share)).unwrap_or(usize::MAX)
}

impl App {
    /// Puts a server together around an open database. `public_url` is how clients reach it.
    ///
    /// # Errors
    /// The database's, when the secret behind signed links cannot be read or made; those of [`open_vault`].
    pub async fn new(config: Config, db: Db, public_url: &str) -> Result<Arc<Self>, DbError> {
        let vault = open_vault(&config, &db).await?;
        let fresh = chance::secret();
        let secret = db.write(move |tx| setting::get_or_insert(tx, "link_secret", &fresh)).await?;
        let (links, tails) = (Arc::new(Links::new(public_url, &secret, files_dir(&config))), Arc::default());
        Ok(Arc::new(Self {
            vault,
            showing: Arc::new(Showing::new(
                Arc::clone(&links),
                Arc::clone(&tails),
                portraits_bytes(&config, memory::available()),
            )),
            links,
            tails,
            rate_limit: RateLimit::new(config.requests_per_minute),
            metrics: Metrics::new(),
            callers: Callers::default(),
            key_usage: KeyUsage::default(),
            remembered: Remembered::default(),
            planned: Remembered::default(),
            passwords: Passwords::default(),
            running: Running::default(),
            told: Notify::new(),
            outbound: Outbound::new(config.webhooks.limit),
            telling: Telling::new(config.webhooks.connections),
            clock: Clock,
            instance: chance::secret(),
            db,
            config,
        }))
    }

    /// Wakes the worker that tells webhooks about events, if there are new ones.
    pub fn wake_if(&self, told: bool) {
        if told {
            self.told.notify_one();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_of_customers_takes_a_share_of_the_memory() {
        let said = |text: &str| Config::load(Some(text), std::iter::empty()).unwrap();
        for (available_mib, taken_mib) in [(24_576, 3_072), (2_048, 256), (1_024, 256), (512, 128)] {
            assert_eq!(portraits_bytes(&said(""), available_mib << 20), taken_mib << 20, "{available_mib}");
        }
        assert_eq!(portraits_bytes(&said("[memory]\ncustomers_mib = 7"), 1 << 30), 7 << 20);
    }
}
