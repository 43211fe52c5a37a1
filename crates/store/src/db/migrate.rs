//! Brings a database to the state this program knows: one set of texts for both, forward only.

use sha2::{Digest as _, Sha256};

use super::DbError;

/// One step. Its text must never change once released; a checksum notices.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// A short name, shown by `doctor`.
    pub name: &'static str,
    /// Statements with PostgreSQL's column types, separated by semicolons.
    pub text: &'static str,
}

/// What both databases can do for a migration.
pub(super) trait Target {
    fn batch(&mut self, sql: &str) -> Result<(), DbError>;
    /// Number, name and checksum of each applied step, in order.
    fn applied(&mut self) -> Result<Vec<(i64, String, String)>, DbError>;
    fn record(&mut self, number: i64, name: &str, checksum: &str) -> Result<(), DbError>;
    fn translate(&self, sql: &str) -> String;
}

pub(super) const BOOK: &str = "create table if not exists schema_migration (
    number BIGINT not null primary key,
    name TEXT not null,
    checksum TEXT not null
)";

/// Applies what is missing. The caller has opened a transaction that nobody else can hold at the same time.
pub(super) fn run(target: &mut impl Target, migrations: &[Migration]) -> Result<usize, DbError> {
    let book = target.translate(BOOK);
    target.batch(&book)?;
    let applied = target.applied()?;
    verify(&applied, migrations)?;
    for (number, migration) in (1..).zip(migrations).skip(applied.len()) {
        let text = target.translate(migration.text);
        target.batch(&text)?;
        target.record(number, migration.name, &checksum_of(migration))?;
    }
    Ok(migrations.len() - applied.len())
}

/// Compares what a database says was applied with what this program knows, and counts it.
pub(super) fn verify(applied: &[(i64, String, String)], migrations: &[Migration]) -> Result<usize, DbError> {
    if applied.len() > migrations.len() {
        return Err(DbError::Unusable(format!(
            "the database was written by a newer version of Gymkeeper ({} migrations, this version knows {}); \
             start that version, or restore a backup made with this one",
            applied.len(),
            migrations.len()
        )));
    }
    for ((number, name, checksum), (expected, migration)) in applied.iter().zip((1..).zip(migrations)) {
        if *number != expected || *checksum != checksum_of(migration) {
            return Err(DbError::Unusable(format!(
                "migration {number} ({name}) of the database is not the one this version knows ({}); \
                 the database belongs to another build",
                migration.name
            )));
        }
    }
    Ok(applied.len())
}

fn checksum_of(migration: &Migration) -> String {
    Sha256::digest(migration.text.as_bytes()).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// Column types as SQLite wants them. PostgreSQL's names would give numeric affinity there, which turns text into numbers.
const TYPES: &[(&str, &str)] =
    &[("BIGINT", "INTEGER"), ("BOOLEAN", "INTEGER"), ("TIMESTAMPTZ", "INTEGER"), ("DATE", "TEXT"), ("BYTEA", "BLOB")];

/// The text for SQLite: other type names, strict tables, and without the statements marked as PostgreSQL's. A table marked as
/// clustered lies in its primary key, which saves an index where rows are only ever added and found by it.
pub(super) fn for_sqlite(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len() + 64);
    for statement in sql.split_inclusive(';') {
        if statement.contains("-- postgres only") {
            continue;
        }
        let words = replace_words(statement);
        if words.to_ascii_lowercase().contains("create table") {
            // The closing parenthesis of the table is the last one of the statement.
            let options = if statement.contains("-- clustered") { "strict, without rowid" } else { "strict" };
            match words.rfind(')') {
                Some(at) => out.push_str(&format!("{}) {options}{}", &words[..at], &words[at + 1..])),
                None => out.push_str(&words),
            }
        } else {
            out.push_str(&words);
        }
    }
    out
}

/// The text for PostgreSQL: without the statements marked as SQLite's.
pub(super) fn for_postgres(sql: &str) -> String {
    sql.split_inclusive(';').filter(|statement| !statement.contains("-- sqlite only")).collect()
}

fn replace_words(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut word = String::new();
    for character in sql.chars().chain(std::iter::once('\0')) {
        if character.is_ascii_alphanumeric() || character == '_' {
            word.push(character);
            continue;
        }
        let replaced = TYPES.iter().find(|(from, _)| *from == word).map_or(word.as_str(), |(_, to)| *to);
        out.push_str(replaced);
        word.clear();
        if character != '\0' {
            out.push(character);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sqlite_gets_its_own_types_and_strict_tables() {
        let text = "create table a (id BIGINT not null, UPDATED_ON DATE, primary key (id));\ncreate index b on a (id);";
        assert_eq!(
            for_sqlite(text),
            "create table a (id INTEGER not null, UPDATED_ON TEXT, primary key (id)) strict;\ncreate index b on a (id);"
        );
    }

    #[test]
    fn clustered_tables_have_no_rowid_on_sqlite() {
        let text = "-- clustered\ncreate table a (id BIGINT primary key);";
        assert!(for_sqlite(text).ends_with("create table a (id INTEGER primary key) strict, without rowid;"));
        assert!(for_postgres(text).ends_with("create table a (id BIGINT primary key);"));
    }

    #[test]
    fn marked_statements_reach_one_database_only() {
        let text = "-- postgres only\ncreate sequence s;\n-- sqlite only\ncreate table s (n BIGINT);";
        assert!(!for_sqlite(text).contains("sequence"));
        assert!(!for_postgres(text).contains("table"));
    }
}
