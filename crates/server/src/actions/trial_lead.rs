//! People who want to try something: what a trial offer asks them, and how they become customers without a contract (TRI-1, TRI-2).
//!
//! They are no leads of the studio's own form: nothing is noted under leads, so an offer that is closed to leads is not closed to those
//! who came by it.

use gymkeeper_contract::errors::ErrorCode;
use gymkeeper_domain::{
    booking::trial::TrialOffer,
    customer::lead::{self as rule, LeadProblem, LeadRefusal},
};
use gymkeeper_store::{
    customer::{self, Customer},
    db::{DbError, Tx},
};

use super::{
    change::Change,
    customer::{StudioOf, create as create_customer},
    lead::{Interested, Verdict, as_asked, name_of},
};
use crate::http::{
    caller::Caller,
    failure::{Failure, Refusal},
};

/// Where requests have what they say about the person.
const PERSON: &str = "leadCustomerData";

/// Looks whether somebody can become a customer in order to try: first at the data, then whether the e-mail address is known (TRI-2).
/// Nothing is stored.
///
/// # Errors
/// The database's.
pub fn judge(
    tx: &mut Tx<'_>,
    caller: &Caller,
    offer: &TrialOffer,
    interested: &Interested<'_>,
) -> Result<Verdict, DbError> {
    let tenant = caller.tenant();
    let email = interested.person.email.as_deref().unwrap_or_default();
    let is_duplicate = !offer.duplicates_allowed && customer::known_by_email(tx, tenant, email)?.is_some();
    let decided = rule::validate(offer.modes(), &[], &interested.request(), true, is_duplicate, caller.today());
    let answers = match decided {
        Ok(answers) => answers,
        Err(LeadRefusal::Data(problem)) => return Ok(Verdict::Invalid(data_refusal(problem))),
        Err(LeadRefusal::Duplicate) => {
            let refusal = Refusal::new(ErrorCode::LeadDuplicateCustomer).at(format!("{PERSON}.email"));
            return Ok(Verdict::Duplicate(refusal));
        }
    };
    if let Some(id) = interested.third_party_id
        && customer::by_third_party_id(tx, tenant, caller.integration(), id)?.is_some()
    {
        return Ok(Verdict::Duplicate(third_party_id_taken()));
    }
    Ok(Verdict::Possible(answers))
}

fn third_party_id_taken() -> Refusal {
    Refusal::new(ErrorCode::CustomerThirdPartyIdDuplicate).at(format!("{PERSON}.thirdPartyId"))
}

fn data_refusal(problem: LeadProblem) -> Refusal {
    let input = match problem {
        LeadProblem::Missing(input) | LeadProblem::Invalid(input) => name_of(input).unwrap_or("address"),
        // A trial offer asks for neither.
        LeadProblem::UnknownField { .. } | LeadProblem::UnknownCampaign => {
            return Refusal::new(ErrorCode::LeadDataInvalid);
        }
    };
    Refusal::new(ErrorCode::LeadDataInvalid).at(format!("{PERSON}.{input}"))
}

/// Makes somebody a customer of the studio without a contract, who may try then (TRI-7).
///
/// # Errors
/// Refuses what [`judge`] finds.
pub fn create(
    change: &mut Change<'_, '_>,
    caller: &Caller,
    home: &StudioOf,
    offer: &TrialOffer,
    interested: Interested<'_>,
) -> Result<Customer, Failure> {
    customer::take_turn(change.tx, change.tenant)?;
    match judge(change.tx, caller, offer, &interested)? {
        Verdict::Possible(_) => {}
        Verdict::Invalid(refusal) | Verdict::Duplicate(refusal) => return Err(refusal.into()),
    }
    let customer = create_customer(change, home, as_asked(home, offer.modes(), interested.person))?;
    if let Some(id) = interested.third_party_id
        && !customer::set_third_party_id(change.tx, change.tenant, caller.integration(), id, customer.id)?
    {
        return Err(third_party_id_taken().into());
    }
    Ok(customer)
}
