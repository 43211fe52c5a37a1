//! Lengths of time as gyms speak of them: `12 MONTH`, `14 DAY`.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};

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
}
