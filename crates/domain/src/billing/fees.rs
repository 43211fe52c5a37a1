//! The fees of one payment frequency over time: all five kinds (PAY-1), for contracts and for flat fees.

use jiff::civil::Date;

use super::Birthday;
use super::bonus::{BonusRange, bonus_ranges};
use super::conditions::ContractConditions;
use super::periods::{Layout, Share};
use super::prices::{PriceTrack, by_age};
use crate::calendar::{self, Offset};
use crate::membership::{MonthDayPrice, PaidPeriods, PaymentFrequency, PriceAdjustment, TermPrice};
use crate::money::Amount;
use crate::term::Term;

/// One fee before it gets a name and a due date.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Fee {
    /// The day it belongs to.
    pub(super) day: Date,
    /// The days it pays for, if it pays for days.
    pub(super) period: Option<(Date, Date)>,
    /// The price of the whole period before age.
    pub(super) price: Amount,
    /// What it costs.
    pub(super) amount: Amount,
    pub(super) is_bonus: bool,
}

impl Fee {
    pub(super) fn period_start(&self) -> Date {
        self.period.map_or(self.day, |(from, _)| from)
    }
}

/// A stretch of time with one payment frequency.
pub(super) struct Phase<'a> {
    pub(super) payment: &'a PaymentFrequency,
    pub(super) anchor: Date,
    pub(super) end: Option<Date>,
    pub(super) until: Date,
    pub(super) paid_periods: PaidPeriods,
    pub(super) bonuses: &'a [BonusRange],
    pub(super) rules: &'a [PriceAdjustment],
    /// The day of the first extension and the price from then on (CON-10).
    pub(super) after_extension: Option<(Date, Amount)>,
    pub(super) birthday: &'a Birthday,
    /// The terms for which a price that is paid once is due again (PAY-9), as days from..to.
    pub(super) terms: Vec<(Date, Date)>,
}

impl Phase<'_> {
    pub(super) fn fees(&self) -> Vec<Fee> {
        match self.payment {
            PaymentFrequency::Free {} => Vec::new(),
            PaymentFrequency::NonRecurring { price, .. } => self.once(*price),
            PaymentFrequency::Recurring { price, every, .. } => self.again_and_again(*price, *every),
            PaymentFrequency::MonthDay { prices, recurring, .. } => self.on_days(prices, *recurring),
            PaymentFrequency::TermBased { prices, recurring, .. } => self.after_terms(prices, *recurring),
        }
    }

    fn last_beginning(&self) -> Date {
        self.end.map_or(self.until, |end| end.min(self.until))
    }

    fn track(&self, base: Amount, after_extension: Option<(Date, Amount)>) -> PriceTrack<'_> {
        PriceTrack::new(base, self.rules, self.anchor, after_extension)
    }

    /// PAY-12: the price of the period, then the age, then the share that is paid.
    fn fee(&self, day: Date, period: Option<(Date, Date)>, price: Amount, share: Share) -> Fee {
        let aged = by_age(self.payment, price, self.birthday, day).unwrap_or(price);
        let is_bonus = share == Share::Bonus;
        Fee { day, period, price, amount: share.of(aged).at_least_zero(), is_bonus }
    }

    /// PAY-9: in full for every term, less what an end inside the term leaves unused (PAY-6).
    fn once(&self, price: Amount) -> Vec<Fee> {
        let mut track = self.track(price, self.after_extension);
        let begun = self.terms.iter().filter(|(from, _)| *from <= self.last_beginning());
        begun
            .map(|&(from, to)| {
                let last = self.end.map_or(to, |end| end.min(to));
                let unused = calendar::days_in(calendar::day_after(last), to);
                let share = match unused {
                    0 => Share::Full,
                    _ => Share::AllBut { unused, days: calendar::days_in(from, to) },
                };
                self.fee(from, Some((from, last)), track.at(from), share)
            })
            .collect()
    }

    fn again_and_again(&self, price: Amount, every: Term) -> Vec<Fee> {
        let layout = Layout {
            anchor: self.anchor,
            end: self.end,
            until: self.until,
            every,
            paid_periods: self.paid_periods,
            bonuses: self.bonuses,
        };
        let mut parts = layout.parts();
        parts.sort_by_key(|part| part.from);
        let mut track = self.track(price, self.after_extension);
        parts
            .iter()
            .map(|part| self.fee(part.from, Some((part.from, part.to)), track.at(part.from), part.share))
            .collect()
    }

    /// PAY-7. Ordered by day, the days of a year following each other.
    fn on_days(&self, prices: &[MonthDayPrice], recurring: bool) -> Vec<Fee> {
        let mut entries: Vec<_> =
            prices.iter().map(|entry| (entry.day, self.track(entry.price, None), false)).collect();
        entries.sort_by_key(|(day, _, _)| *day);
        let days: Vec<_> = entries.iter().map(|(day, _, _)| *day).collect();
        let last = self.last_beginning();
        let mut fees = Vec::new();
        for year in self.anchor.year()..=last.year() {
            for (index, (day, track, charged)) in entries.iter_mut().enumerate() {
                let Some(due) = day.in_year(year).filter(|due| (self.anchor..=last).contains(due)) else {
                    continue;
                };
                if *charged && !recurring {
                    continue;
                }
                *charged = true;
                let following = match days.get(index + 1) {
                    Some(next) => next.in_year(year),
                    None => days.first().and_then(|first| first.in_year(year.saturating_add(1))),
                };
                let to = following.map_or(Date::MAX, calendar::day_before).max(due);
                let to = self.end.map_or(to, |end| end.min(to));
                fees.push(self.fee(due, Some((due, to)), track.at(due), Share::Full));
            }
        }
        fees
    }

    /// PAY-8. A price is for the time that has passed, so it names no days of its own.
    fn after_terms(&self, prices: &[TermPrice], recurring: bool) -> Vec<Fee> {
        let cycle = prices.iter().map(|entry| Offset::of(entry.after)).max_by_key(|length| length.from(self.anchor));
        let mut entries: Vec<_> =
            prices.iter().map(|entry| (Offset::of(entry.after), self.track(entry.price, None))).collect();
        let mut fees = Vec::new();
        let mut base = Offset::ZERO;
        while base.from(self.anchor) <= self.last_beginning() {
            for (after, track) in &mut entries {
                let due = base.plus(*after).from(self.anchor);
                if due <= self.last_beginning() {
                    fees.push(self.fee(due, None, track.at(due), Share::Full));
                }
            }
            match cycle.filter(|cycle| recurring && cycle.is_forward()) {
                Some(cycle) if base.plus(cycle).from(self.anchor) > base.from(self.anchor) => base = base.plus(cycle),
                _ => break,
            }
        }
        fees.sort_by_key(|fee| fee.day);
        fees
    }
}

/// Nobody pays for longer; it keeps a mistyped day from costing hours of computing.
pub(super) const LONGEST_PROJECTION: Term = Term::years(150);

/// The fees of the contract itself and its bonus periods, up to those that begin on `until`.
pub(super) fn contract_fees(conditions: &ContractConditions, until: Date) -> Vec<Fee> {
    let terms = &conditions.terms;
    let until = until.min(calendar::add(conditions.start, LONGEST_PROJECTION));
    let final_end = conditions.final_end();
    let bonuses = bonus_ranges(conditions);
    let change = conditions.rate_change().filter(|change| final_end.is_none_or(|end| end >= *change));
    let (in_first, in_next): (Vec<_>, Vec<_>) =
        bonuses.into_iter().partition(|bonus| change.is_none_or(|change| bonus.from < change));
    let first_extension = calendar::day_after(conditions.first_end());
    let after_extension = terms.price_after_extension.map(|price| (first_extension, price));
    let first = Phase {
        payment: &terms.payment,
        anchor: conditions.start,
        end: change.map(calendar::day_before).or(final_end),
        until,
        paid_periods: terms.paid_periods,
        bonuses: &in_first,
        rules: &terms.price_adjustments,
        after_extension,
        birthday: &conditions.birthday,
        terms: contract_terms(
            conditions,
            &terms.payment,
            0,
            if change.is_some() { conditions.first_end() } else { until },
        ),
    };
    let mut fees = first.fees();
    if let (Some(change), Some(rate)) = (change, &terms.extension.subsequent_rate) {
        // CON-5: the following rate has a price of its own, so the rules of the first one do not reach into it.
        let next = Phase {
            payment: &rate.payment,
            anchor: change,
            end: final_end,
            bonuses: &in_next,
            rules: &[],
            terms: contract_terms(conditions, &rate.payment, 1, until),
            ..first
        };
        fees.extend(next.fees());
    }
    fees
}

/// The first term (number 0) and the extensions, from number `first` to the last that begins on `until`. Only a price
/// that is paid once asks for them (PAY-9).
fn contract_terms(
    conditions: &ContractConditions,
    payment: &PaymentFrequency,
    first: u32,
    until: Date,
) -> Vec<(Date, Date)> {
    let mut terms = Vec::new();
    if !matches!(payment, PaymentFrequency::NonRecurring { .. }) {
        return terms;
    }
    let mut number = first;
    loop {
        let from = match number {
            0 => conditions.start,
            _ => calendar::day_after(conditions.end_after(number - 1)),
        };
        let to = conditions.end_after(number);
        let goes_on = number == 0 || conditions.terms.goes_on();
        if from > until || to < from || !goes_on {
            return terms;
        }
        terms.push((from, to));
        number = number.saturating_add(1);
    }
}
