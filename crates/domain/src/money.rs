//! Money without binary fractions: amounts in minor units, percentages in ten-thousandths, one rounding rule.
//!
//! Every rounding in the crate goes through [`Amount::times_ratio`]: half up, away from zero, once per charge.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

/// Why a text is not an amount or a percentage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoneyError {
    /// The text is not a plain decimal number.
    NotANumber,
    /// The number has more decimals than the type keeps.
    TooManyDecimals,
    /// The number does not fit.
    OutOfRange,
}

impl fmt::Display for MoneyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotANumber => "is not a decimal number such as 39.90",
            Self::TooManyDecimals => "has too many decimals",
            Self::OutOfRange => "is too large",
        })
    }
}

impl std::error::Error for MoneyError {}

/// Reads a plain decimal into units of `10^-decimals`. No exponent, no grouping, no spaces inside.
fn parse_decimal(text: &str, decimals: u32) -> Result<i64, MoneyError> {
    let text = text.trim();
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits(whole) || !all_digits(fraction) {
        return Err(MoneyError::NotANumber);
    }
    let fraction = fraction.trim_end_matches('0');
    let missing = (decimals as usize).checked_sub(fraction.len()).ok_or(MoneyError::TooManyDecimals)?;
    let joined = format!("{whole}{fraction}{}", "0".repeat(missing));
    let units: i64 = joined.parse().map_err(|_| MoneyError::OutOfRange)?;
    Ok(if negative { -units } else { units })
}

/// The largest magnitude a binary fraction may have and still name an exact hundredth.
const LARGEST_EXACT_FLOAT: f64 = 1e12;

/// Reads a number token that a YAML or JSON reader handed over as a binary fraction.
fn units_from_float(number: f64, decimals: u32) -> Result<i64, MoneyError> {
    if !number.is_finite() || number.abs() > LARGEST_EXACT_FLOAT {
        return Err(MoneyError::OutOfRange);
    }
    let scale = 10f64.powi(decimals as i32);
    let units = (number * scale).round();
    // 39.9 in binary is not 39.90, but it is nearer to it than anybody could write with more decimals on purpose.
    if (number - units / scale).abs() > 1e-6 {
        return Err(MoneyError::TooManyDecimals);
    }
    Ok(units as i64)
}

fn units_from_integer(number: i64, decimals: u32) -> Result<i64, MoneyError> {
    number.checked_mul(10i64.pow(decimals)).ok_or(MoneyError::OutOfRange)
}

/// An amount of money in hundredths of the surrounding currency (cents, pence, Rappen). May be negative.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(i64);

impl Amount {
    /// Nothing to pay.
    pub const ZERO: Self = Self(0);
    /// How many decimals an amount has.
    pub const DECIMALS: u32 = 2;

    /// An amount from its minor units: `from_minor(3990)` is 39.90.
    #[must_use]
    pub const fn from_minor(minor_units: i64) -> Self {
        Self(minor_units)
    }

    /// The minor units: 39.90 has 3990.
    #[must_use]
    pub const fn minor(self) -> i64 {
        self.0
    }

    /// Whether it is below zero.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// Whether it is exactly zero.
    #[must_use]
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The sum, or nothing when it does not fit.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The difference, or nothing when it does not fit.
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// The opposite, or nothing for the one value that has none.
    #[must_use]
    pub fn checked_neg(self) -> Option<Self> {
        self.0.checked_neg().map(Self)
    }

    /// The sum, held at the ends of the range.
    #[must_use]
    pub const fn saturating_add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// The difference, held at the ends of the range.
    #[must_use]
    pub const fn saturating_sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// `self * numerator / denominator`, rounded half up away from zero. A denominator of zero answers zero; a result
    /// that does not fit is held at the ends of the range.
    #[must_use]
    pub fn times_ratio(self, numerator: i64, denominator: i64) -> Self {
        self.times_wide_ratio(i128::from(numerator), i128::from(denominator))
    }

    /// As [`Amount::times_ratio`], for ratios whose parts are products themselves.
    #[must_use]
    pub fn times_wide_ratio(self, numerator: i128, denominator: i128) -> Self {
        if denominator == 0 {
            return Self::ZERO;
        }
        let product = i128::from(self.0).saturating_mul(numerator);
        let negative = (product < 0) != (denominator < 0);
        let (product, denominator) = (product.unsigned_abs(), denominator.unsigned_abs());
        let (quotient, remainder) = (product / denominator, product % denominator);
        // Compared against what is missing to a whole, so that no doubling can overflow.
        let rounded = if remainder >= denominator - remainder { quotient.saturating_add(1) } else { quotient };
        let magnitude = i64::try_from(rounded).unwrap_or(i64::MAX);
        Self(if negative { -magnitude } else { magnitude })
    }

    /// `percent` of this amount, rounded.
    #[must_use]
    pub fn percent(self, percent: Percent) -> Self {
        self.times_ratio(percent.0, 100 * Percent::UNITS_PER_ONE)
    }

    /// This amount, or zero when it is negative (PAY-12).
    #[must_use]
    pub fn at_least_zero(self) -> Self {
        self.max(Self::ZERO)
    }
}

impl std::iter::Sum for Amount {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Self::saturating_add)
    }
}

impl fmt::Display for Amount {
    /// Always two decimals and a point: `39.90`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let minor = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", minor / 100, minor % 100)
    }
}

impl FromStr for Amount {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        parse_decimal(text, Self::DECIMALS).map(Self)
    }
}

/// A percentage with at most four decimals, such as `5` or `12.5`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Percent(i64);

impl Percent {
    /// How many decimals a percentage has.
    pub const DECIMALS: u32 = 4;
    const UNITS_PER_ONE: i64 = 10_000;

    /// A percentage from ten-thousandths of one percent: `from_units(50_000)` is 5 %.
    #[must_use]
    pub const fn from_units(units: i64) -> Self {
        Self(units)
    }

    /// Ten-thousandths of one percent.
    #[must_use]
    pub const fn units(self) -> i64 {
        self.0
    }

    /// Whether it is below zero.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// Whether it is above one hundred.
    #[must_use]
    pub const fn is_above_hundred(self) -> bool {
        self.0 > 100 * Self::UNITS_PER_ONE
    }
}

impl fmt::Display for Percent {
    /// As few decimals as needed and no sign of percent: `12.5`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let units = self.0.unsigned_abs();
        let fraction = format!("{:04}", units % 10_000);
        let fraction = fraction.trim_end_matches('0');
        let point = if fraction.is_empty() { "" } else { "." };
        write!(f, "{sign}{}{point}{fraction}", units / 10_000)
    }
}

impl FromStr for Percent {
    type Err = MoneyError;

    /// A sign of percent behind the number is accepted, because people write one.
    fn from_str(text: &str) -> Result<Self, MoneyError> {
        let text = text.trim();
        parse_decimal(text.strip_suffix('%').unwrap_or(text), Self::DECIMALS).map(Self)
    }
}

/// Gives a decimal type the same reading from text, integers and number tokens, and its text as stored form: stored
/// numbers would pass through binary fractions in other people's readers.
macro_rules! serde_as_decimal {
    ($type:ident, $what:literal, $pattern:literal) => {
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Decimal;
                impl Visitor<'_> for Decimal {
                    type Value = $type;
                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str($what)
                    }
                    fn visit_str<E: de::Error>(self, text: &str) -> Result<$type, E> {
                        text.parse().map_err(|error| E::custom(format!("`{text}` {error}")))
                    }
                    fn visit_i64<E: de::Error>(self, number: i64) -> Result<$type, E> {
                        units_from_integer(number, $type::DECIMALS).map($type).map_err(E::custom)
                    }
                    fn visit_u64<E: de::Error>(self, number: u64) -> Result<$type, E> {
                        let number = i64::try_from(number).map_err(|_| E::custom(MoneyError::OutOfRange))?;
                        self.visit_i64(number)
                    }
                    fn visit_f64<E: de::Error>(self, number: f64) -> Result<$type, E> {
                        units_from_float(number, $type::DECIMALS).map($type).map_err(E::custom)
                    }
                }
                deserializer.deserialize_any(Decimal)
            }
        }

        impl JsonSchema for $type {
            fn inline_schema() -> bool {
                true
            }
            fn schema_name() -> Cow<'static, str> {
                stringify!($type).into()
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": ["string", "number"], "pattern": $pattern })
            }
        }
    };
}

serde_as_decimal!(Amount, "an amount such as 39.90", r"^[+-]?[0-9]+(\.[0-9]{1,2}0*)?$");
serde_as_decimal!(Percent, "a percentage such as 5 or 12.5", r"^[+-]?[0-9]+(\.[0-9]{1,4}0*)?%?$");

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(text: &str) -> Amount {
        text.parse().unwrap()
    }

    #[test]
    fn amounts_are_read_from_text_and_numbers() {
        for (json, minor) in [
            ("\"39.90\"", 3990),
            ("39.9", 3990),
            ("39", 3900),
            ("\"-0.05\"", -5),
            ("\"1.100\"", 110),
            ("0.07", 7),
            ("-3", -300),
        ] {
            let read: Amount = serde_json::from_str(json).unwrap();
            assert_eq!(read.minor(), minor, "{json}");
        }
        for json in
            ["\"39.905\"", "39.905", "\"\"", "\"1,5\"", "\".5\"", "\"1.\"", "true", "1e300", "\"99999999999999999999\""]
        {
            assert!(serde_json::from_str::<Amount>(json).is_err(), "{json}");
        }
        assert_eq!(serde_json::to_string(&amount("39.9")).unwrap(), "\"39.90\"");
        assert_eq!(Amount::from_minor(-5).to_string(), "-0.05");
        assert_eq!(Amount::from_minor(i64::MIN).to_string(), "-92233720368547758.08");
    }

    #[test]
    fn percentages_keep_four_decimals() {
        for (json, text) in [("\"5\"", "5"), ("12.5", "12.5"), ("\"7.6543%\"", "7.6543"), ("\"-0.5\"", "-0.5")] {
            let read: Percent = serde_json::from_str(json).unwrap();
            assert_eq!(read.to_string(), text, "{json}");
        }
        assert!("7.65432".parse::<Percent>().is_err());
        assert_eq!(amount("40.00").percent("5".parse().unwrap()), amount("2.00"));
    }

    #[test]
    fn rounding_is_half_up_away_from_zero() {
        for (minor, numerator, denominator, expected) in [
            (3000, 10, 31, 968),
            (1, 1, 2, 1),
            (-1, 1, 2, -1),
            (1, 1, 3, 0),
            (5, 1, -2, -3),
            (7, 1, 0, 0),
            (4990, 1, 12, 416),
        ] {
            let rounded = Amount::from_minor(minor).times_ratio(numerator, denominator);
            assert_eq!(rounded.minor(), expected, "{minor} x {numerator}/{denominator}");
        }
    }

    #[test]
    fn no_arithmetic_panics_at_the_limits() {
        for minor in [i64::MIN, i64::MIN + 1, -1, 0, 1, i64::MAX] {
            for part in [i64::MIN, -1, 0, 1, i64::MAX] {
                let _ = Amount::from_minor(minor).times_ratio(part, part.wrapping_sub(3));
                let _ = Amount::from_minor(minor).times_wide_ratio(i128::MAX, i128::from(part));
                let _ = Amount::from_minor(minor).percent(Percent::from_units(part));
                let _ = Amount::from_minor(minor).saturating_sub(Amount::from_minor(part));
            }
        }
        assert_eq!(Amount::from_minor(i64::MAX).checked_add(Amount::from_minor(1)), None);
        assert_eq!(Amount::from_minor(i64::MIN).checked_neg(), None);
    }
}
