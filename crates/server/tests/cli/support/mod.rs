//! Set-up of these tests: the binary in a folder of its own, a server process, and a small HTTP client.
//!
//! Start reading at [`Place`]. Nothing here looks inside the program: what a test cannot see through the command line or over
//! HTTP, an operator cannot see either.

pub(crate) mod client;
mod process;
mod server;

pub(crate) use self::{
    client::exchange,
    process::{Run, wait_until},
    server::Server,
};

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::atomic::{AtomicBool, Ordering},
};

use gymkeeper_store::{
    MIGRATIONS,
    db::{Db, Location, Migration, Options},
};
use gymkeeper_testkit::{TempDir, TestDatabase};

/// A gym of three studios that knows no words but its tags. Every test may rely on what stands here.
pub(crate) const SMALL_GYM: &str = include_str!("small_gym.yaml");

/// The studios of [`SMALL_GYM`].
pub(crate) const STUDIOS: [&str; 3] = ["north", "south", "west"];

/// Where one installation of Gymkeeper lives: a data folder and a database.
pub(crate) struct Place {
    /// For whatever else the test writes; the data folder lies in it.
    pub(crate) dir: TempDir,
    /// A URL, or nothing for the SQLite file in the data folder.
    database: Option<String>,
    _kept: Option<TestDatabase>,
}

impl Place {
    /// A folder in which nothing was done yet, with SQLite.
    pub(crate) fn new() -> Self {
        Self { dir: gymkeeper_testkit::temp_dir(), database: None, _kept: None }
    }

    /// A place with a database of the test kit.
    pub(crate) fn on(database: TestDatabase) -> Self {
        Self { dir: gymkeeper_testkit::temp_dir(), database: Some(database.url.clone()), _kept: Some(database) }
    }

    /// A place with a PostgreSQL database that somebody else looks after.
    pub(crate) fn at(url: &str) -> Self {
        Self { dir: gymkeeper_testkit::temp_dir(), database: Some(url.to_owned()), _kept: None }
    }

    /// A place into which [`SMALL_GYM`] was loaded.
    pub(crate) fn with_small_gym(self) -> Self {
        let file = self.write("gym.yaml", SMALL_GYM);
        self.run(&["apply", &file]).succeeds();
        self
    }

    /// The data folder.
    pub(crate) fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    /// The SQLite file, also if there is none yet.
    pub(crate) fn sqlite_file(&self) -> PathBuf {
        match &self.database {
            Some(url) => PathBuf::from(url.strip_prefix("sqlite://").expect("a SQLite database")),
            None => self.data().join("gymkeeper.db"),
        }
    }

    /// Writes a file beside the data folder and returns its path.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        std::fs::create_dir_all(Path::new(&path).parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }

    /// A path beside the data folder.
    pub(crate) fn path(&self, name: &str) -> String {
        self.dir.path().join(name).to_str().unwrap().to_owned()
    }

    /// The program with this place in its environment, and nothing else that it listens to. Its server takes a free port.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        self.configured(Command::new(env!("CARGO_BIN_EXE_gymkeeper")), arguments)
    }

    /// As [`Self::command`], through another program that starts it in the end.
    pub(crate) fn configured(&self, mut command: Command, arguments: &[&str]) -> Command {
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("GYMKEEPER_")) {
            command.env_remove(name);
        }
        command.env("GYMKEEPER_DATA_DIR", self.data()).env("GYMKEEPER_LISTEN", "127.0.0.1:0");
        // Programs for tests are not optimized, and to fill a demo is one change.
        command.env("GYMKEEPER_LIMITS_REQUEST_SECONDS", "600");
        if let Some(url) = &self.database {
            command.env("GYMKEEPER_DATABASE", url);
        }
        command.args(arguments).current_dir(self.dir.path());
        command
    }

    /// Runs the program to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        Run::of(self.command(arguments))
    }

    /// Runs the program with another data folder and SQLite.
    pub(crate) fn run_in(&self, data: &str, arguments: &[&str]) -> Run {
        let mut command = self.command(arguments);
        command.env("GYMKEEPER_DATA_DIR", data);
        Run::of(command)
    }

    /// Makes a key with all scopes for a studio.
    pub(crate) fn key(&self, studio: &str) -> String {
        self.run(&["key", "create", "--studio", studio, "--json"]).json()["key"].as_str().unwrap().to_owned()
    }

    /// Starts the server and waits until it listens.
    pub(crate) fn serve(&self) -> Server {
        Server::start(self.command(&["serve"]))
    }

    /// As [`Self::serve`], for tests that ask more often than a client may.
    pub(crate) fn serve_without_limit(&self) -> Server {
        let mut command = self.command(&["serve"]);
        command.env("GYMKEEPER_LIMITS_REQUESTS_PER_MINUTE", "0");
        Server::start(command)
    }

    /// Migrates the database as a later version of the program will.
    pub(crate) fn migrate_further(&self) {
        let further = Migration { name: "future", text: "create table future (id BIGINT not null primary key);" };
        let migrations: &'static [Migration] = Box::leak([MIGRATIONS, &[further]].concat().into_boxed_slice());
        let location = self.database.as_deref().map_or_else(|| Location::Sqlite(self.sqlite_file()), Location::parse);
        Db::open(&location, migrations, &Options::default()).unwrap().close();
    }

    /// How many people the command line says are inside a studio.
    pub(crate) fn people_inside(&self, studio: &str) -> usize {
        self.run(&["checkin", "list", "--studio", studio, "--json"]).json().as_array().unwrap().len()
    }
}

/// A set of tags for each number, which tells the number: its binary digits.
pub(crate) fn numbered_tags(number: usize) -> Vec<String> {
    (0..16).filter(|bit| number >> bit & 1 == 1).map(|bit| format!("t{bit}")).collect()
}

/// Tells threads of a test that it is over, also when it fails: its scope waits for them, and would wait for ever.
pub(crate) struct Over<'a>(pub(crate) &'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// Numbers that look random and are the same in every run: the splitmix64 generator of Steele, Lea and Flood (2014).
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % bound
    }
}
