//! The demo gym: the gym file in the folder `demo/`, and what the file cannot say (who is inside just now, keys).
//!
//! The same seed and day give the same data and ids, byte for byte.

mod appointments;
mod bookings;
mod families;
mod leads;
pub mod people;
mod talks;
mod trials;
mod visitors;

use std::collections::BTreeMap;

use gymkeeper_domain::staff::{Grant, Grants, Role};
use gymkeeper_store::{
    db::{DbError, Tx},
    setting,
    staff::NewStaff,
    studio::{self, tag},
    tenant,
};
use jiff::{Timestamp, ToSpan as _, civil::Date, tz::TimeZone};
use sha2::{Digest as _, Sha256};

use crate::{
    actions::{
        apply,
        change::{Actor, By, Change},
        checkin::{self, Visitor},
        customer, key, sandbox, staff as accounts,
    },
    gymfile::{Contents, Gym},
    http::failure::Failure,
    password,
};

/// The gym file.
pub const GYM: &str = include_str!("../../../../demo/gym.yaml");

/// The studio that the demo's keys are for.
pub const STUDIO: &str = "berlin";

/// The demo's integration.
pub const INTEGRATION: &str = "demo";

/// Images and documents of the demo, inside the program.
#[derive(Debug, Clone, Copy)]
pub struct Embedded;

macro_rules! embedded {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_bytes!(concat!("../../../../demo/", $path)) as &[u8])),*]
    };
}
const CONTENTS: &[(&str, &[u8])] = embedded![
    "images/logo.png",
    "images/flex.png",
    "images/year.png",
    "images/off-peak.png",
    "images/sauna.png",
    "images/drinks.png",
    "images/house-rules.pdf",
    "images/trainer.png",
];

impl Contents for Embedded {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        let found = CONTENTS.iter().find(|(name, _)| *name == path);
        found.map(|(_, bytes)| bytes.to_vec()).ok_or_else(|| format!("{path} is not part of the demo"))
    }
}

/// What a demo is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// Varies the data.
    pub seed: u64,
    /// The day on which all dates hang.
    pub today: Date,
}

/// The keys of the demo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keys {
    /// All scopes.
    pub full: String,
    /// The scopes that only read.
    pub read_only: String,
    /// The sandbox token.
    pub sandbox: String,
}

impl Keys {
    /// A demo's keys come from its seed, so that scripts can know them. They open nothing but made-up data.
    pub fn of(seed: u64) -> Self {
        let key = |kind: &str| {
            let digest = Sha256::digest(format!("gymkeeper demo {seed} {kind}").as_bytes());
            let text: String = digest.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
            format!("demo_{kind}_{text}")
        };
        Self { full: key("full"), read_only: key("read"), sandbox: key("sandbox") }
    }
}

/// The account of the demo's owner, who may do everything in the back office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// The address to sign in with.
    pub email: &'static str,
    /// The password.
    pub password: String,
}

impl Owner {
    /// The password comes from the seed, as the keys do.
    pub fn of(seed: u64) -> Self {
        let digest = Sha256::digest(format!("gymkeeper demo {seed} owner").as_bytes());
        let text: String = digest.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
        Self { email: "owner@ironworks.example", password: format!("demo_owner_{text}") }
    }

    /// Makes the account. The salt comes from the seed as well, so that two demos are the same; it guards nothing here.
    fn create(&self, change: &mut Change<'_, '_>, seed: u64) -> Result<(), Failure> {
        let salt = Sha256::digest(format!("gymkeeper demo {seed} salt").as_bytes());
        let password_hash = password::hash_with(&self.password, &salt[..16])?;
        let wanted = NewStaff { email: self.email.to_owned(), name: "Lena Vogt".to_owned(), password_hash };
        let grants = Grants::new(vec![Grant { role: Role::Owner, studio: None }]);
        accounts::create(change, &wanted, &grants).map(drop)
    }
}

/// What a finished demo remembers about itself.
const SEED: &str = "demo_seed";

/// The seed of the demo in this database, if there is one.
///
/// # Errors
/// The database's.
pub fn seed_of(tx: &mut Tx<'_>) -> Result<Option<u64>, DbError> {
    Ok(setting::get(tx, SEED)?.and_then(|text| text.parse().ok()))
}

/// Fills an empty database with the demo.
///
/// # Errors
/// The database's.
pub fn seed(tx: &mut Tx<'_>, gym: &Gym, plan: Plan, test_clock: Option<Timestamp>) -> Result<(), Failure> {
    let morning = plan.today.at(6, 0, 0, 0).to_zoned(TimeZone::UTC).map_or(Timestamp::UNIX_EPOCH, |at| at.timestamp());
    let mut chance = Chance::new(plan.seed);
    let by = By { actor: Actor::Demo, system_now: morning, trace: 0, seed: Some(plan.seed) };
    let tenant = apply::apply(tx, gym, &by)?.tenant;
    let mut change = by.changes(tx, &tenant);
    let link_secret = format!("{:016x}{:016x}", chance.next(), chance.next());
    setting::get_or_insert(change.tx, "link_secret", &link_secret)?;
    setting::get_or_insert(change.tx, SEED, &plan.seed.to_string())?;
    let studios: BTreeMap<String, i64> =
        studio::list(change.tx, change.tenant)?.into_iter().map(|s| (s.key, s.id)).collect();
    let keys = Keys::of(plan.seed);
    if let Some(id) = studios.get(STUDIO) {
        for (text, scopes) in [(&keys.full, None), (&keys.read_only, Some(key::read_scopes()))] {
            let grant = key::Grant { studio: *id, integration: INTEGRATION.to_owned(), scopes, expires_at: None };
            key::create(&mut change, &grant, text)?;
        }
    }
    Owner::of(plan.seed).create(&mut change, plan.seed)?;
    for (key, id) in &studios {
        let mut members = Vec::new();
        if let Some(crowd) = people::crowd(key) {
            let home = customer::studio(change.tx, change.tenant, *id)?;
            members = people::make(&mut change, &home, &crowd, plan.today, &mut chance)?;
            people::visits(&mut change, *id, &members, &mut chance)?;
            talks::fill(&mut change, &home, &members)?;
            bookings::fill(&mut change, &home, &members)?;
            if key == STUDIO {
                visitors::send(&mut change, &home, plan.today)?;
            }
            appointments::fill(&mut change, &home, &members)?;
            if key == STUDIO {
                trials::fill(&mut change, &home, plan.today)?;
                leads::note(&mut change, &home)?;
            }
        }
        fill(&mut change, *id, &members, &mut chance)?;
    }
    tenant::set_clock(tx, tenant.id(), test_clock)?;
    // Last, so that a reset leads to the finished demo.
    sandbox::set_token(tx, tenant.id(), &by, &keys.sandbox).map(drop)
}

/// People inside, of whom the first came before dawn, members and guests; and one tag more or less than the file says.
fn fill(change: &mut Change<'_, '_>, studio: i64, members: &[i64], chance: &mut Chance) -> Result<(), DbError> {
    let (tenant, morning) = (change.tenant, change.now);
    let inside = 15 + chance.below(60);
    let mut visitors: Vec<Visitor> = (0..inside)
        .map(|place| {
            let earlier = i64::try_from(chance.below(7200)).unwrap_or(0).seconds();
            // Nobody is inside twice.
            let customer = usize::try_from(place).ok().and_then(|place| members.get(place * 3)).copied();
            Visitor { customer, at: morning.checked_sub(earlier).unwrap_or(morning) }
        })
        .collect();
    visitors.sort_by_key(|visitor| visitor.at);
    // Whenever the demo is started, there are people inside.
    checkin::open_until_night(change, studio, &visitors)?;
    let known = tag::list(change.tx, tenant)?;
    let mut worn: Vec<i64> = tag::of_studio(change.tx, tenant, studio)?.iter().map(|tag| tag.id).collect();
    let free: Vec<i64> = known.iter().map(|tag| tag.id).filter(|id| !worn.contains(id)).collect();
    if let Some(extra) = free.get(chance.below(free.len().max(1) as u64 * 2) as usize) {
        worn.push(*extra);
        worn.sort_unstable();
        tag::replace(change.tx, tenant, studio, &worn)?;
    }
    Ok(())
}

/// Numbers that look random and are the same for the same seed: the splitmix64 generator of Steele, Lea and Flood (2014).
struct Chance(u64);

impl Chance {
    fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound.max(1)
    }
}
