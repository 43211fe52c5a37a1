//! What was agreed: the conditions of one contract.

use jiff::civil::Date;

use super::Birthday;
use crate::membership::{OfferTerm, PreUse};

/// The conditions of one contract, copied from an offer at signing.
#[derive(Clone, Debug, PartialEq)]
pub struct ContractConditions {
    /// What the contract is called on the account.
    pub name: String,
    /// The signed term.
    pub terms: OfferTerm,
    /// The contract's first day.
    pub start: Date,
    /// The day of signing. No charge is due before it (PAY-2).
    pub signed_on: Date,
    /// Whether use before the start was possible and paid (CON-7).
    pub pre_use: PreUse,
    /// The first day of use; with the start when left out.
    pub start_of_use: Option<Date>,
    /// The member's birthday, for prices by age; without it no price by age applies.
    pub birthday: Birthday,
    /// The last day, when one was set by a cancelation or a special termination (CAN-1). Without it the contract runs
    /// on as its terms say.
    pub ends_on: Option<Date>,
}

impl ContractConditions {
    /// The conditions of a contract on `terms`.
    #[must_use]
    pub fn new(name: impl Into<String>, terms: OfferTerm, start: Date, signed_on: Date) -> Self {
        Self {
            name: name.into(),
            terms,
            start,
            signed_on,
            pre_use: PreUse::NotAvailable,
            start_of_use: None,
            birthday: Birthday::default(),
            ends_on: None,
        }
    }

    /// With the member's birthday.
    #[must_use]
    pub fn born(mut self, birthday: impl Into<Birthday>) -> Self {
        self.birthday = birthday.into();
        self
    }

    /// With a first day of use.
    #[must_use]
    pub fn used_from(mut self, pre_use: PreUse, start_of_use: Option<Date>) -> Self {
        self.pre_use = pre_use;
        self.start_of_use = start_of_use;
        self
    }

    /// The first day on which the gym may be used, which is never after the start (CON-7).
    #[must_use]
    pub fn use_from(&self) -> Date {
        self.start_of_use.map_or(self.start, |day| day.min(self.start))
    }

    /// With a last day.
    #[must_use]
    pub fn ending_on(mut self, last_day: Date) -> Self {
        self.ends_on = Some(last_day);
        self
    }
}
