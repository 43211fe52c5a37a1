//! The tables as the migrations make them: what copying data out of a database and into another one must know of each column.
//!
//! The databases' own catalogues do not say enough. SQLite keeps days as text and instants as numbers, and no longer knows that
//! they are any. The migrations are one text for both, so what is read from them is the same everywhere; a test compares the
//! names with the catalogues.

use crate::db::{DbError, Migration};

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// A whole number.
    Int,
    /// Text, also JSON.
    Text,
    /// A truth value.
    Bool,
    /// A calendar day.
    Date,
    /// An instant.
    Instant,
    /// Bytes.
    Bytes,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub ty: Type,
    /// Whether it may hold nothing.
    pub nullable: bool,
}

/// A table whose rows belong to tenants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// All columns but that of the tenant, in the order in which they were made.
    pub columns: Vec<Column>,
    /// The columns of its primary key but that of the tenant: what its rows are ordered by.
    pub key: Vec<String>,
}

impl Table {
    /// The column of that name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }
}

/// The column by which a row belongs to a tenant.
pub const TENANT: &str = "tenant_id";

/// The tables with a column `tenant_id` that these migrations make, in the order in which they are made.
///
/// # Errors
/// When a statement changes a table in a way that is not understood here.
pub fn tenant_tables(migrations: &[Migration]) -> Result<Vec<Table>, DbError> {
    let mut tables: Vec<Table> = Vec::new();
    for statement in migrations.iter().flat_map(|migration| migration.text.split(';')) {
        if statement.contains("-- sqlite only") || statement.contains("-- postgres only") {
            continue;
        }
        // Comments stand on lines of their own.
        let lines = statement.lines().map(str::trim).filter(|line| !line.starts_with("--"));
        let text = lines.collect::<Vec<_>>().join(" ");
        let text = text.trim();
        let unknown = || DbError::Unusable(format!("a migration is not understood: {text}"));
        if let Some(created) = text.strip_prefix("create table ") {
            tables.push(created_table(created).ok_or_else(unknown)?);
        } else if let Some(altered) = text.strip_prefix("alter table ") {
            alter(&mut tables, altered).ok_or_else(unknown)?;
        } else if let Some(dropped) = text.strip_prefix("drop table ") {
            tables.retain(|table| table.name != unquoted(dropped));
        }
    }
    tables.retain(|table| table.column(TENANT).is_some());
    for table in &mut tables {
        table.columns.retain(|column| column.name != TENANT);
        table.key.retain(|column| column != TENANT);
    }
    Ok(tables)
}

/// `NAME (column TYPE ..., primary key (...), ...)`.
fn created_table(text: &str) -> Option<Table> {
    let (name, rest) = text.split_once('(')?;
    let body = rest.get(..rest.rfind(')')?)?;
    let mut table = Table { name: unquoted(name), columns: Vec::new(), key: Vec::new() };
    for item in items(body) {
        if let Some(key) = item.strip_prefix("primary key") {
            let key = key.trim().strip_prefix('(')?.strip_suffix(')')?;
            table.key = key.split(',').map(unquoted).collect();
        } else if !["unique (", "foreign key (", "check ("].iter().any(|constraint| item.starts_with(constraint)) {
            let column = column(item)?;
            if item.contains(" primary key") {
                table.key = vec![column.name.clone()];
            }
            table.columns.push(column);
        }
    }
    Some(table)
}

/// The parts of a list between the commas that stand in no parentheses.
fn items(body: &str) -> Vec<&str> {
    let (mut found, mut depth, mut start) = (Vec::new(), 0_i32, 0);
    for (at, character) in body.char_indices() {
        match character {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 0 => {
                found.extend(body.get(start..at));
                start = at + 1;
            }
            _ => {}
        }
    }
    found.extend(body.get(start..));
    found.into_iter().map(str::trim).filter(|item| !item.is_empty()).collect()
}

fn column(text: &str) -> Option<Column> {
    let mut words = text.split_whitespace();
    let name = unquoted(words.next()?);
    let ty = match words.next()? {
        "BIGINT" => Type::Int,
        "TEXT" => Type::Text,
        "BOOLEAN" => Type::Bool,
        "DATE" => Type::Date,
        "TIMESTAMPTZ" => Type::Instant,
        "BYTEA" => Type::Bytes,
        _ => return None,
    };
    Some(Column { name, ty, nullable: !text.contains(" not null") && !text.contains(" primary key") })
}

/// `NAME add column ...`, `NAME drop column ...`, `NAME rename column A to B`, `NAME alter column A ... not null`.
fn alter(tables: &mut [Table], text: &str) -> Option<()> {
    let (name, change) = text.split_once(' ')?;
    let name = unquoted(name);
    let table = tables.iter_mut().find(|table| table.name == name)?;
    if let Some(added) = change.strip_prefix("add column ") {
        table.columns.push(column(added)?);
    } else if let Some(dropped) = change.strip_prefix("drop column ") {
        let dropped = unquoted(dropped);
        table.columns.retain(|column| column.name != dropped);
    } else {
        let (from, to) = change.strip_prefix("rename column ")?.split_once(" to ")?;
        let (from, to) = (unquoted(from), unquoted(to));
        table.columns.iter_mut().find(|column| column.name == from)?.name.clone_from(&to);
        table.key.iter_mut().filter(|column| **column == from).for_each(|column| column.clone_from(&to));
    }
    Some(())
}

fn unquoted(name: &str) -> String {
    name.trim().trim_matches('"').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &'static str) -> Result<Vec<Table>, DbError> {
        tenant_tables(&[Migration { name: "test", text }])
    }

    #[test]
    fn tables_are_read_with_what_was_done_to_them_later() {
        let tables = read(
            "-- A comment, with (a parenthesis\ncreate table a (\n tenant_id BIGINT not null references t (id),\n \
             id BIGINT not null,\n \"order\" TEXT,\n day DATE,\n checked_at BIGINT,\n primary key (tenant_id, id),\n unique (tenant_id, \"order\")\n);
             create table b (name TEXT not null primary key);
             create index i on a (tenant_id);
             alter table a drop column day; alter table a add column seen TIMESTAMPTZ not null;
             alter table a rename column seen to looked;",
        )
        .unwrap();
        let column = |name: &str, ty, nullable| Column { name: name.to_owned(), ty, nullable };
        let expected = Table {
            name: "a".to_owned(),
            columns: vec![
                column("id", Type::Int, false),
                column("order", Type::Text, true),
                column("checked_at", Type::Int, true),
                column("looked", Type::Instant, false),
            ],
            key: vec!["id".to_owned()],
        };
        assert_eq!(tables, [expected]);
    }

    #[test]
    fn what_is_not_understood_is_said() {
        assert!(read("create table a (tenant_id BIGINT not null, price FLOAT)").is_err());
        assert!(read("create table a (tenant_id BIGINT not null); alter table a cluster on b").is_err());
    }
}
