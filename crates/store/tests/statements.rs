//! The texts of the store: both databases understand each statement, and each statement, table and index names its tenant.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use gymkeeper_store::{
    MIGRATIONS,
    db::{Db, DbError, Location, Options},
    sealed, statements,
};
use gymkeeper_testkit::each_database;

statements! {
    WRONG = "select nothing_of_that_name from studio where tenant_id = $1";
}

#[test]
fn every_statement_of_the_store_is_understood_by_both_databases() {
    each_database(|database| {
        let db = Db::open(&Location::parse(&database.url), MIGRATIONS, &Options::default()).unwrap();
        let (wrong, planted) = tokio::runtime::Runtime::new()
            .unwrap()
            .block_on(db.write(|tx| {
                let mut wrong = Vec::new();
                for sql in gymkeeper_store::statements() {
                    wrong.extend(tx.prepare(sql).err().map(|error| error.to_string()));
                }
                Ok::<_, DbError>((wrong, tx.prepare(&WRONG).is_err()))
            }))
            .unwrap();
        assert_eq!(wrong, Vec::<String>::new());
        assert!(planted, "an unknown column is noticed");
        db.close();
    });
}

#[test]
fn every_statement_of_the_store_names_its_tenant() {
    // Before any tenant is known come its own key, the hashes of an API key, of a session and of a sandbox's token, which tell it, and the
    // settings of the installation. Backups need the files of all tenants, whoever removes a content must know that nobody else has it, and workers look for what is due over all of them.
    let exceptions = [
        "files::USES",
        "files::HASHES",
        "job::DUE",
        "job::PARKED",
        "keys::HOLDER",
        "setting::GET",
        "setting::INSERT",
        "setting::SET",
        "staff::session::HOLDER",
        "tenant::FIND_BY_KEY",
        "tenant::BY_TOKEN",
        "tenant::LIST",
        "webhook::DUE",
        "webhook::delivery::WAITING",
    ];
    let without: Vec<&str> = gymkeeper_store::statements()
        .into_iter()
        .filter(|sql| {
            let names = if sql.text.starts_with("insert into") { "(tenant_id" } else { "tenant_id = $1" };
            !sql.text.contains(names)
        })
        .map(|sql| sql.name.strip_prefix("gymkeeper_store::").unwrap())
        .collect();
    assert_eq!(without, exceptions);
}

/// Whether a text is a statement with something in the place of each of its parameters.
fn says(text: &str, statement: &str) -> bool {
    let words: Vec<&str> = statement.split_whitespace().collect();
    let statement = words.join(" ");
    let parts = statement.split('$').map(|part| part.trim_start_matches(|letter: char| letter.is_ascii_digit()));
    let parts: Vec<&str> = parts.collect();
    let [first, between @ .., last] = &parts[..] else { return text == statement };
    let Some(mut rest) = text.strip_prefix(first).and_then(|text| text.strip_suffix(last)) else { return false };
    // A value is no further condition and no order.
    let is_value = |text: &str| [" and ", " order by "].iter().all(|word| !text.contains(word));
    for part in between {
        let Some((value, after)) = rest.split_once(part) else { return false };
        if !is_value(value) {
            return false;
        }
        rest = after;
    }
    is_value(rest)
}

#[test]
fn what_the_benchmark_sends_to_postgres_are_statements_of_the_store() {
    assert!(says("select a from b where c = :c and d = 1", "select a from b\n  where c = $1 and d = $2"));
    assert!(says("select a from b where c = :c order by a", "select a from b where c = $1 order by a"));
    for wrong in ["select a, e from b where c = $1 and d = $2", "select a from b where c = $1", "select a from b"] {
        assert!(!says("select a from b where c = :c and d = 1 order by a", wrong), "{wrong}");
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../xtask/src/bench/booking.pgbench");
    let script = fs::read_to_string(script).unwrap();
    // Ids are taken by the seam, which gives the column no name.
    let own = ["begin", "commit", "select nextval('id_sequence') as id from generate_series(1, 1)"];
    let sent = script.lines().filter(|line| !line.starts_with(['-', '\\']));
    let sent = sent.map(|line| line.trim_end_matches(" \\gset").trim_end_matches(';'));
    let sent: Vec<&str> = sent.filter(|text| !own.contains(text)).collect();
    let known = gymkeeper_store::statements();
    let others: Vec<&&str> = sent.iter().filter(|text| !known.iter().any(|sql| says(text, sql.text))).collect();
    assert!(others.is_empty(), "{others:#?}");
    assert!(sent.len() > 15, "{sent:#?}");
}

#[test]
fn every_table_and_index_begins_with_its_tenant() {
    // One belongs to the installation, one hands out ids over all tenants, and one is searched by workers over all of them.
    let exceptions = ["table id_generator", "table setting", "index job_due"];
    let keys = ["primary key (tenant_id", "tenant_id BIGINT not null primary key"];
    let mut without = Vec::new();
    let mut seen = 0;
    for statement in MIGRATIONS.iter().flat_map(|migration| migration.text.split(';')) {
        // Comments stand on lines of their own.
        let text: Vec<&str> = statement.lines().map(str::trim).filter(|line| !line.starts_with("--")).collect();
        let text = text.join(" ");
        let Some(created) = text.trim_start().strip_prefix("create ") else { continue };
        let created = created.strip_prefix("unique ").unwrap_or(created);
        let mut words = created.split_whitespace();
        let (kind, name) = (words.next().unwrap(), words.next().unwrap());
        let begins = match kind {
            "table" => keys.iter().any(|key| text.contains(key)),
            "index" => text.contains("(tenant_id"),
            _ => continue,
        };
        seen += 1;
        if !begins {
            without.push(format!("{kind} {name}"));
        }
    }
    assert_eq!(without, exceptions);
    assert!(seen > 20, "{seen} tables and indexes");
}

/// The Rust files below a folder, without those of the seam, whose statements are its own.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .filter(|path| !path.ends_with("src/db"))
        .flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] })
        .collect()
}

#[test]
fn every_module_with_statements_is_registered() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let registered = fs::read_to_string(src.join("lib.rs")).unwrap();
    let mut seen = 0;
    for path in sources(&src) {
        if !fs::read_to_string(&path).unwrap().contains("statements! {") {
            continue;
        }
        let module = path.strip_prefix(&src).unwrap().with_extension("").to_str().unwrap().replace('/', "::");
        let line = format!(" {}::STATEMENTS,", module.trim_end_matches("::mod"));
        assert!(registered.contains(&line), "{line} is missing in lib.rs");
        seen += 1;
    }
    assert!(seen >= 8, "{seen} modules");
}

#[test]
fn every_column_that_is_sealed_takes_part_in_a_rotation() {
    let mut kinds = BTreeSet::new();
    for path in sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        for line in fs::read_to_string(&path).unwrap().lines() {
            if let Some((name, kind)) = line.split_once(": &str = \"")
                && name.ends_with("SEALED_AS")
            {
                kinds.insert(kind.trim_end_matches("\";").to_owned());
            }
            // A kind that is not one of these constants could not be found here.
            let Some((_, arguments)) = line.split_once("tx.seal(") else { continue };
            assert!(arguments.split(',').next().unwrap().ends_with("SEALED_AS"), "{}: {line}", path.display());
        }
    }
    let rotated: BTreeSet<String> = sealed::COLUMNS.iter().map(|column| column.kind.to_owned()).collect();
    assert_eq!(kinds, rotated);
    assert!(kinds.len() >= 4);
}
