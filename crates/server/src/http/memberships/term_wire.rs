//! Terms, payment frequencies and prices from the domain's words to the wire's. Every derived price comes from `domain`.

use gymkeeper_contract::{
    common::{Decimal, LocalDate},
    memberships::{
        AgeBasedAdjustmentType, AgeRange, BonusPeriodTermStrategy, CancelationStrategy, ChargeAdjustmentType,
        ContractVolume, ExtensionType, MembershipOfferFlatFee, MembershipOfferModuleAgeBasedAdjustment,
        MembershipOfferMonthDayToPrice, MembershipOfferPaymentFrequency, MembershipOfferRateBonusPeriod,
        MembershipOfferSubsequentRate, MembershipOfferTerm, MembershipOfferTermAdjustmentRule,
        MembershipOfferTermExtended, MembershipOfferTermToPrice, Month, MonthDay, PaymentFrequencyType,
        PriceAdjustmentType, RuntimeExtensionType,
    },
};
use gymkeeper_domain::{
    billing::{self, ContractConditions},
    membership::{
        self as rules, AdjustmentBasis, AgeAdjustment, BonusPeriod, BonusRuntime, BonusStrategy, FlatFee, Offer,
        OfferTerm, PaymentFrequency, PriceAdjustment,
    },
    term::Term as DomainTerm,
};
use gymkeeper_store::membership::Defined;

use super::offer_wire::{Wire, term};

impl<'a> Wire<'a> {
    pub(super) fn term(&self, offer: &'a Offer, defined: &'a Defined<OfferTerm>) -> MembershipOfferTerm<'a> {
        let Defined { id, definition: conditions, .. } = defined;
        MembershipOfferTerm {
            id: *id,
            term: conditions.term.map(term),
            contract_volume_information: Some(self.volume(offer, conditions)),
            payment_frequency: self.payment_frequency(Some(*id), &conditions.payment),
            extension_term: extension_term(conditions).map(term),
        }
    }

    pub(super) fn term_extended(
        &self,
        offer: &'a Offer,
        defined: &'a Defined<OfferTerm>,
    ) -> MembershipOfferTermExtended<'a> {
        let Defined { id, definition: conditions, .. } = defined;
        let today = self.caller.today();
        let extension = &conditions.extension;
        MembershipOfferTermExtended {
            id: *id,
            term: conditions.term.map(term),
            contract_volume_information: Some(self.volume(offer, conditions)),
            payment_frequency: self.payment_frequency(Some(*id), &conditions.payment),
            extension_term: extension_term(conditions).map(term),
            default_contract_start_date: Some(LocalDate(offer.default_start_date(today))),
            default_contract_start_date_of_use: Some(LocalDate(offer.default_start_of_use(today))),
            price_adjustment_rules: Some(
                conditions.price_adjustments.iter().map(|rule| self.adjustment_rule(rule)).collect(),
            ),
            flat_fees: conditions.flat_fees.iter().map(|fee| self.flat_fee(fee)).collect(),
            // OFF-9: the fixed length of an extension, where it has one.
            extension_fixed_term: extension_term(conditions).map(term),
            extension_type: extension_type(extension.kind),
            subsequent_rate: extension.subsequent_rate.as_ref().map(|rate| MembershipOfferSubsequentRate {
                name: &rate.name,
                payment_frequency: self.payment_frequency(None, &rate.payment),
            }),
            cancelation_strategy: match conditions.cancelation_strategy {
                rules::CancelationStrategy::Term => CancelationStrategy::Term,
                rules::CancelationStrategy::ReceiptDate => CancelationStrategy::ReceiptDate,
            },
            cancelation_period: conditions.cancelation_period.map(term),
            extension_cancelation_period: extension.cancelation_period.map(term),
            rate_bonus_periods: Some(conditions.bonus_periods.iter().map(bonus_period).collect()),
            rate_start_price: Some(self.money(conditions.rate_start_price())),
            optional_modules: Some(
                self.modules_of(&conditions.optional_modules).map(|module| self.module(module)).collect(),
            ),
            term_after_extension: conditions.term_after_extension.map(term),
            price_after_extension: conditions.price_after_extension.map(|price| self.money(price)),
        }
    }

    /// VOL-1 to VOL-4, for a contract that is signed today and starts on the offer's default day.
    fn volume(&self, offer: &Offer, conditions: &OfferTerm) -> ContractVolume {
        let today = self.caller.today();
        let contract =
            ContractConditions::new(offer.name.as_str(), conditions.clone(), offer.default_start_date(today), today);
        let volume = billing::contract_volume(&contract);
        ContractVolume {
            total_contract_volume: Some(self.money(volume.total)),
            average_payment_volume_per_month: Some(self.money(volume.per_month)),
            average_payment_volume_per_payment_frequency_term: Some(self.money(volume.per_frequency_term)),
        }
    }

    pub(super) fn payment_frequency(
        &self,
        id: Option<i64>,
        payment: &PaymentFrequency,
    ) -> MembershipOfferPaymentFrequency<'a> {
        let formatted = rules::formatted_payment_frequency(payment, self.wording);
        let ages: Vec<_> = payment.age_adjustments().iter().map(age_adjustment).collect();
        let plain = MembershipOfferPaymentFrequency {
            id,
            kind: PaymentFrequencyType::Free,
            term: None,
            price: None,
            month_days_to_prices: None,
            terms_to_prices: None,
            recurring: None,
            age_based_adjustments: Some(ages),
            formatted_payment_frequency: formatted.into(),
        };
        match payment {
            PaymentFrequency::Free {} => plain,
            PaymentFrequency::NonRecurring { price, .. } => MembershipOfferPaymentFrequency {
                kind: PaymentFrequencyType::NonRecurring,
                price: Some(self.money(*price)),
                ..plain
            },
            PaymentFrequency::Recurring { price, every, .. } => MembershipOfferPaymentFrequency {
                kind: PaymentFrequencyType::Recurring,
                term: Some(term(*every)),
                price: Some(self.money(*price)),
                ..plain
            },
            PaymentFrequency::MonthDay { prices, recurring, .. } => MembershipOfferPaymentFrequency {
                kind: PaymentFrequencyType::MonthDay,
                month_days_to_prices: Some(
                    prices
                        .iter()
                        .map(|entry| MembershipOfferMonthDayToPrice {
                            month_day: month_day(entry.day),
                            price: self.money(entry.price),
                        })
                        .collect(),
                ),
                recurring: Some(*recurring),
                ..plain
            },
            PaymentFrequency::TermBased { prices, recurring, .. } => MembershipOfferPaymentFrequency {
                kind: PaymentFrequencyType::TermBased,
                terms_to_prices: Some(
                    prices
                        .iter()
                        .map(|entry| MembershipOfferTermToPrice {
                            term: term(entry.after),
                            price: self.money(entry.price),
                        })
                        .collect(),
                ),
                recurring: Some(*recurring),
                ..plain
            },
        }
    }

    fn flat_fee(&self, fee: &'a FlatFee) -> MembershipOfferFlatFee<'a> {
        MembershipOfferFlatFee {
            name: &fee.name,
            identifier: fee.identifier.as_deref(),
            formatted_payment_frequency: rules::formatted_payment_frequency(&fee.payment, self.wording).into(),
            first_booking_delay: fee.first_booking_delay.map(term),
            payment_frequency: Some(self.payment_frequency(None, &fee.payment)),
            starter_package: Some(fee.starter_package),
        }
    }

    fn adjustment_rule(&self, rule: &PriceAdjustment) -> MembershipOfferTermAdjustmentRule<'a> {
        MembershipOfferTermAdjustmentRule {
            default_description: rules::price_adjustment_description(rule, self.domain_currency, self.wording).into(),
            value: rules::price_adjustment_value(rule).into(),
            recurrence_frequency: rules::price_adjustment_recurrence(rule, self.wording).into(),
            kind: match rule.kind {
                rules::PriceAdjustmentType::Raise => PriceAdjustmentType::Raise,
                rules::PriceAdjustmentType::Reduction => PriceAdjustmentType::Reduction,
                rules::PriceAdjustmentType::NewBasicAmount => PriceAdjustmentType::NewBasicAmount,
            },
            charge_adjustment_type: match rule.basis() {
                AdjustmentBasis::Relative => ChargeAdjustmentType::Relative,
                AdjustmentBasis::Absolute => ChargeAdjustmentType::Absolute,
                AdjustmentBasis::BasicAmount => ChargeAdjustmentType::BasicAmount,
            },
        }
    }
}

/// OFF-9: the length of each extension; none for contracts that end or go on indefinitely.
fn extension_term(conditions: &OfferTerm) -> Option<DomainTerm> {
    match conditions.extension.kind {
        rules::ExtensionType::None => None,
        _ => conditions.extension.term,
    }
}

pub(super) fn extension_type(kind: rules::ExtensionType) -> ExtensionType {
    match kind {
        rules::ExtensionType::None => ExtensionType::None,
        rules::ExtensionType::TermExtension => ExtensionType::TermExtension,
        rules::ExtensionType::SubsequentRateDetail => ExtensionType::SubsequentRateDetail,
    }
}

fn bonus_period(bonus: &BonusPeriod) -> MembershipOfferRateBonusPeriod {
    MembershipOfferRateBonusPeriod {
        term: term(bonus.term),
        term_strategy: match bonus.strategy {
            BonusStrategy::ContractStart => BonusPeriodTermStrategy::ContractStart,
            BonusStrategy::Fixed => BonusPeriodTermStrategy::Fixed,
            BonusStrategy::EndOfCurrentTerm => BonusPeriodTermStrategy::EndOfCurrentTerm,
            BonusStrategy::StartOfNextTerm => BonusPeriodTermStrategy::StartOfNextTerm,
        },
        display_separately: Some(bonus.display_separately),
        runtime_extension_type: match bonus.runtime {
            BonusRuntime::WithExtension => RuntimeExtensionType::WithExtension,
            BonusRuntime::WithoutExtension => RuntimeExtensionType::WithoutExtension,
        },
        extends_cancellation_period: Some(bonus.extends_cancelation_period),
    }
}

fn age_adjustment(adjustment: &AgeAdjustment) -> MembershipOfferModuleAgeBasedAdjustment {
    let (from, to) = adjustment.ages();
    let (value, kind) = match adjustment {
        AgeAdjustment::Absolute { value, .. } => (value.minor(), AgeBasedAdjustmentType::Absolute),
        // The wire has two decimals; a percentage may have four, of which the last two are rounded.
        AgeAdjustment::Percentage { value, .. } => ((value.units() + 50) / 100, AgeBasedAdjustmentType::Percentage),
    };
    MembershipOfferModuleAgeBasedAdjustment {
        age_range: AgeRange { start_age: i32::from(from), end_age: i32::from(to) },
        value: Decimal::from_hundredths(value),
        kind,
    }
}

pub(in crate::http) fn month_day(day: rules::MonthDay) -> MonthDay {
    const MONTHS: [Month; 12] = [
        Month::January,
        Month::February,
        Month::March,
        Month::April,
        Month::May,
        Month::June,
        Month::July,
        Month::August,
        Month::September,
        Month::October,
        Month::November,
        Month::December,
    ];
    let month = usize::try_from(day.month()).ok().and_then(|month| MONTHS.get(month.wrapping_sub(1)).copied());
    MonthDay { month, month_value: Some(i32::from(day.month())), day_of_month: Some(i32::from(day.day())) }
}
