//! The group Classes: what is held, when, and who has a place (section 24 of the rules).

mod book_class_slot;
pub(super) mod booking_wire;
mod cancel_class_slot_by_id;
pub(super) mod class_wire;
mod get_active_classes;
mod get_class_booking_by_id;
mod get_class_bookings_by_customer_id;
mod get_class_by_id;
mod get_class_slot_by_id;
mod get_class_slots;
mod get_class_slots_for_multiple_classes;
mod validate_class_slot;
pub(super) mod windows;

use std::sync::Arc;

use gymkeeper_contract::operations;

use super::{
    frame::{Mounted, linked, planned, read, write},
    links::Links,
    tail::Subject,
};

/// The operations of the group.
pub fn operations(links: &Arc<Links>) -> Vec<Mounted> {
    vec![
        read(&operations::GET_ACTIVE_CLASSES, linked(links, get_active_classes::get_active_classes)),
        read(&operations::GET_CLASS_BY_ID, linked(links, get_class_by_id::get_class_by_id)),
        planned(&operations::GET_CLASS_SLOTS, Subject::ClassSlots, get_class_slots::get_class_slots),
        read(&operations::GET_CLASS_SLOT_BY_ID, get_class_slot_by_id::get_class_slot_by_id),
        planned(
            &operations::GET_CLASS_SLOTS_FOR_MULTIPLE_CLASSES,
            Subject::ClassSlots,
            get_class_slots_for_multiple_classes::get_class_slots_for_multiple_classes,
        ),
        read(&operations::VALIDATE_CLASS_SLOT, validate_class_slot::validate_class_slot),
        write(&operations::BOOK_CLASS_SLOT, book_class_slot::book_class_slot),
        read(&operations::GET_CLASS_BOOKING_BY_ID, get_class_booking_by_id::get_class_booking_by_id),
        write(&operations::CANCEL_CLASS_SLOT_BY_ID, cancel_class_slot_by_id::cancel_class_slot_by_id),
        read(
            &operations::GET_CLASS_BOOKINGS_BY_CUSTOMER_ID,
            get_class_bookings_by_customer_id::get_class_bookings_by_customer_id,
        ),
    ]
}
