//! Moving a customer to another home studio.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::common::LocalDate;

/// Where a customer moves, and when.
// CUST-14
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "OpenApiV1CustomerStudioSwitchRequestDto")]
pub struct CustomerStudioSwitchRequest {
    /// The id of the new home studio.
    pub target_studio_id: i64,
    /// The day of the move: today or an earlier one.
    pub switch_date: LocalDate,
    /// A note about the move, kept in the history of the customer.
    pub description: Option<String>,
}

#[cfg(test)]
mod tests {
    use serde_json::{from_value, json};

    use super::*;

    #[test]
    fn cust_14_a_move_needs_studio_and_day() {
        let sent = json!({"targetStudioId": 2, "switchDate": "2026-01-05", "description": null});
        let request: CustomerStudioSwitchRequest = from_value(sent).unwrap();
        assert_eq!((request.target_studio_id, request.description), (2, None));
        for refused in [json!({"targetStudioId": 2}), json!({"switchDate": "2026-01-05"})] {
            assert!(from_value::<CustomerStudioSwitchRequest>(refused).is_err());
        }
    }
}
