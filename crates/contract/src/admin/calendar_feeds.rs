//! Links under which calendar programs find classes, appointments and bookings.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::common::UtcDateTime;

super::resource! {
    "Calendar feeds": "Links to calendars of a studio, an employee or a customer, for the calendar programs of phones and computers." {
        LIST_CALENDAR_FEEDS = "listCalendarFeeds" Get "/studios/{studioId}/calendar-feeds" BookingsRead: "List the calendars of studio and employees";
        ADD_CALENDAR_FEED = "addCalendarFeed" Post "/studios/{studioId}/calendar-feeds" BookingsRead: "Make a calendar of studio or employee";
        REVOKE_CALENDAR_FEED = "revokeCalendarFeed" Delete "/studios/{studioId}/calendar-feeds/{calendarFeedId}" BookingsRead: "Refuse the link of a calendar";
        LIST_CUSTOMER_CALENDAR_FEEDS = "listCustomerCalendarFeeds" Get "/studios/{studioId}/customers/{customerId}/calendar-feeds" CustomersRead: "List the calendars of a customer";
        ADD_CUSTOMER_CALENDAR_FEED = "addCustomerCalendarFeed" Post "/studios/{studioId}/customers/{customerId}/calendar-feeds" CustomersRead: "Make a calendar of a customer";
        REVOKE_CUSTOMER_CALENDAR_FEED = "revokeCustomerCalendarFeed" Delete "/studios/{studioId}/customers/{customerId}/calendar-feeds/{calendarFeedId}" CustomersRead: "Refuse the link of a customer's calendar";
    }
}

/// Whose calendar it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub enum CalendarFeedKind {
    /// The studio's: all its classes and appointments, without customers.
    Studio,
    /// An employee's: what that employee leads.
    Employee,
    /// A customer's: what that customer has booked.
    Customer,
}

/// A calendar that is made for a studio or an employee.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewCalendarFeed {
    /// The id of the employee. Left out for the calendar of the whole studio.
    pub employee_id: Option<i64>,
}

/// A calendar, without its link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CalendarFeedRecord {
    /// The id of the calendar feed.
    pub id: i64,
    /// Whose it is.
    pub kind: CalendarFeedKind,
    /// The id of the employee. Left out for the others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub employee_id: Option<i64>,
    /// The id of the customer. Left out for the others.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_id: Option<i64>,
    /// Who made it, as the journal names them.
    pub made_by: String,
    /// The name of that account of staff.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub made_by_name: Option<String>,
    /// When it was made.
    pub made_at: UtcDateTime,
    /// Since when its link is refused. Left out while it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoked_at: Option<UtcDateTime>,
}

/// A calendar that was made just now.
#[derive(Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MadeCalendarFeed {
    /// The calendar.
    pub feed: CalendarFeedRecord,
    /// Its link, for a calendar program. Whoever has it sees the calendar; it is not shown again.
    pub url: String,
}
