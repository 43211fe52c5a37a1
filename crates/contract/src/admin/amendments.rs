//! Changes that customers asked for, and what staff decide about them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::common::UtcDateTime;

super::resource! {
    "Amendments": "Changes that customers asked for and that wait for staff." {
        LIST_AMENDMENTS = "listAmendments" Get "/studios/{studioId}/amendments" CustomersRead: "List the changes that wait";
        LIST_CUSTOMER_AMENDMENTS = "listCustomerAmendments" Get "/studios/{studioId}/customers/{customerId}/amendments" CustomersRead: "List a customer's changes that wait";
        GET_AMENDMENT = "getAmendment" Get "/studios/{studioId}/amendments/{amendmentId}" AmendmentsDecide: "Read what would become different";
        ACCEPT_AMENDMENT = "acceptAmendment" Post "/studios/{studioId}/amendments/{amendmentId}/accept" AmendmentsDecide: "Make the data what was asked for";
        REJECT_AMENDMENT = "rejectAmendment" Post "/studios/{studioId}/amendments/{amendmentId}/reject" AmendmentsDecide: "Leave the data as they are";
    }
}

/// What a change is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub enum AmendmentKindName {
    /// E-mail address and telephone numbers.
    ContactData,
    /// The address.
    AddressData,
    /// Names, birth, gender, title.
    MasterData,
    /// The bank account.
    PaymentData,
}

/// How it stands with a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub enum AmendmentStateName {
    /// It waits for staff.
    Pending,
    /// Staff accepted it.
    Applied,
    /// Staff rejected it.
    Rejected,
    /// The customer took it back.
    Withdrawn,
}

/// A change in a list, without what was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AmendmentEntry {
    /// The id of the change.
    pub id: i64,
    /// The id of the customer who asked for it.
    pub customer_id: i64,
    /// The number of that customer.
    pub customer_number: String,
    /// What it is about.
    pub kind: AmendmentKindName,
    /// When the customer asked for it.
    pub requested_at: UtcDateTime,
}

/// A change with what would become different.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AmendmentRecord {
    /// The id of the change.
    pub id: i64,
    /// The id of the customer who asked for it.
    pub customer_id: i64,
    /// The number of that customer.
    pub customer_number: String,
    /// What it is about.
    pub kind: AmendmentKindName,
    /// How it stands with it.
    pub state: AmendmentStateName,
    /// When the customer asked for it.
    pub requested_at: UtcDateTime,
    /// What would become different now. Left out once it is decided, because what was asked for is then forgotten.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changes: Option<Vec<AmendedField>>,
    /// Whether a new bank account was signed for. Left out of other kinds, and once it is decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed: Option<bool>,
    /// When it was decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<UtcDateTime>,
    /// Who decided, as the journal names them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decided_by: Option<String>,
    /// The note or the reason of whoever decided. The customer does not see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A field that would become different. Of an IBAN only the first four and the last two characters are shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AmendedField {
    /// The name of the field.
    pub field: String,
    /// What it is now. Left out where it has no value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// What it would be. Left out where it would be cleared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

/// What is noted about an acceptance.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Acceptance {
    /// A note for colleagues, of up to 1,000 characters.
    pub note: Option<String>,
}

/// Why a change is rejected.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Rejection {
    /// The reason, of up to 1,000 characters. The customer does not see it.
    pub reason: String,
}
