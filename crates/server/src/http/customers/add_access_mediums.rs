//! `POST /v1/customers/{customerId}/access-mediums`: gives a customer a card, PIN, barcode or pass.

use gymkeeper_contract::customers::{AccessMedium, AccessMediumType};
use gymkeeper_domain::customer::{card_number::CardFormat, medium::MediumKind};

use super::customer_wire::medium;
use crate::{
    actions::{
        change::Change,
        customer::{self, access},
    },
    http::{
        answer::Answer,
        caller::Caller,
        failure::Failure,
        input::{Json, PathId, required},
    },
};

/// The kind of medium that a type on the wire stands for.
pub(in crate::http) const fn medium_kind(kind: AccessMediumType) -> MediumKind {
    match kind {
        AccessMediumType::CardNumber => MediumKind::CardNumber,
        AccessMediumType::Pin => MediumKind::Pin,
        AccessMediumType::Barcode => MediumKind::Barcode,
        AccessMediumType::WalletPass => MediumKind::WalletPass,
    }
}

pub(super) fn add_access_mediums(
    change: &mut Change<'_, '_>,
    caller: &Caller,
    (PathId(id), Json(wanted)): &(PathId, Json<AccessMedium<'static>>),
) -> Result<Answer<AccessMedium<'static>>, Failure> {
    let customer = customer::own_alone(change, caller, *id)?;
    let home = customer::studio(change.tx, change.tenant, customer.studio_id)?.definition;
    let kind = medium_kind(wanted.kind.ok_or_else(|| required("type"))?);
    let value = wanted.value.as_deref().unwrap_or_default();
    let added = access::add_medium(change, &home, &customer, Some(caller.integration()), kind, value)?;
    Answer::json(&medium(&added, CardFormat::Decimal))
}
