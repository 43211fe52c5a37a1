//! Messages between the words of the wire and those of the actions.

use gymkeeper_contract::communication::{
    CommunicationChannel as Channel, CommunicationDirection as Direction, CommunicationThreadRequest as Request,
    CommunicationThreadResponse as Response, CommunicationThreadStatus as Status,
};

use crate::{
    actions::customer::communication::{Entered, Message},
    http::{
        caller::Caller,
        failure::Failure,
        input::{filled, optional},
    },
};

/// Longest subject, name and number, in characters (COM-4).
const LINE: usize = 255;
/// Longest message, in characters (COM-4).
const CONTENT: usize = 10_000;
/// Longest link, in characters.
const LINK: usize = 2_000;

/// A message as it was sent.
pub(super) fn message(caller: &Caller, sent: &Request) -> Result<Message, Failure> {
    Ok(Message {
        status: match sent.communication_thread_status {
            Status::Created => "CREATED",
            Status::Ongoing => "ONGOING",
            Status::Closed => "CLOSED",
        },
        integration: Some(caller.integration()),
        ticket_number: optional("ticketNumber", sent.ticket_number.as_deref(), LINE)?,
        subject: filled("subject", &sent.subject, LINE)?,
        content: filled("content", &sent.content, CONTENT)?,
        direction: match sent.communication_direction {
            Direction::Incoming => "INCOMING",
            Direction::Outgoing => "OUTGOING",
        },
        ticket_link: optional("ticketLink", sent.ticket_link.as_deref(), LINK)?,
        channel: match sent.communication_channel {
            Channel::Letter => "LETTER",
            Channel::Email => "EMAIL",
            Channel::TextMessage => "TEXT_MESSAGE",
            Channel::Phone => "PHONE",
            Channel::Fax => "FAX",
            Channel::Conversation => "CONVERSATION",
            Channel::Chat => "CHAT",
            Channel::Other => "OTHER",
        },
        agent: optional("agent", sent.agent.as_deref(), LINE)?,
        exchanged_at: sent.communication_date_time.map(|at| at.0),
    })
}

/// The answer to a message that was entered.
pub(super) fn entered<'a>(customer: i64, entered: Entered, sent: &Request, message: &'a Message) -> Response<'a> {
    Response {
        customer_id: customer,
        communication_id: entered.communication,
        thread_id: entered.thread,
        communication_thread_status: sent.communication_thread_status,
        ticket_number: message.ticket_number.as_deref(),
        subject: &message.subject,
        content: &message.content,
        communication_direction: sent.communication_direction,
        ticket_link: message.ticket_link.as_deref(),
        communication_channel: sent.communication_channel,
        agent: message.agent.as_deref(),
    }
}
