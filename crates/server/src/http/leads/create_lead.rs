//! `POST /v1/leads/create`: somebody is interested, and becomes a customer without a contract.

use gymkeeper_contract::leads::{LeadCreationRequest, LeadCreationResult};

use super::lead_wire::interested;
use crate::{
    actions::{change::Change, customer, lead},
    http::{answer::Answer, caller::Caller, failure::Failure, input::Json},
};

pub(super) fn create_lead(
    change: &mut Change<'_, '_>,
    caller: &Caller,
    Json(wanted): &Json<LeadCreationRequest>,
) -> Result<Answer<LeadCreationResult<'static>>, Failure> {
    let home = customer::studio(change.tx, change.tenant, caller.studio())?;
    let (id, customer) = lead::create(change, caller, &home, interested(&home, wanted)?)?;
    Answer::json(&LeadCreationResult {
        id,
        customer_id: customer.id,
        uuid: &customer.uuid,
        customer_number: &customer.customer_number,
    })
}
