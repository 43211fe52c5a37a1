//! `GET /v1/cross-studio/customers/by`: the one customer of any studio who is known by a card, a number, a code.

use gymkeeper_contract::customers::Customer;
use gymkeeper_store::db::Tx;

use crate::{
    actions::cross_studio,
    http::{
        answer::Answer,
        caller::Caller,
        customers::{customer_wire::View, drawn::ShownIban, portraits::Showing, query::By},
        failure::Failure,
    },
};

pub(super) fn get_cross_studio_customer_by(
    showing: &Showing,
    tx: &mut Tx<'_>,
    caller: &Caller,
    by: &By<2>,
) -> Result<Answer<Customer<'static>>, Failure> {
    let studios = cross_studio::studio_ids(tx, caller)?;
    let customer = by.known.among(tx, caller, &studios)?;
    View::new(showing, tx, caller, by.format, ShownIban::Whole)?.of(tx, &customer)
}
