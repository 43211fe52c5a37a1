//! Conversations with customers, as staff keep them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    common::UtcDateTime,
    communication::{CommunicationChannel, CommunicationDirection, CommunicationThreadStatus},
};

super::resource! {
    "Communication": "What customers and the studio tell each other. Nothing is really sent: it is noted." {
        LIST_THREADS = "listThreads" Get "/studios/{studioId}/threads" CustomersRead: "List conversations of a studio, newest first";
        LIST_CUSTOMER_THREADS = "listCustomerThreads" Get "/studios/{studioId}/customers/{customerId}/threads" CustomersRead: "List conversations with a customer, newest first";
        OPEN_THREAD = "openThread" Post "/studios/{studioId}/customers/{customerId}/threads" CommunicationWrite: "Begin a conversation with a customer";
        LIST_MESSAGES = "listMessages" Get "/studios/{studioId}/threads/{threadId}/messages" CustomersRead: "Read the messages of a conversation";
        ADD_MESSAGE = "addMessage" Post "/studios/{studioId}/threads/{threadId}/messages" CommunicationWrite: "Answer in a conversation";
        GET_PREFERENCES = "getPreferences" Get "/studios/{studioId}/customers/{customerId}/communication-preferences" CustomersRead: "Which messages a customer gets";
        SET_PREFERENCES = "setPreferences" Put "/studios/{studioId}/customers/{customerId}/communication-preferences" CommunicationWrite: "Note which messages a customer wants";
        SET_THREAD_STATUS = "setThreadStatus" Put "/studios/{studioId}/threads/{threadId}/status" CommunicationWrite: "Close a conversation, or open it again";
    }
}

/// A conversation with a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ThreadRecord {
    /// The id of the conversation.
    pub id: i64,
    /// How it stands.
    pub status: CommunicationThreadStatus,
    /// The customer.
    pub customer_id: i64,
    /// The first name of the customer.
    pub first_name: String,
    /// The last name of the customer.
    pub last_name: String,
    /// What the first message was about.
    pub subject: String,
    /// When the last message was exchanged.
    pub last_message_at: UtcDateTime,
}

/// A message of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MessageRecord {
    /// The id of the message.
    pub id: i64,
    /// What it is about.
    pub subject: String,
    /// The message itself.
    pub content: String,
    /// Who wrote to whom.
    pub direction: CommunicationDirection,
    /// The way it took.
    pub channel: CommunicationChannel,
    /// The person who dealt with the customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// The account that noted it. Left out for messages that a program entered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub staff_id: Option<i64>,
    /// The number of the ticket in the system of the program that entered it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ticket_number: Option<String>,
    /// Where the ticket is found there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ticket_link: Option<String>,
    /// When it was exchanged.
    pub exchanged_at: UtcDateTime,
    /// The documents of the customer that go with it.
    pub attachments: Vec<Attachment>,
}

/// A document that goes with a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Attachment {
    /// The id of the document.
    pub document_id: i64,
    /// The name of the file.
    pub file_name: String,
    /// What its content is, such as `application/pdf`.
    pub media_type: String,
    /// How large it is, in bytes.
    pub size: i64,
    /// Where it can be fetched, for a quarter of an hour.
    pub url: String,
}

/// A message that a member of staff notes. It is exchanged now.
#[derive(Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewMessage {
    /// What it is about; at most 255 characters.
    pub subject: String,
    /// The message itself; at most 10,000 characters.
    pub content: String,
    /// The way it takes.
    pub channel: CommunicationChannel,
    /// Who writes to whom; `OUTGOING`, to the customer, when left out.
    #[serde(default)]
    pub direction: Option<CommunicationDirection>,
    /// How the conversation stands with it. Left out, a new one is `CREATED` and any other one `ONGOING`.
    #[serde(default)]
    pub status: Option<CommunicationThreadStatus>,
    /// The ids of documents of the customer that go with it, at most 20.
    #[serde(default)]
    pub document_ids: Vec<i64>,
}

/// How a conversation is to stand.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ThreadStatusUpdate {
    /// How it stands from now on.
    pub status: CommunicationThreadStatus,
}
