//! What answers show of customers besides themselves, read for many at once: one statement says who has
//! what, and one for each table reads it, mediums excepted, which it gives as well.

use std::collections::HashMap;

use jiff::civil::Date;

use super::{
    bank_account::{self, Account},
    contract::{self, IdlePeriod},
    field::{self, Assignment},
    medium::Medium,
    restriction::{self, Restriction},
};
use crate::{
    db::{DbError, Ids, Tx},
    tenant::TenantId,
};

crate::record! {
    /// Something that a customer has; the rest is of a medium.
    struct Present {
        pub id: i64,
        pub what: i64,
        pub medium_id: Option<i64>,
        pub kind: Option<String>,
        pub value: Option<String>,
        pub integration_id: Option<i64>,
    }
}

/// What [`Present`] tells of, as `PRESENT` numbers it.
mod what {
    pub(super) const RESTRICTION: i64 = 2;
    pub(super) const FIELD: i64 = 3;
    pub(super) const IDLE_PERIOD: i64 = 4;
    pub(super) const THIRD_PARTY_ID: i64 = 5;
    pub(super) const BANK_ACCOUNT: i64 = 6;
}

/// The text of `PRESENT`, which differs only by whom it is asked about.
macro_rules! present {
    ($among:literal, $customer:literal) => {
        concat!(
            "select m.customer_id as id, 1 as what, m.id as medium_id, m.kind, m.value, m.integration_id from ",
            $among,
            "access_medium m where m.tenant_id = $1 and m.customer_id = ",
            $customer,
            " union all select r.customer_id, 2, null, null, null, null from ",
            $among,
            "access_restriction r where r.tenant_id = $1 and r.customer_id = ",
            $customer,
            " and not r.ended",
            " union all select f.customer_id, 3, null, null, null, null from ",
            $among,
            "customer_field f where f.tenant_id = $1 and f.customer_id = ",
            $customer,
            " union all select i.customer_id, 4, null, null, null, null from ",
            $among,
            "idle_period i where i.tenant_id = $1 and i.customer_id = ",
            $customer,
            " union all select t.customer_id, 5, null, null, null, null from ",
            $among,
            "third_party_customer t where t.tenant_id = $1 and t.customer_id = ",
            $customer,
            " and t.integration_id = $2",
            " union all select b.customer_id, 6, null, null, null, null from ",
            $among,
            "bank_account b where b.tenant_id = $1 and b.customer_id = ",
            $customer,
            " and b.replaced_at is null",
        )
    };
}

crate::statements! {
    /// Most customers have a card and little else, so to ask for all at once who has what costs hardly more than to ask for the cards.
    /// Each table is opened once for all customers. The index of mediums by customer has all that is asked of them.
    PRESENT = present!("rarray($3) w cross join ", "w.value");
    /// The same of one customer, without a list.
    PRESENT_OF_ONE = present!("", "$3");
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
    let present: Vec<Present> = match ids.as_slice() {
        [one] => tx.query(&PRESENT_OF_ONE, &[&tenant, &integration, one])?,
        all => tx.query(&PRESENT, &[&tenant, &integration, &Ids(all)])?,
    };
    let with = |what: i64| {
        let mut ids: Vec<i64> = present.iter().filter(|one| one.what == what).map(|one| one.id).collect();
        ids.sort_unstable();
        ids.dedup();
        (!ids.is_empty()).then_some(ids)
    };
    if let Some(ids) = with(what::RESTRICTION) {
        for restriction in restriction::of_customers(tx, tenant, &ids)? {
            all.entry(restriction.customer_id).or_default().restrictions.push(restriction);
        }
    }
    if let Some(ids) = with(what::FIELD) {
        for assignment in field::of_customers(tx, tenant, &ids)? {
            all.entry(assignment.customer_id).or_default().fields.push(assignment);
        }
    }
    if let Some(ids) = with(what::IDLE_PERIOD) {
        for idle in contract::idle_of_customers(tx, tenant, &ids, today)? {
            all.entry(idle.customer_id).or_default().idle_periods.push(idle);
        }
    }
    if let Some(ids) = with(what::THIRD_PARTY_ID) {
        for (customer, id) in tx.query::<(i64, String)>(&THIRD_PARTY_IDS, &[&tenant, &integration, &Ids(&ids)])? {
            all.entry(customer).or_default().third_party_id = Some(id);
        }
    }
    if let Some(ids) = with(what::BANK_ACCOUNT) {
        for (customer, account) in bank_account::debited(tx, tenant, &ids)? {
            all.entry(customer).or_default().bank_account = Some(account);
        }
    }
    for one in present {
        if let (Some(id), Some(kind), Some(value)) = (one.medium_id, one.kind, one.value) {
            let medium = Medium { id, customer_id: one.id, kind, value, integration_id: one.integration_id };
            all.entry(one.id).or_default().mediums.push(medium);
        }
    }
    for extras in all.values_mut() {
        extras.mediums.sort_unstable_by_key(|medium| medium.id);
    }
    Ok(all)
}
