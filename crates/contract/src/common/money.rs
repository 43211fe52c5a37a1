//! Money on the wire.
//!
//! The API writes amounts as JSON numbers. Inside, an amount is a whole number of hundredths; a floating-point number exists
//! only in the moment of writing or reading, where two decimals survive exactly for every amount below seventy trillion.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An amount of money in a currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Money {
    /// The amount, with at most two decimals.
    pub amount: Decimal,
    /// The code of the currency.
    pub currency: Currency,
}

impl Money {
    /// So many hundredths of the unit of the currency, such as cents.
    pub const fn from_minor(minor: i64, currency: Currency) -> Money {
        Money { amount: Decimal::from_hundredths(minor), currency }
    }

    /// The amount in hundredths of the unit of the currency.
    pub const fn minor(self) -> i64 {
        self.amount.hundredths()
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount, self.currency)
    }
}

/// A number with two decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Decimal {
    hundredths: i64,
}

impl Decimal {
    /// So many hundredths.
    pub const fn from_hundredths(hundredths: i64) -> Decimal {
        Decimal { hundredths }
    }

    /// The number in hundredths.
    pub const fn hundredths(self) -> i64 {
        self.hundredths
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.hundredths < 0 { "-" } else { "" };
        let hundredths = self.hundredths.unsigned_abs();
        write!(f, "{sign}{}.{:02}", hundredths / 100, hundredths % 100)
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.hundredths as f64 / 100.0)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    /// Refuses more than two decimals instead of rounding: the caller should know what is booked.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
        let number = f64::deserialize(deserializer)?;
        let hundredths = (number * 100.0).round();
        // Up to 2^46 two neighbours of a hundredth have floating-point numbers of their own.
        if !number.is_finite() || number.abs() > 70_368_744_177_664.0 {
            return Err(D::Error::custom("the number is too large"));
        }
        if hundredths / 100.0 != number {
            return Err(D::Error::custom("at most two decimals are allowed"));
        }
        Ok(Decimal { hundredths: hundredths as i64 })
    }
}

impl JsonSchema for Decimal {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Decimal".into()
    }

    fn schema_id() -> Cow<'static, str> {
        concat!(module_path!(), "::Decimal").into()
    }

    // The contract gives no format here, whereas a plain f64 would come out as "double".
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "number"})
    }
}

/// The code of a currency, three capital letters as in ISO 4217.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// The euro.
    pub const EUR: Currency = Currency(*b"EUR");

    /// The currency with this code; nothing where it is not made of three capital letters.
    pub fn parse(code: &str) -> Option<Currency> {
        let letters: [u8; 3] = code.as_bytes().try_into().ok()?;
        letters.iter().all(u8::is_ascii_uppercase).then_some(Currency(letters))
    }

    /// The code.
    pub fn as_str(&self) -> &str {
        // Only capital letters get in, so this is always text.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Currency, D::Error> {
        let code = Cow::<str>::deserialize(deserializer)?;
        Currency::parse(&code).ok_or_else(|| D::Error::custom("a currency is written with three capital letters"))
    }
}

impl JsonSchema for Currency {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Currency".into()
    }

    fn schema_id() -> Cow<'static, str> {
        concat!(module_path!(), "::Currency").into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "format": "ISO 4217"})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_written_with_its_decimals() {
        for (minor, text) in [
            (0, "0.0"),
            (1, "0.01"),
            (2990, "29.9"),
            (2999, "29.99"),
            (-5, "-0.05"),
            (6_999_999_999_999_999, "69999999999999.99"),
        ] {
            let money = Money::from_minor(minor, Currency::EUR);
            let expected = format!(r#"{{"amount":{text},"currency":"EUR"}}"#);
            assert_eq!(serde_json::to_string(&money).unwrap(), expected);
            assert_eq!(serde_json::from_str::<Money>(&expected).unwrap(), money);
        }
        assert_eq!(Money::from_minor(-5, Currency::EUR).to_string(), "-0.05 EUR");
        assert_eq!(Decimal::from_hundredths(i64::MIN).to_string(), "-92233720368547758.08");
    }

    #[test]
    fn amounts_are_read_exactly_or_not_at_all() {
        for (text, hundredths) in [("20", 2000), ("20.5", 2050), ("0.29", 29), ("1.10", 110), ("-3.33", -333)] {
            assert_eq!(serde_json::from_str::<Decimal>(text).unwrap().hundredths(), hundredths, "{text}");
        }
        for text in ["0.005", "1e300", "\"1\"", "null", "99999999999999999999"] {
            assert!(serde_json::from_str::<Decimal>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_currency_is_three_capital_letters() {
        assert_eq!(Currency::parse("CHF").map(|currency| currency.to_string()), Some("CHF".to_owned()));
        for code in ["", "eur", "EURO", "E1R", "€"] {
            assert_eq!(Currency::parse(code), None, "{code}");
        }
    }
}
