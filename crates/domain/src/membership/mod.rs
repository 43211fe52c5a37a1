//! What a gym sells: offers, their terms, modules and the texts that are signed.
//!
//! These are the *definitions*: written by an operator into the gym file, kept by the store, copied into a contract at
//! signing. They refer to each other by key; whether a key exists is checked where all entries are known, not here.
//! What a definition costs and when is the business of [`crate::billing`].

mod adjustment;
mod module;
mod offer;
mod offer_term;
mod payment;
mod payment_choice;
mod term_checks;
mod text_block;
mod wording;

pub use adjustment::{AdjustmentBasis, AdjustmentValue, AgeAdjustment, PriceAdjustment, PriceAdjustmentType};
pub use module::{Module, ModuleTerm, TrialPeriod};
pub use offer::{DatePeriod, Offer, PreUse, RateCode, StartSetting};
pub use offer_term::{
    BonusPeriod, BonusRuntime, BonusStrategy, CancelationStrategy, Extension, ExtensionType, FlatFee, OfferTerm,
    PaidPeriods, SubsequentRate,
};
pub use payment::{MonthDay, MonthDayPrice, PaymentFrequency, TermPrice};
pub use payment_choice::{PaymentChoice, permitted};
pub use text_block::{Attachment, TextBlock};
pub use wording::{
    formatted_payment_frequency, price_adjustment_description, price_adjustment_recurrence, price_adjustment_value,
};
