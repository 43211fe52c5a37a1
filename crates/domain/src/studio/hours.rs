//! Opening hours: weekday ranges with local wall-clock times (STU-1, STU-3).
//!
//! Times have no zone: whoever asks converts the moment into the studio's zone first.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use jiff::civil::{self, DateTime, Time};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::problem::{Problem, Problems};

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Weekday {
    /// The first day of the week.
    Monday,
    /// The second.
    Tuesday,
    /// The third.
    Wednesday,
    /// The fourth.
    Thursday,
    /// The fifth.
    Friday,
    /// The sixth.
    Saturday,
    /// The last.
    Sunday,
}

impl From<civil::Weekday> for Weekday {
    fn from(day: civil::Weekday) -> Self {
        match day {
            civil::Weekday::Monday => Self::Monday,
            civil::Weekday::Tuesday => Self::Tuesday,
            civil::Weekday::Wednesday => Self::Wednesday,
            civil::Weekday::Thursday => Self::Thursday,
            civil::Weekday::Friday => Self::Friday,
            civil::Weekday::Saturday => Self::Saturday,
            civil::Weekday::Sunday => Self::Sunday,
        }
    }
}

/// A local time to the minute, written `06:30`. As the end of a range `00:00` is the end of the day; `24:00` is read as the
/// same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClockTime(Time);

impl ClockTime {
    /// Midnight: the beginning of a day, or its end where a range ends.
    pub const MIDNIGHT: Self = Self(Time::midnight());

    /// The time of day.
    #[must_use]
    pub const fn time(self) -> Time {
        self.0
    }

    /// Whether `time` lies in the range from `self` up to, and without, `end`.
    fn range_contains(self, end: Self, time: Time) -> bool {
        self.0 <= time && (time < end.0 || end == Self::MIDNIGHT)
    }

    fn is_before_end(self, end: Self) -> bool {
        self < end || end == Self::MIDNIGHT
    }
}

impl fmt::Display for ClockTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0.hour(), self.0.minute())
    }
}

/// Why a text is not a time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockTimeError;

impl fmt::Display for ClockTimeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("is not a time of day such as `06:30`")
    }
}

impl std::error::Error for ClockTimeError {}

impl TryFrom<Time> for ClockTime {
    type Error = ClockTimeError;

    fn try_from(time: Time) -> Result<Self, ClockTimeError> {
        let to_the_minute = time.second() == 0 && time.subsec_nanosecond() == 0;
        if to_the_minute { Ok(Self(time)) } else { Err(ClockTimeError) }
    }
}

impl FromStr for ClockTime {
    type Err = ClockTimeError;

    fn from_str(text: &str) -> Result<Self, ClockTimeError> {
        if text == "24:00" {
            return Ok(Self::MIDNIGHT);
        }
        let two_digits = |part: &str| match part.as_bytes() {
            [tens, ones] if tens.is_ascii_digit() && ones.is_ascii_digit() => part.parse().ok(),
            _ => None,
        };
        let (hour, minute) = text.split_once(':').ok_or(ClockTimeError)?;
        let (hour, minute) = two_digits(hour).zip(two_digits(minute)).ok_or(ClockTimeError)?;
        Time::new(hour, minute, 0, 0).map(Self).map_err(|_| ClockTimeError)
    }
}

impl Serialize for ClockTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ClockTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(|error| D::Error::custom(format!("`{text}` {error}")))
    }
}

impl JsonSchema for ClockTime {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "ClockTime".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$", "examples": ["06:30"] })
    }
}

/// The same hours on a range of weekdays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OpeningHours {
    /// The first weekday.
    pub from: Weekday,
    /// The last weekday; SATURDAY to MONDAY goes over the end of the week.
    pub to: Weekday,
    /// When the doors open.
    pub opens: ClockTime,
    /// When the doors close; `24:00` for the end of the day.
    pub closes: ClockTime,
}

impl OpeningHours {
    /// Whether `day` is in the range (STU-3).
    #[must_use]
    pub fn covers(&self, day: Weekday) -> bool {
        if self.from <= self.to { (self.from..=self.to).contains(&day) } else { day >= self.from || day <= self.to }
    }

    /// What cannot work.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Problems::default();
        let message = "must be after opens; hours past midnight are two entries";
        problems.add_if(!self.opens.is_before_end(self.closes), "closes", message);
        problems.done()
    }
}

/// Whether `at`, in the studio's zone, lies in one of the ranges. The minute of closing is outside.
#[must_use]
pub fn is_within_opening_hours(hours: &[OpeningHours], at: DateTime) -> bool {
    let day = Weekday::from(at.weekday());
    hours.iter().any(|range| range.covers(day) && range.opens.range_contains(range.closes, at.time()))
}

/// A time of one weekday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// The weekday.
    pub day: Weekday,
    /// Its beginning.
    pub from: ClockTime,
    /// Its end; `24:00` for the end of the day.
    pub to: ClockTime,
}

/// Hours with a name, to which an offer can limit check-ins, such as off-peak hours (STU-1, OFF-7).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OpeningHoursCategory {
    /// Its name.
    pub name: String,
    /// Its times. One that goes past midnight is written as two.
    pub windows: Vec<Window>,
}

impl OpeningHoursCategory {
    /// Whether `at`, in the studio's zone, lies in one of the windows. The minute of the end is outside.
    #[must_use]
    pub fn contains(&self, at: DateTime) -> bool {
        let day = Weekday::from(at.weekday());
        self.windows.iter().any(|window| window.day == day && window.from.range_contains(window.to, at.time()))
    }

    /// What cannot work.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Problems::default();
        problems.require_text("name", &self.name);
        for (index, window) in self.windows.iter().enumerate() {
            let message = "must be after from; a window past midnight is two windows";
            problems.add_if(!window.from.is_before_end(window.to), format!("windows[{index}].to"), message);
        }
        problems.done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(json: &str) -> OpeningHours {
        serde_json::from_str(json).unwrap()
    }

    fn at(text: &str) -> DateTime {
        text.parse().unwrap()
    }

    #[test]
    fn stu_3_ranges_go_over_the_end_of_the_week() {
        let weekend = hours(r#"{"from":"SATURDAY","to":"MONDAY","opens":"09:00","closes":"18:00"}"#);
        let covered: Vec<_> = [Weekday::Friday, Weekday::Saturday, Weekday::Sunday, Weekday::Monday, Weekday::Tuesday]
            .map(|day| weekend.covers(day))
            .into();
        assert_eq!(covered, [false, true, true, true, false]);
    }

    #[test]
    fn stu_1_open_from_the_first_minute_to_before_the_last() {
        let open = [
            hours(r#"{"from":"MONDAY","to":"FRIDAY","opens":"06:00","closes":"12:00"}"#),
            hours(r#"{"from":"MONDAY","to":"THURSDAY","opens":"14:00","closes":"24:00"}"#),
        ];
        for (when, expected) in [
            ("2026-11-20T05:59", false), // Friday
            ("2026-11-20T06:00", true),
            ("2026-11-20T12:00", false),
            ("2026-11-20T14:00", false),
            ("2026-11-19T23:59:59", true),
            ("2026-11-20T00:00", false),
            ("2026-11-21T08:00", false),
        ] {
            assert_eq!(is_within_opening_hours(&open, at(when)), expected, "{when}");
        }
    }

    #[test]
    fn stu_1_windows_do_not_pass_midnight() {
        let category: OpeningHoursCategory = serde_json::from_str(
            r#"{"name":"Off-Peak","windows":[{"day":"MONDAY","from":"09:00","to":"16:00"},{"day":"MONDAY","from":"22:00","to":"02:00"}]}"#,
        )
        .unwrap();
        assert!(category.contains(at("2026-11-23T09:00")) && !category.contains(at("2026-11-24T09:00")));
        assert_eq!(category.problems().len(), 1);
        assert_eq!(category.problems()[0].path, "windows[1].to");
    }

    #[test]
    fn clock_times_are_read_and_written() {
        assert_eq!("24:00".parse(), Ok(ClockTime::MIDNIGHT));
        assert_eq!("06:05".parse::<ClockTime>().unwrap().to_string(), "06:05");
        for text in ["6:05", "06:60", "25:00", "0605", "+6:05", "06:05:00"] {
            assert_eq!(text.parse::<ClockTime>(), Err(ClockTimeError), "{text}");
        }
    }
}
