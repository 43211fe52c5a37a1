//! PostgreSQL: threads with a connection and prepared statements each.
//!
//! The synchronous driver runs a small runtime of its own, which panics on a thread of another one; so only the threads
//! started here ever touch it.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use crossbeam_channel::Receiver;
use postgres::{Client, Config, NoTls};

use super::{
    Counters, DbError, Migration, Options, Prepared, Status, Tx,
    job::Job,
    migrate::{self, Target},
    sqlite::{Threads, spawn},
    tx::On,
};

/// A write that keeps losing races is given up after so many tries.
const TRIES: u32 = 12;
/// Any number; all our processes take the same lock while they migrate.
const MIGRATION_LOCK: i64 = 0x4779_6D6B;

pub(super) fn start(
    url: &str,
    migrations: &'static [Migration],
    options: &Options,
    counters: &Arc<Counters>,
) -> Result<Threads, DbError> {
    let config: Config =
        url.parse().map_err(|error| DbError::Unusable(format!("the database URL is not understood: {error}")))?;
    // The driver must not be used on a thread of an async runtime, and the caller may well be on one.
    let first = config.clone();
    let migrated = std::thread::scope(|scope| scope.spawn(|| migrate_all(&first, migrations)).join());
    migrated.unwrap_or_else(|_| Err(DbError::Unusable("the migration panicked".to_owned())))?;

    let (writes, write_queue) = crossbeam_channel::bounded(options.queue);
    let (reads, read_queue) = crossbeam_channel::bounded(options.queue);
    let (mut readers, mut writers) = (Vec::new(), Vec::new());
    for number in 0..options.pg_connections.max(1) {
        for (kind, queue) in [(Kind::Read, &read_queue), (Kind::Write, &write_queue)] {
            let limit = if kind == Kind::Read { options.read_limit } else { options.write_limit };
            let worker =
                Worker { config: config.clone(), kind, limit, counters: Arc::clone(counters), connection: None };
            let queue: Receiver<Box<dyn Job>> = queue.clone();
            let name = format!("pg-{}-{number}", if kind == Kind::Read { "read" } else { "write" });
            let handles = if kind == Kind::Read { &mut readers } else { &mut writers };
            handles.push(spawn(name, move || worker.run(&queue))?);
        }
    }
    Ok(Threads { reads, writes, readers, writers })
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Read,
    Write,
}

struct Worker {
    config: Config,
    kind: Kind,
    limit: Duration,
    counters: Arc<Counters>,
    connection: Option<(Client, Prepared)>,
}

/// How one run of a job ended, seen from its connection.
enum Ended {
    Answer,
    /// Lost a race: worth another try.
    Conflict,
    /// The connection broke before anything was committed.
    Broken,
}

impl Worker {
    fn run(mut self, queue: &Receiver<Box<dyn Job>>) {
        while let Ok(mut job) = queue.recv() {
            if self.kind == Kind::Read && job.is_abandoned() {
                continue;
            }
            self.work_off(job.as_mut());
            job.answer();
        }
    }

    fn work_off(&mut self, job: &mut dyn Job) {
        let mut reconnected = false;
        for attempt in 1..=TRIES {
            match self.try_once(job) {
                Ended::Answer => return,
                Ended::Conflict => {
                    self.counters.retries.fetch_add(1, Ordering::Relaxed);
                    std::thread::sleep(Duration::from_millis(u64::from(attempt * attempt)));
                }
                // A connection that died in its sleep shows it at the first use; a fresh one deserves one try.
                Ended::Broken if !reconnected => reconnected = true,
                Ended::Broken => return,
            }
        }
    }

    fn try_once(&mut self, job: &mut dyn Job) -> Ended {
        if self.connection.is_none() {
            match self.connect() {
                Ok(client) => self.connection = Some((client, Prepared::new())),
                Err(error) => {
                    job.fail(error);
                    return Ended::Broken;
                }
            }
        }
        let Some((client, prepared)) = &mut self.connection else { return Ended::Broken };
        let ended = run_in_transaction(client, prepared, job, self.kind);
        if matches!(ended, Ended::Broken) || client.is_closed() {
            self.connection = None;
        }
        ended
    }

    fn connect(&self) -> Result<Client, DbError> {
        let mut client = connect(&self.config)?;
        let settings = format!(
            "set statement_timeout = {}; set idle_in_transaction_session_timeout = {}; {}",
            self.limit.as_millis(),
            self.limit.as_millis() * 4,
            // A plain read is a snapshot, as it is on SQLite: two statements of one answer must agree.
            if self.kind == Kind::Read {
                "set default_transaction_read_only = on; set default_transaction_isolation = 'repeatable read'"
            } else {
                "set default_transaction_isolation = 'read committed'"
            }
        );
        client.batch_execute(&settings).map_err(|e| DbError::pg("connect", &e))?;
        Ok(client)
    }
}

fn connect(config: &Config) -> Result<Client, DbError> {
    config.connect(NoTls).map_err(|error| match DbError::pg("connect", &error) {
        DbError::Sql { message, .. } => DbError::Closed(message),
        other => other,
    })
}

fn run_in_transaction(client: &mut Client, prepared: &mut Prepared, job: &mut dyn Job, kind: Kind) -> Ended {
    let transaction = match client.transaction() {
        Ok(transaction) => transaction,
        Err(error) => {
            job.fail(DbError::pg("begin", &error));
            return Ended::Broken;
        }
    };
    let mut tx = Tx::new(On::Pg { transaction, prepared });
    let mut keep = job.run(&mut tx);
    if keep && kind == Kind::Write && !tx.left.is_empty() {
        let left = std::mem::take(&mut tx.left);
        if let Err(error) = left.write(&mut tx) {
            job.fail(error);
            keep = false;
        }
    }
    let On::Pg { transaction, .. } = tx.on else { return Ended::Answer };
    if keep && kind == Kind::Write {
        return match transaction.commit() {
            Ok(()) => Ended::Answer,
            Err(error) => match DbError::pg("commit", &error) {
                DbError::Conflict => {
                    job.fail(DbError::Conflict);
                    Ended::Conflict
                }
                DbError::Closed(_) => {
                    job.fail(DbError::OutcomeUnknown);
                    Ended::Answer
                }
                other => {
                    job.fail(other);
                    Ended::Answer
                }
            },
        };
    }
    let undone = transaction.rollback();
    match job.db_error() {
        Some(DbError::Conflict) => Ended::Conflict,
        Some(DbError::Closed(_)) => Ended::Broken,
        _ if undone.is_err() => {
            // The answer stands (a refusal, or a read that succeeded), but the connection is not to be trusted.
            Ended::Answer
        }
        _ => Ended::Answer,
    }
}

fn migrate_all(config: &Config, migrations: &[Migration]) -> Result<(), DbError> {
    let db = |error: postgres::Error| DbError::pg("migration", &error);
    let mut client = connect(config)?;
    let mut transaction = client.transaction().map_err(db)?;
    transaction.execute("select pg_advisory_xact_lock($1)", &[&MIGRATION_LOCK]).map_err(db)?;
    is_filled(&mut transaction)?;
    migrate::run(&mut PgTarget(&mut transaction), migrations)?;
    transaction.commit().map_err(db)
}

/// Whether tables of ours are there; an error when there are tables of somebody else only.
fn is_filled(transaction: &mut postgres::Transaction<'_>) -> Result<bool, DbError> {
    let row = transaction
        .query_one(
            "select count(*) filter (where table_name = 'schema_migration'), count(*) from information_schema.tables \
             where table_schema = current_schema()",
            &[],
        )
        .map_err(|error| DbError::pg("look", &error))?;
    let (book, tables): (i64, i64) = (row.get(0), row.get(1));
    if book == 0 && tables > 0 {
        return Err(DbError::Unusable(
            "the PostgreSQL database holds tables of another program; give Gymkeeper a database of its own".to_owned(),
        ));
    }
    Ok(book > 0)
}

struct PgTarget<'a, 'c>(&'a mut postgres::Transaction<'c>);

impl Target for PgTarget<'_, '_> {
    fn batch(&mut self, sql: &str) -> Result<(), DbError> {
        self.0.batch_execute(sql).map_err(|e| DbError::pg("migration", &e))
    }

    fn applied(&mut self) -> Result<Vec<(i64, String, String)>, DbError> {
        let rows = self.0.query("select number, name, checksum from schema_migration order by number", &[]);
        let rows = rows.map_err(|e| DbError::pg("migration", &e))?;
        Ok(rows.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect())
    }

    fn record(&mut self, number: i64, name: &str, checksum: &str) -> Result<(), DbError> {
        self.0
            .execute(
                "insert into schema_migration (number, name, checksum) values ($1, $2, $3)",
                &[&number, &name, &checksum],
            )
            .map(drop)
            .map_err(|e| DbError::pg("migration", &e))
    }

    fn translate(&self, sql: &str) -> String {
        migrate::for_postgres(sql)
    }
}

/// How far a database is migrated, without changing it. Must not run on a thread of an async runtime.
pub(super) fn status(url: &str, migrations: &[Migration]) -> Result<Status, DbError> {
    let config: Config =
        url.parse().map_err(|error| DbError::Unusable(format!("the database URL is not understood: {error}")))?;
    let db = |error: postgres::Error| DbError::pg("status", &error);
    let mut client = connect(&config)?;
    let mut transaction = client.build_transaction().read_only(true).start().map_err(db)?;
    if !is_filled(&mut transaction)? {
        return Ok(Status { applied: 0, known: migrations.len(), clock_apart: None });
    }
    let now = transaction.query_one("select cast(extract(epoch from now()) as bigint)", &[]).map_err(db)?;
    let seconds: i64 = now.get(0);
    let applied = migrate::verify(&PgTarget(&mut transaction).applied()?, migrations)?;
    let ahead = seconds.saturating_sub(super::deadline::wall_seconds());
    Ok(Status { applied, known: migrations.len(), clock_apart: Some(Duration::from_secs(ahead.unsigned_abs())) })
}
