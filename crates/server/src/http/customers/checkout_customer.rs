//! `POST /v1/customers/{customerId}/checkout`: lets a customer out.

use gymkeeper_contract::customers::{CustomerCheckin, ManualCheckoutRequest};

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

pub(super) fn checkout_customer(
    change: &mut Change<'_, '_>,
    caller: &Caller,
    (PathId(id), MaybeJson(wanted)): &(PathId, MaybeJson<ManualCheckoutRequest>),
) -> Result<Answer<CustomerCheckin<'static>>, Failure> {
    let customer = customer::visitor_alone(change, caller, *id)?;
    let visit = door::check_out(change, &customer, wanted.check_out_date_time.map(|at| at.0))?;
    told(change.tx, caller, &visit)
}
