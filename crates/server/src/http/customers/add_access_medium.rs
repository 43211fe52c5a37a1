//! `PUT /v1/customers/{customerId}/access-medium`: the older form of adding an access medium.

use gymkeeper_contract::customers::AccessMedium;

use super::add_access_mediums::add_access_mediums;
use crate::{
    actions::change::Change,
    http::{
        answer::Answer,
        caller::Caller,
        failure::Failure,
        input::{Json, PathId},
    },
};

// CUST-12: it adds one, as its successor does.
pub(super) fn add_access_medium(
    change: &mut Change<'_, '_>,
    caller: &Caller,
    input: &(PathId, Json<AccessMedium<'static>>),
) -> Result<Answer<AccessMedium<'static>>, Failure> {
    add_access_mediums(change, caller, input)
}
