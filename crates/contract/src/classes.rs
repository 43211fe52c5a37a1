//! Answers and requests of the group Classes: what is held, when, and who has a place.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

use crate::common::{Instructor, Location, ParticipantStatus, PlannedStatus, TermWithMinutes, ZonedDateTime};

/// A class.
// CLS-1
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Class<'a> {
    /// The id of the class.
    pub id: i64,
    /// What it is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<&'a str>,
    /// Where it is held.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<ClassType>,
    /// How long it takes, in minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<i32>,
    /// What kind of class it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<&'a str>,
    /// What happens in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<&'a str>,
    /// Where a picture can be fetched. The link does not expire.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub img_url: Option<Cow<'a, str>>,
    /// Whether it can be booked; otherwise it is only shown.
    pub bookable: bool,
    /// Until when a place can be given back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancel_condition: Option<ClassCancelCondition>,
}

/// Where a class is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub enum ClassType {
    /// In the studio.
    Studio,
    /// Over the internet.
    Stream,
}

/// Until when a place in a class can be given back.
// CLS-6
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClassCancelCondition {
    /// Whether it can be given back later, too; what it took is then lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancelation_after_latest_possible: Option<bool>,
    /// It can be given back for nothing until so long before the start. Left out: until the start.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latest_cancel_term: Option<TermWithMinutes>,
}

/// A time at which a class is held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClassSlot<'a> {
    /// The id of the slot.
    pub id: i64,
    /// When it begins, by the studio's clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_date_time: Option<ZonedDateTime>,
    /// When it ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_date_time: Option<ZonedDateTime>,
    /// Who leads it: a stand-in, where there is one.
    // CLS-2
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instructors: Option<Vec<Instructor<'a>>>,
    /// The room.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<Location<'a>>,
    /// The first moment of booking. Left out for no bound.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub earliest_booking_date_time: Option<ZonedDateTime>,
    /// The last moment of booking. Left out for the start.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latest_booking_date_time: Option<ZonedDateTime>,
    /// How many may take part. Left out for no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_participants: Option<i32>,
    /// How many may wait for a place. Left out where there is no waiting list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_waiting_list_participants: Option<i32>,
    /// How many have a place, those who wait left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub booked_participants: Option<i32>,
    /// How many the studio has added.
    pub additional_participants: i32,
    /// How many wait for a place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiting_list_participants: Option<i32>,
    /// The class.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class_information: Option<ClassInformation<'a>>,
}

/// The class of a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ClassInformation<'a> {
    /// The id of the class.
    pub id: i64,
    /// What it is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<&'a str>,
}

/// Who wants a place in which slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClassSlotBookingRequest {
    /// The id of the customer.
    pub customer_id: i64,
    /// The id of the slot.
    pub class_slot_id: i64,
}

/// A booking of a place.
// CLS-13
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClassSlotBookingResult {
    /// The id of the booking.
    pub booking_id: i64,
    /// How the booking stands.
    pub booking_status: ClassBookingStatus,
    /// The id of the slot.
    pub class_slot_id: i64,
    /// The id of the class.
    pub class_id: i64,
    /// The id of the customer.
    pub customer_id: i64,
    /// How the slot stands.
    pub class_slot_status: PlannedStatus,
    /// Whether the customer came.
    pub participant_status: ParticipantStatus,
}

/// How a booking of a place stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub enum ClassBookingStatus {
    /// The customer has a place.
    Booked,
    /// The customer has a place, which must be confirmed.
    BookedWithConfirmationRequired,
    /// The customer waits for a place.
    WaitingList,
    /// The booking was canceled.
    Canceled,
}

/// Whether a place can be booked.
// CLS-4
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClassSlotBookingValidationResult {
    /// The first reason against it, or that there is none.
    pub validation_status: ClassSlotValidationStatus,
}

/// What comes of a request for a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub enum ClassSlotValidationStatus {
    /// It can be booked, if only on the waiting list.
    Available,
    /// Nothing lets the customer book it, or it is used up.
    NoContingent,
    /// All places are taken, those on the waiting list too.
    BookingLimitReached,
    /// The customer has a place or waits for one.
    CustomerAlreadyBooked,
    /// The customer's contract rests on that day.
    CustomerIdle,
    /// The customer has booked something else at that time.
    CustomerInOtherBooking,
    /// The class is only shown.
    DisplayOnly,
    /// It is too early to book.
    DateTimeBeforeEarliestBookingDateTime,
    /// It is too late to book.
    DateTimeAfterLatestBookingDateTime,
    /// The studio is closed at that time.
    StudioClosed,
    /// The slot was called off, has begun, or is not offered to the customer.
    NotAvailable,
}
