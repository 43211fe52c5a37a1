//! Fills a data folder with as many members as a benchmark asks for, and prints a sample of them as JSON.
//!
//! The first member comes from a gym file like anybody's; the others have the same address and contract, and names, numbers, media,
//! birthdays and telephones of their own. They are written by the store, past the journal: half an hour would go into
//! two million records that nothing here reads.
//!
//! With `loop` it makes changes instead, one commit after the other, and prints how many in a second: what a server would do
//! that asked the database for each change alone.
//!
//! `cargo run --release -p gymkeeper-server --example fill_members -- fill DATA_DIR MEMBERS`
//! `cargo run --release -p gymkeeper-server --example fill_members -- loop DATA_DIR create|checkin SECONDS RUN`

#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::unwrap_used, clippy::print_stdout)]

mod shared;

use std::time::{Duration, Instant};

use gymkeeper_server::{
    actions::{
        self, apply,
        checkin::{self, Visitor},
        customer::{
            StudioOf,
            entry::{self, Entry},
        },
    },
    gymfile,
    http::failure::Failure,
};
use gymkeeper_store::{
    customer::{self, Customer, contract, find},
    db::{Db, DbError, Tx},
    studio, tenant,
};
use jiff::Timestamp;
use serde_json::{Value, json};
use shared::{Nothing, STEP, barcode_of, by, card_of, close, debtor_id_of, number_of, open, pin_of, write_members};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const GYM: &str = r#"
tenant: { key: large, name: Large Gyms }
tags: [measured]
studios:
  - key: north
    name: Large North
    country: Germany
    country_code: DE
    zone: Europe/Berlin
    language: en
    currency: EUR
    tags: [measured]
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

/// Every so many-th member of the studio is told.
const SAMPLE: i64 = 2_000;

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
    write_members(db, tenant, like, members).await;
    let sample = move |tx: &mut Tx<'_>| {
        let mut sample = Vec::new();
        for number in (1..members).step_by(usize::try_from((members / SAMPLE).max(1)).unwrap()) {
            let Some(id) = find::by_number(tx, tenant, &number_of(number))? else { continue };
            let Some(found) = customer::by_id(tx, tenant, id)? else { continue };
            sample.push(json!({
                "id": found.id,
                "customerNumber": found.customer_number,
                "debtorId": debtor_id_of(number),
                "cardNumber": card_of(number),
                "barcode": barcode_of(number),
                "pin": pin_of(number),
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
            let first = find::by_number(tx, tenant.id(), &number_of(1))?.unwrap();
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
