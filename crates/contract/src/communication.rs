//! Requests and answers of the group Customers Communication: conversations, and which messages customers want.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::common::RequestInstant;

/// A message that begins a conversation or goes on with one.
// COM-1, COM-4
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CommunicationThreadRequest {
    /// How the conversation stands with this message.
    pub communication_thread_status: CommunicationThreadStatus,
    /// The number of the ticket in the system of the caller.
    pub ticket_number: Option<String>,
    /// What the message is about.
    pub subject: String,
    /// The message itself.
    pub content: String,
    /// Who wrote to whom.
    pub communication_direction: CommunicationDirection,
    /// Where the ticket is found in the system of the caller.
    pub ticket_link: Option<String>,
    /// The way the message took.
    pub communication_channel: CommunicationChannel,
    /// The person who dealt with the customer.
    pub agent: Option<String>,
    /// When the message was exchanged. Left out for now.
    pub communication_date_time: Option<RequestInstant>,
}

/// A message that was entered, with its conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CommunicationThreadResponse<'a> {
    /// The id of the customer.
    pub customer_id: i64,
    /// The id of the message.
    pub communication_id: i64,
    /// The id of the conversation.
    pub thread_id: i64,
    /// How the conversation stands.
    pub communication_thread_status: CommunicationThreadStatus,
    /// The number of the ticket in the system of the caller.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ticket_number: Option<&'a str>,
    /// What the message is about.
    pub subject: &'a str,
    /// The message itself.
    pub content: &'a str,
    /// Who wrote to whom.
    pub communication_direction: CommunicationDirection,
    /// Where the ticket is found in the system of the caller.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ticket_link: Option<&'a str>,
    /// The way the message took.
    pub communication_channel: CommunicationChannel,
    /// The person who dealt with the customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<&'a str>,
}

/// How a conversation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub enum CommunicationThreadStatus {
    /// It is new.
    Created,
    /// It goes on.
    Ongoing,
    /// It is over.
    Closed,
}

/// Who wrote to whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub enum CommunicationDirection {
    /// The customer to the gym.
    Incoming,
    /// The gym to the customer.
    Outgoing,
}

/// A way to reach a customer.
// COM-3
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub enum CommunicationChannel {
    /// A letter.
    Letter,
    /// An e-mail.
    Email,
    /// A text message to a phone.
    TextMessage,
    /// A telephone call.
    Phone,
    /// A fax.
    Fax,
    /// A talk face to face.
    Conversation,
    /// A chat.
    Chat,
    /// Any other way.
    Other,
}

/// What messages are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub enum MessageCategory {
    /// The contract.
    Contract,
    /// Anything else.
    General,
    /// Appointments.
    Appointment,
    /// News of the gym.
    Newsletter,
    /// The programme that rewards loyal members.
    LoyaltyProgram,
}

/// How a customer wants to get messages of one category.
// COM-2: a PUT changes the categories and channels that it names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CommunicationPreference {
    /// What the messages are about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_category: Option<MessageCategory>,
    /// The ways, each of which is wanted or not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channels: Option<Vec<CommunicationChannelWrapper>>,
}

/// Whether messages may take a way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CommunicationChannelWrapper {
    /// The way.
    pub communication_channel: CommunicationChannel,
    /// Whether the customer can choose. Ignored in requests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_overridable: Option<bool>,
    /// Whether messages take this way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, from_value, json, to_value};

    use super::*;

    fn least() -> Value {
        json!({
            "communicationThreadStatus": "CREATED",
            "subject": "Towels",
            "content": "Where are they?",
            "communicationDirection": "INCOMING",
            "communicationChannel": "TEXT_MESSAGE"
        })
    }

    #[test]
    fn com_1_a_message_needs_five_fields() {
        let mut sent = least();
        sent["ticketNumber"] = Value::Null;
        let request: CommunicationThreadRequest = from_value(sent).unwrap();
        assert_eq!((request.ticket_number, request.communication_date_time), (None, None));
        assert_eq!(request.communication_channel, CommunicationChannel::TextMessage);
        for field in least().as_object().unwrap().keys() {
            let mut without = least();
            without.as_object_mut().unwrap().remove(field);
            assert!(from_value::<CommunicationThreadRequest>(without).is_err(), "{field}");
        }
    }

    #[test]
    fn com_1_the_time_of_a_message_may_be_given() {
        let mut sent = least();
        sent["communicationDateTime"] = json!("2026-01-05T08:00:00.000+01:00[Europe/Berlin]");
        let request: CommunicationThreadRequest = from_value(sent).unwrap();
        assert_eq!(request.communication_date_time.unwrap().0.to_string(), "2026-01-05T07:00:00Z");
    }

    #[test]
    fn a_stored_message_is_answered_with_its_ids() {
        let response = CommunicationThreadResponse {
            customer_id: 1,
            communication_id: 2,
            thread_id: 3,
            communication_thread_status: CommunicationThreadStatus::Ongoing,
            ticket_number: None,
            subject: "Towels",
            content: "Here.",
            communication_direction: CommunicationDirection::Outgoing,
            ticket_link: Some("https://example.org/7"),
            communication_channel: CommunicationChannel::Email,
            agent: None,
        };
        let expected = json!({
            "customerId": 1,
            "communicationId": 2,
            "threadId": 3,
            "communicationThreadStatus": "ONGOING",
            "subject": "Towels",
            "content": "Here.",
            "communicationDirection": "OUTGOING",
            "ticketLink": "https://example.org/7",
            "communicationChannel": "EMAIL"
        });
        assert_eq!(to_value(response).unwrap(), expected);
    }

    #[test]
    fn com_2_preferences_are_read_as_they_are_written() {
        let sent = json!([
            {"messageCategory": "LOYALTY_PROGRAM", "channels": [{"communicationChannel": "LETTER", "active": true}]},
            {"channels": [{"communicationChannel": "PHONE", "customerOverridable": false, "active": false}]},
            {}
        ]);
        let preferences: Vec<CommunicationPreference> = from_value(sent.clone()).unwrap();
        assert_eq!(to_value(preferences).unwrap(), sent);
        assert!(from_value::<CommunicationPreference>(json!({"channels": [{"active": true}]})).is_err());
    }
}
