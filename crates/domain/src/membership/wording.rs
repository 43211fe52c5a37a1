//! The few sentences about prices that are shown to people (OFF-8, OFF-10), in English and German.

use super::adjustment::{AdjustmentBasis, PriceAdjustment, PriceAdjustmentType};
use super::payment::{MonthDay, PaymentFrequency};
use crate::currency::Currency;
use crate::language::Wording;
use crate::term::{Term, TermUnit};

/// How often something is paid, as people say it (OFF-8): "Every 6 months", "Every month", "One-time", "Free of charge".
#[must_use]
pub fn formatted_payment_frequency(payment: &PaymentFrequency, wording: Wording) -> String {
    use Wording::{English, German};
    match (payment, wording) {
        (PaymentFrequency::Free {}, English) => "Free of charge".to_owned(),
        (PaymentFrequency::Free {}, German) => "Kostenlos".to_owned(),
        (PaymentFrequency::NonRecurring { .. }, English) => "One-time".to_owned(),
        (PaymentFrequency::NonRecurring { .. }, German) => "Einmalig".to_owned(),
        (PaymentFrequency::Recurring { every, .. }, _) => every_term(*every, wording),
        (PaymentFrequency::MonthDay { prices, recurring, .. }, _) => {
            let days: Vec<_> = prices.iter().map(|entry| day_of_year(entry.day, wording)).collect();
            let days = listed(&days, wording);
            match (wording, recurring) {
                (English, true) => format!("Every year on {days}"),
                (English, false) => format!("Once on {days}"),
                (German, true) => format!("Jedes Jahr am {days}"),
                (German, false) => format!("Einmalig am {days}"),
            }
        }
        (PaymentFrequency::TermBased { prices, recurring, .. }, _) => {
            let terms: Vec<_> = prices.iter().map(|entry| after_term(entry.after, wording)).collect();
            let terms = capitalized(&listed(&terms, wording));
            match (wording, recurring) {
                (_, false) => terms,
                (English, true) => format!("{terms}, repeatedly"),
                (German, true) => format!("{terms}, wiederkehrend"),
            }
        }
    }
}

/// The value of a price adjustment: `5%` or `2.50` (OFF-10).
#[must_use]
pub fn price_adjustment_value(adjustment: &PriceAdjustment) -> String {
    adjustment.by.to_string()
}

/// How often a price adjustment happens: "Every 12 months" or "Once" (OFF-10).
#[must_use]
pub fn price_adjustment_recurrence(adjustment: &PriceAdjustment, wording: Wording) -> String {
    match (adjustment.every, wording) {
        (Some(every), _) => every_term(every, wording),
        (None, Wording::English) => "Once".to_owned(),
        (None, Wording::German) => "Einmalig".to_owned(),
    }
}

/// A sentence about a price adjustment (OFF-10).
#[must_use]
pub fn price_adjustment_description(adjustment: &PriceAdjustment, currency: Currency, wording: Wording) -> String {
    let value = match adjustment.basis() {
        AdjustmentBasis::Relative => adjustment.by.to_string(),
        AdjustmentBasis::Absolute | AdjustmentBasis::BasicAmount => format!("{} {currency}", adjustment.by),
    };
    let after = after_term(adjustment.first_after, wording);
    let again = match (adjustment.every, wording) {
        (None, _) => String::new(),
        (Some(every), Wording::English) => format!(", then {}", uncapitalized(&every_term(every, wording))),
        (Some(every), Wording::German) => format!(", dann {}", uncapitalized(&every_term(every, wording))),
    };
    match (wording, adjustment.kind) {
        (Wording::English, PriceAdjustmentType::Raise) => format!("The price rises by {value} {after}{again}"),
        (Wording::English, PriceAdjustmentType::Reduction) => format!("The price falls by {value} {after}{again}"),
        (Wording::English, PriceAdjustmentType::NewBasicAmount) => format!("The price becomes {value} {after}{again}"),
        (Wording::German, PriceAdjustmentType::Raise) => format!("Der Preis steigt {after} um {value}{again}"),
        (Wording::German, PriceAdjustmentType::Reduction) => format!("Der Preis sinkt {after} um {value}{again}"),
        (Wording::German, PriceAdjustmentType::NewBasicAmount) => format!("Der Preis beträgt {after} {value}{again}"),
    }
}

fn every_term(every: Term, wording: Wording) -> String {
    let one = every.value == 1;
    match wording {
        Wording::English if one => format!("Every {}", english_unit(every)),
        Wording::English => format!("Every {} {}", every.value, english_unit(every)),
        Wording::German => match (every.unit, one) {
            (TermUnit::Day, true) => "Jeden Tag".to_owned(),
            (TermUnit::Week, true) => "Jede Woche".to_owned(),
            (TermUnit::Month, true) => "Jeden Monat".to_owned(),
            (TermUnit::Year, true) => "Jedes Jahr".to_owned(),
            (TermUnit::Day, false) => format!("Alle {} Tage", every.value),
            (TermUnit::Week, false) => format!("Alle {} Wochen", every.value),
            (TermUnit::Month, false) => format!("Alle {} Monate", every.value),
            (TermUnit::Year, false) => format!("Alle {} Jahre", every.value),
        },
    }
}

/// "after 6 months"; "at the start" for a term of nothing (PAY-8).
fn after_term(term: Term, wording: Wording) -> String {
    match (wording, term.is_positive()) {
        (Wording::English, true) => format!("after {} {}", term.value, english_unit(term)),
        (Wording::English, false) => "at the start".to_owned(),
        (Wording::German, true) => format!("nach {} {}", term.value, german_unit_after(term)),
        (Wording::German, false) => "zu Beginn".to_owned(),
    }
}

const fn english_unit(term: Term) -> &'static str {
    match (term.unit, term.value == 1) {
        (TermUnit::Day, true) => "day",
        (TermUnit::Day, false) => "days",
        (TermUnit::Week, true) => "week",
        (TermUnit::Week, false) => "weeks",
        (TermUnit::Month, true) => "month",
        (TermUnit::Month, false) => "months",
        (TermUnit::Year, true) => "year",
        (TermUnit::Year, false) => "years",
    }
}

/// The unit in the dative, which follows "nach".
const fn german_unit_after(term: Term) -> &'static str {
    match (term.unit, term.value == 1) {
        (TermUnit::Day, true) => "Tag",
        (TermUnit::Day, false) => "Tagen",
        (TermUnit::Week, true) => "Woche",
        (TermUnit::Week, false) => "Wochen",
        (TermUnit::Month, true) => "Monat",
        (TermUnit::Month, false) => "Monaten",
        (TermUnit::Year, true) => "Jahr",
        (TermUnit::Year, false) => "Jahren",
    }
}

const ENGLISH_MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const GERMAN_MONTHS: [&str; 12] = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
];

fn day_of_year(day: MonthDay, wording: Wording) -> String {
    let index = usize::try_from(day.month()).unwrap_or_default().saturating_sub(1);
    let name = |months: [&'static str; 12]| months.get(index).copied().unwrap_or_default();
    match wording {
        Wording::English => format!("{} {}", day.day(), name(ENGLISH_MONTHS)),
        Wording::German => format!("{}. {}", day.day(), name(GERMAN_MONTHS)),
    }
}

fn listed(parts: &[String], wording: Wording) -> String {
    let and = match wording {
        Wording::English => " and ",
        Wording::German => " und ",
    };
    match parts.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{}{and}{last}", others.join(", ")),
        None => String::new(),
    }
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn uncapitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn off_8_payment_frequencies_in_words() {
        for (json, english, german) in [
            (r#"{"type":"FREE"}"#, "Free of charge", "Kostenlos"),
            (r#"{"type":"NON_RECURRING","price":1}"#, "One-time", "Einmalig"),
            (r#"{"type":"RECURRING","price":1,"every":"1 MONTH"}"#, "Every month", "Jeden Monat"),
            (r#"{"type":"RECURRING","price":1,"every":"6 MONTH"}"#, "Every 6 months", "Alle 6 Monate"),
            (r#"{"type":"RECURRING","price":1,"every":"2 WEEK"}"#, "Every 2 weeks", "Alle 2 Wochen"),
            (
                r#"{"type":"MONTH_DAY","recurring":true,"prices":[{"day":"03-01","price":1},{"day":"09-01","price":1}]}"#,
                "Every year on 1 March and 1 September",
                "Jedes Jahr am 1. März und 1. September",
            ),
            (
                r#"{"type":"TERM_BASED","prices":[{"after":"0 DAY","price":1},{"after":"1 MONTH","price":1},{"after":"6 MONTH","price":1}]}"#,
                "At the start, after 1 month and after 6 months",
                "Zu Beginn, nach 1 Monat und nach 6 Monaten",
            ),
        ] {
            let payment: PaymentFrequency = serde_json::from_str(json).unwrap();
            assert_eq!(formatted_payment_frequency(&payment, Wording::English), english);
            assert_eq!(formatted_payment_frequency(&payment, Wording::German), german);
        }
    }

    #[test]
    fn off_10_price_adjustments_in_words() {
        for (json, value, recurrence, english, german) in [
            (
                r#"{"type":"RAISE","by":"5%","first_after":"12 MONTH","every":"12 MONTH"}"#,
                "5%",
                "Every 12 months",
                "The price rises by 5% after 12 months, then every 12 months",
                "Der Preis steigt nach 12 Monaten um 5%, dann alle 12 Monate",
            ),
            (
                r#"{"type":"REDUCTION","by":"2.50","first_after":"1 YEAR"}"#,
                "2.50",
                "Once",
                "The price falls by 2.50 EUR after 1 year",
                "Der Preis sinkt nach 1 Jahr um 2.50 EUR",
            ),
            (
                r#"{"type":"NEW_BASIC_AMOUNT","by":"45","first_after":"6 MONTH"}"#,
                "45.00",
                "Once",
                "The price becomes 45.00 EUR after 6 months",
                "Der Preis beträgt nach 6 Monaten 45.00 EUR",
            ),
        ] {
            let adjustment: PriceAdjustment = serde_json::from_str(json).unwrap();
            assert_eq!(price_adjustment_value(&adjustment), value);
            assert_eq!(price_adjustment_recurrence(&adjustment, Wording::English), recurrence);
            assert_eq!(price_adjustment_description(&adjustment, Currency::EUR, Wording::English), english);
            assert_eq!(price_adjustment_description(&adjustment, Currency::EUR, Wording::German), german);
        }
    }
}
