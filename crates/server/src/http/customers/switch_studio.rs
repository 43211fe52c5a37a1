//! `POST /v1/customers/{customerId}/switch-studio`: moves a customer to another home studio.

use gymkeeper_contract::customers::CustomerStudioSwitchRequest;

use crate::{
    actions::{
        change::Change,
        customer::{self, home},
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
    let description = optional("description", wanted.description.as_deref(), 10_000)?;
    let (target, day) = (wanted.target_studio_id, wanted.switch_date.0);
    home::switch(change, caller, customer, target, day, description.as_deref())?;
    Ok(Answer::empty())
}
