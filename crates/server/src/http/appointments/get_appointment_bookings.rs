//! `GET /v1/appointments/booking`: the appointments of a customer around today (APP-7).

use gymkeeper_contract::appointments::AppointmentBookingResult;
use gymkeeper_domain::booking::allowance::BookableKind;
use gymkeeper_store::{booking, db::Tx};

use super::booking_wire::Told;
use crate::{
    actions::customer,
    http::{
        answer::{Answer, JsonList},
        caller::Caller,
        classes::windows::{OfCustomer, two_weeks_around},
        failure::Failure,
        links::Links,
    },
};

pub(super) fn get_appointment_bookings(
    links: &Links,
    tx: &mut Tx<'_>,
    caller: &Caller,
    OfCustomer(id): &OfCustomer,
) -> Result<Answer<Vec<AppointmentBookingResult<'static>>>, Failure> {
    let customer = customer::known_in_sister_studios(tx, caller, *id)?;
    let (from, to) = two_weeks_around(caller.now);
    let kind = BookableKind::Appointment.name();
    let mut bookings = booking::of_customer(tx, caller.tenant(), customer.id, kind, from, to)?;
    // What happens in another studio is that one's.
    bookings.retain(|booking| booking.studio_id == caller.studio());
    let told = Told::of(tx, caller.tenant(), &bookings)?;
    let mut list = JsonList::default();
    for booking in &bookings {
        list.push(&told.result(links, caller, booking)?)?;
    }
    Ok(list.finish())
}
