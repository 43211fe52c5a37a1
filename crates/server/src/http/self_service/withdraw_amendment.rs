//! `DELETE /v1/customers/{customerId}/self-service/amendment/{amendmentId}`: a member takes back what was asked for.

use crate::{
    actions::{
        change::Change,
        customer::{self, amendment},
    },
    http::{
        answer::{Answer, Nothing},
        caller::Caller,
        failure::Failure,
        input::PathId,
    },
};

pub(super) fn withdraw_amendment(
    change: &mut Change<'_, '_>,
    caller: &Caller,
    (PathId(id), PathId(amendment)): &(PathId, PathId<1>),
) -> Result<Answer<Nothing>, Failure> {
    let customer = customer::own_alone(change, caller, *id)?;
    amendment::withdraw(change, &customer, *amendment)?;
    Ok(Answer::empty())
}
