//! Changes that customers ask for themselves: done at once, kept until staff has looked at them, or refused (AMD-1 to AMD-8).

mod data;

use gymkeeper_contract::errors::ErrorCode;
use gymkeeper_domain::customer::{
    amendment::{self as rule, AmendmentDecision, AmendmentKind, AmendmentMode, AmendmentState, AmendmentStep},
    contact,
};
use gymkeeper_store::{
    customer::{
        self, Customer,
        amendment::{self, Amendment},
        bank_account, payment_method,
    },
    db::{DbError, Tx},
    tenant::TenantId,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use self::data::{Address, Contact, Data, Master};
use super::{StudioOf, bank, deed, edit::correct_birthday, studio, updated};
use crate::{
    actions::change::{Change, Deed},
    http::{
        failure::{Failure, Refusal},
        input::invalid,
    },
};

/// What a customer asks for.
#[derive(Clone, Serialize, Deserialize)]
pub struct Wanted {
    /// The data as they shall be.
    pub data: Data,
    /// The signature under the mandate of a new bank account: an SVG document.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
}

impl From<Data> for Wanted {
    fn from(data: Data) -> Self {
        Self { data, signature: None }
    }
}

/// Whether a new bank account must be signed for (AMD-8). It always comes with a mandate, since dues are collected from it.
pub fn requires_signature(home: &StudioOf) -> bool {
    rule::requires_signature(true, home.definition.self_service.signature_required)
}

/// Asks for a change of a customer's data, and answers the id under which it waits for staff; nothing when it was done at once or
/// changes nothing (AMD-3, AMD-7). The customer must be held.
///
/// # Errors
/// Refuses what the studio does not leave to customers, what cannot be, a bank account without its signature, and a second request
/// of a kind while one waits (AMD-2).
pub fn ask(
    change: &mut Change<'_, '_>,
    home: &StudioOf,
    mut customer: Customer,
    wanted: &Wanted,
) -> Result<Option<i64>, Failure> {
    let (kind, today) = (wanted.data.kind(), home.zone.to_datetime(change.now).date());
    let mode = home.definition.self_service.mode(kind);
    if mode == AmendmentMode::Read {
        return Err(ErrorCode::AmendmentNotAllowed.into());
    }
    check(&wanted.data, today)?;
    let present = present(change.tx, change.tenant, &customer, kind)?;
    check_known(change, home, &customer, &wanted.data.over(&present))?;
    let changed = is_changed(&customer, &present, &wanted.data);
    let pending = amendment::pending(change.tx, change.tenant, customer.id, kind.name())?;
    match rule::decide(mode, changed, pending.is_some()) {
        AmendmentDecision::NotAllowed => Err(ErrorCode::AmendmentNotAllowed.into()),
        AmendmentDecision::Unchanged => Ok(None),
        AmendmentDecision::PendingExists => Err(ErrorCode::AmendmentPendingExists.into()),
        AmendmentDecision::Apply => {
            require_signature(home, wanted)?;
            carry_out(change, &mut customer, wanted, today)?;
            Ok(None)
        }
        AmendmentDecision::AwaitVerification => {
            require_signature(home, wanted)?;
            let id = change.tx.next_id()?;
            let (tenant, now) = (change.tenant, change.now);
            amendment::insert(change.tx, tenant, id, customer.id, kind.name(), &written(wanted)?, now)?;
            change.record(about("amendment.requested", &customer, id, kind));
            Ok(Some(id))
        }
    }
}

/// Changes a customer's data at once, as staff may, and answers whether they are others than before. What waits for staff goes on
/// waiting. A new account needs no drawn signature: staff has it on paper, or knows why not. The customer must be held.
///
/// # Errors
/// Refuses what cannot be.
pub fn change_at_once(
    change: &mut Change<'_, '_>,
    home: &StudioOf,
    customer: &mut Customer,
    wanted: impl Into<Wanted>,
) -> Result<bool, Failure> {
    let (wanted, today) = (wanted.into(), home.zone.to_datetime(change.now).date());
    check(&wanted.data, today)?;
    Ok(carry_out(change, customer, &wanted, today)?)
}

/// Changes data and leaves a record of it, unless they are so already.
fn carry_out(
    change: &mut Change<'_, '_>,
    customer: &mut Customer,
    wanted: &Wanted,
    today: Date,
) -> Result<bool, DbError> {
    let fields = put(change, customer, wanted, Days { asked: today, today })?;
    if fields.is_empty() {
        return Ok(false);
    }
    change.record(withheld(updated(deed_name(wanted.data.kind()), customer), &fields));
    Ok(true)
}

/// A field with what it is and what it shall be, as people are shown it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Its name on the wire.
    pub field: String,
    /// What it is; nothing where it has no value.
    pub from: Option<String>,
    /// What it shall be; nothing where it is to be cleared.
    pub to: Option<String>,
}

/// What would become different if a request was accepted now. Of account numbers only as much as tells one from another.
///
/// # Errors
/// The database's.
pub fn differences(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    customer: &Customer,
    wanted: &Data,
) -> Result<Vec<Difference>, DbError> {
    let present = present(tx, tenant, customer, wanted.kind())?;
    let fresh = wanted.over(&present);
    let (before, after) = (present.shown_fields(), fresh.shown_fields());
    let value = |fields: &serde_json::Map<String, serde_json::Value>, name: &str| {
        let text = fields.get(name).and_then(serde_json::Value::as_str);
        text.filter(|text| !text.is_empty()).map(str::to_owned)
    };
    let names = fresh.changed_fields(&present).into_iter();
    Ok(names.map(|field| Difference { from: value(&before, &field), to: value(&after, &field), field }).collect())
}

/// The data of a kind as they are.
///
/// # Errors
/// The database's.
pub fn present(tx: &mut Tx<'_>, tenant: TenantId, customer: &Customer, kind: AmendmentKind) -> Result<Data, DbError> {
    Ok(match kind {
        AmendmentKind::ContactData => Data::Contact(Contact::of(customer)),
        AmendmentKind::AddressData => Data::Address(Box::new(Address::of(customer))),
        AmendmentKind::MasterData => Data::Master(Master::of(customer)),
        AmendmentKind::PaymentData => {
            let account = bank_account::present(tx, tenant, customer.id)?;
            Data::Payment(account.map(|account| account.account).unwrap_or_default())
        }
    })
}

/// The change of a kind that waits for staff, with its id.
///
/// # Errors
/// The database's; when it cannot be read.
pub fn pending(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    customer: i64,
    kind: AmendmentKind,
) -> Result<Option<(i64, Data)>, DbError> {
    let Some(id) = amendment::pending(tx, tenant, customer, kind.name())? else { return Ok(None) };
    Ok(requested(tx, tenant, id)?.map(|wanted| (id, wanted.data)))
}

/// What a pending amendment asks for; nothing once it is decided.
///
/// # Errors
/// The database's; when it cannot be read.
pub fn requested(tx: &mut Tx<'_>, tenant: TenantId, id: i64) -> Result<Option<Wanted>, DbError> {
    let Some(text) = amendment::requested(tx, tenant, id)? else { return Ok(None) };
    // The error of the parser would show a part of what it could not read.
    let unreadable = |_| DbError::Unusable(format!("amendment {id} cannot be read"));
    serde_json::from_slice(&text).map(Some).map_err(unreadable)
}

/// The customer takes a request back (AMD-2). The customer must be held.
///
/// # Errors
/// Refuses an id that is not one of this customer's, and a request that is no longer pending.
pub fn withdraw(change: &mut Change<'_, '_>, customer: &Customer, id: i64) -> Result<(), Failure> {
    let found = amendment::find(change.tx, change.tenant, id)?.filter(|found| found.customer_id == customer.id);
    let amendment = found.ok_or(ErrorCode::AmendmentNotFound)?;
    let kind = kind_of(&amendment)?;
    end(change, &amendment, AmendmentStep::Withdraw, None)?;
    change.record(about("amendment.withdrawn", customer, id, kind));
    Ok(())
}

/// Staff accepts a request: the data become what it asks for (AMD-3).
///
/// # Errors
/// Refuses an unknown id, one of an archived customer, and a request that is no longer pending.
pub fn accept(change: &mut Change<'_, '_>, id: i64, note: Option<&str>) -> Result<Amendment, Failure> {
    let (amendment, mut customer) = held(change, id)?;
    let kind = kind_of(&amendment)?;
    let not_pending = || Failure::from(ErrorCode::AmendmentNotPending);
    let wanted = requested(change.tx, change.tenant, id)?.ok_or_else(not_pending)?;
    let home = studio(change.tx, change.tenant, customer.studio_id)?;
    // The mandate was given when the customer asked, not when staff had time.
    let asked = home.zone.to_datetime(amendment.requested_at).date();
    let today = home.zone.to_datetime(change.now).date();
    let present = present(change.tx, change.tenant, &customer, kind)?;
    check_known(change, &home, &customer, &wanted.data.over(&present))?;
    end(change, &amendment, AmendmentStep::Accept, note)?;
    let fields = put(change, &mut customer, &wanted, Days { asked, today })?;
    // Staff may have entered meanwhile what the customer asked for: then nobody needs to be told.
    let action = "amendment.accepted";
    let deed = if fields.is_empty() { deed(action, &customer) } else { updated(action, &customer) };
    change.record(withheld(deed.field("amendmentId", (), id).field("kind", (), kind.name()), &fields));
    Ok(amendment)
}

/// Staff rejects a request: everything stays as it is.
///
/// # Errors
/// As [`accept`].
pub fn reject(change: &mut Change<'_, '_>, id: i64, note: Option<&str>) -> Result<Amendment, Failure> {
    let (amendment, customer) = held(change, id)?;
    let kind = kind_of(&amendment)?;
    end(change, &amendment, AmendmentStep::Reject, note)?;
    change.record(about("amendment.rejected", &customer, id, kind));
    Ok(amendment)
}

/// The amendment of that id with its customer, who is held.
fn held(change: &mut Change<'_, '_>, id: i64) -> Result<(Amendment, Customer), Failure> {
    let (tenant, unknown) = (change.tenant, ErrorCode::AmendmentNotFound);
    let customer = amendment::find(change.tx, tenant, id)?.ok_or(unknown)?.customer_id;
    if !customer::hold(change.tx, tenant, customer)? {
        return Err(ErrorCode::CustomerNotFound.into());
    }
    // Read again: whoever held the customer before may have decided it.
    let amendment = amendment::find(change.tx, tenant, id)?.ok_or(unknown)?;
    let found = customer::by_id(change.tx, tenant, customer)?.filter(|customer| customer.archived_at.is_none());
    Ok((amendment, found.ok_or(ErrorCode::CustomerNotFound)?))
}

/// Ends a pending amendment by a step.
fn end(
    change: &mut Change<'_, '_>,
    amendment: &Amendment,
    step: AmendmentStep,
    note: Option<&str>,
) -> Result<(), Failure> {
    let unknown = || Failure::Internal(format!("amendment {} is {}", amendment.id, amendment.state));
    let state = AmendmentState::of_name(&amendment.state).ok_or_else(unknown)?;
    let after = rule::after(state, step).ok_or(ErrorCode::AmendmentNotPending)?;
    let (tenant, now, by) = (change.tenant, change.now, change.actor());
    let note = note.map(str::trim).filter(|note| !note.is_empty());
    if amendment::decide(change.tx, tenant, amendment.id, after.name(), now, &by, note)? {
        Ok(())
    } else {
        Err(ErrorCode::AmendmentNotPending.into())
    }
}

/// When data were asked for, and when they come into force.
#[derive(Clone, Copy)]
struct Days {
    asked: Date,
    today: Date,
}

/// Makes a customer's data what was asked for, and answers the fields that changed.
fn put(
    change: &mut Change<'_, '_>,
    customer: &mut Customer,
    wanted: &Wanted,
    days: Days,
) -> Result<Vec<String>, DbError> {
    let present = present(change.tx, change.tenant, customer, wanted.data.kind())?;
    if !is_changed(customer, &present, &wanted.data) {
        return Ok(Vec::new());
    }
    let fresh = wanted.data.over(&present);
    let mut fields = fresh.changed_fields(&present);
    match fresh {
        Data::Payment(account) => {
            if customer.payment_method != payment_method::DIRECT_DEBIT {
                fields.push("paymentMethod".to_owned());
            }
            bank::replace(change, customer, account, days.asked, wanted.signature.as_deref())?;
        }
        fresh => {
            let known = customer.date_of_birth;
            fresh.put(customer);
            customer::update(change.tx, change.tenant, customer)?;
            correct_birthday(change, known, customer, days.today)?;
        }
    }
    Ok(fields)
}

/// AMD-7: whether a request differs from what is there. An account that is there, but not debited, is not yet what was asked for.
fn is_changed(customer: &Customer, present: &Data, wanted: &Data) -> bool {
    let debited = customer.payment_method == payment_method::DIRECT_DEBIT;
    wanted.over(present) != *present || (wanted.kind() == AmendmentKind::PaymentData && !debited)
}

/// What cannot be, whoever asks for it. Texts were checked when they were read.
fn check(data: &Data, today: Date) -> Result<(), Failure> {
    match data {
        Data::Contact(wanted) => match &wanted.email {
            Some(email) if contact::normalized_email(email).is_err() => Err(invalid("email")),
            _ => Ok(()),
        },
        Data::Master(master) if master.date_of_birth.is_some_and(|day| day > today) => Err(invalid("dateOfBirth")),
        Data::Master(_) | Data::Address(_) | Data::Payment(_) => Ok(()),
    }
}

/// CUST-4: a studio is not made to forget what its country wants it to know.
fn check_known(change: &mut Change<'_, '_>, home: &StudioOf, customer: &Customer, fresh: &Data) -> Result<(), Failure> {
    if let Data::Payment(_) = fresh {
        return Ok(());
    }
    let mut changed = customer.clone();
    fresh.clone().put(&mut changed);
    super::edit::check_known(change, home, customer, &changed)
}

/// AMD-8: an account comes with a signature where the studio asks for it.
fn require_signature(home: &StudioOf, wanted: &Wanted) -> Result<(), Failure> {
    let is_missing = wanted.signature.is_none() && wanted.data.kind() == AmendmentKind::PaymentData;
    if is_missing && requires_signature(home) {
        return Err(Refusal::new(ErrorCode::BankAccountSignatureRequired).at("signature").into());
    }
    Ok(())
}

fn kind_of(amendment: &Amendment) -> Result<AmendmentKind, Failure> {
    let unknown = || Failure::Internal(format!("amendment {} is of the kind {}", amendment.id, amendment.kind));
    AmendmentKind::of_name(&amendment.kind).ok_or_else(unknown)
}

fn written(wanted: &Wanted) -> Result<Vec<u8>, Failure> {
    serde_json::to_vec(wanted).map_err(|error| Failure::Internal(format!("cannot serialize: {error}")))
}

const fn deed_name(kind: AmendmentKind) -> &'static str {
    match kind {
        AmendmentKind::ContactData => "customer.contact-data-changed",
        AmendmentKind::AddressData => "customer.address-changed",
        AmendmentKind::MasterData => "customer.master-data-changed",
        AmendmentKind::PaymentData => "customer.bank-account-changed",
    }
}

fn about(action: &'static str, customer: &Customer, id: i64, kind: AmendmentKind) -> Deed {
    deed(action, customer).field("amendmentId", (), id).field("kind", (), kind.name())
}

/// A deed with the names of the fields that it changed.
pub(super) fn withheld(deed: Deed, fields: &[impl AsRef<str>]) -> Deed {
    fields.iter().fold(deed, |deed, field| deed.personal_field(field.as_ref()))
}
