//! `GET /v1/customers/{customerId}`: one customer of the studio.

use gymkeeper_contract::customers::Customer;
use gymkeeper_store::db::Tx;

use super::{customer_wire::View, query::Format};
use crate::{
    actions::customer,
    http::{answer::Answer, caller::Caller, failure::Failure, input::PathId, links::Links},
};

pub(super) fn get_customer_by_id(
    links: &Links,
    tx: &mut Tx<'_>,
    caller: &Caller,
    (PathId(id), Format(format)): &(PathId, Format),
) -> Result<Answer<Customer<'static>>, Failure> {
    let customer = customer::own(tx, caller, *id)?;
    View::new(links, caller, *format).one(tx, &customer)
}
