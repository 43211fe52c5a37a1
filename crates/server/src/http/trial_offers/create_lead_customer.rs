//! `POST /v1/trial-offers/lead/create`: somebody wants to try something, and becomes a customer without a contract.

use gymkeeper_contract::trial_offers::{TrialOfferLeadCustomerCreationRequest, TrialOfferLeadCustomerCreationResult};

use super::trial_wire::{interested, named};
use crate::{
    actions::{change::Change, customer, trial_lead},
    http::{answer::Answer, caller::Caller, failure::Failure, input::Json},
};

pub(super) fn create_lead_customer(
    change: &mut Change<'_, '_>,
    caller: &Caller,
    Json(wanted): &Json<TrialOfferLeadCustomerCreationRequest>,
) -> Result<Answer<TrialOfferLeadCustomerCreationResult>, Failure> {
    let home = customer::studio(change.tx, change.tenant, caller.studio())?;
    let interested = interested(&home, wanted)?;
    let offer = named(change.tx, caller, wanted)?;
    let customer = trial_lead::create(change, caller, &home, &offer.definition, interested)?;
    Answer::json(&TrialOfferLeadCustomerCreationResult { lead_customer_id: Some(customer.id) })
}
