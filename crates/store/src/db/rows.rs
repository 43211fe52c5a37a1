//! Rows as such, of any table: how a tenant's data get out of one database and into another.
//!
//! Like in `tables.rs`, statements are made of the names of tables and columns and of nothing else.

use super::{DbError, Param, Row, Tx, tables::quoted, tx::On, value::RowKind};
use crate::schema::{TENANT, Table, Type};

crate::statements! {
    RAISE_LITE = "update id_generator set next = $1 + 1 where next <= $1";
    RAISE_PG = "select setval('id_sequence', greatest(cast($1 as BIGINT), last_value)) from id_sequence";
}

/// Why a walk over rows ended before its end.
enum Stop<E> {
    Db(DbError),
    Caller(E),
}

/// A statement that stores rows of one table, prepared once for all of them.
pub struct Insert {
    text: String,
    prepared: Option<postgres::Statement>,
}

const EACH: &str = "rows::each_row";
const INSERT: &str = "rows::insert_row";

impl Tx<'_> {
    /// Hands over the rows that a tenant has in a table, in the order of the primary key, the same on both databases. With
    /// `only`, those that hold a number in a column.
    ///
    /// # Errors
    /// The database's and the caller's.
    pub fn each_row<E: From<DbError>>(
        &mut self,
        table: &Table,
        tenant: i64,
        only: Option<(&str, i64)>,
        mut each: impl FnMut(&Row<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        if let Some(error) = &self.failed {
            return Err(error.clone().into());
        }
        let columns: Vec<String> = table.columns.iter().map(|column| quoted(&column.name)).collect();
        let (name, tenant_column) = (quoted(&table.name), quoted(TENANT));
        let pg = matches!(self.on, On::Pg { .. });
        let mark = if pg { '$' } else { '?' };
        let mut text = format!("select {} from {name} where {tenant_column} = {mark}1", columns.join(", "));
        let mut params = vec![Param::Int(tenant)];
        if let Some((column, value)) = only {
            text.push_str(&format!(" and {} = {mark}2", quoted(column)));
            params.push(Param::Int(value));
        }
        if !table.key.is_empty() {
            // SQLite compares bytes. PostgreSQL would follow the language that its database was made with.
            let ordered = table.key.iter().map(|key| {
                let is_text = table.column(key).is_some_and(|column| column.ty == Type::Text);
                format!("{}{}", quoted(key), if pg && is_text { " collate \"C\"" } else { "" })
            });
            text.push_str(&format!(" order by {}", ordered.collect::<Vec<_>>().join(", ")));
        }
        let outcome = match &mut self.on {
            On::Lite(lite) => each_lite(lite.connection, &text, &params, &mut each),
            On::Pg { transaction, .. } => each_pg(transaction, &text, &params, &mut each),
        };
        outcome.map_err(|stop| match stop {
            Stop::Caller(error) => error,
            Stop::Db(error) => {
                self.failed = Some(error.clone());
                error.into()
            }
        })
    }

    /// Prepares the storing of rows in a table.
    ///
    /// # Errors
    /// The database's.
    pub fn insertion(&mut self, table: &Table) -> Result<Insert, DbError> {
        let columns: String = table.columns.iter().map(|column| format!(", {}", quoted(&column.name))).collect();
        let mark = if matches!(self.on, On::Pg { .. }) { '$' } else { '?' };
        let values: String = (2..table.columns.len() + 2).map(|number| format!(", {mark}{number}")).collect();
        let text =
            format!("insert into {} ({}{columns}) values ({mark}1{values})", quoted(&table.name), quoted(TENANT));
        let prepared = match &mut self.on {
            On::Lite(_) => None,
            On::Pg { transaction, .. } => {
                let statement = transaction.prepare(&text).map_err(|error| DbError::pg(INSERT, &error));
                Some(self.remember(statement)?)
            }
        };
        Ok(Insert { text, prepared })
    }

    /// Stores a row: the values of all columns but the tenant's, in the table's order.
    ///
    /// # Errors
    /// The database's.
    pub fn insert_row(&mut self, insert: &Insert, tenant: i64, values: &[Param<'_>]) -> Result<(), DbError> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        let params = [&[Param::Int(tenant)][..], values].concat();
        let outcome = match &mut self.on {
            On::Lite(lite) => lite
                .connection
                .prepare_cached(&insert.text)
                .and_then(|mut statement| statement.execute(rusqlite::params_from_iter(&params)))
                .map(drop)
                .map_err(|error| DbError::lite(INSERT, error)),
            On::Pg { transaction, .. } => match &insert.prepared {
                None => Err(DbError::Unusable("a statement was prepared on another database".to_owned())),
                Some(statement) => {
                    let params: Vec<&(dyn postgres::types::ToSql + Sync)> = params.iter().map(|p| p as _).collect();
                    transaction.execute(statement, &params).map(drop).map_err(|error| DbError::pg(INSERT, &error))
                }
            },
        };
        self.changed += 1;
        self.remember(outcome)
    }

    /// Sees to it that ids handed out from now on are greater than this one. Nobody else may make anything meanwhile: on
    /// PostgreSQL the counter is no part of the transaction.
    ///
    /// # Errors
    /// The database's.
    pub fn take_ids_up_to(&mut self, id: i64) -> Result<(), DbError> {
        match self.on {
            On::Lite(_) => self.execute(&RAISE_LITE, &[&id]).map(drop),
            On::Pg { .. } => self.query::<(i64,)>(&RAISE_PG, &[&id]).map(drop),
        }
    }

    /// Makes SQLite write zeros over whatever this process deletes from now on. PostgreSQL keeps what was deleted until it
    /// tidies up, and cannot be told otherwise.
    ///
    /// # Errors
    /// The database's.
    pub fn overwrite_deleted(&mut self) -> Result<(), DbError> {
        let On::Lite(lite) = &self.on else { return Ok(()) };
        let set = lite.connection.query_row("pragma secure_delete = on", [], |_| Ok(()));
        let outcome = set.map_err(|error| DbError::lite("rows::overwrite_deleted", error));
        self.remember(outcome)
    }
}

fn each_lite<E>(
    connection: &rusqlite::Connection,
    text: &str,
    params: &[Param<'_>],
    each: &mut impl FnMut(&Row<'_>) -> Result<(), E>,
) -> Result<(), Stop<E>> {
    let db = |error| Stop::Db(DbError::lite(EACH, error));
    let mut statement = connection.prepare(text).map_err(db)?;
    let mut rows = statement.query(rusqlite::params_from_iter(params)).map_err(db)?;
    while let Some(row) = rows.next().map_err(db)? {
        each(&Row(RowKind::Lite(row))).map_err(Stop::Caller)?;
    }
    Ok(())
}

fn each_pg<E>(
    transaction: &mut postgres::Transaction<'_>,
    text: &str,
    params: &[Param<'_>],
    each: &mut impl FnMut(&Row<'_>) -> Result<(), E>,
) -> Result<(), Stop<E>> {
    use postgres::fallible_iterator::FallibleIterator as _;
    let db = |error: postgres::Error| Stop::Db(DbError::pg(EACH, &error));
    let mut rows = transaction.query_raw(text, params.iter()).map_err(db)?;
    while let Some(row) = rows.next().map_err(db)? {
        each(&Row(RowKind::Pg(&row))).map_err(Stop::Caller)?;
    }
    Ok(())
}
