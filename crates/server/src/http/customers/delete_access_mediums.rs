//! `DELETE /v1/customers/{customerId}/access-mediums/{accessMediumId}`: takes an access medium away.

use crate::{
    actions::{
        change::Change,
        customer::{
            self,
            access::{self, Whose},
        },
    },
    http::{
        answer::{Answer, Nothing},
        caller::Caller,
        failure::Failure,
        input::PathId,
    },
};

pub(super) fn delete_access_mediums(
    change: &mut Change<'_, '_>,
    caller: &Caller,
    (PathId(id), PathId(medium)): &(PathId, PathId<1>),
) -> Result<Answer<Nothing>, Failure> {
    let customer = customer::own_alone(change, caller, *id)?;
    access::remove_medium(change, &customer, *medium, Whose::Programs)?;
    Ok(Answer::empty())
}
