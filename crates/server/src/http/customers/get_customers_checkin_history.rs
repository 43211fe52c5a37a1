//! `GET /v1/customers/{customerId}/activities/checkins`: a customer's visits, the newest first.

use gymkeeper_contract::{common::Slice, customers::CustomerCheckin};
use gymkeeper_store::{db::Tx, studio};

use super::visits::{Visits, page};
use crate::{
    actions::customer,
    http::{answer::Answer, caller::Caller, failure::Failure, input::PathId},
};

pub(super) fn get_customers_checkin_history(
    tx: &mut Tx<'_>,
    caller: &Caller,
    (PathId(id), visits): &(PathId, Visits),
) -> Result<Answer<Slice<CustomerCheckin<'static>>>, Failure> {
    let customer = customer::own(tx, caller, *id)?;
    let studios = studio::list(tx, caller.tenant())?;
    page(tx, (caller.tenant(), caller.zone(), caller.now), customer.id, visits, &studios)
}
