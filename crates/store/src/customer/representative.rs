//! Who acts for customers (REP-1, REP-2). Whoever is no customer is sealed, and so is every signature.
//!
//! A customer has one representative. Whoever was it before is forgotten, and what that person signed with it.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::{
    db::{DbError, Tx},
    tenant::TenantId,
};

/// What persons are sealed as; it must never change.
pub const SEALED_AS: &str = "legal_representative";
/// What their signatures are sealed as; it must never change.
pub const SIGNATURE_SEALED_AS: &str = "representative_signature";

/// Somebody who acts for a customer and is none. Printed for a programmer, it shows nothing.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Person {
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Birthday.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_of_birth: Option<Date>,
    /// E-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Person(..)")
    }
}

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Who {
    /// The customer of that id.
    Customer(i64),
    /// Somebody who is no customer.
    Person(Person),
}

/// A customer's representative.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Representative {
    /// The id.
    pub id: i64,
    /// Who acts.
    pub who: Who,
    /// Whether nobody else may act for the customer.
    pub only_guardian: bool,
    /// Whether messages and bills go there instead of to the customer.
    pub gets_messages: bool,
}

crate::record! {
    struct Stored {
        pub id: i64,
        pub representative_id: Option<i64>,
        pub person: Option<Vec<u8>>,
        pub only_guardian: bool,
        pub gets_messages: bool,
    }
}

crate::statements! {
    OF_CUSTOMER = "select id, representative_id, person, only_guardian, gets_messages from legal_representative
        where tenant_id = $1 and customer_id = $2";
    REPRESENTED_BY = "select representative_id from legal_representative
        where tenant_id = $1 and customer_id = $2 and representative_id is not null";
    SIGNATURE = "select id, signature from legal_representative
        where tenant_id = $1 and customer_id = $2 and signature is not null";
    DELETE = "delete from legal_representative where tenant_id = $1 and customer_id = $2";
    INSERT = "insert into legal_representative
            (tenant_id, id, customer_id, representative_id, person, only_guardian, gets_messages, signature)
        values ($1, $2, $3, $4, $5, $6, $7, $8)";
}

/// Who acts for a customer.
pub fn of_customer(tx: &mut Tx<'_>, tenant: TenantId, customer: i64) -> Result<Option<Representative>, DbError> {
    let Some(row) = tx.query_one::<Stored>(&OF_CUSTOMER, &[&tenant, &customer])? else { return Ok(None) };
    // The error of the parser would show a part of what it could not read.
    let unreadable = || DbError::Unusable(format!("legal representative {} cannot be read", row.id));
    let who = match (row.representative_id, &row.person) {
        (Some(representative), _) => Who::Customer(representative),
        (None, Some(sealed)) => {
            let plain = tx.open(SEALED_AS, row.id, sealed)?;
            Who::Person(serde_json::from_slice(&plain).map_err(|_| unreadable())?)
        }
        (None, None) => return Err(unreadable()),
    };
    let (only_guardian, gets_messages) = (row.only_guardian, row.gets_messages);
    Ok(Some(Representative { id: row.id, who, only_guardian, gets_messages }))
}

/// The customers who act for a customer, then for that one, and so on, until one of them is not represented by a customer.
pub fn chain(tx: &mut Tx<'_>, tenant: TenantId, customer: i64) -> Result<Vec<i64>, DbError> {
    let (mut chain, mut last) = (Vec::new(), customer);
    while let Some((next,)) = tx.query_one::<(i64,)>(&REPRESENTED_BY, &[&tenant, &last])? {
        // A circle cannot be entered; one that is there all the same must not be walked for ever.
        if chain.contains(&next) {
            break;
        }
        chain.push(next);
        last = next;
    }
    Ok(chain)
}

/// The signature of a customer's representative: an SVG document.
pub fn signature(tx: &mut Tx<'_>, tenant: TenantId, customer: i64) -> Result<Option<Vec<u8>>, DbError> {
    match tx.query_one::<(i64, Vec<u8>)>(&SIGNATURE, &[&tenant, &customer])? {
        Some((id, sealed)) => tx.open(SIGNATURE_SEALED_AS, id, &sealed).map(Some),
        None => Ok(None),
    }
}

/// Stores who acts for a customer from now on, its id being fresh, and forgets whoever did before.
pub fn replace(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    customer: i64,
    representative: &Representative,
    signature: Option<&[u8]>,
) -> Result<(), DbError> {
    let r = representative;
    let (by, person) = match &r.who {
        Who::Customer(id) => (Some(*id), None),
        Who::Person(person) => {
            let unwritable = |_| DbError::Unusable("a legal representative cannot be written".to_owned());
            let plain = serde_json::to_vec(person).map_err(unwritable)?;
            (None, Some(tx.seal(SEALED_AS, r.id, &plain)?))
        }
    };
    let signature = match signature {
        Some(signature) => Some(tx.seal(SIGNATURE_SEALED_AS, r.id, signature)?),
        None => None,
    };
    tx.execute(&DELETE, &[&tenant, &customer])?;
    tx.execute(&INSERT, &[&tenant, &r.id, &customer, &by, &person, &r.only_guardian, &r.gets_messages, &signature])
        .map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_does_not_show_itself() {
        let person = Person { first_name: "Anne".to_owned(), ..Person::default() };
        assert_eq!(format!("{:?}", Who::Person(person)), "Person(Person(..))");
    }
}
