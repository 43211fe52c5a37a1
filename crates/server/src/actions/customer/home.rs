//! The home studio of customers, and moving to another one.

use gymkeeper_contract::{errors::ErrorCode, webhooks::Event};
use gymkeeper_store::{
    customer::{self, Customer, contract::kind, note},
    studio,
};
use jiff::civil::Date;

use super::{contract, deed};
use crate::{
    actions::change::Change,
    http::failure::{Failure, Refusal},
};

/// Longest note about a move, in characters.
pub const LONGEST_DESCRIPTION: usize = 10_000;

/// A move to another home studio.
#[derive(Debug)]
pub struct Move<'a> {
    /// The studio to move to.
    pub target: i64,
    /// Since when.
    pub day: Date,
    /// What is noted about it.
    pub description: Option<&'a str>,
}

/// Moves a customer to another home studio of the tenant (CUST-14), if whoever does it may do so `there`. Contracts stay as they are;
/// those that do not hold everywhere hold in the home studio beside the one that they were concluded in, so in others than before
/// (WH-8).
///
/// # Errors
/// Refuses a day to come, the present studio, and studios that are not there or not allowed.
pub fn switch(
    change: &mut Change<'_, '_>,
    customer: Customer,
    Move { target, day, description }: Move<'_>,
    today: Date,
    there: impl FnOnce(&mut Change<'_, '_>, i64) -> Result<bool, Failure>,
) -> Result<(), Failure> {
    if day > today {
        return Err(Refusal::new(ErrorCode::StudioSwitchDateInFuture).at("switchDate").into());
    }
    let source = customer.studio_id;
    if target == source {
        return Err(Refusal::new(ErrorCode::StudioSwitchSameStudio).at("targetStudioId").into());
    }
    if studio::find(change.tx, change.tenant, target)?.is_none() || !there(change, target)? {
        return Err(Refusal::new(ErrorCode::StudioSwitchTargetNotAllowed).at("targetStudioId").into());
    }
    let mut contracts = contract::of(change.tx, change.tenant, &customer)?;
    contracts.retain(|one| one.row.kind == kind::MAIN && one.is_active(today) && !one.agreement.everywhere);
    let moved = Customer { studio_id: target, ..customer };
    customer::update(change.tx, change.tenant, &moved)?;
    let description = description.map(str::trim).filter(|text| !text.is_empty());
    note::add(
        change.tx,
        change.tenant,
        moved.id,
        note::SWITCH,
        description.unwrap_or_default(),
        &change.actor(),
        change.now,
    )?;
    let event = || Event::CustomerHomeStudioUpdated {
        customer_id: moved.id,
        source_studio_id: source,
        target_studio_id: target,
    };
    let enters = |contract_id: i64| Event::CustomerCheckinStudiosUpdated { customer_id: moved.id, contract_id };
    // Both studios learn of it: the one that loses the customer and the one that gains it.
    let deed = |studio: i64| {
        let deed = deed("customer.switched-studio", &moved)
            .studio(studio)
            .field("studioId", source, target)
            .field("switchDate", (), day)
            .event(event());
        contracts.iter().fold(deed, |deed, contract| deed.event(enters(contract.row.id)))
    };
    change.record(deed(source));
    change.record(deed(target));
    Ok(())
}
