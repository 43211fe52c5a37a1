//! PostgreSQL leads every search for customers to the index that is made for it. It plans by what it knows of the tables, so there are
//! people in them. What SQLite does is told without any, see `db/estimates.rs`.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use gymkeeper_store::{
    MIGRATIONS,
    db::{Db, DbError, Location, Options, Sql, ToParam, Tx},
    statements,
    tenant::TenantId,
};
use gymkeeper_testkit::TestDatabase;
use jiff::civil::date;

statements! {
    // In twenty studios, a third of each status; three of them have the same number of a debtor.
    PEOPLE = "insert into customer (tenant_id, id, studio_id, customer_number, uuid, referral_code, debtor_id, status, member_until,
            created_at, withheld, first_name, last_name, first_name_key, last_name_key, email, email_key, date_of_birth, payment_method)
        select cast($1 as BIGINT), n, n % 20, 'N' || n, 'U' || n, 'R' || n, 'D' || n / 3,
            case n % 3 when 0 then 'MEMBER' when 1 then 'PROSPECT' else 'FORMER_MEMBER' end, date '2027-01-01', now(), false, 'F' || n,
            'L' || n, decode(md5('f' || n), 'hex'), decode(md5('l' || n), 'hex'), n || '@example.org', n || '@example.org',
            date '1950-01-01' + n % 20000, 'CASH'
        from generate_series(1, 40000) n";
    PINS = "insert into access_medium (tenant_id, id, customer_id, kind, value, created_at)
        select tenant_id, id + 1000000, id, 'PIN', '1' || id, now() from customer where tenant_id = $1";
    PHONES = "insert into customer_phone (tenant_id, customer_id, phone_key)
        select tenant_id, id, '+49' || id from customer where tenant_id = $1";
    LOOK = "analyze";
}

/// The lines of the plan for a statement of the store.
fn plan(tx: &mut Tx<'_>, name: &str, params: &[&dyn ToParam]) -> Result<Vec<String>, DbError> {
    let wanted = format!("gymkeeper_store::customer::find::{name}");
    let sql = gymkeeper_store::statements().into_iter().find(|sql| sql.name == wanted).expect(name);
    let text: &'static str = Box::leak(format!("explain (costs off) {}", sql.text).into_boxed_str());
    let explain: &'static Sql = Box::leak(Box::new(Sql::new("plans::EXPLAIN", text, text)));
    Ok(tx.query::<(String,)>(explain, params)?.into_iter().map(|(line,)| line).collect())
}

#[test]
fn customers_are_found_by_indexes_on_postgres_too() {
    let Some(database) = TestDatabase::postgres() else { return };
    let db = Db::open(&Location::parse(&database.url), MIGRATIONS, &Options::default()).unwrap();
    let work = db.write(|tx| {
        let tenant = TenantId(1);
        for sql in [&PEOPLE, &PINS, &PHONES] {
            assert!(tx.execute(sql, &[&tenant])? > 0, "{}", sql.name);
        }
        tx.execute(&LOOK, &[])?;
        let (studio, after, limit, all) = (7_i64, 20_000_i64, 101_i64, false);
        let (today, born) = (date(2026, 11, 21), date(1980, 6, 1));
        let (from, to): (&[u8], &[u8]) = (&[0x51, 0x10], &[0x51, 0x20]);
        let mut plans = Vec::new();
        // The index, and whether what it finds is put in order afterwards.
        for (name, index, sorts, params) in [
            ("MEMBERS", "customer_status", false, vec![&tenant as &dyn ToParam, &studio, &after, &limit, &today, &all]),
            ("PROSPECTS", "customer_status", false, vec![&tenant, &studio, &after, &limit, &all]),
            ("FORMER", "customer_status", false, vec![&tenant, &studio, &after, &limit, &all]),
            ("EVERYBODY", "customer_of_studio", false, vec![&tenant, &studio, &after, &limit, &all]),
            ("BY_NUMBER", "customer_number", false, vec![&tenant, &"N77"]),
            ("BY_DEBTOR", "customer_debtor", true, vec![&tenant, &"D77", &studio]),
            ("BY_MEDIUM", "access_medium_value", false, vec![&tenant, &"PIN", &"177"]),
            ("SEARCH_EMAIL", "customer_email", false, vec![&tenant, &"77@example.org", &studio, &all]),
            ("SEARCH_EMAIL_ALONE", "customer_email", false, vec![&tenant, &"77@example.org", &studio, &all]),
            ("SEARCH_BIRTH", "customer_birth", true, vec![&tenant, &studio, &born, &all]),
            ("SEARCH_LAST_NAME", "customer_last_name", false, vec![&tenant, &studio, &from, &to, &all]),
            ("SEARCH_FIRST_NAME", "customer_first_name", false, vec![&tenant, &studio, &from, &to, &all]),
            ("SEARCH_PHONE", "customer_phone_pkey", true, vec![&tenant, &studio, &"+4977", &all]),
            ("DESK_LAST_NAME", "customer_last_name", false, vec![&tenant, &studio, &from, &to, &from, &to, &limit]),
        ] {
            plans.push((name, index, sorts, plan(tx, name, &params)?));
        }
        Ok::<_, DbError>(plans)
    });
    let plans = tokio::runtime::Runtime::new().unwrap().block_on(work).unwrap();
    for (name, index, sorts, plan) in plans {
        let has = |words: &str| plan.iter().any(|line| line.contains(words));
        assert!(has(index) && !has("Seq Scan"), "{name}: {plan:#?}");
        assert!(sorts || !has("Sort"), "{name}: {plan:#?}");
    }
    db.close();
}
