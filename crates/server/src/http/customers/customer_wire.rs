//! Customers from the store's words to the wire's.

use std::{borrow::Cow, collections::HashMap};

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
        self as customers, Customer, CustomerRef,
        bank_account::Account,
        contract::IdlePeriod,
        extras::{self, Extras},
        find::{self, Found, Slice as Page},
        medium::Medium,
        restriction::Restriction,
        status, status_on,
    },
    db::{DbError, Tx},
};
use jiff::civil::Date;

use super::{
    drawn::{Drawn, ShownIban},
    portraits::{Gallery, Showing},
    query::Known,
};
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

/// How customers are shown to one caller in one transaction.
pub(in crate::http) struct View<'a> {
    links: &'a Links,
    caller: &'a Caller,
    format: CardFormat,
    iban: ShownIban,
    gallery: Gallery<'a>,
}

/// What was drawn ahead at a time.
pub(super) struct Drew {
    /// The last of them, or of those who were kept already.
    pub(super) last: i64,
    /// So many.
    pub(super) kept: u64,
    /// Whether there was room for any.
    pub(super) room: bool,
}

impl<'a> View<'a> {
    pub(in crate::http) fn new(
        showing: &'a Showing,
        tx: &mut Tx<'_>,
        caller: &'a Caller,
        format: CardFormat,
        iban: ShownIban,
    ) -> Result<Self, DbError> {
        let gallery = showing.gallery(tx, caller, format)?;
        Ok(Self { links: &showing.links, caller, format, iban, gallery })
    }

    /// The customer of the caller's studio with that id.
    ///
    /// # Errors
    /// As [`customer::own`].
    pub(in crate::http) fn own(&self, tx: &mut Tx<'_>, id: i64) -> Result<Answer<Wire<'static>>, Failure> {
        let kept = self.kept(id).filter(|(home, _)| *home == self.caller.studio());
        let kept = match kept.map(|(_, text)| text) {
            Some(text) if !self.gallery.proves() => return Ok(Answer::written(text)),
            kept => kept,
        };
        let own = customer::own(tx, self.caller, id);
        if kept.is_some() && matches!(own, Err(Failure::Refused(_))) {
            return Err(Failure::Internal(format!("customer {id} may not be seen any more, and was kept")));
        }
        self.one(tx, &own?, kept)
    }

    /// The id of whoever is known by something, anywhere in the tenant.
    pub(super) fn whom(&self, tx: &mut Tx<'_>, known: &Known) -> Result<i64, Failure> {
        self.gallery.whom(known, || known.id(tx, self.caller))
    }

    /// One customer whom the caller may see.
    pub(in crate::http) fn of(&self, tx: &mut Tx<'_>, customer: &Customer) -> Result<Answer<Wire<'static>>, Failure> {
        match self.kept(customer.id).map(|(_, text)| text) {
            Some(text) if !self.gallery.proves() => Ok(Answer::written(text)),
            kept => self.one(tx, customer, kept),
        }
    }

    /// The home of somebody and how they are shown, where that is kept and still holds.
    fn kept(&self, id: i64) -> Option<(i64, Bytes)> {
        self.gallery.find(id, |drawn| self.shown(drawn))
    }

    fn shown(&self, drawn: &Drawn) -> Bytes {
        drawn.shown(self.iban, |file| {
            self.links.link(self.caller.tenant(), file, Lifetime::Person, self.caller.system_now)
        })
    }

    fn one(&self, tx: &mut Tx<'_>, customer: &Customer, kept: Option<Bytes>) -> Result<Answer<Wire<'static>>, Failure> {
        if kept.is_none() {
            self.gallery.wish(self.caller);
        }
        let extras = self.extras(tx, &[customer.id])?;
        let extras = extras.into_values().next().unwrap_or_default();
        Ok(Answer::written(self.draw(&customer.lend(), &extras, kept, &mut Vec::new())?))
    }

    /// A bare list of those who were found, whose ids ascend.
    pub(in crate::http) fn list(
        &self,
        tx: &mut Tx<'_>,
        found: &[Found],
    ) -> Result<Answer<Vec<Wire<'static>>>, Failure> {
        let texts = self.all(tx, found)?;
        let mut list = JsonList::of_bytes(texts.iter().flatten().map(|text| text.len() + 1).sum());
        texts.iter().flatten().for_each(|text| list.push_written(text));
        Ok(list.finish())
    }

    /// A slice that is paged by id, from one more than asked for.
    pub(in crate::http) fn slice(
        &self,
        tx: &mut Tx<'_>,
        found: &[Found],
        request: SliceRequest,
    ) -> Result<Answer<Slice<Wire<'static>>>, Failure> {
        let mut slice = JsonSlice::new(request);
        for (one, text) in found.iter().zip(self.all(tx, found)?) {
            if let Some(text) = text {
                slice.push_written(one.id, &text);
            }
        }
        Ok(slice.finish_by_id())
    }

    /// How those who were found are shown, whose ids ascend; nothing for whoever is gone. Rows are read of those of whom that is not
    /// kept; debug builds read all, to compare.
    fn all(&self, tx: &mut Tx<'_>, found: &[Found]) -> Result<Vec<Option<Bytes>>, Failure> {
        let mut texts: Vec<Option<Bytes>> = found.iter().map(|one| Some(self.kept(one.id)?.1)).collect();
        let unread = found.iter().zip(&texts).filter(|(_, text)| text.is_none() || self.gallery.proves());
        let unread: Vec<Found> = unread.map(|(one, _)| *one).collect();
        if unread.is_empty() {
            return Ok(texts);
        }
        if texts.iter().any(Option::is_none) {
            self.gallery.wish(self.caller);
        }
        let mut buffer = Vec::new();
        self.each(tx, &unread, |customer, extras| {
            if let Ok(index) = found.binary_search_by_key(&customer.id, |one| one.id) {
                texts[index] = Some(self.draw(customer, extras, texts[index].take(), &mut buffer)?);
            }
            Ok(())
        })?;
        Ok(texts)
    }

    /// Reads those who were found, one after the other, with what belongs to them.
    fn each(
        &self,
        tx: &mut Tx<'_>,
        found: &[Found],
        mut each: impl FnMut(&CustomerRef<'_>, &Extras) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let ids: Vec<i64> = found.iter().map(|one| one.id).collect();
        let (all, none) = (self.extras(tx, &ids)?, Extras::default());
        customers::each_at(tx, self.caller.tenant(), found, |customer| {
            each(customer, all.get(&customer.id).unwrap_or(&none))
        })
    }

    /// Draws and keeps the next customers of the caller's studio after an id, at most so many, without being asked for them. Says who
    /// was the last; nothing when there are no more of them.
    pub(super) fn ahead(&self, tx: &mut Tx<'_>, after: i64, limit: i64) -> Result<Option<Drew>, Failure> {
        let (tenant, studio, today) = (self.caller.tenant(), self.caller.studio(), self.caller.today());
        let (any, page) = ((find::Status::Any, today), Page { after, limit });
        let next = find::slice(tx, tenant, studio, any, find::Viewer::ThirdParty, page)?;
        let Some(last) = next.last() else { return Ok(None) };
        let unread: Vec<Found> = next.iter().filter(|one| !self.gallery.has(one.id)).copied().collect();
        let (mut kept, mut buffer, mut debtors) = (0, Vec::new(), Vec::new());
        self.each(tx, &unread, |customer, extras| {
            debtors.extend(customer.debtor_id.map(|debtor| Known::Debtor(debtor.to_owned())));
            let drawn = self.drawn(customer, extras, &mut buffer)?;
            let days = self.lasts(customer, extras);
            kept += u64::from(self.gallery.keep_ahead(customer, &extras.mediums, drawn, days));
            Ok(())
        })?;
        for debtor in debtors {
            let whom = debtor.id(tx, self.caller)?;
            self.gallery.meet_ahead(debtor, whom);
        }
        Ok(Some(Drew { last: last.id, kept, room: kept > 0 || unread.is_empty() }))
    }

    fn extras(&self, tx: &mut Tx<'_>, ids: &[i64]) -> Result<HashMap<i64, Extras>, DbError> {
        extras::of_customers(tx, self.caller.tenant(), self.caller.integration(), ids, self.caller.today())
    }

    /// Writes the JSON of a customer, and keeps it; what was kept must be the same.
    fn draw(
        &self,
        customer: &CustomerRef<'_>,
        extras: &Extras,
        kept: Option<Bytes>,
        buffer: &mut Vec<u8>,
    ) -> Result<Bytes, Failure> {
        let drawn = self.drawn(customer, extras, buffer)?;
        let shown = self.shown(&drawn);
        match kept {
            Some(text) if text != shown => {
                Err(Failure::Internal(format!("what was kept of customer {} does not hold any more", customer.id)))
            }
            Some(text) => Ok(text),
            None => {
                self.gallery.keep(customer, drawn, self.lasts(customer, extras));
                Ok(shown)
            }
        }
    }

    /// The days on which a customer is shown like today, if nothing is changed.
    fn lasts(&self, customer: &CustomerRef<'_>, extras: &Extras) -> Days {
        let restrictions = extras.restrictions.iter().map(days);
        let idle = extras.idle_periods.iter().map(resting);
        let membership = customer.member_until.map(Days::until);
        Days::alike(restrictions.chain(idle).chain(membership), self.caller.today())
    }

    fn drawn(&self, customer: &CustomerRef<'_>, extras: &Extras, buffer: &mut Vec<u8>) -> Result<Drawn, Failure> {
        buffer.clear();
        serde_json::to_writer(&mut *buffer, &self.customer(customer, extras))
            .map_err(|error| Failure::Internal(format!("cannot serialize: {error}")))?;
        let iban = extras.bank_account.as_ref().map(|account| account.iban.as_str());
        Drawn::new(buffer, customer.image_file_id, iban)
            .ok_or_else(|| Failure::Internal(format!("customer {} has a gap that is not found", customer.id)))
    }

    /// A customer with gaps, as [`Drawn`] wants them.
    fn customer<'s, 'c: 's>(&'s self, customer: &CustomerRef<'c>, extras: &'s Extras) -> Wire<'s> {
        let (c, today) = (customer, self.caller.today());
        Wire {
            id: c.id,
            customer_number: Some(c.customer_number),
            first_name: Some(c.first_name),
            last_name: Some(c.last_name),
            date_of_birth: c.date_of_birth.map(LocalDate),
            email: c.email,
            gender: c.gender.and_then(gender),
            street: c.street,
            house_number: c.house_number,
            zip_code: c.zip_code,
            city: c.city,
            country: c.country_code,
            status: customer_status(status_on(c.member_until, today)),
            card_numbers: Some(self.card_numbers(&extras.mediums)),
            image_url: c.image_file_id.map(|_| Drawn::NO_LINK.into()),
            phone_private: c.phone_private,
            phone_private_mobile: c.phone_private_mobile,
            phone_business: c.phone_business,
            phone_business_mobile: c.phone_business_mobile,
            idle_periods: Some(extras.idle_periods.iter().map(idle_period).collect()),
            bank_account: extras.bank_account.as_ref().map(bank_account),
            access_refusal: is_refused(extras, today),
            access_restrictions: Some(
                extras.restrictions.iter().filter(|one| rules::is_listed(days(one), today)).map(restriction).collect(),
            ),
            uuid: Some(c.uuid),
            referral_code: Some(c.referral_code),
            studio_id: Some(c.studio_id),
            preferred_language: c
                .language_code
                .map(|code| Language { language_code: code.into(), country_code: c.language_country.map(Cow::from) }),
            additional_information_field_assignments: Some(
                extras.fields.iter().map(|field| assignment(field.field_id, &field.value)).collect(),
            ),
            third_party_id: extras.third_party_id.as_deref(),
            access_mediums: Some(extras.mediums.iter().map(|one| medium(one, self.format)).collect()),
            second_first_name: c.second_first_name,
            second_last_name: c.second_last_name,
            second_street: c.second_street,
            city_part: c.city_part,
            district: c.district,
            street_type: c.street_type,
            street_block: c.street_block,
            portal: c.portal,
            stairway: c.stairway,
            door: c.door,
            province: c.province,
            additional_address_information: c.additional_address_information,
            floor: c.floor,
            building_name: c.building_name,
            created_date_time: Some(ZonedDateTime::new(c.created_at, self.caller.zone())),
        }
    }

    fn card_numbers<'c>(&self, mediums: &'c [Medium]) -> Vec<Cow<'c, str>> {
        let cards = mediums.iter().filter(|medium| medium.kind == MediumKind::CardNumber.name());
        cards.map(|card| rule::displayed_value(MediumKind::CardNumber, &card.value, self.format).into()).collect()
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

fn bank_account(account: &Account) -> BankAccount<'_> {
    BankAccount {
        account_holder: Some(&account.account_holder),
        bank_name: account.bank_name.as_deref(),
        bic: account.bic.as_deref(),
        iban: Some(account.iban.as_str().into()),
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

/// The days of a pause.
fn resting(idle: &IdlePeriod) -> Days {
    Days { from: Some(idle.start_date), to: idle.end_date }
}

/// Whether anything keeps the customer out today.
fn is_refused(extras: &Extras, today: Date) -> bool {
    let closed = extras.idle_periods.iter().filter(|idle| idle.refuses_access).map(resting);
    rules::is_access_refused(extras.restrictions.iter().map(days).chain(closed), today)
}
