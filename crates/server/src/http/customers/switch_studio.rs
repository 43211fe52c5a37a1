//! `POST /v1/customers/{customerId}/switch-studio`: moves a customer to another home studio.

use gymkeeper_contract::customers::CustomerStudioSwitchRequest;
use gymkeeper_store::keys;

use crate::{
    actions::{
        change::Change,
        customer::{
            self,
            home::{self, Move},
        },
    },
    http::{
        answer::{Answer, Nothing},
        caller::Caller,
        failure::Failure,
        input::{Json, PathId, optional},
    },
};

pub(super) fn switch_studio(
    change: &mut Change<'_, '_>,
    caller: &Caller,
    (PathId(id), Json(wanted)): &(PathId, Json<CustomerStudioSwitchRequest>),
) -> Result<Answer<Nothing>, Failure> {
    let customer = customer::own_alone(change, caller, *id)?;
    let description = optional("description", wanted.description.as_deref(), home::LONGEST_DESCRIPTION)?;
    let (target, day) = (wanted.target_studio_id, wanted.switch_date.0);
    let moving = Move { target, day, description: description.as_deref() };
    home::switch(change, customer, moving, caller.today(), |change, target| {
        let active = keys::studios_of(change.tx, change.tenant, caller.integration(), change.system_now())?;
        Ok(active.contains(&target))
    })?;
    Ok(Answer::empty())
}
