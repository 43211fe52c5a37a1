//! `PUT /v1/customers/{customerId}/access-restrictions`: keeps a customer out, on behalf of the calling program.

use gymkeeper_contract::customers::AccessRestriction;

use super::customer_wire::restriction;
use crate::{
    actions::{
        change::Change,
        customer::{
            self,
            access::{self, WantedRestriction},
        },
    },
    http::{
        answer::Answer,
        caller::Caller,
        failure::Failure,
        input::{Json, PathId},
    },
};

pub(super) fn set_access_restriction(
    change: &mut Change<'_, '_>,
    caller: &Caller,
    (PathId(id), Json(wanted)): &(PathId, Json<AccessRestriction<'static>>),
) -> Result<Answer<AccessRestriction<'static>>, Failure> {
    let customer = customer::own_alone(change, caller, *id)?;
    let wanted = WantedRestriction {
        reason: wanted.reason.to_string(),
        start_date: wanted.start_date.map(|day| day.0),
        end_date: wanted.end_date.map(|day| day.0),
    };
    let set = access::set_restriction(change, caller, &customer, &wanted)?;
    Answer::json(&restriction(&set))
}
