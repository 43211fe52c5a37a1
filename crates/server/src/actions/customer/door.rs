//! The door: letting customers in and out, and the facts that the decision about it looks at (CHK-2, CHK-3).

use gymkeeper_contract::{
    admin::desk::AccessReason,
    errors::{Argument, ErrorCode},
};
use gymkeeper_domain::{
    customer::{
        access::{
            self, AccessFacts, AccessRefusal, Block, BlockKind, Contract, Decision, IdlePeriod, Judgement, Occupancy,
            Pass, PassKind, Right, ValidStudios,
        },
        days::Days,
    },
    studio::OpeningHoursCategory,
};
use gymkeeper_store::{
    customer::{self, Customer, contract as stored, contract::kind, pack as stored_pack, restriction, voucher},
    db::{DbError, Tx},
    inventory::{self, Kind},
    studio::checkin::{self, OpenCheckin, StudioVisit, Visit},
    tenant::TenantId,
};
use jiff::Timestamp;

use super::{StudioOf, contract, pack, source};
use crate::{
    actions::{
        change::{Change, Deed},
        checkin::{self as visits, Visitor},
    },
    http::failure::{Failure, Refusal},
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
    Ok(judge(tx, tenant, studio, customer, at)?.decision)
}

/// As [`decide`], with everything that speaks against it.
///
/// # Errors
/// As [`decide`].
pub fn judge(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    studio: &StudioOf,
    customer: &Customer,
    at: Timestamp,
) -> Result<Judgement, DbError> {
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
                use_from: contract.conditions.use_from(),
                end: Some(contract.state_on(today).end),
                reversed: row.reversed,
                studios: if contract.agreement.everywhere { ValidStudios::All } else { ValidStudios::Only(studios) },
                hours: hours.as_deref(),
                idle_periods: pauses,
            }
        })
        .collect();
    // CHV-2
    let here = [studio.id];
    let vouchers = voucher::unused(tx, tenant, customer.id, studio.id)?;
    let vouchers = vouchers.iter().map(|voucher| Pass {
        kind: PassKind::Voucher,
        id: voucher.id,
        days: Days { from: voucher.valid_from, to: voucher.valid_until },
        uses_left: Some(1),
        used_today: false,
        studios: ValidStudios::Only(&here),
    });
    let packs = pack::AtTheDoor::of(tx, tenant, studio, customer, at)?;
    let passes: Vec<Pass<'_>> = vouchers.chain(packs.passes()).collect();
    let (capacity, keeps_out) = (studio.definition.capacity, studio.definition.capacity_blocks);
    let inside = match capacity.filter(|_| keeps_out) {
        Some(capacity) => checkin::count_open_to(tx, tenant, studio.id, capacity)?,
        None => 0,
    };
    let facts = AccessFacts {
        studio: studio.id,
        is_open: studio.definition.lets_in(local),
        is_archived: customer.archived_at.is_some(),
        blocks: &blocks,
        contracts: &contracts,
        passes: &passes,
        occupancy: Occupancy { inside, capacity, blocks: keeps_out },
    };
    Ok(access::judge(&facts, local))
}

/// The hours of a contract's category. One that is defined no longer lets nobody in.
fn categories(tx: &mut Tx<'_>, tenant: TenantId, studio: i64, key: &str) -> Result<Vec<OpeningHoursCategory>, DbError> {
    let entries = inventory::of_kind(tx, tenant, studio, Kind::OpeningHoursCategory)?;
    let unreadable = |error| DbError::Unusable(format!("the opening hours category {key} cannot be read: {error}"));
    let wanted = entries.iter().filter(|entry| entry.key == key);
    wanted.map(|entry| serde_json::from_str(&entry.definition).map_err(unreadable)).collect()
}

/// A refusal as staff and programs are told of it.
pub const fn reason(refusal: AccessRefusal) -> AccessReason {
    match refusal {
        AccessRefusal::StudioClosed => AccessReason::StudioClosed,
        AccessRefusal::Archived => AccessReason::Archived,
        AccessRefusal::Blocked(BlockKind::Restriction) => AccessReason::Restriction,
        AccessRefusal::Blocked(BlockKind::Dunning) => AccessReason::Dunning,
        AccessRefusal::Blocked(BlockKind::DebtCollection) => AccessReason::DebtCollection,
        AccessRefusal::NoContract => AccessReason::NoContract,
        AccessRefusal::NotValidHere => AccessReason::NotValidHere,
        AccessRefusal::OutsideHours => AccessReason::OutsideHours,
        AccessRefusal::Idle => AccessReason::Idle,
        AccessRefusal::Full => AccessReason::Full,
    }
}

/// Lets a customer in at a studio, now or at an earlier instant, and answers the visit (CHK-2).
///
/// # Errors
/// Refuses a time to come, whoever is inside already, and whoever may not enter.
pub fn check_in(
    change: &mut Change<'_, '_>,
    studio: i64,
    customer: &Customer,
    at: Option<Timestamp>,
) -> Result<Visit, Failure> {
    let at = past(change, at, "checkInDateTime")?;
    if let Decision::Refused(refusal) = at_the_door(change, studio, customer, at)?.decision {
        let refused = Refusal::new(ErrorCode::CheckinAccessDenied);
        return Err(refused.with(Argument::Enum(reason(refusal).name().into())).into());
    }
    enter(change, studio, customer, at)
}

/// Lets a customer in now although the door says no. The visit remembers who did so, against which reasons and why; the journal
/// who and which reasons.
///
/// # Errors
/// Refuses whoever is inside already, and whoever may enter: nothing would be overridden.
pub fn check_in_against_rules(
    change: &mut Change<'_, '_>,
    studio: i64,
    customer: &Customer,
    staff: i64,
    note: &str,
) -> Result<Visit, Failure> {
    let at = change.now;
    let refusals = at_the_door(change, studio, customer, at)?.refusals;
    if refusals.is_empty() {
        return Err(ErrorCode::CheckinNothingToOverride.into());
    }
    let reasons: Vec<&str> = refusals.into_iter().map(|refusal| reason(refusal).name()).collect();
    let visit = enter(change, studio, customer, at)?;
    checkin::set_exception(change.tx, change.tenant, visit.id, staff, &reasons.join(" "), note)?;
    let deed = Deed::new("checkin.rules-overridden").studio(studio).subject("checkin", visit.id);
    change.record(deed.field("customerId", (), customer.id).field("reasons", (), reasons).personal_field("note"));
    Ok(visit)
}

/// What the door says to somebody who is not inside.
fn at_the_door(
    change: &mut Change<'_, '_>,
    studio: i64,
    customer: &Customer,
    at: Timestamp,
) -> Result<Judgement, Failure> {
    if !checkin::open_of_customer(change.tx, change.tenant, customer.id)?.is_empty() {
        return Err(ErrorCode::CheckinAlreadyCheckedIn.into());
    }
    let studio = super::studio(change.tx, change.tenant, studio)?;
    // Of two who want the last place, the second is to see that it is taken.
    if studio.definition.capacity_blocks {
        customer::take_turn_at(change.tx, change.tenant, "door")?;
    }
    Ok(judge(change.tx, change.tenant, &studio, customer, at)?)
}

fn enter(change: &mut Change<'_, '_>, studio: i64, customer: &Customer, at: Timestamp) -> Result<Visit, Failure> {
    let ids = visits::open(change, studio, &[Visitor { customer: Some(customer.id), at }])?;
    let id = ids.first().copied().unwrap_or_default();
    Ok(Visit { id, studio_id: studio, checked_in_at: at, checked_out_at: None })
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

/// Ends the visit of that id at a studio now, whoever it is of, and answers it.
///
/// # Errors
/// Refuses a visit that is not there or is over.
pub fn end_visit(change: &mut Change<'_, '_>, studio: i64, id: i64) -> Result<StudioVisit, Failure> {
    let found = checkin::find(change.tx, change.tenant, studio, id)?;
    let visit = found.ok_or(ErrorCode::CheckinNotFound)?;
    let open = OpenCheckin { id, checked_in_at: visit.checked_in_at, customer_id: visit.customer_id };
    if visit.checked_out_at.is_some() || !visits::close(change, studio, &open)? {
        return Err(ErrorCode::CheckinNoOpenCheckin.into());
    }
    Ok(StudioVisit { checked_out_at: Some(change.now), ..visit })
}

/// What a visit is made by that can be used up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spent {
    /// The voucher that is used up by it.
    pub voucher: Option<i64>,
    /// The pack.
    pub pack: Option<i64>,
    /// Whether the visit takes one of the pack's uses; nothing without a pack.
    pub takes_use: Option<bool>,
}

/// Uses up the voucher, or takes the use of the pack, by which a customer enters a studio at an instant, before the visit begins
/// (AGG-1, CHV-2, ONL-2). Whoever comes in by a contract needs none, and neither does somebody whom staff let in although the door
/// would not.
///
/// # Errors
/// The database's; [`DbError::Conflict`] when somebody else took the last use just now.
pub fn spend(change: &mut Change<'_, '_>, studio: i64, customer: i64, at: Timestamp) -> Result<Spent, DbError> {
    let tenant = change.tenant;
    if voucher::unused(change.tx, tenant, customer, studio)?.is_empty()
        && stored_pack::of_customer(change.tx, tenant, customer)?.is_empty()
    {
        return Ok(Spent::default());
    }
    let Some(visitor) = customer::by_id(change.tx, tenant, customer)? else { return Ok(Spent::default()) };
    let studio = super::studio(change.tx, tenant, studio)?;
    Ok(match decide(change.tx, tenant, &studio, &visitor, at)? {
        Decision::Allowed(Right::Pass { kind: PassKind::Voucher, id, .. }) => {
            let is_first = voucher::use_up(change.tx, tenant, id, at)?;
            Spent { voucher: is_first.then_some(id), ..Spent::default() }
        }
        Decision::Allowed(Right::Pass { kind: PassKind::DayPass | PassKind::Aggregator, id, takes_use }) => {
            let day = studio.zone.to_datetime(at).date();
            // A booking may have taken it since the door was asked.
            if takes_use && !stored_pack::take(change.tx, tenant, id, day)? {
                return Err(DbError::Conflict);
            }
            Spent { pack: Some(id), takes_use: Some(takes_use), ..Spent::default() }
        }
        Decision::Allowed(Right::Contract { .. }) | Decision::Refused(_) => Spent::default(),
    })
}

fn past(change: &Change<'_, '_>, at: Option<Timestamp>, field: &str) -> Result<Timestamp, Failure> {
    match at {
        Some(at) if at > change.now => Err(Refusal::new(ErrorCode::CheckinTimeInFuture).at(field).into()),
        at => Ok(at.unwrap_or(change.now)),
    }
}
