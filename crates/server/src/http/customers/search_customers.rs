//! `POST /v1/customers/search`: customers of the studio by name, e-mail address, birthday or telephone.

use gymkeeper_contract::customers::{Customer, CustomerSearchRequest};
use gymkeeper_store::{customer::find::Viewer, db::Tx};

use super::{customer_wire::View, drawn::ShownIban, portraits::Showing, query::card_format};
use crate::{
    actions::customer::search::{self, Criteria},
    http::{answer::Answer, caller::Caller, failure::Failure, input::Json},
};

pub(super) fn search_customers(
    showing: &Showing,
    tx: &mut Tx<'_>,
    caller: &Caller,
    Json(wanted): &Json<CustomerSearchRequest>,
) -> Result<Answer<Vec<Customer<'static>>>, Failure> {
    let criteria = criteria(wanted)?;
    let view =
        View::new(showing, tx, caller, card_format(wanted.card_number_format.unwrap_or_default()), ShownIban::Masked)?;
    let (tenant, studios) = (caller.tenant(), [caller.studio()]);
    let found = search::search(tx, tenant, &studios, Viewer::ThirdParty, &criteria)?;
    view.list(tx, &found)
}

/// What is searched for (CUST-7).
pub(in crate::http) fn criteria(wanted: &CustomerSearchRequest) -> Result<Criteria, Failure> {
    Criteria::new(
        wanted.first_name.as_deref(),
        wanted.last_name.as_deref(),
        wanted.email.as_deref(),
        wanted.date_of_birth.map(|day| day.0),
        wanted.phone_number.as_deref(),
    )
}
