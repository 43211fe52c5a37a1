//! The contracts of a customer, with the modules and fees that belong to them.
//!
//! The wire spells `cancellation` with two l here, and with one elsewhere.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::common::{Decimal, LocalDate, Money, Term, TermUnit};
use crate::memberships::{MembershipOfferRateCode, MonthDay, PaymentFrequencyType};

/// A contract of a customer.
// CUST-21
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Contract<'a> {
    /// The id of the contract.
    pub id: i64,
    /// The day on which it was signed.
    pub created_date: LocalDate,
    /// The first day.
    pub start_date: LocalDate,
    /// The last day as things stand: that of the present term, or the one it was canceled to.
    pub end_date: LocalDate,
    /// The name under which it was sold.
    pub rate_name: &'a str,
    /// Whether the contract is in force.
    pub contract_status: ContractStatus,
    /// How long before the end it must be canceled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancellation_period: Option<TimePeriod>,
    /// Whether it was canceled.
    pub cancelled: bool,
    /// The day to which it was canceled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancellation_date: Option<LocalDate>,
    /// The day on which the cancelation arrived.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancellation_receipt_date: Option<LocalDate>,
    /// Why it was canceled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancellation_reason: Option<&'a str>,
    /// The price before any adjustment, without its currency. `priceDetails` says more.
    #[schemars(extend("deprecated" = true))]
    pub price: Decimal,
    /// What is paid, and how often.
    pub price_details: PriceDetails,
    /// The last day on which a cancelation may arrive so that the contract ends with the present term.
    pub last_possible_cancellation_date: LocalDate,
    /// The length of the first term.
    pub term: TimePeriod,
    /// The length of the term that follows. Left out where the contract is not extended.
    // ERR-9
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "TimePeriod")]
    pub extension_term: Option<TimePeriod>,
    /// The fees that belong to the contract, those that have ended included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flat_fee_contracts: Option<Vec<SubContract<'a>>>,
    /// The modules that belong to the contract, those that have ended included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub module_contracts: Option<Vec<SubContract<'a>>>,
    /// Where the signed contract can be fetched. The link works for a quarter of an hour.
    // URL-1
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_document_url: Option<Cow<'a, str>>,
    /// The id that the contract has in the system of the caller.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub third_party_id: Option<&'a str>,
    /// The codes of the rates that the contract is made of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate_codes: Option<Vec<MembershipOfferRateCode<'a>>>,
}

/// A module or fee that belongs to a contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SubContract<'a> {
    /// The id of the contract about the module or fee.
    pub id: i64,
    /// The name under which it was sold.
    pub rate_name: &'a str,
    /// The first day.
    pub start_date: LocalDate,
    /// The last day. Left out where none is set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_date: Option<LocalDate>,
    /// How payments repeat.
    pub payment_frequency: PaymentFrequencyType,
    /// The price before any adjustment, without its currency. `priceDetails` says more.
    #[schemars(extend("deprecated" = true))]
    pub price: Decimal,
    /// What is paid, and how often.
    pub price_details: PriceDetails,
    /// Whether it was canceled.
    pub cancelled: bool,
    /// The day to which it was canceled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancellation_date: Option<LocalDate>,
    /// The day on which the cancelation arrived.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancellation_receipt_date: Option<LocalDate>,
    /// Whether it is in force.
    pub contract_status: ContractStatus,
}

/// Whether a contract is in force.
// CON-2
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ContractStatus {
    /// It has not ended; it may be still to begin.
    Active,
    /// It has ended or was reversed.
    Inactive,
}

/// A length of time in the older spelling of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TimePeriod {
    /// How many units.
    pub period_value: i32,
    /// The unit that is counted.
    pub period_unit: TermUnit,
}

impl From<Term> for TimePeriod {
    fn from(term: Term) -> TimePeriod {
        TimePeriod { period_value: term.value, period_unit: term.unit }
    }
}

/// What a contract costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PriceDetails {
    /// The price that was agreed on.
    pub base_price: Money,
    /// The price of today, with every adjustment that has taken effect.
    pub current_price: Money,
    /// What is paid, and how often.
    pub payment_frequency: ContractPaymentFrequency,
}

/// How often a contract is paid, and how much.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ContractPaymentFrequency {
    /// The id of the payment frequency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
    /// How payments repeat.
    #[serde(rename = "type")]
    pub kind: PaymentFrequencyType,
    /// The time between two payments.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub term: Option<Term>,
    /// The price of one period, for `RECURRING`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<Money>,
    /// The prices by day of the year, for `MONTH_DAY`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub month_days_to_prices: Option<Vec<ContractMonthDayToPrice>>,
    /// The prices by term, for `TERM_BASED`. Each counts once its term has passed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub terms_to_prices: Option<Vec<ContractTermToPrice>>,
}

/// A day of the year with the price paid on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ContractMonthDayToPrice {
    /// The day.
    pub month_day: MonthDay,
    /// The price.
    pub price: Money,
}

/// A term with the price paid after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ContractTermToPrice {
    /// The term.
    pub term: Term,
    /// The price.
    pub price: Money,
}

#[cfg(test)]
mod tests {
    use jiff::civil;
    use serde_json::json;

    use super::*;
    use crate::common::Currency;

    fn monthly() -> PriceDetails {
        let price = Money::from_minor(2990, Currency::EUR);
        let month = Term { value: 1, unit: TermUnit::Month };
        let payment_frequency = ContractPaymentFrequency {
            id: None,
            kind: PaymentFrequencyType::Recurring,
            term: Some(month),
            price: Some(price),
            month_days_to_prices: None,
            terms_to_prices: None,
        };
        PriceDetails { base_price: price, current_price: price, payment_frequency }
    }

    #[test]
    fn err_9_a_contract_that_is_not_extended_has_no_extension_term() {
        let contract = Contract {
            id: 1,
            created_date: civil::date(2026, 1, 1).into(),
            start_date: civil::date(2026, 2, 1).into(),
            end_date: civil::date(2027, 1, 31).into(),
            rate_name: "Basic",
            contract_status: ContractStatus::Active,
            cancellation_period: None,
            cancelled: false,
            cancellation_date: None,
            cancellation_receipt_date: None,
            cancellation_reason: None,
            price: Decimal::from_hundredths(2990),
            price_details: monthly(),
            last_possible_cancellation_date: civil::date(2026, 12, 31).into(),
            term: Term { value: 12, unit: TermUnit::Month }.into(),
            extension_term: None,
            flat_fee_contracts: None,
            module_contracts: None,
            signed_document_url: None,
            third_party_id: None,
            rate_codes: None,
        };
        let money = json!({"amount": 29.9, "currency": "EUR"});
        let expected = json!({
            "id": 1,
            "createdDate": "2026-01-01",
            "startDate": "2026-02-01",
            "endDate": "2027-01-31",
            "rateName": "Basic",
            "contractStatus": "ACTIVE",
            "cancelled": false,
            "price": 29.9,
            "priceDetails": {
                "basePrice": money,
                "currentPrice": money,
                "paymentFrequency": {"type": "RECURRING", "term": {"value": 1, "unit": "MONTH"}, "price": money}
            },
            "lastPossibleCancellationDate": "2026-12-31",
            "term": {"periodValue": 12, "periodUnit": "MONTH"}
        });
        assert_eq!(serde_json::to_value(contract).unwrap(), expected);
        let schema = schemars::schema_for!(Contract).to_value();
        assert!(schema["required"].as_array().unwrap().contains(&json!("extensionTerm")));
    }

    #[test]
    fn a_module_of_a_contract_spells_cancellation_with_two_l() {
        let module = SubContract {
            id: 2,
            rate_name: "Sauna",
            start_date: civil::date(2026, 2, 1).into(),
            end_date: None,
            payment_frequency: PaymentFrequencyType::NonRecurring,
            price: Decimal::from_hundredths(500),
            price_details: monthly(),
            cancelled: true,
            cancellation_date: Some(civil::date(2026, 3, 31).into()),
            cancellation_receipt_date: Some(civil::date(2026, 3, 1).into()),
            contract_status: ContractStatus::Inactive,
        };
        let written = serde_json::to_value(module).unwrap();
        assert_eq!(written["cancellationDate"], json!("2026-03-31"));
        assert_eq!(written["cancellationReceiptDate"], json!("2026-03-01"));
        assert_eq!(written["paymentFrequency"], json!("NON_RECURRING"));
        assert_eq!(written["contractStatus"], json!("INACTIVE"));
        assert_eq!(written.get("endDate"), None);
    }
}
