//! `GET /v1/customers/benefits`: which benefits the one may use who is known by a card, a barcode, a PIN.

use gymkeeper_contract::customers::BenefitValidation;
use gymkeeper_store::db::Tx;

use super::{
    get_benefits::list,
    query::{BenefitKeys, By},
};
use crate::http::{answer::Answer, caller::Caller, failure::Failure};

pub(super) fn get_benefits_by_card_number(
    tx: &mut Tx<'_>,
    caller: &Caller,
    (by, BenefitKeys(keys)): &(By<0>, BenefitKeys),
) -> Result<Answer<Vec<BenefitValidation<'static>>>, Failure> {
    let customer = by.known.own(tx, caller)?;
    list(tx, caller, &customer, keys)
}
