//! `GET /v1/cross-studio/customers/{customerId}`: one customer of any studio.

use gymkeeper_contract::customers::Customer;
use gymkeeper_store::db::Tx;

use crate::{
    actions::cross_studio,
    http::{
        answer::Answer,
        caller::Caller,
        customers::{customer_wire::View, drawn::ShownIban, portraits::Showing, query::Format},
        failure::Failure,
        input::PathId,
    },
};

pub(super) fn get_cross_studio_customer_by_id(
    showing: &Showing,
    tx: &mut Tx<'_>,
    caller: &Caller,
    (PathId(id), Format(format)): &(PathId, Format),
) -> Result<Answer<Customer<'static>>, Failure> {
    let studios = cross_studio::studio_ids(tx, caller)?;
    let customer = cross_studio::find(tx, caller, &studios, *id)?;
    View::new(showing, tx, caller, *format, ShownIban::Whole)?.of(tx, &customer)
}
