//! Appointments of a studio: what they need must be in the same file.

use std::collections::BTreeSet;

use gymkeeper_domain::booking::appointment::Appointment;
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
            self.defined::<Appointment>(below, &at, value, position, employees);
        }
    }
}
