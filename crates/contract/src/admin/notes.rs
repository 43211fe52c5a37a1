//! Notes about customers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::common::UtcDateTime;

super::resource! {
    "Notes": "What staff note about customers. Programs and members do not see it." {
        LIST_CUSTOMER_NOTES = "listCustomerNotes" Get "/studios/{studioId}/customers/{customerId}/notes" CustomersRead: "Read the notes about a customer";
        ADD_CUSTOMER_NOTE = "addCustomerNote" Post "/studios/{studioId}/customers/{customerId}/notes" CustomersWrite: "Note something about a customer";
        CORRECT_CUSTOMER_NOTE = "correctCustomerNote" Put "/studios/{studioId}/customers/{customerId}/notes/{noteId}" CustomersWrite: "Correct a note";
        REMOVE_CUSTOMER_NOTE = "removeCustomerNote" Delete "/studios/{studioId}/customers/{customerId}/notes/{noteId}" CustomersWrite: "Remove a note";
    }
}

/// What a note says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NoteText {
    /// The text, of up to 4,000 characters.
    pub text: String,
}

/// A note about a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct NoteRecord {
    /// The id of the note.
    pub id: i64,
    /// `NOTE` for what somebody wrote; other kinds are made by the server and stay as they are, such as `STUDIO_SWITCH`.
    pub kind: String,
    /// What it says.
    pub text: String,
    /// Who wrote it, as the journal names them.
    pub author: String,
    /// The name of that account of staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author_name: Option<String>,
    /// When it was written.
    pub created_at: UtcDateTime,
    /// Who corrected it last. Left out where nobody did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corrected_by: Option<String>,
    /// The name of that account of staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corrected_by_name: Option<String>,
    /// When it was corrected last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corrected_at: Option<UtcDateTime>,
}
