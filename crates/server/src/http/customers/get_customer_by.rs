//! `GET /v1/customers/by`: the one customer who is known by a card, a number, a code.

use gymkeeper_contract::customers::Customer;
use gymkeeper_store::db::Tx;

use super::{customer_wire::View, query::By};
use crate::http::{answer::Answer, caller::Caller, failure::Failure, links::Links};

pub(super) fn get_customer_by(
    links: &Links,
    tx: &mut Tx<'_>,
    caller: &Caller,
    by: &By<2>,
) -> Result<Answer<Customer<'static>>, Failure> {
    let customer = by.known.own(tx, caller)?;
    View::new(links, caller, by.format).one(tx, &customer)
}
