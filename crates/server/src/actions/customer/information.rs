//! What is noted about customers in the fields that an operator has thought of (CUST-10, CUST-19).

use std::collections::BTreeMap;

use gymkeeper_contract::errors::{Argument, ErrorCode};
use gymkeeper_store::{
    customer::{
        Customer,
        field::{self, Assignment, Field},
    },
    db::DbError,
};

use super::{deed, updated};
use crate::{
    actions::change::Change,
    http::failure::{Failure, Refusal},
    http::input::required,
};

/// Replaces what is noted about a customer by pairs of a field's id and a value, and answers what is stored then, by field.
///
/// # Errors
/// Refuses a field that the tenant does not have, one that is given twice, and a value that the field does not take, naming the
/// place in the list.
pub fn replace(
    change: &mut Change<'_, '_>,
    customer: &Customer,
    wanted: &[(i64, &str)],
) -> Result<Vec<Assignment>, Failure> {
    let values = check(change, "", wanted)?;
    let of = |(field_id, value)| Assignment { customer_id: customer.id, field_id, value };
    Ok(store(change, customer, values.into_iter().map(of).collect())?)
}

/// The stored form of pairs of a field's id and a value, by field. `at` is where the list stands in the request.
///
/// # Errors
/// As [`replace`].
pub fn check(change: &mut Change<'_, '_>, at: &str, wanted: &[(i64, &str)]) -> Result<Vec<(i64, String)>, Failure> {
    let fields = field::all(change.tx, change.tenant)?;
    let mut values: BTreeMap<i64, String> = BTreeMap::new();
    for (place, (id, value)) in wanted.iter().enumerate() {
        let refused = |code, field: &str| {
            Failure::from(Refusal::new(code).with(Argument::Integer(*id)).at(format!("{at}[{place}].{field}")))
        };
        let of_field = |code| refused(code, "additionalInformationFieldId");
        let known = fields.iter().find(|field| field.id == *id);
        let known = known.ok_or_else(|| of_field(ErrorCode::AdditionalInformationFieldUnknown))?;
        if values.contains_key(id) {
            return Err(of_field(ErrorCode::AdditionalInformationFieldDuplicate));
        }
        if value.trim().is_empty() {
            return Err(required(&format!("{at}[{place}].value")));
        }
        let stored = known.definition.stored_value(*id, value);
        let stored = stored.map_err(|_| refused(ErrorCode::AdditionalInformationFieldValueInvalid, "value"))?;
        values.insert(*id, stored);
    }
    Ok(values.into_iter().collect())
}

/// Notes what is known of a customer who was made in the same change, which is all that programs are told. A field in which
/// several items were chosen is there several times.
///
/// # Errors
/// The database's.
pub fn begin(change: &mut Change<'_, '_>, customer: &Customer, values: &[(i64, String)]) -> Result<(), DbError> {
    if values.is_empty() {
        return Ok(());
    }
    let rows: Vec<(i64, &str)> = values.iter().map(|(field, value)| (*field, value.as_str())).collect();
    field::replace(change.tx, change.tenant, customer.id, &rows)?;
    change.record(deed("customer.information-noted", customer).personal_field("additionalInformation"));
    Ok(())
}

/// Notes values beside those that are there, over those in the same fields.
///
/// # Errors
/// The database's.
pub fn add(change: &mut Change<'_, '_>, customer: &Customer, values: Vec<(i64, String)>) -> Result<(), DbError> {
    let mut all = field::of_customers(change.tx, change.tenant, &[customer.id])?;
    all.retain(|present| !values.iter().any(|(field, _)| *field == present.field_id));
    let of = |(field_id, value)| Assignment { customer_id: customer.id, field_id, value };
    all.extend(values.into_iter().map(of));
    all.sort_by_key(|assignment| assignment.field_id);
    store(change, customer, all).map(drop)
}

/// Stores the values of a customer, by field, unless they are what is there.
fn store(
    change: &mut Change<'_, '_>,
    customer: &Customer,
    values: Vec<Assignment>,
) -> Result<Vec<Assignment>, DbError> {
    if field::of_customers(change.tx, change.tenant, &[customer.id])? != values {
        let rows: Vec<(i64, &str)> = values.iter().map(|one| (one.field_id, one.value.as_str())).collect();
        field::replace(change.tx, change.tenant, customer.id, &rows)?;
        let deed = updated("customer.information-replaced", customer).personal_field("additionalInformation");
        change.record(deed);
    }
    Ok(values)
}

/// The stored form of a value that a person wrote: of a list the text of an item, as in the forms of leads (LEAD-5).
#[must_use]
pub fn written_value(fields: &[Field], key: &str, value: &str) -> Option<(i64, String)> {
    let field = fields.iter().find(|field| field.key == key)?;
    field.definition.stored_lead_value(field.id, value).ok().map(|stored| (field.id, stored))
}
