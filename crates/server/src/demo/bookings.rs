//! Who has booked which class of the demo: some are full and people wait, some nearly full, some empty.

use std::collections::HashMap;

use gymkeeper_store::{
    booking::slot::{self, Window},
    customer::{self, Customer},
    inventory::{self, Kind},
};
use jiff::ToSpan as _;

use super::families;
use crate::{
    actions::{
        booking::class_slot::{self, Terms, places},
        change::Change,
        customer::StudioOf,
    },
    http::failure::Failure,
};

/// Classes are booked for so many days ahead.
const DAYS: i64 = 4;
/// The demo is filled at dawn and stands at noon: what has begun by then would be at work at once, and no two demos the same.
const UNTIL_NOON: i64 = 7;
/// So many members are asked for each slot before it is left as it is.
const TRIES: usize = 40;

/// How full a class gets.
enum Wanted {
    /// With people who wait, as many as may.
    Overfull,
    /// But for so many places.
    AllBut(i64),
    /// So many.
    Some(i64),
}

/// What becomes of a class, by its key; those that are not named here stay empty.
fn wanted(class: &str, place: usize) -> Option<Wanted> {
    match class {
        "boxen" => Some(Wanted::Overfull),
        "cycling" if place.is_multiple_of(2) => Some(Wanted::AllBut(1)),
        "cycling" => Some(Wanted::Overfull),
        "yoga" => Some(Wanted::Some(5)),
        "rueckenfit" | "rudern" => Some(Wanted::Some(3)),
        "kugelhantel" => Some(Wanted::AllBut(1)),
        "lauftreff" | "yoga-zuhause" => Some(Wanted::Some(2)),
        _ => None,
    }
}

/// Books places for a studio's members.
///
/// # Errors
/// The database's.
pub(super) fn fill(change: &mut Change<'_, '_>, home: &StudioOf, members: &[i64]) -> Result<(), Failure> {
    let classes: HashMap<i64, String> = inventory::of_kind(change.tx, change.tenant, home.id, Kind::Class)?
        .into_iter()
        .map(|entry| (entry.id, entry.key))
        .collect();
    let after = |hours: i64| change.now.checked_add(hours.hours()).unwrap_or(change.now);
    let window = Window { from: after(UNTIL_NOON), to: after(24 * DAYS), limit: 1000, offset: 0 };
    let mut next = members.iter().cycle();
    for (place, found) in slot::of_studio(change.tx, change.tenant, home.id, window)?.into_iter().enumerate() {
        let Some(wanted) = classes.get(&found.class_id).and_then(|key| wanted(key, place)) else { continue };
        let (most, waiting) = (found.max_participants.unwrap_or(i64::MAX), found.max_waiting);
        let (count, waits) = match wanted {
            Wanted::Overfull => (most, waiting),
            Wanted::AllBut(free) => (most - free, 0),
            Wanted::Some(count) => (count.min(most), 0),
        };
        for _ in 0..TRIES {
            let Some(now) = slot::by_id(change.tx, change.tenant, found.id)?.map(|slot| places(&slot)) else { break };
            if now.booked >= count && now.waiting >= waits {
                break;
            }
            let Some(member) = next.next() else { return Ok(()) };
            let Some(customer) = customer::by_id(change.tx, change.tenant, *member)? else { continue };
            try_to_book(change, home, &customer, found.id)?;
        }
    }
    run_together(change, home, members)
}

/// Books the morning run of the day after tomorrow for everybody in the team: some have it by contract, the others by the team's list.
fn run_together(change: &mut Change<'_, '_>, home: &StudioOf, members: &[i64]) -> Result<(), Failure> {
    let classes = inventory::of_kind(change.tx, change.tenant, home.id, Kind::Class)?;
    let Some(run) = classes.into_iter().find(|class| class.key == "lauftreff") else { return Ok(()) };
    let after = |days: i64| change.now.checked_add((24 * days).hours()).unwrap_or(change.now);
    // The demo is filled before the run of the day.
    let window = Window { from: after(2), to: after(3), limit: 1, offset: 0 };
    let Some(slot) = slot::of_class(change.tx, change.tenant, run.id, window)?.pop() else { return Ok(()) };
    for member in families::team(members) {
        if let Some(customer) = customer::by_id(change.tx, change.tenant, member)? {
            try_to_book(change, home, &customer, slot.id)?;
        }
    }
    Ok(())
}

/// Books a place, unless the rules are against it: many have no contract that lets them, or are elsewhere at that time.
fn try_to_book(change: &mut Change<'_, '_>, home: &StudioOf, customer: &Customer, slot: i64) -> Result<(), Failure> {
    match class_slot::book(change, home, customer, slot, Terms::Allowance) {
        Ok(_) | Err(Failure::Refused(_)) => Ok(()),
        Err(failure) => Err(failure),
    }
}
