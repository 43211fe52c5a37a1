//! `POST /v1/customers/{customerId}/benefits/{benefitKey}/use`: uses a benefit once.

use crate::{
    actions::{
        change::Change,
        customer::{self, benefit},
    },
    http::{
        answer::{Answer, Nothing},
        caller::Caller,
        failure::Failure,
        input::{PathId, PathText},
    },
};

pub(super) fn use_benefit(
    change: &mut Change<'_, '_>,
    caller: &Caller,
    (PathId(id), PathText(key)): &(PathId, PathText<1>),
) -> Result<Answer<Nothing>, Failure> {
    let customer = customer::known_in_sister_studios(change.tx, caller, *id)?;
    benefit::use_once(change, &customer, key, caller.today())?;
    Ok(Answer::empty())
}
