//! `GET /v1/customers/{customerId}`: one customer of the studio.

use gymkeeper_contract::customers::Customer;
use gymkeeper_store::db::Tx;

use super::{customer_wire::View, drawn::ShownIban, portraits::Showing, query::Format};
use crate::http::{answer::Answer, caller::Caller, failure::Failure, input::PathId};

pub(super) fn get_customer_by_id(
    showing: &Showing,
    tx: &mut Tx<'_>,
    caller: &Caller,
    (PathId(id), Format(format)): &(PathId, Format),
) -> Result<Answer<Customer<'static>>, Failure> {
    View::new(showing, tx, caller, *format, ShownIban::Whole)?.own(tx, *id)
}
