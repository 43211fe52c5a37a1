//! `POST /v1/leads/validate`: whether somebody could become a lead. Nothing is stored.

use gymkeeper_contract::leads::{LeadCreationRequest, LeadValidationResult, LeadValidationStatus};
use gymkeeper_store::db::Tx;

use super::lead_wire::interested;
use crate::{
    actions::{
        customer,
        lead::{self, Verdict},
    },
    http::{answer::Answer, caller::Caller, failure::Failure, input::Json},
};

pub(super) fn validate_for_lead_creation(
    tx: &mut Tx<'_>,
    caller: &Caller,
    Json(wanted): &Json<LeadCreationRequest>,
) -> Result<Answer<LeadValidationResult>, Failure> {
    let home = customer::studio(tx, caller.tenant(), caller.studio())?;
    // LEAD-2: what is refused on creation is an answer here.
    let status = match lead::judge(tx, caller, &home, &interested(&home, wanted)?)? {
        Verdict::Possible(_) => LeadValidationStatus::Possible,
        Verdict::Invalid(_) => LeadValidationStatus::InvalidLeadData,
        Verdict::Duplicate(_) => LeadValidationStatus::DuplicateCustomer,
    };
    Answer::json(&LeadValidationResult { status })
}
