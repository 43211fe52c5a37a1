//! Fills a data folder with a schedule, trainers, their bookings and members, and prints what a benchmark has to know as JSON.
//!
//! A studio has 60 classes a day for two weeks, and 200 trainers who work eight hours a day, of which nearly all are taken: 20,000
//! appointments of half an hour in the next seven days, each of a member of its own. The other members have nothing booked. With `loop` it books places in the classes instead, one commit
//! after the other, and prints how many in a second: what a server would do that asked the database for each booking alone. The
//! database is the one in the folder, unless the environment names another.
//!
//! `cargo run --release -p gymkeeper-server --example fill_bookings -- fill DATA_DIR OTHER_MEMBERS`
//! `cargo run --release -p gymkeeper-server --example fill_bookings -- loop DATA_DIR SECONDS FROM`

#![allow(clippy::disallowed_methods, clippy::expect_used, clippy::unwrap_used, clippy::print_stdout)]

mod shared;

use std::{
    collections::HashMap,
    fmt::Write as _,
    time::{Duration, Instant},
};

use gymkeeper_domain::booking::allowance::BookableKind;
use gymkeeper_server::{
    actions::{
        apply,
        booking::{
            class_slot::{self, Terms},
            fresh,
        },
        customer as customers,
    },
    gymfile,
    http::failure::Failure,
};
use gymkeeper_store::{
    booking::{
        self,
        occupied::{self, Taken},
        slot,
    },
    customer::{self, contract, find},
    db::{Db, Tx},
    employee, inventory, studio, tenant,
};
use jiff::{Timestamp, ToSpan as _, Zoned, civil::Date, tz::TimeZone};
use serde_json::{Value, json};
use shared::{Nothing, STEP, by, close, number_of, open, write_members};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const CLASSES: i64 = 60;
const TRAINERS: i64 = 200;
/// So many appointments are booked.
const BOOKED: i64 = 20_000;
/// In so many days.
const DAYS: i64 = 7;
/// So many appointments fit into the eight hours of a trainer; one or two a day are left free.
const FIT: i64 = 16;

/// The hour at which a trainer's work begins.
fn shift(trainer: i64) -> i64 {
    6 + trainer % 8
}

const WEEK: [&str; 7] = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"];

fn gym(today: Date) -> String {
    let mut text = String::from(
        "tenant: { key: large, name: Large Gyms }\nstudios:\n  - key: north\n    name: Large North\n    country: Germany\n\
         \x20   country_code: DE\n    zone: Europe/Berlin\n    language: en\n    currency: EUR\n\
         \x20   opening_hours: [{ from: MONDAY, to: SUNDAY, opens: \"00:00\", closes: \"24:00\" }]\n    employees:\n",
    );
    let days = format!("[{}]", WEEK.join(", "));
    for number in 0..TRAINERS {
        let (from, to) = (shift(number), shift(number) + 8);
        writeln!(text, "      - key: trainer-{number}\n        first_name: Tina\n        last_name: Berg {number}")
            .unwrap();
        text.push_str("        working_hours:\n");
        for day in WEEK {
            writeln!(text, "          - {{ day: {day}, from: \"{from:02}:00\", to: \"{to:02}:00\" }}").unwrap();
        }
    }
    text.push_str("    classes:\n");
    for number in 0..CLASSES {
        let (hour, minute) = (6 + number / 4, number % 4 * 15);
        write!(
            text,
            "      - key: class-{number}\n        name: Class {number}\n        category: Course\n        minutes: 45\n\
             \x20       max_participants: 5000\n        waiting_list: 10\n        cancel_until: 2 HOURS\n        series:\n\
             \x20         - {{ key: series-{number}, weekdays: {days}, starts: \"{hour:02}:{minute:02}\", from: {today}, \
             instructors: [trainer-{number}] }}\n",
        )
        .unwrap();
    }
    let trainers: Vec<String> = (0..TRAINERS).map(|number| format!("trainer-{number}")).collect();
    write!(
        text,
        "    appointments:\n      - {{ key: half-hour, name: Half an hour, minutes: 30, every_minutes: 30, needs_allowance: false, instructors: [{}] }}\n\
         \x20   allowances: [{{ key: courses, name: All courses, categories: [Course] }}]\n    offers:\n      - key: basic\n\
         \x20       name: Basic\n        payment_choices: [CASH]\n        allowances: [courses]\n        terms:\n\
         \x20         - key: basic-12\n            term: 12 MONTH\n\
         \x20           payment: {{ type: RECURRING, price: \"50.00\", every: 1 MONTH }}\n\
         \x20           extension: {{ type: TERM_EXTENSION, term: 1 MONTH, cancelation_period: 1 MONTH }}\n    customers:\n\
         \x20     - {{ key: first, first_name: Ada, last_name: Lovelace, email: ada@example.org, contracts: [{{ offer: basic, \
         term: basic-12, start: {today} }}] }}\n",
        trainers.join(", "),
    )
    .unwrap();
    text
}

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let number = |text: &str| text.parse::<i64>().expect("a number");
    match arguments.as_slice() {
        ["fill", folder, members] => {
            let db = open(folder).await;
            println!("{}", fill(&db, number(members)).await);
            close(db).await;
        }
        ["loop", folder, seconds, from] => {
            let db = open(folder).await;
            let window = Duration::from_secs(seconds.parse().expect("seconds"));
            println!("{:.1}", book_alone(&db, window, number(from)).await);
            close(db).await;
        }
        _ => panic!("say `fill DATA_DIR MEMBERS` or `loop DATA_DIR SECONDS FROM`"),
    }
}

fn berlin() -> TimeZone {
    TimeZone::get("Europe/Berlin").unwrap()
}

/// Writes the gym, its members and the bookings of its trainers.
async fn fill(db: &Db, members: i64) -> Value {
    let today = Zoned::now().with_time_zone(berlin()).date();
    let gym = gymfile::read(&gym(today), today, &Nothing).unwrap();
    let (tenant, like, studio) = db
        .write(move |tx| {
            let tenant = apply::apply(tx, &gym, &by())?.tenant.id();
            let studio = studio::list(tx, tenant)?[0].id;
            let first = find::by_email(tx, tenant, "ada@example.org", studio)?.remove(0);
            let contract = contract::of_customer(tx, tenant, first.id)?.remove(0);
            Ok::<_, Failure>((tenant, (first, contract), studio))
        })
        .await
        .unwrap();
    write_members(db, tenant, like, 1 + BOOKED + members).await;
    let appointments = move |tx: &mut Tx<'_>| {
        let entries = inventory::of_studio(tx, tenant, studio)?;
        let half_hour = entries.iter().find(|entry| entry.key == "half-hour").unwrap().id;
        let trainers: HashMap<_, _> =
            employee::of_gym_file(tx, tenant, studio)?.into_iter().map(|one| (one.key.unwrap(), one.id)).collect();
        assert_eq!(trainers.len() as i64, TRAINERS);
        let first = find::by_number(tx, tenant, &number_of(1))?.unwrap();
        let home = customers::studio(tx, tenant, studio)?;
        for number in 0..BOOKED {
            let (place, trainer) = (number / TRAINERS, number % TRAINERS);
            // Spread over the days, so that all have about as many; what is left free lies elsewhere for each trainer.
            let (on, half) = (place % DAYS, (place / DAYS + trainer) % FIT);
            let starts_at = at(today, on, shift(trainer)) + (30 * half).minutes();
            let ends_at = starts_at + 30.minutes();
            let trainer = trainers[&format!("trainer-{trainer}")];
            let id = tx.next_id()?;
            let whose = (&home, first + STEP * number, half_hour);
            let made = fresh(id, BookableKind::Appointment, whose, (starts_at, ends_at), starts_at);
            booking::insert(tx, tenant, &made)?;
            let taken = Taken {
                source_id: id,
                subject_id: trainer,
                kind: occupied::kind::INSTRUCTOR.to_owned(),
                position: 0,
                starts_at,
                ends_at,
            };
            occupied::insert(tx, tenant, &taken)?;
        }
        let slots = slot::of_studio(tx, tenant, studio, schedule(today))?;
        let class = slots[0].class_id;
        let slots: Vec<i64> = slots.iter().map(|slot| slot.id).collect();
        Ok::<_, Failure>(json!({
            "tenant": tenant.0,
            "studio": studio,
            "class": class,
            "slots": slots,
            "appointment": half_hour,
            "firstMember": first + STEP * BOOKED,
            "today": today.to_string(),
        }))
    };
    db.write(appointments).await.unwrap()
}

/// Classes of tomorrow and later: whoever books one has time to.
fn schedule(today: Date) -> slot::Window {
    slot::Window { from: at(today, 1, 0), to: at(today, 13, 0), limit: 10_000, offset: 0 }
}

fn at(today: Date, day: i64, hour: i64) -> Timestamp {
    let day = today.checked_add(day.days()).unwrap();
    day.at(i8::try_from(hour).unwrap(), 0, 0, 0).to_zoned(berlin()).unwrap().timestamp()
}

/// Books places one after the other, for members from a number on, and answers how many in a second.
async fn book_alone(db: &Db, window: Duration, from: i64) -> f64 {
    let today = Zoned::now().with_time_zone(berlin()).date();
    let (tenant, home, first, slots) = db
        .read(move |tx| {
            let tenant = tenant::list(tx)?.remove(0);
            let studio = studio::list(tx, tenant.id())?[0].id;
            let home = customers::studio(tx, tenant.id(), studio)?;
            let first = find::by_number(tx, tenant.id(), &number_of(1 + BOOKED))?.unwrap();
            let slots = slot::of_studio(tx, tenant.id(), studio, schedule(today))?;
            Ok::<_, Failure>((tenant, home.id, first, slots.iter().map(|slot| slot.id).collect::<Vec<_>>()))
        })
        .await
        .unwrap();
    let (begun, mut count) = (Instant::now(), 0);
    while begun.elapsed() < window {
        let (tenant, member) = (tenant.clone(), first + STEP * (from + count));
        let slot = slots[usize::try_from(count).unwrap() % slots.len()];
        let book = move |tx: &mut Tx<'_>| {
            let mut change = by().changes(tx, &tenant);
            let id = change.tenant;
            let home = customers::studio(change.tx, id, home)?;
            let customer = customer::by_id(change.tx, id, member)?.unwrap();
            class_slot::book(&mut change, &home, &customer, slot, Terms::Allowance).map(drop)
        };
        db.write(book).await.unwrap();
        count += 1;
    }
    count as f64 / begun.elapsed().as_secs_f64()
}
