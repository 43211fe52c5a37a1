//! A running transaction: the only way to a statement.

use std::{
    collections::{BTreeMap, HashMap, btree_map::Entry},
    sync::Arc,
};

use super::{DbError, FromRow, Param, Row, Seal, Sql, ToParam, left::Left, seal::Sealing, value::RowKind};
use crate::{idempotency::Answer, journal, tenant::TenantId};

crate::statements! {
    /// SQLite has no sequences; the row is changed inside the transaction, of which there is only one at a time.
    TAKE_IDS_LITE = "update id_generator set next = next + $1 returning next - $1";
    /// A sequence hands out numbers without making writers wait for each other.
    TAKE_IDS_PG = "select nextval('id_sequence') from generate_series(1, $1)";
    SHARE_PG = "select pg_advisory_xact_lock_shared(1, cast(cast($1 as BIGINT) % 2147483647 as INT))";
    CLAIM_PG = "select pg_try_advisory_xact_lock($1)";
    ALONE_PG = "select pg_advisory_xact_lock(1, cast(cast($1 as BIGINT) % 2147483647 as INT))";
}

/// A transaction on one of the two databases. Statements have one text; see [`Sql`].
///
/// The first error is remembered: later statements are refused and the transaction is undone even when the closure
/// swallows the error, because PostgreSQL does so and SQLite would not.
pub struct Tx<'c> {
    pub(super) on: On<'c>,
    pub(super) failed: Option<DbError>,
    /// Written just before the commit.
    pub(super) left: Left,
    /// Rows changed by [`Tx::execute`].
    pub(super) changed: u64,
    /// The next id of a transaction that is only tried out.
    pretended: Option<i64>,
    /// What sealed columns are sealed with.
    pub(super) sealing: Option<Sealing>,
    /// What reads that share this snapshot have found so far; nothing where others may write.
    pub(super) found: Option<BTreeMap<Fixed, i64>>,
}

/// A number that cannot change while a snapshot is looked at, and that many reads ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fixed {
    /// The version of a studio of a tenant.
    Version(TenantId, i64),
    /// Where the journal of a tenant ends.
    JournalEnd(TenantId),
}

/// Ids of what is only tried out begin here: above all that is ever given, and still a whole number for JavaScript.
const PRETENDED_IDS: i64 = 9_000_000_000_000_001;

pub(super) enum On<'c> {
    Lite(Lite<'c>),
    Pg { transaction: postgres::Transaction<'c>, prepared: &'c mut Prepared },
}

/// A connection to SQLite and its prepared statements, by the address of their text: to look up the text itself takes about as
/// long as to read a row.
pub(super) struct Lite<'c> {
    pub(super) connection: &'c rusqlite::Connection,
    prepared: BTreeMap<usize, rusqlite::Statement<'c>>,
}

impl<'c> Lite<'c> {
    /// The statement with these parameters, ready to run.
    fn bound(&mut self, sql: &'static Sql, params: &[&dyn ToParam]) -> rusqlite::Result<&mut rusqlite::Statement<'c>> {
        let statement = self.prepared(sql)?;
        bind(statement, params)?;
        Ok(statement)
    }

    fn prepared(&mut self, sql: &'static Sql) -> rusqlite::Result<&mut rusqlite::Statement<'c>> {
        Ok(match self.prepared.entry(sql.key()) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(self.connection.prepare(sql.lite)?),
        })
    }
}

/// Prepared statements of one PostgreSQL connection, by the address of their text.
pub(super) type Prepared = HashMap<usize, postgres::Statement>;

impl<'c> Tx<'c> {
    pub(super) fn lite(connection: &'c rusqlite::Connection) -> Self {
        Self::new(On::Lite(Lite { connection, prepared: BTreeMap::new() }))
    }

    pub(super) fn new(on: On<'c>) -> Self {
        Self { on, failed: None, left: Left::default(), changed: 0, pretended: None, sealing: None, found: None }
    }

    /// For the next job on the same connection, which gets nothing of the last one but its prepared statements and, where they
    /// share a snapshot, what was found in it.
    pub(super) fn next_job(&mut self) {
        (self.failed, self.left, self.changed) = (None, Left::default(), 0);
        (self.pretended, self.sealing) = (None, None);
    }

    /// The only column of the row that a statement finds, looked up once for all reads that share a snapshot.
    pub(crate) fn once_in_snapshot(
        &mut self,
        what: Fixed,
        sql: &'static Sql,
        params: &[&dyn ToParam],
    ) -> Result<Option<i64>, DbError> {
        if let Some(known) = self.found.as_ref().and_then(|found| found.get(&what)) {
            return Ok(Some(*known));
        }
        let number = self.query_one::<(i64,)>(sql, params)?.map(|(number,)| number);
        if let (Some(found), Some(number)) = (&mut self.found, number) {
            found.insert(what, number);
        }
        Ok(number)
    }

    /// Leaves a record for the journal, written if and when this transaction is kept.
    pub fn leave(&mut self, entry: journal::Entry) {
        self.left.entries.push(entry);
    }

    /// Leaves a first answer to be kept, if and when this transaction is.
    pub(crate) fn leave_answer(&mut self, answer: Answer) {
        self.left.answers.push(answer);
    }

    /// From here on, ids are made up instead of taken: for a transaction that will not be kept. PostgreSQL's sequences would not
    /// take back what they gave.
    pub fn pretend(&mut self) {
        self.pretended = Some(PRETENDED_IDS);
    }

    /// Whether this transaction is only tried out.
    pub fn is_pretending(&self) -> bool {
        self.pretended.is_some()
    }

    /// The sealed form of a value, for a column that must not be readable in the database. It belongs to one row, named by its
    /// kind, which never changes, and its id.
    ///
    /// # Errors
    /// [`DbError::Unusable`] when there is nothing to seal with; the database's.
    pub fn seal(&mut self, kind: &'static str, id: i64, value: &[u8]) -> Result<Vec<u8>, DbError> {
        self.sealer()?.seal(self, kind, id, value)
    }

    /// The value of a sealed column.
    ///
    /// # Errors
    /// [`DbError::Unusable`] when its key is not at hand, or when it was altered or belongs to another row.
    pub fn open(&mut self, kind: &'static str, id: i64, sealed: &[u8]) -> Result<Vec<u8>, DbError> {
        self.sealer()?.open(kind, id, sealed)
    }

    fn sealer(&self) -> Result<Arc<dyn Seal>, DbError> {
        let missing = || DbError::Unusable("the keys for bank data were not opened".to_owned());
        self.sealing.as_ref().and_then(Sealing::get).ok_or_else(missing)
    }

    /// Whether rows were changed and nothing was left for the journal to say so: a mistake in whatever made the change.
    pub fn is_silent(&self) -> bool {
        self.changed > 0 && self.left.entries.is_empty()
    }

    /// Makes [`Tx::hold_alone`] of other transactions on the same number wait until this one has ended. On SQLite there is one
    /// writing transaction at a time anyway. A failure shows at the next statement.
    pub fn hold_shared(&mut self, number: i64) {
        self.hold(&SHARE_PG, number);
    }

    /// Waits until no other transaction holds the number in any way, and keeps them waiting until this one has ended. To be
    /// called before anything else is read or changed.
    pub fn hold_alone(&mut self, number: i64) {
        self.hold(&ALONE_PG, number);
    }

    /// Claims a number until this transaction has ended, and answers whether nobody else had: another one that is running, in
    /// whatever process, is not waited for. On SQLite no other is running.
    pub fn claim(&mut self, number: i64) -> Result<bool, DbError> {
        match self.on {
            On::Lite(_) => Ok(true),
            On::Pg { .. } => Ok(self.query_one::<(bool,)>(&CLAIM_PG, &[&number])?.is_some_and(|(claimed,)| claimed)),
        }
    }

    fn hold(&mut self, sql: &'static Sql, number: i64) {
        if matches!(self.on, On::Pg { .. }) {
            // The error is remembered by the transaction.
            let _ = self.each(sql, &[&number], |_| Ok::<_, DbError>(()));
        }
    }

    /// Runs the statement and hands each row to `each_row` while its cells are still the driver's: the way lists become JSON
    /// without a copy of every text.
    pub fn each<E: From<DbError>>(
        &mut self,
        sql: &'static Sql,
        params: &[&dyn ToParam],
        mut each_row: impl FnMut(&Row<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        if let Some(error) = &self.failed {
            return Err(error.clone().into());
        }
        let outcome = match &mut self.on {
            On::Lite(lite) => each_lite(lite, sql, params, &mut each_row),
            On::Pg { transaction, prepared } => each_pg(transaction, prepared, sql, params, &mut each_row),
        };
        match outcome {
            Ok(()) => Ok(()),
            Err(Stop::Db(error)) => {
                self.failed = Some(error.clone());
                Err(error.into())
            }
            Err(Stop::Caller(error)) => Err(error),
        }
    }

    /// All rows of the answer.
    pub fn query<T: FromRow>(&mut self, sql: &'static Sql, params: &[&dyn ToParam]) -> Result<Vec<T>, DbError> {
        let mut rows = Vec::new();
        self.each(sql, params, |row| {
            rows.push(T::from_row(row)?);
            Ok::<_, DbError>(())
        })?;
        Ok(rows)
    }

    /// The only row of the answer, or nothing. A second row is an error.
    pub fn query_one<T: FromRow>(&mut self, sql: &'static Sql, params: &[&dyn ToParam]) -> Result<Option<T>, DbError> {
        let mut found = None;
        self.each(sql, params, |row| {
            if found.is_some() {
                return Err(DbError::TooManyRows(sql.name));
            }
            found = Some(T::from_row(row)?);
            Ok(())
        })?;
        Ok(found)
    }

    /// Runs a statement without an answer and says how many rows it changed.
    pub fn execute(&mut self, sql: &'static Sql, params: &[&dyn ToParam]) -> Result<u64, DbError> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        let outcome = match &mut self.on {
            On::Lite(lite) => {
                let ran = lite.bound(sql, params).and_then(|statement| statement.raw_execute());
                ran.map(|changed| changed as u64).map_err(|error| DbError::lite(sql.name, error))
            }
            On::Pg { transaction, prepared } => prepare(transaction, prepared, sql).and_then(|statement| {
                let params: Vec<Param<'_>> = params.iter().map(|p| p.to_param()).collect();
                let refs: Vec<&(dyn postgres::types::ToSql + Sync)> = params.iter().map(|p| p as _).collect();
                transaction.execute(&statement, &refs).map_err(|e| DbError::pg(sql.name, &e))
            }),
        };
        match &outcome {
            Ok(rows) => self.changed += rows,
            Err(error) => self.failed = Some(error.clone()),
        }
        outcome
    }

    /// Runs a statement without an answer once for each row, with the parameters that `params` makes of it, and says how many
    /// rows were changed. On SQLite the statement is looked up once for all of them.
    pub fn execute_each<R, const N: usize>(
        &mut self,
        sql: &'static Sql,
        rows: &[R],
        params: impl for<'r> Fn(&'r R) -> [&'r dyn ToParam; N],
    ) -> Result<u64, DbError> {
        if matches!(self.on, On::Pg { .. }) {
            return rows.iter().try_fold(0, |changed, row| Ok(changed + self.execute(sql, &params(row))?));
        }
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        let On::Lite(lite) = &mut self.on else { return Ok(0) };
        let mut run = || {
            let statement = lite.prepared(sql)?;
            rows.iter().try_fold(0, |changed, row| {
                bind(statement, &params(row))?;
                Ok(changed + statement.raw_execute()? as u64)
            })
        };
        let outcome: Result<u64, DbError> = run().map_err(|error| DbError::lite(sql.name, error));
        match &outcome {
            Ok(changed) => self.changed += changed,
            Err(error) => self.failed = Some(error.clone()),
        }
        outcome
    }

    /// A fresh id: greater than every id handed out before, never handed out again.
    pub fn next_id(&mut self) -> Result<i64, DbError> {
        Ok(self.next_ids(1)?.first().copied().unwrap_or_default())
    }

    /// `count` fresh ids, ascending.
    pub fn next_ids(&mut self, count: i64) -> Result<Vec<i64>, DbError> {
        if let Some(next) = &mut self.pretended {
            let first = *next;
            *next += count;
            return Ok((first..*next).collect());
        }
        let rows: Vec<(i64,)> = match self.on {
            On::Lite(_) => self.query(&TAKE_IDS_LITE, &[&count])?,
            On::Pg { .. } => self.query(&TAKE_IDS_PG, &[&count])?,
        };
        Ok(match self.on {
            On::Lite(_) => rows.first().map_or_else(Vec::new, |(first,)| (*first..first + count).collect()),
            On::Pg { .. } => rows.into_iter().map(|(id,)| id).collect(),
        })
    }

    /// Parses and plans a statement without running it, for the test that visits all of them.
    pub fn prepare(&mut self, sql: &'static Sql) -> Result<(), DbError> {
        match &mut self.on {
            On::Lite(lite) => lite.connection.prepare(sql.lite).map(drop).map_err(|e| DbError::lite(sql.name, e)),
            On::Pg { transaction, .. } => {
                let mut inner = transaction.transaction().map_err(|e| DbError::pg(sql.name, &e))?;
                inner.prepare(sql.text).map(drop).map_err(|e| DbError::pg(sql.name, &e))
            }
        }
    }
}

enum Stop<E> {
    Db(DbError),
    Caller(E),
}

fn each_lite<E>(
    lite: &mut Lite<'_>,
    sql: &'static Sql,
    params: &[&dyn ToParam],
    each_row: &mut impl FnMut(&Row<'_>) -> Result<(), E>,
) -> Result<(), Stop<E>> {
    let db = |error| Stop::Db(DbError::lite(sql.name, error));
    let mut rows = lite.bound(sql, params).map_err(db)?.raw_query();
    while let Some(row) = rows.next().map_err(db)? {
        each_row(&Row(RowKind::Lite(row))).map_err(Stop::Caller)?;
    }
    Ok(())
}

fn bind(statement: &mut rusqlite::Statement<'_>, params: &[&dyn ToParam]) -> rusqlite::Result<()> {
    // rusqlite checks the count only in its own binding, which wants a slice of its own trait.
    let wanted = statement.parameter_count();
    if wanted != params.len() {
        return Err(rusqlite::Error::InvalidParameterCount(params.len(), wanted));
    }
    for (i, param) in params.iter().enumerate() {
        statement.raw_bind_parameter(i + 1, param.to_param())?;
    }
    Ok(())
}

fn prepare(
    transaction: &mut postgres::Transaction<'_>,
    prepared: &mut Prepared,
    sql: &'static Sql,
) -> Result<postgres::Statement, DbError> {
    if let Some(statement) = prepared.get(&sql.key()) {
        return Ok(statement.clone());
    }
    let statement = transaction.prepare(sql.text).map_err(|e| DbError::pg(sql.name, &e))?;
    prepared.insert(sql.key(), statement.clone());
    Ok(statement)
}

fn each_pg<E>(
    transaction: &mut postgres::Transaction<'_>,
    prepared: &mut Prepared,
    sql: &'static Sql,
    params: &[&dyn ToParam],
    each_row: &mut impl FnMut(&Row<'_>) -> Result<(), E>,
) -> Result<(), Stop<E>> {
    use postgres::fallible_iterator::FallibleIterator as _;
    let db = |error: postgres::Error| Stop::Db(DbError::pg(sql.name, &error));
    let statement = prepare(transaction, prepared, sql).map_err(Stop::Db)?;
    let params: Vec<Param<'_>> = params.iter().map(|p| p.to_param()).collect();
    let mut rows = transaction.query_raw(&statement, params.iter()).map_err(db)?;
    while let Some(row) = rows.next().map_err(db)? {
        each_row(&Row(RowKind::Pg(&row))).map_err(Stop::Caller)?;
    }
    Ok(())
}
