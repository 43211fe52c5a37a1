//! The home studio of customers, and moving to another one.

use gymkeeper_contract::{errors::ErrorCode, webhooks::Event};
use gymkeeper_store::{
    customer::{self, Customer, note},
    keys, studio,
};
use jiff::civil::Date;

use super::deed;
use crate::{
    actions::change::Change,
    http::{
        caller::Caller,
        failure::{Failure, Refusal},
    },
};

/// Moves a customer to another home studio of the tenant in which the caller's integration is active (CUST-14). Contracts stay
/// as they are.
///
/// # Errors
/// Refuses a day to come, the present studio, and studios that the integration does not know.
pub fn switch(
    change: &mut Change<'_, '_>,
    caller: &Caller,
    customer: Customer,
    target: i64,
    day: Date,
    description: Option<&str>,
) -> Result<(), Failure> {
    if day > caller.today() {
        return Err(Refusal::new(ErrorCode::StudioSwitchDateInFuture).at("switchDate").into());
    }
    let source = customer.studio_id;
    if target == source {
        return Err(Refusal::new(ErrorCode::StudioSwitchSameStudio).at("targetStudioId").into());
    }
    let active = keys::studios_of(change.tx, change.tenant, caller.integration(), change.system_now())?;
    if studio::find(change.tx, change.tenant, target)?.is_none() || !active.contains(&target) {
        return Err(Refusal::new(ErrorCode::StudioSwitchTargetNotAllowed).at("targetStudioId").into());
    }
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
    // Both studios learn of it: the one that loses the customer and the one that gains it.
    let deed = |studio: i64| {
        deed("customer.switched-studio", &moved)
            .studio(studio)
            .field("studioId", source, target)
            .field("switchDate", (), day)
            .event(event())
    };
    change.record(deed(source));
    change.record(deed(target));
    Ok(())
}
