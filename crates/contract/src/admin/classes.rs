//! Classes as they are held, and who is in them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::classes::ClassBookingStatus;
use crate::common::{ParticipantStatus, PlannedStatus, RequestInstant, ZonedDateTime};

super::resource! {
    "Classes": "What classes there are, when they are held, where and by whom, and who is in them." {
        LIST_CLASSES = "listClasses" Get "/studios/{studioId}/classes" BookingsRead: "List the classes of a studio";
        CREATE_CLASS = "createClass" Post "/studios/{studioId}/classes" ScheduleWrite: "Define a class";
        GET_CLASS = "getClass" Get "/studios/{studioId}/classes/{classId}" BookingsRead: "Read one class";
        UPDATE_CLASS = "updateClass" Put "/studios/{studioId}/classes/{classId}" ScheduleWrite: "Change a class";
        RETIRE_CLASS = "retireClass" Post "/studios/{studioId}/classes/{classId}/retire" ScheduleWrite: "Take a class out of use";
        RESTORE_CLASS = "restoreClass" Post "/studios/{studioId}/classes/{classId}/restore" ScheduleWrite: "Bring a class back";
        LIST_CLASS_SERIES = "listClassSeries" Get "/studios/{studioId}/classes/{classId}/series" BookingsRead: "List when a class is held regularly";
        CREATE_CLASS_SERIES = "createClassSeries" Post "/studios/{studioId}/classes/{classId}/series" ScheduleWrite: "Define a series";
        GET_CLASS_SERIES = "getClassSeries" Get "/studios/{studioId}/class-series/{classSeriesId}" BookingsRead: "Read one series";
        UPDATE_CLASS_SERIES = "updateClassSeries" Put "/studios/{studioId}/class-series/{classSeriesId}" ScheduleWrite: "Change a series";
        RETIRE_CLASS_SERIES = "retireClassSeries" Post "/studios/{studioId}/class-series/{classSeriesId}/retire" ScheduleWrite: "Take a series out of use";
        RESTORE_CLASS_SERIES = "restoreClassSeries" Post "/studios/{studioId}/class-series/{classSeriesId}/restore" ScheduleWrite: "Bring a series back";
        LIST_CLASS_SLOTS = "listClassSlots" Get "/studios/{studioId}/class-slots" BookingsRead: "List when classes are held";
        ADD_CLASS_SLOT = "addClassSlot" Post "/studios/{studioId}/class-slots" ScheduleWrite: "Hold a class once more";
        GET_CLASS_SLOT = "getClassSlot" Get "/studios/{studioId}/class-slots/{classSlotId}" BookingsRead: "Read who is in a class";
        CHANGE_CLASS_SLOT = "changeClassSlot" Put "/studios/{studioId}/class-slots/{classSlotId}" ScheduleWrite: "Move a class or change its people";
        CALL_OFF_CLASS_SLOT = "callOffClassSlot" Post "/studios/{studioId}/class-slots/{classSlotId}/call-off" ScheduleWrite: "Call a class off";
        BOOK_CLASS = "bookClass" Post "/studios/{studioId}/class-slots/{classSlotId}/bookings" BookingsWrite: "Book a place for a customer";
        CANCEL_CLASS_BOOKING = "cancelClassBooking" Delete "/studios/{studioId}/class-bookings/{bookingId}" BookingsWrite: "Give a customer's place back";
        MOVE_CLASS_BOOKING_UP = "moveClassBookingUp" Post "/studios/{studioId}/class-bookings/{bookingId}/move-up" BookingsWrite: "Give somebody who waits a place";
        SET_CLASS_PARTICIPATION = "setClassParticipation" Put "/studios/{studioId}/class-bookings/{bookingId}/participation" BookingsWrite: "Note whether a customer came";
    }
}

/// A time at which a class is held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClassSlotRecord {
    /// The id of the slot.
    pub id: i64,
    /// Another one after each change of what staff can change.
    pub version: String,
    /// The id of the class.
    pub class_id: i64,
    /// What the class is called.
    pub title: String,
    /// Whom it is for, such as `Beginners`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// When it begins, by the studio's clock.
    pub start_date_time: ZonedDateTime,
    /// When it ends.
    pub end_date_time: ZonedDateTime,
    /// How it stands.
    pub status: PlannedStatus,
    /// Whether programs find it in lists.
    pub listed: bool,
    /// Whether staff made or changed it, so that it follows the gym file no longer.
    pub of_staff: bool,
    /// The id of the room.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub room_id: Option<i64>,
    /// The ids of the employees who lead it.
    pub instructor_ids: Vec<i64>,
    /// The ids of the resources that it takes.
    pub resource_ids: Vec<i64>,
    /// How many may take part. Left out for no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_participants: Option<i64>,
    /// How many may wait for a place.
    pub max_waiting_list_participants: i64,
    /// How many have a place.
    pub booked_participants: i64,
    /// How many the studio has added without names.
    pub additional_participants: i64,
    /// How many wait for a place.
    pub waiting_list_participants: i64,
}

/// A time at which a class is held, with who is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClassSlotWithBookings {
    /// The slot.
    pub slot: ClassSlotRecord,
    /// Who has a place or waits for one, in the order in which they came.
    pub bookings: Vec<ClassBookingRecord>,
    /// Bookings that were canceled without giving back what they took, by customers after the deadline or by staff, in the order in which
    /// they were.
    pub late_cancelations: Vec<ClassBookingRecord>,
}

/// A booking of a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ClassBookingRecord {
    /// The id of the booking.
    pub id: i64,
    /// The id of the customer. Left out once the customer was erased.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_id: Option<i64>,
    /// The customer's first name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// The customer's last name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// How the booking stands.
    pub status: ClassBookingStatus,
    /// Whether the customer came.
    pub participant_status: ParticipantStatus,
    /// The numbered spot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spot: Option<i64>,
}

/// A class that is held once more.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewClassSlot {
    /// The id of the class.
    pub class_id: i64,
    /// When it begins.
    pub start_date_time: RequestInstant,
    /// The id of the room.
    pub room_id: Option<i64>,
    /// The ids of the employees who lead it.
    #[serde(default)]
    pub instructor_ids: Vec<i64>,
    /// The ids of the resources that it takes.
    #[serde(default)]
    pub resource_ids: Vec<i64>,
    /// Whether people, a room and resources may be taken that are not free then. Left out for no.
    #[serde(default, rename = "override")]
    pub overrides: bool,
}

/// What a slot is to be.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ChangedClassSlot {
    /// The version that the change is made to. If somebody else was faster, it is refused; left out, it is made to whatever there is.
    pub version: Option<String>,
    /// When it begins. Everybody who has booked it is told of another time.
    pub start_date_time: RequestInstant,
    /// When it ends.
    pub end_date_time: RequestInstant,
    /// The id of the room. Left out for none.
    pub room_id: Option<i64>,
    /// The ids of the employees who lead it.
    #[serde(default)]
    pub instructor_ids: Vec<i64>,
    /// The ids of the resources that it takes. Left out for none.
    #[serde(default)]
    pub resource_ids: Vec<i64>,
    /// How many may take part, from 1 to 100,000. Left out for no limit.
    #[schemars(range(min = 1, max = 100_000))]
    pub max_participants: Option<i64>,
    /// How many may wait for a place, from 0 to 100,000.
    #[serde(default)]
    #[schemars(range(min = 0, max = 100_000))]
    pub max_waiting_list_participants: i64,
    /// How many come without names, from 0 to 100,000.
    #[serde(default)]
    #[schemars(range(min = 0, max = 100_000))]
    pub additional_participants: i64,
    /// Whether people, a room and resources may be taken that are not free then. Left out for no.
    #[serde(default, rename = "override")]
    pub overrides: bool,
}

/// A place for a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WantedPlace {
    /// The id of the customer.
    pub customer_id: i64,
    /// Whether to book against the rules: when the class is full, too early, too late, or nothing lets the customer book it.
    #[serde(rename = "override", default)]
    pub overrides: bool,
    /// The numbered spot, from 1 on, in a class that has such spots, for whoever has an allowance that includes the choice; without
    /// effect on the waiting list.
    pub spot: Option<i64>,
}

/// A place for somebody who waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WantedMoveUp {
    /// Whether to do so against the rules: when the class is full, or nothing lets the customer book it.
    #[serde(rename = "override", default)]
    pub overrides: bool,
}

/// Whether a customer came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WantedParticipation {
    /// Whether the customer came.
    pub participant_status: ParticipantStatus,
}
