//! `POST /v1/cross-studio/customers/search`: customers of any studio by name, e-mail address, birthday or telephone.

use gymkeeper_contract::customers::{Customer, CustomerSearchRequest};
use gymkeeper_store::{customer::find::Viewer, db::Tx};

use crate::{
    actions::{cross_studio, customer::search},
    http::{
        answer::Answer,
        caller::Caller,
        customers::{
            customer_wire::View, drawn::ShownIban, portraits::Showing, query::card_format, search_customers::criteria,
        },
        failure::Failure,
        input::Json,
    },
};

pub(super) fn search_cross_studio_customers(
    showing: &Showing,
    tx: &mut Tx<'_>,
    caller: &Caller,
    Json(wanted): &Json<CustomerSearchRequest>,
) -> Result<Answer<Vec<Customer<'static>>>, Failure> {
    let criteria = criteria(wanted)?;
    let studios = cross_studio::studio_ids(tx, caller)?;
    let view =
        View::new(showing, tx, caller, card_format(wanted.card_number_format.unwrap_or_default()), ShownIban::Masked)?;
    let found = search::search(tx, caller.tenant(), &studios, Viewer::ThirdParty, &criteria)?;
    view.list(tx, &found)
}
