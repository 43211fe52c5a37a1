//! Changes of a price: by age (AGE-1) and over time (PAY-11, OFF-10).

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::money::{Amount, MoneyError, Percent};
use crate::problem::{Problem, Problems};
use crate::term::Term;

/// A discount for an age range, inclusive at both ends; the value is what is taken off (AGE-1).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "SCREAMING_SNAKE_CASE", deny_unknown_fields)]
pub enum AgeAdjustment {
    /// An amount off.
    Absolute {
        /// The youngest age, in completed years.
        from_age: u16,
        /// The oldest age, in completed years.
        to_age: u16,
        /// What is taken off each price.
        value: Amount,
    },
    /// A share off.
    Percentage {
        /// The youngest age, in completed years.
        from_age: u16,
        /// The oldest age, in completed years.
        to_age: u16,
        /// How many percent are taken off each price.
        value: Percent,
    },
}

impl AgeAdjustment {
    /// The youngest and the oldest age, in completed years.
    #[must_use]
    pub const fn ages(&self) -> (u16, u16) {
        match self {
            Self::Absolute { from_age, to_age, .. } | Self::Percentage { from_age, to_age, .. } => (*from_age, *to_age),
        }
    }

    /// Whether somebody of that age gets it.
    #[must_use]
    pub fn covers(&self, age: i32) -> bool {
        let (from, to) = self.ages();
        (i32::from(from)..=i32::from(to)).contains(&age)
    }

    /// The price after the discount, never below zero.
    #[must_use]
    pub fn applied_to(&self, price: Amount) -> Amount {
        match self {
            Self::Absolute { value, .. } => price.saturating_sub(*value).at_least_zero(),
            Self::Percentage { value, .. } => price.saturating_sub(price.percent(*value)).at_least_zero(),
        }
    }

    /// What cannot work.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Problems::default();
        let (from, to) = self.ages();
        problems.add_if(to < from, "to_age", "must not be below from_age");
        match self {
            Self::Absolute { value, .. } => problems.add_if(value.is_negative(), "value", "must not be negative"),
            Self::Percentage { value, .. } => {
                let outside = value.is_negative() || value.is_above_hundred();
                problems.add_if(outside, "value", "must be between 0 and 100");
            }
        }
        problems.done()
    }
}

/// By how much a price changes: `5%` of it, or `2.50`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AdjustmentValue {
    /// A share of the present price.
    Percent(Percent),
    /// An amount of the contract's currency.
    Amount(Amount),
}

impl fmt::Display for AdjustmentValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Percent(percent) => write!(f, "{percent}%"),
            Self::Amount(amount) => write!(f, "{amount}"),
        }
    }
}

impl FromStr for AdjustmentValue {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        if text.trim_end().ends_with('%') { text.parse().map(Self::Percent) } else { text.parse().map(Self::Amount) }
    }
}

impl Serialize for AdjustmentValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for AdjustmentValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PercentOrAmount;
        /// Numbers are amounts; only text can carry a sign of percent.
        fn amount<E: de::Error, N: de::IntoDeserializer<'static, E>>(number: N) -> Result<AdjustmentValue, E> {
            Amount::deserialize(number.into_deserializer()).map(AdjustmentValue::Amount)
        }
        impl Visitor<'_> for PercentOrAmount {
            type Value = AdjustmentValue;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a percentage such as 5% or an amount such as 2.50")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<AdjustmentValue, E> {
                text.parse().map_err(|error| E::custom(format!("`{text}` {error}")))
            }
            fn visit_i64<E: de::Error>(self, number: i64) -> Result<AdjustmentValue, E> {
                amount(number)
            }
            fn visit_u64<E: de::Error>(self, number: u64) -> Result<AdjustmentValue, E> {
                amount(number)
            }
            fn visit_f64<E: de::Error>(self, number: f64) -> Result<AdjustmentValue, E> {
                amount(number)
            }
        }
        deserializer.deserialize_any(PercentOrAmount)
    }
}

impl JsonSchema for AdjustmentValue {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        "AdjustmentValue".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["string", "number"], "pattern": r"^[+-]?[0-9]+(\.[0-9]{1,4})?%?$", "examples": ["5%", "2.50"] })
    }
}

/// What a price adjustment does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PriceAdjustmentType {
    /// Makes the price higher.
    Raise,
    /// Makes the price lower.
    Reduction,
    /// Sets a new price.
    NewBasicAmount,
}

/// How the value of a price adjustment is meant (OFF-10).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AdjustmentBasis {
    /// A share of the present price.
    Relative,
    /// An amount more or less.
    Absolute,
    /// The new price.
    BasicAmount,
}

/// A change of the price after some time, once or again and again (PAY-11).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PriceAdjustment {
    /// Whether it raises, reduces or sets the price.
    #[serde(rename = "type")]
    pub kind: PriceAdjustmentType,
    /// By how much (`5%`, `2.50`), or for NEW_BASIC_AMOUNT the new price.
    pub by: AdjustmentValue,
    /// How long after the contract's start it happens first.
    pub first_after: Term,
    /// How often it happens again; only once when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every: Option<Term>,
}

impl PriceAdjustment {
    /// How the value is meant.
    #[must_use]
    pub const fn basis(&self) -> AdjustmentBasis {
        match (self.kind, self.by) {
            (PriceAdjustmentType::NewBasicAmount, _) => AdjustmentBasis::BasicAmount,
            (_, AdjustmentValue::Percent(_)) => AdjustmentBasis::Relative,
            (_, AdjustmentValue::Amount(_)) => AdjustmentBasis::Absolute,
        }
    }

    /// The price after this adjustment happened once, rounded, never below zero.
    #[must_use]
    pub fn applied_to(&self, price: Amount) -> Amount {
        let by = match self.by {
            AdjustmentValue::Percent(percent) => price.percent(percent),
            AdjustmentValue::Amount(amount) => amount,
        };
        match self.kind {
            PriceAdjustmentType::Raise => price.saturating_add(by),
            PriceAdjustmentType::Reduction => price.saturating_sub(by),
            PriceAdjustmentType::NewBasicAmount => by,
        }
        .at_least_zero()
    }

    /// What cannot work.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Problems::default();
        match self.by {
            AdjustmentValue::Percent(percent) => {
                problems.add_if(percent.is_negative(), "by", "must not be negative");
                let too_much = self.kind == PriceAdjustmentType::Reduction && percent.is_above_hundred();
                problems.add_if(too_much, "by", "must not be above 100%");
                let relative = self.kind == PriceAdjustmentType::NewBasicAmount;
                problems.add_if(relative, "by", "must be an amount, because NEW_BASIC_AMOUNT sets the price");
            }
            AdjustmentValue::Amount(amount) => problems.add_if(amount.is_negative(), "by", "must not be negative"),
        }
        problems.add_if(!self.first_after.is_positive(), "first_after", "must be at least one unit long");
        problems.add_if(
            self.every.is_some_and(|every| !every.is_positive()),
            "every",
            "must be at least one unit long",
        );
        problems.done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn off_10_values_are_percentages_or_amounts() {
        for (json, text) in [("\"5%\"", "5%"), ("\"2.50\"", "2.50"), ("2.5", "2.50"), ("2", "2.00")] {
            let value: AdjustmentValue = serde_json::from_str(json).unwrap();
            assert_eq!(value.to_string(), text, "{json}");
        }
        assert!(serde_json::from_str::<AdjustmentValue>("\"five\"").is_err());
    }

    #[test]
    fn age_1_the_value_is_taken_off() {
        let json = r#"{"type":"PERCENTAGE","from_age":16,"to_age":17,"value":"25"}"#;
        let adjustment: AgeAdjustment = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&adjustment).unwrap(), json);
        assert_eq!([15, 16, 17, 18].map(|age| adjustment.covers(age)), [false, true, true, false]);
        assert_eq!(adjustment.applied_to(Amount::from_minor(4000)), Amount::from_minor(3000));
        let all = AgeAdjustment::Absolute { from_age: 0, to_age: 5, value: Amount::from_minor(5000) };
        assert_eq!(all.applied_to(Amount::from_minor(4000)), Amount::ZERO);
    }

    #[test]
    fn pay_11_impossible_rules_are_named() {
        let rule = |kind, by: &str| PriceAdjustment {
            kind,
            by: by.parse().unwrap(),
            first_after: Term::months(12),
            every: Some(Term::months(0)),
        };
        assert_eq!(rule(PriceAdjustmentType::NewBasicAmount, "5%").problems().len(), 2);
        assert_eq!(rule(PriceAdjustmentType::Reduction, "101%").problems().len(), 2);
        assert_eq!(rule(PriceAdjustmentType::Raise, "101%").problems().len(), 1);
    }
}
