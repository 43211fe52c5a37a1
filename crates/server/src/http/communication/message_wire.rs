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
pub(in crate::http) const LINE: usize = 255;
/// Longest message, in characters (COM-4).
pub(in crate::http) const CONTENT: usize = 10_000;
/// Longest link, in characters.
const LINK: usize = 2_000;

/// A message as it was sent.
pub(super) fn message(caller: &Caller, sent: &Request) -> Result<Message, Failure> {
    Ok(Message {
        status: status_name(sent.communication_thread_status),
        integration: Some(caller.integration()),
        staff: None,
        ticket_number: optional("ticketNumber", sent.ticket_number.as_deref(), LINE)?,
        subject: filled("subject", &sent.subject, LINE)?,
        content: filled("content", &sent.content, CONTENT)?,
        direction: direction_name(sent.communication_direction),
        ticket_link: optional("ticketLink", sent.ticket_link.as_deref(), LINK)?,
        channel: channel_name(sent.communication_channel),
        agent: optional("agent", sent.agent.as_deref(), LINE)?,
        exchanged_at: sent.communication_date_time.map(|at| at.0),
        // Programs have no word for them.
        attachments: Vec::new(),
    })
}

/// Ties the wire's words to the stored names, both ways.
macro_rules! names {
    ($($to:ident, $of:ident: $type:ident { $($word:ident = $name:literal),+ or $other:ident })+) => {
        $(
            /// The stored name of the wire's word.
            pub(in crate::http) const fn $to(word: $type) -> &'static str {
                match word {
                    $($type::$word => $name,)+
                }
            }

            /// The wire's word for a stored name.
            pub(in crate::http) fn $of(name: &str) -> $type {
                match name {
                    $($name => $type::$word,)+
                    _ => $type::$other,
                }
            }
        )+
    };
}

names! {
    status_name, status_of: Status { Created = "CREATED", Ongoing = "ONGOING", Closed = "CLOSED" or Created }
    direction_name, direction_of: Direction { Incoming = "INCOMING", Outgoing = "OUTGOING" or Incoming }
    channel_name, channel_of: Channel {
        Letter = "LETTER", Email = "EMAIL", TextMessage = "TEXT_MESSAGE", Phone = "PHONE", Fax = "FAX",
        Conversation = "CONVERSATION", Chat = "CHAT", Other = "OTHER" or Other
    }
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
