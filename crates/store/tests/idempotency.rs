//! First answers, kept by transactions that run at the same time.

#![allow(clippy::disallowed_methods, clippy::unwrap_used)]

use std::sync::Arc;

use gymkeeper_store::{
    MIGRATIONS,
    db::{Db, DbError, Location, Options, Seal, Tx},
    idempotency::{self, Kept, Owner},
    tenant,
};
use gymkeeper_testkit::each_database;
use jiff::Timestamp;

/// Turns all bits around: enough to tell what is sealed from what is not.
struct Turned;

impl Seal for Turned {
    fn seal(&self, _: &mut Tx<'_>, _: &'static str, _: i64, value: &[u8]) -> Result<Vec<u8>, DbError> {
        Ok(value.iter().map(|byte| !byte).collect())
    }

    fn open(&self, _: &'static str, _: i64, sealed: &[u8]) -> Result<Vec<u8>, DbError> {
        Ok(sealed.iter().map(|byte| !byte).collect())
    }
}

fn answer(body: &str) -> Kept {
    Kept { fingerprint: vec![1], status: 200, language: None, body: body.as_bytes().to_vec() }
}

#[test]
fn of_many_that_keep_an_answer_under_one_key_one_does() {
    each_database(|database| {
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let db = Db::open(&Location::parse(&database.url), MIGRATIONS, &Options::default()).unwrap();
            db.seal_with(Arc::new(Turned));
            let (now, since) = (Timestamp::from_second(1).unwrap(), Timestamp::UNIX_EPOCH);
            let tenant = db.write(move |tx| tenant::insert(tx, "one", "One", true, now)).await.unwrap();
            for round in 0..20 {
                let key = format!("order-{round}");
                let keep = |number: i32| {
                    let (db, key) = (db.clone(), key.clone());
                    tokio::spawn(async move {
                        db.write(move |tx| {
                            let owner = Owner { tenant, api_key: 1, key: &key, id: round };
                            idempotency::keep(tx, owner, answer(&number.to_string()), now, since)
                        })
                        .await
                    })
                };
                let racing: Vec<_> = (0..8).map(keep).collect();
                let mut winners = Vec::new();
                for (number, task) in racing.into_iter().enumerate() {
                    if task.await.unwrap().unwrap() {
                        winners.push(number.to_string());
                    }
                }
                let find = move |tx: &mut Tx<'_>| {
                    idempotency::find(tx, Owner { tenant, api_key: 1, key: &key, id: round }, since)
                };
                let found = db.read(find).await;
                let kept = found.unwrap().unwrap();
                assert_eq!(
                    winners,
                    [String::from_utf8(kept.body).unwrap()],
                    "one answer, and it is the one that is kept"
                );
            }
            let undone: Result<(), DbError> = db
                .write(move |tx| {
                    let owner = Owner { tenant, api_key: 1, key: "undone", id: 99 };
                    assert!(idempotency::keep(tx, owner, answer(""), now, since)?);
                    Err(DbError::Busy)
                })
                .await;
            assert!(matches!(undone, Err(DbError::Busy)));
            let owner = Owner { tenant, api_key: 1, key: "undone", id: 99 };
            assert!(db.read(move |tx| idempotency::find(tx, owner, since)).await.unwrap().is_none());
            db.close();
        });
    });
}
