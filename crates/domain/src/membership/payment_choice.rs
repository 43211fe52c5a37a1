//! Ways to pay, and which of them exist in a currency (OFF-12).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::currency::Currency;

/// A way to pay a contract's charges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PaymentChoice {
    /// At the desk; never collected.
    Cash,
    /// The member transfers; never collected.
    BankTransfer,
    /// Direct debit in the United Kingdom.
    Bacs,
    /// Direct debit in euro.
    Sepa,
    /// Direct debit of the Swiss post bank.
    ChDd,
    /// Direct debit of the Swiss banks.
    Lsv,
    /// A stored card, charged by payment runs.
    CreditCard,
    /// Paid when the member acts; Switzerland.
    Twint,
    /// Paid when the member acts.
    Paypal,
    /// Paid when the member acts; Belgium.
    Bancontact,
    /// Paid when the member acts; the Netherlands.
    Ideal,
}

impl PaymentChoice {
    /// Whether payment runs collect charges paid this way.
    #[must_use]
    pub const fn is_collected(self) -> bool {
        matches!(self, Self::Bacs | Self::Sepa | Self::ChDd | Self::Lsv | Self::CreditCard)
    }

    /// Whether it is a direct debit and so needs a mandate.
    #[must_use]
    pub const fn is_direct_debit(self) -> bool {
        matches!(self, Self::Bacs | Self::Sepa | Self::ChDd | Self::Lsv)
    }

    /// Whether it exists in `currency`.
    #[must_use]
    pub fn exists_in(self, currency: Currency) -> bool {
        match self {
            Self::Sepa | Self::Bancontact | Self::Ideal => currency == Currency::EUR,
            Self::Bacs => currency == Currency::GBP,
            Self::Twint | Self::Lsv => currency == Currency::CHF,
            Self::ChDd => currency == Currency::CHF || currency == Currency::EUR,
            Self::Cash | Self::BankTransfer | Self::CreditCard | Self::Paypal => true,
        }
    }
}

/// The configured choices that exist in `currency`, in their configured order (OFF-12).
#[must_use]
pub fn permitted(choices: &[PaymentChoice], currency: Currency) -> Vec<PaymentChoice> {
    choices.iter().copied().filter(|choice| choice.exists_in(currency)).collect()
}

#[cfg(test)]
mod tests {
    use super::PaymentChoice::*;
    use super::*;

    const ALL: [PaymentChoice; 11] =
        [Cash, BankTransfer, Bacs, Sepa, ChDd, Lsv, CreditCard, Twint, Paypal, Bancontact, Ideal];

    #[test]
    fn off_12_choices_by_currency() {
        let everywhere = [Cash, BankTransfer, CreditCard, Paypal];
        for (currency, local) in [
            ("EUR", vec![Sepa, ChDd, Bancontact, Ideal]),
            ("GBP", vec![Bacs]),
            ("CHF", vec![ChDd, Lsv, Twint]),
            ("USD", vec![]),
        ] {
            let expected: Vec<_> =
                ALL.into_iter().filter(|choice| everywhere.contains(choice) || local.contains(choice)).collect();
            assert_eq!(permitted(&ALL, currency.parse().unwrap()), expected, "{currency}");
        }
        assert_eq!(permitted(&[Paypal, Sepa, Cash], Currency::GBP), [Paypal, Cash]);
    }

    #[test]
    fn off_12_only_debits_and_cards_are_collected() {
        let collected: Vec<_> = ALL.into_iter().filter(|choice| choice.is_collected()).collect();
        assert_eq!(collected, [Bacs, Sepa, ChDd, Lsv, CreditCard]);
        assert!(!CreditCard.is_direct_debit());
        assert_eq!(serde_json::to_string(&ChDd).unwrap(), "\"CH_DD\"");
    }
}
