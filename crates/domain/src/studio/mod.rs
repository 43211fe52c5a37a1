//! A gym as a place: its address, its opening hours and the days on which it is closed.

mod closing;
mod closing_time;
mod definition;
mod hours;

pub use closing::{ClosingHours, ClosingPeriod, is_closed, upcoming_closing_hours};
pub use closing_time::{closes_after, stays_open};
pub use definition::{Address, Location, StudioDefinition};
pub use hours::{ClockTime, OpeningHours, OpeningHoursCategory, Weekday, Window, is_within_opening_hours};
