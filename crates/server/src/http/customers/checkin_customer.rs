//! `POST /v1/customers/{customerId}/checkin`: lets a customer in.

use gymkeeper_contract::customers::{CustomerCheckin, ManualCheckinRequest};

use super::visits::told;
use crate::{
    actions::{
        change::Change,
        customer::{self, door},
    },
    http::{
        answer::Answer,
        caller::Caller,
        failure::Failure,
        input::{MaybeJson, PathId},
    },
};

pub(super) fn checkin_customer(
    change: &mut Change<'_, '_>,
    caller: &Caller,
    (PathId(id), MaybeJson(wanted)): &(PathId, MaybeJson<ManualCheckinRequest>),
) -> Result<Answer<CustomerCheckin<'static>>, Failure> {
    let customer = customer::visitor_alone(change, caller, *id)?;
    let visit = door::check_in(change, caller.studio(), &customer, wanted.check_in_date_time.map(|at| at.0))?;
    told(change.tx, caller, &visit)
}
