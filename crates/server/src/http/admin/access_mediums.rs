//! The resource Access media: what customers show at the door, as staff hand it out.

use gymkeeper_contract::admin::{
    access_mediums::{self as wire, AccessMediumValue, NewAccessMedium},
    customers::AccessMediumEntry,
};
use gymkeeper_store::customer::medium::Medium;

use super::{
    customer_wire::medium_entry,
    customers::present,
    frame::{Mounted, write},
    member::Member,
};
use crate::{
    actions::{
        change::Change,
        customer::{
            self,
            access::{self, Whose},
        },
    },
    http::{
        answer::{Answer, Nothing},
        customers::add_access_mediums::medium_kind,
        failure::Failure,
        input::{Json, PathId},
    },
};

/// The operations of the resource.
pub(super) fn operations() -> Vec<Mounted> {
    vec![
        write(&wire::ADD_ACCESS_MEDIUM, add_access_medium),
        write(&wire::CHANGE_ACCESS_MEDIUM, change_access_medium),
        write(&wire::REMOVE_ACCESS_MEDIUM, remove_access_medium),
    ]
}

fn add_access_medium(
    change: &mut Change<'_, '_>,
    member: &Member,
    (PathId(id), Json(new)): &(PathId, Json<NewAccessMedium>),
) -> Result<Answer<AccessMediumEntry>, Failure> {
    let customer = present(change, member, *id)?;
    let home = customer::studio(change.tx, change.tenant, customer.studio_id)?.definition;
    answer(&access::add_medium(change, &home, &customer, None, medium_kind(new.kind), &new.value)?)
}

fn change_access_medium(
    change: &mut Change<'_, '_>,
    member: &Member,
    ((PathId(id), PathId(medium)), Json(new)): &((PathId, PathId<1>), Json<AccessMediumValue>),
) -> Result<Answer<AccessMediumEntry>, Failure> {
    let customer = present(change, member, *id)?;
    answer(&access::change_medium(change, &customer, *medium, &new.value, Whose::Anybodys)?)
}

fn remove_access_medium(
    change: &mut Change<'_, '_>,
    member: &Member,
    (PathId(id), PathId(medium)): &(PathId, PathId<1>),
) -> Result<Answer<Nothing>, Failure> {
    let customer = present(change, member, *id)?;
    access::remove_medium(change, &customer, *medium, Whose::Anybodys)?;
    Ok(Answer::empty())
}

fn answer(medium: &Medium) -> Result<Answer<AccessMediumEntry>, Failure> {
    let unknown = || Failure::Internal(format!("access medium {} is of an unknown kind", medium.id));
    Answer::json(&medium_entry(medium).ok_or_else(unknown)?)
}
