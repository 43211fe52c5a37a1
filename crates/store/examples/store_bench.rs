//! What the seam costs and gains, measured against rusqlite used by hand on the same file. Prints Markdown.
//!
//! `cargo run --release -p gymkeeper-store --example store_bench -- --seconds 3`

#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::unwrap_used)]

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use gymkeeper_store::{
    MIGRATIONS,
    db::{Db, DbError, Location, Migration, Options, Row, Seal, Tx},
    idempotency::{self, Kept, Owner},
    journal::Entry,
    statements,
    tenant::{self, TenantId},
};
use jiff::Timestamp;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const CALLERS: usize = 128;
const THREADS: usize = 2;
const MEMBERS: i64 = 100_000;
/// So often are two things measured in turns.
const TURNS: usize = 21;

/// The tables of the product, and those of the measurement.
const TABLES: &[Migration] = &[MIGRATIONS[0], MIGRATIONS[1], MIGRATIONS[16], OWN];

/// Seals nothing: what a cipher costs is the business of whoever has the keys.
struct Plain;

impl Seal for Plain {
    fn seal(&self, _: &mut Tx<'_>, _: &'static str, _: i64, value: &[u8]) -> Result<Vec<u8>, DbError> {
        Ok(value.to_vec())
    }

    fn open(&self, _: &'static str, _: i64, sealed: &[u8]) -> Result<Vec<u8>, DbError> {
        Ok(sealed.to_vec())
    }
}

const OWN: Migration = Migration {
    name: "tables of the measurement",
    text: "create table slot (tenant_id BIGINT not null, id BIGINT not null, capacity BIGINT not null, booked BIGINT not null,
            primary key (tenant_id, id));
        create table booking (tenant_id BIGINT not null, id BIGINT not null, slot_id BIGINT not null, member BIGINT not null,
            primary key (tenant_id, id));
        create table outbox (tenant_id BIGINT not null, id BIGINT not null, content TEXT not null, primary key (tenant_id, id));
        create table member (tenant_id BIGINT not null, id BIGINT not null,
            a1 TEXT, a2 TEXT, a3 TEXT, a4 TEXT, a5 TEXT, a6 TEXT, a7 TEXT, a8 TEXT, a9 TEXT, a10 TEXT,
            b1 BIGINT, b2 BIGINT, b3 BIGINT, b4 BIGINT, b5 BIGINT, b6 BIGINT, b7 BIGINT, b8 BIGINT, b9 BIGINT, b10 BIGINT,
            primary key (tenant_id, id));",
};

statements! {
    OPEN_SLOT = "insert into slot (tenant_id, id, capacity, booked) values ($1, $2, 1000000000, 0)";
    CLAIM = "update slot set booked = booked + 1 where tenant_id = $1 and id = $2 and booked < capacity returning booked";
    KNOWN = "select id from booking where tenant_id = $1 and id = $2";
    BOOK = "insert into booking (tenant_id, id, slot_id, member) values ($1, $2, $3, $4)";
    TELL = "insert into outbox (tenant_id, id, content) values ($1, $2, $3)";
    MEMBER = "insert into member select $1, $2, 'Ada', 'Lovelace', 'ada@example.com', '+49 30 1234567', 'Chausseestraße', '23', '10115',
            'Berlin', 'DE', 'a note about the member', 1, 2, 3, 4, 5, 6, 7, 8, 9, 10";
    FIND = "select id, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, b1, b2, b3, b4, b5, b6, b7, b8, b9, b10
        from member where tenant_id = $1 and id = $2";
    SLICE = "select id, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, b1, b2, b3, b4, b5, b6, b7, b8, b9, b10
        from member where tenant_id = $1 and id > $2 order by id limit 50";
}

const CONTENT: &str = r#"{"type":"CLASS_BOOKING_CREATED","entityId":1,"timestamp":1642779144176}"#;

fn main() {
    let seconds =
        std::env::args().skip_while(|word| word != "--seconds").nth(1).and_then(|text| text.parse().ok()).unwrap_or(2);
    let slow = std::env::args().any(|word| word == "--slow-flushes");
    let window = Duration::from_secs(seconds) / 4;
    let folder = std::env::temp_dir().join(format!("gymkeeper-store-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let path = folder.join("bench.db");
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(THREADS).enable_all().build().expect("a runtime");
    let options = Options { readers: THREADS, ..Options::default() };
    let db = Db::open(&Location::Sqlite(path.clone()), TABLES, &options).expect("a database");
    db.seal_with(Arc::new(Plain));
    runtime.block_on(fill(&db));
    println!("| What | The first, /s | The second, /s | Second to first, median of the turns | Goal |");
    println!("|---|---:|---:|---:|---|");
    let turns =
        alternate(|| writes_by_hand(&path, window), || runtime.block_on(changes(&db, window, Leaves::OutboxRow)));
    row(
        &format!("booking (claim, check, insert, outbox), durable: one commit each against {CALLERS} callers"),
        &turns,
        Some(if slow { 15.0 } else { 2.0 }),
    );
    let whole = "with event, record and idempotency key";
    for (bare, most) in [(Leaves::OutboxRow, Some(1.6)), (Leaves::Nothing, None)] {
        let name = match bare {
            Leaves::Nothing => {
                format!("booking (claim, check, insert), {CALLERS} callers: {whole} against no event at all")
            }
            _ => format!("booking (claim, check, insert), {CALLERS} callers: {whole} against a bare outbox row"),
        };
        let turns = alternate(
            || runtime.block_on(changes(&db, window, Leaves::Everything)),
            || runtime.block_on(changes(&db, window, bare)),
        );
        cost(&name, &turns, most);
    }
    if !slow {
        let turns = alternate(|| reads_by_hand(&path, window), || runtime.block_on(reads(&db, window)));
        row(
            &format!("read of one row of 21 columns: {THREADS} threads against {CALLERS} callers on {THREADS} readers"),
            &turns,
            Some(0.8),
        );
        let turns =
            alternate(|| runtime.block_on(slices(&db, window, false)), || runtime.block_on(slices(&db, window, true)));
        row(
            "slice of 50 rows to JSON: structs serialized by the caller against rows serialized where they are read",
            &turns,
            None,
        );
    }
    db.close();
    let _ = std::fs::remove_dir_all(&folder);
}

/// Two measurements in many short turns, A B A B ..., because the machine's speed drifts.
fn alternate(mut a: impl FnMut() -> f64, mut b: impl FnMut() -> f64) -> Vec<(f64, f64)> {
    (0..TURNS).map(|_| (a(), b())).collect()
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut sorted: Vec<f64> = values.collect();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

/// A row of the table. The ratio is the second measurement to the first of the same turn.
fn row(name: &str, turns: &[(f64, f64)], goal: Option<f64>) {
    let ratio = median(turns.iter().map(|(a, b)| b / a));
    let verdict =
        goal.map_or(String::new(), |goal| format!("≥ {goal}: {}", if ratio >= goal { "ok" } else { "**missed**" }));
    print(name, turns, &format!("{ratio:.2}"), &verdict);
}

/// A row that says how many times as long the first takes.
fn cost(name: &str, turns: &[(f64, f64)], most: Option<f64>) {
    let ratio = median(turns.iter().map(|(a, b)| b / a));
    let verdict =
        most.map_or(String::new(), |most| format!("≤ {most}: {}", if ratio <= most { "ok" } else { "**missed**" }));
    print(name, turns, &format!("{ratio:.2} times the cost"), &verdict);
}

fn print(name: &str, turns: &[(f64, f64)], ratio: &str, verdict: &str) {
    let (a, b) = (median(turns.iter().map(|turn| turn.0)), median(turns.iter().map(|turn| turn.1)));
    println!("| {name} | {a:.0} | {b:.0} | {ratio} | {verdict} |");
}

async fn fill(db: &Db) {
    db.write(|tx| {
        tenant::insert(tx, "bench", "Bench", false, Timestamp::UNIX_EPOCH)?;
        tx.execute(&OPEN_SLOT, &[&1i64, &1i64])?;
        for id in 1..=MEMBERS {
            tx.execute(&MEMBER, &[&1i64, &id])?;
        }
        Ok::<_, DbError>(())
    })
    .await
    .expect("filled");
}

/// Ids of bookings, over all ways to write.
static NEXT: AtomicU64 = AtomicU64::new(1);

fn next() -> i64 {
    i64::try_from(NEXT.fetch_add(1, Relaxed)).expect("small")
}

/// What a booking leaves behind beside its own rows.
#[derive(Clone, Copy)]
enum Leaves {
    Nothing,
    /// One row that a sender would read: the least that a program which tells others can do.
    OutboxRow,
    /// What a change of the API leaves: the record with its event, and the answer kept under its key.
    Everything,
}

fn book(tx: &mut Tx<'_>, id: i64, leaves: Leaves) -> Result<(), DbError> {
    tx.query_one::<(i64,)>(&CLAIM, &[&1i64, &1i64])?;
    tx.query_one::<(i64,)>(&KNOWN, &[&1i64, &id])?;
    tx.execute(&BOOK, &[&1i64, &id, &1i64, &id])?;
    match leaves {
        Leaves::Nothing => Ok(()),
        Leaves::OutboxRow => tx.execute(&TELL, &[&1i64, &id, &CONTENT]).map(drop),
        Leaves::Everything => leave_everything(tx, id),
    }
}

async fn changes(db: &Db, window: Duration, leaves: Leaves) -> f64 {
    callers(db, window, move |db, _| async move {
        let id = next();
        db.write(move |tx| book(tx, id, leaves)).await.expect("booked");
    })
    .await
}

/// The tenant that `fill` makes first gets the first id there is.
const BENCH: TenantId = TenantId(1001);

fn leave_everything(tx: &mut Tx<'_>, id: i64) -> Result<(), DbError> {
    let now = Timestamp::now();
    let changes = format!(r#"{{"slotId":{{"to":1}},"member":{{"to":{id}}},"state":{{"to":"BOOKED"}}}}"#);
    let payload = format!(r#"[{{"timestamp":{},"type":"CLASS_BOOKING_CREATED"}}]"#, now.as_millisecond());
    let uuid = "095be615-a8ad-4c33-8e9c-c7612fbf6c9f";
    let events = format!(r#"[{{"entityId":{id},"uuid":"{uuid}","payload":{payload}}}]"#);
    tx.leave(Entry {
        tenant: BENCH,
        epoch: Some(0),
        recorded_at: now,
        tenant_time: now,
        actor: "key:1027".to_owned(),
        action: "class-booking.created",
        studio: Some(1002),
        subject: Some(format!("booking:{id}")),
        trace: id,
        changes: Some(changes),
        events: Some(events),
        begins: None,
    });
    let key = format!("order-{id}-of-the-measurement");
    let answer = Kept {
        fingerprint: <sha2::Sha256 as sha2::Digest>::digest(key.as_bytes()).to_vec(),
        status: 200,
        language: None,
        body: format!(r#"{{"bookingId":{id},"bookingStatus":"BOOKED"}}"#).into_bytes(),
    };
    idempotency::keep(tx, Owner { tenant: BENCH, api_key: 1027, key: &key, id }, answer, now, Timestamp::UNIX_EPOCH)
        .map(drop)
}

fn writes_by_hand(path: &Path, window: Duration) -> f64 {
    let connection = rusqlite::Connection::open(path).expect("open");
    connection
        .execute_batch("pragma journal_mode = wal; pragma synchronous = full; pragma busy_timeout = 5000")
        .expect("pragmas");
    let (start, mut count) = (Instant::now(), 0u32);
    while start.elapsed() < window {
        let id = next();
        let run = |sql: &str, params: &[&dyn rusqlite::ToSql]| {
            let mut statement = connection.prepare_cached(sql).expect("prepared");
            let mut rows = statement.query(params).expect("ran");
            while rows.next().expect("a row").is_some() {}
        };
        run("begin immediate", &[]);
        run(CLAIM.lite, &[&1i64, &1i64]);
        run(KNOWN.lite, &[&1i64, &id]);
        run(BOOK.lite, &[&1i64, &id, &1i64, &id]);
        run(TELL.lite, &[&1i64, &id, &CONTENT]);
        run("commit", &[]);
        count += 1;
    }
    f64::from(count) / start.elapsed().as_secs_f64()
}

fn some_member(n: u64) -> i64 {
    i64::try_from(n.wrapping_mul(7919) % MEMBERS.unsigned_abs()).expect("small") + 1
}

/// Reads every column, as an answer would.
fn length(row: &Row<'_>) -> Result<usize, DbError> {
    let mut sum = 0;
    for column in 1..11 {
        sum += row.get::<&str>(column)?.len();
    }
    for column in 11..21 {
        sum += usize::try_from(row.get::<i64>(column)?).unwrap_or(0);
    }
    Ok(sum)
}

fn reads_by_hand(path: &Path, window: Duration) -> f64 {
    let stop = AtomicBool::new(false);
    let count = AtomicU64::new(0);
    let start = Instant::now();
    std::thread::scope(|scope| {
        for thread in 0..THREADS as u64 {
            let (stop, count) = (&stop, &count);
            scope.spawn(move || {
                let connection = rusqlite::Connection::open(path).expect("open");
                connection.execute_batch("pragma query_only = on; pragma cache_size = -2048").expect("pragmas");
                let mut n = thread << 32;
                while !stop.load(Relaxed) {
                    n += 1;
                    let mut statement = connection.prepare_cached(FIND.lite).expect("prepared");
                    let mut rows = statement.query((1i64, some_member(n))).expect("ran");
                    let row = rows.next().expect("a row").expect("a member");
                    let mut sum = 0;
                    for column in 1..11 {
                        sum += row.get_ref(column).expect("text").as_str().expect("text").len();
                    }
                    for column in 11..21 {
                        sum += usize::try_from(row.get::<_, i64>(column).expect("number")).unwrap_or(0);
                    }
                    std::hint::black_box(sum);
                    count.fetch_add(1, Relaxed);
                }
            });
        }
        std::thread::sleep(window);
        stop.store(true, Relaxed);
    });
    count.load(Relaxed) as f64 / start.elapsed().as_secs_f64()
}

async fn reads(db: &Db, window: Duration) -> f64 {
    callers(db, window, |db, n| async move {
        let id = some_member(n);
        let mut sum = 0;
        let sum = db
            .read(move |tx| {
                tx.each(&FIND, &[&1i64, &id], |row| {
                    sum += length(row)?;
                    Ok::<_, DbError>(())
                })?;
                Ok::<_, DbError>(sum)
            })
            .await
            .expect("read");
        std::hint::black_box(sum);
    })
    .await
}

#[derive(serde::Serialize)]
struct Borrowed<'a> {
    id: i64,
    texts: [&'a str; 10],
    numbers: [i64; 10],
}

#[derive(serde::Serialize)]
struct Owned {
    id: i64,
    texts: Vec<String>,
    numbers: Vec<i64>,
}

async fn slices(db: &Db, window: Duration, streamed: bool) -> f64 {
    callers(db, window, move |db, n| async move {
        let after = some_member(n).min(MEMBERS - 60);
        let json = if streamed {
            db.read(move |tx| {
                let mut out = Vec::new();
                tx.each(&SLICE, &[&1i64, &after], |row| {
                    let mut texts = [""; 10];
                    let mut numbers = [0; 10];
                    for (i, text) in texts.iter_mut().enumerate() {
                        *text = row.get(i + 1)?;
                    }
                    for (i, number) in numbers.iter_mut().enumerate() {
                        *number = row.get(i + 11)?;
                    }
                    out.push(if out.is_empty() { b'[' } else { b',' });
                    serde_json::to_writer(&mut out, &Borrowed { id: row.get(0)?, texts, numbers }).expect("json");
                    Ok::<_, DbError>(())
                })?;
                out.push(b']');
                Ok::<_, DbError>(out)
            })
            .await
            .expect("read")
        } else {
            let rows = db
                .read(move |tx| {
                    let mut rows = Vec::new();
                    tx.each(&SLICE, &[&1i64, &after], |row| {
                        let mut owned = Owned { id: row.get(0)?, texts: Vec::new(), numbers: Vec::new() };
                        for column in 1..11 {
                            owned.texts.push(row.get(column)?);
                        }
                        for column in 11..21 {
                            owned.numbers.push(row.get(column)?);
                        }
                        rows.push(owned);
                        Ok::<_, DbError>(())
                    })?;
                    Ok::<_, DbError>(rows)
                })
                .await
                .expect("read");
            serde_json::to_vec(&rows).expect("json")
        };
        std::hint::black_box(json.len());
    })
    .await
}

/// So many callers at once, each with one request under way; answers a second.
async fn callers<F, W>(db: &Db, window: Duration, work: W) -> f64
where
    F: Future<Output = ()> + Send,
    W: Fn(Db, u64) -> F + Send + Sync + 'static,
{
    let (work, stop, count) = (Arc::new(work), Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let start = Instant::now();
    let tasks: Vec<_> = (0..CALLERS as u64)
        .map(|caller| {
            let (db, work, stop, count) = (db.clone(), Arc::clone(&work), Arc::clone(&stop), Arc::clone(&count));
            tokio::spawn(async move {
                let mut n = caller << 32;
                while !stop.load(Relaxed) {
                    n += 1;
                    work(db.clone(), n).await;
                    count.fetch_add(1, Relaxed);
                }
            })
        })
        .collect();
    tokio::time::sleep(window).await;
    stop.store(true, Relaxed);
    for task in tasks {
        task.await.expect("a caller");
    }
    count.load(Relaxed) as f64 / start.elapsed().as_secs_f64()
}
