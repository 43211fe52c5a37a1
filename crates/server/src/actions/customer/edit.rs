//! What staff change of a customer at once: who the customer is. Contact data and addresses are changed as customers ask for it
//! themselves, see [`amendment::change_at_once`].

use gymkeeper_domain::customer::identity::{Document, DocumentKind};
use gymkeeper_store::{
    customer::{self, Customer, birthday, identity},
    db::DbError,
};
use jiff::civil::Date;

use super::{StudioOf, amendment, entry, updated};
use crate::{
    actions::change::Change,
    http::{failure::Failure, input::invalid},
};

/// Changes names, title, gender, birth and language, and answers whether they are others than before. The customer must be held.
///
/// # Errors
/// Refuses a birthday to come, and to forget what the studio's country wants to know and was told (CUST-4).
pub fn master(
    change: &mut Change<'_, '_>,
    home: &StudioOf,
    present: &Customer,
    fresh: &Customer,
) -> Result<bool, Failure> {
    let today = home.zone.to_datetime(change.now).date();
    if fresh.date_of_birth.is_some_and(|day| day > today) {
        return Err(invalid("dateOfBirth"));
    }
    let fields = changed_fields(present, fresh);
    if fields.is_empty() {
        return Ok(false);
    }
    check_known(change, home, present, fresh)?;
    customer::update(change.tx, change.tenant, fresh)?;
    correct_birthday(change, present.date_of_birth, fresh, today)?;
    change.record(amendment::withheld(updated("customer.master-data-changed", fresh), &fields));
    Ok(true)
}

/// Refuses that a studio forgets what its country wants it to know (CUST-4).
///
/// # Errors
/// Names what would not be known any more.
pub(super) fn check_known(
    change: &mut Change<'_, '_>,
    home: &StudioOf,
    present: &Customer,
    fresh: &Customer,
) -> Result<(), Failure> {
    let known = identity::get(change.tx, change.tenant, present.id)?.unwrap_or_default();
    let kind = known.document_kind.as_deref().and_then(DocumentKind::of_name);
    let document = kind.zip(known.document_number.as_deref()).map(|(kind, number)| Document { kind, number });
    let unknown = |person: &Customer| entry::unknown(home, person, known.tax_id.as_deref(), document);
    match (unknown(present), unknown(fresh)) {
        (None, Some(refusal)) => Err(refusal.into()),
        _ => Ok(()),
    }
}

/// Notes what had been known of a birthday that is another one from now on (AMD-6).
///
/// # Errors
/// The database's.
pub fn correct_birthday(
    change: &mut Change<'_, '_>,
    known: Option<Date>,
    customer: &Customer,
    today: Date,
) -> Result<(), DbError> {
    if known == customer.date_of_birth {
        return Ok(());
    }
    birthday::note(change.tx, change.tenant, customer.id, today, known)
}

/// The names of the fields in which they differ.
fn changed_fields(a: &Customer, b: &Customer) -> Vec<&'static str> {
    let differs = [
        ("firstName", a.first_name != b.first_name),
        ("secondFirstName", a.second_first_name != b.second_first_name),
        ("lastName", a.last_name != b.last_name),
        ("secondLastName", a.second_last_name != b.second_last_name),
        ("customerTitle", a.title != b.title),
        ("gender", a.gender != b.gender),
        ("dateOfBirth", a.date_of_birth != b.date_of_birth),
        ("placeOfBirth", a.place_of_birth != b.place_of_birth),
        ("countryOfBirth", a.country_of_birth != b.country_of_birth),
        ("language", (&a.language_code, &a.language_country) != (&b.language_code, &b.language_country)),
    ];
    differs.into_iter().filter_map(|(name, differs)| differs.then_some(name)).collect()
}
