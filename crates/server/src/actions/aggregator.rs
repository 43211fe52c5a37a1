//! Aggregators: networks whose members visit studios that they pay, and the visitors whom they send (AGG-1).
//!
//! They are inventory of the tenant, defined in the gym file alone.

use gymkeeper_contract::{errors::ErrorCode, webhooks::Event};
use gymkeeper_domain::customer::{contact, pack::Aggregator};
use gymkeeper_store::{
    customer::{
        self, Customer,
        pack::{self as stored, Pack},
    },
    db::{DbError, Tx},
    inventory::{self, Kind, WHOLE_TENANT},
    tenant::TenantId,
};

use super::{
    change::Change,
    customer::{StudioOf, deed, pack, prospect},
};
use crate::http::{
    failure::{Failure, Refusal},
    input::invalid,
};

/// An aggregator as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Its id, which events tell.
    pub id: i64,
    /// Its key in the gym file.
    pub key: String,
    /// What people call it.
    pub name: String,
}

/// The aggregators of the tenant that are in the gym file, in its order.
///
/// # Errors
/// The database's; when a definition cannot be read.
pub fn all(tx: &mut Tx<'_>, tenant: TenantId) -> Result<Vec<Stored>, DbError> {
    let entries = inventory::of_kind(tx, tenant, WHOLE_TENANT, Kind::Aggregator)?;
    let read = |entry: inventory::Entry| {
        let unreadable = |error| DbError::Unusable(format!("the aggregator {} cannot be read: {error}", entry.key));
        let Aggregator { name } = serde_json::from_str(&entry.definition).map_err(unreadable)?;
        Ok(Stored { id: entry.id, key: entry.key, name })
    };
    entries.into_iter().filter(|entry| !entry.retired).map(read).collect()
}

/// The aggregator of a key, or of an id that is nobody's key.
///
/// # Errors
/// Refuses what names none.
pub fn named(tx: &mut Tx<'_>, tenant: TenantId, name: &str) -> Result<Stored, Failure> {
    let (name, mut known) = (name.trim(), all(tx, tenant)?);
    let of_id = |known: &[Stored]| known.iter().position(|one| name.parse() == Ok(one.id));
    let place = known.iter().position(|one| one.key == name).or_else(|| of_id(&known));
    let unknown = || Refusal::new(ErrorCode::AggregatorUnknown).with_text(name).at("aggregator");
    place.map(|place| known.swap_remove(place)).ok_or_else(|| unknown().into())
}

/// A visitor who was entered.
#[derive(Debug, Clone, PartialEq)]
pub struct Entered {
    /// The customer.
    pub customer: Customer,
    /// Whether there was no such customer before.
    pub is_new: bool,
    /// The pack that the customer got.
    pub pack: Pack,
}

/// Enters a visitor of an aggregator at a studio, with a pack that the aggregator pays. The customer is the one who had a pack under the
/// aggregator's id for the visitor before, or the one with the e-mail address; otherwise a prospect is made, and the studio is told
/// of a member of the aggregator once (AGG-1).
///
/// # Errors
/// Refuses what is no e-mail address, and a pack that nobody could use.
pub fn enter(
    change: &mut Change<'_, '_>,
    home: &StudioOf,
    person: &prospect::Person<'_>,
    aggregator: &Stored,
    wanted: pack::Wanted,
) -> Result<Entered, Failure> {
    if person.email.is_some_and(|email| contact::normalized_email(email).is_err()) {
        return Err(invalid("email"));
    }
    // Of two who enter somebody at once, the second finds what the first has made.
    customer::take_turn(change.tx, change.tenant)?;
    let third_party_id = wanted.third_party_id.as_deref();
    let (customer, is_new) = match known(change, home, person, aggregator.id, third_party_id)? {
        Some(customer) => (customer, false),
        None => {
            let customer = prospect::make(change, home, person)?;
            let event = Event::AggregatorMemberCreated { customer_id: customer.id, aggregator_id: aggregator.id };
            let deed = deed("aggregator-member.created", &customer).field("aggregatorId", (), aggregator.id);
            change.record(deed.event(event));
            (customer, true)
        }
    };
    let pack = pack::give(change, &customer, home, pack::Wanted { aggregator: Some(aggregator.id), ..wanted })?;
    Ok(Entered { customer, is_new, pack })
}

/// Somebody of the studio who is the visitor. Customers of other studios are none of its business, and archived ones come back only by
/// hand.
fn known(
    change: &mut Change<'_, '_>,
    home: &StudioOf,
    person: &prospect::Person<'_>,
    aggregator: i64,
    third_party_id: Option<&str>,
) -> Result<Option<Customer>, DbError> {
    let tenant = change.tenant;
    if let Some(id) = third_party_id {
        for id in stored::customers_of_visitor(change.tx, tenant, aggregator, id)? {
            if let Some(customer) = held(change, home, id)? {
                return Ok(Some(customer));
            }
        }
    }
    let today = home.zone.to_datetime(change.now).date();
    match prospect::known(change.tx, tenant, home.id, person, today)? {
        Some(customer) => held(change, home, customer.id),
        None => Ok(None),
    }
}

/// The customer of that id, if the studio has one who is not archived, with other changes of the customer waiting.
fn held(change: &mut Change<'_, '_>, home: &StudioOf, id: i64) -> Result<Option<Customer>, DbError> {
    if !customer::hold(change.tx, change.tenant, id)? {
        return Ok(None);
    }
    let found = customer::by_id(change.tx, change.tenant, id)?;
    Ok(found.filter(|customer| customer.studio_id == home.id && customer.archived_at.is_none()))
}
