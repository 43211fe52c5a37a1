//! `PUT /v1/communications/{customerId}/communication-preferences`: a customer wants other messages.

use gymkeeper_contract::communication::CommunicationPreference;
use gymkeeper_domain::customer::preferences::Wish;

use super::preference_wire::{list, wishes};
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

pub(super) fn update_communication_preferences(
    change: &mut Change<'_, '_>,
    caller: &Caller,
    (PathId(id), Json(sent)): &(PathId, Json<Vec<CommunicationPreference>>),
) -> Result<Answer<Vec<CommunicationPreference>>, Failure> {
    let customer = customer::own_alone(change, caller, *id)?;
    let home = customer::studio(change.tx, change.tenant, customer.studio_id)?;
    let defaults = &home.definition.communication_preferences;
    let (wishes, places): (Vec<Wish<'_>>, Vec<String>) = wishes("", sent)?.into_iter().unzip();
    let place = |index: usize| places.get(index).cloned().unwrap_or_default();
    communication::choose(change, defaults, &customer, &wishes, place)?;
    Answer::json(&list(&communication::wanted_messages(change.tx, change.tenant, defaults, *id)?))
}
