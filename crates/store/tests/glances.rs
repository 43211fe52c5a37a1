//! Short reads: on SQLite by the thread that asks, on PostgreSQL as any other read.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::{
    path::Path,
    sync::{
        Arc, Barrier,
        atomic::{AtomicU64, Ordering},
    },
    task::Poll,
    time::Duration,
};

use gymkeeper_store::{
    db::{Db, DbError, Location, Migration, Options, Tx},
    statements,
};
use gymkeeper_testkit::{TestDatabase, each_database};
use tokio::{runtime::Runtime, task::JoinSet};

const TABLES: &[Migration] = &[Migration {
    name: "tables of the tests",
    text: "create table number (id BIGINT primary key, value BIGINT not null check (value >= 0));",
}];

statements! {
    PUT = "insert into number (id, value) values ($1, $2) on conflict (id) do update set value = excluded.value";
    GET = "select value from number where id = $1";
    COUNT_UP = "with recursive n(i) as (select 1 union all select i + 1 from n where i < $1) select count(*) from n";
}

/// Steps of a statement that no machine makes within two milliseconds.
const MANY: i64 = 500_000;

fn open_with(database: &TestDatabase, options: &Options) -> Db {
    Db::open(&Location::parse(&database.url), TABLES, options).unwrap_or_else(|error| panic!("{error}"))
}

fn open(database: &TestDatabase) -> Db {
    open_with(database, &Options::default())
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

/// Runs work where requests are served: on a thread of the runtime.
fn run<T: Send + 'static>(runtime: &Runtime, work: impl Future<Output = T> + Send + 'static) -> T {
    runtime.block_on(async { tokio::spawn(work).await.unwrap() })
}

fn get(tx: &mut Tx<'_>, id: i64) -> Result<Option<i64>, DbError> {
    Ok(tx.query_one::<(i64,)>(&GET, &[&id])?.map(|(value,)| value))
}

fn count_up(tx: &mut Tx<'_>, steps: i64) -> Result<i64, DbError> {
    Ok(tx.query_one::<(i64,)>(&COUNT_UP, &[&steps])?.unwrap().0)
}

fn thread_name() -> String {
    std::thread::current().name().unwrap_or_default().to_owned()
}

fn is_sqlite(db: &Db) -> bool {
    matches!(db.location(), Location::Sqlite(_))
}

#[test]
fn whoever_asks_reads_and_sees_what_was_acknowledged() {
    each_database(|database| {
        let (db, runtime) = (open(&database), runtime());
        let lite = is_sqlite(&db);
        let (asking, by_themselves) = (db.clone(), Arc::new(AtomicU64::new(0)));
        let counted = Arc::clone(&by_themselves);
        run(&runtime, async move {
            let mut tasks = JoinSet::new();
            for id in 0..64i64 {
                let (db, counted) = (asking.clone(), Arc::clone(&counted));
                tasks.spawn(async move {
                    for value in 0..20i64 {
                        db.write(move |tx| tx.execute(&PUT, &[&id, &value])).await.unwrap();
                        let (seen, thread) =
                            db.glance(move |tx| Ok::<_, DbError>((get(tx, id)?, thread_name()))).await.unwrap();
                        assert_eq!(seen, Some(value));
                        counted.fetch_add(u64::from(thread.starts_with("tokio-")), Ordering::SeqCst);
                    }
                });
            }
            while let Some(done) = tasks.join_next().await {
                done.unwrap();
            }
        });
        drop(runtime);
        db.close();
        // A slow machine takes longer than is allowed now and then.
        let by_themselves = by_themselves.load(Ordering::SeqCst);
        assert!(if lite { by_themselves > 320 } else { by_themselves == 0 }, "{by_themselves} of 1280");
        if lite {
            let journal = format!("{}-wal", database.url.trim_start_matches("sqlite://"));
            assert!(!Path::new(&journal).exists(), "the last connection was closed");
        }
    });
}

#[test]
fn what_takes_longer_goes_to_the_threads_and_holds_nobody_up() {
    each_database(|database| {
        let (db, runtime) = (open(&database), runtime());
        let (lite, asking) = (is_sqlite(&db), db.clone());
        run(&runtime, async move {
            asking.write(|tx| tx.execute(&PUT, &[&1i64, &7i64])).await.unwrap();
            let begun = Arc::new(AtomicU64::new(0));
            let mut tasks = JoinSet::new();
            for number in 0..40i64 {
                let (db, begun) = (asking.clone(), Arc::clone(&begun));
                tasks.spawn(async move {
                    if number % 10 > 0 {
                        return assert_eq!(db.glance(|tx| get(tx, 1)).await.unwrap(), Some(7));
                    }
                    let slow = db.glance(move |tx| {
                        begun.fetch_add(1, Ordering::SeqCst);
                        Ok::<_, DbError>((count_up(tx, MANY)?, thread_name()))
                    });
                    let (counted, thread) = slow.await.unwrap();
                    assert_eq!(counted, MANY);
                    assert!(!thread.starts_with("tokio-"), "{thread}");
                });
            }
            while let Some(done) = tasks.join_next().await {
                done.unwrap();
            }
            // Those whose turn does not come in time are only begun there.
            let begun = begun.load(Ordering::SeqCst);
            assert!(if lite { (5..=8).contains(&begun) } else { begun == 4 }, "{begun}");
        });
        drop(runtime);
        db.close();
    });
}

#[test]
fn the_time_limit_holds_and_a_full_queue_refuses() {
    each_database(|database| {
        let options = Options {
            read_limit: Duration::from_secs(1),
            queue: 1,
            readers: 1,
            pg_connections: 1,
            ..Options::default()
        };
        let (db, runtime) = (open_with(&database, &options), runtime());
        let asking = db.clone();
        run(&runtime, async move {
            let endless = asking.glance(|tx| count_up(tx, i64::from(i32::MAX))).await;
            assert!(matches!(endless, Err(DbError::Timeout)), "{endless:?}");
            assert_eq!(asking.glance(|tx| count_up(tx, 10)).await.unwrap(), 10);

            // The only thread is busy, and somebody waits for it.
            let (gate, begun) = (Arc::new(Barrier::new(2)), Arc::new(tokio::sync::Notify::new()));
            let (shut, told, db) = (Arc::clone(&gate), Arc::clone(&begun), asking.clone());
            let busy = tokio::spawn(async move {
                db.read(move |_| {
                    told.notify_one();
                    shut.wait();
                    Ok::<_, DbError>(())
                })
                .await
            });
            begun.notified().await;
            let db = asking.clone();
            let waiting = tokio::spawn(async move { db.read(|_| Ok::<_, DbError>(())).await });
            while asking.waiting().0 == 0 {
                tokio::task::yield_now().await;
            }
            let refused = asking.glance(|tx| count_up(tx, MANY)).await;
            assert!(matches!(refused, Err(DbError::Busy)), "{refused:?}");
            tokio::task::spawn_blocking(move || gate.wait()).await.unwrap();
            busy.await.unwrap().unwrap();
            waiting.await.unwrap().unwrap();
        });
        drop(runtime);
        db.close();
    });
}

#[test]
fn a_panic_and_a_refused_change_hurt_nobody_else() {
    each_database(|database| {
        let (db, runtime) = (open(&database), runtime());
        let asking = db.clone();
        run(&runtime, async move {
            asking.write(|tx| tx.execute(&PUT, &[&1i64, &7i64])).await.unwrap();
            let mut tasks = JoinSet::new();
            for number in 0..60 {
                let db = asking.clone();
                tasks.spawn(async move {
                    match number % 3 {
                        0 => {
                            let panicked = db.glance(|_| -> Result<(), DbError> { panic!("on purpose") }).await;
                            assert!(matches!(panicked, Err(DbError::Panicked(_))), "{panicked:?}");
                        }
                        1 => {
                            let written = db.glance(|tx| tx.execute(&PUT, &[&1i64, &8i64])).await;
                            assert!(written.is_err(), "{written:?}");
                        }
                        _ => assert_eq!(db.glance(|tx| get(tx, 1)).await.unwrap(), Some(7)),
                    }
                });
            }
            while let Some(done) = tasks.join_next().await {
                done.unwrap();
            }
        });
        drop(runtime);
        db.close();
    });
}

/// Asks, and goes no further: the read is laid aside.
async fn lay_aside<F: Future>(read: &mut std::pin::Pin<Box<F>>) {
    std::future::poll_fn(|context| Poll::Ready(read.as_mut().poll(context).is_ready())).await;
}

#[test]
fn who_goes_away_takes_nobody_along() {
    each_database(|database| {
        let (db, runtime) = (open(&database), runtime());
        let (lite, asking) = (is_sqlite(&db), db.clone());
        let made = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&made);
        run(&runtime, async move {
            asking.write(|tx| tx.execute(&PUT, &[&1i64, &7i64])).await.unwrap();
            // Nobody reads what only those asked for who are gone.
            let alone = Arc::clone(&counted);
            let mut read = Box::pin(asking.glance(move |_| {
                alone.fetch_add(1, Ordering::SeqCst);
                Ok::<_, DbError>(())
            }));
            lay_aside(&mut read).await;
            drop(read);
            let mut tasks = JoinSet::new();
            for number in 0..400u64 {
                let (db, counted) = (asking.clone(), Arc::clone(&counted));
                tasks.spawn(async move {
                    let mut read = Box::pin(db.glance(move |tx| {
                        if number % 20 == 2 {
                            count_up(tx, MANY)?;
                        }
                        if number % 2 == 0 {
                            counted.fetch_add(1, Ordering::SeqCst);
                        }
                        get(tx, 1)
                    }));
                    match number % 4 {
                        0 => lay_aside(&mut read).await,
                        2 => drop(tokio::time::timeout(Duration::from_micros(number * 50), read).await),
                        _ => assert_eq!(read.await.unwrap(), Some(7)),
                    }
                });
            }
            while let Some(done) = tasks.join_next().await {
                done.unwrap();
            }
        });
        // PostgreSQL's threads may have been faster than whoever went away.
        let made = made.load(Ordering::SeqCst);
        assert!(!lite || made < 150, "{made} of those that nobody waited for");
        drop(runtime);
        db.close();
    });
}

#[test]
fn what_is_laid_aside_when_the_database_is_closed_is_told_so() {
    each_database(|database| {
        let (db, runtime) = (open(&database), runtime());
        let (lite, asking) = (is_sqlite(&db), db.clone());
        run(&runtime, async move {
            let mut read = Box::pin(asking.glance(|tx| count_up(tx, 10)));
            lay_aside(&mut read).await;
            let closing = asking.clone();
            tokio::task::spawn_blocking(move || closing.close()).await.unwrap();
            let told = read.await;
            match lite {
                true => assert!(matches!(told, Err(DbError::Closed(_))), "{told:?}"),
                // There it waits in a queue, which is worked off.
                false => assert_eq!(told.unwrap(), 10),
            }
        });
    });
}

#[test]
fn a_closed_database_says_so_and_one_on_the_same_file_is_another() {
    each_database(|database| {
        let runtime = runtime();
        let first = open(&database);
        let asking = first.clone();
        run(&runtime, async move {
            asking.write(|tx| tx.execute(&PUT, &[&1i64, &7i64])).await.unwrap();
            assert_eq!(asking.glance(|tx| get(tx, 1)).await.unwrap(), Some(7));
        });
        first.close();
        let second = open(&database);
        let (closed, asking) = (first, second.clone());
        run(&runtime, async move {
            let refused = closed.glance(|tx| get(tx, 1)).await;
            assert!(matches!(refused, Err(DbError::Closed(_))), "{refused:?}");
            drop(closed);
            asking.write(|tx| tx.execute(&PUT, &[&1i64, &8i64])).await.unwrap();
            assert_eq!(asking.glance(|tx| get(tx, 1)).await.unwrap(), Some(8));
        });
        drop(runtime);
        second.close();
    });
}

#[test]
fn a_thread_that_cannot_read_by_itself_leaves_it_to_those_that_can() {
    each_database(|database| {
        let db = open(&database);
        if is_sqlite(&db) {
            let runtime = runtime();
            let path = database.url.trim_start_matches("sqlite://").to_owned();
            let elsewhere = format!("{path}.elsewhere");
            std::fs::rename(&path, &elsewhere).unwrap();
            let asking = db.clone();
            run(&runtime, async move {
                for steps in 1..10 {
                    let (counted, thread) =
                        asking.glance(move |tx| Ok::<_, DbError>((count_up(tx, steps)?, thread_name()))).await.unwrap();
                    assert_eq!(counted, steps);
                    assert!(thread.starts_with("db-read-"), "{thread}");
                }
            });
            std::fs::rename(&elsewhere, &path).unwrap();
            drop(runtime);
        }
        db.close();
    });
}
