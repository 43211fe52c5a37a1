//! The group Memberships: offers and their prices.

mod get_membership_offer_by_id;
mod get_membership_offers;
mod offer_wire;
mod term_wire;

pub(super) use offer_wire::{rate_codes, term};
pub(super) use term_wire::month_day;

use std::sync::Arc;

use gymkeeper_contract::operations;

use super::{
    frame::{Mounted, inventory},
    links::Links,
};

/// The operations of the group.
pub fn operations(links: &Arc<Links>) -> Vec<Mounted> {
    let (all, one) = (Arc::clone(links), Arc::clone(links));
    vec![
        inventory(&operations::GET_MEMBERSHIP_OFFERS, move |tx, caller, input| {
            get_membership_offers::get_membership_offers(&all, tx, caller, input)
        }),
        inventory(&operations::GET_MEMBERSHIP_OFFER_BY_ID, move |tx, caller, input| {
            get_membership_offer_by_id::get_membership_offer_by_id(&one, tx, caller, input)
        }),
    ]
}
