//! `GET /v1/customers/measurement/latest`: what a scale needs to know about whoever stands on it.

use gymkeeper_contract::{
    common::LocalDate,
    customers::{CustomerWeighings, Measurement},
};
use gymkeeper_domain::calendar;
use gymkeeper_store::{customer::weighing, db::Tx};

use super::{customer_wire::gender, query::By};
use crate::http::{answer::Answer, caller::Caller, failure::Failure};

pub(super) fn get_customer_measurement(
    tx: &mut Tx<'_>,
    caller: &Caller,
    by: &By<1>,
) -> Result<Answer<Measurement<'static>>, Failure> {
    let customer = by.known.own(tx, caller)?;
    let unreadable =
        |error| Failure::Internal(format!("a weighing of customer {} cannot be read: {error}", customer.id));
    let latest: Option<CustomerWeighings<'static>> = match weighing::latest(tx, caller.tenant(), customer.id)? {
        None => None,
        Some(text) => Some(serde_json::from_str(&text).map_err(unreadable)?),
    };
    Answer::json(&Measurement {
        id: customer.id,
        first_name: Some(&customer.first_name),
        last_name: Some(&customer.last_name),
        // DATE-5
        age: customer.date_of_birth.map(|born| calendar::age_on(born, caller.today())),
        date_of_birth: customer.date_of_birth.map(LocalDate),
        gender: customer.gender.as_deref().and_then(gender),
        height: latest.and_then(|weighing| weighing.height),
    })
}
