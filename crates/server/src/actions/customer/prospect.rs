//! Somebody who comes to have a look, and of whom little more than a name is known: found again, or made a prospect.

use gymkeeper_domain::customer::names;
use gymkeeper_store::{
    customer::{self, Customer, email_key_of, find},
    db::{DbError, Tx},
    tenant::TenantId,
};
use jiff::civil::Date;

use super::{StudioOf, create, newcomer};
use crate::actions::change::Change;

/// Who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Person<'a> {
    /// The first name.
    pub first_name: &'a str,
    /// The last name.
    pub last_name: &'a str,
    /// The e-mail address.
    pub email: Option<&'a str>,
}

/// Somebody of a studio with that e-mail address. Families share addresses, so somebody with the same name comes first, and a member of
/// another name is somebody else (CHV-1). Whoever makes somebody when there is nobody takes a turn before
/// ([`customer::take_turn`]).
///
/// # Errors
/// The database's.
pub fn known(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    studio: i64,
    person: &Person<'_>,
    today: Date,
) -> Result<Option<Customer>, DbError> {
    let Some(email) = person.email else { return Ok(None) };
    let mut known = find::by_email(tx, tenant, &email_key_of(email), studio)?;
    let is_named = |customer: &Customer| {
        names::index_key(&customer.first_name) == names::index_key(person.first_name)
            && names::index_key(&customer.last_name) == names::index_key(person.last_name)
    };
    let is_no_member = |customer: &Customer| customer.status_on(today) != customer::status::MEMBER;
    let place = known.iter().position(is_named).or_else(|| known.iter().position(is_no_member));
    Ok(place.map(|place| known.swap_remove(place)))
}

/// Makes somebody a prospect of a studio.
///
/// # Errors
/// The database's.
pub fn make(change: &mut Change<'_, '_>, home: &StudioOf, person: &Person<'_>) -> Result<Customer, DbError> {
    let draft = Customer {
        first_name: person.first_name.trim().to_owned(),
        last_name: person.last_name.trim().to_owned(),
        email: person.email.map(|email| email.trim().to_owned()),
        ..newcomer(home)
    };
    create(change, home, draft)
}
