//! Fills a data folder with as many members as a benchmark asks for, and prints a sample of them as JSON.
//!
//! The first member comes from a gym file like anybody's; the others have the same address, contract and kind of card, and names,
//! numbers, birthdays and telephones of their own. They are written by the store, past the journal: half an hour would go into
//! two million records that nothing here reads.
//!
//! With `loop` it makes changes instead, one commit after the other, and prints how many in a second: what a server would do
//! that asked the database for each change alone.
//!
//! `cargo run --release -p gymkeeper-server --example fill_members -- fill DATA_DIR MEMBERS`
//! `cargo run --release -p gymkeeper-server --example fill_members -- loop DATA_DIR create|checkin SECONDS RUN`

#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::unwrap_used, clippy::print_stdout)]

use std::time::{Duration, Instant};

use gymkeeper_domain::customer::medium::MediumKind;
use gymkeeper_server::{
    actions::{
        self, apply,
        change::{Actor, By},
        checkin::{self, Visitor},
        customer::{
            StudioOf,
            access::stored_value,
            entry::{self, Entry},
        },
    },
    app,
    config::Config,
    gymfile::{self, Contents},
    http::failure::Failure,
};
use gymkeeper_store::{
    customer::{self, Customer, contract, contract::Contract, find, medium, medium::Medium},
    db::{Db, DbError, Tx},
    studio,
    tenant::{self, TenantId},
};
use jiff::{Span, Timestamp, civil::Date};
use serde_json::{Value, json};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const GYM: &str = r#"
tenant: { key: large, name: Large Gyms }
studios:
  - key: north
    name: Large North
    country: Germany
    country_code: DE
    zone: Europe/Berlin
    language: en
    currency: EUR
    opening_hours: [{ from: MONDAY, to: SUNDAY, opens: "00:00", closes: "24:00" }]
    offers:
      - key: basic
        name: Basic
        payment_choices: [CASH]
        terms:
          - key: basic-12
            term: 12 MONTH
            payment: { type: RECURRING, price: "50.00", every: 1 MONTH }
            extension: { type: TERM_EXTENSION, term: 1 MONTH, cancelation_period: 1 MONTH }
    customers:
      - key: first
        first_name: Ada
        last_name: Lovelace
        gender: FEMALE
        date_of_birth: 1990-12-10
        email: ada@example.org
        phones: { private: "+49 30 1234567", private_mobile: "0171 2345678" }
        address: { street: Chausseestraße, house_number: "23", zip: "10115", city: Berlin, floor: "2" }
        access_mediums: [{ type: CARD_NUMBER, value: "1173673668653440" }]
        contracts: [{ offer: basic, term: basic-12, start: 2026-03-15 }]
"#;

struct Nothing;

impl Contents for Nothing {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        Err(path.to_owned())
    }
}

/// So many members are written in one commit.
const BATCH: i64 = 5_000;
/// Every so many-th member of the studio is told.
const SAMPLE: i64 = 2_000;

/// The number of the card of the member before the first.
const FIRST_CARD: i64 = 2_000_000_000;
/// Ids of members are this far apart: one is the contract's, one the card's.
const STEP: i64 = 3;

fn number_of(number: i64) -> String {
    format!("1-{}", 1_000_000 + number)
}

/// 48 syllables: 110,592 last names of three, about as many as a large country has.
const SYLLABLES: [&str; 48] = [
    "ba", "be", "bi", "bo", "da", "de", "di", "do", "fa", "fe", "fi", "ga", "ge", "ha", "he", "ho", "ka", "ke", "ki",
    "ko", "la", "le", "li", "lo", "ma", "me", "mi", "mo", "na", "ne", "ni", "no", "pa", "pe", "ra", "re", "ri", "ro",
    "sa", "se", "si", "so", "ta", "te", "ti", "to", "va", "we",
];

/// Spreads a number over all others, so that neighbours have nothing in common.
fn spread(number: i64) -> u64 {
    let mixed = (number.unsigned_abs() ^ 0x9E37_79B9_7F4A_7C15).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    (mixed ^ (mixed >> 31)).wrapping_mul(0x94D0_49BB_1331_11EB) >> 7
}

fn name(mut number: u64, syllables: usize) -> String {
    let mut name = String::new();
    for _ in 0..syllables {
        name.push_str(SYLLABLES[usize::try_from(number % 48).unwrap()]);
        number /= 48;
    }
    name[..1].to_uppercase() + &name[1..]
}

/// A member like the first one, and nobody else's double.
fn member(first: &Customer, number: i64, id: i64) -> Customer {
    let chance = spread(number);
    Customer {
        id,
        customer_number: number_of(number),
        uuid: uuid::Builder::from_random_bytes(
            (u128::from(chance) << 64 | u128::from(number.unsigned_abs())).to_be_bytes(),
        )
        .into_uuid()
        .to_string(),
        referral_code: format!("R{number}"),
        first_name: name(chance / 110_592, 2),
        last_name: name(chance, 3),
        date_of_birth: Date::constant(1940, 1, 1).checked_add(Span::new().days(number % 25_000)).ok(),
        email: Some(format!("member{number}@example.org")),
        phone_private: Some(format!("+49 30 {}", 1_000_000 + number)),
        phone_private_mobile: None,
        ..first.clone()
    }
}

fn fill(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    like: &(Customer, Contract),
    numbers: std::ops::Range<i64>,
) -> Result<(), DbError> {
    let ids = tx.next_ids(3 * (numbers.end - numbers.start))?;
    for (number, ids) in numbers.zip(ids.chunks_exact(3)) {
        let customer = member(&like.0, number, ids[0]);
        customer::insert(tx, tenant, &customer)?;
        contract::insert(tx, tenant, &Contract { id: ids[1], customer_id: ids[0], ..like.1.clone() })?;
        let card = Medium {
            id: ids[2],
            customer_id: ids[0],
            kind: "CARD_NUMBER".to_owned(),
            value: stored_value(MediumKind::CardNumber, &(FIRST_CARD + number).to_string()).unwrap(),
            integration_id: None,
        };
        medium::insert(tx, tenant, &card, Timestamp::UNIX_EPOCH)?;
    }
    Ok(())
}

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let number = |text: &str| text.parse::<i64>().expect("a number");
    match arguments.as_slice() {
        ["fill", folder, members] => {
            let db = open(folder).await;
            println!("{}", json!(fill_all(&db, number(members)).await));
            close(db).await;
        }
        ["loop", folder, what, seconds, run] => {
            let db = open(folder).await;
            let window = Duration::from_secs(seconds.parse().expect("seconds"));
            println!("{:.1}", change_alone(&db, what, window, number(run)).await);
            close(db).await;
        }
        _ => panic!("say `fill DATA_DIR MEMBERS` or `loop DATA_DIR create|checkin SECONDS RUN`"),
    }
}

async fn open(folder: &str) -> Db {
    let mut config = Config::load(None, std::iter::empty()).unwrap();
    config.data_dir = folder.into();
    // A commit of thousands of members takes its time.
    config.request_seconds = 600;
    let opening = config.clone();
    let db = tokio::task::spawn_blocking(move || app::open_db(&opening)).await.unwrap().unwrap();
    app::open_vault(&config, &db).await.unwrap();
    db
}

async fn close(db: Db) {
    tokio::task::spawn_blocking(move || db.close()).await.unwrap();
}

fn by() -> By {
    By::new(Actor::Cli("bench".to_owned()), Timestamp::now())
}

/// Writes the gym and its members, and answers a sample of them.
async fn fill_all(db: &Db, members: i64) -> Vec<Value> {
    let gym = gymfile::read(GYM, jiff::civil::date(2026, 11, 21), &Nothing).unwrap();
    let (tenant, like) = db
        .write(move |tx| {
            let tenant = apply::apply(tx, &gym, &by())?.tenant.id();
            let studio = studio::list(tx, tenant)?[0].id;
            let first = find::by_email(tx, tenant, "ada@example.org", studio)?.remove(0);
            let contract = contract::of_customer(tx, tenant, first.id)?.remove(0);
            Ok::<_, Failure>((tenant, (first, contract)))
        })
        .await
        .unwrap();
    let mut begin = 1;
    while begin < members {
        let (end, like) = ((begin + BATCH).min(members), like.clone());
        db.write(move |tx| fill(tx, tenant, &like, begin..end)).await.unwrap();
        begin = end;
    }
    let sample = move |tx: &mut Tx<'_>| {
        let mut sample = Vec::new();
        for number in (1..members).step_by(usize::try_from((members / SAMPLE).max(1)).unwrap()) {
            let Some(found) = find::by_number(tx, tenant, &number_of(number))? else { continue };
            sample.push(json!({
                "id": found.id,
                "customerNumber": found.customer_number,
                "cardNumber": (FIRST_CARD + number).to_string(),
                "lastName": found.last_name,
                "email": found.email,
            }));
        }
        Ok::<_, DbError>(sample)
    };
    db.read(sample).await.unwrap()
}

/// Makes changes one after the other, and answers how many in a second.
async fn change_alone(db: &Db, what: &str, window: Duration, run: i64) -> f64 {
    let (tenant, home, first) = db
        .read(|tx| {
            let tenant = tenant::list(tx)?.remove(0);
            let studio = studio::list(tx, tenant.id())?[0].id;
            let home = actions::customer::studio(tx, tenant.id(), studio)?;
            let first = find::by_number(tx, tenant.id(), &number_of(1))?.unwrap().id;
            Ok::<_, Failure>((tenant, home, first))
        })
        .await
        .unwrap();
    let (begun, mut count) = (Instant::now(), 0);
    while begun.elapsed() < window {
        count += 1;
        let (tenant, studio) = (tenant.clone(), home.id);
        if what == "create" {
            let home = StudioOf { id: home.id, definition: home.definition.clone(), zone: home.zone.clone() };
            let draft = newcomer(&home, &format!("loop{run}n{count}"));
            let enter = move |tx: &mut Tx<'_>| {
                let (mut change, today) = (by().changes(tx, &tenant), jiff::civil::date(2026, 11, 21));
                entry::enter(&mut change, &home, draft.clone(), &Entry::default(), today).map(drop)
            };
            db.write(enter).await.unwrap();
        } else {
            let visitor = Visitor { customer: Some(first + STEP * (run * 20_000 + count)), at: Timestamp::now() };
            let open =
                move |tx: &mut Tx<'_>| checkin::open(&mut by().changes(tx, &tenant), studio, &[visitor]).map(drop);
            db.write(open).await.unwrap();
        }
    }
    count as f64 / begun.elapsed().as_secs_f64()
}

fn newcomer(home: &StudioOf, name: &str) -> Customer {
    let text = |text: &str| Some(text.to_owned());
    Customer {
        first_name: "Grace".to_owned(),
        last_name: "Hopper".to_owned(),
        date_of_birth: Some(jiff::civil::date(1986, 12, 9)),
        email: Some(format!("{name}@example.org")),
        street: text("Quay"),
        house_number: text("7"),
        zip_code: text("20457"),
        city: text("Hamburg"),
        ..actions::customer::newcomer(home)
    }
}
