//! `PUT /v1/customers/{customerId}/access-mediums/{accessMediumId}`: gives an access medium another value.

use gymkeeper_contract::customers::{AccessMedium, UpdateAccessIdentificationRequest};
use gymkeeper_domain::customer::card_number::CardFormat;

use super::customer_wire::medium;
use crate::{
    actions::{
        change::Change,
        customer::{
            self,
            access::{self, Whose},
        },
    },
    http::{
        answer::Answer,
        caller::Caller,
        failure::Failure,
        input::{Json, PathId},
    },
};

type Input = (PathId, (PathId<1>, Json<UpdateAccessIdentificationRequest>));

pub(super) fn update_access_mediums(
    change: &mut Change<'_, '_>,
    caller: &Caller,
    (PathId(id), (PathId(medium_id), Json(wanted))): &Input,
) -> Result<Answer<AccessMedium<'static>>, Failure> {
    let customer = customer::own_alone(change, caller, *id)?;
    let value = wanted.value.as_deref().unwrap_or_default();
    let changed = access::change_medium(change, &customer, *medium_id, value, Whose::Programs)?;
    Answer::json(&medium(&changed, CardFormat::Decimal))
}
