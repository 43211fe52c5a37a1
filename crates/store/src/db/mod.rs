//! The seam: the one folder that knows that there are two databases.
//!
//! Every transaction is a synchronous closure over one SQL text. [`Db::read`] and [`Db::write`] hand it to a database thread
//! and await its answer, so a request that is dropped half-way can never leave a transaction half-way. A write may be run
//! again after losing a race (PostgreSQL), so a closure must be free of outside effects.
//!
//! Start reading at [`Tx`].
//!
//! - `statements! { FIND = "select ... where tenant_id = $1 ..."; }` declares statements with `$n` parameters. The text for SQLite
//!   (`?n`) is made while compiling. Each module's list `STATEMENTS` is named in `lib.rs`; a test prepares all of them on both
//!   databases.
//! - `record! { pub struct Tag { pub id: i64, ... } }` reads a struct from a row by position. Debug builds compare the column names,
//!   so a swapped column fails the first test.
//! - [`Tx::query`], [`Tx::query_one`] and [`Tx::execute`] do what they say. [`Tx::each`] hands over each row while its cells still
//!   belong to the driver, so that a long list can be written as JSON on the reader thread without a struct for every row.
//! - [`Tx::seal`] and [`Tx::open`] are for columns that must not be readable in the database, such as account numbers. What they
//!   seal with is given to the database once, by whoever opened it ([`Db::seal_with`]).
//! - [`Tx::next_id`] hands out ids: one counter per database, ascending, never twice.
//!
//! Migrations are one text, too, with PostgreSQL's column types; their names are translated for SQLite, whose tables are strict. A
//! statement marked `-- sqlite only` or `-- postgres only` on the line before it reaches only that database, and a table marked
//! `-- clustered` lies in its primary key. The text is cut at semicolons, so there must be none inside comments or strings. A
//! released migration never changes: its checksum is stored. A database of a newer version, or of another program, is refused
//! untouched.

mod deadline;
mod error;
mod estimates;
mod here;
mod job;
mod left;
mod migrate;
mod pg;
mod rows;
mod seal;
mod sqlite;
mod statement;
mod tables;
mod tx;
mod value;

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

use crossbeam_channel::{Sender, TrySendError};
use tokio::sync::oneshot;

pub(crate) use self::tx::Fixed;
pub use self::{
    error::DbError,
    migrate::Migration,
    rows::Insert,
    seal::Seal,
    sqlite::{backup as backup_sqlite, integrity as check_sqlite},
    statement::{Sql, lite_bytes, pg_bytes, text_of},
    tables::TenantTable,
    tx::Tx,
    value::{Cell, FromCell, FromRow, Ids, Lend, Param, Row, ToParam},
};
use self::{
    here::Here,
    job::{Job, Work},
    seal::Sealing,
    tx::Prepared,
};

/// Where the data is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// A file.
    Sqlite(PathBuf),
    /// A server, as a `postgres://` URL.
    Postgres(String),
}

impl Location {
    /// Reads `postgres://...`, `sqlite://PATH` or a plain path.
    pub fn parse(text: &str) -> Self {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            Self::Postgres(text.to_owned())
        } else {
            Self::Sqlite(PathBuf::from(text.strip_prefix("sqlite://").unwrap_or(text)))
        }
    }
}

/// How far a database is migrated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Migrations it has; none when the database is empty.
    pub applied: usize,
    /// Migrations this program knows.
    pub known: usize,
    /// How far the database server's clock is from this machine's, where it is another machine.
    pub clock_apart: Option<Duration>,
}

/// Looks at a database without changing it.
///
/// # Errors
/// As [`Db::open`], for a foreign, damaged or newer database or one that cannot be reached.
pub fn status(location: &Location, migrations: &[Migration]) -> Result<Status, DbError> {
    match location {
        Location::Sqlite(path) => sqlite::status(path, migrations),
        Location::Postgres(url) => pg::status(url, migrations),
    }
}

/// How the threads work.
#[derive(Debug, Clone)]
pub struct Options {
    /// Reader threads of SQLite.
    pub readers: usize,
    /// Connections to PostgreSQL for reading, and as many again for writing.
    pub pg_connections: usize,
    /// Jobs that may wait for a thread; more are refused with [`DbError::Busy`].
    pub queue: usize,
    /// How long a read may take.
    pub read_limit: Duration,
    /// How long a write may take.
    pub write_limit: Duration,
    /// At most so many bytes of a large SQLite file are mapped into memory.
    pub map_limit: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            readers: std::thread::available_parallelism().map_or(2, usize::from),
            pg_connections: 8,
            queue: 1024,
            read_limit: Duration::from_secs(10),
            write_limit: Duration::from_secs(10),
            map_limit: 1 << 40,
        }
    }
}

/// Figures for the metrics, counted since the start.
#[derive(Debug, Default)]
pub struct Counters {
    /// Commits of the SQLite writer.
    pub groups: AtomicU64,
    /// Writes that shared those commits.
    pub grouped: AtomicU64,
    /// Writes that PostgreSQL made run again.
    pub retries: AtomicU64,
    /// Jobs refused because the queue was full.
    pub refused: AtomicU64,
}

/// An open database. Cloning is cheap; [`Db::close`] ends the threads.
#[derive(Clone)]
pub struct Db(Arc<Inner>);

struct Inner {
    location: Location,
    counters: Arc<Counters>,
    sealing: Sealing,
    /// Where short reads are made by whoever asks; PostgreSQL has only threads.
    here: Option<Arc<Here>>,
    /// Taken away by [`Db::close`]: the threads end when nobody can send any more.
    queues: RwLock<Option<Queues>>,
}

struct Queues {
    reads: Sender<Box<dyn Job>>,
    writes: Sender<Box<dyn Job>>,
    readers: Vec<JoinHandle<()>>,
    writers: Vec<JoinHandle<()>>,
}

#[derive(Clone, Copy)]
enum Kind {
    Read,
    Write,
}

impl Db {
    /// Opens or creates the database, migrates it and starts its threads. Blocks; an async caller uses its blocking pool.
    ///
    /// # Errors
    /// [`DbError::Unusable`] for a foreign, damaged or newer database, [`DbError::Closed`] when the server cannot be reached.
    pub fn open(location: &Location, migrations: &'static [Migration], options: &Options) -> Result<Self, DbError> {
        let counters = Arc::new(Counters::default());
        let (threads, here) = match location {
            Location::Sqlite(path) => {
                (sqlite::start(path, migrations, options, &counters)?, Some(Here::new(path, options)))
            }
            Location::Postgres(url) => (pg::start(url, migrations, options, &counters)?, None),
        };
        Ok(Self(Arc::new(Inner {
            location: location.clone(),
            counters,
            sealing: Sealing::default(),
            here,
            queues: RwLock::new(Some(Queues {
                reads: threads.reads,
                writes: threads.writes,
                readers: threads.readers,
                writers: threads.writers,
            })),
        })))
    }

    /// Names what sealed columns are sealed with from now on. Until then they can neither be written nor read.
    pub fn seal_with(&self, seal: Arc<dyn Seal>) {
        self.0.sealing.set(seal);
    }

    /// Runs a closure that only reads; all its statements see the same state.
    ///
    /// # Errors
    /// What the closure returns, or [`DbError`] when it could not be run.
    pub async fn read<T, E, F>(&self, closure: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        self.submit(Kind::Read, closure).await
    }

    /// As [`Db::read`], for what hardly ever takes longer than a moment: where the database is in this process, the thread that
    /// asks reads by itself, together with what else is asked for on it, and wakes no other. What takes longer all the same is
    /// begun anew on the threads of [`Db::read`], so a closure must be free of outside effects.
    ///
    /// A thread keeps the connection that it has read with until it ends.
    ///
    /// # Errors
    /// As [`Db::read`].
    pub async fn glance<T, E, F>(&self, closure: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        let Some(here) = &self.0.here else { return self.read(closure).await };
        if self.is_closed() {
            return Err(closed().into());
        }
        let (job, answer) = self.work(closure);
        let late = |job| {
            if let Err((mut job, error)) = self.enqueue(Kind::Read, job) {
                job.fail(error);
                job.answer();
            }
        };
        here.ask(job, answer, late).await.unwrap_or_else(|error| {
            if matches!(error, DbError::Busy) {
                self.0.counters.refused.fetch_add(1, Ordering::Relaxed);
            }
            Err(error.into())
        })
    }

    /// Runs a closure that changes data. When it returns `Ok` and this function does, the change is on disk.
    ///
    /// # Errors
    /// What the closure returns, or [`DbError`]; in both cases nothing was changed, except that
    /// [`DbError::OutcomeUnknown`] says that nobody knows.
    pub async fn write<T, E, F>(&self, closure: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        self.submit(Kind::Write, closure).await
    }

    async fn submit<T, E, F>(&self, kind: Kind, closure: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        let (job, answer) = self.work(closure);
        self.enqueue(kind, job).map_err(|(_, error)| error)?;
        answer.await.unwrap_or_else(|_| Err(closed().into()))
    }

    fn work<T, E, F>(&self, mut closure: F) -> (Box<dyn Job>, oneshot::Receiver<Result<T, E>>)
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        let sealing = self.0.sealing.clone();
        Work::boxed(move |tx: &mut Tx<'_>| {
            tx.sealing = Some(sealing.clone());
            closure(tx)
        })
    }

    /// Sends a job to the threads; one that cannot be sent comes back.
    fn enqueue(&self, kind: Kind, job: Box<dyn Job>) -> Result<(), (Box<dyn Job>, DbError)> {
        let queues = self.0.queues.read().unwrap_or_else(PoisonError::into_inner);
        let Some(queues) = queues.as_ref() else { return Err((job, closed())) };
        let queue = match kind {
            Kind::Read => &queues.reads,
            Kind::Write => &queues.writes,
        };
        queue.try_send(job).map_err(|error| match error {
            TrySendError::Full(job) => {
                self.0.counters.refused.fetch_add(1, Ordering::Relaxed);
                (job, DbError::Busy)
            }
            TrySendError::Disconnected(job) => (job, closed()),
        })
    }

    fn is_closed(&self) -> bool {
        self.0.queues.read().unwrap_or_else(PoisonError::into_inner).is_none()
    }

    /// Says at once whether a read has to be refused because too many wait.
    ///
    /// # Errors
    /// [`DbError::Busy`].
    pub fn admit_read(&self) -> Result<(), DbError> {
        self.admit(|queues| &queues.reads)
    }

    /// Says at once whether a write has to be refused because too many wait.
    ///
    /// # Errors
    /// [`DbError::Busy`].
    pub fn admit_write(&self) -> Result<(), DbError> {
        self.admit(|queues| &queues.writes)
    }

    fn admit(&self, queue: impl Fn(&Queues) -> &Sender<Box<dyn Job>>) -> Result<(), DbError> {
        let queues = self.0.queues.read().unwrap_or_else(PoisonError::into_inner);
        if queues.as_ref().is_some_and(|queues| queue(queues).is_full()) { Err(DbError::Busy) } else { Ok(()) }
    }

    /// Figures since the start.
    pub fn counters(&self) -> &Counters {
        &self.0.counters
    }

    /// Where the data is.
    pub fn location(&self) -> &Location {
        &self.0.location
    }

    /// Jobs that wait for a thread now: reads, writes.
    pub fn waiting(&self) -> (usize, usize) {
        let queues = self.0.queues.read().unwrap_or_else(PoisonError::into_inner);
        queues.as_ref().map_or((0, 0), |queues| (queues.reads.len(), queues.writes.len()))
    }

    /// Works off the queues and ends the threads. Later calls answer [`DbError::Closed`]. Threads that have glanced keep their
    /// connections until they end; whoever wants SQLite to put the journal into the file ends them first.
    pub fn close(&self) {
        let taken = self.0.queues.write().unwrap_or_else(PoisonError::into_inner).take();
        let Some(Queues { reads, writes, readers, writers }) = taken else { return };
        if let Some(here) = &self.0.here {
            here.clear();
        }
        let join = |threads: Vec<JoinHandle<()>>| threads.into_iter().for_each(|thread| drop(thread.join()));
        drop(reads);
        join(readers);
        // The writer goes last: SQLite puts the journal into the file only when the very last connection is closed, and two
        // that are closed in the same moment may each take the other for the last.
        drop(writes);
        join(writers);
    }
}

fn closed() -> DbError {
    DbError::Closed("the database is closed".to_owned())
}

/// The size of a SQLite database with its journal, in bytes; 0 when there is none yet.
pub fn file_size(path: &Path) -> u64 {
    let journal = path.with_extension(format!("{}-wal", path.extension().and_then(|e| e.to_str()).unwrap_or("db")));
    [path, &journal].iter().map(|p| std::fs::metadata(p).map_or(0, |m| m.len())).sum()
}
