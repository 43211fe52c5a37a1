//! The group Leads: the form for people who are interested, and what they say in it.

mod create_lead;
mod get_lead_config;
mod lead_wire;
mod validate_for_lead_creation;

use gymkeeper_contract::operations;

pub(super) use lead_wire::{LONGEST_TEXT, filled, gender_name, mode, spoken};

use super::frame::{Mounted, inventory, read, write};

/// The operations of the group.
pub fn operations() -> Vec<Mounted> {
    vec![
        inventory(&operations::GET_LEAD_CONFIG, get_lead_config::get_lead_config),
        read(&operations::VALIDATE_FOR_LEAD_CREATION, validate_for_lead_creation::validate_for_lead_creation),
        write(&operations::CREATE_LEAD, create_lead::create_lead),
    ]
}
