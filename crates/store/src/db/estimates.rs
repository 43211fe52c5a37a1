//! What SQLite is told about the sizes of things, so that it plans as for a large gym.
//!
//! Every index begins with the tenant, and many go on with the studio. Left alone, SQLite takes it that ten rows share their tenant,
//! and walks over all the rows of one when that spares it sorting three. Statistics of the present rows would be slow to gather and would
//! change plans from day to day. So it gets the same estimates everywhere and always: that a tenant has a tenth of all rows, a
//! studio a quarter of these, a kind or status a quarter again, and anything else a handful.

use rusqlite::Connection;

/// As many rows a table is taken to have.
const ROWS: u64 = 1_000_000;
/// As many rows share the values of a column that is neither the tenant's nor one of few values.
const HANDFUL: u64 = 4;
/// Columns with so few different values that each has a quarter of the rows.
const FEW: &[&str] = &["studio_id", "kind", "status", "state", "participation", "archived_at"];

/// Writes the estimates down, unless they are there. Connections that are opened later plan by them, this one at once.
pub(super) fn write(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch("analyze sqlite_schema")?;
    let wanted = wanted(connection)?;
    let mut present = connection.prepare("select tbl, idx, stat from sqlite_stat1 order by 1, 2")?;
    let present: Vec<Estimate> =
        present.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?.collect::<Result<_, _>>()?;
    if present == wanted {
        return Ok(());
    }
    connection.execute("delete from sqlite_stat1", [])?;
    for (table, index, text) in &wanted {
        connection.execute("insert into sqlite_stat1 (tbl, idx, stat) values (?, ?, ?)", (table, index, text))?;
    }
    connection.execute_batch("analyze sqlite_schema")
}

/// Table, index and estimates, as SQLite keeps them.
type Estimate = (String, String, String);

fn wanted(connection: &Connection) -> rusqlite::Result<Vec<Estimate>> {
    let mut indexes = connection.prepare(
        "select t.name, i.name, i.\"unique\", i.partial, i.origin = 'pk' and t.wr
         from pragma_table_list t, pragma_index_list(t.name) i
         where t.schema = 'main' and t.type = 'table' order by 1, 2",
    )?;
    let rows = indexes.query_map([], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get::<_, bool>(2)?, row.get::<_, bool>(3)?, row.get::<_, bool>(4)?))
    })?;
    let mut wanted = Vec::new();
    for row in rows {
        let (table, index, unique, partial, is_table): (String, String, bool, bool, bool) = row?;
        let mut columns = connection.prepare("select coalesce(name, '') from pragma_index_info(?) order by seqno")?;
        let columns: Vec<String> = columns.query_map([&index], |row| row.get(0))?.collect::<Result<_, _>>()?;
        // A table that lies in its primary key goes by its own name.
        let name = if is_table { table.clone() } else { index };
        wanted.push((table, name, text(&columns, unique, partial)));
    }
    wanted.sort();
    Ok(wanted)
}

/// The rows of an index, and then how many of them share the first value, the first two and so on.
fn text(columns: &[String], unique: bool, partial: bool) -> String {
    let rows = if partial { ROWS / 2 } else { ROWS };
    let mut numbers = vec![rows];
    let mut share = rows;
    for (place, column) in columns.iter().enumerate() {
        share = match column.as_str() {
            "tenant_id" => share / 10,
            few if FEW.contains(&few) => (share / 4).max(HANDFUL),
            _ => HANDFUL.min(share),
        };
        if unique && place + 1 == columns.len() {
            share = 1;
        }
        numbers.push(share);
    }
    numbers.iter().map(u64::to_string).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::db::{Db, Location, Options};

    #[test]
    fn the_tenant_tells_little_and_an_id_everything() {
        let columns = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(text(&columns(&["tenant_id", "id"]), true, false), "1000000 100000 1");
        assert_eq!(
            text(&columns(&["tenant_id", "studio_id", "status", "id"]), false, true),
            "500000 50000 12500 3125 4"
        );
        assert_eq!(text(&columns(&["tenant_id", "studio_id"]), true, false), "1000000 100000 1");
    }

    #[test]
    fn writing_them_again_changes_nothing() {
        let connection = Connection::open_in_memory().unwrap();
        connection
            .execute_batch(
                "create table a (tenant_id integer, id integer, email text, primary key (tenant_id, id)) strict;
                 create index a_email on a (tenant_id, email) where email is not null;
                 create table b (tenant_id integer, n integer, primary key (tenant_id, n)) strict, without rowid;",
            )
            .unwrap();
        let plan = |connection: &Connection| -> String {
            let text = "explain query plan select * from a where tenant_id = 1 and email = 'x' order by id";
            connection.query_row(text, [], |row| row.get(3)).unwrap()
        };
        assert!(plan(&connection).ends_with("(tenant_id=?)"), "{}", plan(&connection));
        write(&connection).unwrap();
        assert!(plan(&connection).contains("email=?"), "{}", plan(&connection));
        let changes = connection.total_changes();
        write(&connection).unwrap();
        assert_eq!(connection.total_changes(), changes);
        let of_b: String =
            connection.query_row("select stat from sqlite_stat1 where idx = 'b'", [], |row| row.get(0)).unwrap();
        assert_eq!(of_b, "1000000 100000 1");
    }

    /// SQLite knows nothing of how many rows a tenant has, and takes whatever comes in the right order if only an index begins with the
    /// tenant. Where that would read a table of which there may be millions of rows, the statement must lead it to another index.
    #[test]
    fn no_statement_reads_all_rows_of_a_tenant_but_those_that_want_them() {
        let few = [
            "employee::",
            "inventory::",
            "job::",
            "keys::",
            "sandbox::",
            "staff::",
            "studio::",
            "tenant::",
            "webhook::",
        ];
        let accepted = [
            // Links to calendars, at the command line.
            "booking::feed::ALL",
            // What waits to be decided, and a list that staff pages through.
            "customer::amendment::LIST",
            "customer::amendment::WAITING",
            "customer::member_list::OF_STUDIO",
            "customer::voucher::LIST",
            // Once in a while, at somebody's word: a person is erased, an extra field removed, a backup made.
            "customer::erasure::NAMED",
            "customer::erasure::RESTRICTIONS",
            "customer::erasure::VOUCHERS",
            "customer::erasure::AMENDMENTS",
            "customer::erasure::ANSWERS",
            "customer::erasure::KEPT_ANSWERS",
            "customer::erasure::FILE_IN_USE",
            "customer::field::HAS_VALUE",
            "files::HASHES",
            // The answers of one day.
            "idempotency::FORGET_OLD",
            "idempotency::FORGET_MANY",
            "idempotency::FORGET_ALL",
            // A webhook target for each program.
            "journal::TARGETS_BEGIN",
        ];
        let found: BTreeSet<&str> = plans()
            .into_iter()
            .filter(|(_, plan)| plan.iter().any(|line| reads_whole_tenant(line)))
            .map(|(name, _)| name)
            .filter(|name| !few.iter().any(|group| name.starts_with(group)))
            .collect();
        assert_eq!(found, BTreeSet::from(accepted));
    }

    /// What SQLite does for each statement of the store.
    fn plans() -> Vec<(&'static str, Vec<String>)> {
        let folder = gymkeeper_testkit::temp_dir();
        let file = folder.path().join("plans.db");
        let location = Location::parse(file.to_str().unwrap());
        Db::open(&location, crate::MIGRATIONS, &Options::default()).unwrap().close();
        let connection = Connection::open(&file).unwrap();
        rusqlite::vtab::array::load_module(&connection).unwrap();
        let plan = |text: &str| {
            let mut statement = connection.prepare(&format!("explain query plan {text}")).unwrap();
            let mut rows = statement.raw_query();
            let mut lines = Vec::new();
            while let Some(row) = rows.next().unwrap() {
                lines.push(row.get::<_, String>(3).unwrap());
            }
            lines
        };
        let short = |name: &'static str| name.strip_prefix("gymkeeper_store::").unwrap();
        crate::statements().into_iter().map(|sql| (short(sql.name), plan(sql.text))).collect()
    }

    fn reads_whole_tenant(line: &str) -> bool {
        let searches = line.starts_with("SEARCH");
        let all = line.ends_with("(tenant_id=?)") || line.ends_with("(tenant_id=? AND studio_id=?)");
        // Ids that are handed over are no table.
        (searches && all) || (line.starts_with("SCAN") && !line.contains("VIRTUAL TABLE"))
    }
}
