//! `POST /v1/communications/{customerId}/threads`: a conversation begins with a first message.

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

pub(super) fn create_communication_in_new_communication_thread(
    change: &mut Change<'_, '_>,
    caller: &Caller,
    (PathId(id), Json(sent)): &(PathId, Json<CommunicationThreadRequest>),
) -> Result<Answer<CommunicationThreadResponse<'static>>, Failure> {
    let customer = customer::own_alone(change, caller, *id)?;
    let message = message(caller, sent)?;
    let ids = communication::open(change, &customer, &message)?;
    Answer::json(&entered(*id, ids, sent, &message))
}
