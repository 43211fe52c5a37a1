//! The resource Communication: what customers and the studio tell each other, as staff note it.

use std::sync::Arc;

use gymkeeper_contract::{
    admin::communication::{self as wire, Attachment, MessageRecord, NewMessage, ThreadRecord, ThreadStatusUpdate},
    common::{Slice, UtcDateTime},
    communication::{CommunicationDirection, CommunicationPreference, CommunicationThreadStatus},
    errors::ErrorCode,
    openapi::Described,
};
use gymkeeper_domain::customer::preferences::Wish;
use gymkeeper_store::{
    customer::{
        self, Customer,
        communication::{self as stored, Thread},
        document,
    },
    db::Tx,
    staff,
};

use super::{
    customer_wire::link,
    frame::{Mounted, Reading, personal_read, read, with_links, write},
    member::Member,
};
use crate::{
    actions::{
        change::Change,
        customer::{
            communication::{self as conversations, Message},
            studio,
        },
    },
    http::{
        answer::Answer,
        communication::{
            message_wire::{
                CONTENT, LINE, channel_name, channel_of, direction_name, direction_of, status_name, status_of,
            },
            preference_wire::{list, wishes},
        },
        failure::Failure,
        input::{Input, Json, Parts, PathId, filled, invalid, query_enum},
        links::Links,
        paging::{InventorySlice, JsonSlice},
    },
};

/// The most documents that go with a message.
const MOST_ATTACHMENTS: usize = 20;

/// The operations of the resource.
pub(super) fn operations(links: &Arc<Links>) -> Vec<Mounted> {
    let of_thread = |(PathId(id), _): &(PathId, InventorySlice)| *id;
    let reading = Reading { action: "communication.read", subject: ("communication-thread", of_thread) };
    let preferences = Reading { action: "preferences.read", subject: ("customer", |PathId(id): &PathId| *id) };
    vec![
        read(&wire::LIST_THREADS, list_threads),
        read(&wire::LIST_CUSTOMER_THREADS, list_customer_threads),
        write(&wire::OPEN_THREAD, open_thread),
        personal_read(&wire::LIST_MESSAGES, reading, with_links!(links, list_messages)),
        write(&wire::ADD_MESSAGE, add_message),
        personal_read(&wire::GET_PREFERENCES, preferences, get_preferences),
        write(&wire::SET_PREFERENCES, set_preferences),
        write(&wire::SET_THREAD_STATUS, set_thread_status),
    ]
}

/// The chunk of the list that is asked for, and how the conversations must stand.
struct Listing(InventorySlice, Option<CommunicationThreadStatus>);

impl Input for Listing {
    fn parse(parts: &Parts) -> Result<Self, Failure> {
        Ok(Self(InventorySlice::parse(parts)?, query_enum(&parts.query, "status")?))
    }

    fn describe(described: Described) -> Described {
        let described = InventorySlice::describe(described);
        described.query::<CommunicationThreadStatus>("status", "Only conversations that stand like that.")
    }
}

fn list_threads(
    tx: &mut Tx<'_>,
    member: &Member,
    Listing(InventorySlice(request), status): &Listing,
) -> Result<Answer<Slice<ThreadRecord>>, Failure> {
    let (studio, status) = (member.studio()?.id, status.map(status_name));
    let mut slice = JsonSlice::new(*request);
    for thread in stored::of_studio(tx, member.tenant(), studio, status, request.before(), request.fetch())? {
        slice.push(thread.id, &record(thread))?;
    }
    Ok(slice.finish_by_id())
}

fn list_customer_threads(
    tx: &mut Tx<'_>,
    member: &Member,
    (PathId(id), InventorySlice(request)): &(PathId, InventorySlice),
) -> Result<Answer<Slice<ThreadRecord>>, Failure> {
    let customer = own(tx, member, *id)?;
    let mut slice = JsonSlice::new(*request);
    for thread in stored::of_customer(tx, member.tenant(), customer.id, request.before(), request.fetch())? {
        slice.push(thread.id, &record(thread))?;
    }
    Ok(slice.finish_by_id())
}

fn open_thread(
    change: &mut Change<'_, '_>,
    member: &Member,
    (PathId(id), Json(new)): &(PathId, Json<NewMessage>),
) -> Result<Answer<ThreadRecord>, Failure> {
    let message = message(change, member, new, CommunicationThreadStatus::Created)?;
    let customer = own_alone(change, member, *id)?;
    let entered = conversations::open(change, &customer, &message)?;
    Answer::json(&record(find(change.tx, member, entered.thread)?))
}

fn list_messages(
    links: &Links,
    tx: &mut Tx<'_>,
    member: &Member,
    (PathId(id), InventorySlice(request)): &(PathId, InventorySlice),
) -> Result<Answer<Slice<MessageRecord>>, Failure> {
    let thread = find(tx, member, *id)?;
    let mut slice = JsonSlice::new(*request);
    let messages = stored::messages(tx, member.tenant(), thread.id, request.offset, request.fetch())?;
    let ids: Vec<i64> = messages.iter().flat_map(stored::Message::attached).collect();
    let documents =
        if ids.is_empty() { Vec::new() } else { document::attached(tx, member.tenant(), thread.customer_id, &ids)? };
    let attachment = |id: i64| {
        let found = documents.iter().find(|document| document.id == id)?;
        Some(Attachment {
            document_id: id,
            file_name: found.name.clone(),
            media_type: found.media_type.clone(),
            size: found.size,
            url: link(links, member, found.file_id),
        })
    };
    for message in messages {
        slice.push(
            message.id,
            &MessageRecord {
                id: message.id,
                attachments: message.attached().into_iter().filter_map(attachment).collect(),
                subject: message.subject,
                content: message.content,
                direction: direction_of(&message.direction),
                channel: channel_of(&message.channel),
                agent: message.agent,
                staff_id: message.staff_id,
                ticket_number: message.ticket_number,
                ticket_link: message.ticket_link,
                exchanged_at: UtcDateTime(message.exchanged_at),
            },
        )?;
    }
    Ok(slice.finish_by_id())
}

fn add_message(
    change: &mut Change<'_, '_>,
    member: &Member,
    (PathId(id), Json(new)): &(PathId, Json<NewMessage>),
) -> Result<Answer<ThreadRecord>, Failure> {
    let message = message(change, member, new, CommunicationThreadStatus::Ongoing)?;
    let thread = find(change.tx, member, *id)?;
    let customer = own_alone(change, member, thread.customer_id)?;
    conversations::go_on(change, &customer, thread.id, &message)?;
    Answer::json(&record(find(change.tx, member, *id)?))
}

fn set_thread_status(
    change: &mut Change<'_, '_>,
    member: &Member,
    (PathId(id), Json(ThreadStatusUpdate { status })): &(PathId, Json<ThreadStatusUpdate>),
) -> Result<Answer<ThreadRecord>, Failure> {
    let thread = find(change.tx, member, *id)?;
    let customer = own_alone(change, member, thread.customer_id)?;
    conversations::set_status(change, &customer, thread.id, status_name(*status))?;
    Answer::json(&record(find(change.tx, member, *id)?))
}

fn get_preferences(
    tx: &mut Tx<'_>,
    member: &Member,
    PathId(id): &PathId,
) -> Result<Answer<Vec<CommunicationPreference>>, Failure> {
    own(tx, member, *id)?;
    let home = studio(tx, member.tenant(), member.studio()?.id)?;
    let defaults = &home.definition.communication_preferences;
    Answer::json(&list(&conversations::wanted_messages(tx, member.tenant(), defaults, *id)?))
}

/// As over the API: staff note what the customer says, and what the studio leaves nobody to choose stays as it is (COM-2).
fn set_preferences(
    change: &mut Change<'_, '_>,
    member: &Member,
    (PathId(id), Json(sent)): &(PathId, Json<Vec<CommunicationPreference>>),
) -> Result<Answer<Vec<CommunicationPreference>>, Failure> {
    let customer = own_alone(change, member, *id)?;
    let home = studio(change.tx, change.tenant, customer.studio_id)?;
    let defaults = &home.definition.communication_preferences;
    let (wishes, places): (Vec<Wish<'_>>, Vec<String>) = wishes("", sent)?.into_iter().unzip();
    let place = |index: usize| places.get(index).cloned().unwrap_or_default();
    conversations::choose(change, defaults, &customer, &wishes, place)?;
    Answer::json(&list(&conversations::wanted_messages(change.tx, change.tenant, defaults, *id)?))
}

/// The customer of the studio with that id. Those of other studios are none of its business: 404 as well.
fn own(tx: &mut Tx<'_>, member: &Member, id: i64) -> Result<Customer, Failure> {
    let studio = member.studio()?.id;
    let found = customer::by_id(tx, member.tenant(), id)?;
    let found = found.filter(|customer| customer.studio_id == studio && customer.archived_at.is_none());
    found.ok_or_else(|| ErrorCode::CustomerNotFound.into())
}

/// As [`own`], with other changes of the customer waiting until this one has ended.
fn own_alone(change: &mut Change<'_, '_>, member: &Member, id: i64) -> Result<Customer, Failure> {
    if !customer::hold(change.tx, change.tenant, id)? {
        return Err(ErrorCode::CustomerNotFound.into());
    }
    own(change.tx, member, id)
}

/// The conversation with that id, if it is one with a customer of the studio.
fn find(tx: &mut Tx<'_>, member: &Member, id: i64) -> Result<Thread, Failure> {
    let found = stored::find(tx, member.tenant(), member.studio()?.id, id)?;
    found.ok_or_else(|| ErrorCode::CommunicationThreadNotFound.into())
}

/// What a member of staff notes, under the name of the account.
fn message(
    change: &mut Change<'_, '_>,
    member: &Member,
    new: &NewMessage,
    status: CommunicationThreadStatus,
) -> Result<Message, Failure> {
    if new.document_ids.len() > MOST_ATTACHMENTS {
        return Err(invalid("documentIds"));
    }
    let twice = |place: &usize| new.document_ids[..*place].contains(&new.document_ids[*place]);
    if let Some(place) = (0..new.document_ids.len()).find(twice) {
        return Err(invalid(&format!("documentIds[{place}]")));
    }
    Ok(Message {
        status: status_name(new.status.unwrap_or(status)),
        integration: None,
        staff: Some(member.staff_id()),
        ticket_number: None,
        ticket_link: None,
        subject: filled("subject", &new.subject, LINE)?,
        content: filled("content", &new.content, CONTENT)?,
        direction: direction_name(new.direction.unwrap_or(CommunicationDirection::Outgoing)),
        channel: channel_name(new.channel),
        agent: staff::find(change.tx, change.tenant, member.staff_id())?.map(|account| account.name),
        exchanged_at: None,
        attachments: new.document_ids.clone(),
    })
}

fn record(thread: Thread) -> ThreadRecord {
    ThreadRecord {
        id: thread.id,
        status: status_of(&thread.status),
        customer_id: thread.customer_id,
        first_name: thread.first_name,
        last_name: thread.last_name,
        subject: thread.subject,
        last_message_at: UtcDateTime(thread.last_message_at),
    }
}
