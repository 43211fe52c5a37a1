//! What the data of the benchmarks have in common: many members who are like one from a gym file.

#![allow(clippy::disallowed_methods, clippy::unwrap_used)]

use gymkeeper_domain::customer::medium::MediumKind;
use gymkeeper_server::{
    actions::{
        change::{Actor, By},
        customer::access::stored_value,
    },
    app,
    config::Config,
    gymfile::Contents,
};
use gymkeeper_store::{
    customer::{self, Customer, contract, contract::Contract, medium, medium::Medium},
    db::{Db, DbError, Tx},
    tenant::TenantId,
};
use jiff::{Span, Timestamp, civil::Date};

/// The files beside a gym file that names none.
pub(crate) struct Nothing;

impl Contents for Nothing {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        Err(path.to_owned())
    }
}

/// So many members are written in one commit.
const BATCH: i64 = 5_000;
/// Ids of members are this far apart: one is the contract's, and one that of each medium.
pub(crate) const STEP: i64 = 5;

/// The customer number of a member.
pub(crate) fn number_of(number: i64) -> String {
    format!("1-{}", pin_of(number))
}

/// The number that a debt collector has for a member.
pub(crate) fn debtor_id_of(number: i64) -> String {
    format!("D-{}", pin_of(number))
}

/// The number of a member's card.
pub(crate) fn card_of(number: i64) -> String {
    (2_000_000_000 + number).to_string()
}

/// What a member's barcode says.
pub(crate) fn barcode_of(number: i64) -> String {
    (4_000_000_000 + number).to_string()
}

/// A member's PIN.
pub(crate) fn pin_of(number: i64) -> String {
    (1_000_000 + number).to_string()
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
        debtor_id: Some(debtor_id_of(number)),
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
    let mut ids = tx.next_ids(STEP * (numbers.end - numbers.start))?.into_iter();
    let mut next_id = || ids.next().unwrap();
    for number in numbers {
        let customer = member(&like.0, number, next_id());
        customer::insert(tx, tenant, &customer)?;
        contract::insert(tx, tenant, &Contract { id: next_id(), customer_id: customer.id, ..like.1.clone() })?;
        for (kind, value) in [
            (MediumKind::CardNumber, card_of(number)),
            (MediumKind::Barcode, barcode_of(number)),
            (MediumKind::Pin, pin_of(number)),
        ] {
            let medium = Medium {
                id: next_id(),
                customer_id: customer.id,
                kind: kind.name().to_owned(),
                value: stored_value(kind, &value).unwrap(),
                integration_id: None,
            };
            medium::insert(tx, tenant, &medium, Timestamp::UNIX_EPOCH)?;
        }
    }
    Ok(())
}

/// Opens a data folder, or the database that the environment names.
pub(crate) async fn open(folder: &str) -> Db {
    let mut config = Config::load(None, std::env::vars()).unwrap();
    config.data_dir = folder.into();
    // A commit of thousands of members takes its time.
    config.request_seconds = 600;
    let opening = config.clone();
    let db = tokio::task::spawn_blocking(move || app::open_db(&opening)).await.unwrap().unwrap();
    app::open_vault(&config, &db).await.unwrap();
    db
}

/// Closes a database.
pub(crate) async fn close(db: Db) {
    tokio::task::spawn_blocking(move || db.close()).await.unwrap();
}

/// Who makes the changes.
pub(crate) fn by() -> By {
    By::new(Actor::Cli("bench".to_owned()), Timestamp::now())
}

/// Writes members from the second on, each like the first one.
pub(crate) async fn write_members(db: &Db, tenant: TenantId, like: (Customer, Contract), members: i64) {
    let mut begin = 1;
    while begin < members {
        let (end, like) = ((begin + BATCH).min(members), like.clone());
        db.write(move |tx| fill(tx, tenant, &like, begin..end)).await.unwrap();
        begin = end;
    }
}
