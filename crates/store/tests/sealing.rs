//! Sealed columns: what a transaction seals with, and what is kept of it.

#![allow(clippy::unwrap_used)]

use std::sync::Arc;

use gymkeeper_store::{
    MIGRATIONS,
    customer::{
        Customer,
        bank_account::{self, Account, BankAccount},
        insert,
    },
    db::{Db, DbError, Location, Options, Seal, Tx},
    sandbox, sealed,
    tenant::{self, TenantId},
};
use gymkeeper_testkit::each_database;
use jiff::{Timestamp, civil::date};

/// Turns every bit, and knows the row it was for.
struct Turned;

impl Seal for Turned {
    fn seal(&self, _: &mut Tx<'_>, kind: &'static str, id: i64, value: &[u8]) -> Result<Vec<u8>, DbError> {
        Ok([format!("{kind} {id} ").as_bytes(), value].concat().into_iter().map(|byte| !byte).collect())
    }

    fn open(&self, kind: &'static str, id: i64, sealed: &[u8]) -> Result<Vec<u8>, DbError> {
        let plain: Vec<u8> = sealed.iter().map(|byte| !byte).collect();
        let other = || DbError::Unusable("of another row".to_owned());
        plain.strip_prefix(format!("{kind} {id} ").as_bytes()).map(<[u8]>::to_vec).ok_or_else(other)
    }
}

const TENANT: TenantId = TenantId(7);

fn account(id: i64, iban: &str) -> BankAccount {
    BankAccount {
        id,
        customer_id: 1,
        account: Account { account_holder: "Ada".to_owned(), iban: iban.to_owned(), ..Account::default() },
        mandate_reference: format!("M-1-10001-{id}"),
        mandate_signed_on: date(2026, 11, 21),
    }
}

#[test]
fn law_8_an_account_is_sealed_and_the_one_before_it_is_kept() {
    gymkeeper_store::statements! {
        STORED = "select sealed from bank_account where tenant_id = $1 order by id";
        SWAP = "update bank_account set sealed = (select b.sealed from bank_account b where b.tenant_id = $1 and b.id = 11)
            where tenant_id = $1 and id = 12";
    }
    each_database(|database| {
        let db = Db::open(&Location::parse(&database.url), MIGRATIONS, &Options::default()).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let now: Timestamp = "2026-11-21T11:00:00Z".parse().unwrap();
        let replace = move |tx: &mut Tx<'_>, id: i64, signature: Option<&[u8]>| {
            bank_account::replace(tx, TENANT, &account(id, "DE89370400440532013000"), signature, now)
        };
        let unopened = runtime.block_on(db.write(move |tx| replace(tx, 11, None)));
        assert!(matches!(unopened, Err(DbError::Unusable(said)) if said.contains("keys")));
        db.seal_with(Arc::new(Turned));
        runtime
            .block_on(db.write(move |tx| {
                let debited = "DIRECT_DEBIT".to_owned();
                insert(tx, TENANT, &Customer { id: 1, payment_method: debited, ..Customer::default() })?;
                insert(tx, TENANT, &Customer { id: 2, customer_number: "2".to_owned(), ..Customer::default() })?;
                replace(tx, 11, Some(b"<svg/>"))?;
                assert_eq!(bank_account::signature(tx, TENANT, 1)?.as_deref(), Some(&b"<svg/>"[..]));
                replace(tx, 12, None)?;
                assert_eq!(bank_account::signature(tx, TENANT, 1)?, None);
                assert_eq!(bank_account::count(tx, TENANT, 1)?, 2);
                let present = bank_account::present(tx, TENANT, 1)?;
                assert_eq!(present, Some(account(12, "DE89370400440532013000")));
                let debited = bank_account::debited(tx, TENANT, &[1, 2])?;
                assert_eq!(debited.into_keys().collect::<Vec<_>>(), [1]);
                for (sealed,) in tx.query::<(Vec<u8>,)>(&STORED, &[&TENANT])? {
                    assert!(!sealed.windows(4).any(|window| window == b"3704"));
                }
                tx.execute(&SWAP, &[&TENANT]).map(drop)
            }))
            .unwrap();
        let swapped = runtime.block_on(db.read(|tx| bank_account::present(tx, TENANT, 1)));
        assert!(matches!(swapped, Err(DbError::Unusable(said)) if said == "of another row"));
        db.close();
    });
}

#[test]
fn the_values_of_snapshots_are_found_and_replaced_too() {
    each_database(|database| {
        let db = Db::open(&Location::parse(&database.url), MIGRATIONS, &Options::default()).unwrap();
        db.seal_with(Arc::new(Turned));
        let now: Timestamp = "2026-11-21T11:00:00Z".parse().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let work = db.write(move |tx| {
            let id = tenant::insert(tx, "acme", "Acme", true, now)?;
            insert(tx, id, &Customer { id: 1, ..Customer::default() })?;
            bank_account::replace(tx, id, &account(11, "DE89370400440532013000"), Some(b"<svg/>"), now)?;
            let tenant = tenant::by_id(tx, id)?.unwrap();
            sandbox::take(tx, &tenant, "noon", now)?;
            let owners = sealed::owners(tx)?;
            assert_eq!(owners.len(), 2, "the tenant and its snapshot");
            for owner in owners {
                let mut found = Vec::new();
                for column in sealed::COLUMNS {
                    for (row, value) in sealed::batch(tx, owner, column, 0, 10)? {
                        assert!(
                            !sealed::replace(tx, owner, column, row, b"another", b"new")?,
                            "it was changed meanwhile"
                        );
                        assert!(sealed::replace(tx, owner, column, row, &value, b"new")?);
                        found.push(column.kind);
                    }
                    assert_eq!(sealed::batch(tx, owner, column, 11, 10)?, []);
                }
                assert_eq!(found, ["bank_account", "mandate_signature"]);
            }
            Ok::<_, DbError>(())
        });
        runtime.block_on(work).unwrap();
        db.close();
    });
}
