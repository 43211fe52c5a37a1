//! What a gym file says about bookings: rooms, resources, classes with their series, allowances, and what can be tried.

use std::collections::BTreeSet;

use gymkeeper_domain::{
    booking::{
        allowance::Allowance,
        class::{Class, ClassSeries, Resource, Room},
        trial::TrialOffer,
    },
    problem::Problem,
};
use gymkeeper_store::inventory::Kind;
use serde_json::{Map, Value};

use super::{
    definition::{Definition, Named},
    load::{Below, Reader, keys_of},
};

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
            self.defined::<Room>(below, &at, value, position, employees);
        }
        for (position, (at, value)) in (0..).zip(self.list(value, "resources", at)) {
            self.defined::<Resource>(below, &at, value, position, employees);
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
        let (mut before, nobody) = (Vec::new(), BTreeSet::new());
        for (position, (at, value)) in (0..).zip(values) {
            self.entry::<TrialOffer>(below, Kind::TrialOffer, &at, value, position, |reader, below, at, offer| {
                let (mut problems, file) = reader.checked(below, &nobody, at, offer);
                problems.extend(offer.clashes(&before));
                before.push(offer.clone());
                (problems, file)
            });
        }
    }

    /// Reads one entry of what can be booked and adds it; answers its key.
    pub(super) fn defined<D: Definition>(
        &mut self,
        below: &mut Below,
        at: &str,
        value: Map<String, Value>,
        position: i64,
        employees: &BTreeSet<String>,
    ) -> Option<String> {
        self.entry::<D>(below, D::KIND, at, value, position, |reader, below, at, definition| {
            reader.checked(below, employees, at, definition)
        })
    }

    /// What is wrong with a definition by itself, and its picture. Of what else it names, everything must stand in the file.
    fn checked<D: Definition>(
        &mut self,
        below: &Below,
        employees: &BTreeSet<String>,
        at: &str,
        definition: &D,
    ) -> (Vec<Problem>, Option<usize>) {
        for reference in definition.references() {
            match reference.what {
                Named::Entry(kind) => self.known(below, kind, at, &reference.field, reference.keys),
                Named::Employee => self.employed(employees, at, &reference.field, reference.keys),
            }
        }
        let image = definition.image().and_then(|path| self.image(&format!("{at}.image"), path));
        (definition.problems(), image)
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
        let key = self.defined::<Class>(below, at, value, position, employees);
        for (place, (at, value)) in (0..).zip(series) {
            let before = below.entries.len();
            self.defined::<ClassSeries>(below, &at, value, place, employees);
            if let Some(series) = below.entries.get_mut(before) {
                series.parent_key.clone_from(&key);
            }
        }
    }

    /// Keys must be those of employees of the studio that stand in the file.
    fn employed(&mut self, employees: &BTreeSet<String>, at: &str, field: &str, keys: &[String]) {
        for key in keys.iter().filter(|key| !employees.contains(*key)) {
            self.mistake(format!("{at}.{field}"), format!("there is no employee with the key {key:?} in this studio"));
        }
    }
}
