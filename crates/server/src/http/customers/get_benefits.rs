//! `GET /v1/customers/{customerId}/benefits`: which benefits a customer may use now.

use gymkeeper_contract::customers::BenefitValidation;
use gymkeeper_store::{customer::Customer, db::Tx};

use super::query::BenefitKeys;
use crate::{
    actions::customer::{self, benefit},
    http::{
        answer::{Answer, JsonList},
        caller::Caller,
        failure::Failure,
        input::PathId,
    },
};

pub(super) fn get_benefits(
    tx: &mut Tx<'_>,
    caller: &Caller,
    (PathId(id), BenefitKeys(keys)): &(PathId, BenefitKeys),
) -> Result<Answer<Vec<BenefitValidation<'static>>>, Failure> {
    let customer = customer::own(tx, caller, *id)?;
    list(tx, caller, &customer, keys)
}

/// BEN-3: one row for each key, or for each benefit that the customer has.
pub(super) fn list(
    tx: &mut Tx<'_>,
    caller: &Caller,
    customer: &Customer,
    keys: &[String],
) -> Result<Answer<Vec<BenefitValidation<'static>>>, Failure> {
    let mut list = JsonList::default();
    for found in benefit::validities(tx, caller.tenant(), customer, keys, caller.today())? {
        list.push(&BenefitValidation { key: &found.key, valid: found.valid })?;
    }
    Ok(list.finish())
}
