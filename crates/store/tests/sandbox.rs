//! Which tables make up the state of a tenant.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use gymkeeper_store::{
    MIGRATIONS,
    db::{Db, DbError, Location, Options},
    sandbox::KEPT,
    schema,
};
use gymkeeper_testkit::each_database;

/// Tables that snapshots hold and a reset puts back. A new table is decided about here, or in [`KEPT`].
const STATE: &[&str] = &[
    "studio",
    "tag",
    "studio_tag",
    "inventory",
    "file",
    "checkin",
    "activation",
    "job",
    "employee",
    "customer",
    "customer_phone",
    "counter",
    "customer_source",
    "third_party_customer",
    "access_medium",
    "access_restriction",
    "customer_field",
    "contract",
    "idle_period",
    "bank_account",
    "benefit_use",
    "customer_document",
    "former_birthday",
    "weighing",
    "customer_note",
    "lead",
    "checkin_voucher",
    "amendment",
    "communication_thread",
    "communication",
    "communication_preference",
    "legal_representative",
    "family_contract",
    "member_list",
    "member_list_entry",
    "class_slot",
    "booking",
    "occupied",
    "pack",
    "employee_absence",
];

#[test]
fn every_table_of_a_tenant_is_either_state_or_kept() {
    each_database(|database| {
        let db = Db::open(&Location::parse(&database.url), MIGRATIONS, &Options::default()).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let tables = runtime.block_on(db.read(|tx| tx.tenant_tables())).unwrap();
        let found: BTreeSet<&str> = tables.iter().map(|table| table.name()).collect();
        let decided: BTreeSet<&str> = STATE.iter().chain(KEPT).copied().collect();
        assert_eq!(found, decided);
        assert_eq!(decided.len(), STATE.len() + KEPT.len(), "a table is decided about twice");
        assert_eq!(tables.len(), found.len());
        db.close();
    });
}

/// What is read from the texts of the migrations must be what they have made.
#[test]
fn the_migrations_say_what_both_databases_know() {
    each_database(|database| {
        let db = Db::open(&Location::parse(&database.url), MIGRATIONS, &Options::default()).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let tables = runtime.block_on(db.read(|tx| tx.tenant_tables())).unwrap();
        let known: Vec<(&str, &[String])> = tables.iter().map(|table| (table.name(), table.columns())).collect();
        let read = schema::tenant_tables(MIGRATIONS).unwrap();
        let names: Vec<(&str, Vec<String>)> = (read.iter())
            .map(|table| (table.name.as_str(), table.columns.iter().map(|column| column.name.clone()).collect()))
            .collect();
        assert_eq!(names.iter().map(|(name, columns)| (*name, columns.as_slice())).collect::<Vec<_>>(), known);
        for table in &read {
            assert!(table.key.iter().all(|key| table.column(key).is_some()), "{table:?}");
            // The order is a whole one: the tenant alone is a key where there is no other.
            assert!(!table.key.is_empty() || ["tenant", "journal_head"].contains(&table.name.as_str()), "{table:?}");
        }
        db.close();
    });
}

#[test]
fn copied_rows_are_the_same_but_for_their_tenant() {
    gymkeeper_store::statements! {
        PUT = "insert into thing (tenant_id, id, \"order\", flag, note, bytes, day, moment) values ($1, $2, $3, $4, $5, $6, $7, $8)";
        GET = "select id, \"order\", note, moment from thing where tenant_id = $1 order by id";
        SAME = "select count(*) from thing a join thing b on b.id = a.id and b.flag is not distinct from a.flag
            and b.bytes is not distinct from a.bytes and b.day is not distinct from a.day
            where a.tenant_id = $1 and b.tenant_id = $2";
    }
    const TABLES: &[gymkeeper_store::db::Migration] = &[gymkeeper_store::db::Migration {
        name: "a table of every type, and one without a tenant",
        text: "create table thing (id BIGINT not null, \"order\" BIGINT, flag BOOLEAN, note TEXT, tenant_id BIGINT not null,
                bytes BYTEA, day DATE, moment TIMESTAMPTZ, primary key (tenant_id, id));
            create table other (name TEXT not null primary key);",
    }];
    each_database(|database| {
        let db = Db::open(&Location::parse(&database.url), TABLES, &Options::default()).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime
            .block_on(db.write(|tx| {
                let moment: jiff::Timestamp = "2026-11-21T11:00:00.123456Z".parse().unwrap();
                let (day, bytes) = (jiff::civil::date(2024, 2, 29), vec![0_u8, 255]);
                tx.execute(&PUT, &[&7_i64, &1_i64, &9_i64, &true, &"Straße '$1'", &bytes, &day, &moment])?;
                let none = None::<i64>;
                tx.execute(&PUT, &[&7_i64, &2_i64, &none, &None::<bool>, &"", &Vec::<u8>::new(), &day, &moment])?;
                tx.execute(&PUT, &[&8_i64, &1_i64, &none, &false, &"another's", &bytes, &day, &moment])?;
                let tables = tx.tenant_tables()?;
                assert_eq!(tables.iter().map(|table| table.name()).collect::<Vec<_>>(), ["thing"]);
                assert_eq!(tx.copy_rows(&tables[0], 7, 70)?, 2);
                type Rows = Vec<(i64, Option<i64>, String, jiff::Timestamp)>;
                let (source, copy): (Rows, Rows) = (tx.query(&GET, &[&7_i64])?, tx.query(&GET, &[&70_i64])?);
                assert_eq!(source, copy);
                assert_eq!(tx.query_one::<(i64,)>(&SAME, &[&7_i64, &70_i64])?, Some((2,)));
                assert_eq!(tx.delete_rows(&tables[0], 7)?, 2);
                let left = [7, 8, 70].map(|tenant| tx.count_rows(&tables[0], tenant).unwrap());
                assert_eq!(left, [0, 1, 2]);
                Ok::<_, DbError>(())
            }))
            .unwrap();
        db.close();
    });
}
