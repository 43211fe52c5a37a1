//! Who acts for customers: saying so, for whoever asks (REP-1, REP-2).

use gymkeeper_contract::errors::{Argument, ErrorCode};
use gymkeeper_domain::customer::{
    contact,
    representative::{self as rule, OF_AGE, RepresentativeRefusal},
};
use gymkeeper_store::customer::{
    self, Customer,
    representative::{self, Person, Representative, Who},
};
use jiff::civil::Date;

use super::updated;
use crate::{
    actions::change::Change,
    http::{
        failure::{Failure, Refusal},
        input::{invalid, required},
    },
};

/// Who shall act for a customer.
#[derive(Debug, Clone)]
pub enum Acting<'c> {
    /// Another customer, whom whoever asks may see.
    Customer(&'c Customer),
    /// Somebody who is no customer.
    Person(Person),
}

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Wanted<'c> {
    /// Who shall act.
    pub who: Acting<'c>,
    /// Whether nobody else may.
    pub only_guardian: bool,
    /// Whether messages and bills go there instead of to the customer.
    pub gets_messages: bool,
    /// The signature of whoever shall act: an SVG document.
    pub signature: Option<String>,
}

/// Makes somebody the one who acts for a customer, in the place of whoever did. The customer must be held.
///
/// Whoever acts already and is named again without a signature keeps the one that was given; somebody else has none.
///
/// # Errors
/// Refuses a customer who is the same one, is not of age, or is represented by this one; a person without a name, with what is no
/// e-mail address, born in the future or not of age (REP-1).
pub fn replace(
    change: &mut Change<'_, '_>,
    customer: &Customer,
    wanted: Wanted<'_>,
    today: Date,
) -> Result<(), Failure> {
    let tenant = change.tenant;
    let (born, who) = match wanted.who {
        Acting::Customer(acting) => (acting.date_of_birth, Who::Customer(acting.id)),
        Acting::Person(person) => (None, Who::Person(checked(person, today)?)),
    };
    let present = representative::of_customer(change.tx, tenant, customer.id)?;
    let signed = match &present {
        Some(present) if is_same(&present.who, &who) => {
            let bytes = representative::signature(change.tx, tenant, customer.id)?;
            bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        }
        _ => None,
    };
    let signature = wanted.signature.or_else(|| signed.clone());
    let (only_guardian, gets_messages) = (wanted.only_guardian, wanted.gets_messages);
    let said = |one: &Representative| (one.who == who, one.only_guardian, one.gets_messages);
    if present.as_ref().map(said) == Some((true, only_guardian, gets_messages)) && signature == signed {
        return Ok(());
    }
    if let Who::Customer(acting) = who {
        // Of two who name each other at once, the second sees the first.
        customer::take_turn_at(change.tx, tenant, "legal representative")?;
        let chain = representative::chain(change.tx, tenant, acting)?;
        rule::may_represent(customer.id, acting, born, &chain, today).map_err(refused)?;
    }
    let fresh = Representative { id: change.tx.next_id()?, who, only_guardian, gets_messages };
    representative::replace(change.tx, tenant, customer.id, &fresh, signature.as_deref().map(str::as_bytes))?;
    let before = present.as_ref();
    let mut deed = updated("customer.legal-representative-replaced", customer)
        .field("type", before.map(|before| kind(&before.who)), kind(&fresh.who))
        .field("onlyLegalGuardian", before.map(|before| before.only_guardian), only_guardian)
        .field("communicationToLegalRepresentative", before.map(|before| before.gets_messages), gets_messages);
    if before.is_none_or(|before| before.who != fresh.who) {
        deed = deed.personal_field("legalRepresentative");
    }
    if signature != signed {
        deed = deed.personal_field("firstSignature");
    }
    change.record(deed);
    Ok(())
}

/// A person whose name is there and about whom nothing is said that cannot be. An age that is not told may be any.
fn checked(person: Person, today: Date) -> Result<Person, Failure> {
    for (field, name) in [("person.firstName", &person.first_name), ("person.lastName", &person.last_name)] {
        if name.trim().is_empty() {
            return Err(required(field));
        }
    }
    if person.email.as_deref().is_some_and(|email| contact::normalized_email(email).is_err()) {
        return Err(invalid("person.email"));
    }
    match person.date_of_birth {
        Some(born) if born > today => Err(invalid("person.dateOfBirth")),
        Some(born) if !rule::is_of_age(born, today) => Err(not_of_age().at("person.dateOfBirth").into()),
        _ => Ok(person),
    }
}

/// Whether it is the same customer, or a person of the same name and birthday: e-mail addresses change.
fn is_same(one: &Who, other: &Who) -> bool {
    match (one, other) {
        (Who::Customer(one), Who::Customer(other)) => one == other,
        (Who::Person(one), Who::Person(other)) => {
            (&one.first_name, &one.last_name, one.date_of_birth)
                == (&other.first_name, &other.last_name, other.date_of_birth)
        }
        _ => false,
    }
}

const fn kind(who: &Who) -> &'static str {
    match who {
        Who::Customer(_) => "EXISTING_CUSTOMER",
        Who::Person(_) => "EXTERNAL_PERSON",
    }
}

fn not_of_age() -> Refusal {
    Refusal::new(ErrorCode::LegalRepresentativeNotOfAge).with(Argument::Integer(i64::from(OF_AGE)))
}

fn refused(reason: RepresentativeRefusal) -> Failure {
    let refusal = match reason {
        RepresentativeRefusal::Oneself => Refusal::new(ErrorCode::LegalRepresentativeSelf),
        RepresentativeRefusal::NotOfAge => not_of_age(),
        RepresentativeRefusal::Circular => Refusal::new(ErrorCode::LegalRepresentativeCircular),
    };
    refusal.at("customerId").into()
}
