//! `GET /v1/communications/{customerId}/communication-preferences`: which messages a customer gets.

use gymkeeper_contract::communication::CommunicationPreference;
use gymkeeper_store::db::Tx;

use super::preference_wire::list;
use crate::{
    actions::customer::{self, communication},
    http::{answer::Answer, caller::Caller, failure::Failure, input::PathId},
};

pub(super) fn get_communication_preferences(
    tx: &mut Tx<'_>,
    caller: &Caller,
    PathId(id): &PathId,
) -> Result<Answer<Vec<CommunicationPreference>>, Failure> {
    let customer = customer::own(tx, caller, *id)?;
    let home = customer::studio(tx, caller.tenant(), customer.studio_id)?;
    let defaults = &home.definition.communication_preferences;
    Answer::json(&list(&communication::wanted_messages(tx, caller.tenant(), defaults, *id)?))
}
