//! Dates and times on the wire.
//!
//! TIME-2: what happens in a studio is written in its zone, with milliseconds and a plain offset; the few times that are about
//! the server, such as expiries, are written in UTC. The documents of the original show a zone in brackets behind the offset;
//! clients in production cannot read that, so it is understood in requests and never sent.

use std::borrow::Cow;

use jiff::civil::{Date, DateTime, Time};
use jiff::fmt::temporal::Pieces;
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, Zoned};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The zone of date-times that come without one, wherever the studio is (TIME-1).
const REQUEST_ZONE: &str = "Europe/Berlin";

/// A date without a zone: `2026-01-15`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalDate(pub Date);

/// A time of day without a zone: `06:00:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalTime(pub Time);

/// A date and a time of day without a zone: `2025-09-21T00:00:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalDateTime(pub DateTime);

/// An instant as the studio reads it off its clock: `2022-06-22T08:00:00.000+02:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ZonedDateTime {
    instant: Timestamp,
    offset: Offset,
}

/// An instant in UTC: `2023-10-01T12:00:00Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UtcDateTime(pub Timestamp);

/// An instant as callers may write it; see [`parse_request_instant`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestInstant(pub Timestamp);

impl ZonedDateTime {
    /// The instant as it reads in a zone.
    pub fn new(instant: Timestamp, zone: &TimeZone) -> ZonedDateTime {
        ZonedDateTime { instant, offset: zone.to_offset(instant) }
    }

    /// The instant that is meant.
    pub const fn instant(self) -> Timestamp {
        self.instant
    }
}

impl From<&Zoned> for ZonedDateTime {
    fn from(zoned: &Zoned) -> ZonedDateTime {
        ZonedDateTime { instant: zoned.timestamp(), offset: zoned.offset() }
    }
}

impl From<Date> for LocalDate {
    fn from(date: Date) -> LocalDate {
        LocalDate(date)
    }
}

impl From<Time> for LocalTime {
    fn from(time: Time) -> LocalTime {
        LocalTime(time)
    }
}

impl From<DateTime> for LocalDateTime {
    fn from(date_time: DateTime) -> LocalDateTime {
        LocalDateTime(date_time)
    }
}

impl From<Timestamp> for UtcDateTime {
    fn from(instant: Timestamp) -> UtcDateTime {
        UtcDateTime(instant)
    }
}

/// The instant that a date-time in a request means; nothing where the text is not a date with a time.
///
/// TIME-1: an offset or `Z` is exact, and a zone in brackets behind it changes nothing. A zone in brackets alone is the zone of
/// the time. Without either the time is Berlin's. TIME-4: a time that the clocks jump over moves forward by the jump, one that
/// comes twice is the earlier.
pub fn parse_request_instant(text: &str) -> Option<Timestamp> {
    let pieces = Pieces::parse(text).ok()?;
    let local = pieces.date().to_datetime(pieces.time()?);
    if let Some(offset) = pieces.to_numeric_offset() {
        return offset.to_timestamp(local).ok();
    }
    let zone = match pieces.to_time_zone().ok()? {
        Some(zone) => zone,
        None => TimeZone::get(REQUEST_ZONE).ok()?,
    };
    zone.to_ambiguous_timestamp(local).compatible().ok()
}

impl Serialize for LocalDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl Serialize for LocalTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:.0}", whole_seconds(self.0)))
    }
}

impl Serialize for LocalDateTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{}T{:.0}", self.0.date(), whole_seconds(self.0.time())))
    }
}

impl Serialize for ZonedDateTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let local = self.offset.to_datetime(self.instant);
        let minutes = self.offset.seconds() / 60;
        let sign = if minutes < 0 { '-' } else { '+' };
        let (hours, minutes) = (minutes.abs() / 60, minutes.abs() % 60);
        let millisecond = local.millisecond();
        serializer.collect_str(&format_args!(
            "{}T{:.0}.{millisecond:03}{sign}{hours:02}:{minutes:02}",
            local.date(),
            whole_seconds(local.time())
        ))
    }
}

impl Serialize for UtcDateTime {
    /// Milliseconds are written only where there are any.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let rounded = Timestamp::from_millisecond(self.0.as_millisecond()).unwrap_or(self.0);
        serializer.collect_str(&rounded)
    }
}

/// The time without its fraction of a second, because formatting would round it up.
fn whole_seconds(time: Time) -> Time {
    Time::new(time.hour(), time.minute(), time.second(), 0).unwrap_or(time)
}

impl<'de> Deserialize<'de> for LocalDate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<LocalDate, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        // The parser would also take the date out of a date-time; a date is ten characters and nothing else.
        text.parse().ok().filter(|_| text.len() == 10).map(LocalDate).ok_or_else(|| D::Error::custom("not a date"))
    }
}

impl<'de> Deserialize<'de> for LocalTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<LocalTime, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        // The parser would also take the time out of a date-time.
        let plain = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b':' | b'.'));
        text.parse().ok().filter(|_| plain).map(LocalTime).ok_or_else(|| D::Error::custom("not a time of day"))
    }
}

impl<'de> Deserialize<'de> for RequestInstant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<RequestInstant, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        parse_request_instant(&text).map(RequestInstant).ok_or_else(|| D::Error::custom("not a date-time"))
    }
}

macro_rules! text_schema {
    ($($name:ident $schema:tt)+) => {
        $(impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn schema_id() -> Cow<'static, str> {
                concat!(module_path!(), "::", stringify!($name)).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        })+
    };
}

text_schema! {
    LocalDate {"type": "string", "format": "date"}
    LocalTime {"type": "string"}
    LocalDateTime {"type": "string", "format": "date-time"}
    ZonedDateTime {"type": "string", "format": "date-time"}
    UtcDateTime {"type": "string", "format": "date-time"}
    RequestInstant {"type": "string", "format": "date-time"}
}

#[cfg(test)]
mod tests {
    use jiff::civil;
    use serde_json::{json, to_value};

    use super::*;

    fn instant(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn time_1_and_4_read_what_callers_write() {
        let table = [
            ("2022-06-22T08:00:00.000+02:00[Europe/Berlin]", Some("2022-06-22T06:00:00Z")),
            ("2022-06-22T08:00:00.000+02:00", Some("2022-06-22T06:00:00Z")),
            ("2022-06-22T08:00:00.123-05:00", Some("2022-06-22T13:00:00.123Z")),
            ("2022-06-22T08:00:00Z", Some("2022-06-22T08:00:00Z")),
            ("2022-06-22T08:00:00Z[Europe/Berlin]", Some("2022-06-22T08:00:00Z")),
            ("2022-06-22T08:00:00[America/New_York]", Some("2022-06-22T12:00:00Z")),
            ("2022-06-22T08:00:00+01:00[Europe/Berlin]", Some("2022-06-22T07:00:00Z")),
            ("2022-06-22T08:00:00", Some("2022-06-22T06:00:00Z")),
            ("2022-06-22T08:00", Some("2022-06-22T06:00:00Z")),
            ("2022-12-22T08:00:00.000", Some("2022-12-22T07:00:00Z")),
            // Clocks went from 02:00 to 03:00, and in autumn from 03:00 back to 02:00.
            ("2022-03-27T02:30:00", Some("2022-03-27T01:30:00Z")),
            ("2022-10-30T02:30:00", Some("2022-10-30T00:30:00Z")),
            ("2022-06-22", None),
            ("08:00:00", None),
            ("2022-02-30T08:00:00", None),
            ("2022-06-22T25:00:00", None),
            ("2022-06-22T08:00:00[Nowhere/Land]", None),
            ("2022-06-22T08:00:00[Europe/Berlin", None),
            ("", None),
            ("öäü", None),
        ];
        for (text, expected) in table {
            assert_eq!(parse_request_instant(text), expected.map(instant), "{text}");
        }
    }

    #[test]
    fn time_2_writes_the_studios_clock_with_a_plain_offset() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let summer = ZonedDateTime::new(instant("2022-06-22T06:00:00Z"), &berlin);
        assert_eq!(to_value(summer).unwrap(), json!("2022-06-22T08:00:00.000+02:00"));
        let late = ZonedDateTime::new(instant("2022-12-31T22:59:59.9999Z"), &berlin);
        assert_eq!(to_value(late).unwrap(), json!("2022-12-31T23:59:59.999+01:00"));
        let st_johns = TimeZone::get("America/St_Johns").unwrap();
        let west = ZonedDateTime::new(instant("2022-12-31T22:00:00Z"), &st_johns);
        assert_eq!(to_value(west).unwrap(), json!("2022-12-31T18:30:00.000-03:30"));
        let utc = ZonedDateTime::from(&instant("2022-12-31T22:00:00Z").to_zoned(TimeZone::UTC));
        assert_eq!(to_value(utc).unwrap(), json!("2022-12-31T22:00:00.000+00:00"));
    }

    #[test]
    fn other_times_are_written_as_documented() {
        assert_eq!(to_value(LocalDate(civil::date(2026, 1, 5))).unwrap(), json!("2026-01-05"));
        assert_eq!(to_value(LocalTime(civil::time(6, 0, 0, 0))).unwrap(), json!("06:00:00"));
        assert_eq!(to_value(LocalTime(civil::time(23, 59, 59, 999_999_999))).unwrap(), json!("23:59:59"));
        let midnight = LocalDateTime(civil::date(2025, 9, 21).at(0, 0, 0, 0));
        assert_eq!(to_value(midnight).unwrap(), json!("2025-09-21T00:00:00"));
        assert_eq!(to_value(UtcDateTime(instant("2023-10-01T12:00:00Z"))).unwrap(), json!("2023-10-01T12:00:00Z"));
        let fraction = UtcDateTime(instant("2023-10-01T12:00:00.1239Z"));
        assert_eq!(to_value(fraction).unwrap(), json!("2023-10-01T12:00:00.123Z"));
    }

    #[test]
    fn dates_in_requests_are_dates_only() {
        let read = |text: &str| serde_json::from_value::<LocalDate>(json!(text)).ok().map(|date| date.0.to_string());
        assert_eq!(read("2026-01-15"), Some("2026-01-15".to_owned()));
        for text in ["2026-02-29", "2026-01-15T00:00:00", "20260115", "15.01.2026", "", "２０２６-01-15"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn times_in_requests_are_times_only() {
        let read = |text: &str| serde_json::from_value::<LocalTime>(json!(text)).ok().map(|time| time.0);
        assert_eq!(read("06:30"), Some(civil::time(6, 30, 0, 0)));
        assert_eq!(read("06:30:15.000"), Some(civil::time(6, 30, 15, 0)));
        for text in ["24:00:00", "2026-01-15T06:30:00", "06:30:00+02:00", "6 am", ""] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
