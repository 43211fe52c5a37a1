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

#[cfg(test)]
mod tests {
    use schemars::schema_for;

    use super::*;

    /// Editors show these schemas as help, so every field must explain itself.
    #[test]
    fn every_field_of_a_definition_is_explained() {
        for schema in [
            schema_for!(Offer),
            schema_for!(OfferTerm),
            schema_for!(Module),
            schema_for!(TextBlock),
            schema_for!(crate::studio::StudioDefinition),
        ] {
            let fields = schema.get("properties").and_then(|fields| fields.as_object()).unwrap();
            for (name, field) in fields {
                assert!(field.get("description").is_some(), "{name}");
            }
            assert_eq!(schema.get("additionalProperties").and_then(|more| more.as_bool()), Some(false));
        }
        let term = schema_for!(OfferTerm);
        let required = term.get("required").unwrap().as_array().unwrap();
        assert_eq!(required, &["payment"]);
    }
}
