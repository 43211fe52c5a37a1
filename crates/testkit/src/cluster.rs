//! A PostgreSQL for tests: one that we start, or one that we are pointed at.

use std::hash::{BuildHasher, RandomState};
use std::io::Write;
use std::sync::{Once, OnceLock};

use ::postgres::{Client, Config, NoTls};

use crate::installation::Installation;
use crate::server::Server;

const SETTING: &str = "GYMKEEPER_TEST_POSTGRES";

/// The PostgreSQL of this test process, started at the first call and gone with the process.
///
/// The environment variable `GYMKEEPER_TEST_POSTGRES` decides: a `postgres://` URL names a server to create databases
/// in; `required` turns a missing PostgreSQL into a failure; without it a missing PostgreSQL is reported in one line
/// and the answer is `None`.
///
/// # Panics
///
/// When there is a PostgreSQL and it cannot be used, or when one is required and there is none.
pub fn postgres() -> Option<&'static Cluster> {
    static CLUSTER: OnceLock<Option<Cluster>> = OnceLock::new();
    CLUSTER.get_or_init(|| Cluster::open(false)).as_ref()
}

/// A PostgreSQL server in which tests create databases of their own.
#[derive(Debug)]
pub struct Cluster {
    administration: Config,
    /// How to reach it, up to and including the host and port.
    address: String,
    /// What follows the name of the database in a URL, from the question mark on.
    parameters: String,
    _server: Option<Server>,
}

impl Cluster {
    /// A PostgreSQL of the caller's own that flushes every commit to the disk, for tests and measurements of
    /// durability. It stops when dropped. A server named by `GYMKEEPER_TEST_POSTGRES` is taken as it is set up.
    ///
    /// # Panics
    ///
    /// As [`postgres()`] does.
    pub fn durable() -> Option<Self> {
        Self::open(true)
    }

    fn open(durable: bool) -> Option<Self> {
        let setting = std::env::var(SETTING).unwrap_or_default();
        if setting.contains("://") {
            return Some(Self::at(&setting, None).unwrap_or_else(|error| panic!("{SETTING}: {error}")));
        }
        assert!(
            matches!(setting.as_str(), "" | "required"),
            "{SETTING} is {setting:?}; it must be a postgres:// URL, `required`, or not set"
        );
        let Some(installation) = Installation::find() else {
            assert!(setting.is_empty(), "{SETTING} is `required`, but {NOT_FOUND}");
            static SAID: Once = Once::new();
            // Written past the test harness, which swallows what eprintln! says in a test that passes.
            SAID.call_once(|| drop(writeln!(std::io::stderr(), "PostgreSQL tests are skipped: {NOT_FOUND}")));
            return None;
        };
        let server = Server::start(&installation, durable).unwrap_or_else(|error| panic!("{error}"));
        let url = format!("postgres://postgres@127.0.0.1:{}/postgres", server.port());
        Some(Self::at(&url, Some(server)).unwrap_or_else(|error| panic!("the PostgreSQL just started: {error}")))
    }

    fn at(url: &str, server: Option<Server>) -> Result<Self, String> {
        let mut administration: Config = url.parse().map_err(|error| format!("not a PostgreSQL URL: {error}"))?;
        if administration.get_dbname().is_none() {
            administration.dbname("postgres");
        }
        let (address, parameters) = split_url(url);
        let cluster = Self { administration, address, parameters, _server: server };
        cluster.administer(|_| Ok(())).map_err(|error| format!("cannot connect: {error}"))?;
        Ok(cluster)
    }

    /// Creates an empty database whose name starts with `prefix`, and returns its URL.
    ///
    /// # Panics
    ///
    /// When PostgreSQL refuses.
    pub fn create_database(&self, prefix: &str) -> String {
        let plain: String = prefix.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').take(30).collect();
        // Random, because several test processes may share a server that they were pointed at.
        let name = format!("{}_{:016x}", plain.to_ascii_lowercase(), RandomState::new().hash_one(std::process::id()));
        self.administer(|client| {
            client.batch_execute(&format!("create database \"{name}\" encoding 'UTF8' template template0"))
        })
        .unwrap_or_else(|error| panic!("cannot create the database {name}: {error}"));
        format!("{}/{name}{}", self.address, self.parameters)
    }

    /// Ends all connections to the database with this URL from the side of the server, as a restart would.
    ///
    /// # Panics
    ///
    /// When PostgreSQL refuses.
    pub fn kill_connections(&self, database_url: &str) {
        let name = database_name(database_url);
        self.administer(|client| {
            client.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", &[&name])
        })
        .unwrap_or_else(|error| panic!("cannot end the connections to {name}: {error}"));
    }

    /// Removes the database with this URL together with its connections; it is no error if it is gone already.
    ///
    /// # Panics
    ///
    /// When PostgreSQL refuses.
    pub fn drop_database(&self, database_url: &str) {
        self.try_drop_database(database_url)
            .unwrap_or_else(|error| panic!("cannot drop {}: {error}", database_name(database_url)));
    }

    pub(crate) fn try_drop_database(&self, database_url: &str) -> Result<(), ::postgres::Error> {
        let name = database_name(database_url);
        self.administer(|client| client.batch_execute(&format!("drop database if exists \"{name}\" with (force)")))
    }

    /// Runs `work` on a connection of its own, on a thread of its own: the driver starts an async runtime, which is
    /// not allowed on a thread that is inside one already, and async tests call this too.
    fn administer<T: Send>(
        &self,
        work: impl FnOnce(&mut Client) -> Result<T, ::postgres::Error> + Send,
    ) -> Result<T, ::postgres::Error> {
        std::thread::scope(|scope| {
            scope
                .spawn(|| work(&mut self.administration.connect(NoTls)?))
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    }
}

const NOT_FOUND: &str = "neither PATH nor the usual folders hold `initdb` and `postgres`; install the PostgreSQL server \
                         (on Debian: apt-get install postgresql) or point GYMKEEPER_TEST_POSTGRES at one";

/// Splits `postgres://host/name?parameters` into what stands before and after the name of the database.
fn split_url(url: &str) -> (String, String) {
    let (base, parameters) = match url.split_once('?') {
        Some((base, parameters)) => (base, format!("?{parameters}")),
        None => (url, String::new()),
    };
    let authority = base.find("://").map_or(0, |position| position + 3);
    let end = base[authority..].find('/').map_or(base.len(), |position| authority + position);
    (base[..end].to_owned(), parameters)
}

fn database_name(url: &str) -> &str {
    let base = url.split('?').next().unwrap_or(url);
    base.rsplit('/').next().unwrap_or(base)
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};
    use std::time::Duration;

    use super::*;

    fn connect(url: &str) -> Client {
        Client::connect(url, NoTls).unwrap()
    }

    #[test]
    fn a_url_is_split_around_its_database() {
        for (url, address, parameters) in [
            ("postgres://u:p@h:5432/db?sslmode=disable", "postgres://u:p@h:5432", "?sslmode=disable"),
            ("postgres://u@h/db", "postgres://u@h", ""),
            ("postgres://u@h", "postgres://u@h", ""),
            ("postgres://u@h?host=/run", "postgres://u@h", "?host=/run"),
        ] {
            assert_eq!(split_url(url), (address.to_owned(), parameters.to_owned()), "{url}");
        }
        assert_eq!(database_name("postgres://h/one_2?host=/run"), "one_2");
    }

    #[test]
    fn two_databases_are_isolated() {
        let Some(cluster) = postgres() else { return };
        let (one, other) = (cluster.create_database("Isolated!"), cluster.create_database("Isolated!"));
        assert_ne!(one, other);
        connect(&one).batch_execute("create table only_here (id bigint)").unwrap();
        let error = connect(&other).execute("select id from only_here", &[]).unwrap_err();
        assert_eq!(error.code(), Some(&::postgres::error::SqlState::UNDEFINED_TABLE));
        cluster.drop_database(&one);
        cluster.drop_database(&other);
    }

    #[test]
    fn a_database_speaks_utf8_and_orders_by_code_point() {
        let Some(cluster) = postgres() else { return };
        let url = cluster.create_database("text");
        let row = connect(&url).query_one("select length('Zoë'), 'Z' < 'a'", &[]).unwrap();
        assert_eq!((row.get::<_, i32>(0), row.get::<_, bool>(1)), (3, true));
        cluster.drop_database(&url);
    }

    #[test]
    fn killed_connections_are_noticed_by_their_owner() {
        let Some(cluster) = postgres() else { return };
        let url = cluster.create_database("killed");
        let mut client = connect(&url);
        cluster.kill_connections(&url);
        assert!(client.execute("select 1", &[]).is_err());
        cluster.drop_database(&url);
    }

    #[test]
    fn a_dropped_database_is_gone_even_with_connections() {
        let Some(cluster) = postgres() else { return };
        let url = cluster.create_database("dropped");
        let _client = connect(&url);
        cluster.drop_database(&url);
        cluster.drop_database(&url);
        assert!(Client::connect(&url, NoTls).is_err());
    }

    #[test]
    fn a_durable_cluster_flushes_and_is_gone_when_dropped() {
        let Some(cluster) = Cluster::durable() else { return };
        let Some(folder) = cluster._server.as_ref().map(|server| server.folder().to_owned()) else { return };
        let url = cluster.create_database("durable");
        let fsync: String = connect(&url).query_one("show fsync", &[]).unwrap().get(0);
        assert_eq!(fsync, "on");
        drop(cluster);
        assert!(!folder.exists(), "{} was left behind", folder.display());
        assert!(Client::connect(&url, NoTls).is_err());
    }

    /// The test process runs this one test of itself as a child, lets it start a cluster and kills it hard.
    #[test]
    fn the_cluster_dies_with_a_killed_process() {
        const CHILD: &str = "GYMKEEPER_TESTKIT_CHILD";
        if let Some(report) = std::env::var_os(CHILD) {
            let cluster = Cluster::open(false).unwrap();
            let server = cluster._server.as_ref().unwrap();
            let unfinished = format!("{}.part", report.display());
            let line = format!("{}\n{}\n", server.guard_process(), server.folder().display());
            std::fs::write(&unfinished, line).unwrap();
            std::fs::rename(&unfinished, &report).unwrap();
            std::thread::sleep(Duration::from_secs(120));
            return;
        }
        if Installation::find().is_none() {
            return;
        }
        let folder = crate::temp_dir();
        let report = folder.path().join("report");
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "cluster::tests::the_cluster_dies_with_a_killed_process", "--nocapture"])
            .env(CHILD, &report)
            .env_remove(SETTING)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        wait_for("the child to start its cluster", || report.exists());
        let told = std::fs::read_to_string(&report).unwrap();
        let (guard, data) = told.trim_end().split_once('\n').unwrap();
        assert!(std::path::Path::new(data).exists());
        child.kill().unwrap();
        child.wait().unwrap();
        wait_for("the folder to be removed", || !std::path::Path::new(data).exists());
        let alive = || Command::new("/bin/sh").args(["-c", &format!("kill -0 {guard} 2>/dev/null")]).status().unwrap();
        wait_for("the guard to end", || !alive().success());
    }

    fn wait_for(what: &str, done: impl Fn() -> bool) {
        for _ in 0..6_000 {
            if done() {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("waited in vain for {what}");
    }
}
