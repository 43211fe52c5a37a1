//! The group Trial Offers: what people who are no members can try, who they are, and their bookings (section 26 of the rules).
//!
//! Slots, validations and bookings are those of classes and appointments; what is different stands in `actions/booking/trial.rs`.

mod book_appointment_for_trial_offer;
mod book_class_slot_for_trial_offers;
mod confirm_trial_offer_booking;
mod create_lead_customer;
mod get_bookable_appointment_slots_for_trial_offers;
mod get_bookable_trial_offer_appointments;
mod get_bookable_trial_offer_classes;
mod get_class_slots_for_trial_offers;
mod get_trial_offer_config;
mod trial_wire;
mod validate_class_slot_for_trial_offers;
mod validate_for_appointment_booking_for_trial_offers;
mod validate_for_lead_customer_creation;

use std::sync::Arc;

use gymkeeper_contract::operations;

use super::{
    frame::{Mounted, inventory, linked, planned, read, write},
    links::Links,
    tail::Subject,
};

/// The operations of the group.
pub fn operations(links: &Arc<Links>) -> Vec<Mounted> {
    let booking = Arc::clone(links);
    vec![
        read(
            &operations::GET_BOOKABLE_TRIAL_OFFER_CLASSES,
            linked(links, get_bookable_trial_offer_classes::get_bookable_trial_offer_classes),
        ),
        read(
            &operations::GET_BOOKABLE_TRIAL_OFFER_APPOINTMENTS,
            linked(links, get_bookable_trial_offer_appointments::get_bookable_trial_offer_appointments),
        ),
        inventory(&operations::GET_TRIAL_OFFER_CONFIG, get_trial_offer_config::get_trial_offer_config),
        read(
            &operations::VALIDATE_FOR_LEAD_CUSTOMER_CREATION,
            validate_for_lead_customer_creation::validate_for_lead_customer_creation,
        ),
        write(&operations::CREATE_LEAD_CUSTOMER, create_lead_customer::create_lead_customer),
        planned(
            &operations::GET_CLASS_SLOTS_FOR_TRIAL_OFFERS,
            Subject::ClassSlots,
            get_class_slots_for_trial_offers::get_class_slots_for_trial_offers,
        ),
        read(
            &operations::VALIDATE_CLASS_SLOT_FOR_TRIAL_OFFERS,
            validate_class_slot_for_trial_offers::validate_class_slot_for_trial_offers,
        ),
        write(
            &operations::BOOK_CLASS_SLOT_FOR_TRIAL_OFFERS,
            book_class_slot_for_trial_offers::book_class_slot_for_trial_offers,
        ),
        planned(
            &operations::GET_BOOKABLE_APPOINTMENT_SLOTS_FOR_TRIAL_OFFERS,
            Subject::FreeTimes,
            get_bookable_appointment_slots_for_trial_offers::get_bookable_appointment_slots_for_trial_offers,
        ),
        read(
            &operations::VALIDATE_FOR_APPOINTMENT_BOOKING_FOR_TRIAL_OFFERS,
            validate_for_appointment_booking_for_trial_offers::validate_for_appointment_booking_for_trial_offers,
        ),
        write(&operations::BOOK_APPOINTMENT_FOR_TRIAL_OFFER, move |change, caller, input| {
            book_appointment_for_trial_offer::book_appointment_for_trial_offer(&booking, change, caller, input)
        }),
        write(&operations::CONFIRM_TRIAL_OFFER_BOOKING, confirm_trial_offer_booking::confirm_trial_offer_booking),
    ]
}
