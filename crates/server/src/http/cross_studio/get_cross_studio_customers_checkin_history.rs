//! `GET /v1/cross-studio/customers/{customerId}/activities/checkins`: the visits of a customer of any studio, the newest first.

use gymkeeper_contract::{common::Slice, customers::CustomerCheckin};
use gymkeeper_store::db::Tx;

use crate::{
    actions::cross_studio,
    http::{
        answer::Answer,
        caller::Caller,
        customers::visits::{Visits, page},
        failure::Failure,
        input::PathId,
    },
};

pub(super) fn get_cross_studio_customers_checkin_history(
    tx: &mut Tx<'_>,
    caller: &Caller,
    (PathId(id), visits): &(PathId, Visits),
) -> Result<Answer<Slice<CustomerCheckin<'static>>>, Failure> {
    let studios = cross_studio::studios(tx, caller)?;
    let ids: Vec<i64> = studios.iter().map(|studio| studio.id).collect();
    let customer = cross_studio::find(tx, caller, &ids, *id)?;
    // visits to other studios are not the integration's business.
    page(tx, (caller.tenant(), caller.zone(), caller.now), customer.id, visits, &studios)
}
