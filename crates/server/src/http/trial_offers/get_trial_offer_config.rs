//! `GET /v1/trial-offers/config/{configId}`: who may try how often, and what is asked of them.

use gymkeeper_contract::trial_offers::TrialOfferConfig;
use gymkeeper_store::db::Tx;

use super::trial_wire::{config, own};
use crate::http::{answer::Answer, caller::Caller, failure::Failure, input::PathId};

pub(super) fn get_trial_offer_config(
    tx: &mut Tx<'_>,
    caller: &Caller,
    PathId(id): &PathId,
) -> Result<Answer<TrialOfferConfig<'static>>, Failure> {
    let offer = own(tx, caller, *id)?;
    Answer::json(&config(&offer))
}
