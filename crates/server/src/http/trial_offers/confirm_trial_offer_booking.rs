//! `POST /v1/trial-offers/bookings/{bookingId}/confirm`: the customer will come (TRI-4, TRI-7).

use gymkeeper_contract::{
    errors::ErrorCode,
    trial_offers::{BookingConfirmationResult, BookingConfirmationStatus},
};
use gymkeeper_store::booking;

use crate::{
    actions::{booking::trial, change::Change, customer},
    http::{answer::Answer, caller::Caller, failure::Failure, input::PathId},
};

pub(super) fn confirm_trial_offer_booking(
    change: &mut Change<'_, '_>,
    caller: &Caller,
    PathId(id): &PathId,
) -> Result<Answer<BookingConfirmationResult>, Failure> {
    let found = booking::by_id(change.tx, change.tenant, *id)?.filter(|booking| booking.trial_id.is_some());
    let booking = found.ok_or(ErrorCode::BookingNotFound)?;
    if booking.studio_id != caller.studio() {
        return Err(ErrorCode::AuthorizationOtherStudio.into());
    }
    let customer = booking.customer_id.ok_or(ErrorCode::BookingNotFound)?;
    customer::visitor_alone(change, caller, customer)?;
    let is_confirmed = trial::confirm(change, *id)?;
    let status = if is_confirmed { BookingConfirmationStatus::Confirmed } else { BookingConfirmationStatus::Expired };
    Answer::json(&BookingConfirmationResult { status })
}
