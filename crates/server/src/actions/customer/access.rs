//! What lets customers in and keeps them out: access mediums, restrictions, access codes.

use gymkeeper_contract::{errors::ErrorCode, webhooks::Event};
use gymkeeper_domain::{
    customer::{
        card_number::CardFormat,
        medium as rule,
        medium::MediumKind,
        status::{RestrictionDatesRefusal, restriction_days},
    },
    studio::StudioDefinition,
};
use gymkeeper_store::{
    customer::{
        Customer,
        medium::{self, Medium},
        restriction::{self, Restriction},
    },
    db::DbError,
};
use jiff::civil::Date;

use super::deed;
use crate::{
    actions::change::Change,
    http::{
        caller::Caller,
        failure::{Failure, Refusal},
        input::{invalid, required},
    },
};

/// The stored names of who sets restrictions.
pub mod source {
    /// A program with an API key.
    pub const INTEGRATION: &str = "INTEGRATION";
    /// Somebody of the studio.
    pub const STAFF: &str = "STAFF";
    /// Money is owed and reminders were sent.
    pub const DUNNING: &str = "DUNNING";
    /// The debt was handed over for collection.
    pub const DEBT_COLLECTION: &str = "DEBT_COLLECTION";
}

/// Gives a customer an access medium (CUST-12, CUST-18). A card's number is given in decimal digits. Without an integration it
/// is staff's.
///
/// # Errors
/// Refuses a kind that the studio does not use, a value that cannot be, and one that somebody has.
pub fn add_medium(
    change: &mut Change<'_, '_>,
    home: &StudioDefinition,
    customer: &Customer,
    integration: Option<i64>,
    kind: MediumKind,
    value: &str,
) -> Result<Medium, Failure> {
    if !home.uses_medium(kind) {
        return Err(Refusal::new(ErrorCode::AccessMediumTypeUnsupported).with_text(kind.name()).at("type").into());
    }
    let medium = Medium {
        id: change.tx.next_id()?,
        customer_id: customer.id,
        kind: kind.name().to_owned(),
        value: stored_value(kind, value)?,
        integration_id: integration,
    };
    if !medium::insert(change.tx, change.tenant, &medium, change.now)? {
        return Err(Refusal::new(ErrorCode::AccessMediumDuplicate).at("value").into());
    }
    let deed = deed("access-medium.added", customer)
        .field("accessMediumId", (), medium.id)
        .field("type", (), kind.name())
        .personal_field("value")
        .event(Event::CustomerAccessMediumCreated { customer_id: customer.id });
    change.record(deed);
    Ok(medium)
}

/// The form in which the value of a medium is stored and compared.
///
/// # Errors
/// Refuses what cannot be a value of that kind.
pub fn stored_value(kind: MediumKind, value: &str) -> Result<String, Failure> {
    let value = value.trim();
    if value.is_empty() {
        return Err(required("value"));
    }
    rule::canonical_value(kind, value, CardFormat::Decimal)
        .map_err(|_| Refusal::new(ErrorCode::AccessMediumValueInvalid).with_text(value).at("value").into())
}

/// Which mediums somebody may change and take away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// Those that were made through the API, by whichever program (CUST-12).
    Programs,
    /// All of them: a card that is lost must not open, whoever made it known, and its program is told.
    Anybodys,
}

/// The medium of a customer that may be changed.
fn changeable(
    change: &mut Change<'_, '_>,
    customer: &Customer,
    id: i64,
    whose: Whose,
) -> Result<(Medium, MediumKind), Failure> {
    let found = medium::find(change.tx, change.tenant, id)?.filter(|medium| medium.customer_id == customer.id);
    let medium = found.ok_or(ErrorCode::AccessMediumNotFound)?;
    if whose == Whose::Programs && medium.integration_id.is_none() {
        return Err(ErrorCode::AccessMediumNotOwned.into());
    }
    let unknown = || Failure::Internal(format!("access medium {id} is of the unknown kind {}", medium.kind));
    let kind = MediumKind::of_name(&medium.kind).ok_or_else(unknown)?;
    Ok((medium, kind))
}

/// Gives an access medium another value (CUST-12).
///
/// # Errors
/// As [`add_medium`]; refuses a medium that the customer does not have or that is not for the caller to change.
pub fn change_medium(
    change: &mut Change<'_, '_>,
    customer: &Customer,
    id: i64,
    value: &str,
    whose: Whose,
) -> Result<Medium, Failure> {
    let (medium, kind) = changeable(change, customer, id, whose)?;
    let value = stored_value(kind, value)?;
    if medium.value == value {
        return Ok(medium);
    }
    if !medium::change(change.tx, change.tenant, id, &value)? {
        return Err(Refusal::new(ErrorCode::AccessMediumDuplicate).at("value").into());
    }
    let deed = deed("access-medium.changed", customer)
        .field("accessMediumId", (), id)
        .personal_field("value")
        .event(Event::CustomerAccessMediumUpdated { customer_id: customer.id });
    change.record(deed);
    Ok(Medium { value, ..medium })
}

/// Takes an access medium away (CUST-12).
///
/// # Errors
/// Refuses a medium that the customer does not have or that is not for the caller to take away.
pub fn remove_medium(change: &mut Change<'_, '_>, customer: &Customer, id: i64, whose: Whose) -> Result<(), Failure> {
    let (medium, _) = changeable(change, customer, id, whose)?;
    medium::delete(change.tx, change.tenant, id)?;
    let deed = deed("access-medium.removed", customer)
        .field("accessMediumId", id, ())
        .field("type", &medium.kind, ())
        .event(Event::CustomerAccessMediumDeleted { customer_id: customer.id });
    change.record(deed);
    Ok(())
}

/// A restriction as it is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedRestriction {
    /// Why.
    pub reason: String,
    /// The first day.
    pub start_date: Option<Date>,
    /// The last day.
    pub end_date: Option<Date>,
}

impl WantedRestriction {
    /// CUST-11: both days or neither; not over before it begins, nor already over.
    fn check(&self, today: Date) -> Result<(), Failure> {
        if self.reason.trim().is_empty() {
            return Err(required("reason"));
        }
        let missing = if self.start_date.is_none() { "startDate" } else { "endDate" };
        let (code, field) = match restriction_days(self.start_date, self.end_date, today) {
            Ok(_) => return Ok(()),
            Err(RestrictionDatesRefusal::Incomplete) => (ErrorCode::AccessRestrictionDatesIncomplete, missing),
            Err(RestrictionDatesRefusal::Impossible) => (ErrorCode::AccessRestrictionDatesInvalid, "endDate"),
        };
        Err(Refusal::new(code).at(field).into())
    }
}

/// Sets or changes the one restriction that an integration has for a customer (CUST-11).
///
/// # Errors
/// Refuses a restriction without a reason, with one day only, and one that is over.
pub fn set_restriction(
    change: &mut Change<'_, '_>,
    caller: &Caller,
    customer: &Customer,
    wanted: &WantedRestriction,
) -> Result<Restriction, Failure> {
    wanted.check(caller.today())?;
    let present = restriction::of_integration(change.tx, change.tenant, customer.id, caller.integration())?;
    let fresh = Restriction {
        id: match &present {
            Some(present) => present.id,
            None => change.tx.next_id()?,
        },
        customer_id: customer.id,
        source: source::INTEGRATION.to_owned(),
        integration_id: Some(caller.integration()),
        reason: wanted.reason.trim().to_owned(),
        start_date: wanted.start_date,
        end_date: wanted.end_date,
    };
    match present {
        Some(present) if present == fresh => return Ok(fresh),
        Some(_) => restriction::change(change.tx, change.tenant, &fresh)?,
        None => restriction::insert(change.tx, change.tenant, &fresh, change.now)?,
    }
    note_restriction(change, customer, &fresh);
    Ok(fresh)
}

/// Sets a restriction on behalf of the studio.
///
/// # Errors
/// As [`set_restriction`].
pub fn add_restriction(
    change: &mut Change<'_, '_>,
    customer: &Customer,
    wanted: &WantedRestriction,
) -> Result<i64, DbError> {
    let restriction = Restriction {
        id: change.tx.next_id()?,
        customer_id: customer.id,
        source: source::STAFF.to_owned(),
        integration_id: None,
        reason: wanted.reason.trim().to_owned(),
        start_date: wanted.start_date,
        end_date: wanted.end_date,
    };
    restriction::insert(change.tx, change.tenant, &restriction, change.now)?;
    note_restriction(change, customer, &restriction);
    Ok(restriction.id)
}

/// Sets a restriction as staff, from a day that need not be today (CUST-11).
///
/// # Errors
/// As [`set_restriction`].
pub fn restrict(
    change: &mut Change<'_, '_>,
    customer: &Customer,
    wanted: &WantedRestriction,
    today: Date,
) -> Result<i64, Failure> {
    wanted.check(today)?;
    Ok(add_restriction(change, customer, wanted)?)
}

/// Changes reason and days of a restriction that staff set.
///
/// # Errors
/// As [`set_restriction`]; refuses a restriction that this customer does not have, and one that others set.
pub fn change_restriction(
    change: &mut Change<'_, '_>,
    customer: &Customer,
    id: i64,
    wanted: &WantedRestriction,
    today: Date,
) -> Result<(), Failure> {
    wanted.check(today)?;
    let present = restriction_of(change, customer, id, &[source::STAFF])?;
    let fresh = Restriction {
        reason: wanted.reason.trim().to_owned(),
        start_date: wanted.start_date,
        end_date: wanted.end_date,
        ..present.clone()
    };
    if fresh != present {
        restriction::change(change.tx, change.tenant, &fresh)?;
        note_restriction(change, customer, &fresh);
    }
    Ok(())
}

/// Lifts a restriction as staff: their own, or that of a program, which may be gone and cannot lift it itself any more. What is
/// owed keeps somebody out until it is paid.
///
/// # Errors
/// Refuses a restriction that this customer does not have, and one for money that is owed.
pub fn lift_restriction(change: &mut Change<'_, '_>, customer: &Customer, id: i64) -> Result<(), Failure> {
    let present = restriction_of(change, customer, id, &[source::STAFF, source::INTEGRATION])?;
    delete_restriction(change, customer, &present)
}

fn restriction_of(
    change: &mut Change<'_, '_>,
    customer: &Customer,
    id: i64,
    sources: &[&str],
) -> Result<Restriction, Failure> {
    let found = restriction::find(change.tx, change.tenant, id)?.filter(|one| one.customer_id == customer.id);
    let found = found.ok_or(ErrorCode::AccessRestrictionNotFound)?;
    if sources.contains(&found.source.as_str()) {
        Ok(found)
    } else {
        Err(Refusal::new(ErrorCode::AccessRestrictionOfOthers).with_text(&found.source).into())
    }
}

fn delete_restriction(change: &mut Change<'_, '_>, customer: &Customer, present: &Restriction) -> Result<(), Failure> {
    restriction::delete(change.tx, change.tenant, present.id)?;
    let deed = deed("access-restriction.removed", customer)
        .field("accessRestrictionId", present.id, ())
        .event(Event::CustomerAccessRestrictionDeleted { customer_id: customer.id });
    change.record(deed);
    Ok(())
}

fn note_restriction(change: &mut Change<'_, '_>, customer: &Customer, restriction: &Restriction) {
    let deed = deed("access-restriction.set", customer)
        .field("accessRestrictionId", (), restriction.id)
        .personal_field("reason")
        .field("startDate", (), restriction.start_date)
        .field("endDate", (), restriction.end_date)
        .event(Event::CustomerAccessRestrictionCreated { customer_id: customer.id });
    change.record(deed);
}

/// Removes the restriction that an integration has for a customer (CUST-11).
///
/// # Errors
/// Refuses when it has none.
pub fn remove_restriction(change: &mut Change<'_, '_>, caller: &Caller, customer: &Customer) -> Result<(), Failure> {
    let present = restriction::of_integration(change.tx, change.tenant, customer.id, caller.integration())?;
    let present = present.ok_or(ErrorCode::AccessRestrictionNotFound)?;
    delete_restriction(change, customer, &present)
}

/// Notes which restrictions of a studio's customers have run out, each with its event (WH-10).
///
/// # Errors
/// The database's.
pub fn note_ended_restrictions(change: &mut Change<'_, '_>, studio: i64, today: Date) -> Result<(), DbError> {
    for (id, customer_id) in restriction::run_out(change.tx, change.tenant, studio, today)? {
        let deed = crate::actions::change::Deed::new("access-restriction.ran-out")
            .studio(studio)
            .subject("customer", customer_id)
            .field("accessRestrictionId", id, ())
            .event(Event::CustomerAccessRestrictionDeleted { customer_id });
        change.record(deed);
    }
    Ok(())
}

/// The kind of medium that a program names.
///
/// # Errors
/// Refuses an unknown one.
pub fn medium_kind(name: &str) -> Result<MediumKind, Failure> {
    MediumKind::of_name(name).ok_or_else(|| invalid("type"))
}
