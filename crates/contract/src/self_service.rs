//! Requests and answers of the group Customers Self-service: members look at their data and ask for changes.
//!
//! Each of the four kinds of data has three shapes: what is true now, the change that is asked for, and the amendment
//! that comes of it. An amendment has an id only while it waits for the studio (AMD-3).

mod address;
mod contact;
mod master;
mod payment;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use address::*;
pub use contact::*;
pub use master::*;
pub use payment::*;

/// What becomes of a change that a member asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub enum AmendmentConfigurationStatus {
    /// It is refused: the data can only be read.
    Read,
    /// It waits until the studio has looked at it.
    ChangesRequireVerification,
    /// It takes effect at once.
    ChangesWithoutVerification,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn amd_1_the_studio_sets_what_becomes_of_changes() {
        let table = [
            (AmendmentConfigurationStatus::Read, "READ"),
            (AmendmentConfigurationStatus::ChangesRequireVerification, "CHANGES_REQUIRE_VERIFICATION"),
            (AmendmentConfigurationStatus::ChangesWithoutVerification, "CHANGES_WITHOUT_VERIFICATION"),
        ];
        for (status, text) in table {
            assert_eq!(serde_json::to_value(status).unwrap(), json!(text));
        }
    }
}
