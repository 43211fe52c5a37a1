//! Customers from the store's words to the wire's.

use std::{borrow::Cow, collections::HashMap};

use gymkeeper_contract::{
    common::{Gender, Language, LocalDate, Slice, ZonedDateTime},
    customers::{
        AccessMedium, AccessMediumType, AccessRestriction, AdditionalInformationFieldAssignment, BankAccount,
        Customer as Wire, CustomerIdlePeriod, CustomerStatus, SimpleContract,
    },
};
use gymkeeper_domain::customer::{
    card_number::CardFormat,
    days::Days,
    medium::{self as rule, MediumKind},
    status as rules,
};
use gymkeeper_store::{
    customer::{
        Customer,
        bank_account::Account,
        contract::IdlePeriod,
        extras::{self, Extras},
        medium::Medium,
        restriction::Restriction,
        status,
    },
    db::Tx,
};
use jiff::civil::Date;

use crate::http::{
    answer::{Answer, JsonList},
    caller::Caller,
    failure::Failure,
    links::{Lifetime, Links},
    paging::{JsonSlice, SliceRequest},
};

/// The last day of a pause without an end: the wire wants one.
const UNLIMITED: Date = jiff::civil::date(9999, 12, 31);

/// How much is shown of an IBAN: in lists, a program that leaks or is curious must not get all of them at once.
#[derive(Clone, Copy)]
enum ShownIban {
    Whole,
    Masked,
}

/// How customers are shown to one caller.
pub(in crate::http) struct View<'a> {
    links: &'a Links,
    caller: &'a Caller,
    format: CardFormat,
}

impl<'a> View<'a> {
    pub(in crate::http) fn new(links: &'a Links, caller: &'a Caller, format: CardFormat) -> Self {
        Self { links, caller, format }
    }

    /// One customer.
    pub(in crate::http) fn one(&self, tx: &mut Tx<'_>, customer: &Customer) -> Result<Answer<Wire<'static>>, Failure> {
        let extras = self.extras(tx, std::slice::from_ref(customer))?;
        let none = Extras::default();
        Answer::json(&self.customer(customer, extras.get(&customer.id).unwrap_or(&none), ShownIban::Whole))
    }

    /// A bare list.
    pub(in crate::http) fn list(
        &self,
        tx: &mut Tx<'_>,
        customers: &[Customer],
    ) -> Result<Answer<Vec<Wire<'static>>>, Failure> {
        let (extras, none) = (self.extras(tx, customers)?, Extras::default());
        let mut list = JsonList::default();
        for customer in customers {
            list.push(&self.customer(customer, extras.get(&customer.id).unwrap_or(&none), ShownIban::Masked))?;
        }
        Ok(list.finish())
    }

    /// A slice that is paged by id, from one row more than asked for.
    pub(in crate::http) fn slice(
        &self,
        tx: &mut Tx<'_>,
        customers: &[Customer],
        request: SliceRequest,
    ) -> Result<Answer<Slice<Wire<'static>>>, Failure> {
        let (extras, none) = (self.extras(tx, customers)?, Extras::default());
        let mut slice = JsonSlice::new(request);
        for customer in customers {
            let extras = extras.get(&customer.id).unwrap_or(&none);
            slice.push(customer.id, &self.customer(customer, extras, ShownIban::Masked))?;
        }
        Ok(slice.finish_by_id())
    }

    fn extras(&self, tx: &mut Tx<'_>, customers: &[Customer]) -> Result<HashMap<i64, Extras>, Failure> {
        let ids: Vec<i64> = customers.iter().map(|customer| customer.id).collect();
        let caller = self.caller;
        Ok(extras::of_customers(tx, caller.tenant(), caller.integration(), &ids, caller.today())?)
    }

    fn customer<'c>(&'c self, customer: &'c Customer, extras: &'c Extras, iban: ShownIban) -> Wire<'c> {
        let (c, today) = (customer, self.caller.today());
        Wire {
            id: c.id,
            customer_number: Some(&c.customer_number),
            first_name: Some(&c.first_name),
            last_name: Some(&c.last_name),
            date_of_birth: c.date_of_birth.map(LocalDate),
            email: c.email.as_deref(),
            gender: c.gender.as_deref().and_then(gender),
            street: c.street.as_deref(),
            house_number: c.house_number.as_deref(),
            zip_code: c.zip_code.as_deref(),
            city: c.city.as_deref(),
            country: c.country_code.as_deref(),
            status: customer_status(c.status_on(today)),
            card_numbers: Some(self.card_numbers(&extras.mediums)),
            image_url: c.image_file_id.map(|file| self.link(file)),
            phone_private: c.phone_private.as_deref(),
            phone_private_mobile: c.phone_private_mobile.as_deref(),
            phone_business: c.phone_business.as_deref(),
            phone_business_mobile: c.phone_business_mobile.as_deref(),
            idle_periods: Some(extras.idle_periods.iter().map(idle_period).collect()),
            bank_account: extras.bank_account.as_ref().map(|account| self.bank_account(account, iban)),
            access_refusal: is_refused(extras, today),
            access_restrictions: Some(
                extras.restrictions.iter().filter(|one| rules::is_listed(days(one), today)).map(restriction).collect(),
            ),
            uuid: Some(&c.uuid),
            referral_code: Some(&c.referral_code),
            studio_id: Some(c.studio_id),
            preferred_language: c.language_code.as_deref().map(|code| Language {
                language_code: code.into(),
                country_code: c.language_country.as_deref().map(Cow::from),
            }),
            additional_information_field_assignments: Some(
                extras.fields.iter().map(|field| assignment(field.field_id, &field.value)).collect(),
            ),
            third_party_id: extras.third_party_id.as_deref(),
            access_mediums: Some(extras.mediums.iter().map(|one| medium(one, self.format)).collect()),
            second_first_name: c.second_first_name.as_deref(),
            second_last_name: c.second_last_name.as_deref(),
            second_street: c.second_street.as_deref(),
            city_part: c.city_part.as_deref(),
            district: c.district.as_deref(),
            street_type: c.street_type.as_deref(),
            street_block: c.street_block.as_deref(),
            portal: c.portal.as_deref(),
            stairway: c.stairway.as_deref(),
            door: c.door.as_deref(),
            province: c.province.as_deref(),
            additional_address_information: c.additional_address_information.as_deref(),
            floor: c.floor.as_deref(),
            building_name: c.building_name.as_deref(),
            created_date_time: Some(ZonedDateTime::new(c.created_at, self.caller.zone())),
        }
    }

    fn bank_account<'c>(&self, account: &'c Account, iban: ShownIban) -> BankAccount<'c> {
        BankAccount {
            account_holder: Some(&account.account_holder),
            bank_name: account.bank_name.as_deref(),
            bic: account.bic.as_deref(),
            iban: Some(match iban {
                ShownIban::Whole => account.iban.as_str().into(),
                ShownIban::Masked => account.masked_iban().into(),
            }),
        }
    }

    fn card_numbers<'c>(&self, mediums: &'c [Medium]) -> Vec<Cow<'c, str>> {
        let cards = mediums.iter().filter(|medium| medium.kind == MediumKind::CardNumber.name());
        cards.map(|card| rule::displayed_value(MediumKind::CardNumber, &card.value, self.format).into()).collect()
    }

    fn link(&self, file: i64) -> Cow<'static, str> {
        self.links.link(self.caller.tenant(), file, Lifetime::Person, self.caller.system_now).into()
    }
}

/// An access medium, a card's number in the format asked for (CUST-9).
pub(in crate::http) fn medium(medium: &Medium, format: CardFormat) -> AccessMedium<'_> {
    let kind = MediumKind::of_name(&medium.kind);
    AccessMedium {
        id: Some(medium.id),
        kind: kind.map(medium_type),
        value: Some(match kind {
            Some(kind) => rule::displayed_value(kind, &medium.value, format).into(),
            None => medium.value.as_str().into(),
        }),
    }
}

/// The wire's word for a kind of access medium.
pub(in crate::http) fn medium_type(kind: MediumKind) -> AccessMediumType {
    match kind {
        MediumKind::CardNumber => AccessMediumType::CardNumber,
        MediumKind::Pin => AccessMediumType::Pin,
        MediumKind::Barcode => AccessMediumType::Barcode,
        MediumKind::WalletPass => AccessMediumType::WalletPass,
    }
}

/// A customer's status by its stored name.
pub(in crate::http) fn customer_status(name: &str) -> CustomerStatus {
    match name {
        status::MEMBER => CustomerStatus::Member,
        status::FORMER_MEMBER => CustomerStatus::FormerMember,
        _ => CustomerStatus::Prospect,
    }
}

/// What is noted in an information field.
pub(in crate::http) fn assignment(field: i64, value: &str) -> AdditionalInformationFieldAssignment<'_> {
    AdditionalInformationFieldAssignment { additional_information_field_id: field, value: value.into() }
}

/// A restriction, without saying who set it.
pub(in crate::http) fn restriction(restriction: &Restriction) -> AccessRestriction<'_> {
    AccessRestriction {
        reason: restriction.reason.as_str().into(),
        start_date: restriction.start_date.map(LocalDate),
        end_date: restriction.end_date.map(LocalDate),
    }
}

fn idle_period(idle: &IdlePeriod) -> CustomerIdlePeriod<'_> {
    CustomerIdlePeriod {
        id: idle.id,
        start_date: LocalDate(idle.start_date),
        end_date: LocalDate(idle.end_date.unwrap_or(UNLIMITED)),
        reason: idle.reason.as_deref(),
        contract: Some(SimpleContract { id: idle.contract_id, rate_name: &idle.rate_name }),
        unlimited: idle.end_date.is_none(),
    }
}

/// The wire's gender of a stored one.
pub(in crate::http) fn gender(name: &str) -> Option<Gender> {
    match name {
        "MALE" => Some(Gender::Male),
        "FEMALE" => Some(Gender::Female),
        "UNISEX" => Some(Gender::Unisex),
        _ => None,
    }
}

/// CUST-11, CUST-22: the days of a restriction.
fn days(restriction: &Restriction) -> Days {
    Days { from: restriction.start_date, to: restriction.end_date }
}

/// Whether anything keeps the customer out today.
fn is_refused(extras: &Extras, today: Date) -> bool {
    let resting = extras.idle_periods.iter().filter(|idle| idle.refuses_access);
    let resting = resting.map(|idle| Days { from: Some(idle.start_date), to: idle.end_date });
    rules::is_access_refused(extras.restrictions.iter().map(days).chain(resting), today)
}
