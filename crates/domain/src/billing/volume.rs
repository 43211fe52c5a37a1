//! What the initial runtime of a contract costs in all and on average (VOL-1 to VOL-4).

use super::conditions::ContractConditions;
use super::schedule::{ChargeSource, initial_charges};
use crate::calendar::{self, Offset};
use crate::membership::PaymentFrequency;
use crate::money::Amount;

/// The total of the initial runtime and its averages, each rounded once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContractVolume {
    /// Contract fees and mandatory flat fees of the initial runtime; without use before the start and modules.
    pub total: Amount,
    /// The total by month of the initial runtime, bonus periods included.
    pub per_month: Amount,
    /// The total by term of the payment frequency.
    pub per_frequency_term: Amount,
}

/// The volume of a contract's initial runtime.
#[must_use]
pub fn contract_volume(conditions: &ContractConditions) -> ContractVolume {
    let charges = initial_charges(conditions);
    let counted = charges.iter().filter(|charge| charge.source != ChargeSource::PreUse);
    let total = counted.map(|charge| charge.amount).sum();
    let contract_fees = charges.iter().filter(|charge| charge.source == ChargeSource::Contract).count();
    ContractVolume {
        total,
        per_month: per_month(conditions, total),
        per_frequency_term: per_frequency_term(conditions, total, contract_fees),
    }
}

fn runtime_days(conditions: &ContractConditions) -> i64 {
    calendar::days_in(conditions.start, conditions.first_end())
}

/// VOL-3. A runtime in months counts months; a runtime in weeks or days counts a twelfth of a year of 365 days.
fn per_month(conditions: &ContractConditions, total: Amount) -> Amount {
    match conditions.initial_runtime() {
        Offset { months, days: 0 } => total.times_ratio(1, months),
        _ => total.times_ratio(365, runtime_days(conditions).saturating_mul(12)),
    }
}

/// VOL-4.
fn per_frequency_term(conditions: &ContractConditions, total: Amount, contract_fees: usize) -> Amount {
    match &conditions.terms.payment {
        PaymentFrequency::Free {} => Amount::ZERO,
        PaymentFrequency::NonRecurring { .. } => total,
        PaymentFrequency::MonthDay { .. } | PaymentFrequency::TermBased { .. } => {
            // Without any charge there is nothing to spread.
            total.times_ratio(1, i64::try_from(contract_fees).unwrap_or(i64::MAX).max(1))
        }
        PaymentFrequency::Recurring { every, .. } => match (Offset::of(*every), conditions.initial_runtime()) {
            (Offset { months: term, days: 0 }, Offset { months: runtime, days: 0 }) => total.times_ratio(term, runtime),
            (Offset { months: 0, days: term }, Offset { months: 0, days: runtime }) => total.times_ratio(term, runtime),
            _ => {
                let term = calendar::days_in(conditions.start, calendar::term_end(conditions.start, *every));
                total.times_ratio(term, runtime_days(conditions))
            }
        },
    }
}
