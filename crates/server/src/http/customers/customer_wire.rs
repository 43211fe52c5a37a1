//! Customers from the store's words to the wire's.

use std::{borrow::Cow, collections::HashMap, ops::Range};

use bytes::Bytes;
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
        self as customers, Customer, Line,
        bank_account::Account,
        contract::IdlePeriod,
        extras::{self, Extras},
        medium::Medium,
        read_whole,
        restriction::Restriction,
        status,
    },
    db::{DbError, Tx},
};
use jiff::civil::Date;

use super::portraits::{Drawn, Gallery, Showing};
use crate::{
    actions::customer,
    http::{
        answer::{Answer, JsonList},
        caller::Caller,
        failure::Failure,
        links::{Lifetime, Links},
        paging::{JsonSlice, SliceRequest},
    },
};

/// The last day of a pause without an end: the wire wants one.
const UNLIMITED: Date = jiff::civil::date(9999, 12, 31);

/// How much is shown of an IBAN: in lists, a program that leaks or is curious must not get all of them at once.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::http) enum ShownIban {
    Whole,
    Masked,
}

/// How customers are shown to one caller in one transaction.
pub(in crate::http) struct View<'a> {
    links: &'a Links,
    caller: &'a Caller,
    format: CardFormat,
    iban: ShownIban,
    gallery: Gallery<'a>,
}

/// Somebody who is to be shown.
pub(in crate::http) struct Seen {
    id: i64,
    /// How they were shown before, where that still holds.
    known: Option<Bytes>,
    /// The row, read where nothing is known; debug builds always read it, to compare.
    row: Option<Box<Customer>>,
}

impl<'a> View<'a> {
    /// The view of one customer, with the whole IBAN.
    pub(in crate::http) fn whole(
        showing: &'a Showing,
        tx: &mut Tx<'_>,
        caller: &'a Caller,
        format: CardFormat,
    ) -> Result<Self, DbError> {
        Self::new(showing, tx, caller, (format, ShownIban::Whole))
    }

    /// The view of a list.
    pub(in crate::http) fn masked(
        showing: &'a Showing,
        tx: &mut Tx<'_>,
        caller: &'a Caller,
        format: CardFormat,
    ) -> Result<Self, DbError> {
        Self::new(showing, tx, caller, (format, ShownIban::Masked))
    }

    fn new(
        showing: &'a Showing,
        tx: &mut Tx<'_>,
        caller: &'a Caller,
        (format, iban): (CardFormat, ShownIban),
    ) -> Result<Self, DbError> {
        let gallery = showing.gallery(tx, caller, (format, iban == ShownIban::Whole))?;
        Ok(Self { links: &showing.links, caller, format, iban, gallery })
    }

    /// Looks at a row, and reads it unless it is known how the customer is shown.
    pub(in crate::http) fn look(&self, line: &Line<'_>) -> Result<Seen, DbError> {
        let id = line.id()?;
        let known = self.gallery.find(id).map(|(_, text)| text);
        let row = (known.is_none() || cfg!(debug_assertions)).then(|| read_whole(line).map(Box::new)).transpose()?;
        Ok(Seen { id, known, row })
    }

    /// The customer of the caller's studio with that id.
    ///
    /// # Errors
    /// As [`customer::own`].
    pub(in crate::http) fn own(&self, tx: &mut Tx<'_>, id: i64) -> Result<Answer<Wire<'static>>, Failure> {
        let known = self.gallery.find(id).filter(|(home, _)| *home == self.caller.studio()).map(|(_, text)| text);
        let row = match known.is_none() || cfg!(debug_assertions) {
            true => Some(Box::new(customer::own(tx, self.caller, id)?)),
            false => None,
        };
        self.one(tx, Seen { id, known, row })
    }

    /// One customer.
    fn one(&self, tx: &mut Tx<'_>, seen: Seen) -> Result<Answer<Wire<'static>>, Failure> {
        if let (Some(known), None) = (&seen.known, &seen.row) {
            return Ok(Answer::written(known.clone()));
        }
        let mut body = Bytes::new();
        self.write(tx, &[seen], |_, text| body = Bytes::copy_from_slice(text))?;
        Ok(Answer::written(body))
    }

    /// One customer whose row was read.
    pub(in crate::http) fn of(&self, tx: &mut Tx<'_>, customer: Customer) -> Result<Answer<Wire<'static>>, Failure> {
        let known = self.gallery.find(customer.id).map(|(_, text)| text);
        self.one(tx, Seen { id: customer.id, known, row: Some(Box::new(customer)) })
    }

    /// A bare list of those with these ids, which ascend.
    pub(in crate::http) fn list(&self, tx: &mut Tx<'_>, ids: &[i64]) -> Result<Answer<Vec<Wire<'static>>>, Failure> {
        let known = |id: i64| self.gallery.find(id).map(|(_, text)| text);
        let mut seen: Vec<Seen> = ids.iter().map(|id| Seen { id: *id, known: known(*id), row: None }).collect();
        let unread = |one: &Seen| one.known.is_none() || cfg!(debug_assertions);
        let unknown: Vec<i64> = seen.iter().filter(|one| unread(one)).map(|one| one.id).collect();
        if !unknown.is_empty() {
            let mut rows = customers::by_ids(tx, self.caller.tenant(), &unknown)?.into_iter().peekable();
            for one in &mut seen {
                one.row = rows.next_if(|row| row.id == one.id).map(Box::new);
            }
        }
        let mut list = JsonList::default();
        self.write(tx, &seen, |_, text| list.push_written(text))?;
        Ok(list.finish())
    }

    /// A slice that is paged by id, from one row more than asked for.
    pub(in crate::http) fn slice(
        &self,
        tx: &mut Tx<'_>,
        seen: &[Seen],
        request: SliceRequest,
    ) -> Result<Answer<Slice<Wire<'static>>>, Failure> {
        let mut slice = JsonSlice::new(request);
        self.write(tx, seen, |id, text| slice.push_written(id, text))?;
        Ok(slice.finish_by_id())
    }

    /// Hands over the JSON of each, in their order, and keeps what was not known.
    fn write(&self, tx: &mut Tx<'_>, seen: &[Seen], mut each: impl FnMut(i64, &[u8])) -> Result<(), Failure> {
        let rows: Vec<&Customer> = seen.iter().filter_map(|one| one.row.as_deref()).collect();
        let (extras, none) = (self.extras(tx, &rows)?, Extras::default());
        let mut text = Vec::new();
        let mut drawn: Vec<(&Customer, Range<usize>)> = Vec::new();
        for customer in rows {
            let begin = text.len();
            let shown = self.customer(customer, extras.get(&customer.id).unwrap_or(&none));
            serde_json::to_writer(&mut text, &shown)
                .map_err(|error| Failure::Internal(format!("cannot serialize: {error}")))?;
            drawn.push((customer, begin..text.len()));
        }
        let mut next = drawn.iter();
        for one in seen {
            let fresh = one.row.is_some().then(|| next.next()).flatten();
            let fresh = fresh.map(|(customer, range)| (customer, text.get(range.clone()).unwrap_or_default()));
            match (&one.known, fresh) {
                (Some(known), Some((customer, fresh))) if customer.image_file_id.is_none() && *known != fresh => {
                    return Err(Failure::Internal(format!(
                        "what was kept of customer {} does not hold any more",
                        one.id
                    )));
                }
                (Some(known), _) => each(one.id, known),
                (None, Some((_, fresh))) => each(one.id, fresh),
                (None, None) => {}
            }
        }
        let unknown = seen.iter().filter(|one| one.row.is_some()).zip(&drawn).filter(|(one, _)| one.known.is_none());
        let mut unknown = unknown
            .map(|(_, (customer, range))| Drawn {
                customer: customer.id,
                home: customer.studio_id,
                has_picture: customer.image_file_id.is_some(),
                text: text.get(range.clone()).unwrap_or_default(),
            })
            .peekable();
        if unknown.peek().is_some() {
            self.gallery.keep(unknown);
        }
        Ok(())
    }

    fn extras(&self, tx: &mut Tx<'_>, customers: &[&Customer]) -> Result<HashMap<i64, Extras>, Failure> {
        let ids: Vec<i64> = customers.iter().map(|customer| customer.id).collect();
        let caller = self.caller;
        Ok(extras::of_customers(tx, caller.tenant(), caller.integration(), &ids, caller.today())?)
    }

    fn customer<'c>(&'c self, customer: &'c Customer, extras: &'c Extras) -> Wire<'c> {
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
            bank_account: extras.bank_account.as_ref().map(|account| self.bank_account(account)),
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

    fn bank_account<'c>(&self, account: &'c Account) -> BankAccount<'c> {
        BankAccount {
            account_holder: Some(&account.account_holder),
            bank_name: account.bank_name.as_deref(),
            bic: account.bic.as_deref(),
            iban: Some(match self.iban {
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
