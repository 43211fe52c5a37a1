//! `PUT /v1/customers/{customerId}/additional-information-field-assignments`: replaces what is noted about a customer.

use gymkeeper_contract::customers::AdditionalInformationFieldAssignment;

use super::customer_wire::assignment;
use crate::{
    actions::{
        change::Change,
        customer::{self, information},
    },
    http::{
        answer::{Answer, JsonList},
        caller::Caller,
        failure::Failure,
        input::{Json, PathId},
    },
};

type Assignments = Vec<AdditionalInformationFieldAssignment<'static>>;

pub(super) fn set_additional_information_field_assignments(
    change: &mut Change<'_, '_>,
    caller: &Caller,
    (PathId(id), Json(wanted)): &(PathId, Json<Assignments>),
) -> Result<Answer<Assignments>, Failure> {
    let customer = customer::own_alone(change, caller, *id)?;
    let wanted: Vec<(i64, &str)> =
        wanted.iter().map(|one| (one.additional_information_field_id, one.value.as_ref())).collect();
    let mut list = JsonList::default();
    for stored in information::replace(change, &customer, &wanted)? {
        list.push(&assignment(stored.field_id, &stored.value))?;
    }
    Ok(list.finish())
}
