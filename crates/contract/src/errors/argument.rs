//! The values that are filled into the texts of errors.

use std::borrow::Cow;
use std::fmt;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::common::{Decimal, Money, Term, TermUnit};
use crate::language::Texts;

/// A value in the text of an error.
#[derive(Debug, Clone, PartialEq)]
pub enum Argument {
    /// A date.
    Date(Date),
    /// A whole number.
    Integer(i64),
    /// A number with two decimals.
    Decimal(Decimal),
    /// An amount of money.
    Money(Money),
    /// A length of time.
    Term(Term),
    /// A value of an enum, as it is on the wire.
    Enum(Cow<'static, str>),
    /// Any other text.
    String(Cow<'static, str>),
    /// The key of a text that the caller translates.
    I18nKey(Cow<'static, str>),
}

impl Argument {
    /// The type of the value.
    pub const fn kind(&self) -> ArgumentType {
        match self {
            Argument::Date(_) => ArgumentType::Date,
            Argument::Integer(_) => ArgumentType::Integer,
            Argument::Decimal(_) => ArgumentType::Decimal,
            Argument::Money(_) => ArgumentType::Money,
            Argument::Term(_) => ArgumentType::Term,
            Argument::Enum(_) => ArgumentType::Enum,
            Argument::String(_) => ArgumentType::String,
            Argument::I18nKey(_) => ArgumentType::I18nKey,
        }
    }

    /// The value as JSON.
    pub fn value(&self) -> Value {
        match self {
            Argument::Date(date) => json!(date.to_string()),
            Argument::Integer(number) => json!(number),
            Argument::Decimal(number) => json!(number),
            Argument::Money(money) => json!(money),
            Argument::Term(term) => json!(term),
            Argument::Enum(text) | Argument::String(text) | Argument::I18nKey(text) => json!(text),
        }
    }

    /// The value as people write it in the language.
    pub fn display(&self, texts: Texts) -> impl fmt::Display {
        InWords(self, texts)
    }
}

struct InWords<'a>(&'a Argument, Texts);

impl fmt::Display for InWords<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0, self.1) {
            (Argument::Date(date), Texts::English) => write!(f, "{date}"),
            (Argument::Date(date), Texts::German) => write!(f, "{:02}.{:02}.{}", date.day(), date.month(), date.year()),
            (Argument::Integer(number), _) => write!(f, "{number}"),
            (Argument::Decimal(number), texts) => f.write_str(&decimal(*number, texts)),
            (Argument::Money(money), texts) => write!(f, "{} {}", decimal(money.amount, texts), money.currency),
            (Argument::Term(term), texts) => write!(f, "{} {}", term.value, unit(*term, texts)),
            (Argument::Enum(text) | Argument::String(text) | Argument::I18nKey(text), _) => f.write_str(text),
        }
    }
}

fn decimal(number: Decimal, texts: Texts) -> String {
    match texts {
        Texts::English => number.to_string(),
        Texts::German => number.to_string().replace('.', ","),
    }
}

fn unit(term: Term, texts: Texts) -> &'static str {
    match (texts, term.unit, term.value == 1) {
        (Texts::English, TermUnit::Day, true) => "day",
        (Texts::English, TermUnit::Day, false) => "days",
        (Texts::English, TermUnit::Week, true) => "week",
        (Texts::English, TermUnit::Week, false) => "weeks",
        (Texts::English, TermUnit::Month, true) => "month",
        (Texts::English, TermUnit::Month, false) => "months",
        (Texts::English, TermUnit::Year, true) => "year",
        (Texts::English, TermUnit::Year, false) => "years",
        (Texts::German, TermUnit::Day, true) => "Tag",
        (Texts::German, TermUnit::Day, false) => "Tage",
        (Texts::German, TermUnit::Week, true) => "Woche",
        (Texts::German, TermUnit::Week, false) => "Wochen",
        (Texts::German, TermUnit::Month, true) => "Monat",
        (Texts::German, TermUnit::Month, false) => "Monate",
        (Texts::German, TermUnit::Year, true) => "Jahr",
        (Texts::German, TermUnit::Year, false) => "Jahre",
    }
}

/// A value in the text of an error, with its type.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "TypedArgumentDto")]
pub struct TypedArgument {
    /// The value, a text, a number or an object as the type has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// The type of the value.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<ArgumentType>,
}

impl From<&Argument> for TypedArgument {
    fn from(argument: &Argument) -> TypedArgument {
        TypedArgument { value: Some(argument.value()), kind: Some(argument.kind()) }
    }
}

/// The type of a value in the text of an error.
// ERR-1: the server sends DATE, INTEGER, DECIMAL, MONEY, TERM, ENUM, STRING and I18N_KEY; the others belong to the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub enum ArgumentType {
    /// An instant.
    Timestamp,
    /// True or false.
    Boolean,
    /// A date.
    Date,
    /// A day of a month, without a year.
    MonthDay,
    /// A time of day.
    Time,
    /// A length of time.
    Term,
    /// Several lengths of time.
    TermList,
    /// A whole number.
    Integer,
    /// A number with decimals.
    Decimal,
    /// A text.
    String,
    /// An amount of money.
    Money,
    /// A setting that can be without limit.
    LimitableConfigProperty,
    /// The key of a text.
    I18nKey,
    /// Keys of several texts.
    I18nKeyList,
    /// Several rights.
    PermissionList,
    /// A value of an enum.
    Enum,
    /// Several times at which something is open.
    AvailabilityList,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::common::Currency;

    #[test]
    fn arguments_are_written_for_programs_and_for_people() {
        let table = [
            (Argument::Date(jiff::civil::date(2026, 1, 5)), json!("2026-01-05"), "DATE", "2026-01-05", "05.01.2026"),
            (Argument::Integer(-3), json!(-3), "INTEGER", "-3", "-3"),
            (Argument::Decimal(Decimal::from_hundredths(1250)), json!(12.5), "DECIMAL", "12.50", "12,50"),
            (
                Argument::Money(Money::from_minor(2990, Currency::EUR)),
                json!({"amount": 29.9, "currency": "EUR"}),
                "MONEY",
                "29.90 EUR",
                "29,90 EUR",
            ),
            (
                Argument::Term(Term { value: 2, unit: TermUnit::Month }),
                json!({"value": 2, "unit": "MONTH"}),
                "TERM",
                "2 months",
                "2 Monate",
            ),
            (Argument::Enum("SEPA".into()), json!("SEPA"), "ENUM", "SEPA", "SEPA"),
            (Argument::String("ä".into()), json!("ä"), "STRING", "ä", "ä"),
            (Argument::I18nKey("a.b".into()), json!("a.b"), "I18N_KEY", "a.b", "a.b"),
        ];
        for (argument, value, kind, english, german) in table {
            let typed = serde_json::to_value(TypedArgument::from(&argument)).unwrap();
            assert_eq!(typed, json!({"value": value, "type": kind}));
            assert_eq!(argument.display(Texts::English).to_string(), english);
            assert_eq!(argument.display(Texts::German).to_string(), german);
        }
    }
}
