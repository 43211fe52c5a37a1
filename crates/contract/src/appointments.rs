//! Requests and answers of the group Appointments: what can be booked, when, and the bookings themselves.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::common::{Instructor, ParticipantStatus, PlannedStatus, RequestInstant, ZonedDateTime};

/// A kind of appointment that can be booked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BookableAppointment<'a> {
    /// The id of the bookable appointment.
    pub id: i64,
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<&'a str>,
    /// How many minutes it takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<i32>,
    /// What kind of appointment it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<&'a str>,
    /// What one gets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<&'a str>,
    /// Where a picture can be fetched. The link does not expire.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub img_url: Option<String>,
}

/// A time at which an appointment can be booked.
// APP-2
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BookableAppointmentSlot<'a> {
    /// When it would begin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_date_time: Option<ZonedDateTime>,
    /// When it would end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_date_time: Option<ZonedDateTime>,
    /// Everybody who could give it then, in the order in which they are chosen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instructors: Option<&'a [Instructor<'a>]>,
}

/// What is to be booked, for whom and when.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AppointmentBookingRequest {
    /// The id of the customer.
    pub customer_id: i64,
    /// The id of the bookable appointment.
    pub bookable_appointment_id: i64,
    /// When it begins.
    pub start_date_time: RequestInstant,
    /// When it ends: as long after the start as the appointment takes.
    pub end_date_time: RequestInstant,
    /// The ids of those who are to give it, all of them. Left out, the first who is free does.
    pub instructor_ids: Option<Vec<i64>>,
}

/// Whether an appointment could be booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AppointmentBookingValidationResult {
    /// The first reason against it, or that there is none.
    pub validation_status: AppointmentValidationStatus,
}

/// What speaks against the booking of an appointment.
// APP-4
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub enum AppointmentValidationStatus {
    /// The start has passed.
    PastStartDateTime,
    /// The end does not come after the start.
    EndDateTimeNotAfterStartDateTime,
    /// The time between start and end is not the length of the appointment.
    PeriodDoesNotMatch,
    /// The customer has another booking then.
    CustomerInOtherBooking,
    /// The contract of the customer is paused then.
    CustomerIdle,
    /// The customer has no right to it, or has used it up.
    NoContingent,
    /// The customer does not meet the conditions.
    BookableAppointmentRestrictionsNotFulfilled,
    /// The customer has booked as many of these as one may.
    BookingLimitReached,
    /// The start is sooner than can be booked now.
    DateTimeBeforeEarliestBookingDateTime,
    /// The start is farther away than can be booked now.
    DateTimeAfterLatestBookingDateTime,
    /// The studio is closed then, or closes before the end.
    StudioClosed,
    /// Somebody or something that is needed is not free.
    ResourceNotAvailable,
    /// It cannot be booked, for another reason.
    NotAvailable,
    /// It can be booked.
    Available,
}

/// A booking of an appointment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AppointmentBookingResult<'a> {
    /// The id of the booking.
    pub booking_id: i64,
    /// How the booking stands.
    pub booking_status: AppointmentBookingStatus,
    /// When it begins.
    pub start_date_time: ZonedDateTime,
    /// When it ends.
    pub end_date_time: ZonedDateTime,
    /// The name of the appointment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<&'a str>,
    /// How many minutes it takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<i32>,
    /// What kind of appointment it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<&'a str>,
    /// What one gets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<&'a str>,
    /// Where a picture can be fetched. The link does not expire.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub img_url: Option<String>,
    /// Who gives it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instructors: Option<Vec<Instructor<'a>>>,
    /// How the appointment itself stands.
    pub appointment_status: PlannedStatus,
    /// Whether the customer came.
    pub participant_status: ParticipantStatus,
}

/// A booking of an appointment, with the customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AppointmentBookingResultWithCustomerId<'a> {
    /// The booking.
    #[serde(flatten)]
    pub booking: AppointmentBookingResult<'a>,
    /// The id of the customer.
    pub customer_id: i64,
}

/// How a booking of an appointment stands.
// CLS-13
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub enum AppointmentBookingStatus {
    /// The time is the customer's.
    Booked,
    /// The time is held until the customer confirms.
    BookedWithConfirmationRequired,
    /// The booking was given up.
    Canceled,
}

/// That something was done.
// ERR-8
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct VoidResult {
    /// `OK`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub success: Option<&'static str>,
}

impl VoidResult {
    /// That it was.
    pub const OK: Self = Self { success: Some("OK") };
}
