//! The group Studios: the studio of the key, its tags, and how full it is.

mod confirm_activation;
mod get_all;
mod get_studio_information;
mod get_utilization;
pub(super) mod hours_wire;
mod update_studio_tags;

use std::sync::Arc;

use gymkeeper_contract::operations;

use super::{
    frame::{Mounted, inventory, read, write},
    links::Links,
};

/// The operations of the group.
pub fn operations(links: &Arc<Links>) -> Vec<Mounted> {
    let links = Arc::clone(links);
    vec![
        read(&operations::GET_UTILIZATION, get_utilization::get_utilization),
        inventory(&operations::GET_STUDIO_INFORMATION, move |tx, caller, input| {
            get_studio_information::get_studio_information(&links, tx, caller, input)
        }),
        write(&operations::CONFIRM_ACTIVATION, confirm_activation::confirm_activation),
        inventory(&operations::GET_ALL, get_all::get_all),
        write(&operations::UPDATE_STUDIO_TAGS, update_studio_tags::update_studio_tags),
    ]
}
