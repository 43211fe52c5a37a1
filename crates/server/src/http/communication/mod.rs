//! The group Customers Communication: messages that were exchanged, and which ones customers want.

mod create_communication_in_existing_communication_thread;
mod create_communication_in_new_communication_thread;
mod get_communication_preferences;
pub(super) mod message_wire;
pub(super) mod preference_wire;
mod update_communication_preferences;

use gymkeeper_contract::operations;

use super::frame::{Mounted, read, write};

/// The operations of the group.
pub fn operations() -> Vec<Mounted> {
    vec![
        write(
            &operations::CREATE_COMMUNICATION_IN_NEW_COMMUNICATION_THREAD,
            create_communication_in_new_communication_thread::create_communication_in_new_communication_thread,
        ),
        write(
            &operations::CREATE_COMMUNICATION_IN_EXISTING_COMMUNICATION_THREAD,
            create_communication_in_existing_communication_thread::create_communication_in_existing_communication_thread,
        ),
        read(
            &operations::GET_COMMUNICATION_PREFERENCES,
            get_communication_preferences::get_communication_preferences,
        ),
        write(
            &operations::UPDATE_COMMUNICATION_PREFERENCES,
            update_communication_preferences::update_communication_preferences,
        ),
    ]
}
