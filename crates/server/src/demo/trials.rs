//! People who try something of the demo: some have confirmed that they come, some have still to, and one need not.

use gymkeeper_store::{
    booking::slot::{self, Window},
    customer::Customer,
    inventory::{self, Kind},
};
use jiff::{ToSpan as _, civil::Date};

use super::{appointments, people::forward};
use crate::{
    actions::{
        booking::{
            free_time::Purpose,
            trial::{self, Trying},
        },
        change::Change,
        customer::{
            StudioOf,
            prospect::{self, Person},
        },
    },
    http::failure::Failure,
};

/// What somebody tries, by its key in the gym file.
enum Tried {
    Class(&'static str),
    Appointment(&'static str),
}

/// Of each the names, what they try, in how many days, and whether they have said that they come.
const TRIES: &[(&str, &str, Tried, u64, bool)] = &[
    ("Leonie", "Krüger", Tried::Class("probestunde"), 3, true),
    ("Amir", "Haddad", Tried::Class("probestunde"), 3, false),
    ("Jakob", "Brandt", Tried::Class("lauftreff"), 2, false),
    ("Selin", "Arslan", Tried::Appointment("probetraining"), 2, false),
];

/// Books the trials.
///
/// # Errors
/// The database's; when the gym file has nothing of that name to try.
pub(super) fn fill(change: &mut Change<'_, '_>, home: &StudioOf, today: Date) -> Result<(), Failure> {
    for (first_name, last_name, tried, ahead, confirmed) in TRIES {
        let email = format!("{}@probe.example", first_name.to_lowercase());
        let customer = prospect::make(change, home, &Person { first_name, last_name, email: Some(&email) })?;
        let day = forward(today, *ahead);
        let booking = match tried {
            Tried::Class(key) => try_class(change, home, &customer, key, day)?,
            Tried::Appointment(key) => try_appointment(change, home, &customer, key, day)?,
        };
        if *confirmed {
            trial::confirm(change, booking)?;
        }
    }
    Ok(())
}

/// Books the first slot of a class on a day.
fn try_class(
    change: &mut Change<'_, '_>,
    home: &StudioOf,
    customer: &Customer,
    key: &str,
    day: Date,
) -> Result<i64, Failure> {
    let class = named(change, home, Kind::Class, key)?.id;
    let from = day.to_zoned(home.zone.clone()).map_or(change.now, |midnight| midnight.timestamp());
    let window = Window { from, to: from.checked_add(24.hours()).unwrap_or(from), limit: 1, offset: 0 };
    let slots = slot::of_class(change.tx, change.tenant, class, window)?;
    let slot = slots.first().ok_or_else(|| missing(key))?;
    Ok(trial::book_class(change, home, customer, slot.id)?.0.id)
}

/// Books the first free time of an appointment on a day.
fn try_appointment(
    change: &mut Change<'_, '_>,
    home: &StudioOf,
    customer: &Customer,
    key: &str,
    day: Date,
) -> Result<i64, Failure> {
    let id = named(change, home, Kind::AppointmentType, key)?.id;
    let (appointment, offer) = trial::appointment_to_try(change.tx, change.tenant, home.id, id)?;
    let trying = Trying::of(change.tx, change.tenant, home, offer, customer, change.now)?;
    let purpose = Purpose::Trial(Some(&trying));
    let wish = appointments::free_time(change, home, &appointment, (customer, purpose), (day, 0))?;
    let wish = wish.ok_or_else(|| missing(key))?;
    Ok(trial::book_appointment(change, home, customer, &wish)?.id)
}

fn named(change: &mut Change<'_, '_>, home: &StudioOf, kind: Kind, key: &str) -> Result<inventory::Entry, Failure> {
    let entries = inventory::of_kind(change.tx, change.tenant, home.id, kind)?;
    entries.into_iter().find(|entry| entry.key == key).ok_or_else(|| missing(key))
}

fn missing(key: &str) -> Failure {
    Failure::Internal(format!("the demo's gym file has no {key} to try"))
}
