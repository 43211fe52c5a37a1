//! What a gym file says about bookings: rooms, resources, classes with their series, allowances, and what can be tried.

use std::collections::BTreeSet;

use gymkeeper_domain::booking::{
    allowance::{Allowance, BookableKind},
    class::{Class, ClassSeries, Resource, Room},
    trial::TrialOffer,
};
use gymkeeper_store::inventory::Kind;
use serde_json::{Map, Value};

use super::load::{Below, Reader, keys_of};

impl Reader<'_> {
    /// Reads what can be booked in a studio. Employees are known by their keys before.
    pub(super) fn bookings(
        &mut self,
        below: &mut Below,
        value: &mut Map<String, Value>,
        at: &str,
        employees: &BTreeSet<String>,
    ) {
        for (position, (at, value)) in (0..).zip(self.list(value, "rooms", at)) {
            self.entry::<Room>(below, Kind::Room, &at, value, position, |_, _, _, room| (room.problems(), None));
        }
        for (position, (at, value)) in (0..).zip(self.list(value, "resources", at)) {
            self.entry::<Resource>(below, Kind::Resource, &at, value, position, |_, _, _, d| (d.problems(), None));
        }
        for (position, (at, value)) in (0..).zip(self.list(value, "classes", at)) {
            self.class(below, &at, value, position, employees);
        }
        // Appointments ask for offers, which name allowances; so they are read later.
        let appointments = keys_of(value, "appointments");
        for (position, (at, value)) in (0..).zip(self.list(value, "allowances", at)) {
            self.entry::<Allowance>(below, Kind::Allowance, &at, value, position, |reader, below, at, d| {
                reader.known(below, Kind::Class, at, "classes", &d.classes);
                for key in d.appointments.iter().filter(|key| !appointments.contains(*key)) {
                    let message = format!("there is no appointment with the key {key:?} in this studio");
                    reader.mistake(format!("{at}.appointments"), message);
                }
                (d.problems(), None)
            });
        }
    }

    /// Reads what can be tried. Classes and appointments are known before; each belongs to one trial offer at the most (TRI-1).
    pub(super) fn trial_offers(&mut self, below: &mut Below, values: Vec<(String, Map<String, Value>)>) {
        let mut tried: BTreeSet<(Kind, String)> = BTreeSet::new();
        for (position, (at, value)) in (0..).zip(values) {
            self.entry::<TrialOffer>(below, Kind::TrialOffer, &at, value, position, |reader, below, at, offer| {
                for (kind, entries, field) in [
                    (BookableKind::Class, Kind::Class, "classes"),
                    (BookableKind::Appointment, Kind::AppointmentType, "appointments"),
                ] {
                    reader.known(below, entries, at, field, offer.keys(kind));
                    for (index, key) in offer.keys(kind).iter().enumerate() {
                        if !tried.insert((entries, key.clone())) {
                            reader.mistake(format!("{at}.{field}[{index}]"), "belongs to a trial offer already");
                        }
                    }
                }
                (offer.problems(), None)
            });
        }
    }

    fn class(
        &mut self,
        below: &mut Below,
        at: &str,
        mut value: Map<String, Value>,
        position: i64,
        employees: &BTreeSet<String>,
    ) {
        let series = self.list(&mut value, "series", at);
        let key = self.entry::<Class>(below, Kind::Class, at, value, position, |reader, _, at, class| {
            let image = class.image.as_ref().and_then(|path| reader.image(&format!("{at}.image"), path));
            (class.problems(), image)
        });
        for (place, (at, value)) in (0..).zip(series) {
            let before = below.entries.len();
            self.entry::<ClassSeries>(below, Kind::ClassSeries, &at, value, place, |reader, below, at, series| {
                reader.known(below, Kind::Room, at, "room", series.room.as_slice());
                reader.known(below, Kind::Resource, at, "resources", &series.resources);
                reader.employed(employees, at, "instructors", &series.instructors);
                for (index, exception) in series.exceptions.iter().enumerate() {
                    let at = format!("{at}.exceptions[{index}]");
                    reader.known(below, Kind::Room, &at, "room", exception.room.as_slice());
                    reader.employed(employees, &at, "instructors", &exception.instructors);
                }
                (series.problems(), None)
            });
            if let Some(series) = below.entries.get_mut(before) {
                series.parent_key.clone_from(&key);
            }
        }
    }

    /// Keys must be those of employees of the studio that stand in the file.
    pub(super) fn employed(&mut self, employees: &BTreeSet<String>, at: &str, field: &str, keys: &[String]) {
        for key in keys.iter().filter(|key| !employees.contains(*key)) {
            self.mistake(format!("{at}.{field}"), format!("there is no employee with the key {key:?} in this studio"));
        }
    }
}
