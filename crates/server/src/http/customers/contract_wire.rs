//! Contracts from the domain's words to the wire's (CUST-21). Every derived day and price comes from `domain`.

use std::borrow::Cow;

use gymkeeper_contract::{
    common::{Currency, Decimal, LocalDate, Money},
    customers::{
        Contract, ContractMonthDayToPrice, ContractPaymentFrequency, ContractStatus, ContractTermToPrice, PriceDetails,
        SubContract, TimePeriod,
    },
    memberships::PaymentFrequencyType,
};
use gymkeeper_domain::{
    billing,
    membership::{ExtensionType, PaymentFrequency},
    money::Amount,
    term::Term,
};
use gymkeeper_store::customer::contract::kind;

use crate::{
    actions::customer::contract::Standing,
    http::{
        answer::{Answer, JsonList},
        caller::Caller,
        failure::Failure,
        links::{Lifetime, Links},
        memberships::{month_day, rate_codes, term},
    },
};

/// How contracts are shown to one caller.
pub(super) struct View<'a> {
    links: &'a Links,
    caller: &'a Caller,
    currency: Currency,
}

impl<'a> View<'a> {
    pub(super) fn new(links: &'a Links, caller: &'a Caller) -> Result<Self, Failure> {
        let code = caller.currency();
        let unknown = || Failure::Internal(format!("{code:?} is no currency"));
        Ok(Self { links, caller, currency: Currency::parse(code).ok_or_else(unknown)? })
    }

    /// The main contracts among these, with what hangs on them; those of the status only, where one is named (CUST-16).
    pub(super) fn list(
        &self,
        contracts: &[Standing],
        status: Option<ContractStatus>,
    ) -> Result<Answer<Vec<Contract<'static>>>, Failure> {
        let mut list = JsonList::default();
        for main in contracts.iter().filter(|contract| contract.row.kind == kind::MAIN) {
            if status.is_none_or(|status| status == self.status(main)) {
                list.push(&self.contract(main, contracts))?;
            }
        }
        Ok(list.finish())
    }

    /// The main contract of that id, if it is among these.
    pub(super) fn one(&self, contracts: &[Standing], id: i64) -> Result<Option<Answer<Contract<'static>>>, Failure> {
        let main = contracts.iter().find(|contract| contract.row.id == id && contract.row.kind == kind::MAIN);
        main.map(|main| Answer::json(&self.contract(main, contracts))).transpose()
    }

    fn contract<'c>(&'c self, main: &'c Standing, all: &'c [Standing]) -> Contract<'c> {
        let (row, today) = (&main.row, self.caller.today());
        let state = main.state_on(today);
        let canceled = main.is_canceled();
        let below = |wanted: &'static str| {
            let hangs = move |one: &&Standing| one.row.parent_id == Some(row.id) && one.row.kind == wanted;
            Some(all.iter().filter(hangs).map(|one| self.sub_contract(one)).collect())
        };
        let terms = &main.agreement.term;
        Contract {
            id: row.id,
            created_date: LocalDate(row.signed_on),
            start_date: LocalDate(row.start_date),
            end_date: LocalDate(state.end),
            rate_name: &row.rate_name,
            contract_status: self.status(main),
            cancellation_period: state.cancelation_period.map(period),
            cancelled: canceled,
            cancellation_date: canceled.then_some(LocalDate(state.end)),
            cancellation_receipt_date: row.canceled_on.map(LocalDate),
            cancellation_reason: row.cancelation_reason.as_deref().filter(|_| canceled),
            price: decimal(terms.payment.base_price()),
            price_details: self.price_details(main),
            last_possible_cancellation_date: LocalDate(state.last_possible_cancelation),
            term: period(main.conditions.first_term()),
            extension_term: extension(main).map(period),
            flat_fee_contracts: below(kind::FLAT_FEE),
            module_contracts: below(kind::MODULE),
            signed_document_url: row.document_file_id.map(|file| {
                let link = self.links.link(self.caller.tenant(), file, Lifetime::Person, self.caller.system_now);
                Cow::from(link)
            }),
            third_party_id: row.third_party_id.as_deref(),
            rate_codes: Some(rate_codes(&main.agreement.rate_codes)),
        }
    }

    fn sub_contract<'c>(&'c self, one: &'c Standing) -> SubContract<'c> {
        let (row, canceled) = (&one.row, one.is_canceled());
        let end = one.state_on(self.caller.today()).end;
        SubContract {
            id: row.id,
            rate_name: &row.rate_name,
            start_date: LocalDate(row.start_date),
            end_date: Some(LocalDate(end)),
            payment_frequency: kind_of(&one.agreement.term.payment),
            price: decimal(one.agreement.term.payment.base_price()),
            price_details: self.price_details(one),
            cancelled: canceled,
            cancellation_date: canceled.then_some(LocalDate(end)),
            cancellation_receipt_date: row.canceled_on.map(LocalDate),
            contract_status: self.status(one),
        }
    }

    fn status(&self, contract: &Standing) -> ContractStatus {
        // CON-2
        if contract.is_active(self.caller.today()) { ContractStatus::Active } else { ContractStatus::Inactive }
    }

    fn price_details(&self, contract: &Standing) -> PriceDetails {
        let payment = &contract.agreement.term.payment;
        PriceDetails {
            base_price: self.money(payment.base_price()),
            current_price: self.money(billing::price_on(&contract.conditions, self.caller.today())),
            payment_frequency: self.frequency(payment),
        }
    }

    fn frequency(&self, payment: &PaymentFrequency) -> ContractPaymentFrequency {
        let plain = ContractPaymentFrequency {
            id: None,
            kind: kind_of(payment),
            term: None,
            price: None,
            month_days_to_prices: None,
            terms_to_prices: None,
        };
        match payment {
            PaymentFrequency::Free {} => plain,
            PaymentFrequency::NonRecurring { price, .. } => {
                ContractPaymentFrequency { price: Some(self.money(*price)), ..plain }
            }
            PaymentFrequency::Recurring { price, every, .. } => {
                ContractPaymentFrequency { term: Some(term(*every)), price: Some(self.money(*price)), ..plain }
            }
            PaymentFrequency::MonthDay { prices, .. } => {
                let entry = |entry: &gymkeeper_domain::membership::MonthDayPrice| ContractMonthDayToPrice {
                    month_day: month_day(entry.day),
                    price: self.money(entry.price),
                };
                ContractPaymentFrequency { month_days_to_prices: Some(prices.iter().map(entry).collect()), ..plain }
            }
            PaymentFrequency::TermBased { prices, .. } => {
                let entry = |entry: &gymkeeper_domain::membership::TermPrice| ContractTermToPrice {
                    term: term(entry.after),
                    price: self.money(entry.price),
                };
                ContractPaymentFrequency { terms_to_prices: Some(prices.iter().map(entry).collect()), ..plain }
            }
        }
    }

    fn money(&self, amount: Amount) -> Money {
        Money { amount: decimal(amount), currency: self.currency }
    }
}

fn decimal(amount: Amount) -> Decimal {
    Decimal::from_hundredths(amount.minor())
}

/// CUST-21: the term of the next extension, that of an indefinite contract too; none for one that ends.
fn extension(contract: &Standing) -> Option<Term> {
    let terms = &contract.agreement.term;
    let ends = terms.term.is_some() && terms.extension.kind == ExtensionType::None;
    (!ends).then(|| contract.conditions.extension_term())
}

fn period(length: Term) -> TimePeriod {
    term(length).into()
}

fn kind_of(payment: &PaymentFrequency) -> PaymentFrequencyType {
    match payment {
        PaymentFrequency::Free {} => PaymentFrequencyType::Free,
        PaymentFrequency::NonRecurring { .. } => PaymentFrequencyType::NonRecurring,
        PaymentFrequency::Recurring { .. } => PaymentFrequencyType::Recurring,
        PaymentFrequency::MonthDay { .. } => PaymentFrequencyType::MonthDay,
        PaymentFrequency::TermBased { .. } => PaymentFrequencyType::TermBased,
    }
}
