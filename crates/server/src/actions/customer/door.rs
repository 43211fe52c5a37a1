//! The door: letting customers in and out, and the facts that the decision about it looks at (CHK-2, CHK-3).

use gymkeeper_contract::errors::{Argument, ErrorCode};
use gymkeeper_domain::{
    customer::{
        access::{
            self, AccessFacts, AccessRefusal, Block, BlockKind, Contract, Decision, IdlePeriod, Occupancy, ValidStudios,
        },
        days::Days,
    },
    studio::OpeningHoursCategory,
};
use gymkeeper_store::{
    customer::{Customer, contract as stored, contract::kind, restriction},
    db::{DbError, Tx},
    inventory::{self, Kind},
    studio::checkin::{self, OpenCheckin, Visit},
    tenant::TenantId,
};
use jiff::Timestamp;

use super::{StudioOf, contract, source};
use crate::{
    actions::{
        change::Change,
        checkin::{self as visits, Visitor},
    },
    http::{
        caller::Caller,
        failure::{Failure, Refusal},
    },
};

/// Whether a customer may come into a studio at an instant, and why (CHK-3).
///
/// # Errors
/// The database's; when a contract or an opening hours category cannot be read.
pub fn decide(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    studio: &StudioOf,
    customer: &Customer,
    at: Timestamp,
) -> Result<Decision, DbError> {
    let local = studio.zone.to_datetime(at);
    let today = local.date();
    let blocks: Vec<Block> = restriction::of_customer(tx, tenant, customer.id)?
        .into_iter()
        .map(|one| Block {
            kind: match one.source.as_str() {
                source::DUNNING => BlockKind::Dunning,
                source::DEBT_COLLECTION => BlockKind::DebtCollection,
                _ => BlockKind::Restriction,
            },
            days: Days { from: one.start_date, to: one.end_date },
        })
        .collect();
    let standing: Vec<contract::Standing> =
        contract::of(tx, tenant, customer)?.into_iter().filter(|contract| contract.row.kind == kind::MAIN).collect();
    let idle = stored::idle_of_customers(tx, tenant, &[customer.id], today)?;
    let mut parts = Vec::with_capacity(standing.len());
    for contract in &standing {
        let hours = match &contract.agreement.time_restriction {
            None => None,
            Some(key) => Some(categories(tx, tenant, contract.row.studio_id, key)?),
        };
        let pauses: Vec<IdlePeriod> = idle
            .iter()
            .filter(|idle| idle.contract_id == contract.row.id)
            .map(|idle| IdlePeriod {
                days: Days { from: Some(idle.start_date), to: idle.end_date },
                refuses_access: idle.refuses_access,
            })
            .collect();
        // Who moves to another home studio keeps the contract and trains there.
        parts.push((hours, pauses, [contract.row.studio_id, customer.studio_id]));
    }
    let contracts: Vec<Contract<'_>> = standing
        .iter()
        .zip(&parts)
        .map(|(contract, (hours, pauses, studios))| {
            let row = &contract.row;
            Contract {
                id: row.id,
                use_from: row.start_of_use.map_or(row.start_date, |day| day.min(row.start_date)),
                end: Some(contract.state_on(today).end),
                reversed: row.reversed,
                studios: if contract.agreement.everywhere { ValidStudios::All } else { ValidStudios::Only(studios) },
                hours: hours.as_deref(),
                idle_periods: pauses,
            }
        })
        .collect();
    let inside = checkin::count_open(tx, tenant, studio.id)?;
    let facts = AccessFacts {
        studio: studio.id,
        is_open: studio.definition.lets_in(local),
        is_archived: customer.archived_at.is_some(),
        blocks: &blocks,
        contracts: &contracts,
        passes: &[],
        occupancy: Occupancy {
            inside: u32::try_from(inside).unwrap_or(u32::MAX),
            capacity: studio.definition.capacity,
            blocks: studio.definition.capacity_blocks,
        },
    };
    Ok(access::decide(&facts, local))
}

/// The hours of a contract's category. One that is defined no longer lets nobody in.
fn categories(tx: &mut Tx<'_>, tenant: TenantId, studio: i64, key: &str) -> Result<Vec<OpeningHoursCategory>, DbError> {
    let entries = inventory::of_kind(tx, tenant, studio, Kind::OpeningHoursCategory)?;
    let unreadable = |error| DbError::Unusable(format!("the opening hours category {key} cannot be read: {error}"));
    let wanted = entries.iter().filter(|entry| entry.key == key);
    wanted.map(|entry| serde_json::from_str(&entry.definition).map_err(unreadable)).collect()
}

/// A refusal's name, for programs and for people of the studio.
pub const fn reason(refusal: AccessRefusal) -> &'static str {
    match refusal {
        AccessRefusal::StudioClosed => "STUDIO_CLOSED",
        AccessRefusal::Archived => "ARCHIVED",
        AccessRefusal::Blocked(BlockKind::Restriction) => "RESTRICTION",
        AccessRefusal::Blocked(BlockKind::Dunning) => "DUNNING",
        AccessRefusal::Blocked(BlockKind::DebtCollection) => "DEBT_COLLECTION",
        AccessRefusal::NoContract => "NO_CONTRACT",
        AccessRefusal::NotValidHere => "NOT_VALID_HERE",
        AccessRefusal::OutsideHours => "OUTSIDE_HOURS",
        AccessRefusal::Idle => "IDLE",
        AccessRefusal::Full => "FULL",
    }
}

/// Lets a customer in at the caller's studio, now or at an earlier instant, and answers the visit (CHK-2).
///
/// # Errors
/// Refuses a time to come, whoever is inside already, and whoever may not enter.
pub fn check_in(
    change: &mut Change<'_, '_>,
    caller: &Caller,
    customer: &Customer,
    at: Option<Timestamp>,
) -> Result<Visit, Failure> {
    let at = past(change, at, "checkInDateTime")?;
    if !checkin::open_of_customer(change.tx, change.tenant, customer.id)?.is_empty() {
        return Err(ErrorCode::CheckinAlreadyCheckedIn.into());
    }
    let studio = super::studio(change.tx, change.tenant, caller.studio())?;
    if let Decision::Refused(refusal) = decide(change.tx, change.tenant, &studio, customer, at)? {
        let refused = Refusal::new(ErrorCode::CheckinAccessDenied);
        return Err(refused.with(Argument::Enum(reason(refusal).into())).into());
    }
    let ids = visits::open(change, studio.id, &[Visitor { customer: Some(customer.id), at }])?;
    let id = ids.first().copied().unwrap_or_default();
    Ok(Visit { id, studio_id: studio.id, checked_in_at: at, checked_out_at: None })
}

/// Lets a customer out, wherever the visit is, and answers the visit (CHK-2).
///
/// # Errors
/// Refuses when the customer is not inside, and a time to come or before the check-in.
pub fn check_out(change: &mut Change<'_, '_>, customer: &Customer, at: Option<Timestamp>) -> Result<Visit, Failure> {
    let at = past(change, at, "checkOutDateTime")?;
    let open = checkin::open_of_customer(change.tx, change.tenant, customer.id)?.into_iter().next();
    let visit = open.ok_or(ErrorCode::CheckinNoOpenCheckin)?;
    if at < visit.checked_in_at {
        return Err(Refusal::new(ErrorCode::CheckinCheckoutBeforeCheckin).at("checkOutDateTime").into());
    }
    let closing = OpenCheckin { id: visit.id, checked_in_at: visit.checked_in_at, customer_id: Some(customer.id) };
    if !visits::close_at(change, visit.studio_id, &closing, at)? {
        return Err(ErrorCode::CheckinNoOpenCheckin.into());
    }
    Ok(Visit { checked_out_at: Some(at), ..visit })
}

fn past(change: &Change<'_, '_>, at: Option<Timestamp>, field: &str) -> Result<Timestamp, Failure> {
    match at {
        Some(at) if at > change.now => Err(Refusal::new(ErrorCode::CheckinTimeInFuture).at(field).into()),
        at => Ok(at.unwrap_or(change.now)),
    }
}
