//! `POST /v1/customers/contracts/{contractId}/leave-family-contract`: a contract leaves its family and ends.

use crate::{
    actions::{change::Change, customer::family},
    http::{
        answer::{Answer, Nothing},
        caller::Caller,
        failure::Failure,
        input::PathId,
    },
};

pub(super) fn leave_family_contract(
    change: &mut Change<'_, '_>,
    caller: &Caller,
    PathId(id): &PathId,
) -> Result<Answer<Nothing>, Failure> {
    family::leave(change, caller, *id)?;
    Ok(Answer::empty())
}
