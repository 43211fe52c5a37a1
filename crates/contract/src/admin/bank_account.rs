//! The account from which a customer's dues are collected.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::common::Signature;

super::resource! {
    "Bank account": "The account from which a customer's dues are collected. It is shown with the customer, masked." {
        SET_BANK_ACCOUNT = "setBankAccount" Put "/studios/{studioId}/customers/{customerId}/bank-account" CustomersWrite: "Collect a customer's dues from another account";
    }
}

/// An account with the mandate to debit it, which is given today.
// LAW-8. Without Debug: what is worth stealing must not get into a log.
#[derive(Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewBankAccount {
    /// Whose account it is.
    pub account_holder: String,
    /// The IBAN, with or without spaces.
    pub iban: String,
    /// The BIC of the bank.
    #[serde(default)]
    pub bic: Option<String>,
    /// The name of the bank.
    #[serde(default)]
    pub bank_name: Option<String>,
    /// The signature under the mandate, if it was drawn on a screen and not on paper.
    #[serde(default)]
    pub signature: Option<Signature>,
}
