//! The seam on both databases: values, transactions, groups, races, and what happens when something breaks.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::{
    sync::{
        Arc, Barrier,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use gymkeeper_store::{
    db::{Db, DbError, Location, Migration, Options, Tx},
    record, statements,
};
use gymkeeper_testkit::{TestDatabase, each_database};
use jiff::{Timestamp, civil::date};

const TABLES: &[Migration] = &[Migration {
    name: "tables of the tests",
    text: "-- sqlite only
        create table id_generator (next BIGINT not null);
        -- sqlite only
        insert into id_generator (next) values (1001);
        -- postgres only
        create sequence id_sequence start 1001;
        create table thing (
            tenant_id BIGINT not null, id BIGINT not null, flag BOOLEAN, note TEXT, bytes BYTEA, day DATE,
            moment TIMESTAMPTZ, primary key (tenant_id, id)
        );
        create table slot (tenant_id BIGINT not null, id BIGINT not null, capacity BIGINT not null, booked BIGINT not null,
            primary key (tenant_id, id));
        create table booking (tenant_id BIGINT not null, id BIGINT not null, member BIGINT not null,
            primary key (tenant_id, id), unique (tenant_id, member));",
}];

statements! {
    PUT = "insert into thing (tenant_id, id, flag, note, bytes, day, moment) values ($1, $2, $3, $4, $5, $6, $7)";
    GET = "select id, flag, note, bytes, day, moment from thing where tenant_id = $1 and id = $2";
    IDS = "select id from thing where tenant_id = $1 order by id limit $2";
    OPTIONAL = "select id from thing where tenant_id = $1 and (cast($2 as TEXT) is null or note = $2) order by id";
    QUOTED = "select '$1' || $2 as note from thing where tenant_id = $1 and $2 <> 'x' limit 1";
    UPSERT = "insert into thing (tenant_id, id, note) values ($1, $2, $3)
        on conflict (tenant_id, id) do update set note = excluded.note returning note";
    WINDOW = "select id, row_number() over (order by id desc) from thing where tenant_id = $1 order by id";
    OPEN_SLOT = "insert into slot (tenant_id, id, capacity, booked) values ($1, $2, $3, 0)";
    CLAIM = "update slot set booked = booked + 1 where tenant_id = $1 and id = $2 and booked < capacity returning booked";
    CLAIM_UNGUARDED = "update slot set booked = booked + 1 where tenant_id = $1 and id = $2 returning booked";
    BOOK = "insert into booking (tenant_id, id, member) values ($1, $2, $3) on conflict (tenant_id, member) do nothing";
    BOOK_STRICTLY = "insert into booking (tenant_id, id, member) values ($1, $2, $3)";
    BOOKED = "select s.booked, (select count(*) from booking b where b.tenant_id = s.tenant_id) from slot s where s.tenant_id = $1";
    SET = "update slot set booked = $3 where tenant_id = $1 and id = $2";
    READ = "select booked from slot where tenant_id = $1 and id = $2";
}

record! {
    struct Thing {
        pub id: i64,
        pub flag: Option<bool>,
        pub note: Option<String>,
        pub bytes: Option<Vec<u8>>,
        pub day: Option<jiff::civil::Date>,
        pub moment: Option<Timestamp>,
    }
}

const TENANT: i64 = 7;

fn open_with(database: &TestDatabase, options: &Options) -> Db {
    Db::open(&Location::parse(&database.url), TABLES, options).unwrap_or_else(|error| panic!("{error}"))
}

fn open(database: &TestDatabase) -> Db {
    open_with(database, &Options::default())
}

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(work)
}

fn put(tx: &mut Tx<'_>, thing: &Thing) -> Result<(), DbError> {
    tx.execute(&PUT, &[&TENANT, &thing.id, &thing.flag, &thing.note, &thing.bytes, &thing.day, &thing.moment]).map(drop)
}

fn note(id: i64, text: &str) -> Thing {
    Thing { id, flag: None, note: Some(text.to_owned()), bytes: None, day: None, moment: None }
}

#[test]
fn values_come_back_equal() {
    each_database(|database| {
        let db = open(&database);
        let things: Vec<Thing> = [
            (Some(true), Some(""), Some(vec![]), Some(date(1900, 1, 1)), Some("1900-01-01T00:00:00Z")),
            (
                Some(false),
                Some("Straße 東京 '$1'"),
                Some(vec![0, 255, 7]),
                Some(date(9999, 12, 31)),
                Some("1969-12-31T23:59:59.999999Z"),
            ),
            (None, None, None, None, None),
            (
                Some(true),
                Some("12.0"),
                Some(vec![1; 5000]),
                Some(date(2024, 2, 29)),
                Some("2026-11-21T07:00:00.123456Z"),
            ),
            (None, None, None, None, Some("9999-12-30T00:00:00Z")),
        ]
        .into_iter()
        .zip([i64::MIN, -1, 0, 1, i64::MAX])
        .map(|((flag, note, bytes, day, moment), id)| Thing {
            id,
            flag,
            note: note.map(str::to_owned),
            bytes,
            day,
            moment: moment.map(|moment| moment.parse().unwrap()),
        })
        .collect();
        run(async {
            let written = things.clone();
            db.write(move |tx| written.iter().try_for_each(|thing| put(tx, thing))).await.unwrap();
            for thing in things {
                let id = thing.id;
                let read: Option<Thing> = db.read(move |tx| tx.query_one(&GET, &[&TENANT, &id])).await.unwrap();
                assert_eq!(read, Some(thing));
            }
        });
        db.close();
    });
}

#[test]
fn one_text_means_the_same_on_both() {
    each_database(|database| {
        let db = open(&database);
        run(async {
            let answers = db
                .write(|tx| {
                    for (id, text) in [(1, "a"), (2, "b"), (3, "a")] {
                        put(tx, &note(id, text))?;
                    }
                    let all: Vec<(i64,)> = tx.query(&OPTIONAL, &[&TENANT, &None::<String>])?;
                    let some: Vec<(i64,)> = tx.query(&OPTIONAL, &[&TENANT, &"a"])?;
                    let quoted: Option<(String,)> = tx.query_one(&QUOTED, &[&TENANT, &"y"])?;
                    let upserted: Option<(String,)> = tx.query_one(&UPSERT, &[&TENANT, &2i64, &"c"])?;
                    let window: Vec<(i64, i64)> = tx.query(&WINDOW, &[&TENANT])?;
                    Ok::<_, DbError>((all, some, quoted, upserted, window))
                })
                .await
                .unwrap();
            assert_eq!(answers.0, [(1,), (2,), (3,)]);
            assert_eq!(answers.1, [(1,), (3,)]);
            assert_eq!(answers.2, Some(("$1y".to_owned(),)));
            assert_eq!(answers.3, Some(("c".to_owned(),)));
            assert_eq!(answers.4, [(1, 3), (2, 2), (3, 1)]);
        });
        db.close();
    });
}

fn book(tx: &mut Tx<'_>, member: i64) -> Result<bool, DbError> {
    let Some((place,)) = tx.query_one::<(i64,)>(&CLAIM, &[&TENANT, &1i64])? else { return Ok(false) };
    Ok(tx.execute(&BOOK, &[&TENANT, &place, &member])? == 1)
}

#[test]
fn ten_places_are_booked_ten_times() {
    each_database(|database| {
        let db = open(&database);
        run(async {
            db.write(|tx| tx.execute(&OPEN_SLOT, &[&TENANT, &1i64, &10i64])).await.unwrap();
            let tasks: Vec<_> = (0..64i64)
                .map(|member| {
                    let db = db.clone();
                    tokio::spawn(async move { db.write(move |tx| book(tx, member)).await })
                })
                .collect();
            let mut told = 0;
            for task in tasks {
                told += usize::from(task.await.unwrap().unwrap());
            }
            let booked: Option<(i64, i64)> = db.read(|tx| tx.query_one(&BOOKED, &[&TENANT])).await.unwrap();
            assert_eq!((told, booked), (10, Some((10, 10))));
        });
        db.close();
    });
}

/// Waits for the others at the first call. A write that is run again would wait in vain.
fn meet_once(place: &Arc<Barrier>) -> impl FnMut() + Send + 'static {
    let mut place = Some(Arc::clone(place));
    move || {
        if let Some(place) = place.take() {
            place.wait();
        }
    }
}

#[test]
fn without_its_guard_the_race_would_be_lost() {
    // SQLite has one writer, and no race.
    let Some(database) = TestDatabase::postgres() else { return };
    let db = open(&database);
    run(async {
        db.write(|tx| tx.execute(&OPEN_SLOT, &[&TENANT, &1i64, &1i64])).await.unwrap();
        let both_have_looked = Arc::new(Barrier::new(2));
        let tasks = [(); 2].map(|()| {
            let (db, mut meet) = (db.clone(), meet_once(&both_have_looked));
            tokio::spawn(async move {
                db.write(move |tx| {
                    let booked: Option<(i64,)> = tx.query_one(&READ, &[&TENANT, &1i64])?;
                    meet();
                    if booked == Some((0,)) {
                        tx.query_one::<(i64,)>(&CLAIM_UNGUARDED, &[&TENANT, &1i64])?;
                    }
                    Ok::<_, DbError>(())
                })
                .await
            })
        });
        for task in tasks {
            task.await.unwrap().unwrap();
        }
        let booked: Option<(i64,)> = db.read(|tx| tx.query_one(&READ, &[&TENANT, &1i64])).await.unwrap();
        assert_eq!(booked, Some((2,)), "one place, and two who have it");
    });
    db.close();
}

#[test]
fn members_of_a_group_do_not_share_their_failures() {
    each_database(|database| {
        let db = open(&database);
        run(async {
            let tasks: Vec<_> = (0..60i64)
                .map(|id| {
                    let db = db.clone();
                    tokio::spawn(async move {
                        db.write(move |tx| {
                            put(tx, &note(id, "kept"))?;
                            match id % 4 {
                                0 => Ok(()),
                                1 => Err(DbError::Conflict),
                                2 => panic!("member {id}"),
                                // The closure swallows the database's error; the transaction must not.
                                _ => {
                                    let _ = put(tx, &note(id, "twice"));
                                    Ok(())
                                }
                            }
                        })
                        .await
                    })
                })
                .collect();
            let mut kept = Vec::new();
            for (id, task) in (0..).zip(tasks) {
                if task.await.unwrap().is_ok() {
                    kept.push((id,));
                }
            }
            let stored: Vec<(i64,)> = db.read(|tx| tx.query(&IDS, &[&TENANT, &100i64])).await.unwrap();
            assert_eq!(stored, kept);
            assert_eq!(stored.len(), 15);
        });
        db.close();
    });
}

#[test]
fn a_dropped_request_leaves_nothing_half_done() {
    each_database(|database| {
        let db = open(&database);
        run(async {
            db.write(|tx| tx.execute(&OPEN_SLOT, &[&TENANT, &1i64, &1000i64])).await.unwrap();
            for member in 0..200i64 {
                let write = db.write(move |tx| book(tx, member));
                let _ = tokio::time::timeout(Duration::from_micros(u64::try_from(member).unwrap() * 10), write).await;
            }
        });
        db.close();
        let db = open(&database);
        let (counter, rows): (i64, i64) =
            run(async { db.read(|tx| tx.query_one(&BOOKED, &[&TENANT])).await.unwrap().unwrap() });
        assert_eq!(counter, rows);
        assert_eq!(counter, 200, "an accepted write always runs");
        db.close();
    });
}

#[test]
fn a_full_queue_refuses_and_a_closed_database_says_so() {
    each_database(|database| {
        let options = Options { queue: 1, pg_connections: 1, readers: 1, ..Options::default() };
        let db = open_with(&database, &options);
        run(async {
            let (begun, gate) = (Arc::new(AtomicU64::new(0)), Arc::new(std::sync::Barrier::new(2)));
            let (seen, shut, writer) = (Arc::clone(&begun), Arc::clone(&gate), db.clone());
            let slow = tokio::spawn(async move {
                writer
                    .write(move |_| {
                        seen.store(1, Ordering::SeqCst);
                        shut.wait();
                        Ok::<_, DbError>(())
                    })
                    .await
            });
            while begun.load(Ordering::SeqCst) == 0 {
                tokio::task::yield_now().await;
            }
            let second = {
                let db = db.clone();
                tokio::spawn(async move { db.write(|_| Ok::<_, DbError>(())).await })
            };
            while db.waiting().1 == 0 {
                tokio::task::yield_now().await;
            }
            let third = db.write(|_| Ok::<_, DbError>(())).await;
            assert!(matches!(third, Err(DbError::Busy)), "{third:?}");
            tokio::task::spawn_blocking(move || gate.wait()).await.unwrap();
            slow.await.unwrap().unwrap();
            second.await.unwrap().unwrap();
        });
        db.close();
        let after = run(async { db.write(|_| Ok::<_, DbError>(())).await });
        assert!(matches!(after, Err(DbError::Closed(_))), "{after:?}");
    });
}

#[test]
fn a_read_cannot_write() {
    each_database(|database| {
        let db = open(&database);
        let outcome = run(async { db.read(|tx| put(tx, &note(1, "no"))).await });
        assert!(outcome.is_err());
        let stored = run(async { db.read(|tx| tx.query::<(i64,)>(&IDS, &[&TENANT, &1i64])).await });
        assert_eq!(stored.unwrap(), []);
        db.close();
    });
}

#[test]
fn ids_ascend_and_are_never_given_twice() {
    each_database(|database| {
        let db = open(&database);
        run(async {
            let first = db.write(|tx| tx.next_ids(3)).await.unwrap();
            let second = db.write(|tx| tx.next_id()).await.unwrap();
            assert_eq!(first.len(), 3);
            assert!(first.windows(2).all(|pair| pair[0] < pair[1]));
            assert!(second > first[2]);
        });
        db.close();
        let db = open(&database);
        let third = run(async { db.write(|tx| tx.next_id()).await.unwrap() });
        assert!(third >= 1005, "{third}");
        db.close();
    });
}

#[test]
fn a_constraint_and_a_wrong_type_are_told_apart() {
    each_database(|database| {
        let db = open(&database);
        run(async {
            let twice = db
                .write(|tx| {
                    tx.execute(&BOOK_STRICTLY, &[&TENANT, &1i64, &1i64])?;
                    tx.execute(&BOOK_STRICTLY, &[&TENANT, &2i64, &1i64])
                })
                .await;
            assert!(matches!(twice, Err(DbError::Constraint(_))), "{twice:?}");
            let wrong = db
                .write(|tx| {
                    put(tx, &note(1, "text"))?;
                    tx.query_one::<(String,)>(&IDS, &[&TENANT, &1i64])
                })
                .await;
            assert!(matches!(wrong, Err(DbError::Type { .. })), "{wrong:?}");
        });
        db.close();
    });
}

#[test]
fn a_lost_race_is_run_again() {
    each_database(|database| {
        let db = open(&database);
        run(async {
            db.write(|tx| {
                tx.execute(&OPEN_SLOT, &[&TENANT, &1i64, &0i64])?;
                tx.execute(&OPEN_SLOT, &[&TENANT, &2i64, &0i64])
            })
            .await
            .unwrap();
            // Two writers that take the same two rows in opposite orders, each of them holding its first: PostgreSQL ends
            // the deadlock by failing one of them. SQLite's one writer has nobody to wait for.
            let each_has_one = Arc::new(Barrier::new(if database.name == "PostgreSQL" { 2 } else { 1 }));
            let tasks = [[1i64, 2], [2, 1]].map(|[first, second]| {
                let (db, mut meet) = (db.clone(), meet_once(&each_has_one));
                tokio::spawn(async move {
                    db.write(move |tx| {
                        tx.query_one::<(i64,)>(&CLAIM_UNGUARDED, &[&TENANT, &first])?;
                        meet();
                        tx.query_one::<(i64,)>(&CLAIM_UNGUARDED, &[&TENANT, &second])
                    })
                    .await
                })
            });
            for task in tasks {
                task.await.unwrap().unwrap();
            }
            for id in [1i64, 2] {
                let booked: Option<(i64,)> = db.read(move |tx| tx.query_one(&READ, &[&TENANT, &id])).await.unwrap();
                assert_eq!(booked, Some((2,)));
            }
            let retries = db.counters().retries.load(Ordering::Relaxed);
            assert_eq!(retries > 0, database.name == "PostgreSQL", "{retries}");
        });
        db.close();
    });
}

#[test]
fn a_statement_that_takes_too_long_is_stopped_and_the_next_one_runs() {
    const FOREVER: &str =
        "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n where $1 = 7";
    statements! { ENDLESS = FOREVER; }
    each_database(|database| {
        let options =
            Options { read_limit: Duration::from_secs(2), readers: 1, pg_connections: 1, ..Options::default() };
        let db = open_with(&database, &options);
        run(async {
            let stopped = db.read(|tx| tx.query::<(i64,)>(&ENDLESS, &[&TENANT])).await;
            assert!(matches!(stopped, Err(DbError::Timeout)), "{stopped:?}");
            let next = db.read(|tx| tx.query::<(i64,)>(&IDS, &[&TENANT, &1i64])).await;
            assert_eq!(next.unwrap(), []);
        });
        db.close();
    });
}

#[test]
fn a_database_of_a_newer_version_or_another_program_is_left_alone() {
    const LATER: Migration = Migration { name: "later", text: "create table later (id BIGINT not null);" };
    const NEWER: &[Migration] = &[TABLES[0], LATER];
    // It differs by its text alone.
    const OTHER: &[Migration] =
        &[Migration { name: TABLES[0].name, text: "create table other (id BIGINT not null);" }, LATER];
    each_database(|database| {
        let location = Location::parse(&database.url);
        Db::open(&location, NEWER, &Options::default()).unwrap().close();
        let older = Db::open(&location, TABLES, &Options::default()).err();
        assert!(matches!(&older, Some(DbError::Unusable(text)) if text.contains("newer version")), "{older:?}");
        let other = Db::open(&location, OTHER, &Options::default()).err();
        assert!(matches!(&other, Some(DbError::Unusable(text)) if text.contains("another build")), "{other:?}");
        Db::open(&location, NEWER, &Options::default()).unwrap().close();
    });
}

#[test]
fn a_file_that_is_no_database_and_a_cut_one_are_refused_untouched() {
    let folder = gymkeeper_testkit::temp_dir();
    let open = |path: &std::path::Path| {
        Db::open(&Location::Sqlite(path.to_owned()), TABLES, &Options::default()).map(|db| db.close())
    };
    let text = folder.path().join("notes.db");
    std::fs::write(&text, "these are notes, and by no means a database of any kind at all\n".repeat(99)).unwrap();
    let before = std::fs::read(&text).unwrap();
    assert!(matches!(open(&text), Err(DbError::Unusable(_))));
    assert_eq!(std::fs::read(&text).unwrap(), before);

    let whole = folder.path().join("whole.db");
    open(&whole).unwrap();
    let bytes = std::fs::read(&whole).unwrap();
    let cut = folder.path().join("cut.db");
    std::fs::write(&cut, &bytes[..bytes.len() / 2]).unwrap();
    let before = std::fs::read(&cut).unwrap();
    let outcome = open(&cut);
    assert!(outcome.is_err(), "{outcome:?}");
    assert_eq!(std::fs::read(&cut).unwrap(), before);
}

#[test]
fn a_backup_made_while_writing_is_whole() {
    let database = TestDatabase::sqlite();
    let db = open(&database);
    let Location::Sqlite(path) = Location::parse(&database.url) else { panic!("a file") };
    let copy = database.dir.path().join("copy.db");
    let written = run(async {
        db.write(|tx| tx.execute(&OPEN_SLOT, &[&TENANT, &1i64, &100_000i64])).await.unwrap();
        let (writer, over) = (db.clone(), Arc::new(AtomicBool::new(false)));
        let (begun, has_begun) = tokio::sync::oneshot::channel();
        let told = Arc::clone(&over);
        let writing = tokio::spawn(async move {
            let (mut begun, mut member) = (Some(begun), 0);
            while !told.load(Ordering::SeqCst) {
                writer.write(move |tx| book(tx, member)).await.unwrap();
                member += 1;
                if member == 20 {
                    begun.take().unwrap().send(()).unwrap();
                }
            }
            member
        });
        has_begun.await.unwrap();
        let (from, to) = (path.clone(), copy.clone());
        tokio::task::spawn_blocking(move || gymkeeper_store::db::backup_sqlite(&from, &to)).await.unwrap().unwrap();
        over.store(true, Ordering::SeqCst);
        writing.await.unwrap()
    });
    db.close();
    assert_eq!(gymkeeper_store::db::check_sqlite(&copy).unwrap(), Vec::<String>::new());
    let copied = Db::open(&Location::Sqlite(copy), TABLES, &Options::default()).unwrap();
    let (counter, rows): (i64, i64) =
        run(async { copied.read(|tx| tx.query_one(&BOOKED, &[&TENANT])).await.unwrap().unwrap() });
    assert_eq!(counter, rows);
    assert!((20..=written).contains(&counter), "{counter} of {written}");
    copied.close();
}

#[test]
fn a_read_sees_one_state() {
    each_database(|database| {
        let db = open(&database);
        run(async {
            db.write(|tx| tx.execute(&OPEN_SLOT, &[&TENANT, &1i64, &10i64])).await.unwrap();
            let writer = db.clone();
            let runtime = tokio::runtime::Handle::current();
            let (first, second) = db
                .read(move |tx| {
                    let first: Option<(i64,)> = tx.query_one(&READ, &[&TENANT, &1i64])?;
                    let writer = writer.clone();
                    runtime
                        .block_on(async move { writer.write(|tx| tx.execute(&SET, &[&TENANT, &1i64, &5i64])).await })?;
                    let second: Option<(i64,)> = tx.query_one(&READ, &[&TENANT, &1i64])?;
                    Ok::<_, DbError>((first, second))
                })
                .await
                .unwrap();
            assert_eq!((first, second), (Some((0,)), Some((0,))));
            let now: Option<(i64,)> = db.read(|tx| tx.query_one(&READ, &[&TENANT, &1i64])).await.unwrap();
            assert_eq!(now, Some((5,)));
        });
        db.close();
    });
}
