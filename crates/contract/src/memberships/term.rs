//! The terms of a membership offer: how long, for what price, and what happens afterwards.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ExtensionType, MembershipOfferModule};
use crate::common::{Decimal, LocalDate, Money, Term};

/// A term of an offer, as it is listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MembershipOfferTerm<'a> {
    /// The id of the term.
    pub id: i64,
    /// How long the contract runs at first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub term: Option<Term>,
    /// What the contract costs in all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contract_volume_information: Option<ContractVolume>,
    /// What is paid, and how often.
    pub payment_frequency: MembershipOfferPaymentFrequency<'a>,
    /// The length of each further term. Left out where the contract ends after the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extension_term: Option<Term>,
}

/// A term of an offer, with everything that a signup needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MembershipOfferTermExtended<'a> {
    /// The id of the term.
    pub id: i64,
    /// How long the contract runs at first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub term: Option<Term>,
    /// What the contract costs in all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contract_volume_information: Option<ContractVolume>,
    /// What is paid, and how often.
    pub payment_frequency: MembershipOfferPaymentFrequency<'a>,
    /// The length of each further term. Left out where the contract ends after the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extension_term: Option<Term>,
    /// The day on which the contract starts unless another is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_contract_start_date: Option<LocalDate>,
    /// The day from which the member may train unless another is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_contract_start_date_of_use: Option<LocalDate>,
    /// The rules by which the price will change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price_adjustment_rules: Option<Vec<MembershipOfferTermAdjustmentRule<'a>>>,
    /// The fees that come on top of the price.
    pub flat_fees: Vec<MembershipOfferFlatFee<'a>>,
    /// The same as `extensionTerm`, left out where the contract goes on for an unlimited time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extension_fixed_term: Option<Term>,
    /// What happens after the first term.
    pub extension_type: ExtensionType,
    /// The rate that follows, where another one does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subsequent_rate: Option<MembershipOfferSubsequentRate<'a>>,
    /// What the notice period is counted to.
    pub cancelation_strategy: CancelationStrategy,
    /// The notice period of the first term.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancelation_period: Option<Term>,
    /// The notice period of further terms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extension_cancelation_period: Option<Term>,
    /// The times for which nothing is paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate_bonus_periods: Option<Vec<MembershipOfferRateBonusPeriod>>,
    /// The price of the first period: nothing where the contract starts with a bonus period, else the price of the term.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate_start_price: Option<Money>,
    /// The modules that can be added for a price.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub optional_modules: Option<Vec<MembershipOfferModule<'a>>>,
    /// The term after the first one. Left out where none is set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub term_after_extension: Option<Term>,
    /// The price after the first term. Left out where none is set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price_after_extension: Option<Money>,
}

/// What a notice period is counted to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub enum CancelationStrategy {
    /// The end of the term.
    Term,
    /// Any day; it starts when the cancelation arrives.
    ReceiptDate,
}

/// What the first term costs in all and on average.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ContractVolume {
    /// The sum over the first term.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_contract_volume: Option<Money>,
    /// The average for a month.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub average_payment_volume_per_month: Option<Money>,
    /// The average for one period of payment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub average_payment_volume_per_payment_frequency_term: Option<Money>,
}

/// What is paid, and how often.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MembershipOfferPaymentFrequency<'a> {
    /// The id of the payment frequency. The fee for a starter package may have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
    /// How payments repeat.
    #[serde(rename = "type")]
    pub kind: PaymentFrequencyType,
    /// The time between two payments.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub term: Option<Term>,
    /// The price of one period, for `RECURRING`, and the price in all, for `NON_RECURRING`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price: Option<Money>,
    /// The prices by day of the year, for `MONTH_DAY`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub month_days_to_prices: Option<Vec<MembershipOfferMonthDayToPrice>>,
    /// The prices by term, for `TERM_BASED`. Each counts once its term has passed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub terms_to_prices: Option<Vec<MembershipOfferTermToPrice>>,
    /// Whether the payments start over when they are through, for `TERM_BASED` and `MONTH_DAY`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recurring: Option<bool>,
    /// How the price depends on the age of the member.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age_based_adjustments: Option<Vec<MembershipOfferModuleAgeBasedAdjustment>>,
    /// How often it is paid, in words.
    pub formatted_payment_frequency: Cow<'a, str>,
}

/// How payments repeat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub enum PaymentFrequencyType {
    /// Nothing is paid.
    Free,
    /// One payment.
    NonRecurring,
    /// The same payment after every term.
    Recurring,
    /// Payments on fixed days of the year, each with its own price.
    MonthDay,
    /// Payments after set terms, each with its own price.
    TermBased,
}

/// A day of the year with the price paid on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MembershipOfferMonthDayToPrice {
    /// The day.
    pub month_day: MonthDay,
    /// The price.
    pub price: Money,
}

/// A day of the year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(inline)]
pub struct MonthDay {
    /// The month by name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub month: Option<Month>,
    /// The month as a number from 1 to 12.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub month_value: Option<i32>,
    /// The day of the month.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub day_of_month: Option<i32>,
}

/// A month by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub enum Month {
    /// January.
    January,
    /// February.
    February,
    /// March.
    March,
    /// April.
    April,
    /// May.
    May,
    /// June.
    June,
    /// July.
    July,
    /// August.
    August,
    /// September.
    September,
    /// October.
    October,
    /// November.
    November,
    /// December.
    December,
}

/// A term with the price paid after it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MembershipOfferTermToPrice {
    /// The term.
    pub term: Term,
    /// The price.
    pub price: Money,
}

/// A price that depends on the age of the member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MembershipOfferModuleAgeBasedAdjustment {
    /// The ages it is for.
    pub age_range: AgeRange,
    /// How much is taken off the price: an amount, or a percentage, as `type` says.
    pub value: Decimal,
    /// Whether the value is an amount or a percentage.
    #[serde(rename = "type")]
    pub kind: AgeBasedAdjustmentType,
}

/// A range of ages in years.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AgeRange {
    /// The lowest age, which belongs to the range.
    pub start_age: i32,
    /// The highest age, which belongs to the range.
    pub end_age: i32,
}

/// What the value of an adjustment by age is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub enum AgeBasedAdjustmentType {
    /// An amount of money.
    Absolute,
    /// A percentage of the price.
    Percentage,
}

/// A rule by which the price will change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MembershipOfferTermAdjustmentRule<'a> {
    /// The whole rule in a sentence. The other fields are for a wording of your own.
    pub default_description: Cow<'a, str>,
    /// By how much the price changes, or what it becomes: `2.50` or `5%`.
    pub value: Cow<'a, str>,
    /// When and how often the rule applies, in words.
    pub recurrence_frequency: Cow<'a, str>,
    /// Which way the price changes.
    #[serde(rename = "type")]
    pub kind: PriceAdjustmentType,
    /// What the value is.
    pub charge_adjustment_type: ChargeAdjustmentType,
}

/// Which way a price changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub enum PriceAdjustmentType {
    /// It goes up.
    Raise,
    /// It goes down.
    Reduction,
    /// It becomes the value.
    NewBasicAmount,
}

/// What the value of a price change is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub enum ChargeAdjustmentType {
    /// A percentage of the price.
    Relative,
    /// An amount of money.
    Absolute,
    /// The price itself.
    BasicAmount,
}

/// A fee that comes on top of the price.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MembershipOfferFlatFee<'a> {
    /// The name of the fee.
    pub name: &'a str,
    /// The identifier of the fee.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identifier: Option<&'a str>,
    /// How often the fee is paid, in words.
    pub formatted_payment_frequency: Cow<'a, str>,
    /// How long after the start the fee is due for the first time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_booking_delay: Option<Term>,
    /// How much the fee is, and how often it is paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_frequency: Option<MembershipOfferPaymentFrequency<'a>>,
    /// Whether it pays for a starter package.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub starter_package: Option<bool>,
}

/// The rate that follows after the first term.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MembershipOfferSubsequentRate<'a> {
    /// The name of the rate.
    pub name: &'a str,
    /// What is paid then, and how often.
    pub payment_frequency: MembershipOfferPaymentFrequency<'a>,
}

/// A time for which nothing is paid. It comes on top of the term of the offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct MembershipOfferRateBonusPeriod {
    /// How long it lasts.
    pub term: Term,
    /// When it begins.
    pub term_strategy: BonusPeriodTermStrategy,
    /// Whether the offer should show it apart from the term.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_separately: Option<bool>,
    /// Whether the contract becomes longer by it.
    pub runtime_extension_type: RuntimeExtensionType,
    /// Whether the notice period moves by it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extends_cancellation_period: Option<bool>,
}

/// When a bonus period begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub enum BonusPeriodTermStrategy {
    /// With the contract.
    ContractStart,
    /// On a fixed day.
    Fixed,
    /// At the end of the running term.
    EndOfCurrentTerm,
    /// With the next term.
    StartOfNextTerm,
}

/// Whether a contract becomes longer by a bonus period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub enum RuntimeExtensionType {
    /// It does.
    WithExtension,
    /// It does not.
    WithoutExtension,
}
