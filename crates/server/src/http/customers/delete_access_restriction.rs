//! `DELETE /v1/customers/{customerId}/access-restrictions`: removes the calling program's restriction.

use crate::{
    actions::{
        change::Change,
        customer::{self, access},
    },
    http::{
        answer::{Answer, Nothing},
        caller::Caller,
        failure::Failure,
        input::PathId,
    },
};

pub(super) fn delete_access_restriction(
    change: &mut Change<'_, '_>,
    caller: &Caller,
    PathId(id): &PathId,
) -> Result<Answer<Nothing>, Failure> {
    let customer = customer::own_alone(change, caller, *id)?;
    access::remove_restriction(change, caller, &customer)?;
    Ok(Answer::empty())
}
