//! `GET /v1/customers/{customerId}/contracts/{contractId}`: one membership with its modules and fees.

use gymkeeper_contract::{customers::Contract, errors::ErrorCode};
use gymkeeper_store::db::Tx;

use super::contract_wire::View;
use crate::{
    actions::customer::{self, contract},
    http::{answer::Answer, caller::Caller, failure::Failure, input::PathId, links::Links},
};

pub(super) fn get_customer_contract(
    links: &Links,
    tx: &mut Tx<'_>,
    caller: &Caller,
    (PathId(id), PathId(wanted)): &(PathId, PathId<1>),
) -> Result<Answer<Contract<'static>>, Failure> {
    let customer = customer::own(tx, caller, *id)?;
    let contracts = contract::of(tx, caller.tenant(), &customer)?;
    View::new(links, caller)?.one(&contracts, *wanted)?.ok_or_else(|| ErrorCode::ContractNotFound.into())
}
