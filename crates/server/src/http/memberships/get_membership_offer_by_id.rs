//! `GET /v1/memberships/membership-offers/{membershipOfferId}`: everything about one offer.

use gymkeeper_contract::{errors::ErrorCode, memberships::MembershipOfferExtended};
use gymkeeper_store::{
    db::Tx,
    inventory::{self, Kind},
    membership,
};

use super::offer_wire::Wire;
use crate::http::{answer::Answer, caller::Caller, failure::Failure, input::PathId, links::Links};

pub(super) fn get_membership_offer_by_id(
    links: &Links,
    tx: &mut Tx<'_>,
    caller: &Caller,
    PathId(id): &PathId,
) -> Result<Answer<MembershipOfferExtended<'static>>, Failure> {
    match inventory::studio_of(tx, caller.tenant(), *id, Kind::Offer)? {
        None => return Err(ErrorCode::MembershipOfferNotFound.into()),
        // AUTH-6: another studio's offer exists, but not for this key.
        Some(studio) if studio != caller.studio() => return Err(ErrorCode::AuthorizationOtherStudio.into()),
        Some(_) => {}
    }
    let catalog = membership::catalog(tx, caller.tenant(), caller.studio())?;
    // OFF-13: what is not listed today is not found.
    let found =
        catalog.offers.iter().find(|offer| offer.offer.id == *id && offer.offer.definition.is_listed(caller.today()));
    let offer = found.ok_or(ErrorCode::MembershipOfferNotFound)?;
    Answer::json(&Wire::new(links, caller, &catalog)?.extended(offer))
}
