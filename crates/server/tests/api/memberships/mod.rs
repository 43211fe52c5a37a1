mod get_membership_offer_by_id;
mod get_membership_offers;
mod links;
mod volume;
