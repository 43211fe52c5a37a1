//! Customers from a gym file: new ones are made, and one whose description changed gets what the description says now.

use std::collections::HashMap;

use gymkeeper_domain::{
    customer::{Agreement, ContractDefinition, CustomerDefinition, IdlePeriodDefinition},
    membership::{Module, Offer, OfferTerm},
    problem::Problem,
};
use gymkeeper_store::{
    customer::{
        self, Customer, bank_account,
        contract::{self, Contract, IdlePeriod, kind},
        field::{self, Field},
        medium, payment_method,
    },
    db::DbError,
    inventory::{self, Kind},
};

use super::{
    StudioOf, access, bank, consent, contract as contracts, create, deed, edit, erasure::hidden_key, information,
    refresh_status, updated,
};
use crate::{
    actions::change::Change,
    http::{failure::Failure, input::invalid},
};
use gymkeeper_contract::webhooks::Event;
use jiff::civil::Date;

/// Before all pauses.
const LONG_AGO: Date = Date::constant(1, 1, 1);

/// A customer of a gym file, under the key it has there.
#[derive(Debug, Clone)]
pub struct Described {
    /// Stable key, unique in its studio.
    pub key: String,
    /// What it says.
    pub definition: CustomerDefinition,
    /// SHA-256 of what it says, in hexadecimal. The description itself is not kept: nobody could erase it.
    pub fingerprint: String,
}

/// What a description led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is what was described before.
    Unchanged,
    /// There is a new customer.
    Added,
    /// A customer was changed.
    Changed,
}

/// What descriptions of a studio's customers refer to: what contracts are made from, by key, and information fields.
pub struct Shelf {
    offers: HashMap<String, Offer>,
    /// Terms with the keys of their offers, in the operator's order.
    terms: Vec<(String, String, OfferTerm)>,
    modules: HashMap<String, Module>,
    fields: Vec<Field>,
    /// The studio's day.
    today: Date,
}

impl Shelf {
    /// Reads a studio's shelf.
    ///
    /// # Errors
    /// The database's; when an entry cannot be read.
    pub fn of(change: &mut Change<'_, '_>, home: &StudioOf) -> Result<Self, DbError> {
        fn read<T: serde::de::DeserializeOwned>(entry: &inventory::Entry) -> Result<T, DbError> {
            serde_json::from_str(&entry.definition)
                .map_err(|error| DbError::Unusable(format!("{} cannot be read: {error}", entry.key)))
        }
        let fields = field::all(change.tx, change.tenant)?;
        let today = home.zone.to_datetime(change.now).date();
        let mut shelf = Self { offers: HashMap::new(), terms: Vec::new(), modules: HashMap::new(), fields, today };
        for entry in inventory::of_studio(change.tx, change.tenant, home.id)? {
            match entry.kind {
                Kind::Offer => drop(shelf.offers.insert(entry.key.clone(), read(&entry)?)),
                Kind::OfferTerm => {
                    shelf.terms.push((entry.parent_key.clone().unwrap_or_default(), entry.key.clone(), read(&entry)?));
                }
                Kind::Module => drop(shelf.modules.insert(entry.key.clone(), read(&entry)?)),
                _ => {}
            }
        }
        Ok(shelf)
    }

    /// What a description refers to and is not there, for descriptions that were not read with a gym file.
    pub fn problems(&self, wanted: &CustomerDefinition) -> Vec<Problem> {
        let mut problems = Vec::new();
        if !self.was_born(wanted) {
            problems.push(Problem::new("date_of_birth", "is yet to come"));
        }
        for (index, contract) in wanted.contracts.iter().enumerate() {
            if self.offer(contract).is_none() {
                let (field, what) = match self.offers.contains_key(&contract.offer) {
                    false => ("offer", "is not the key of an offer of the studio"),
                    true => ("term", "is not the key of a term of the offer"),
                };
                problems.push(Problem::new(format!("contracts[{index}].{field}"), what));
            }
        }
        for (key, value) in &wanted.information {
            if information::written_value(&self.fields, key, value).is_none() {
                let what = "there is no such information field, or it takes no such value";
                problems.push(Problem::new(format!("information.{key}"), what));
            }
        }
        problems
    }

    /// Whether the birthday is past, or not known.
    fn was_born(&self, wanted: &CustomerDefinition) -> bool {
        wanted.date_of_birth.is_none_or(|born| born <= self.today)
    }

    fn offer(&self, wanted: &ContractDefinition) -> Option<(&Offer, &OfferTerm)> {
        let offer = self.offers.get(&wanted.offer)?;
        let fits = |key: &str| wanted.term.as_deref().is_none_or(|term| term == key);
        let term = self.terms.iter().find(|(parent, key, _)| *parent == wanted.offer && fits(key))?;
        Some((offer, &term.2))
    }
}

/// Whom a gym file means by a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// A customer, with the fingerprint of what was last said.
    Customer(i64, String),
    /// Somebody who was erased, and whom the file still names.
    Erased,
    /// Nobody of whom anything is known.
    Nobody,
}

/// Whom the file of a studio means by a key.
///
/// # Errors
/// The database's.
pub fn named(change: &mut Change<'_, '_>, studio: i64, key: &str) -> Result<Named, DbError> {
    if let Some((id, fingerprint)) = customer::by_source(change.tx, change.tenant, studio, key)? {
        return Ok(Named::Customer(id, fingerprint));
    }
    let erased = customer::by_source(change.tx, change.tenant, studio, &hidden_key(key))?.is_some();
    Ok(if erased { Named::Erased } else { Named::Nobody })
}

/// Brings the customer of a description to what it says.
///
/// # Errors
/// The database's; refuses access mediums that are taken or impossible.
pub fn apply(
    change: &mut Change<'_, '_>,
    home: &StudioOf,
    shelf: &Shelf,
    described: &Described,
) -> Result<Outcome, Failure> {
    let (key, wanted) = (&described.key, &described.definition);
    let known = match named(change, home.id, key)? {
        Named::Customer(_, fingerprint) if fingerprint == described.fingerprint => return Ok(Outcome::Unchanged),
        Named::Customer(id, _) => Some(id),
        // Who was erased does not come back because a file still says who it was.
        Named::Erased => return Ok(Outcome::Unchanged),
        Named::Nobody => None,
    };
    if !shelf.was_born(wanted) {
        return Err(invalid("date_of_birth"));
    }
    let (mut customer, outcome) = match known {
        None => (create(change, home, draft(wanted, home, Customer::default()))?, Outcome::Added),
        Some(id) => {
            let missing = || DbError::Unusable(format!("customer {id} is not there"));
            // Whoever changes them meanwhile must not be undone.
            customer::hold(change.tx, change.tenant, id)?;
            let mut present = customer::by_id(change.tx, change.tenant, id)?.ok_or_else(missing)?;
            if wanted.customer_number.as_ref().is_some_and(|number| *number != present.customer_number) {
                return Err(invalid("customer_number"));
            }
            if let Some(allowed) = wanted.third_party_access {
                consent::set_third_party_access(change, &mut present, allowed)?;
            }
            let known = present.date_of_birth;
            let fresh = draft(wanted, home, present);
            customer::update(change.tx, change.tenant, &fresh)?;
            edit::correct_birthday(change, known, &fresh, shelf.today)?;
            change.record(updated("customer.changed-by-gym-file", &fresh));
            (fresh, Outcome::Changed)
        }
    };
    mediums(change, home, &customer, wanted)?;
    let noted = noted(shelf, wanted)?;
    account(change, home, &mut customer, wanted)?;
    if outcome == Outcome::Added {
        information::begin(change, &customer, &noted)?;
        restrictions(change, &customer, wanted)?;
    } else {
        information::add(change, &customer, noted)?;
    }
    let mut present = contract::of_customer(change.tx, change.tenant, customer.id)?;
    for wanted in &wanted.contracts {
        match present.iter().position(|row| is_described(row, wanted)) {
            Some(place) => {
                let row = present.swap_remove(place);
                end_as_described(change, &customer, &row, wanted)?;
                add_below(change, &customer, shelf, &row, &present, wanted)?;
            }
            None => enter(change, home, &customer, shelf, wanted)?,
        }
    }
    refresh_status(change, &mut customer, shelf.today)?;
    customer::set_source(change.tx, change.tenant, home.id, key, customer.id, &described.fingerprint)?;
    Ok(outcome)
}

/// Whether a stored contract is the one that is described: they have the same offer and first day.
pub(super) fn is_described(row: &Contract, wanted: &ContractDefinition) -> bool {
    row.kind == kind::MAIN && row.start_date == wanted.start && row.offer_key.as_deref() == Some(wanted.offer.as_str())
}

/// The customer as described, with the rest of what there was before: whoever has moved to another studio is at home there.
fn draft(wanted: &CustomerDefinition, home: &StudioOf, before: Customer) -> Customer {
    let (address, w) = (wanted.address.clone(), wanted.clone());
    let number = w.customer_number.unwrap_or_else(|| before.customer_number.clone());
    let language = w.language.unwrap_or_else(|| home.definition.language.clone());
    let mut language = language.split('-');
    Customer {
        studio_id: if before.studio_id == 0 { home.id } else { before.studio_id },
        customer_number: number,
        debtor_id: w.debtor_id,
        withheld: w.third_party_access.map_or(before.withheld, |allowed| !allowed),
        first_name: w.first_name,
        second_first_name: w.second_first_name,
        last_name: w.last_name,
        second_last_name: w.second_last_name,
        title: w.title.map(|title| title.name().to_owned()),
        gender: w.gender.map(|gender| gender.name().to_owned()),
        date_of_birth: w.date_of_birth,
        language_code: language.next().map(str::to_owned),
        language_country: language.next().map(str::to_owned),
        email: w.email,
        phone_private: w.phones.private,
        phone_private_mobile: w.phones.private_mobile,
        phone_business: w.phones.business,
        phone_business_mobile: w.phones.business_mobile,
        street: address.street,
        house_number: address.house_number,
        zip_code: address.zip,
        city: address.city,
        country_code: Some(w.country_code.unwrap_or_else(|| home.definition.country_code.clone())),
        second_street: address.second_street,
        city_part: address.city_part,
        district: address.district,
        street_type: address.street_type,
        street_block: address.street_block,
        portal: address.portal,
        stairway: address.stairway,
        door: address.door,
        province: address.province,
        province_code: address.province_code,
        additional_address_information: address.additional_address_information,
        floor: address.floor,
        building_name: address.building_name,
        payment_method: if before.payment_method.is_empty() {
            payment_method::CASH.to_owned()
        } else {
            before.payment_method.clone()
        },
        ..before
    }
}

/// Adds the mediums that are described and not there, also those that were taken away meanwhile: a description that changed says them again.
/// What others added stays.
fn mediums(
    change: &mut Change<'_, '_>,
    home: &StudioOf,
    customer: &Customer,
    wanted: &CustomerDefinition,
) -> Result<(), Failure> {
    let present = medium::of_customer(change.tx, change.tenant, customer.id)?;
    for wanted in &wanted.access_mediums {
        let kind = access::medium_kind(&wanted.kind)?;
        let value = access::stored_value(kind, &wanted.value)?;
        if !present.iter().any(|medium| medium.kind == kind.name() && medium.value == value) {
            access::add_medium(change, &home.definition, customer, None, kind, &wanted.value)?;
        }
    }
    Ok(())
}

/// Enters the restrictions of somebody who is new: later whoever lifted one knows better.
fn restrictions(change: &mut Change<'_, '_>, customer: &Customer, wanted: &CustomerDefinition) -> Result<(), Failure> {
    for one in &wanted.restrictions {
        let (reason, start_date, end_date) = (one.reason.clone(), one.from, one.to);
        access::add_restriction(change, customer, &access::WantedRestriction { reason, start_date, end_date })?;
    }
    Ok(())
}

/// What is described in information fields. What is noted in other fields stays.
fn noted(shelf: &Shelf, wanted: &CustomerDefinition) -> Result<Vec<(i64, String)>, Failure> {
    let stored = |(key, value): (&String, &String)| {
        let misfit =
            || Failure::Internal(format!("information.{key}: there is no such field, or it takes no such value"));
        information::written_value(&shelf.fields, key, value).ok_or_else(misfit)
    };
    wanted.information.iter().map(stored).collect()
}

/// Makes the described account the customer's, unless it is already.
fn account(
    change: &mut Change<'_, '_>,
    home: &StudioOf,
    customer: &mut Customer,
    wanted: &CustomerDefinition,
) -> Result<(), Failure> {
    let Some(wanted) = &wanted.bank_account else { return Ok(()) };
    let wanted = bank::described(wanted)?;
    let present = bank_account::present(change.tx, change.tenant, customer.id)?;
    if present.is_some_and(|present| present.account == wanted)
        && customer.payment_method == payment_method::DIRECT_DEBIT
    {
        return Ok(());
    }
    let today = home.zone.to_datetime(change.now).date();
    bank::replace(change, customer, wanted, today, None)?;
    change.record(deed("customer.bank-account-entered", customer).personal_field("bankAccount"));
    Ok(())
}

/// Gives a contract that is there the end that is described. Where nothing is said of one, whatever ended it meanwhile holds.
fn end_as_described(
    change: &mut Change<'_, '_>,
    customer: &Customer,
    row: &Contract,
    wanted: &ContractDefinition,
) -> Result<(), DbError> {
    if wanted.ends_on.is_none() && wanted.canceled_on.is_none() && !wanted.reversed {
        return Ok(());
    }
    let fresh = Contract {
        ends_on: wanted.ends_on,
        reversed: wanted.reversed,
        canceled_on: wanted.canceled_on,
        cancelation_reason: wanted.cancelation_reason.clone(),
        ..row.clone()
    };
    if fresh == *row {
        return Ok(());
    }
    contract::set_end(change.tx, change.tenant, &fresh)?;
    let (customer_id, contract_id) = (customer.id, row.id);
    let event = if fresh.canceled_on.is_some() && row.canceled_on.is_none() {
        Event::ContractCancelled { customer_id, contract_id }
    } else {
        Event::ContractUpdated { customer_id, contract_id }
    };
    let deed = deed("contract.end-changed", customer)
        .field("contractId", (), contract_id)
        .field("endsOn", row.ends_on, fresh.ends_on)
        .field("reversed", row.reversed, fresh.reversed)
        .event(event);
    change.record(deed);
    Ok(())
}

/// Enters a described contract with the fees of its term, the modules of its offer and those beside it.
fn enter(
    change: &mut Change<'_, '_>,
    home: &StudioOf,
    customer: &Customer,
    shelf: &Shelf,
    wanted: &ContractDefinition,
) -> Result<(), Failure> {
    let missing = || Failure::Internal(format!("the offer {} is not there", wanted.offer));
    let (offer, term) = shelf.offer(wanted).ok_or_else(missing)?;
    let main = Contract {
        id: 0,
        customer_id: customer.id,
        studio_id: home.id,
        parent_id: None,
        kind: kind::MAIN.to_owned(),
        rate_name: offer.name.clone(),
        offer_key: Some(wanted.offer.clone()),
        signed_on: wanted.signed_on.unwrap_or(wanted.start),
        start_date: wanted.start,
        start_of_use: wanted.start_of_use,
        ends_on: wanted.ends_on,
        reversed: wanted.reversed,
        canceled_on: wanted.canceled_on,
        cancelation_reason: wanted.cancelation_reason.clone(),
        third_party_id: wanted.third_party_id.clone(),
        document_file_id: None,
        terms: json(&Agreement::of_offer(offer, term))?,
    };
    let main = Contract { id: contracts::enter(change, customer, main.clone())?, ..main };
    for fee in &term.flat_fees {
        let terms = OfferTerm::new(term.term, fee.payment.clone());
        let agreement = Agreement {
            term: terms,
            rate_codes: Vec::new(),
            time_restriction: None,
            everywhere: false,
            benefits: Vec::new(),
            allowances: Vec::new(),
        };
        let fee = Contract {
            kind: kind::FLAT_FEE.to_owned(),
            rate_name: fee.name.clone(),
            terms: json(&agreement)?,
            ..below(&main)
        };
        contracts::enter(change, customer, fee)?;
    }
    let included = offer.included_modules.iter().map(|module| (module, None, None));
    let beside = wanted.modules.iter().map(|module| (&module.module, module.start, module.ends_on));
    for (key, start, ends_on) in included.chain(beside) {
        enter_module(change, customer, shelf, &main, (key, start, ends_on))?;
    }
    for idle in &wanted.idle_periods {
        enter_pause(change, customer, &main, idle)?;
    }
    Ok(())
}

/// What hangs on a contract, before it is said what it is.
fn below(main: &Contract) -> Contract {
    Contract {
        parent_id: Some(main.id),
        offer_key: None,
        third_party_id: None,
        canceled_on: None,
        cancelation_reason: None,
        start_of_use: None,
        ..main.clone()
    }
}

/// Adds the modules and pauses of a contract that are described and not there. What was agreed and paused stays so.
fn add_below(
    change: &mut Change<'_, '_>,
    customer: &Customer,
    shelf: &Shelf,
    main: &Contract,
    present: &[Contract],
    wanted: &ContractDefinition,
) -> Result<(), Failure> {
    for module in &wanted.modules {
        let start = module.start.unwrap_or(main.start_date);
        let is_it = |row: &Contract| {
            let key = row.offer_key.as_deref();
            row.parent_id == Some(main.id) && key == Some(module.module.as_str()) && row.start_date == start
        };
        if !present.iter().any(is_it) {
            enter_module(change, customer, shelf, main, (&module.module, module.start, module.ends_on))?;
        }
    }
    if wanted.idle_periods.is_empty() {
        return Ok(());
    }
    let pauses = contract::idle_of_customers(change.tx, change.tenant, &[customer.id], LONG_AGO)?;
    for pause in &wanted.idle_periods {
        let is_it = |known: &IdlePeriod| known.contract_id == main.id && known.start_date == pause.from;
        if !pauses.iter().any(is_it) {
            enter_pause(change, customer, main, pause)?;
        }
    }
    Ok(())
}

fn enter_module(
    change: &mut Change<'_, '_>,
    customer: &Customer,
    shelf: &Shelf,
    main: &Contract,
    (key, start, ends_on): (&String, Option<Date>, Option<Date>),
) -> Result<(), Failure> {
    let missing = || Failure::Internal(format!("the module {key} is not there"));
    let module = shelf.modules.get(key).ok_or_else(missing)?;
    let row = Contract {
        kind: kind::MODULE.to_owned(),
        rate_name: module.name.clone(),
        offer_key: Some(key.clone()),
        start_date: start.unwrap_or(main.start_date),
        ends_on: ends_on.or(main.ends_on),
        terms: json(&Agreement::of_module(module))?,
        ..below(main)
    };
    contracts::enter(change, customer, row)?;
    Ok(())
}

fn enter_pause(
    change: &mut Change<'_, '_>,
    customer: &Customer,
    main: &Contract,
    pause: &IdlePeriodDefinition,
) -> Result<(), DbError> {
    let idle = IdlePeriod {
        id: change.tx.next_id()?,
        customer_id: customer.id,
        contract_id: main.id,
        rate_name: String::new(),
        start_date: pause.from,
        end_date: pause.to,
        reason: pause.reason.clone(),
        refuses_access: pause.refuses_access,
    };
    contract::insert_idle(change.tx, change.tenant, &idle)?;
    let event = Event::ContractIdlePeriodCreated {
        customer_id: customer.id,
        contract_id: main.id,
        idle_period_id: idle.id,
        idle_period_amount: None,
        used_free_terms_in_days: None,
    };
    change.record(deed("idle-period.entered", customer).field("idlePeriodId", (), idle.id).event(event));
    Ok(())
}

fn json(agreement: &Agreement) -> Result<String, Failure> {
    serde_json::to_string(agreement).map_err(|error| Failure::Internal(format!("cannot serialize: {error}")))
}
