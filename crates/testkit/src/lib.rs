//! What tests need from the outside world: a throw-away PostgreSQL, fresh databases, temporary folders, a free port.
//!
//! Nothing here knows Gymkeeper's tables or API; set-up that does belongs beside the tests of that crate.
//! Start with [`each_database`], which runs one test on every database there is, and [`postgres()`], which says which
//! PostgreSQL that will be. Trouble in here panics with a sentence: a test that cannot be set up has failed.

mod account;
mod cluster;
mod database;
mod installation;
mod server;

pub use cluster::{Cluster, postgres};
pub use database::{TestDatabase, databases, each_database};
pub use tempfile::TempDir;

/// A new empty folder that is removed when the value is dropped.
///
/// # Panics
///
/// When the system's folder for temporary files cannot be written.
pub fn temp_dir() -> TempDir {
    tempfile::Builder::new()
        .prefix("gymkeeper-test-")
        .tempdir()
        .unwrap_or_else(|error| panic!("cannot create a temporary folder: {error}"))
}

/// A TCP port of 127.0.0.1 that nobody listened on a moment ago.
///
/// Another process may take it before the caller does. Where the program under test can listen on port 0 and say
/// which port it got, that is the better way.
///
/// # Panics
///
/// When the system hands out no port at all.
pub fn free_port() -> u16 {
    std::net::TcpListener::bind(("127.0.0.1", 0))
        .and_then(|listener| listener.local_addr())
        .unwrap_or_else(|error| panic!("cannot find a free port on 127.0.0.1: {error}"))
        .port()
}
