//! `GET /v1/customers/by`: the one customer who is known by a card, a number, a code.

use gymkeeper_contract::customers::Customer;
use gymkeeper_store::db::Tx;

use super::{customer_wire::View, drawn::ShownIban, portraits::Showing, query::By};
use crate::http::{answer::Answer, caller::Caller, failure::Failure};

pub(super) fn get_customer_by(
    showing: &Showing,
    tx: &mut Tx<'_>,
    caller: &Caller,
    by: &By<2>,
) -> Result<Answer<Customer<'static>>, Failure> {
    let view = View::new(showing, tx, caller, by.format, ShownIban::Whole)?;
    let id = view.whom(tx, &by.known)?;
    view.own(tx, id)
}
