//! Payment frequencies: when a price is due, and how much (PAY-1).

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::adjustment::AgeAdjustment;
use crate::money::Amount;
use crate::problem::{Problem, Problems};
use crate::serde_defaults::is_default;
use crate::term::Term;

/// A day of every year, written `03-01`. 29 February exists; in common years it is 28 February (PAY-7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MonthDay {
    month: i8,
    day: i8,
}

impl MonthDay {
    /// The day of that month, if the month has such a day in some year.
    #[must_use]
    pub fn new(month: i8, day: i8) -> Option<Self> {
        const LEAP_YEAR: i16 = 2024;
        Date::new(LEAP_YEAR, month, day).ok().map(|_| Self { month, day })
    }

    /// The month, 1 to 12.
    #[must_use]
    pub const fn month(self) -> i8 {
        self.month
    }

    /// The day of the month, 1 to 31.
    #[must_use]
    pub const fn day(self) -> i8 {
        self.day
    }

    /// This day in `year`, clamped to the month's length; nothing for a year outside the calendar.
    #[must_use]
    pub fn in_year(self, year: i16) -> Option<Date> {
        let first = Date::new(year, self.month, 1).ok()?;
        Date::new(year, self.month, self.day.min(first.days_in_month())).ok()
    }
}

impl fmt::Display for MonthDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}-{:02}", self.month, self.day)
    }
}

/// Why a text is not a day of the year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MonthDayError;

impl fmt::Display for MonthDayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("is not a month and day such as `03-01`")
    }
}

impl std::error::Error for MonthDayError {}

impl FromStr for MonthDay {
    type Err = MonthDayError;

    fn from_str(text: &str) -> Result<Self, MonthDayError> {
        let (month, day) = text.split_once('-').ok_or(MonthDayError)?;
        let number = |part: &str| if part.len() == 2 { part.parse().ok() } else { None };
        number(month).zip(number(day)).and_then(|(month, day)| Self::new(month, day)).ok_or(MonthDayError)
    }
}

impl Serialize for MonthDay {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for MonthDay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(|error| D::Error::custom(format!("`{text}` {error}")))
    }
}

impl JsonSchema for MonthDay {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "MonthDay".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$" })
    }
}

/// A price on a day of the year.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MonthDayPrice {
    /// The day, month first: `03-01`.
    pub day: MonthDay,
    /// What is due on it.
    pub price: Amount,
}

/// A price that becomes due when a term has passed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TermPrice {
    /// How long after the start; `0 DAY` is the start itself.
    pub after: Term,
    /// What is due then.
    pub price: Amount,
}

/// How often something is paid, and how much each time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "SCREAMING_SNAKE_CASE", deny_unknown_fields)]
pub enum PaymentFrequency {
    /// Costs nothing.
    Free {},
    /// Paid once.
    NonRecurring {
        /// What is due.
        price: Amount,
        /// Discounts by age; the first range that fits counts.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        age_adjustments: Vec<AgeAdjustment>,
    },
    /// The same price again and again.
    Recurring {
        /// What is due each time.
        price: Amount,
        /// The length of a paid period, such as `1 MONTH`.
        every: Term,
        /// Discounts by age; the first range that fits counts.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        age_adjustments: Vec<AgeAdjustment>,
    },
    /// On given days of the year, each with its price.
    MonthDay {
        /// The days and their prices.
        prices: Vec<MonthDayPrice>,
        /// Whether the days count every year; otherwise each is charged once.
        #[serde(default, skip_serializing_if = "is_default")]
        recurring: bool,
        /// Discounts by age; the first range that fits counts.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        age_adjustments: Vec<AgeAdjustment>,
    },
    /// After given terms, each with its price.
    TermBased {
        /// The terms, counted from the start, and their prices.
        prices: Vec<TermPrice>,
        /// Whether the list starts again after its longest term; otherwise each entry is charged once.
        #[serde(default, skip_serializing_if = "is_default")]
        recurring: bool,
        /// Discounts by age; the first range that fits counts.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        age_adjustments: Vec<AgeAdjustment>,
    },
}

impl PaymentFrequency {
    /// The same price every so often, without discounts by age.
    #[must_use]
    pub const fn recurring(price: Amount, every: Term) -> Self {
        Self::Recurring { price, every, age_adjustments: Vec::new() }
    }

    /// A price paid once, without discounts by age.
    #[must_use]
    pub const fn once(price: Amount) -> Self {
        Self::NonRecurring { price, age_adjustments: Vec::new() }
    }

    /// The length of a paid period; only recurring frequencies have one.
    #[must_use]
    pub const fn every(&self) -> Option<Term> {
        match self {
            Self::Recurring { every, .. } => Some(*every),
            _ => None,
        }
    }

    /// The price before all adjustments: zero when free, the first entry of a list of prices (SIGN-9).
    #[must_use]
    pub fn base_price(&self) -> Amount {
        match self {
            Self::Free {} => Amount::ZERO,
            Self::NonRecurring { price, .. } | Self::Recurring { price, .. } => *price,
            Self::MonthDay { prices, .. } => prices.first().map_or(Amount::ZERO, |entry| entry.price),
            Self::TermBased { prices, .. } => prices.first().map_or(Amount::ZERO, |entry| entry.price),
        }
    }

    /// The discounts by age.
    #[must_use]
    pub fn age_adjustments(&self) -> &[AgeAdjustment] {
        match self {
            Self::Free {} => &[],
            Self::NonRecurring { age_adjustments, .. }
            | Self::Recurring { age_adjustments, .. }
            | Self::MonthDay { age_adjustments, .. }
            | Self::TermBased { age_adjustments, .. } => age_adjustments,
        }
    }

    /// What cannot work.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Problems::default();
        match self {
            Self::Free {} => {}
            Self::NonRecurring { price, .. } => require_price(&mut problems, "price".to_owned(), *price),
            Self::Recurring { price, every, .. } => {
                require_price(&mut problems, "price".to_owned(), *price);
                problems.add_if(!every.is_positive(), "every", "must be at least one unit long");
            }
            Self::MonthDay { prices, .. } => month_day_problems(&mut problems, prices),
            Self::TermBased { prices, recurring, .. } => term_price_problems(&mut problems, prices, *recurring),
        }
        for (index, adjustment) in self.age_adjustments().iter().enumerate() {
            problems.add_under(&format!("age_adjustments[{index}]"), adjustment.problems());
        }
        problems.done()
    }
}

fn require_price(problems: &mut Problems, path: String, price: Amount) {
    problems.add_if(price.is_negative(), path, "must not be negative");
}

fn month_day_problems(problems: &mut Problems, prices: &[MonthDayPrice]) {
    problems.add_if(prices.is_empty(), "prices", "must have at least one entry");
    for (index, entry) in prices.iter().enumerate() {
        require_price(problems, format!("prices[{index}].price"), entry.price);
        let repeated = prices.iter().take(index).any(|earlier| earlier.day == entry.day);
        problems.add_if(repeated, format!("prices[{index}].day"), format!("names {} a second time", entry.day));
    }
}

fn term_price_problems(problems: &mut Problems, prices: &[TermPrice], recurring: bool) {
    problems.add_if(prices.is_empty(), "prices", "must have at least one entry");
    for (index, entry) in prices.iter().enumerate() {
        require_price(problems, format!("prices[{index}].price"), entry.price);
        problems.add_if(entry.after.value < 0, format!("prices[{index}].after"), "must not be negative");
    }
    let moves = prices.iter().any(|entry| entry.after.is_positive());
    problems.add_if(
        recurring && !prices.is_empty() && !moves,
        "prices",
        "must have a term after which the list starts again",
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(json: &str) -> Vec<String> {
        serde_json::from_str::<PaymentFrequency>(json)
            .unwrap()
            .problems()
            .into_iter()
            .map(|problem| problem.path)
            .collect()
    }

    #[test]
    fn pay_7_days_of_the_year() {
        let leap: MonthDay = "02-29".parse().unwrap();
        assert_eq!(leap.in_year(2026), Date::new(2026, 2, 28).ok());
        assert_eq!(leap.in_year(2028), Date::new(2028, 2, 29).ok());
        assert_eq!(leap.in_year(i16::MAX), None);
        for text in ["02-30", "13-01", "3-1", "00-10", "0301", "-1-01"] {
            assert!(text.parse::<MonthDay>().is_err(), "{text}");
        }
    }

    #[test]
    fn pay_1_frequencies_are_read_and_stored_in_short() {
        for json in [
            r#"{"type":"FREE"}"#,
            r#"{"type":"NON_RECURRING","price":"499.00"}"#,
            r#"{"type":"RECURRING","price":"39.90","every":"1 MONTH"}"#,
            r#"{"type":"MONTH_DAY","prices":[{"day":"03-01","price":"120.00"}],"recurring":true}"#,
            r#"{"type":"TERM_BASED","prices":[{"after":"0 DAY","price":"20.00"}]}"#,
        ] {
            let read: PaymentFrequency = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&read).unwrap(), json);
            assert_eq!(read.problems(), []);
        }
        for json in [r#"{"type":"FREE","price":1}"#, r#"{"type":"RECURRING","price":1,"every":"1 MONTH","evry":1}"#] {
            assert!(serde_json::from_str::<PaymentFrequency>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn pay_1_impossible_frequencies_are_named() {
        assert_eq!(paths(r#"{"type":"RECURRING","price":-1,"every":"0 MONTH"}"#), ["price", "every"]);
        assert_eq!(paths(r#"{"type":"MONTH_DAY","prices":[]}"#), ["prices"]);
        assert_eq!(
            paths(r#"{"type":"MONTH_DAY","prices":[{"day":"03-01","price":1},{"day":"03-01","price":-1}]}"#),
            ["prices[1].price", "prices[1].day"]
        );
        assert_eq!(
            paths(r#"{"type":"TERM_BASED","recurring":true,"prices":[{"after":"0 DAY","price":1}]}"#),
            ["prices"]
        );
        assert_eq!(
            paths(
                r#"{"type":"NON_RECURRING","price":1,"age_adjustments":[{"type":"PERCENTAGE","from_age":18,"to_age":16,"value":5}]}"#
            ),
            ["age_adjustments[0].to_age"]
        );
    }
}
