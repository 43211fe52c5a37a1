//! What the descriptions of a gym file say of customers in respect of each other: who acts for whom, and which contracts are
//! families. It is brought about once all customers of the studio are there. Whoever was erased is in no relation to anybody any
//! more, whatever a file still says.

use std::collections::HashMap;

use gymkeeper_domain::customer::{
    ContractDefinition,
    family::JoinRefusal,
    representative::{RepresentativeDefinition, RepresentingPerson},
};
use gymkeeper_store::customer::{
    self, Customer,
    contract::{self, Contract},
    representative::Person,
};

use super::{
    StudioOf,
    described::{Described, Named, is_described, named},
    family,
    representative::{self, Acting, Wanted},
};
use crate::{actions::change::Change, http::failure::Failure};

/// The contracts of a studio that have a key, each with the key of its customer.
pub struct Keyed<'d>(HashMap<&'d str, (&'d str, &'d ContractDefinition)>);

impl<'d> Keyed<'d> {
    /// Those of the customers that a file describes.
    pub fn of(described: impl IntoIterator<Item = &'d Described>) -> Self {
        let mut keyed = HashMap::new();
        for Described { key: customer, definition, .. } in described {
            for contract in &definition.contracts {
                keyed.extend(contract.key.as_deref().map(|key| (key, (customer.as_str(), contract))));
            }
        }
        Self(keyed)
    }
}

/// Brings a customer and the customer's contracts into the relations that are described. What is not described stays.
///
/// # Errors
/// The database's; refuses a representative who cannot be one and a family that cannot be.
pub fn apply(
    change: &mut Change<'_, '_>,
    home: &StudioOf,
    keyed: &Keyed<'_>,
    described: &Described,
) -> Result<(), Failure> {
    let wanted = &described.definition;
    if let Some(representative) = &wanted.legal_representative {
        represent(change, home, &described.key, representative)?;
    }
    for (place, wanted) in wanted.contracts.iter().enumerate() {
        let Some(head) = &wanted.family_of else { continue };
        let missing = || Failure::Internal(format!("there is no contract with the key {head:?}"));
        let (head_of, head) = keyed.0.get(head.as_str()).ok_or_else(missing)?;
        let Some((_, head)) = contract_of(change, home, head_of, head)? else { continue };
        let Some((customer, row)) = contract_of(change, home, &described.key, wanted)? else { continue };
        // Whoever has left since does not come back because the file still says so.
        if row.canceled_on.is_some() && wanted.canceled_on.is_none() {
            continue;
        }
        let why = match family::join(change, &customer, &row, &head)? {
            None => continue,
            Some(JoinRefusal::SameCustomer) => "both contracts are of one customer",
            Some(JoinRefusal::OtherStudio) => "the contracts are of two studios",
            Some(JoinRefusal::HeadIsMember) => "the other contract is a member of a family itself",
            Some(JoinRefusal::MemberIsHead) => "the contract has a family of its own",
        };
        return Err(Failure::Internal(format!("customer {}: contracts[{place}].family_of: {why}", described.key)));
    }
    Ok(())
}

fn represent(
    change: &mut Change<'_, '_>,
    home: &StudioOf,
    key: &str,
    wanted: &RepresentativeDefinition,
) -> Result<(), Failure> {
    let Some(customer) = known(change, home, key)? else { return Ok(()) };
    let acting;
    let who = match &wanted.customer {
        Some(key) => {
            let Some(found) = known(change, home, key)? else { return Ok(()) };
            acting = found;
            Acting::Customer(&acting)
        }
        None => Acting::Person(person(wanted.person.clone().unwrap_or_default())),
    };
    let (only_guardian, gets_messages) = (wanted.only_guardian, wanted.gets_messages);
    let wanted = Wanted { who, only_guardian, gets_messages, signature: None };
    let today = home.zone.to_datetime(change.now).date();
    representative::replace(change, &customer, wanted, today)
}

fn person(wanted: RepresentingPerson) -> Person {
    let RepresentingPerson { first_name, last_name, date_of_birth, email } = wanted;
    let trimmed = |text: String| text.trim().to_owned();
    Person { first_name: trimmed(first_name), last_name: trimmed(last_name), date_of_birth, email: email.map(trimmed) }
}

/// The customer that the file calls by a key; nobody when the customer was erased.
fn known(change: &mut Change<'_, '_>, home: &StudioOf, key: &str) -> Result<Option<Customer>, Failure> {
    let missing = || Failure::Internal(format!("there is no customer with the key {key:?}"));
    let id = match named(change, home.id, key)? {
        Named::Customer(id, _) => id,
        Named::Erased => return Ok(None),
        Named::Nobody => return Err(missing()),
    };
    Ok(Some(customer::by_id(change.tx, change.tenant, id)?.ok_or_else(missing)?))
}

/// A described contract as it is stored, with its customer; nothing when the customer was erased.
fn contract_of(
    change: &mut Change<'_, '_>,
    home: &StudioOf,
    key: &str,
    wanted: &ContractDefinition,
) -> Result<Option<(Customer, Contract)>, Failure> {
    let Some(customer) = known(change, home, key)? else { return Ok(None) };
    let rows = contract::of_customer(change.tx, change.tenant, customer.id)?;
    let missing = || Failure::Internal(format!("the contract of {key} from {} is not there", wanted.start));
    let row = rows.into_iter().find(|row| is_described(row, wanted)).ok_or_else(missing)?;
    Ok(Some((customer, row)))
}
