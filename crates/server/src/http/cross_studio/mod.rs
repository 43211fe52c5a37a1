//! The group Cross Studio: reads over all studios of the tenant in which the calling integration is active.

mod get_cross_studio_customer_by;
mod get_cross_studio_customer_by_id;
mod get_cross_studio_customers_checkin_history;
mod get_studios_with_active_membership_offers;
mod search_cross_studio_customers;

use std::sync::Arc;

use gymkeeper_contract::operations;

use super::{
    customers::portraits::Showing,
    frame::{Mounted, linked, read},
};

/// The operations of the group.
pub fn operations(showing: &Arc<Showing>) -> Vec<Mounted> {
    vec![
        read(
            &operations::GET_CROSS_STUDIO_CUSTOMER_BY,
            linked(showing, get_cross_studio_customer_by::get_cross_studio_customer_by),
        ),
        read(
            &operations::GET_CROSS_STUDIO_CUSTOMER_BY_ID,
            linked(showing, get_cross_studio_customer_by_id::get_cross_studio_customer_by_id),
        ),
        read(
            &operations::SEARCH_CROSS_STUDIO_CUSTOMERS,
            linked(showing, search_cross_studio_customers::search_cross_studio_customers),
        ),
        read(
            &operations::GET_CROSS_STUDIO_CUSTOMERS_CHECKIN_HISTORY,
            get_cross_studio_customers_checkin_history::get_cross_studio_customers_checkin_history,
        ),
        read(
            &operations::GET_STUDIOS_WITH_ACTIVE_MEMBERSHIP_OFFERS,
            get_studios_with_active_membership_offers::get_studios_with_active_membership_offers,
        ),
    ]
}
