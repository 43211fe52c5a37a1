//! Customers from the store's words to the wire's.

use std::borrow::Cow;

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

use super::portraits::{Drawn, Gallery, Showing, ShownIban};
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

/// Somebody who is to be shown.
pub(in crate::http) struct Seen {
    id: i64,
    /// How, where that is kept and still holds.
    text: Option<Bytes>,
    /// The row, read where nothing is kept; debug builds read it always, to compare.
    row: Option<Box<Customer>>,
}

impl<'a> View<'a> {
    pub(in crate::http) fn new(
        showing: &'a Showing,
        tx: &mut Tx<'_>,
        caller: &'a Caller,
        format: CardFormat,
        iban: ShownIban,
    ) -> Result<Self, DbError> {
        let gallery = showing.gallery(tx, caller, (format, iban))?;
        Ok(Self { links: &showing.links, caller, format, iban, gallery })
    }

    /// Looks at a row, and reads it unless it is known how the customer is shown.
    pub(in crate::http) fn look(&self, line: &Line<'_>) -> Result<Seen, DbError> {
        let mut seen = self.known(line.id()?);
        if self.is_to_be_read(&seen) {
            seen.row = Some(Box::new(read_whole(line)?));
        }
        Ok(seen)
    }

    fn is_to_be_read(&self, seen: &Seen) -> bool {
        seen.text.is_none() || self.gallery.proves()
    }

    /// Somebody with what is kept of them.
    fn known(&self, id: i64) -> Seen {
        Seen { id, text: self.gallery.find(id).map(|(_, text)| text), row: None }
    }

    /// The customer of the caller's studio with that id.
    ///
    /// # Errors
    /// As [`customer::own`].
    pub(in crate::http) fn own(&self, tx: &mut Tx<'_>, id: i64) -> Result<Answer<Wire<'static>>, Failure> {
        let at_home = self.gallery.find(id).filter(|(home, _)| *home == self.caller.studio());
        let mut seen = Seen { id, text: at_home.map(|(_, text)| text), row: None };
        if self.is_to_be_read(&seen) {
            let own = customer::own(tx, self.caller, id);
            if seen.text.is_some() && matches!(own, Err(Failure::Refused(_))) {
                return Err(Failure::Internal(format!("customer {id} may not be seen any more, and was kept")));
            }
            seen.row = Some(Box::new(own?));
        }
        self.one(tx, seen)
    }

    /// One customer whom the caller may see.
    pub(in crate::http) fn of(&self, tx: &mut Tx<'_>, customer: Customer) -> Result<Answer<Wire<'static>>, Failure> {
        let mut seen = self.known(customer.id);
        if self.is_to_be_read(&seen) {
            seen.row = Some(Box::new(customer));
        }
        self.one(tx, seen)
    }

    fn one(&self, tx: &mut Tx<'_>, seen: Seen) -> Result<Answer<Wire<'static>>, Failure> {
        let mut seen = [seen];
        self.draw(tx, &mut seen)?;
        let [Seen { text, .. }] = seen;
        Ok(Answer::written(text.unwrap_or_default()))
    }

    /// A bare list of those with these ids, which ascend.
    pub(in crate::http) fn list(&self, tx: &mut Tx<'_>, ids: &[i64]) -> Result<Answer<Vec<Wire<'static>>>, Failure> {
        let mut seen: Vec<Seen> = ids.iter().map(|id| self.known(*id)).collect();
        let unread: Vec<i64> = seen.iter().filter(|one| self.is_to_be_read(one)).map(|one| one.id).collect();
        if !unread.is_empty() {
            let mut rows = customers::by_ids(tx, self.caller.tenant(), &unread)?.into_iter().peekable();
            for one in &mut seen {
                one.row = rows.next_if(|row| row.id == one.id).map(Box::new);
            }
        }
        self.draw(tx, &mut seen)?;
        let mut list = JsonList::default();
        seen.iter().filter_map(|one| one.text.as_deref()).for_each(|text| list.push_written(text));
        Ok(list.finish())
    }

    /// A slice that is paged by id, from one row more than asked for.
    pub(in crate::http) fn slice(
        &self,
        tx: &mut Tx<'_>,
        mut seen: Vec<Seen>,
        request: SliceRequest,
    ) -> Result<Answer<Slice<Wire<'static>>>, Failure> {
        self.draw(tx, &mut seen)?;
        let mut slice = JsonSlice::new(request);
        for (id, text) in seen.iter().filter_map(|one| Some((one.id, one.text.as_deref()?))) {
            slice.push_written(id, text);
        }
        Ok(slice.finish_by_id())
    }

    /// Writes the JSON of those whose rows were read, and keeps it.
    fn draw(&self, tx: &mut Tx<'_>, seen: &mut [Seen]) -> Result<(), Failure> {
        let rows: Vec<i64> = seen.iter().filter_map(|one| one.row.as_ref()).map(|customer| customer.id).collect();
        let caller = self.caller;
        let extras = extras::of_customers(tx, caller.tenant(), caller.integration(), &rows, caller.today())?;
        let (none, mut text, mut drawn) = (Extras::default(), Vec::new(), Vec::new());
        for one in seen {
            let Some(customer) = &one.row else { continue };
            text.clear();
            let shown = self.customer(customer, extras.get(&customer.id).unwrap_or(&none));
            serde_json::to_writer(&mut text, &shown)
                .map_err(|error| Failure::Internal(format!("cannot serialize: {error}")))?;
            match &one.text {
                // The link to a picture is another one with each second.
                Some(known) if customer.image_file_id.is_none() && known != &text => {
                    let gone = format!("what was kept of customer {} does not hold any more", one.id);
                    return Err(Failure::Internal(gone));
                }
                Some(_) => {}
                None => {
                    let text = Bytes::copy_from_slice(&text);
                    drawn.push(Drawn {
                        customer: customer.id,
                        home: customer.studio_id,
                        has_picture: customer.image_file_id.is_some(),
                        text: text.clone(),
                    });
                    one.text = Some(text);
                }
            }
        }
        if !drawn.is_empty() {
            self.gallery.keep(drawn);
        }
        Ok(())
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
