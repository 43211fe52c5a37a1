//! The terms of an offer: how long a contract runs, what it costs, how it goes on and how it ends.
//!
//! A contract keeps a copy of the term it was signed with, so later changes of the offer do not touch it.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::adjustment::PriceAdjustment;
use super::payment::PaymentFrequency;
use crate::money::Amount;
use crate::serde_defaults::{is_default, is_yes, yes};
use crate::term::Term;

/// How paid periods are cut (PAY-3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PaidPeriods {
    /// Periods begin on the contract's own day and cost the full price.
    #[default]
    ReferenceDate,
    /// Periods are calendar units; the first and the last are paid in part.
    NormalizationOnCalendarUnit,
}

/// What happens when a term is over (OFF-4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ExtensionType {
    /// It ends.
    #[default]
    None,
    /// It goes on, by a term each time, or indefinitely.
    TermExtension,
    /// It goes on with another rate.
    SubsequentRateDetail,
}

/// When a notice takes effect (CAN-3, CAN-4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CancelationStrategy {
    /// At the end of a term.
    #[default]
    Term,
    /// One notice period after it arrived.
    ReceiptDate,
}

/// The rate that follows (CON-5).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SubsequentRate {
    /// Its name.
    pub name: String,
    /// What it costs.
    pub payment: PaymentFrequency,
}

/// How a contract goes on after its first term.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Extension {
    /// Whether and how it goes on.
    #[serde(rename = "type", default, skip_serializing_if = "is_default")]
    pub kind: ExtensionType,
    /// The length of each extension; indefinite when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub term: Option<Term>,
    /// The notice period from the first extension on; the first term's when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancelation_period: Option<Term>,
    /// The rate that follows; only and always with SUBSEQUENT_RATE_DETAIL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subsequent_rate: Option<SubsequentRate>,
}

/// A fee next to the contract's own (PAY-14).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FlatFee {
    /// Its name, shown on the account.
    pub name: String,
    /// A code for other systems.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identifier: Option<String>,
    /// How often and how much.
    pub payment: PaymentFrequency,
    /// How long after the contract's start it is due first; with the start (one-off: at signing) when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_booking_delay: Option<Term>,
    /// Whether it is the starter package.
    #[serde(default, skip_serializing_if = "is_default")]
    pub starter_package: bool,
    /// Whether every member pays it.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub mandatory: bool,
}

/// Where a bonus period lies (BON-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BonusStrategy {
    /// From the contract's first day.
    ContractStart,
    /// From a given date.
    Fixed,
    /// At the end of the first term.
    EndOfCurrentTerm,
    /// From the first day of the first extension.
    StartOfNextTerm,
}

/// Whether a bonus period makes the contract longer (BON-2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BonusRuntime {
    /// It moves the end.
    WithExtension,
    /// It lies inside the term.
    WithoutExtension,
}

/// A time without contract fees (BON-1 to BON-4).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BonusPeriod {
    /// How long it is: a multiple of the payment frequency's term, or months with a yearly one (OFF-5).
    pub term: Term,
    /// Where it lies.
    pub strategy: BonusStrategy,
    /// The first day; only and always with FIXED.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// Whether it makes the contract longer.
    pub runtime: BonusRuntime,
    /// Whether the last day for notice moves with the end (BON-4).
    #[serde(default, skip_serializing_if = "is_default")]
    pub extends_cancelation_period: bool,
    /// Whether clients show it next to the term instead of inside it.
    #[serde(default, skip_serializing_if = "is_default")]
    pub display_separately: bool,
}

/// One way to buy an offer: its length, price and conditions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OfferTerm {
    /// The first term; indefinite when left out (OFF-9).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub term: Option<Term>,
    /// How often and how much.
    pub payment: PaymentFrequency,
    /// How paid periods are cut.
    #[serde(default, skip_serializing_if = "is_default")]
    pub paid_periods: PaidPeriods,
    /// How it goes on after the first term.
    #[serde(default, skip_serializing_if = "is_default")]
    pub extension: Extension,
    /// When a notice takes effect.
    #[serde(default, skip_serializing_if = "is_default")]
    pub cancelation_strategy: CancelationStrategy,
    /// The notice period; up to the last day when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancelation_period: Option<Term>,
    /// Fees next to the contract's own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flat_fees: Vec<FlatFee>,
    /// Times without contract fees.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bonus_periods: Vec<BonusPeriod>,
    /// Changes of the price over time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub price_adjustments: Vec<PriceAdjustment>,
    /// Keys of modules that can be bought with this term.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub optional_modules: Vec<String>,
    /// The length of extensions instead of the extension's own (CON-10).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub term_after_extension: Option<Term>,
    /// The price from the first extension on (CON-10).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price_after_extension: Option<Amount>,
}

impl OfferTerm {
    /// Whether anything of it costs another price at another age (AGE-1).
    #[must_use]
    pub fn depends_on_age(&self) -> bool {
        let fees = self.flat_fees.iter().map(|fee| &fee.payment);
        let after = self.extension.subsequent_rate.iter().map(|rate| &rate.payment);
        std::iter::once(&self.payment).chain(fees).chain(after).any(|payment| !payment.age_adjustments().is_empty())
    }

    /// A term with nothing but a length and a price; the rest as if left out in the gym file.
    #[must_use]
    pub fn new(term: Option<Term>, payment: PaymentFrequency) -> Self {
        Self {
            term,
            payment,
            paid_periods: PaidPeriods::default(),
            extension: Extension::default(),
            cancelation_strategy: CancelationStrategy::default(),
            cancelation_period: None,
            flat_fees: Vec::new(),
            bonus_periods: Vec::new(),
            price_adjustments: Vec::new(),
            optional_modules: Vec::new(),
            term_after_extension: None,
            price_after_extension: None,
        }
    }

    /// The price a contract starts with: zero when a bonus period opens it (OFF-3).
    #[must_use]
    pub fn rate_start_price(&self) -> Amount {
        let opens_free = self.bonus_periods.iter().any(|bonus| bonus.strategy == BonusStrategy::ContractStart);
        if opens_free { Amount::ZERO } else { self.payment.base_price() }
    }

    /// Whether a contract goes on after its first term: an indefinite one always does (OFF-9).
    #[must_use]
    pub fn goes_on(&self) -> bool {
        self.term.is_none() || self.extension.kind != ExtensionType::None
    }
}
