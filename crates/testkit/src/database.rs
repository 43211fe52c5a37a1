//! Runs one test on every database that Gymkeeper supports.

use std::panic::{AssertUnwindSafe, catch_unwind};

use tempfile::TempDir;

use crate::cluster::{Cluster, postgres};

/// An empty database and a folder, both of them the test's own and removed when this is dropped.
#[derive(Debug)]
pub struct TestDatabase {
    /// Where the database is: `sqlite:///folder/gymkeeper.db` (no such file exists yet) or `postgres://...`.
    pub url: String,
    /// A folder for whatever else the test needs, such as stored files. A SQLite database lives in it too.
    pub dir: TempDir,
    /// `SQLite` or `PostgreSQL`, for messages.
    pub name: &'static str,
    cluster: Option<&'static Cluster>,
}

impl TestDatabase {
    /// A SQLite database that does not exist yet.
    pub fn sqlite() -> Self {
        let dir = crate::temp_dir();
        let url = format!("sqlite://{}", dir.path().join("gymkeeper.db").display());
        Self { url, dir, name: "SQLite", cluster: None }
    }

    /// An empty database in the PostgreSQL of this test process, if there is one: see [`postgres()`].
    pub fn postgres() -> Option<Self> {
        let cluster = postgres()?;
        let url = cluster.create_database("gymkeeper_test");
        Some(Self { url, dir: crate::temp_dir(), name: "PostgreSQL", cluster: Some(cluster) })
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Some(cluster) = self.cluster {
            // A panic here would hide the reason why the test failed. What is left behind dies with the server.
            let _ = cluster.try_drop_database(&self.url);
        }
    }
}

/// A new database of each kind that this machine offers: SQLite always, PostgreSQL where there is one.
pub fn databases() -> Vec<TestDatabase> {
    [Some(TestDatabase::sqlite()), TestDatabase::postgres()].into_iter().flatten().collect()
}

/// Runs `test` once on a new database of each kind that this machine offers.
///
/// # Panics
///
/// When `test` does, with its message behind the name of the database.
pub fn each_database(test: impl Fn(TestDatabase)) {
    for database in databases() {
        let name = database.name;
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| test(database))) {
            let message = (panic.downcast_ref::<String>().map(String::as_str))
                .or_else(|| panic.downcast_ref::<&str>().copied())
                .unwrap_or("the test panicked without a message");
            panic!("on {name}: {message}");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    #[test]
    fn each_kind_of_database_is_visited_once() {
        let visited = RefCell::new(Vec::new());
        each_database(|database| visited.borrow_mut().push((database.name, database.url.clone())));
        let visited = visited.into_inner();
        assert!(visited[0].1.starts_with("sqlite:///"), "{visited:?}");
        assert_eq!(visited.len(), 1 + usize::from(postgres().is_some()));
        assert!(visited[1..].iter().all(|(name, url)| *name == "PostgreSQL" && url.starts_with("postgres://")));
    }

    #[test]
    #[should_panic(expected = "on SQLite: seven is not eight")]
    fn a_failure_names_its_database() {
        each_database(|database| assert!(database.name != "SQLite", "seven is not eight"));
    }

    #[test]
    fn a_test_database_is_removed_at_the_end() {
        let Some(database) = TestDatabase::postgres() else { return };
        let (url, folder) = (database.url.clone(), database.dir.path().to_owned());
        drop(database);
        assert!(!folder.exists());
        assert!(::postgres::Client::connect(&url, ::postgres::NoTls).is_err());
    }
}
