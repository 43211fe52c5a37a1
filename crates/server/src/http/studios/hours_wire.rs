//! Hours of studios from the domain's words to the wire's.

use gymkeeper_contract::{
    common::{LocalDateTime, LocalTime, Weekday},
    studios::{Availability, StudioClosingHours, StudioOpeningHours},
};
use gymkeeper_domain::studio::{self, ClockTime, ClosingPeriod, OpeningHours, OpeningHoursCategory};
use jiff::civil::Time;

pub(in crate::http) fn availabilities(category: &OpeningHoursCategory) -> Vec<Availability> {
    let window = |window: &studio::Window| Availability {
        day_of_week: weekday(window.day),
        time_from: LocalTime(window.from.time()),
        time_to: end(window.to),
    };
    category.windows.iter().map(window).collect()
}

/// The end of the day has no name among the wire's times; its last second comes closest and sorts after every beginning.
fn end(time: ClockTime) -> LocalTime {
    LocalTime(if time == ClockTime::MIDNIGHT { Time::constant(23, 59, 59, 0) } else { time.time() })
}

pub(super) fn opening_hours(hours: &[OpeningHours]) -> Vec<StudioOpeningHours> {
    let range = |hours: &OpeningHours| StudioOpeningHours {
        day_of_week_from: Some(weekday(hours.from)),
        day_of_week_to: Some(weekday(hours.to)),
        time_from: Some(LocalTime(hours.opens.time())),
        time_to: Some(end(hours.closes)),
    };
    hours.iter().map(range).collect()
}

pub(super) fn closing_hours(period: &ClosingPeriod) -> StudioClosingHours<'_> {
    StudioClosingHours {
        reason: Some(&period.reason),
        date_time_from: Some(LocalDateTime(period.from)),
        date_time_to: Some(LocalDateTime(period.to)),
    }
}

pub(in crate::http) fn weekday(day: studio::Weekday) -> Weekday {
    use studio::Weekday as Domain;
    match day {
        Domain::Monday => Weekday::Monday,
        Domain::Tuesday => Weekday::Tuesday,
        Domain::Wednesday => Weekday::Wednesday,
        Domain::Thursday => Weekday::Thursday,
        Domain::Friday => Weekday::Friday,
        Domain::Saturday => Weekday::Saturday,
        Domain::Sunday => Weekday::Sunday,
    }
}
