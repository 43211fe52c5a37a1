//! Customers as a gym file describes them: for demos, for tests, and for those who move in with a short list.
//!
//! A description says what a customer begins with. What the customer changes later stays until the description itself changes.

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::bank_account::{Iban, normalized_bic};
use super::contact;
use super::representative::RepresentativeDefinition;
use crate::membership::{Module, Offer, OfferTerm, RateCode};
use crate::problem::{Problem, Problems};
use crate::serde_defaults::is_default;
use crate::studio::Address;

/// Longest names, in characters: what indexes hold must have an end.
const LONGEST_NAME: usize = 100;
/// Longest addresses and numbers, in characters.
const LONGEST_LINE: usize = 255;

/// Whether somebody is addressed as a man, a woman or neither.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Gender {
    /// A man.
    Male,
    /// A woman.
    Female,
    /// Neither, or not told.
    Unisex,
}

impl Gender {
    /// The stored name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Male => "MALE",
            Self::Female => "FEMALE",
            Self::Unisex => "UNISEX",
        }
    }
}

/// An academic title.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Title {
    /// Doctor.
    Dr,
    /// Professor.
    Prof,
}

impl Title {
    /// The stored name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dr => "DR",
            Self::Prof => "PROF",
        }
    }
}

/// Telephone numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Phones {
    /// At home.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub private: Option<String>,
    /// Mobile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub private_mobile: Option<String>,
    /// At work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub business: Option<String>,
    /// Mobile, of work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub business_mobile: Option<String>,
}

/// A card, PIN, barcode or wallet pass.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MediumDefinition {
    /// `CARD_NUMBER`, `PIN`, `BARCODE` or `WALLET_PASS`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Its value; a card's number in decimal digits.
    pub value: String,
}

/// Why somebody is kept out, and from when to when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RestrictionDefinition {
    /// Why.
    pub reason: String,
    /// The first day; with `to`, or both left out for ever.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// The last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
}

/// A module booked beside a contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ModuleContractDefinition {
    /// The module's key.
    pub module: String,
    /// Its first day; that of the contract when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<Date>,
    /// Its last day, where one was set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_on: Option<Date>,
}

/// A time in which a contract rests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IdlePeriodDefinition {
    /// The first day.
    pub from: Date,
    /// The last day; open when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Whether the customer is kept out meanwhile.
    #[serde(default, skip_serializing_if = "is_default")]
    pub refuses_access: bool,
}

/// A contract as it was signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ContractDefinition {
    /// A name that other contracts of the studio know it by, if one is a member of its family.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The key of the contract to whose family it belongs: one of another customer that is no member of a family itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family_of: Option<String>,
    /// The offer's key.
    pub offer: String,
    /// The key of the offer's term; the first one when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub term: Option<String>,
    /// The first day.
    pub start: Date,
    /// The day of signing; the first day when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_on: Option<Date>,
    /// The first day of use, if that is another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_of_use: Option<Date>,
    /// The last day, where one was set by a cancelation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_on: Option<Date>,
    /// The day on which notice arrived.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub canceled_on: Option<Date>,
    /// Why it was canceled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancelation_reason: Option<String>,
    /// Whether it was made void.
    #[serde(default, skip_serializing_if = "is_default")]
    pub reversed: bool,
    /// The id that a third party has for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub third_party_id: Option<String>,
    /// Modules beside those that the offer includes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub modules: Vec<ModuleContractDefinition>,
    /// Times in which it rests.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub idle_periods: Vec<IdlePeriodDefinition>,
}

/// A bank account. It is encrypted where it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BankAccountDefinition {
    /// Whose account it is.
    pub account_holder: String,
    /// The bank's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bank_name: Option<String>,
    /// The IBAN.
    pub iban: String,
    /// The BIC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bic: Option<String>,
}

/// A customer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CustomerDefinition {
    /// First name.
    pub first_name: String,
    /// Further first name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second_first_name: Option<String>,
    /// Last name.
    pub last_name: String,
    /// Further last name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second_last_name: Option<String>,
    /// Academic title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Title>,
    /// How the customer is addressed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gender: Option<Gender>,
    /// Birthday.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_of_birth: Option<Date>,
    /// E-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Telephone numbers.
    #[serde(default, skip_serializing_if = "is_default")]
    pub phones: Phones,
    /// Where the customer lives.
    #[serde(default, skip_serializing_if = "is_default")]
    pub address: Address,
    /// The country of the address, two capital letters; the studio's when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country_code: Option<String>,
    /// Language, two letters; the studio's when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The number of the customer; the next free one when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer_number: Option<String>,
    /// The number that a debt collector has for the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub debtor_id: Option<String>,
    /// Whether programs of third parties may see the customer. When left out, a new customer allows it, and what staff recorded of
    /// others stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub third_party_access: Option<bool>,
    /// Cards, PINs, barcodes and wallet passes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub access_mediums: Vec<MediumDefinition>,
    /// Why the customer is kept out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub restrictions: Vec<RestrictionDefinition>,
    /// What is noted in information fields, by the field's key. For a field of the kind LIST, the text of an item.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub information: BTreeMap<String, String>,
    /// Contracts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contracts: Vec<ContractDefinition>,
    /// The account that dues are collected from. With one, the customer pays by direct debit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bank_account: Option<BankAccountDefinition>,
    /// Who acts for the customer, most often a parent of one who is not of age.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_representative: Option<RepresentativeDefinition>,
}

impl CustomerDefinition {
    /// Whether something of it is encrypted where it is stored, so that the keys are needed to store it or to compare with it.
    #[must_use]
    pub const fn is_sealed(&self) -> bool {
        self.bank_account.is_some() || self.legal_representative.is_some()
    }

    /// What cannot work, as far as the description tells by itself.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Problems::default();
        problems.require_text("first_name", &self.first_name);
        problems.require_text("last_name", &self.last_name);
        for (at, text, most) in [
            ("first_name", Some(&self.first_name), LONGEST_NAME),
            ("second_first_name", self.second_first_name.as_ref(), LONGEST_NAME),
            ("last_name", Some(&self.last_name), LONGEST_NAME),
            ("second_last_name", self.second_last_name.as_ref(), LONGEST_NAME),
            ("customer_number", self.customer_number.as_ref(), LONGEST_LINE),
            ("debtor_id", self.debtor_id.as_ref(), LONGEST_LINE),
        ] {
            let too_long = text.is_some_and(|text| text.chars().count() > most);
            problems.add_if(too_long, at, format!("has at most {most} characters"));
        }
        let no_mail = self.email.as_ref().is_some_and(|email| contact::normalized_email(email).is_err());
        let most = contact::MAX_EMAIL_CHARACTERS;
        problems.add_if(no_mail, "email", format!("must be an e-mail address of at most {most} characters"));
        let is_code = |code: &String| code.len() == 2 && code.bytes().all(|letter| letter.is_ascii_uppercase());
        let no_code = self.country_code.as_ref().is_some_and(|code| !is_code(code));
        problems.add_if(no_code, "country_code", "must be two capital letters such as DE");
        if let Some(account) = &self.bank_account {
            problems.require_text("bank_account.account_holder", &account.account_holder);
            problems.add_if(Iban::parse(&account.iban).is_err(), "bank_account.iban", "is not an IBAN");
            let no_bic = account.bic.as_ref().is_some_and(|bic| normalized_bic(bic).is_err());
            problems.add_if(no_bic, "bank_account.bic", "is not a BIC");
        }
        if let Some(representative) = &self.legal_representative {
            problems.add_under("legal_representative", representative.problems());
        }
        for (index, restriction) in self.restrictions.iter().enumerate() {
            let at = format!("restrictions[{index}].to");
            problems.add_if(
                restriction.from.is_some() != restriction.to.is_some(),
                &at,
                "needs from and to, or neither",
            );
            let reversed = restriction.from.zip(restriction.to).is_some_and(|(from, to)| to < from);
            problems.add_if(reversed, &at, "must not be before from");
        }
        for (index, contract) in self.contracts.iter().enumerate() {
            let early = contract.ends_on.is_some_and(|end| end < contract.start);
            problems.add_if(early, format!("contracts[{index}].ends_on"), "must not be before start");
            for (place, idle) in contract.idle_periods.iter().enumerate() {
                let reversed = idle.to.is_some_and(|to| to < idle.from);
                let at = format!("contracts[{index}].idle_periods[{place}].to");
                problems.add_if(reversed, at, "must not be before from");
            }
        }
        problems.done()
    }
}

/// What was agreed in a contract, copied from the offer at signing so that later changes of the offer do not touch it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Agreement {
    /// Length, price and conditions.
    pub term: OfferTerm,
    /// Codes for access control and statistics.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rate_codes: Vec<RateCode>,
    /// The key of the opening hours category to which visits are limited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_restriction: Option<String>,
    /// Whether it holds in all studios of the operator.
    #[serde(default, skip_serializing_if = "is_default")]
    pub everywhere: bool,
    /// Keys of the benefits that the customer may use.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub benefits: Vec<String>,
    /// Keys of the allowances: what the customer may book.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allowances: Vec<String>,
}

impl Agreement {
    /// What a contract of this offer on this term agrees.
    #[must_use]
    pub fn of_offer(offer: &Offer, term: &OfferTerm) -> Self {
        Self {
            term: term.clone(),
            rate_codes: offer.rate_codes.clone(),
            time_restriction: offer.time_restriction.clone(),
            everywhere: offer.valid_in_all_studios,
            benefits: offer.benefits.clone(),
            allowances: offer.allowances.clone(),
        }
    }

    /// What a contract of this module agrees.
    #[must_use]
    pub fn of_module(module: &Module) -> Self {
        let mut term = OfferTerm::new(module.term.term, module.payment.clone());
        term.extension.kind = module.term.extension_type;
        term.extension.term = module.term.term_extension;
        term.extension.cancelation_period = module.term.extension_cancelation_period;
        term.cancelation_period = module.term.cancelation_period;
        Self {
            term,
            rate_codes: module.rate_codes.clone(),
            time_restriction: None,
            everywhere: false,
            benefits: module.benefits.clone(),
            allowances: module.allowances.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_indexes_hold_has_an_end() {
        let with = |field: &str, length: usize| {
            let mut json = serde_json::json!({ "first_name": "Ada", "last_name": "Lovelace" });
            json[field] =
                if field == "email" { format!("{}@x", "ä".repeat(length - 2)) } else { "ä".repeat(length) }.into();
            serde_json::from_value::<CustomerDefinition>(json).unwrap().problems()
        };
        for (field, most) in [
            ("first_name", 100),
            ("second_first_name", 100),
            ("last_name", 100),
            ("second_last_name", 100),
            ("email", 254),
            ("customer_number", 255),
            ("debtor_id", 255),
        ] {
            assert_eq!(with(field, most), []);
            let problems = with(field, most + 1);
            assert_eq!(problems.iter().map(|problem| problem.path.as_str()).collect::<Vec<_>>(), [field]);
        }
    }
}
