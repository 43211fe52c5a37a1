//! What answers show of customers besides themselves, read for many at once: one statement says who has
//! what, and one for each table reads it.

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
    db::{DbError, Ids, Tx},
    tenant::TenantId,
};

crate::record! {
    /// What there is of a customer's.
    struct Present {
        pub id: i64,
        pub mediums: bool,
        pub restrictions: bool,
        pub fields: bool,
        pub idle_periods: bool,
        pub third_party_id: bool,
        pub bank_account: bool,
    }
}

crate::statements! {
    /// Most customers have few of these things, and to ask for all of them at once costs hardly more than to ask for one.
    PRESENT = "select w.value as id,
            exists (select 1 from access_medium m where m.tenant_id = $1 and m.customer_id = w.value) as mediums,
            exists (select 1 from access_restriction r
                where r.tenant_id = $1 and r.customer_id = w.value and not r.ended) as restrictions,
            exists (select 1 from customer_field f where f.tenant_id = $1 and f.customer_id = w.value) as fields,
            exists (select 1 from idle_period i where i.tenant_id = $1 and i.customer_id = w.value) as idle_periods,
            exists (select 1 from third_party_customer t where t.tenant_id = $1 and t.customer_id = w.value
                and t.integration_id = $2) as third_party_id,
            exists (select 1 from bank_account b
                where b.tenant_id = $1 and b.customer_id = w.value and b.replaced_at is null) as bank_account
        from rarray($3) w";
    THIRD_PARTY_IDS = "select t.customer_id, t.third_party_id from rarray($3) w cross join third_party_customer t
        where t.tenant_id = $1 and t.integration_id = $2 and t.customer_id = w.value";
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
    let mut ids = customers.to_vec();
    ids.sort_unstable();
    ids.dedup();
    let present: Vec<Present> = tx.query(&PRESENT, &[&tenant, &integration, &Ids(&ids)])?;
    let with = |wanted: fn(&Present) -> bool| {
        let ids: Vec<i64> = present.iter().filter(|one| wanted(one)).map(|one| one.id).collect();
        (!ids.is_empty()).then_some(ids)
    };
    if let Some(ids) = with(|one| one.mediums) {
        for medium in medium::of_customers(tx, tenant, &ids)? {
            all.entry(medium.customer_id).or_default().mediums.push(medium);
        }
    }
    if let Some(ids) = with(|one| one.restrictions) {
        for restriction in restriction::of_customers(tx, tenant, &ids)? {
            all.entry(restriction.customer_id).or_default().restrictions.push(restriction);
        }
    }
    if let Some(ids) = with(|one| one.fields) {
        for assignment in field::of_customers(tx, tenant, &ids)? {
            all.entry(assignment.customer_id).or_default().fields.push(assignment);
        }
    }
    if let Some(ids) = with(|one| one.idle_periods) {
        for idle in contract::idle_of_customers(tx, tenant, &ids, today)? {
            all.entry(idle.customer_id).or_default().idle_periods.push(idle);
        }
    }
    if let Some(ids) = with(|one| one.third_party_id) {
        for (customer, id) in tx.query::<(i64, String)>(&THIRD_PARTY_IDS, &[&tenant, &integration, &Ids(&ids)])? {
            all.entry(customer).or_default().third_party_id = Some(id);
        }
    }
    if let Some(ids) = with(|one| one.bank_account) {
        for (customer, account) in bank_account::debited(tx, tenant, &ids)? {
            all.entry(customer).or_default().bank_account = Some(account);
        }
    }
    Ok(all)
}
