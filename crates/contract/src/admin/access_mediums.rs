//! What customers show at the door, as staff hand it out.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::customers::AccessMediumType;

super::resource! {
    "Access media": "Cards, PINs, barcodes and passes by which customers are recognised. They are shown with the customer." {
        ADD_ACCESS_MEDIUM = "addAccessMedium" Post "/studios/{studioId}/customers/{customerId}/access-mediums" CustomersWrite: "Give a customer an access medium";
        CHANGE_ACCESS_MEDIUM = "changeAccessMedium" Put "/studios/{studioId}/customers/{customerId}/access-mediums/{accessMediumId}" CustomersWrite: "Give an access medium another value";
        REMOVE_ACCESS_MEDIUM = "removeAccessMedium" Delete "/studios/{studioId}/customers/{customerId}/access-mediums/{accessMediumId}" CustomersWrite: "Take an access medium away";
    }
}

/// An access medium as it is handed out.
// CUST-12, CUST-18. Without Debug: a PIN must not get into a log.
#[derive(Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewAccessMedium {
    /// What kind of thing it is.
    #[serde(rename = "type")]
    pub kind: AccessMediumType,
    /// What is read from it; the number of a card in decimal digits. Nobody else of the operator's customers may have it.
    pub value: String,
}

/// Another value of an access medium.
// Without Debug: a PIN must not get into a log.
#[derive(Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AccessMediumValue {
    /// What is read from it from now on.
    pub value: String,
}
