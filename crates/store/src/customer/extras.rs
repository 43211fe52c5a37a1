//! What answers show of customers besides themselves, read for many at once: a statement for each table, not for each customer.

use std::collections::HashMap;

use jiff::civil::Date;

use super::{
    bank_account::{self, Account},
    contract::{self, IdlePeriod},
    field::{self, Assignment},
    medium::{self, Medium},
    restriction::{self, Restriction},
};
use crate::{
    db::{DbError, Tx},
    tenant::TenantId,
};

crate::statements! {
    THIRD_PARTY_IDS = "select customer_id, third_party_id from third_party_customer
        where tenant_id = $1 and integration_id = $2 and customer_id in (select value from rarray($3))";
}

/// What belongs to one customer.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Extras {
    /// Access mediums, by id.
    pub mediums: Vec<Medium>,
    /// Restrictions, by id.
    pub restrictions: Vec<Restriction>,
    /// Values in the operator's fields.
    pub fields: Vec<Assignment>,
    /// Idle periods that have not ended.
    pub idle_periods: Vec<IdlePeriod>,
    /// The id that the asking integration has for the customer.
    pub third_party_id: Option<String>,
    /// The account that dues are collected from, of those who pay like that (CUST-22).
    pub bank_account: Option<Account>,
}

/// Reads the extras of customers, as the integration sees them on a day. Whoever has none is left out of the answer.
pub fn of_customers(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    integration: i64,
    customers: &[i64],
    today: Date,
) -> Result<HashMap<i64, Extras>, DbError> {
    let mut all: HashMap<i64, Extras> = HashMap::with_capacity(customers.len());
    if customers.is_empty() {
        return Ok(all);
    }
    let ids = crate::db::Ids(customers);
    for medium in medium::of_customers(tx, tenant, customers)? {
        all.entry(medium.customer_id).or_default().mediums.push(medium);
    }
    for restriction in restriction::of_customers(tx, tenant, customers)? {
        all.entry(restriction.customer_id).or_default().restrictions.push(restriction);
    }
    for assignment in field::of_customers(tx, tenant, customers)? {
        all.entry(assignment.customer_id).or_default().fields.push(assignment);
    }
    for idle in contract::idle_of_customers(tx, tenant, customers, today)? {
        all.entry(idle.customer_id).or_default().idle_periods.push(idle);
    }
    for (customer, id) in tx.query::<(i64, String)>(&THIRD_PARTY_IDS, &[&tenant, &integration, &ids])? {
        all.entry(customer).or_default().third_party_id = Some(id);
    }
    for (customer, account) in bank_account::debited(tx, tenant, customers)? {
        all.entry(customer).or_default().bank_account = Some(account);
    }
    Ok(all)
}
