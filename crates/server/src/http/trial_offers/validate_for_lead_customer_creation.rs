//! `POST /v1/trial-offers/lead/validate`: whether somebody could become a customer in order to try. Nothing is stored.

use gymkeeper_contract::trial_offers::{
    LeadCustomerValidationStatus, TrialOfferLeadCustomerCreationRequest, TrialOfferLeadCustomerCreationValidationResult,
};
use gymkeeper_store::db::Tx;

use super::trial_wire::{interested, named};
use crate::{
    actions::{customer, lead::Verdict, trial_lead},
    http::{answer::Answer, caller::Caller, failure::Failure, input::Json},
};

pub(super) fn validate_for_lead_customer_creation(
    tx: &mut Tx<'_>,
    caller: &Caller,
    Json(wanted): &Json<TrialOfferLeadCustomerCreationRequest>,
) -> Result<Answer<TrialOfferLeadCustomerCreationValidationResult>, Failure> {
    let home = customer::studio(tx, caller.tenant(), caller.studio())?;
    let interested = interested(&home, wanted)?;
    let offer = named(tx, caller, wanted)?;
    // TRI-2: what is refused on creation is an answer here.
    let validation_status = match trial_lead::judge(tx, caller, &offer.definition, &interested)? {
        Verdict::Possible(_) => LeadCustomerValidationStatus::Possible,
        Verdict::Invalid(_) => LeadCustomerValidationStatus::InvalidLeadCustomerData,
        Verdict::Duplicate(_) => LeadCustomerValidationStatus::DuplicateCustomer,
    };
    Answer::json(&TrialOfferLeadCustomerCreationValidationResult { validation_status })
}
