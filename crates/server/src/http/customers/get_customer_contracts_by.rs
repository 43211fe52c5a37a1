//! `GET /v1/customers/contracts/by`: the memberships of the one customer who is known by a card, a number, a code.

use gymkeeper_contract::customers::Contract;
use gymkeeper_store::db::Tx;

use super::{
    contract_wire::View,
    query::{By, OfStatus},
};
use crate::{
    actions::customer::contract,
    http::{answer::Answer, caller::Caller, failure::Failure, links::Links},
};

pub(super) fn get_customer_contracts_by(
    links: &Links,
    tx: &mut Tx<'_>,
    caller: &Caller,
    (by, OfStatus(status)): &(By<2>, OfStatus),
) -> Result<Answer<Vec<Contract<'static>>>, Failure> {
    let customer = by.known.own(tx, caller)?;
    let contracts = contract::of(tx, caller.tenant(), &customer)?;
    View::new(links, caller)?.list(&contracts, *status)
}
