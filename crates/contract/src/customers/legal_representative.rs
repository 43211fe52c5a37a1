//! Who acts for a customer who is not of age.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::common::LocalDate;

/// The person who will act for a customer.
// Only `type` and `person` were seen in documents; the other names are the likeliest.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LegalRepresentativeRequest {
    /// Whether the person is a customer, too.
    #[serde(rename = "type")]
    pub kind: LegalRepresentativeType,
    /// The person, for `EXTERNAL_PERSON`.
    pub person: Option<LegalRepresentativePerson>,
    /// The id of the customer who will act, for `EXISTING_CUSTOMER`.
    pub customer_id: Option<i64>,
    /// Whether nobody else may act for the customer.
    pub only_legal_guardian: Option<bool>,
    /// Whether messages and bills go to the person instead of the customer.
    pub communication_to_legal_representative: Option<bool>,
    /// The signature of the person for the contract: an SVG drawing, in Base64 or as it is.
    pub first_signature: Option<String>,
}

/// Whether a legal representative is a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub enum LegalRepresentativeType {
    /// A customer of the gym.
    ExistingCustomer,
    /// Somebody the gym does not know.
    ExternalPerson,
}

/// A legal representative whom the gym does not know.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(extend("additionalProperties" = true))]
pub struct LegalRepresentativePerson {
    /// The first name.
    pub first_name: Option<String>,
    /// The family name.
    pub last_name: Option<String>,
    /// The day of birth.
    pub date_of_birth: Option<LocalDate>,
    /// The e-mail address.
    pub email: Option<String>,
}

#[cfg(test)]
mod tests {
    use serde_json::{from_value, json};

    use super::*;

    #[test]
    fn a_representative_is_a_customer_or_a_stranger() {
        let sent = json!({"type": "EXISTING_CUSTOMER", "customerId": 7, "person": null});
        let known: LegalRepresentativeRequest = from_value(sent).unwrap();
        assert_eq!((known.kind, known.customer_id), (LegalRepresentativeType::ExistingCustomer, Some(7)));
        assert_eq!(known.person, None);
        let sent = json!({"type": "EXTERNAL_PERSON", "person": {"firstName": "Ada", "shoeSize": 42}});
        let stranger: LegalRepresentativeRequest = from_value(sent).unwrap();
        assert_eq!(stranger.person.unwrap().first_name.as_deref(), Some("Ada"));
        assert!(from_value::<LegalRepresentativeRequest>(json!({"customerId": 7})).is_err());
    }
}
