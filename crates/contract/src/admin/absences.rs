//! When employees are away, so that nobody books appointments with them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::common::{RequestInstant, ZonedDateTime};

super::resource! {
    "Absences": "When employees are away." {
        LIST_ABSENCES = "listAbsences" Get "/studios/{studioId}/employees/{employeeId}/absences" EmployeesRead: "List when an employee is away";
        ADD_ABSENCE = "addAbsence" Post "/studios/{studioId}/employees/{employeeId}/absences" EmployeesWrite: "Note that an employee is away";
        REMOVE_ABSENCE = "removeAbsence" Delete "/studios/{studioId}/employees/{employeeId}/absences/{absenceId}" EmployeesWrite: "Take an absence back";
    }
}

/// A time at which an employee is away. Why is not noted: it may be about somebody's health.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewAbsence {
    /// From when on.
    pub start_date_time: RequestInstant,
    /// Until when.
    pub end_date_time: RequestInstant,
}

/// An absence as the back office sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AbsenceRecord {
    /// The id of the absence.
    pub id: i64,
    /// From when on, by the studio's clock.
    pub start_date_time: ZonedDateTime,
    /// Until when.
    pub end_date_time: ZonedDateTime,
    /// Whether the gym file says so; it then says so again whenever it is applied.
    pub of_gym_file: bool,
}
