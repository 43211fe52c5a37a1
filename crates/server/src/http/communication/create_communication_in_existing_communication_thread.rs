//! `PUT /v1/communications/{customerId}/threads/{threadId}`: a conversation goes on.

use gymkeeper_contract::communication::{CommunicationThreadRequest, CommunicationThreadResponse};

use super::message_wire::{entered, message};
use crate::{
    actions::{
        change::Change,
        customer::{self, communication},
    },
    http::{
        answer::Answer,
        caller::Caller,
        failure::Failure,
        input::{Json, PathId},
    },
};

pub(super) fn create_communication_in_existing_communication_thread(
    change: &mut Change<'_, '_>,
    caller: &Caller,
    ((PathId(id), PathId(thread)), Json(sent)): &((PathId, PathId<1>), Json<CommunicationThreadRequest>),
) -> Result<Answer<CommunicationThreadResponse<'static>>, Failure> {
    let customer = customer::own_alone(change, caller, *id)?;
    let message = message(caller, sent)?;
    let ids = communication::go_on(change, &customer, *thread, &message)?;
    Answer::json(&entered(*id, ids, sent, &message))
}
