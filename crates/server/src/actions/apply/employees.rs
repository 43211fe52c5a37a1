//! The people who work in a studio, as a gym file has them.

use std::collections::BTreeMap;

use gymkeeper_domain::{
    booking::hours,
    employee::{Absence, Employee},
};
use gymkeeper_store::{
    db::DbError,
    employee::{self, EmployeeRow, Place},
};
use jiff::{Timestamp, tz::TimeZone};

use super::{Applying, Difference, compare_counts, content_changed, differences};
use crate::{
    actions::{customer::StudioOf, employee as employees},
    gymfile::StudioEmployee,
};

impl Applying<'_, '_> {
    /// Brings the employees of a studio to what the file says. Those that the back office made have no key and stay.
    pub(super) fn employees(
        &mut self,
        studio: &StudioOf,
        studio_name: &str,
        wanted: &[StudioEmployee],
        file_ids: &[i64],
    ) -> Result<(), DbError> {
        let present = employee::of_gym_file(self.change.tx, self.change.tenant, studio.id)?;
        let mut present: BTreeMap<String, EmployeeRow> =
            present.into_iter().filter_map(|row| row.key.clone().map(|key| (key, row))).collect();
        for StudioEmployee { key, employee, image, absences } in wanted {
            let title = format!("{studio_name} / employee {key}");
            let image = image.and_then(|place| file_ids.get(place).copied());
            let away = instants(absences, &studio.zone);
            match present.remove(key) {
                None => {
                    let place = Place { studio: studio.id, key: Some(key), image };
                    let id = employees::create(&mut self.change, place, employee)?;
                    if let Some(row) = employee::find(self.change.tx, self.change.tenant, id)? {
                        employees::set_absences_of_file(&mut self.change, &row, &away)?;
                    }
                    self.differences.push(Difference { kind: "added", entry: title, fields: Vec::new() });
                }
                Some(row) => self.employee(row, title, employee, image, &away)?,
            }
        }
        for (key, row) in present {
            if employees::archive(&mut self.change, &row)? {
                let entry = format!("{studio_name} / employee {key}");
                self.differences.push(Difference { kind: "retired", entry, fields: Vec::new() });
            }
        }
        Ok(())
    }

    /// Brings one employee to what the file says.
    fn employee(
        &mut self,
        mut row: EmployeeRow,
        entry: String,
        wanted: &Employee,
        image: Option<i64>,
        away: &[(Timestamp, Timestamp)],
    ) -> Result<(), DbError> {
        let text = |employee: &Employee| serde_json::to_string(employee).unwrap_or_default();
        let mut fields = differences(&text(&row.employee()?), &text(wanted));
        let restored = employees::restore(&mut self.change, &row)?;
        row.version += i64::from(restored);
        row.version += i64::from(employees::update(&mut self.change, &row, wanted)?);
        if employees::set_image(&mut self.change, &row, image)? {
            fields.push(content_changed("image"));
        }
        if let Some(before) = employees::set_absences_of_file(&mut self.change, &row, away)? {
            compare_counts(&mut fields, "absences", before, away.len());
        }
        if restored || !fields.is_empty() {
            let kind = if restored { "restored" } else { "changed" };
            self.differences.push(Difference { kind, entry, fields });
        }
        Ok(())
    }
}

/// The instants that absences mean, each once. Of one that lies in an hour that the clocks leave out nothing may remain.
fn instants(absences: &[Absence], zone: &TimeZone) -> Vec<(Timestamp, Timestamp)> {
    let mut found: Vec<(Timestamp, Timestamp)> = Vec::with_capacity(absences.len());
    for absence in absences {
        let time = (hours::instant(absence.from, zone), hours::instant(absence.to, zone));
        if time.0 < time.1 && !found.contains(&time) {
            found.push(time);
        }
    }
    found
}
