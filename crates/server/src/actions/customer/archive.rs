//! The archive: customers who are kept for the books and are nobody any more to programs and doors (CUST-26).

use gymkeeper_contract::{errors::ErrorCode, webhooks::Event};
use gymkeeper_store::{
    customer::{self, Customer, amendment, contract::kind, find},
    studio::checkin,
};

use super::{StudioOf, contract, deed, entry};
use crate::{
    actions::{booking, change::Change},
    http::failure::{Failure, Refusal},
};

/// Archives a customer, and answers whether that was so far not so. The customer must be held.
///
/// # Errors
/// Refuses whoever has a main contract that is in force or to come, is inside, or waits for staff to decide about a change.
pub fn archive(change: &mut Change<'_, '_>, home: &StudioOf, customer: &mut Customer) -> Result<bool, Failure> {
    if customer.archived_at.is_some() {
        return Ok(false);
    }
    let (tenant, today) = (change.tenant, home.zone.to_datetime(change.now).date());
    let contracts = contract::of(change.tx, tenant, customer)?;
    if contracts.iter().any(|contract| contract.row.kind == kind::MAIN && contract.is_active(today)) {
        return Err(ErrorCode::CustomerArchiveContractActive.into());
    }
    if !checkin::open_of_customer(change.tx, tenant, customer.id)?.is_empty() {
        return Err(ErrorCode::CustomerArchiveInside.into());
    }
    if !amendment::waiting_of_customer(change.tx, tenant, customer.id)?.is_empty() {
        return Err(ErrorCode::CustomerArchiveAmendmentPending.into());
    }
    booking::withdraw_all(change, customer.id)?;
    customer.archived_at = Some(change.now);
    customer::update(change.tx, tenant, customer)?;
    // WH-10: this is what programs are told as a deletion.
    change.record(deed("customer.archived", customer).event(Event::CustomerDeleted { customer_id: customer.id }));
    Ok(true)
}

/// Takes a customer back from the archive, and answers whether the customer was in it. Programs took the customer out when they
/// were told of the deletion, so they are told of a new one, with the old id. The customer must be held.
///
/// # Errors
/// Refuses when somebody else has the number by now, or the same e-mail address, last name and birthday (CUST-3, CUST-5).
pub fn restore(change: &mut Change<'_, '_>, customer: &mut Customer) -> Result<bool, Failure> {
    if customer.archived_at.is_none() {
        return Ok(false);
    }
    customer::take_turn(change.tx, change.tenant)?;
    if find::by_number(change.tx, change.tenant, &customer.customer_number)?.is_some() {
        return Err(Refusal::new(ErrorCode::CustomerNumberTaken).with_text(&customer.customer_number).into());
    }
    if let (Some(email), Some(_)) = (&customer.email, customer.date_of_birth) {
        entry::refuse_known(change.tx, change.tenant, email, &customer.last_name, customer.date_of_birth)?;
    }
    customer.archived_at = None;
    customer::update(change.tx, change.tenant, customer)?;
    change.record(deed("customer.restored", customer).event(Event::CustomerCreated { customer_id: customer.id }));
    Ok(true)
}
