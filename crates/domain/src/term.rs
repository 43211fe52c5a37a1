//! Lengths of time as gyms speak of them: `12 MONTH`, `14 DAY`.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};

use crate::calendar;

/// The unit of a [`Term`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TermUnit {
    /// Calendar days.
    Day,
    /// Seven days.
    Week,
    /// Calendar months, cut to the length of the month that is reached (DATE-1).
    Month,
    /// Twelve months.
    Year,
}

impl TermUnit {
    /// The unit's name in capitals, such as `MONTH`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Day => "DAY",
            Self::Week => "WEEK",
            Self::Month => "MONTH",
            Self::Year => "YEAR",
        }
    }
}

/// A length of time: a count of units. The count is 0 or more when read from text; 0 means "at once" and is allowed only
/// in lists of prices by term (PAY-8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Term {
    /// How many units.
    pub value: i32,
    /// Of which kind.
    pub unit: TermUnit,
}

impl Term {
    /// The largest count that is read from text; beyond it no contract is meant.
    pub const MAX_VALUE: i32 = 100_000;

    /// A term of `value` units.
    #[must_use]
    pub const fn new(value: i32, unit: TermUnit) -> Self {
        Self { value, unit }
    }

    /// So many days.
    #[must_use]
    pub const fn days(value: i32) -> Self {
        Self::new(value, TermUnit::Day)
    }

    /// So many weeks.
    #[must_use]
    pub const fn weeks(value: i32) -> Self {
        Self::new(value, TermUnit::Week)
    }

    /// So many months.
    #[must_use]
    pub const fn months(value: i32) -> Self {
        Self::new(value, TermUnit::Month)
    }

    /// So many years.
    #[must_use]
    pub const fn years(value: i32) -> Self {
        Self::new(value, TermUnit::Year)
    }

    /// Whether at least one unit long.
    #[must_use]
    pub const fn is_positive(self) -> bool {
        self.value >= 1
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.value, self.unit.name())
    }
}

/// Why a text is not a term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TermError;

impl fmt::Display for TermError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("is not a term such as `12 MONTH`")
    }
}

impl std::error::Error for TermError {}

impl FromStr for Term {
    type Err = TermError;

    /// Case does not matter and plurals are accepted: `12 months`.
    fn from_str(text: &str) -> Result<Self, TermError> {
        let mut words = text.split_whitespace();
        let (Some(value), Some(unit), None) = (words.next(), words.next(), words.next()) else {
            return Err(TermError);
        };
        let value = value.parse().ok().filter(|value| (0..=Self::MAX_VALUE).contains(value)).ok_or(TermError)?;
        let unit = match unit.to_ascii_uppercase().as_str() {
            "DAY" | "DAYS" => TermUnit::Day,
            "WEEK" | "WEEKS" => TermUnit::Week,
            "MONTH" | "MONTHS" => TermUnit::Month,
            "YEAR" | "YEARS" => TermUnit::Year,
            _ => return Err(TermError),
        };
        Ok(Self { value, unit })
    }
}

/// The unit of a [`TimeTerm`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimeUnit {
    /// Minutes of sixty seconds.
    Minutes,
    /// Hours of sixty minutes, also where the clocks are changed meanwhile.
    Hours,
    /// Whole days and more, by the calendar: the same time of day so many days, weeks, months or years away.
    Calendar(TermUnit),
}

/// A length of time that may be shorter than a day: `2 HOURS`, `30 MINUTES`, `2 DAY`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TimeTerm {
    /// How many units.
    pub value: i32,
    /// Of which kind.
    pub unit: TimeUnit,
}

impl TimeTerm {
    /// So many minutes.
    #[must_use]
    pub const fn minutes(value: i32) -> Self {
        Self { value, unit: TimeUnit::Minutes }
    }

    /// So many hours.
    #[must_use]
    pub const fn hours(value: i32) -> Self {
        Self { value, unit: TimeUnit::Hours }
    }

    /// So many days.
    #[must_use]
    pub const fn days(value: i32) -> Self {
        Self { value, unit: TimeUnit::Calendar(TermUnit::Day) }
    }

    /// The instant so long before another. Minutes and hours are counted as they pass; days and more by the calendar of the zone,
    /// where a time of day that the clocks jump over moves forward by the jump (TIME-4).
    #[must_use]
    pub fn before(self, instant: Timestamp, zone: &TimeZone) -> Timestamp {
        self.away(-1, instant, zone)
    }

    /// The instant so long after another, counted as [`TimeTerm::before`] does.
    #[must_use]
    pub fn after(self, instant: Timestamp, zone: &TimeZone) -> Timestamp {
        self.away(1, instant, zone)
    }

    fn away(self, direction: i64, instant: Timestamp, zone: &TimeZone) -> Timestamp {
        let value = i64::from(self.value) * direction;
        let end = if value < 0 { Timestamp::MIN } else { Timestamp::MAX };
        match self.unit {
            TimeUnit::Minutes => instant.checked_add(value.minutes()).unwrap_or(end),
            TimeUnit::Hours => instant.checked_add(value.hours()).unwrap_or(end),
            TimeUnit::Calendar(unit) => {
                let local = zone.to_datetime(instant);
                let day = calendar::add_steps(local.date(), Term::new(self.value, unit), direction);
                zone.to_ambiguous_timestamp(day.to_datetime(local.time())).compatible().unwrap_or(end)
            }
        }
    }

    /// Whether at least one unit long.
    #[must_use]
    pub const fn is_positive(self) -> bool {
        self.value >= 1
    }
}

impl fmt::Display for TimeTerm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.unit {
            TimeUnit::Minutes => "MINUTES",
            TimeUnit::Hours => "HOURS",
            TimeUnit::Calendar(unit) => unit.name(),
        };
        write!(f, "{} {unit}", self.value)
    }
}

/// Why a text is not a time term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeTermError;

impl fmt::Display for TimeTermError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("is not a term such as `2 HOURS`, `30 MINUTES` or `1 DAY`")
    }
}

impl std::error::Error for TimeTermError {}

impl FromStr for TimeTerm {
    type Err = TimeTermError;

    /// Case does not matter, and neither do plurals: `2 hours`.
    fn from_str(text: &str) -> Result<Self, TimeTermError> {
        if let Ok(Term { value, unit }) = text.parse() {
            return Ok(Self { value, unit: TimeUnit::Calendar(unit) });
        }
        let (value, unit) = text.trim().split_once(char::is_whitespace).ok_or(TimeTermError)?;
        let value = value.parse().ok().filter(|value| (0..=Term::MAX_VALUE).contains(value)).ok_or(TimeTermError)?;
        let unit = match unit.trim().to_ascii_uppercase().as_str() {
            "MINUTE" | "MINUTES" => TimeUnit::Minutes,
            "HOUR" | "HOURS" => TimeUnit::Hours,
            _ => return Err(TimeTermError),
        };
        Ok(Self { value, unit })
    }
}

impl Serialize for TimeTerm {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TimeTerm {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(|error| de::Error::custom(format!("`{text}` {error}")))
    }
}

impl JsonSchema for TimeTerm {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "TimeTerm".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "examples": ["2 HOURS", "30 MINUTES", "1 DAY"] })
    }
}

impl Serialize for Term {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Term {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(|error| de::Error::custom(format!("`{text}` {error}")))
    }
}

impl JsonSchema for Term {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "Term".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": "^[0-9]+ +([Dd][Aa][Yy]|[Ww][Ee][Ee][Kk]|[Mm][Oo][Nn][Tt][Hh]|[Yy][Ee][Aa][Rr])[Ss]?$",
            "examples": ["12 MONTH", "14 DAY"]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_read_as_people_write_them() {
        for (text, term) in [
            ("12 MONTH", Term::months(12)),
            ("12 months", Term::months(12)),
            (" 1  Year ", Term::years(1)),
            ("0 DAY", Term::days(0)),
        ] {
            assert_eq!(text.parse(), Ok(term), "{text}");
        }
        for text in ["", "12", "MONTH", "-1 MONTH", "12 MONTH 3", "1.5 MONTH", "9999999 DAY", "12 MONTHSS"] {
            assert_eq!(text.parse::<Term>(), Err(TermError), "{text}");
        }
        assert_eq!(serde_json::to_string(&Term::weeks(52)).unwrap(), "\"52 WEEK\"");
    }
    #[test]
    fn time_terms_are_counted_in_minutes_or_by_the_calendar() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let instant = |text: &str| -> Timestamp { text.parse().unwrap() };
        // CLS-6, TRI-4
        for (start, term, expected) in [
            ("2026-11-21T18:00:00+01:00", "2 HOURS", "2026-11-21T16:00:00+01:00"),
            ("2026-11-21T18:00:00+01:00", "90 minutes", "2026-11-21T16:30:00+01:00"),
            ("2026-12-10T18:00:00+01:00", "2 DAY", "2026-12-08T18:00:00+01:00"),
            // The last Sunday of March has 23 hours: a day before is by the clock, 24 hours before is as time passes.
            ("2026-03-29T18:00:00+02:00", "1 DAY", "2026-03-28T18:00:00+01:00"),
            ("2026-03-29T18:00:00+02:00", "24 HOURS", "2026-03-28T17:00:00+01:00"),
            // Half past two does not exist on that day.
            ("2026-03-30T02:30:00+02:00", "1 DAY", "2026-03-29T03:30:00+02:00"),
            ("2026-03-31T10:00:00+02:00", "1 MONTH", "2026-02-28T10:00:00+01:00"),
        ] {
            let term: TimeTerm = term.parse().unwrap();
            assert_eq!(term.before(instant(start), &zone), instant(expected), "{term} before {start}");
        }
        assert_eq!(TimeTerm::hours(2).after(instant("2026-11-21T18:00:00Z"), &zone), instant("2026-11-21T20:00:00Z"));
        for end in [Timestamp::MIN, Timestamp::MAX] {
            for term in [TimeTerm::minutes(1), TimeTerm::hours(100_000), TimeTerm::days(100_000)] {
                let _ = (term.before(end, &zone), term.after(end, &zone));
            }
        }
        assert_eq!(serde_json::to_string(&TimeTerm::minutes(30)).unwrap(), "\"30 MINUTES\"");
        for text in ["", "2", "HOURS", "-1 HOURS", "1.5 HOURS", "2 HOURS 3", "9999999 MINUTES"] {
            assert_eq!(text.parse::<TimeTerm>(), Err(TimeTermError), "{text}");
        }
    }
}
