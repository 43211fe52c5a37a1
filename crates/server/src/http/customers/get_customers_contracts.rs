//! `GET /v1/customers/{customerId}/contracts`: a customer's memberships with their modules and fees.

use gymkeeper_contract::customers::Contract;
use gymkeeper_store::db::Tx;

use super::{contract_wire::View, query::OfStatus};
use crate::{
    actions::customer::{self, contract},
    http::{answer::Answer, caller::Caller, failure::Failure, input::PathId, links::Links},
};

pub(super) fn get_customers_contracts(
    links: &Links,
    tx: &mut Tx<'_>,
    caller: &Caller,
    (PathId(id), OfStatus(status)): &(PathId, OfStatus),
) -> Result<Answer<Vec<Contract<'static>>>, Failure> {
    let customer = customer::own(tx, caller, *id)?;
    let contracts = contract::of(tx, caller.tenant(), &customer)?;
    View::new(links, caller)?.list(&contracts, *status)
}
