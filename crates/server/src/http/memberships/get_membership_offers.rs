//! `GET /v1/memberships/membership-offers`: what the studio sells today.

use gymkeeper_contract::memberships::MembershipOffer;
use gymkeeper_store::{db::Tx, membership};

use super::offer_wire::Wire;
use crate::http::{
    answer::{Answer, JsonList},
    caller::Caller,
    failure::Failure,
    links::Links,
};

pub(super) fn get_membership_offers(
    links: &Links,
    tx: &mut Tx<'_>,
    caller: &Caller,
    (): &(),
) -> Result<Answer<Vec<MembershipOffer<'static>>>, Failure> {
    let catalog = membership::catalog(tx, caller.tenant(), caller.studio())?;
    let wire = Wire::new(links, caller, &catalog)?;
    let mut list = JsonList::default();
    // OFF-1: in the operator's order, and only what can be bought.
    for offer in catalog.offers.iter().filter(|offer| offer.offer.definition.is_listed(caller.today())) {
        list.push(&wire.offer(offer))?;
    }
    Ok(list.finish())
}
