//! `POST /v1/customers/benefits/{benefitKey}/use`: uses a benefit of whoever is known by a card, a barcode, a PIN.

use super::query::By;
use crate::{
    actions::{
        change::Change,
        customer::{self, benefit},
    },
    http::{
        answer::{Answer, Nothing},
        caller::Caller,
        failure::Failure,
        input::PathText,
    },
};

pub(super) fn use_benefit_by(
    change: &mut Change<'_, '_>,
    caller: &Caller,
    (PathText(key), by): &(PathText, By<0>),
) -> Result<Answer<Nothing>, Failure> {
    let id = by.known.id(change.tx, caller)?;
    let customer = customer::known_in_sister_studios(change.tx, caller, id)?;
    benefit::use_once(change, &customer, key, caller.today())?;
    Ok(Answer::empty())
}
