//! SQLite: reader threads, and one writer that commits all waiting writes together.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Arc, atomic::Ordering},
    thread::JoinHandle,
    time::{Duration, Instant},
};

use crossbeam_channel::{Receiver, Sender};
use rusqlite::{Connection, OpenFlags};

use super::{
    Counters, DbError, Migration, Options, Status, Tx,
    deadline::{self, Deadline},
    estimates,
    job::Job,
    left::Left,
    migrate::{self, Target},
};

/// Marks our files, so that another program's database is refused: the letters "Gymk".
const APPLICATION_ID: i64 = 0x4779_6D6B;
/// As many writes share one commit at the most; more would make the first of them wait too long.
const GROUP: usize = 256;
/// So many steps a statement makes between two looks at its time limit.
const STEPS: i32 = 10_000;
/// So long another process may have the file to itself before we give up.
const LOCKED: Duration = Duration::from_secs(5);

pub(super) struct Threads {
    pub(super) reads: Sender<Box<dyn Job>>,
    pub(super) writes: Sender<Box<dyn Job>>,
    pub(super) readers: Vec<JoinHandle<()>>,
    pub(super) writers: Vec<JoinHandle<()>>,
}

pub(super) fn start(
    path: &Path,
    migrations: &[Migration],
    options: &Options,
    counters: &Arc<Counters>,
) -> Result<Threads, DbError> {
    let mut writer = connect(path, false, LOCKED, options)?;
    prepare_file(&mut writer, path, migrations)?;
    let (writes, write_queue) = crossbeam_channel::bounded(options.queue);
    let (reads, read_queue) = crossbeam_channel::bounded(options.queue);
    let mut readers = Vec::new();
    for number in 0..options.readers.max(1) {
        let connection = connect(path, true, LOCKED, options)?;
        let (queue, count, limit) = (read_queue.clone(), options.readers.max(1), options.read_limit);
        readers.push(spawn(format!("db-read-{number}"), move || read_loop(connection, &queue, count, limit))?);
    }
    let (limit, counters) = (options.write_limit, Arc::clone(counters));
    let writers = vec![spawn("db-write".to_owned(), move || write_loop(writer, &write_queue, limit, &counters))?];
    Ok(Threads { reads, writes, readers, writers })
}

pub(super) fn spawn(name: String, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, DbError> {
    std::thread::Builder::new()
        .name(name)
        .spawn(work)
        .map_err(|error| DbError::Unusable(format!("cannot start a database thread: {error}")))
}

pub(super) fn connect(
    path: &Path,
    read_only: bool,
    locked: Duration,
    options: &Options,
) -> Result<Connection, DbError> {
    let db = |error| DbError::lite("connect", error);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | if read_only { OpenFlags::empty() } else { OpenFlags::SQLITE_OPEN_CREATE };
    let connection = Connection::open_with_flags(path, flags).map_err(|error| match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::CannotOpen) => DbError::Unusable(format!("cannot open {}: {error}", path.display())),
        _ => db(error),
    })?;
    connection.busy_timeout(locked).map_err(db)?;
    // For texts that are put together; those of `statements!` are kept by their address.
    connection.set_prepared_statement_cache_capacity(16);
    rusqlite::vtab::array::load_module(&connection).map_err(db)?;
    // Cache and memory map follow the size of the file: a demo gym must not hold 40 MiB, a chain may.
    let size = std::fs::metadata(path).map_or(0, |m| m.len());
    let cache_kib = (size / 1024 / 8).clamp(2 * 1024, 64 * 1024);
    let map = if size > 64 * 1024 * 1024 { size.min(options.map_limit) } else { 0 };
    connection
        .execute_batch(&format!(
            "pragma foreign_keys = on; pragma cache_size = -{cache_kib}; pragma mmap_size = {map}; \
             pragma query_only = {}; pragma temp_store = memory;",
            if read_only { "on" } else { "off" }
        ))
        .map_err(db)?;
    Ok(connection)
}

/// Refuses what is not ours, switches on the journal that makes readers and the writer independent, and migrates.
fn prepare_file(connection: &mut Connection, path: &Path, migrations: &[Migration]) -> Result<(), DbError> {
    let db = |error| match DbError::lite("open", error) {
        DbError::Unusable(text) => DbError::Unusable(format!("{}: {text}", path.display())),
        other => other,
    };
    let state = state_of(connection, path).map_err(db)??;
    connection.execute_batch("pragma journal_mode = wal; pragma synchronous = full;").map_err(db)?;
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate).map_err(db)?;
    migrate::run(&mut LiteTarget(&transaction), migrations)?;
    // With the tables or not at all, and not at every start: a file that is refused must not be written to.
    if state == State::Empty {
        transaction.execute_batch(&format!("pragma application_id = {APPLICATION_ID}")).map_err(db)?;
    }
    estimates::write(&transaction).map_err(db)?;
    transaction.commit().map_err(db)
}

#[derive(PartialEq)]
enum State {
    /// Nothing is in it. A new file looks like that, and one whose making was broken off.
    Empty,
    Ours,
}

/// Whose file it is; the inner error refuses another program's.
fn state_of(connection: &Connection, path: &Path) -> rusqlite::Result<Result<State, DbError>> {
    let id: i64 = connection.query_row("pragma application_id", [], |row| row.get(0))?;
    let tables: i64 =
        connection.query_row("select count(*) from sqlite_master where type = 'table'", [], |row| row.get(0))?;
    Ok(match (id, tables) {
        (APPLICATION_ID, 1..) => Ok(State::Ours),
        (APPLICATION_ID | 0, 0) => Ok(State::Empty),
        _ => {
            Err(DbError::Unusable(format!("{} is a database of another program; it was left as it is", path.display())))
        }
    })
}

struct LiteTarget<'a>(&'a Connection);

impl Target for LiteTarget<'_> {
    fn batch(&mut self, sql: &str) -> Result<(), DbError> {
        self.0.execute_batch(sql).map_err(|e| DbError::lite("migration", e))
    }

    fn applied(&mut self) -> Result<Vec<(i64, String, String)>, DbError> {
        let db = |e| DbError::lite("migration", e);
        let mut statement =
            self.0.prepare("select number, name, checksum from schema_migration order by number").map_err(db)?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).map_err(db)?;
        rows.collect::<Result<_, _>>().map_err(db)
    }

    fn record(&mut self, number: i64, name: &str, checksum: &str) -> Result<(), DbError> {
        self.0
            .execute("insert into schema_migration (number, name, checksum) values (?, ?, ?)", (number, name, checksum))
            .map(drop)
            .map_err(|e| DbError::lite("migration", e))
    }

    fn translate(&self, sql: &str) -> String {
        migrate::for_sqlite(sql)
    }
}

/// So many reads share one snapshot at the most.
const READ_BATCH: usize = 64;

fn read_loop(mut connection: Connection, queue: &Receiver<Box<dyn Job>>, readers: usize, limit: Duration) {
    let deadline = Deadline::watch(&mut connection, STEPS);
    let mut snapshots = Snapshots::new(&connection, &deadline);
    while let Ok(first) = queue.recv() {
        // This reader's share of what waits; jobs that come later wait for the next snapshot.
        let share = (queue.len() / readers).min(READ_BATCH - 1);
        let mut batch = Vec::with_capacity(share + 1);
        batch.push(first);
        batch.extend(queue.try_iter().take(share));
        snapshots.read(batch, || Some(deadline::after(limit)), Job::answer);
    }
}

/// A connection on which reads that were asked for together share a snapshot.
pub(super) struct Snapshots<'c> {
    connection: &'c Connection,
    deadline: &'c Deadline,
    tx: Tx<'c>,
}

impl<'c> Snapshots<'c> {
    pub(super) fn new(connection: &'c Connection, deadline: &'c Deadline) -> Self {
        Self { connection, deadline, tx: Tx::lite(connection) }
    }

    /// Makes reads in one snapshot, each until the moment that is its end; one that has none fails at once. All of them were asked for
    /// before the snapshot is taken, so nobody misses what was acknowledged before.
    pub(super) fn read(
        &mut self,
        jobs: Vec<Box<dyn Job>>,
        end: impl Fn() -> Option<Instant>,
        mut done: impl FnMut(Box<dyn Job>),
    ) {
        let begun = control(self.connection, "begin");
        self.tx.found = Some(BTreeMap::new());
        for mut job in jobs.into_iter().filter(|job| !job.is_abandoned()) {
            match (&begun, end()) {
                (Ok(()), Some(end)) => {
                    self.deadline.start(end);
                    self.tx.next_job();
                    job.run(&mut self.tx);
                    self.deadline.clear();
                }
                (Ok(()), None) => job.fail(DbError::Timeout),
                (Err(error), _) => job.fail(error.clone()),
            }
            done(job);
        }
        self.tx.next_job();
        if !self.connection.is_autocommit() {
            let _ = control(self.connection, "rollback");
        }
    }
}

fn write_loop(mut connection: Connection, queue: &Receiver<Box<dyn Job>>, limit: Duration, counters: &Counters) {
    let deadline = Deadline::watch(&mut connection, STEPS);
    let mut writer = Writer { connection: &connection, tx: Tx::lite(&connection), limit, deadline: &deadline };
    while let Ok(first) = queue.recv() {
        let mut group = vec![first];
        let outcome = writer.run_group(&mut group, Some(queue));
        counters.groups.fetch_add(1, Ordering::Relaxed);
        counters.grouped.fetch_add(group.len() as u64, Ordering::Relaxed);
        match outcome {
            Ok(()) => group.into_iter().for_each(Job::answer),
            Err(error) if group.len() == 1 => fail_all(group, &error),
            Err(error) => {
                // One member filled the disk or broke the connection: the others deserve a try of their own.
                tracing::warn!(%error, members = group.len(), "a group of writes failed; running its members one by one");
                for job in group {
                    let mut alone = vec![job];
                    match writer.run_group(&mut alone, None) {
                        Ok(()) => alone.into_iter().for_each(Job::answer),
                        Err(error) => fail_all(alone, &error),
                    }
                }
            }
        }
    }
}

fn fail_all(group: Vec<Box<dyn Job>>, error: &DbError) {
    for mut job in group {
        job.fail(error.clone());
        job.answer();
    }
}

/// The writing connection.
struct Writer<'c> {
    connection: &'c Connection,
    tx: Tx<'c>,
    limit: Duration,
    deadline: &'c Deadline,
}

impl Writer<'_> {
    /// One commit for the given jobs and for what waits in the queue. An error means that nothing of the group was kept.
    fn run_group(
        &mut self,
        group: &mut Vec<Box<dyn Job>>,
        queue: Option<&Receiver<Box<dyn Job>>>,
    ) -> Result<(), DbError> {
        let result = self.run_members(group, queue);
        self.deadline.clear();
        if result.is_err() && !self.connection.is_autocommit() {
            let _ = self.connection.execute_batch("rollback");
        }
        result
    }

    fn run_members(
        &mut self,
        group: &mut Vec<Box<dyn Job>>,
        queue: Option<&Receiver<Box<dyn Job>>>,
    ) -> Result<(), DbError> {
        let connection = self.connection;
        let control = |sql| control(connection, sql);
        control("begin immediate")?;
        let mut left = Left::default();
        let mut next = 0;
        while next < group.len() {
            control("savepoint job")?;
            self.deadline.start(deadline::after(self.limit));
            self.tx.next_job();
            let keep = group[next].run(&mut self.tx);
            self.deadline.clear();
            if connection.is_autocommit() {
                // SQLite has undone the whole transaction under us (a full disk does that), the group is lost.
                return Err(group[next].db_error().cloned().unwrap_or(DbError::Conflict));
            }
            if keep {
                left.append(&mut self.tx.left);
            } else {
                control("rollback to job")?;
            }
            control("release job")?;
            next += 1;
            if next == group.len()
                && group.len() < GROUP
                && let Some(more) = queue.and_then(|q| q.try_recv().ok())
            {
                group.push(more);
            }
        }
        if !left.is_empty() {
            self.deadline.start(deadline::after(self.limit));
            self.tx.next_job();
            left.write(&mut self.tx)?;
        }
        control("commit")
    }
}

fn control(connection: &Connection, sql: &'static str) -> Result<(), DbError> {
    let mut statement = connection.prepare_cached(sql).map_err(|e| DbError::lite(sql, e))?;
    statement.raw_execute().map(drop).map_err(|e| DbError::lite(sql, e))
}

/// Writes a consistent copy of the database while others read and write it.
pub fn backup(source: &Path, target: &Path) -> Result<(), DbError> {
    let db = |error| DbError::lite("backup", error);
    let connection = Connection::open_with_flags(source, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(db)?;
    connection.busy_timeout(Duration::from_secs(30)).map_err(db)?;
    connection.execute("vacuum into ?", [target.to_string_lossy()]).map(drop).map_err(db)
}

/// Asks SQLite to read every page and index of a file; the answer is what it found wrong.
pub fn integrity(path: &Path) -> Result<Vec<String>, DbError> {
    let db = |error| DbError::lite("integrity", error);
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(db)?;
    let mut statement = connection.prepare("pragma integrity_check").map_err(db)?;
    let lines = statement.query_map([], |row| row.get::<_, String>(0)).map_err(db)?;
    let lines: Vec<String> = lines.collect::<Result<_, _>>().map_err(db)?;
    Ok(lines.into_iter().filter(|line| line != "ok").collect())
}

/// How far a file is migrated, without changing it.
pub(super) fn status(path: &Path, migrations: &[Migration]) -> Result<Status, DbError> {
    let db = |error| match DbError::lite("status", error) {
        DbError::Unusable(text) => DbError::Unusable(format!("{}: {text}", path.display())),
        other => other,
    };
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(db)?;
    connection.busy_timeout(Duration::from_secs(5)).map_err(db)?;
    let applied = match state_of(&connection, path).map_err(db)?? {
        State::Empty => 0,
        State::Ours => migrate::verify(&LiteTarget(&connection).applied()?, migrations)?,
    };
    Ok(Status { applied, known: migrations.len(), clock_apart: None })
}
