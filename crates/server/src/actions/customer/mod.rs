//! Customers: making them, finding the one a request is about, and keeping their status right.
//!
//! Whoever changes a customer asks for it with [`own`], which also says why it may not be touched. What a customer has several
//! of is changed in the modules beside this one.

pub mod access;
pub mod amendment;
pub mod archive;
pub mod bank;
pub mod benefit;
pub mod communication;
pub mod consent;
pub mod contract;
pub mod described;
pub mod desk;
pub mod door;
pub mod edit;
pub mod entry;
pub mod erasure;
pub mod family;
pub mod files;
pub mod home;
pub mod information;
pub mod note;
pub mod pack;
pub mod prospect;
pub mod relations;
pub mod representative;
pub mod search;

use gymkeeper_contract::{errors::ErrorCode, webhooks::Event};
use gymkeeper_domain::studio::StudioDefinition;
use gymkeeper_store::{
    customer::{self, Customer, contract::kind, find},
    db::{DbError, Tx},
    keys, studio,
    tenant::TenantId,
};
use jiff::{civil::Date, tz::TimeZone};

use self::access::source;
use super::change::{Change, Deed};
use crate::http::{caller::Caller, failure::Failure};

/// The first running number of a studio's customers.
const FIRST_NUMBER: i64 = 10_001;

/// Letters of referral codes: without those that are taken for one another.
const CODE_LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// A studio with its definition.
pub struct StudioOf {
    /// Its id.
    pub id: i64,
    /// What it is.
    pub definition: StudioDefinition,
    /// Its zone.
    pub zone: TimeZone,
}

/// The studio of that id, read whole.
///
/// # Errors
/// The database's; when there is no such studio or its definition cannot be read.
pub fn studio(tx: &mut Tx<'_>, tenant: TenantId, id: i64) -> Result<StudioOf, DbError> {
    let row = studio::find(tx, tenant, id)?.ok_or_else(|| DbError::Unusable(format!("there is no studio {id}")))?;
    let unreadable = |error: &dyn std::fmt::Display| DbError::Unusable(format!("studio {id} cannot be read: {error}"));
    Ok(StudioOf {
        id,
        definition: serde_json::from_str(&row.definition).map_err(|error| unreadable(&error))?,
        zone: TimeZone::get(&row.zone).map_err(|error| unreadable(&error))?,
    })
}

/// The customer that a request of the caller's studio is about (AUTH-5, AUTH-6, CUST-26).
///
/// # Errors
/// Refuses an unknown or archived one with 404, one of another studio and one who does not want to be seen with 403.
pub fn own(tx: &mut Tx<'_>, caller: &Caller, id: i64) -> Result<Customer, Failure> {
    let found = customer::by_id(tx, caller.tenant(), id)?.filter(|customer| customer.archived_at.is_none());
    permitted(caller, found.ok_or(ErrorCode::CustomerNotFound)?)
}

/// As [`own`], with other changes of the customer waiting until this one has ended.
///
/// # Errors
/// As [`own`].
pub fn own_alone(change: &mut Change<'_, '_>, caller: &Caller, id: i64) -> Result<Customer, Failure> {
    if !customer::hold(change.tx, change.tenant, id)? {
        return Err(ErrorCode::CustomerNotFound.into());
    }
    own(change.tx, caller, id)
}

/// A customer that was found by something else than its id.
///
/// # Errors
/// As [`own`].
pub fn permitted(caller: &Caller, customer: Customer) -> Result<Customer, Failure> {
    if customer.studio_id != caller.studio() {
        return Err(ErrorCode::AuthorizationOtherStudio.into());
    }
    if customer.withheld {
        return Err(ErrorCode::ThirdPartyCustomerAccessDisabled.into());
    }
    Ok(customer)
}

/// As [`own`], and also whoever is at home in a sister studio in which the caller's integration is active (AUTH-6).
///
/// # Errors
/// As [`own`].
pub fn known_in_sister_studios(tx: &mut Tx<'_>, caller: &Caller, id: i64) -> Result<Customer, Failure> {
    let found = customer::by_id(tx, caller.tenant(), id)?.filter(|customer| customer.archived_at.is_none());
    permitted_in_sister_studios(tx, caller, found.ok_or(ErrorCode::CustomerNotFound)?)
}

/// The customer who stands at the door of the caller's studio, with other changes of the customer waiting until this one has
/// ended.
///
/// # Errors
/// As [`own`].
pub fn visitor_alone(change: &mut Change<'_, '_>, caller: &Caller, id: i64) -> Result<Customer, Failure> {
    if !customer::hold(change.tx, change.tenant, id)? {
        return Err(ErrorCode::CustomerNotFound.into());
    }
    known_in_sister_studios(change.tx, caller, id)
}

/// As [`permitted`], and also whoever is at home in a sister studio in which the caller's integration is active (AUTH-6).
///
/// # Errors
/// As [`own`].
pub fn permitted_in_sister_studios(tx: &mut Tx<'_>, caller: &Caller, customer: Customer) -> Result<Customer, Failure> {
    let is_sister = customer.studio_id != caller.studio()
        && keys::studios_of(tx, caller.tenant(), caller.integration(), caller.system_now)?
            .contains(&customer.studio_id);
    match (is_sister, customer.withheld) {
        (true, false) => Ok(customer),
        // AUTH-5: the same answer wherever the customer would be shown otherwise.
        (true, true) => Err(ErrorCode::ThirdPartyCustomerAccessDisabled.into()),
        (false, _) => permitted(caller, customer),
    }
}

/// Something done to a customer of a home studio.
pub fn deed(action: &'static str, customer: &Customer) -> Deed {
    Deed::new(action).studio(customer.studio_id).subject("customer", customer.id)
}

/// As [`deed`], with the event that the customer's data changed.
pub fn updated(action: &'static str, customer: &Customer) -> Deed {
    deed(action, customer).event(Event::CustomerUpdated { customer_id: customer.id })
}

/// Stores a new customer of the draft's home studio, a PROSPECT, and answers it with its id and number (CUST-3, CUST-4). Whether
/// somebody like that is there already is for the caller to ask.
///
/// # Errors
/// The database's.
pub fn create(change: &mut Change<'_, '_>, home: &StudioOf, draft: Customer) -> Result<Customer, DbError> {
    let id = change.tx.next_id()?;
    let uuid = uuid::Builder::from_random_bytes(change.draw()).into_uuid().to_string();
    let code: String = change.draw()[..8].iter().map(|byte| char::from(CODE_LETTERS[usize::from(byte % 32)])).collect();
    let customer_number = match draft.customer_number {
        given if !given.is_empty() => given,
        _ => fresh_number(change, home)?,
    };
    let customer = Customer {
        id,
        studio_id: home.id,
        customer_number,
        uuid,
        referral_code: code,
        status: customer::status::PROSPECT.to_owned(),
        member_until: None,
        created_at: change.now,
        ..draft
    };
    customer::insert(change.tx, change.tenant, &customer)?;
    change.record(deed("customer.created", &customer).event(Event::CustomerCreated { customer_id: id }));
    Ok(customer)
}

/// Somebody of whom nothing is known but the home studio: with its country and language, and paying in cash.
pub fn newcomer(home: &StudioOf) -> Customer {
    let mut language = home.definition.language.split('-');
    Customer {
        studio_id: home.id,
        language_code: language.next().map(str::to_owned),
        language_country: language.next().map(str::to_owned),
        country_code: Some(home.definition.country_code.clone()),
        payment_method: "CASH".to_owned(),
        ..Customer::default()
    }
}

/// What stands before the dash in the numbers of a studio's customers.
fn number_prefix(tx: &mut Tx<'_>, tenant: TenantId, home: &StudioOf) -> Result<String, DbError> {
    if let Some(prefix) = &home.definition.customer_number_prefix {
        return Ok(prefix.clone());
    }
    let place = studio::list(tx, tenant)?.iter().position(|studio| studio.id == home.id);
    Ok((place.unwrap_or_default() + 1).to_string())
}

/// CUST-3: the studio's prefix, a dash, and a running number that nobody has.
fn fresh_number(change: &mut Change<'_, '_>, home: &StudioOf) -> Result<String, DbError> {
    let prefix = number_prefix(change.tx, change.tenant, home)?;
    loop {
        let number = customer::next_number(change.tx, change.tenant, home.id, FIRST_NUMBER)?;
        let number = format!("{prefix}-{number}");
        if find::by_number(change.tx, change.tenant, &number)?.is_none() {
            return Ok(number);
        }
    }
}

/// Brings a customer's status to what the main contracts say on a day (CUST-1, CUST-2), and answers whether it changed.
///
/// # Errors
/// The database's; when a contract cannot be read.
pub fn refresh_status(change: &mut Change<'_, '_>, customer: &mut Customer, today: Date) -> Result<bool, DbError> {
    let contracts = contract::of(change.tx, change.tenant, customer)?;
    let main = contracts.iter().filter(|contract| contract.row.kind == kind::MAIN && !contract.row.reversed);
    let until = main.map(|contract| contract.conditions.final_end().unwrap_or(Date::MAX)).max();
    let before = (customer.status.clone(), customer.member_until);
    customer.member_until = until;
    customer.status = customer.status_on(today).to_owned();
    if (&customer.status, customer.member_until) == (&before.0, before.1) {
        return Ok(false);
    }
    customer::set_status(change.tx, change.tenant, customer.id, &customer.status, customer.member_until)?;
    Ok(customer.status != before.0)
}

/// Notes in the evening's books who is no member any more since the main contracts ended, each with an event (WH-10).
///
/// # Errors
/// The database's.
pub fn note_former_members(change: &mut Change<'_, '_>, studio: i64, today: Date) -> Result<(), DbError> {
    for id in customer::ended_before(change.tx, change.tenant, studio, today)? {
        let Some(mut customer) = customer::by_id(change.tx, change.tenant, id)? else { continue };
        let from = customer.status.clone();
        if refresh_status(change, &mut customer, today)? {
            let deed = updated("customer.status-changed", &customer);
            change.record(deed.field("status", from, &customer.status));
        }
    }
    Ok(())
}
