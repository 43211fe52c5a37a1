//! Erasing somebody: what says who it was goes, what the law wants stays with the day until which it does, and what is left
//! says nothing about anybody.
//!
//! The same request may be made again, and then removes what has become due. Contents on disk are removed by the caller, after
//! the commit; see [`crate::portable::contents`].

use gymkeeper_contract::webhooks::Event;
use gymkeeper_domain::customer::erasure::{self as rule, ContractSpan, StillNeeded};
use gymkeeper_store::{
    customer::{self, Customer, contract::kind, erasure as store, payment_method},
    db::DbError,
    sandbox,
};
use jiff::civil::Date;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::{contract, deed};
use crate::{
    actions::{booking, change::Change},
    portable::hex,
};

/// What an erased person is called.
pub const NAME: &str = "erased";
/// The uuid of everybody who was erased.
const NO_UUID: &str = "00000000-0000-0000-0000-000000000000";
/// Keys of gym files are replaced by this and a hash.
const HIDDEN: &str = "erased:";
/// What says so little that answers to others may say the same.
const SHORTEST: usize = 3;

/// Something that was kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Kept {
    /// What it is.
    pub what: String,
    /// The last day on which it is kept; nothing where it says nothing about the person any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// Why.
    pub reason: &'static str,
}

impl Kept {
    fn new(what: impl Into<String>, until: Option<Date>, reason: &'static str) -> Self {
        Self { what: what.into(), until, reason }
    }
}

/// What an erasure did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Erased {
    /// What is gone, with how much of it there was.
    pub gone: Vec<(&'static str, u64)>,
    /// What was kept.
    pub kept: Vec<Kept>,
    /// Hashes of contents that nothing of this tenant refers to any more.
    pub contents: Vec<String>,
    /// The keys under which gym files describe the person.
    pub described_as: Vec<String>,
}

/// Why nothing was erased.
#[derive(Debug, Clone)]
pub enum NotErased {
    /// There is nobody of that id.
    Unknown,
    /// Something speaks against it.
    Needed(StillNeeded),
    /// The database's.
    Db(DbError),
}

impl From<DbError> for NotErased {
    fn from(error: DbError) -> Self {
        Self::Db(error)
    }
}

/// The key under which the description of an erased person is remembered, so that a gym file that still has it does not make
/// the person anew.
pub fn hidden_key(key: &str) -> String {
    if key.starts_with(HIDDEN) { key.to_owned() } else { format!("{HIDDEN}{}", hex(Sha256::digest(key.as_bytes()))) }
}

/// Erases a customer on a day of the home studio, as far as may be.
///
/// # Errors
/// When something speaks against it (ERA-1); the database's.
pub fn erase(change: &mut Change<'_, '_>, id: i64) -> Result<Erased, NotErased> {
    if !customer::hold(change.tx, change.tenant, id)? {
        return Err(NotErased::Unknown);
    }
    let present = customer::by_id(change.tx, change.tenant, id)?.ok_or(NotErased::Unknown)?;
    let zone = super::studio(change.tx, change.tenant, present.studio_id)?.zone;
    let today = zone.to_datetime(change.now).date();
    let spans = spans(change, &present)?;
    rule::may_be_erased(&spans.all, present.debtor_id.is_some(), today).map_err(NotErased::Needed)?;
    let (tenant, now) = (change.tenant, change.now);
    let mandates = store::mandates(change.tx, tenant, id)?;
    let accounts: Vec<String> = mandates.iter().map(|mandate| mandate.account.iban.clone()).collect();
    let fields = personal_fields(&present);
    booking::withdraw_all(change, id)?;
    let mut erased = Erased { gone: store::clear(change.tx, tenant, id, now)?, ..Erased::default() };

    for mandate in mandates.iter().filter(|mandate| !mandate.account.iban.is_empty()) {
        let day_of = |at| zone.to_datetime(at).date();
        let until = store::last_used(mandate, spans.ended, day_of).map(rule::mandate_until);
        match until.filter(|until| *until >= today) {
            Some(until) => {
                let what = format!("bank account and signature of the mandate {}", mandate.mandate_reference);
                erased.kept.push(Kept::new(what, Some(until), "a debit may be called unauthorized for 13 months"));
            }
            None => {
                store::empty_account(change.tx, tenant, mandate.id, now)?;
                add(&mut erased.gone, "bankAccounts", 1);
            }
        }
    }
    let mut files = store::remove_documents(change.tx, tenant, id)?;
    add(&mut erased.gone, "documents", files.len() as u64);
    for signed in store::signed(change.tx, tenant, id)? {
        let ended = spans.of(signed.parent_id.unwrap_or(signed.id)).unwrap_or(today);
        let until = rule::contract_records_until(ended);
        if until < today {
            store::forget_signed(change.tx, tenant, signed.id)?;
            files.push(signed.document_file_id);
            add(&mut erased.gone, "signedDocuments", 1);
        } else {
            let what = format!("signed document of contract {}", signed.id);
            erased.kept.push(Kept::new(what, Some(until), "commercial records are kept for six years"));
        }
    }
    if let Some(image) = present.image_file_id {
        files.push(image);
        add(&mut erased.gone, "image", 1);
    }
    erased.described_as = store::hide_sources(change.tx, tenant, id, hidden_key)?;
    let said = looked_for(&present, &accounts);
    let answers = store::forget_answers(change.tx, tenant, id, |body| mentions(body, id, &said))?;
    add(&mut erased.gone, "keptAnswers", answers);
    add(&mut erased.gone, "personalFields", fields.len() as u64);

    // The record comes first: afterwards nobody is there any more of whom anything could be told.
    let is_first = !present.referral_code.is_empty();
    if is_first || !erased.gone.is_empty() {
        let mut done = deed("customer.erased", &present);
        for (name, _) in erased.gone.iter().filter(|(name, _)| *name != "personalFields") {
            done = done.personal_field(name);
        }
        for name in &fields {
            done = done.personal_field(name);
        }
        // Whoever was archived before was told of then (WH-10).
        if is_first && present.archived_at.is_none() {
            done = done.event(Event::CustomerDeleted { customer_id: id });
        }
        change.record(done);
    }
    customer::update(change.tx, tenant, &nobody(&present, change.now))?;
    store::rename(change.tx, tenant, id, NO_UUID, "")?;
    files.sort_unstable();
    files.dedup();
    for file in files {
        erased.contents.extend(store::remove_file(change.tx, tenant, file)?);
    }
    erased.kept.extend(always_kept(&present, &spans, &mandates));
    for snapshot in sandbox::list(change.tx, tenant)? {
        let what = format!("everything, in the snapshot {}", snapshot.name);
        erased.kept.push(Kept::new(what, None, "a snapshot is a state of the past; remove it"));
    }
    Ok(erased)
}

fn add(gone: &mut Vec<(&'static str, u64)>, what: &'static str, count: u64) {
    match gone.iter_mut().find(|(name, _)| *name == what) {
        Some((_, before)) => *before += count,
        None if count > 0 => gone.push((what, count)),
        None => {}
    }
}

/// The contracts of somebody, as the rule takes them.
struct Spans {
    all: Vec<ContractSpan>,
    /// The last day of the last main contract.
    ended: Option<Date>,
}

impl Spans {
    fn of(&self, contract: i64) -> Option<Date> {
        self.all.iter().find(|span| span.id == contract).and_then(|span| span.last_day)
    }
}

fn spans(change: &mut Change<'_, '_>, customer: &Customer) -> Result<Spans, DbError> {
    let contracts = contract::of(change.tx, change.tenant, customer)?;
    let main = contracts.iter().filter(|contract| contract.row.kind == kind::MAIN);
    let all: Vec<ContractSpan> = main
        .map(|contract| ContractSpan {
            id: contract.row.id,
            last_day: contract.conditions.final_end(),
            reversed: contract.row.reversed,
        })
        .collect();
    let ended = all.iter().filter(|span| !span.reversed).filter_map(|span| span.last_day).max();
    Ok(Spans { all, ended })
}

fn always_kept(present: &Customer, spans: &Spans, mandates: &[store::Mandate]) -> Vec<Kept> {
    let nameless = "books of the gym; it says no longer whose";
    let mut kept = vec![
        Kept::new(format!("customer number {} and home studio", present.customer_number), None, nameless),
        Kept::new("records of the journal, which hold no personal data", None, "they show who changed what"),
    ];
    if !spans.all.is_empty() {
        kept.push(Kept::new(format!("{} contracts with prices and days", spans.all.len()), None, nameless));
    }
    for mandate in mandates {
        let what = format!("reference and day of the mandate {}", mandate.mandate_reference);
        kept.push(Kept::new(what, None, nameless));
    }
    kept
}

/// What is left of a customer.
fn nobody(present: &Customer, now: jiff::Timestamp) -> Customer {
    Customer {
        id: present.id,
        studio_id: present.studio_id,
        customer_number: present.customer_number.clone(),
        status: present.status.clone(),
        member_until: present.member_until,
        created_at: present.created_at,
        archived_at: Some(present.archived_at.unwrap_or(now)),
        withheld: true,
        first_name: NAME.to_owned(),
        last_name: NAME.to_owned(),
        payment_method: payment_method::CASH.to_owned(),
        ..Customer::default()
    }
}

/// The texts that say something about a person, with their names.
fn texts(c: &Customer) -> Vec<(&'static str, &str)> {
    let named: [(&'static str, Option<&String>); 33] = [
        ("firstName", Some(&c.first_name)),
        ("secondFirstName", c.second_first_name.as_ref()),
        ("lastName", Some(&c.last_name)),
        ("secondLastName", c.second_last_name.as_ref()),
        ("title", c.title.as_ref()),
        ("gender", c.gender.as_ref()),
        ("languageCode", c.language_code.as_ref()),
        ("languageCountry", c.language_country.as_ref()),
        ("email", c.email.as_ref()),
        ("phonePrivate", c.phone_private.as_ref()),
        ("phonePrivateMobile", c.phone_private_mobile.as_ref()),
        ("phoneBusiness", c.phone_business.as_ref()),
        ("phoneBusinessMobile", c.phone_business_mobile.as_ref()),
        ("street", c.street.as_ref()),
        ("houseNumber", c.house_number.as_ref()),
        ("zipCode", c.zip_code.as_ref()),
        ("city", c.city.as_ref()),
        ("countryCode", c.country_code.as_ref()),
        ("secondStreet", c.second_street.as_ref()),
        ("cityPart", c.city_part.as_ref()),
        ("district", c.district.as_ref()),
        ("streetType", c.street_type.as_ref()),
        ("streetBlock", c.street_block.as_ref()),
        ("portal", c.portal.as_ref()),
        ("stairway", c.stairway.as_ref()),
        ("door", c.door.as_ref()),
        ("province", c.province.as_ref()),
        ("provinceCode", c.province_code.as_ref()),
        ("additionalAddressInformation", c.additional_address_information.as_ref()),
        ("floor", c.floor.as_ref()),
        ("buildingName", c.building_name.as_ref()),
        ("countryOfBirth", c.country_of_birth.as_ref()),
        ("placeOfBirth", c.place_of_birth.as_ref()),
    ];
    let said = named.into_iter().filter_map(|(name, text)| Some((name, text?.as_str())));
    said.filter(|(_, text)| !text.is_empty() && *text != NAME).collect()
}

/// The names of the fields of a customer that are going to be emptied.
fn personal_fields(c: &Customer) -> Vec<&'static str> {
    let mut names: Vec<&'static str> = texts(c).into_iter().map(|(name, _)| name).collect();
    names.extend(c.date_of_birth.map(|_| "dateOfBirth"));
    names.extend(c.identity.as_ref().map(|_| "identity"));
    names.extend(c.image_file_id.map(|_| "customerImage"));
    names
}

/// What first answers are searched for: whatever they could repeat of the person that few others share. As JSON has it.
fn looked_for(c: &Customer, accounts: &[String]) -> Vec<String> {
    const SHARED: &[&str] = &["title", "gender", "languageCode", "languageCountry", "zipCode", "city", "countryCode"];
    let own = texts(c).into_iter().filter(|(name, _)| !SHARED.contains(name)).map(|(_, text)| text.to_owned());
    let birth = c.date_of_birth.map(|day| day.to_string());
    let all = own.chain(birth).chain(accounts.iter().cloned()).filter(|text| text.len() >= SHORTEST);
    all.map(|text| {
        let quoted = serde_json::to_string(&text).unwrap_or_default();
        quoted.trim_matches('"').to_owned()
    })
    .collect()
}

/// Whether an answer names a customer by the id, or repeats one of these texts.
fn mentions(body: &[u8], id: i64, texts: &[String]) -> bool {
    let body = String::from_utf8_lossy(body);
    let id = id.to_string();
    let is_digit = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_digit());
    let named = body.match_indices(&id).any(|(at, found)| {
        let (before, after) = (body.get(..at).unwrap_or_default(), body.get(at + found.len()..).unwrap_or_default());
        !is_digit(before.chars().next_back()) && !is_digit(after.chars().next())
    });
    named || texts.iter().any(|text| body.contains(text.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_found_by_id_or_by_what_they_repeat() {
        let said = looked_for(
            &Customer {
                first_name: "Al".to_owned(),
                last_name: "O\"Hara".to_owned(),
                city: Some("Berlin".to_owned()),
                date_of_birth: Some(jiff::civil::date(1990, 4, 2)),
                ..Customer::default()
            },
            &["DE89370400440532013000".to_owned()],
        );
        for (body, expected) in [
            (r#"{"customerId":4711}"#, true),
            (r#"{"customerId":47112}"#, false),
            (r#"{"customerId":14711}"#, false),
            ("4711", true),
            (r#"{"lastName":"O\"Hara"}"#, true),
            (r#"{"city":"Berlin","firstName":"Al"}"#, false),
            (r#"{"birth":"1990-04-02"}"#, true),
            (r#"{"iban":"DE89370400440532013000"}"#, true),
            ("", false),
        ] {
            assert_eq!(mentions(body.as_bytes(), 4711, &said), expected, "{body}");
        }
    }

    #[test]
    fn a_key_is_hidden_once() {
        let hidden = hidden_key("ada");
        assert!(!hidden.contains("ada"));
        assert_eq!(hidden_key(&hidden), hidden);
    }
}
