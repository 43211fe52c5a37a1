//! Properties that hold for every contract, tried on generated ones. The generator is seeded with a fixed number: a failure
//! is found again by running the test again.

use jiff::civil::{Date, date};

use super::cancelation::{available_dates, is_available};
use super::*;
use crate::calendar;
use crate::membership::*;
use crate::money::{Amount, Percent};
use crate::term::{Term, TermUnit};

/// A small generator (xorshift), enough to mix cases.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: i64) -> i64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as i64 % limit
    }

    fn pick<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len() as i64) as usize].clone()
    }

    fn chance(&mut self) -> bool {
        self.below(2) == 0
    }

    fn term(&mut self) -> Term {
        let unit = self.pick(&[TermUnit::Day, TermUnit::Week, TermUnit::Month, TermUnit::Month, TermUnit::Year]);
        Term::new(1 + self.below(if unit == TermUnit::Year { 2 } else { 14 }) as i32, unit)
    }

    fn maybe_term(&mut self) -> Option<Term> {
        self.chance().then(|| self.term())
    }

    fn amount(&mut self) -> Amount {
        Amount::from_minor(self.below(20_000))
    }

    fn day(&mut self) -> Date {
        calendar::add_days(date(2024, 1, 1), self.below(1200))
    }

    fn payment(&mut self) -> PaymentFrequency {
        let age_adjustments = if self.chance() {
            vec![AgeAdjustment::Percentage { from_age: 0, to_age: 20, value: Percent::from_units(125_000) }]
        } else {
            Vec::new()
        };
        let recurring = self.chance();
        match self.below(6) {
            0 => PaymentFrequency::Free {},
            1 => PaymentFrequency::NonRecurring { price: self.amount(), age_adjustments },
            2 => PaymentFrequency::MonthDay {
                prices: ["02-29", "06-30", "10-01"]
                    .map(|day| MonthDayPrice { day: day.parse().unwrap(), price: self.amount() })
                    .into(),
                recurring,
                age_adjustments,
            },
            3 => PaymentFrequency::TermBased {
                prices: [Term::days(0), self.term()].map(|after| TermPrice { after, price: self.amount() }).into(),
                recurring,
                age_adjustments,
            },
            _ => PaymentFrequency::Recurring { price: self.amount(), every: self.term(), age_adjustments },
        }
    }

    fn terms(&mut self) -> OfferTerm {
        let mut terms = OfferTerm::new(self.maybe_term(), self.payment());
        terms.paid_periods = self.pick(&[PaidPeriods::ReferenceDate, PaidPeriods::NormalizationOnCalendarUnit]);
        terms.extension.kind =
            self.pick(&[ExtensionType::None, ExtensionType::TermExtension, ExtensionType::SubsequentRateDetail]);
        terms.extension.term = self.maybe_term();
        if terms.extension.kind == ExtensionType::SubsequentRateDetail {
            terms.extension.subsequent_rate = Some(SubsequentRate { name: "Next".to_owned(), payment: self.payment() });
        }
        terms.cancelation_strategy = self.pick(&[CancelationStrategy::Term, CancelationStrategy::ReceiptDate]);
        terms.cancelation_period = self.maybe_term();
        terms.price_after_extension = self.chance().then(|| self.amount());
        for _ in 0..self.below(3) {
            terms.bonus_periods.push(BonusPeriod {
                term: self.term(),
                strategy: self.pick(&[
                    BonusStrategy::ContractStart,
                    BonusStrategy::Fixed,
                    BonusStrategy::EndOfCurrentTerm,
                    BonusStrategy::StartOfNextTerm,
                ]),
                date: Some(self.day()),
                runtime: self.pick(&[BonusRuntime::WithExtension, BonusRuntime::WithoutExtension]),
                extends_cancelation_period: self.chance(),
                display_separately: false,
            });
            let kind = self.pick(&[
                PriceAdjustmentType::Raise,
                PriceAdjustmentType::Reduction,
                PriceAdjustmentType::NewBasicAmount,
            ]);
            let by = if self.chance() { "5%" } else { "2.50" }.parse().unwrap();
            terms.price_adjustments.push(PriceAdjustment {
                kind,
                by,
                first_after: self.term(),
                every: self.maybe_term(),
            });
        }
        if self.chance() {
            terms.flat_fees.push(FlatFee {
                name: "Fee".to_owned(),
                identifier: None,
                payment: self.payment(),
                first_booking_delay: self.maybe_term(),
                starter_package: self.chance(),
                mandatory: true,
            });
        }
        terms
    }

    fn contract(&mut self) -> ContractConditions {
        let start = self.day();
        let signed_on = calendar::add_days(start, self.below(60) - 40);
        ContractConditions::new("Basic", self.terms(), start, signed_on)
            .born(self.chance().then(|| date(2007, 3, 31)))
            .used_from(PreUse::Chargeable, self.chance().then(|| calendar::add_days(start, -self.below(20))))
    }
}

#[test]
fn pay_13_what_is_charged_up_to_a_day_never_changes_later() {
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    for _ in 0..400 {
        let contract = dice.contract();
        let early = calendar::add_days(contract.start, dice.below(500));
        let late = calendar::add_days(early, dice.below(500));
        let (until_early, until_late) = (charges(&contract, early), charges(&contract, late));
        let expected: Vec<_> = until_late.into_iter().filter(|charge| charge.due <= early).collect();
        assert_eq!(until_early, expected, "{contract:#?} {early} {late}");
    }
}

#[test]
fn pay_2_and_pay_12_no_charge_before_signing_or_below_zero() {
    let mut dice = Dice(7);
    for _ in 0..400 {
        let contract = dice.contract();
        let until = calendar::add_days(contract.start, 900);
        for charge in charges(&contract, until) {
            assert!(charge.due >= contract.signed_on && charge.due <= until, "{charge:?}");
            assert!(!charge.amount.is_negative(), "{charge:?}");
            let ends = contract.final_end().unwrap_or(Date::MAX);
            // Flat fees are not cut by the end.
            if let (Some((from, to)), ChargeSource::Contract | ChargeSource::Bonus) = (charge.period, charge.source) {
                assert!(from <= to && from >= contract.start && to <= ends, "{charge:?} {contract:#?}");
            }
        }
    }
}

#[test]
fn pay_3_periods_and_bonuses_follow_each_other_without_gap_or_overlap() {
    let mut dice = Dice(99);
    let mut checked = 0;
    for _ in 0..800 {
        let mut contract = dice.contract();
        let every = dice.term();
        contract.terms.payment = PaymentFrequency::recurring(dice.amount(), every);
        contract.terms.extension.kind = ExtensionType::TermExtension;
        // Free days inside a paid period are told in addition to it; everything else is told once.
        contract.terms.bonus_periods.retain(|bonus| bonus.runtime == BonusRuntime::WithExtension);
        contract.terms.bonus_periods.truncate(1);
        let found = charges(&contract, calendar::add_days(contract.start, 700));
        let of_contract =
            found.iter().filter(|charge| matches!(charge.source, ChargeSource::Contract | ChargeSource::Bonus));
        let mut periods: Vec<_> = of_contract.filter_map(|charge| charge.period).collect();
        periods.sort();
        assert_eq!(periods[0].0, contract.start);
        for pair in periods.windows(2) {
            assert_eq!(calendar::day_after(pair[0].1), pair[1].0, "{contract:#?}");
            checked += 1;
        }
    }
    assert!(checked > 1000);
}

#[test]
fn pay_4_the_parts_of_calendar_billing_sum_to_the_whole() {
    for start in (0..365).map(|days| calendar::add_days(date(2026, 1, 1), days)) {
        // The first and the last part lie in months of equal length, so nothing is lost but a rounded cent.
        for (price, every, total) in [(3000, 1, 36_000), (9000, 3, 36_000), (36_000, 12, 36_000)] {
            let mut terms = OfferTerm::new(
                Some(Term::months(12)),
                PaymentFrequency::recurring(Amount::from_minor(price), Term::months(every)),
            );
            terms.paid_periods = PaidPeriods::NormalizationOnCalendarUnit;
            let contract = ContractConditions::new("Basic", terms, start, start);
            let sum: Amount = initial_charges(&contract).iter().map(|charge| charge.amount).sum();
            assert!((sum.minor() - total).abs() <= 1, "{start} {every} {sum}");
        }
    }
}

#[test]
fn con_3_and_can_2_a_deadline_is_never_after_the_end_nor_in_the_past() {
    let mut dice = Dice(4242);
    for _ in 0..600 {
        let contract = dice.contract();
        let today = calendar::add_days(contract.start, dice.below(3000));
        let state = contract.state_on(today);
        assert!(state.last_possible_cancelation <= state.end, "{contract:#?}");
        if contract.terms.goes_on() {
            assert!(state.last_possible_cancelation >= today, "{today} {state:?} {contract:#?}");
            // Counted one by one, as the nightly job does it.
            let by_hand = (0..).find(|number| today <= contract.deadline_after(*number)).unwrap();
            assert_eq!(state.extensions, by_hand);
        }
        for offered in available_dates(&contract, today) {
            assert!(is_available(&contract, today, offered));
            assert!(offered >= today.min(contract.first_end()));
        }
    }
}

#[test]
fn nothing_panics_on_extreme_conditions() {
    let days = [Date::MIN, date(2024, 2, 29), Date::MAX];
    let mut dice = Dice(31);
    for round in 0..150 {
        let mut contract = dice.contract();
        let extreme = |dice: &mut Dice| {
            let value = dice.pick(&[i32::MIN, -1, 0, 1, i32::MAX]);
            Term::new(value, dice.pick(&[TermUnit::Day, TermUnit::Week, TermUnit::Month, TermUnit::Year]))
        };
        contract.start = dice.pick(&days);
        contract.signed_on = dice.pick(&days);
        contract.start_of_use = Some(dice.pick(&days));
        contract.birthday = Some(dice.pick(&days)).into();
        contract.ends_on = if dice.chance() { Some(dice.pick(&days)) } else { None };
        contract.terms.term = Some(extreme(&mut dice));
        contract.terms.extension.term = Some(extreme(&mut dice));
        contract.terms.cancelation_period = Some(extreme(&mut dice));
        if round % 2 == 0 {
            let price = Amount::from_minor(dice.pick(&[i64::MIN, -1, i64::MAX]));
            contract.terms.payment = PaymentFrequency::recurring(price, extreme(&mut dice));
        }
        for bonus in &mut contract.terms.bonus_periods {
            (bonus.term, bonus.date) = (extreme(&mut dice), Some(dice.pick(&days)));
        }
        for rule in &mut contract.terms.price_adjustments {
            (rule.first_after, rule.every) = (extreme(&mut dice), Some(extreme(&mut dice)));
        }
        let today = dice.pick(&days);
        let _ = charges(&contract, calendar::add(contract.start, Term::years(3)));
        let _ = contract_volume(&contract);
        let _ = price_on(&contract, calendar::add(contract.start, Term::years(2)));
        let _ = available_dates(&contract, today);
        let _ = contract.terms.problems("DE");
        let _ = charges(&contract, today).iter().map(|charge| credit_for_unused_days(charge, today)).sum::<Amount>();
    }
}
