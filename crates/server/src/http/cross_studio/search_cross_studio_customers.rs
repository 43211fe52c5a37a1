//! `POST /v1/cross-studio/customers/search`: customers of any studio by name, e-mail address, birthday or telephone.

use gymkeeper_contract::customers::{Customer, CustomerSearchRequest};
use gymkeeper_store::{customer::find::Viewer, db::Tx};

use crate::{
    actions::{cross_studio, customer::search},
    http::{
        answer::Answer,
        caller::Caller,
        customers::{customer_wire::View, query::card_format, search_customers::criteria},
        failure::Failure,
        input::Json,
        links::Links,
    },
};

pub(super) fn search_cross_studio_customers(
    links: &Links,
    tx: &mut Tx<'_>,
    caller: &Caller,
    Json(wanted): &Json<CustomerSearchRequest>,
) -> Result<Answer<Vec<Customer<'static>>>, Failure> {
    let criteria = criteria(wanted)?;
    let studios = cross_studio::studio_ids(tx, caller)?;
    let found = search::search(tx, caller.tenant(), &studios, Viewer::ThirdParty, &criteria)?;
    View::new(links, caller, card_format(wanted.card_number_format.unwrap_or_default())).list(tx, &found)
}
