//! The group Appointments: what can be booked, when, and bookings of it (APP-1 to APP-8).

mod book_appointment_booking;
pub(super) mod booking_wire;
mod delete_appointment_booking;
mod get_appointment_booking;
mod get_appointment_bookings;
mod get_bookable_appointment;
mod get_bookable_appointment_slots;
mod get_bookable_appointments;
pub(super) mod slots_wire;
mod validate_for_appointment_booking;

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
            &operations::GET_BOOKABLE_APPOINTMENTS,
            linked(links, get_bookable_appointments::get_bookable_appointments),
        ),
        inventory(
            &operations::GET_BOOKABLE_APPOINTMENT,
            linked(links, get_bookable_appointment::get_bookable_appointment),
        ),
        planned(
            &operations::GET_BOOKABLE_APPOINTMENT_SLOTS,
            Subject::FreeTimes,
            get_bookable_appointment_slots::get_bookable_appointment_slots,
        ),
        read(
            &operations::VALIDATE_FOR_APPOINTMENT_BOOKING,
            validate_for_appointment_booking::validate_for_appointment_booking,
        ),
        write(&operations::BOOK_APPOINTMENT_BOOKING, move |change, caller, input| {
            book_appointment_booking::book_appointment_booking(&booking, change, caller, input)
        }),
        read(&operations::GET_APPOINTMENT_BOOKING, linked(links, get_appointment_booking::get_appointment_booking)),
        write(&operations::DELETE_APPOINTMENT_BOOKING, delete_appointment_booking::delete_appointment_booking),
        read(&operations::GET_APPOINTMENT_BOOKINGS, linked(links, get_appointment_bookings::get_appointment_bookings)),
    ]
}
