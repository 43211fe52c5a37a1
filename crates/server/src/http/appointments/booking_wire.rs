//! Appointments and their bookings from the store's words to the wire's.

use gymkeeper_contract::{
    appointments::{
        AppointmentBookingRequest, AppointmentBookingResult, AppointmentBookingStatus,
        AppointmentValidationStatus as Status, BookableAppointment,
    },
    common::ZonedDateTime,
    errors::ErrorCode,
};
use gymkeeper_domain::booking::{
    BookingStatus, EventStatus,
    appointment::Appointment,
    free_slots::{Assignment, Refusal as Reason},
    times::Period,
};
use gymkeeper_store::{
    booking::{Booking, occupied},
    db::{DbError, Tx},
    inventory::{self, Entry},
    tenant::TenantId,
};

use crate::{
    actions::{
        booking::{
            Defined,
            appointment::{self, Wish},
            status,
        },
        customer,
    },
    http::{
        caller::Caller,
        classes::{
            booking_wire::{participant, planned},
            class_wire::instructor,
        },
        failure::Failure,
        links::{Lifetime, Links},
    },
};

/// What can be booked, as clients see it. URL-3: the link to the picture does not expire.
pub(in crate::http) fn bookable<'a>(
    links: &Links,
    caller: &Caller,
    Defined { entry, definition, .. }: &'a Defined<Appointment>,
) -> BookableAppointment<'a> {
    BookableAppointment {
        id: entry.id,
        title: Some(&definition.name),
        duration: i32::try_from(definition.minutes).ok(),
        category: definition.category.as_deref(),
        description: definition.description.as_deref(),
        img_url: picture(links, caller, entry),
    }
}

fn picture(links: &Links, caller: &Caller, entry: &Entry) -> Option<String> {
    entry.file_id.map(|file| links.link(caller.tenant(), file, Lifetime::Lasting, caller.system_now))
}

/// What a request wants.
pub(in crate::http) fn wish(request: &AppointmentBookingRequest) -> Wish {
    Wish {
        appointment: request.bookable_appointment_id,
        period: Period::new(request.start_date_time.0, request.end_date_time.0),
        instructors: request.instructor_ids.clone().unwrap_or_default(),
    }
}

/// The booking of an appointment of the caller's studio (CLS-14), whose customer lets third parties see it (AUTH-5).
///
/// # Errors
/// Refuses an unknown one with 404, one of another studio and one of a customer who does not want to be seen with 403.
pub(super) fn own(tx: &mut Tx<'_>, caller: &Caller, id: i64) -> Result<(Booking, i64), Failure> {
    let booking = appointment::find(tx, caller.tenant(), caller.studio(), id)?;
    let customer = booking.customer_id.ok_or(ErrorCode::BookingNotFound)?;
    customer::known_in_sister_studios(tx, caller, customer)?;
    Ok((booking, customer))
}

/// What is told about bookings, read for all of them at once.
pub(in crate::http) struct Told {
    appointments: Vec<(Entry, Appointment)>,
    instructors: Vec<occupied::Instructor>,
}

impl Told {
    /// What is told about these.
    ///
    /// # Errors
    /// The database's; when an appointment cannot be read.
    pub(in crate::http) fn of(tx: &mut Tx<'_>, tenant: TenantId, bookings: &[Booking]) -> Result<Self, DbError> {
        let mut subjects: Vec<i64> = bookings.iter().map(|booking| booking.subject_id).collect();
        subjects.sort_unstable();
        subjects.dedup();
        let entries = inventory::by_ids(tx, tenant, &subjects)?.into_iter();
        let ids: Vec<i64> = bookings.iter().map(|booking| booking.id).collect();
        Ok(Self {
            appointments: entries.map(|entry| Ok((entry.clone(), entry.read()?))).collect::<Result<_, DbError>>()?,
            instructors: occupied::instructors(tx, tenant, &ids)?,
        })
    }

    /// A booking as clients see it.
    ///
    /// # Errors
    /// When something stored has an unknown name.
    pub(in crate::http) fn result(
        &self,
        links: &Links,
        caller: &Caller,
        booking: &Booking,
    ) -> Result<AppointmentBookingResult<'_>, Failure> {
        let status = status(booking)?;
        let appointment = self.appointments.iter().find(|(entry, _)| entry.id == booking.subject_id);
        let definition = appointment.map(|(_, definition)| definition);
        let minutes = booking.starts_at.duration_until(booking.ends_at).as_mins();
        Ok(AppointmentBookingResult {
            booking_id: booking.id,
            booking_status: booking_status(status),
            start_date_time: ZonedDateTime::new(booking.starts_at, caller.zone()),
            end_date_time: ZonedDateTime::new(booking.ends_at, caller.zone()),
            title: definition.map(|definition| definition.name.as_str()),
            duration: i32::try_from(minutes).ok(),
            category: definition.and_then(|definition| definition.category.as_deref()),
            description: definition.and_then(|definition| definition.description.as_deref()),
            img_url: appointment.and_then(|(entry, _)| picture(links, caller, entry)),
            instructors: Some(
                self.instructors.iter().filter(|one| one.source_id == booking.id).map(instructor).collect(),
            ),
            appointment_status: planned(EventStatus::at(
                status == BookingStatus::Canceled,
                booking.ends_at,
                caller.now,
            )),
            participant_status: participant(booking)?,
        })
    }
}

/// Nobody waits for an appointment.
pub(in crate::http) const fn booking_status(status: BookingStatus) -> AppointmentBookingStatus {
    match status {
        BookingStatus::Booked | BookingStatus::WaitingList => AppointmentBookingStatus::Booked,
        BookingStatus::ToBeConfirmed => AppointmentBookingStatus::BookedWithConfirmationRequired,
        BookingStatus::Canceled => AppointmentBookingStatus::Canceled,
    }
}

/// What comes of a request for an appointment, as validation says it.
pub(in crate::http) fn validation(decided: Result<Assignment, Reason>) -> Status {
    let Err(reason) = decided else { return Status::Available };
    match reason {
        Reason::EndNotAfterStart => Status::EndDateTimeNotAfterStartDateTime,
        Reason::PastStart => Status::PastStartDateTime,
        Reason::PeriodDoesNotMatch => Status::PeriodDoesNotMatch,
        Reason::BeforeEarliest(_) => Status::DateTimeBeforeEarliestBookingDateTime,
        Reason::AfterLatest(_) => Status::DateTimeAfterLatestBookingDateTime,
        Reason::StudioClosed => Status::StudioClosed,
        Reason::ConditionsNotMet => Status::BookableAppointmentRestrictionsNotFulfilled,
        Reason::CustomerIdle => Status::CustomerIdle,
        Reason::InOtherBooking => Status::CustomerInOtherBooking,
        Reason::LimitReached => Status::BookingLimitReached,
        Reason::NoContingent => Status::NoContingent,
        Reason::ResourceNotAvailable => Status::ResourceNotAvailable,
        Reason::NotAvailable => Status::NotAvailable,
    }
}
