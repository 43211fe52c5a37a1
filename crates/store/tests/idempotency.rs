//! First answers, kept by transactions that run at the same time.

#![allow(clippy::disallowed_methods, clippy::unwrap_used)]

use gymkeeper_store::{
    MIGRATIONS,
    db::{Db, DbError, Location, Options},
    idempotency::{self, Kept, Owner},
    tenant,
};
use gymkeeper_testkit::each_database;
use jiff::Timestamp;

fn answer(body: &str) -> Kept {
    Kept { fingerprint: vec![1], status: 200, language: None, body: body.as_bytes().to_vec() }
}

#[test]
fn of_many_that_keep_an_answer_under_one_key_one_does() {
    each_database(|database| {
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let db = Db::open(&Location::parse(&database.url), MIGRATIONS, &Options::default()).unwrap();
            let (now, since) = (Timestamp::from_second(1).unwrap(), Timestamp::UNIX_EPOCH);
            let tenant = db.write(move |tx| tenant::insert(tx, "one", "One", true, now)).await.unwrap();
            for round in 0..20 {
                let key = format!("order-{round}");
                let keep = |number: i32| {
                    let (db, key) = (db.clone(), key.clone());
                    tokio::spawn(async move {
                        db.write(move |tx| {
                            let owner = Owner { tenant, api_key: 1, key: &key };
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
                let found =
                    db.read(move |tx| idempotency::find(tx, Owner { tenant, api_key: 1, key: &key }, since)).await;
                let kept = found.unwrap().unwrap();
                assert_eq!(
                    winners,
                    [String::from_utf8(kept.body).unwrap()],
                    "one answer, and it is the one that is kept"
                );
            }
            let undone: Result<(), DbError> = db
                .write(move |tx| {
                    let owner = Owner { tenant, api_key: 1, key: "undone" };
                    assert!(idempotency::keep(tx, owner, answer(""), now, since)?);
                    Err(DbError::Busy)
                })
                .await;
            assert!(matches!(undone, Err(DbError::Busy)));
            let owner = Owner { tenant, api_key: 1, key: "undone" };
            assert!(db.read(move |tx| idempotency::find(tx, owner, since)).await.unwrap().is_none());
            db.close();
        });
    });
}
