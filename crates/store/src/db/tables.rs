//! Tables as such: what copying a tenant's rows needs to know, asked of the database's own catalogue.
//!
//! The only statements that are not written down in full: they are made of names that the catalogue gave, and of nothing else.

use super::{DbError, Param, Tx, tx::On};

crate::statements! {
    // In the order in which the tables were made, so that each comes behind those that it refers to.
    COLUMNS_LITE = "select m.name, c.name from sqlite_master m join pragma_table_info(m.name) c
        where m.type = 'table' order by m.rowid, c.cid";
    COLUMNS_PG = "select c.relname, a.attname from pg_class c join pg_attribute a on a.attrelid = c.oid
        where c.relkind = 'r' and c.relnamespace = (select oid from pg_namespace where nspname = current_schema())
            and a.attnum > 0 and not a.attisdropped order by c.oid, a.attnum";
}

const TENANT: &str = "tenant_id";

/// A table whose rows belong to tenants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TenantTable {
    name: String,
    /// All columns but that of the tenant.
    columns: Vec<String>,
}

impl TenantTable {
    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// All columns but that of the tenant.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }
}

impl Tx<'_> {
    /// The tables with a column `tenant_id`, each behind those that it refers to.
    pub fn tenant_tables(&mut self) -> Result<Vec<TenantTable>, DbError> {
        let statement = match self.on {
            On::Lite(_) => &COLUMNS_LITE,
            On::Pg { .. } => &COLUMNS_PG,
        };
        let mut tables: Vec<TenantTable> = Vec::new();
        for (table, column) in self.query::<(String, String)>(statement, &[])? {
            match tables.last_mut() {
                Some(last) if last.name == table => last.columns.push(column),
                _ => tables.push(TenantTable { name: table, columns: vec![column] }),
            }
        }
        tables.retain(|table| table.columns.iter().any(|column| column == TENANT));
        tables.iter_mut().for_each(|table| table.columns.retain(|column| column != TENANT));
        Ok(tables)
    }

    /// Copies all rows that one tenant has in a table to another tenant, and says how many there were.
    pub fn copy_rows(&mut self, table: &TenantTable, from: i64, to: i64) -> Result<u64, DbError> {
        let columns: String = table.columns.iter().map(|column| format!(", {}", quoted(column))).collect();
        let name = quoted(&table.name);
        let text = format!(
            "insert into {name} ({TENANT}{columns}) select cast($2 as BIGINT){columns} from {name} where {TENANT} = $1"
        );
        self.run("tables::copy_rows", &text, &[from, to])
    }

    /// Deletes all rows that a tenant has in a table, and says how many there were.
    pub fn delete_rows(&mut self, table: &TenantTable, tenant: i64) -> Result<u64, DbError> {
        let text = format!("delete from {} where {TENANT} = $1", quoted(&table.name));
        self.run("tables::delete_rows", &text, &[tenant])
    }

    /// How many rows a tenant has in a table.
    pub fn count_rows(&mut self, table: &TenantTable, tenant: i64) -> Result<i64, DbError> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        const NAME: &str = "tables::count_rows";
        let text = format!("select count(*) from {} where {TENANT} = $1", quoted(&table.name));
        let outcome = match &mut self.on {
            On::Lite(lite) => lite
                .connection
                .query_row(&for_lite(&text), [tenant], |row| row.get(0))
                .map_err(|error| DbError::lite(NAME, error)),
            On::Pg { transaction, .. } => transaction
                .query_one(&text, &[&Param::Int(tenant)])
                .map(|row| row.get(0))
                .map_err(|error| DbError::pg(NAME, &error)),
        };
        self.remember(outcome)
    }

    fn run(&mut self, name: &'static str, text: &str, tenants: &[i64]) -> Result<u64, DbError> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        let outcome = match &mut self.on {
            On::Lite(lite) => lite
                .connection
                .execute(&for_lite(text), rusqlite::params_from_iter(tenants))
                .map(|rows| rows as u64)
                .map_err(|error| DbError::lite(name, error)),
            On::Pg { transaction, .. } => {
                let params: Vec<Param<'_>> = tenants.iter().map(|tenant| Param::Int(*tenant)).collect();
                let params: Vec<&(dyn postgres::types::ToSql + Sync)> = params.iter().map(|param| param as _).collect();
                transaction.execute(text, &params).map_err(|error| DbError::pg(name, &error))
            }
        };
        let rows = self.remember(outcome)?;
        self.changed += rows;
        Ok(rows)
    }

    pub(super) fn remember<T>(&mut self, outcome: Result<T, DbError>) -> Result<T, DbError> {
        if let Err(error) = &outcome {
            self.failed = Some(error.clone());
        }
        outcome
    }
}

/// A number of a parameter is `?1` on SQLite. Names of tables and columns have no dollar in them.
fn for_lite(text: &str) -> String {
    text.replace('$', "?")
}

pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
