//! What keeps customers out.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::common::LocalDate;

super::resource! {
    "Restrictions": "What keeps customers out, and from when to when." {
        LIST_RESTRICTIONS = "listRestrictions" Get "/studios/{studioId}/customers/{customerId}/restrictions" CustomersRead: "Read what keeps a customer out";
        SET_RESTRICTION = "setRestriction" Post "/studios/{studioId}/customers/{customerId}/restrictions" RestrictionsWrite: "Keep a customer out";
        CHANGE_RESTRICTION = "changeRestriction" Put "/studios/{studioId}/customers/{customerId}/restrictions/{restrictionId}" RestrictionsWrite: "Change a restriction";
        LIFT_RESTRICTION = "liftRestriction" Delete "/studios/{studioId}/customers/{customerId}/restrictions/{restrictionId}" RestrictionsWrite: "Lift a restriction";
    }
}

/// Who set a restriction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub enum RestrictionSource {
    /// Somebody of the studio.
    Staff,
    /// A program with an API key.
    Integration,
    /// The server, because money is owed and reminders were sent.
    Dunning,
    /// The server, because a debt was handed over for collection.
    DebtCollection,
}

/// A restriction as staff set it.
// CUST-11
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WantedRestriction {
    /// Why the customer may not enter. Programs see it.
    pub reason: String,
    /// The first day. Without it and the last day the restriction holds until it is lifted.
    #[serde(default)]
    pub start_date: Option<LocalDate>,
    /// The last day. It comes with the first day or not at all.
    #[serde(default)]
    pub end_date: Option<LocalDate>,
}

/// A restriction that is in force or to come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RestrictionRecord {
    /// The id of the restriction.
    pub id: i64,
    /// Who set it.
    pub source: RestrictionSource,
    /// Why the customer may not enter.
    pub reason: String,
    /// The first day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_date: Option<LocalDate>,
    /// The last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_date: Option<LocalDate>,
    /// Whether it holds today.
    pub in_force: bool,
}
