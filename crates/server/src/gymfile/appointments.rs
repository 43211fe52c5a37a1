//! Appointments of a studio: what they need must be in the same file.

use std::collections::BTreeSet;

use gymkeeper_domain::booking::appointment::Appointment;
use gymkeeper_store::inventory::Kind;
use serde_json::{Map, Value};

use super::load::{Below, Reader};

impl Reader<'_> {
    /// Reads the appointments of a studio. Rooms, resources, offers and modules are known by their keys before.
    pub(super) fn appointments(
        &mut self,
        below: &mut Below,
        values: Vec<(String, Map<String, Value>)>,
        employees: &BTreeSet<String>,
    ) {
        for (position, (at, value)) in (0..).zip(values) {
            let kind = Kind::AppointmentType;
            self.entry::<Appointment>(below, kind, &at, value, position, |reader, below, at, d| {
                reader.known(below, Kind::Room, at, "rooms", &d.rooms);
                for (group, keys) in d.resources.iter().enumerate() {
                    reader.known(below, Kind::Resource, at, &format!("resources[{group}]"), keys);
                }
                reader.employed(employees, at, "instructors", &d.instructors);
                reader.known(below, Kind::Offer, at, "conditions.offers", &d.conditions.offers);
                reader.known(below, Kind::Module, at, "conditions.modules", &d.conditions.modules);
                (d.problems(), d.image.as_ref().and_then(|path| reader.image(&format!("{at}.image"), path)))
            });
        }
    }
}
