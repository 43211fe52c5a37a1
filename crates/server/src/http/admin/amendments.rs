//! The resource Amendments: changes that customers asked for and that wait for staff.

use gymkeeper_contract::{
    admin::amendments::{
        self as wire, Acceptance, AmendedField, AmendmentEntry, AmendmentKindName, AmendmentRecord, AmendmentStateName,
        Rejection,
    },
    common::{Slice, UtcDateTime},
    errors::ErrorCode,
};
use gymkeeper_domain::customer::amendment::{AmendmentKind, AmendmentState};
use gymkeeper_store::{
    customer::{
        self, Customer,
        amendment::{self, Amendment},
    },
    db::Tx,
};

use super::{
    customers::of_studio,
    frame::{Mounted, Reading, personal_read, read, write},
    member::Member,
};
use crate::{
    actions::{
        change::Change,
        customer::amendment::{self as amendments, Data, Difference},
    },
    http::{
        answer::{Answer, JsonList},
        failure::Failure,
        input::{Json, MaybeJson, PathId, filled, optional},
        paging::{InventorySlice, JsonSlice},
    },
};

/// Longest note or reason, in characters.
const NOTE: usize = 1_000;

/// The operations of the resource.
pub(super) fn operations() -> Vec<Mounted> {
    let reading = Reading { action: "amendment.read", subject: ("amendment", |PathId(id): &PathId| *id) };
    vec![
        read(&wire::LIST_AMENDMENTS, list_amendments),
        read(&wire::LIST_CUSTOMER_AMENDMENTS, list_customer_amendments),
        personal_read(&wire::GET_AMENDMENT, reading, get_amendment),
        write(&wire::ACCEPT_AMENDMENT, accept_amendment),
        write(&wire::REJECT_AMENDMENT, reject_amendment),
    ]
}

fn list_amendments(
    tx: &mut Tx<'_>,
    member: &Member,
    InventorySlice(request): &InventorySlice,
) -> Result<Answer<Slice<AmendmentEntry>>, Failure> {
    let (tenant, studio) = (member.tenant(), member.studio()?.id);
    let mut slice = JsonSlice::new(*request);
    for found in amendment::waiting_in_studio(tx, tenant, studio, request.offset, request.fetch())? {
        let of = customer_of(tx, member, &found)?;
        slice.push(found.id, &entry(&found, &of)?)?;
    }
    Ok(slice.finish_by_id())
}

fn list_customer_amendments(
    tx: &mut Tx<'_>,
    member: &Member,
    PathId(id): &PathId,
) -> Result<Answer<Vec<AmendmentEntry>>, Failure> {
    let of = of_studio(tx, member, *id)?;
    let mut list = JsonList::default();
    for found in amendment::waiting_of_customer(tx, member.tenant(), of.id)? {
        list.push(&entry(&found, &of)?)?;
    }
    Ok(list.finish())
}

fn get_amendment(tx: &mut Tx<'_>, member: &Member, PathId(id): &PathId) -> Result<Answer<AmendmentRecord>, Failure> {
    let found = find(tx, member, *id)?;
    let of = customer_of(tx, member, &found)?;
    Answer::json(&record(tx, &found, &of, member)?)
}

fn accept_amendment(
    change: &mut Change<'_, '_>,
    member: &Member,
    (PathId(id), MaybeJson(Acceptance { note })): &(PathId, MaybeJson<Acceptance>),
) -> Result<Answer<AmendmentRecord>, Failure> {
    let note = optional("note", note.as_deref(), NOTE)?;
    find(change.tx, member, *id)?;
    amendments::accept(change, *id, note.as_deref())?;
    get_amendment(change.tx, member, &PathId(*id))
}

fn reject_amendment(
    change: &mut Change<'_, '_>,
    member: &Member,
    (PathId(id), Json(Rejection { reason })): &(PathId, Json<Rejection>),
) -> Result<Answer<AmendmentRecord>, Failure> {
    let reason = filled("reason", reason, NOTE)?;
    find(change.tx, member, *id)?;
    amendments::reject(change, *id, Some(&reason))?;
    get_amendment(change.tx, member, &PathId(*id))
}

/// The amendment of a customer of the studio. After a decision it is looked for again: a customer who has meanwhile moved to
/// another studio undoes it.
fn find(tx: &mut Tx<'_>, member: &Member, id: i64) -> Result<Amendment, Failure> {
    let studio = member.studio()?.id;
    let found = amendment::find(tx, member.tenant(), id)?.filter(|found| found.studio_id == studio);
    found.ok_or_else(|| ErrorCode::AmendmentNotFound.into())
}

fn customer_of(tx: &mut Tx<'_>, member: &Member, amendment: &Amendment) -> Result<Customer, Failure> {
    let missing = || Failure::Internal(format!("the customer of amendment {} is not there", amendment.id));
    customer::by_id(tx, member.tenant(), amendment.customer_id)?.ok_or_else(missing)
}

fn entry(amendment: &Amendment, customer: &Customer) -> Result<AmendmentEntry, Failure> {
    Ok(AmendmentEntry {
        id: amendment.id,
        customer_id: customer.id,
        customer_number: customer.customer_number.clone(),
        kind: kind(amendment)?,
        requested_at: UtcDateTime(amendment.requested_at),
    })
}

fn record(tx: &mut Tx<'_>, found: &Amendment, of: &Customer, member: &Member) -> Result<AmendmentRecord, Failure> {
    let unknown = || Failure::Internal(format!("amendment {} is {}", found.id, found.state));
    let wanted = amendments::requested(tx, member.tenant(), found.id)?;
    let (mut changes, mut signed) = (None, None);
    if let Some(wanted) = &wanted {
        let differences = amendments::differences(tx, member.tenant(), of, &wanted.data)?;
        let field = |Difference { field, from, to }| AmendedField { field, from, to };
        changes = Some(differences.into_iter().map(field).collect());
        if let Data::Payment(_) = wanted.data {
            signed = Some(wanted.signature.is_some());
        }
    }
    Ok(AmendmentRecord {
        id: found.id,
        customer_id: of.id,
        customer_number: of.customer_number.clone(),
        kind: kind(found)?,
        state: match AmendmentState::of_name(&found.state).ok_or_else(unknown)? {
            AmendmentState::Pending => AmendmentStateName::Pending,
            AmendmentState::Applied => AmendmentStateName::Applied,
            AmendmentState::Rejected => AmendmentStateName::Rejected,
            AmendmentState::Withdrawn => AmendmentStateName::Withdrawn,
        },
        requested_at: UtcDateTime(found.requested_at),
        changes,
        signed,
        decided_at: found.decided_at.map(UtcDateTime),
        decided_by: found.decided_by.clone(),
        note: found.note.clone(),
    })
}

/// What an amendment is about.
pub(super) fn kind(amendment: &Amendment) -> Result<AmendmentKindName, Failure> {
    let unknown = || Failure::Internal(format!("amendment {} is of the kind {}", amendment.id, amendment.kind));
    Ok(match AmendmentKind::of_name(&amendment.kind).ok_or_else(unknown)? {
        AmendmentKind::ContactData => AmendmentKindName::ContactData,
        AmendmentKind::AddressData => AmendmentKindName::AddressData,
        AmendmentKind::MasterData => AmendmentKindName::MasterData,
        AmendmentKind::PaymentData => AmendmentKindName::PaymentData,
    })
}
