//! What customers and the studio tell each other, and which messages customers want (COM-1 to COM-4).

use gymkeeper_contract::{errors::ErrorCode, webhooks::Event};
use gymkeeper_domain::customer::preferences::{
    Choice, MessageCategory, Preference, PreferenceChannel, PreferenceDefaults, PreferenceRefusal, Wish, changes,
    preferences,
};
use gymkeeper_store::{
    customer::{
        Customer,
        communication::{self, Communication},
        document,
    },
    db::{DbError, Tx},
    tenant::TenantId,
};
use jiff::Timestamp;

use super::deed;
use crate::{
    actions::change::Change,
    http::failure::{Failure, Refusal},
};

/// A message as a program or somebody of the studio enters it.
#[derive(Clone)]
pub struct Message {
    /// How the conversation stands with it: `CREATED`, `ONGOING` or `CLOSED`.
    pub status: &'static str,
    /// The integration that enters it.
    pub integration: Option<i64>,
    /// The account of whoever enters it.
    pub staff: Option<i64>,
    /// The number of the ticket elsewhere.
    pub ticket_number: Option<String>,
    /// Where the ticket is found.
    pub ticket_link: Option<String>,
    /// What it is about.
    pub subject: String,
    /// What was said.
    pub content: String,
    /// `INCOMING` from the customer, `OUTGOING` to the customer.
    pub direction: &'static str,
    /// The way it took.
    pub channel: &'static str,
    /// Who dealt with the customer.
    pub agent: Option<String>,
    /// When it was exchanged; now when nothing is said.
    pub exchanged_at: Option<Timestamp>,
    /// The documents of the customer that go with it.
    pub attachments: Vec<i64>,
}

/// The ids of an entered message and its conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entered {
    /// The conversation.
    pub thread: i64,
    /// The message.
    pub communication: i64,
}

/// Opens a conversation with a first message (COM-1).
///
/// # Errors
/// Refuses a message of the future (COM-4), and documents that are not this customer's.
pub fn open(change: &mut Change<'_, '_>, customer: &Customer, message: &Message) -> Result<Entered, Failure> {
    refuse_future(change, message)?;
    refuse_foreign(change, customer, message)?;
    let thread = change.tx.next_id()?;
    communication::insert_thread(change.tx, change.tenant, thread, customer.id, message.status)?;
    enter(change, customer, thread, None, message)
}

/// Adds a message to a conversation, and says how it stands now (COM-1). A closed one may be opened again.
///
/// # Errors
/// Refuses a conversation or documents that are not this customer's, and a message of the future.
pub fn go_on(
    change: &mut Change<'_, '_>,
    customer: &Customer,
    thread: i64,
    message: &Message,
) -> Result<Entered, Failure> {
    let found = communication::thread(change.tx, change.tenant, thread)?.filter(|(of, _)| *of == customer.id);
    let (_, status) = found.ok_or(ErrorCode::CommunicationThreadNotFound)?;
    refuse_future(change, message)?;
    refuse_foreign(change, customer, message)?;
    communication::set_status(change.tx, change.tenant, thread, message.status)?;
    enter(change, customer, thread, Some(&status), message)
}

/// Says how a conversation stands without a message, and answers whether that is anything new.
///
/// # Errors
/// Refuses a conversation that is not there.
pub fn set_status(
    change: &mut Change<'_, '_>,
    customer: &Customer,
    thread: i64,
    status: &'static str,
) -> Result<bool, Failure> {
    let found = communication::thread(change.tx, change.tenant, thread)?.filter(|(of, _)| *of == customer.id);
    let (_, before) = found.ok_or(ErrorCode::CommunicationThreadNotFound)?;
    if before == status {
        return Ok(false);
    }
    communication::set_status(change.tx, change.tenant, thread, status)?;
    let deed = deed("communication.status-changed", customer).field("threadId", (), thread);
    change.record(deed.field("threadStatus", before, status));
    Ok(true)
}

/// COM-4.
fn refuse_future(change: &Change<'_, '_>, message: &Message) -> Result<(), Failure> {
    if message.exchanged_at.is_some_and(|at| at > change.now) {
        return Err(Refusal::new(ErrorCode::CommunicationDateTimeInFuture).at("communicationDateTime").into());
    }
    Ok(())
}

fn refuse_foreign(change: &mut Change<'_, '_>, customer: &Customer, message: &Message) -> Result<(), Failure> {
    if message.attachments.is_empty() {
        return Ok(());
    }
    let own = document::attached(change.tx, change.tenant, customer.id, &message.attachments)?;
    match message.attachments.iter().position(|id| own.iter().all(|document| document.id != *id)) {
        None => Ok(()),
        Some(place) => Err(Refusal::new(ErrorCode::DocumentNotFound).at(format!("documentIds[{place}]")).into()),
    }
}

fn enter(
    change: &mut Change<'_, '_>,
    customer: &Customer,
    thread: i64,
    status_before: Option<&str>,
    message: &Message,
) -> Result<Entered, Failure> {
    let m = message.clone();
    let entered = Communication {
        id: change.tx.next_id()?,
        thread_id: thread,
        integration_id: m.integration,
        staff_id: m.staff,
        ticket_number: m.ticket_number,
        ticket_link: m.ticket_link,
        subject: m.subject,
        content: m.content,
        direction: m.direction,
        channel: m.channel,
        agent: m.agent,
        exchanged_at: m.exchanged_at.unwrap_or(change.now),
        attachments: m.attachments,
    };
    let now = change.now;
    communication::insert(change.tx, change.tenant, &entered, now)?;
    let deed = deed("communication.entered", customer)
        .field("communicationId", (), entered.id)
        .field("threadId", (), thread)
        .field("threadStatus", status_before, message.status)
        .personal_field("content");
    change.record(deed);
    Ok(Entered { thread, communication: entered.id })
}

/// Which messages a customer gets, by all categories and channels (COM-2, COM-3).
///
/// # Errors
/// The database's.
pub fn wanted_messages(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    defaults: &PreferenceDefaults,
    customer: i64,
) -> Result<[Preference; 5], DbError> {
    Ok(preferences(defaults, &choices(tx, tenant, customer)?))
}

/// Changes which messages a customer gets, and answers whether that made a difference (COM-2). The customer must be held.
///
/// # Errors
/// Refuses a channel without preferences and a choice that the studio does not leave to customers. The wishes tell where they stood
/// in the request by `place`, which makes the reference.
pub fn choose(
    change: &mut Change<'_, '_>,
    defaults: &PreferenceDefaults,
    customer: &Customer,
    wishes: &[Wish<'_>],
    place: impl Fn(usize) -> String,
) -> Result<bool, Failure> {
    let present = choices(change.tx, change.tenant, customer.id)?;
    let fresh = changes(defaults, &present, wishes).map_err(|refusal| match refusal {
        PreferenceRefusal::ChannelNotKept { index } => {
            let field = format!("{}.communicationChannel", place(index));
            Refusal::new(ErrorCode::ValidationFieldInvalid).with_text(field.clone()).at(field)
        }
        PreferenceRefusal::NotOverridable { index } => {
            Refusal::new(ErrorCode::CommunicationPreferenceNotOverridable).at(format!("{}.active", place(index)))
        }
    })?;
    if fresh.is_empty() {
        return Ok(false);
    }
    let mut deed = deed("customer.communication-preferences-changed", customer)
        .event(Event::CustomerCommunicationPreferencesUpdated { customer_id: customer.id });
    for Choice { category, channel, active } in fresh {
        let (category, channel) = (category.name(), channel.name());
        communication::set_preference(change.tx, change.tenant, customer.id, category, channel, active)?;
        deed = deed.field(&format!("{category}.{channel}"), !active, active);
    }
    change.record(deed);
    Ok(true)
}

/// The choices a customer has made. A category or channel that this version does not know is none.
fn choices(tx: &mut Tx<'_>, tenant: TenantId, customer: i64) -> Result<Vec<Choice>, DbError> {
    let known = |(category, channel, active): (String, String, bool)| {
        let (category, channel) = (MessageCategory::of_name(&category)?, PreferenceChannel::of_name(&channel)?);
        Some(Choice { category, channel, active })
    };
    Ok(communication::preferences(tx, tenant, customer)?.into_iter().filter_map(known).collect())
}
