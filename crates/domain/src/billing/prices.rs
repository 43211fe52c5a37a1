//! The price of a period before it is cut: adjustments over time (PAY-11), the price after the first term (CON-10) and
//! discounts by age (AGE-1, AGE-2), in the order of PAY-12.

use jiff::civil::Date;

use super::Birthday;
use super::conditions::ContractConditions;
use super::fees;
use crate::calendar::{self, Offset};
use crate::membership::{PaymentFrequency, PriceAdjustment};
use crate::money::Amount;

/// A price moving through time. Ask with days that do not go back.
pub(super) struct PriceTrack<'a> {
    price: Amount,
    start: Date,
    rules: Vec<(&'a PriceAdjustment, Option<Date>, i64)>,
    after_extension: Option<(Date, Amount)>,
}

impl<'a> PriceTrack<'a> {
    /// The price `base` from `start` on. `after_extension` is a day and the price that holds from then on.
    pub(super) fn new(
        base: Amount,
        rules: &'a [PriceAdjustment],
        start: Date,
        after_extension: Option<(Date, Amount)>,
    ) -> Self {
        let rules = rules.iter().map(|rule| (rule, Some(calendar::add(start, rule.first_after)), 0)).collect();
        Self { price: base, start, rules, after_extension }
    }

    /// The price of a period that begins on `day`. Changes happen in the order of their days; on one day the price after
    /// the first term comes last, because it is the price that was agreed for that time.
    pub(super) fn at(&mut self, day: Date) -> Amount {
        loop {
            let due = self.rules.iter_mut().filter(|(_, next, _)| next.is_some_and(|next| next <= day));
            let rule = due.min_by_key(|(_, next, _)| *next);
            let extension = self.after_extension.filter(|(from, _)| *from <= day);
            match (rule, extension) {
                (Some((_, Some(next), _)), Some((from, price))) if from < *next => {
                    self.price = price;
                    self.after_extension = None;
                }
                (Some((rule, next, times)), _) => {
                    self.price = rule.applied_to(self.price);
                    *times += 1;
                    *next = next_day(rule, self.start, *times).filter(|following| Some(*following) > *next);
                }
                (None, Some((_, price))) => {
                    self.price = price;
                    self.after_extension = None;
                }
                (None, None) => return self.price,
            }
        }
    }
}

fn next_day(rule: &PriceAdjustment, start: Date, times: i64) -> Option<Date> {
    let every = rule.every.filter(|every| every.is_positive())?;
    Some(Offset::of(rule.first_after).plus(Offset::of(every).times(times)).from(start))
}

/// The price for somebody of that age, or nothing when no range fits (AGE-1). The age on `day`, the first of the paid
/// period, counts (AGE-2).
pub(super) fn by_age(payment: &PaymentFrequency, price: Amount, birthday: &Birthday, day: Date) -> Option<Amount> {
    let age = calendar::age_on(birthday.on(day)?, day);
    payment.age_adjustments().iter().find(|adjustment| adjustment.covers(age)).map(|found| found.applied_to(price))
}

/// The price that a member of this age starts with, or nothing when no range fits (`ageAdjustedPrice`).
#[must_use]
pub fn age_adjusted_price(conditions: &ContractConditions) -> Option<Amount> {
    let payment = &conditions.terms.payment;
    by_age(payment, payment.base_price(), &conditions.birthday, conditions.start)
}

/// The price of the period that contains `day` (PAY-11, `currentPrice`): after adjustments over time, before age. Before
/// the first period it is the price the contract starts with.
#[must_use]
pub fn price_on(conditions: &ContractConditions, day: Date) -> Amount {
    let fees = fees::contract_fees(conditions, day);
    let current = fees.iter().rfind(|fee| !fee.is_bonus && fee.period_start() <= day);
    current.map_or_else(|| conditions.terms.payment.base_price(), |fee| fee.price)
}
