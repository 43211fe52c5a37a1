//! When somebody may be erased, and what of it has to stay for how long.
//!
//! Whoever asks to be forgotten is forgotten, as far as nothing goes on with that person any more and no law wants a record. The
//! periods are those of Germany, which are the longest of those that Gymkeeper knows.

use jiff::{ToSpan, civil::Date};

/// A main contract, or one that hangs on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContractSpan {
    /// The contract.
    pub id: i64,
    /// The last day; nothing while the end is open.
    pub last_day: Option<Date>,
    /// Whether it was made void.
    pub reversed: bool,
}

/// Why somebody cannot be erased now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StillNeeded {
    /// A contract runs, or is going to.
    ContractRuns {
        /// The contract.
        id: i64,
        /// Its last day, if it has one.
        last_day: Option<Date>,
    },
    /// Claims are with a debt collector.
    InDebtCollection,
}

/// ERA-1: whether somebody may be erased on a day.
///
/// # Errors
/// What speaks against it.
pub fn may_be_erased(contracts: &[ContractSpan], in_debt_collection: bool, today: Date) -> Result<(), StillNeeded> {
    let runs = |contract: &&ContractSpan| !contract.reversed && contract.last_day.is_none_or(|day| day >= today);
    match contracts.iter().find(runs) {
        Some(contract) => Err(StillNeeded::ContractRuns { id: contract.id, last_day: contract.last_day }),
        None if in_debt_collection => Err(StillNeeded::InDebtCollection),
        None => Ok(()),
    }
}

/// ERA-2: the last day on which signed documents and other records of a contract are kept that ended on a day. Commercial letters
/// are kept for six years from the end of the year (section 257 of the Commercial Code, section 147 of the Fiscal Code).
pub fn contract_records_until(ended: Date) -> Date {
    Date::new(ended.year().saturating_add(6), 12, 31).unwrap_or(Date::MAX)
}

/// ERA-3: the last day on which an account, its holder and the signature under its mandate are kept that was last used on a
/// day: for thirteen months a debit may be called unauthorized, and the mandate has to be shown then (LAW-6).
pub fn mandate_until(last_used: Date) -> Date {
    last_used.checked_add(13.months()).unwrap_or(Date::MAX)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn era_1_nobody_is_erased_while_a_contract_runs_or_claims_are_open() {
        let today = date(2026, 11, 21);
        let contract = |last_day, reversed| ContractSpan { id: 7, last_day, reversed };
        let runs = |last_day| Err(StillNeeded::ContractRuns { id: 7, last_day });
        for (contracts, collected, expected) in [
            (vec![], false, Ok(())),
            (vec![], true, Err(StillNeeded::InDebtCollection)),
            (vec![contract(None, false)], false, runs(None)),
            (vec![contract(None, true)], false, Ok(())),
            (vec![contract(Some(today), false)], false, runs(Some(today))),
            (vec![contract(Some(date(2026, 11, 20)), false)], false, Ok(())),
            (vec![contract(Some(date(2026, 11, 20)), false), contract(None, false)], true, runs(None)),
            (vec![contract(Some(date(2026, 11, 20)), false)], true, Err(StillNeeded::InDebtCollection)),
        ] {
            assert_eq!(may_be_erased(&contracts, collected, today), expected, "{contracts:?} {collected}");
        }
    }

    #[test]
    fn era_2_records_of_contracts_are_kept_for_six_years_from_the_end_of_the_year() {
        for (ended, until) in [
            (date(2026, 1, 1), date(2032, 12, 31)),
            (date(2026, 12, 31), date(2032, 12, 31)),
            (date(9998, 1, 1), Date::MAX),
        ] {
            assert_eq!(contract_records_until(ended), until, "{ended}");
        }
    }

    #[test]
    fn era_3_a_mandate_is_kept_for_thirteen_months() {
        for (used, until) in [
            (date(2026, 11, 21), date(2027, 12, 21)),
            (date(2027, 1, 31), date(2028, 2, 29)),
            (date(9999, 6, 1), Date::MAX),
        ] {
            assert_eq!(mandate_until(used), until, "{used}");
        }
    }
}
