//! Appointments that customers have booked, as the back office looks after them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::classes::WantedParticipation;
use crate::appointments::AppointmentBookingStatus;
use crate::common::{ParticipantStatus, PlannedStatus, RequestInstant, ZonedDateTime};

super::resource! {
    "Appointments": "What appointments can be booked, and who has booked which of them, with whom and when." {
        LIST_APPOINTMENT_TYPES = "listAppointmentTypes" Get "/studios/{studioId}/appointment-types" BookingsRead: "List what appointments can be booked";
        CREATE_APPOINTMENT_TYPE = "createAppointmentType" Post "/studios/{studioId}/appointment-types" ScheduleWrite: "Define a kind of appointment";
        GET_APPOINTMENT_TYPE = "getAppointmentType" Get "/studios/{studioId}/appointment-types/{appointmentTypeId}" BookingsRead: "Read one kind of appointment";
        UPDATE_APPOINTMENT_TYPE = "updateAppointmentType" Put "/studios/{studioId}/appointment-types/{appointmentTypeId}" ScheduleWrite: "Change a kind of appointment";
        RETIRE_APPOINTMENT_TYPE = "retireAppointmentType" Post "/studios/{studioId}/appointment-types/{appointmentTypeId}/retire" ScheduleWrite: "Take a kind of appointment out of use";
        RESTORE_APPOINTMENT_TYPE = "restoreAppointmentType" Post "/studios/{studioId}/appointment-types/{appointmentTypeId}/restore" ScheduleWrite: "Bring a kind of appointment back";
        LIST_APPOINTMENTS = "listAppointments" Get "/studios/{studioId}/appointment-bookings" BookingsRead: "List the appointments of some days";
        BOOK_APPOINTMENT = "bookAppointment" Post "/studios/{studioId}/appointment-bookings" BookingsWrite: "Book an appointment for a customer";
        GET_APPOINTMENT = "getAppointment" Get "/studios/{studioId}/appointment-bookings/{bookingId}" BookingsRead: "Read one appointment";
        MOVE_APPOINTMENT = "moveAppointment" Put "/studios/{studioId}/appointment-bookings/{bookingId}" BookingsWrite: "Move an appointment or change its people";
        CANCEL_APPOINTMENT = "cancelAppointment" Delete "/studios/{studioId}/appointment-bookings/{bookingId}" BookingsWrite: "Cancel an appointment of a customer";
        SET_APPOINTMENT_PARTICIPATION = "setAppointmentParticipation" Put "/studios/{studioId}/appointment-bookings/{bookingId}/participation" BookingsWrite: "Note whether a customer came";
    }
}

/// An appointment that a customer has booked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AppointmentRecord {
    /// The id of the booking.
    pub id: i64,
    /// The id of what was booked.
    pub bookable_appointment_id: i64,
    /// What it is called.
    pub title: String,
    /// The id of the customer. Left out once the customer was erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_id: Option<i64>,
    /// The customer's first name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// The customer's last name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// When it begins, by the studio's clock.
    pub start_date_time: ZonedDateTime,
    /// When it ends.
    pub end_date_time: ZonedDateTime,
    /// How the booking stands.
    pub booking_status: AppointmentBookingStatus,
    /// How the appointment itself stands.
    pub appointment_status: PlannedStatus,
    /// Whether the customer came.
    pub participant_status: ParticipantStatus,
    /// The ids of the employees who give it.
    pub instructor_ids: Vec<i64>,
    /// The id of the room.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub room_id: Option<i64>,
    /// The ids of the resources that it takes.
    pub resource_ids: Vec<i64>,
    /// Whether it was canceled too late to get back what it took.
    pub canceled_late: bool,
}

/// An appointment for a customer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewAppointment {
    /// The id of the customer.
    pub customer_id: i64,
    /// The id of what is booked.
    pub bookable_appointment_id: i64,
    /// When it begins.
    pub start_date_time: RequestInstant,
    /// When it ends: as long after the start as the appointment takes.
    pub end_date_time: RequestInstant,
    /// The ids of those who are to give it, all of them. Left out, the first who is free does.
    #[serde(default)]
    pub instructor_ids: Vec<i64>,
    /// Whether to book against the rules. Only the length must be right then, and people, room and resources be free.
    #[serde(rename = "override", default)]
    pub overrides: bool,
}

/// Another time for an appointment, or other people.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MovedAppointment {
    /// When it begins.
    pub start_date_time: RequestInstant,
    /// When it ends: as long after the start as the appointment takes.
    pub end_date_time: RequestInstant,
    /// The ids of those who are to give it, all of them. Left out, the first who is free does.
    #[serde(default)]
    pub instructor_ids: Vec<i64>,
    /// Whether to move it against the rules. Only the length must be right then, and people, room and resources be free.
    #[serde(rename = "override", default)]
    pub overrides: bool,
}

/// Whether the customer of an appointment came.
pub type AppointmentParticipation = WantedParticipation;
