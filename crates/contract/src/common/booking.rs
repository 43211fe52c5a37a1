//! What answers about classes, appointments and trial offers share.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A length of time that may be shorter than a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TermWithMinutes {
    /// How many units.
    pub value: i32,
    /// The unit that is counted.
    pub unit: TimeUnit,
}

/// The unit of a term with minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub enum TimeUnit {
    /// Minutes.
    Minutes,
    /// Hours.
    Hours,
    /// Calendar days.
    Day,
    /// Weeks of seven days.
    Week,
    /// Calendar months.
    Month,
    /// Calendar years.
    Year,
}

/// Somebody who leads a class or an appointment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Instructor<'a> {
    /// The id of the employee.
    pub id: i64,
    /// The first name.
    pub first_name: &'a str,
    /// The last name.
    pub last_name: &'a str,
    /// The name that members see.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_name: Option<&'a str>,
}

/// A room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Location<'a> {
    /// The id of the room.
    pub id: i64,
    /// Its name.
    pub name: &'a str,
    /// Where it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<&'a str>,
}

/// Whether somebody came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub enum ParticipantStatus {
    /// The customer came.
    Participating,
    /// The customer did not come.
    NotParticipating,
    /// Nobody has said.
    Unset,
}

/// How something that is held at a time stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub enum PlannedStatus {
    /// It is not over yet.
    Planned,
    /// It was called off.
    Canceled,
    /// It is over.
    Completed,
}
