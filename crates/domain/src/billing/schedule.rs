//! The schedule: every charge of a contract from signing to a day.

use jiff::civil::Date;

use super::conditions::ContractConditions;
use super::fees::{self, Fee, Phase};
use super::periods::Share;
use super::prices::by_age;
use crate::calendar;
use crate::membership::{FlatFee, PaidPeriods, PaymentFrequency, PreUse};
use crate::money::Amount;

/// What a charge is for, as the payment schedule names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChargeKind {
    /// The contract's price, also of days before the start.
    ContractFee,
    /// A flat fee that is the starter package.
    StarterPackage,
    /// Another flat fee.
    FlatFee,
    /// The price of an additional module.
    ModuleFee,
    /// A time without contract fee, 0.00 (BON-3).
    BonusPeriod,
}

/// Which part of the conditions a charge comes from. Together with due date and period it identifies a charge of a contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChargeSource {
    /// Use before the start (PAY-10).
    PreUse,
    /// The contract's payment frequency.
    Contract,
    /// A bonus period.
    Bonus,
    /// The flat fee at this place in the terms' list.
    FlatFee(usize),
    /// An additional module.
    Module,
}

/// Something that is to be paid.
#[derive(Clone, Debug, PartialEq)]
pub struct Charge {
    /// The day it is due, never before the day of signing (PAY-2).
    pub due: Date,
    /// The days it pays for, both inclusive, if it pays for days.
    pub period: Option<(Date, Date)>,
    /// How much.
    pub amount: Amount,
    /// What it is for.
    pub kind: ChargeKind,
    /// The name of the contract, the following rate, the flat fee or the module.
    pub description: String,
    /// Where it comes from.
    pub source: ChargeSource,
    /// Whether it is part of the amount due on signing (SIGN-3).
    pub mandatory_on_signing: bool,
}

/// All charges that are due up to and including `until`, in order of their due dates.
///
/// A contract that goes on is projected with its extensions (PAY-13). The charges up to a day are always a part of the
/// charges up to a later day, with the same amounts; only another end ([`ContractConditions::ends_on`]) changes them.
/// Flat fees that are not mandatory are left out: a contract that has one carries it as mandatory in its copy of the terms.
/// Nothing later than 150 years after the start is answered.
#[must_use]
pub fn charges(conditions: &ContractConditions, until: Date) -> Vec<Charge> {
    let mut charges: Vec<_> = pre_use_charge(conditions).into_iter().collect();
    charges.extend(fees::contract_fees(conditions, until).into_iter().map(|fee| contract_charge(conditions, fee)));
    for (index, fee) in conditions.terms.flat_fees.iter().enumerate().filter(|(_, fee)| fee.mandatory) {
        charges.extend(flat_fee_charges(conditions, index, fee, until));
    }
    charges.retain(|charge| charge.due <= until);
    // The sort is stable: on one day the order is pre-use, contract, flat fees as written.
    charges.sort_by_key(|charge| charge.due);
    charges
}

/// The charges of the initial runtime alone, as if the contract ended with it: what a preview shows (SIGN-2).
#[must_use]
pub fn initial_charges(conditions: &ContractConditions) -> Vec<Charge> {
    let first_end = conditions.first_end();
    let end = conditions.ends_on.map_or(first_end, |end| end.min(first_end));
    // What is owed at signing stays owed when a contract was signed after its own end, however odd that is.
    charges(&conditions.clone().ending_on(end), end.max(conditions.signed_on))
}

fn contract_charge(conditions: &ContractConditions, fee: Fee) -> Charge {
    let following = conditions.rate_change().filter(|change| fee.day >= *change);
    let rate = following.and(conditions.terms.extension.subsequent_rate.as_ref());
    Charge {
        due: fee.day.max(conditions.signed_on),
        period: fee.period,
        amount: fee.amount,
        kind: if fee.is_bonus { ChargeKind::BonusPeriod } else { ChargeKind::ContractFee },
        description: rate.map_or_else(|| conditions.name.clone(), |rate| rate.name.clone()),
        source: if fee.is_bonus { ChargeSource::Bonus } else { ChargeSource::Contract },
        mandatory_on_signing: !fee.is_bonus && fee.period_start() <= conditions.signed_on,
    }
}

/// The charge for using the gym before the contract starts, priced like the period before the start (PAY-10). Nothing when
/// use begins with the contract, is free or impossible, or the price is not a recurring one.
#[must_use]
pub fn pre_use_charge(conditions: &ContractConditions) -> Option<Charge> {
    let from = conditions.start_of_use?;
    let chargeable = conditions.pre_use == PreUse::Chargeable && from < conditions.start;
    let PaymentFrequency::Recurring { price, every, .. } = &conditions.terms.payment else {
        return None;
    };
    if !chargeable || !every.is_positive() {
        return None;
    }
    let to = calendar::day_before(conditions.start);
    let period_from = calendar::add_steps(conditions.start, *every, -1);
    let price = by_age(&conditions.terms.payment, *price, &conditions.birthday, from).unwrap_or(*price);
    Some(Charge {
        due: from.max(conditions.signed_on),
        period: Some((from, to)),
        amount: price.times_ratio(calendar::days_in(from, to), calendar::days_in(period_from, to)).at_least_zero(),
        kind: ChargeKind::ContractFee,
        description: conditions.name.clone(),
        source: ChargeSource::PreUse,
        mandatory_on_signing: true,
    })
}

/// PAY-14. Flat fees are never cut into parts: a fee that repeats does so on its own day, in full, while the contract runs.
fn flat_fee_charges(conditions: &ContractConditions, index: usize, fee: &FlatFee, until: Date) -> Vec<Charge> {
    let delay = fee.first_booking_delay.filter(|delay| delay.is_positive());
    let anchor = delay.map_or(conditions.start, |delay| calendar::add(conditions.start, delay));
    let end = conditions.final_end();
    let fees = match &fee.payment {
        PaymentFrequency::NonRecurring { price, .. } if end.is_none_or(|end| anchor <= end) => {
            let price = by_age(&fee.payment, *price, &conditions.birthday, anchor).unwrap_or(*price);
            vec![Fee {
                day: anchor,
                period: None,
                price,
                amount: Share::Full.of(price).at_least_zero(),
                is_bonus: false,
            }]
        }
        payment => Phase {
            payment,
            anchor,
            end: None,
            until: end
                .map_or(until, |end| end.min(until))
                .min(calendar::add(conditions.start, fees::LONGEST_PROJECTION)),
            paid_periods: PaidPeriods::ReferenceDate,
            bonuses: &[],
            rules: &[],
            after_extension: None,
            birthday: &conditions.birthday,
            terms: Vec::new(),
        }
        .fees(),
    };
    // PAY-2: what is paid once and not put off is due when the contract is signed, whenever it starts.
    let at_signing = delay.is_none() && matches!(fee.payment, PaymentFrequency::NonRecurring { .. });
    let charge = |found: Fee| Charge {
        due: if at_signing { conditions.signed_on } else { found.day.max(conditions.signed_on) },
        period: found.period,
        amount: found.amount,
        kind: if fee.starter_package { ChargeKind::StarterPackage } else { ChargeKind::FlatFee },
        description: fee.name.clone(),
        source: ChargeSource::FlatFee(index),
        mandatory_on_signing: at_signing || (fee.starter_package && found.day <= conditions.signed_on),
    };
    fees.into_iter().map(charge).collect()
}

/// What is given back of a paid charge when its contract ends on `last_day` inside the paid period (PAY-6): the share of the
/// unused days. The whole amount for a period that has not begun then, nothing for one that is over.
#[must_use]
pub fn credit_for_unused_days(charge: &Charge, last_day: Date) -> Amount {
    let Some((from, to)) = charge.period else {
        return Amount::ZERO;
    };
    let unused = calendar::days_in(from.max(calendar::day_after(last_day)), to);
    charge.amount.times_ratio(unused, calendar::days_in(from, to))
}
