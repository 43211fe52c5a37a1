//! Contracts: main ones, and the modules and flat fees that hang on them.

use jiff::civil::Date;

use crate::{
    db::{DbError, Tx},
    tenant::TenantId,
};

crate::record! {
    /// A contract.
    pub struct Contract {
        /// Its id.
        pub id: i64,
        /// Whose it is.
        pub customer_id: i64,
        /// The studio it was signed in.
        pub studio_id: i64,
        /// The main contract that it hangs on.
        pub parent_id: Option<i64>,
        /// `MAIN`, `MODULE` or `FLAT_FEE`.
        pub kind: String,
        /// What it is called.
        pub rate_name: String,
        /// The key of the offer or module it was signed from.
        pub offer_key: Option<String>,
        /// The day of signing.
        pub signed_on: Date,
        /// The first day.
        pub start_date: Date,
        /// The first day of use, where that is another.
        pub start_of_use: Option<Date>,
        /// The last day, where one was set.
        pub ends_on: Option<Date>,
        /// Whether it was made void.
        pub reversed: bool,
        /// The day on which notice arrived.
        pub canceled_on: Option<Date>,
        /// Why it was canceled.
        pub cancelation_reason: Option<String>,
        /// The id that a third party has for it.
        pub third_party_id: Option<String>,
        /// The signed document.
        pub document_file_id: Option<i64>,
        /// What was agreed, as JSON text.
        pub terms: String,
    }
}

/// The stored names of the kinds of contracts.
pub mod kind {
    /// A membership.
    pub const MAIN: &str = "MAIN";
    /// A module that hangs on a membership.
    pub const MODULE: &str = "MODULE";
    /// A fee that hangs on a membership.
    pub const FLAT_FEE: &str = "FLAT_FEE";
}

crate::record! {
    /// A time in which a contract rests.
    pub struct IdlePeriod {
        /// Its id.
        pub id: i64,
        /// Whose it is.
        pub customer_id: i64,
        /// The contract that rests.
        pub contract_id: i64,
        /// What the contract is called.
        pub rate_name: String,
        /// The first day.
        pub start_date: Date,
        /// The last day; none means that the end is open.
        pub end_date: Option<Date>,
        /// Why.
        pub reason: Option<String>,
        /// Whether the customer is kept out meanwhile.
        pub refuses_access: bool,
    }
}

crate::statements! {
    OF_CUSTOMER = "select id, customer_id, studio_id, parent_id, kind, rate_name, offer_key, signed_on, start_date, start_of_use,
        ends_on, reversed, canceled_on, cancelation_reason, third_party_id, document_file_id, terms
        from contract where tenant_id = $1 and customer_id = $2 order by id";
    BY_ID = "select id, customer_id, studio_id, parent_id, kind, rate_name, offer_key, signed_on, start_date, start_of_use,
        ends_on, reversed, canceled_on, cancelation_reason, third_party_id, document_file_id, terms
        from contract where tenant_id = $1 and id = $2";
    INSERT = "insert into contract (tenant_id, id, customer_id, studio_id, parent_id, kind, rate_name, offer_key, signed_on,
            start_date, start_of_use, ends_on, reversed, canceled_on, cancelation_reason, third_party_id, document_file_id, terms)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)";
    SET_END = "update contract set ends_on = $3, reversed = $4, canceled_on = $5, cancelation_reason = $6
        where tenant_id = $1 and id = $2";
    INSERT_IDLE = "insert into idle_period (tenant_id, id, customer_id, contract_id, start_date, end_date, reason, refuses_access)
        values ($1, $2, $3, $4, $5, $6, $7, $8)";
    IDLE_OF_CUSTOMERS = "select i.id, i.customer_id, i.contract_id, c.rate_name, i.start_date, i.end_date, i.reason,
        i.refuses_access from rarray($2) w cross join idle_period i
        join contract c on c.tenant_id = i.tenant_id and c.id = i.contract_id
        where i.tenant_id = $1 and i.customer_id = w.value
            and (i.end_date is null or i.end_date >= $3) order by i.customer_id, i.id";
}

/// A customer's contracts of all kinds, by id.
pub fn of_customer(tx: &mut Tx<'_>, tenant: TenantId, customer: i64) -> Result<Vec<Contract>, DbError> {
    tx.query(&OF_CUSTOMER, &[&tenant, &customer])
}

/// The contract of that id, of whatever kind.
pub fn by_id(tx: &mut Tx<'_>, tenant: TenantId, id: i64) -> Result<Option<Contract>, DbError> {
    tx.query_one(&BY_ID, &[&tenant, &id])
}

/// Stores a contract; its id must be fresh.
pub fn insert(tx: &mut Tx<'_>, tenant: TenantId, contract: &Contract) -> Result<(), DbError> {
    let c = contract;
    tx.execute(
        &INSERT,
        &[
            &tenant,
            &c.id,
            &c.customer_id,
            &c.studio_id,
            &c.parent_id,
            &c.kind,
            &c.rate_name,
            &c.offer_key,
            &c.signed_on,
            &c.start_date,
            &c.start_of_use,
            &c.ends_on,
            &c.reversed,
            &c.canceled_on,
            &c.cancelation_reason,
            &c.third_party_id,
            &c.document_file_id,
            &c.terms,
        ],
    )
    .map(drop)
}

/// Changes how a contract ends: its last day, whether it is void, and the notice.
pub fn set_end(tx: &mut Tx<'_>, tenant: TenantId, contract: &Contract) -> Result<(), DbError> {
    let c = contract;
    tx.execute(&SET_END, &[&tenant, &c.id, &c.ends_on, &c.reversed, &c.canceled_on, &c.cancelation_reason]).map(drop)
}

/// Stores an idle period; its id must be fresh.
pub fn insert_idle(tx: &mut Tx<'_>, tenant: TenantId, idle: &IdlePeriod) -> Result<(), DbError> {
    let i = idle;
    tx.execute(
        &INSERT_IDLE,
        &[&tenant, &i.id, &i.customer_id, &i.contract_id, &i.start_date, &i.end_date, &i.reason, &i.refuses_access],
    )
    .map(drop)
}

/// The idle periods of many customers that have not ended before a day, by customer and id.
pub fn idle_of_customers(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    customers: &[i64],
    day: Date,
) -> Result<Vec<IdlePeriod>, DbError> {
    tx.query(&IDLE_OF_CUSTOMERS, &[&tenant, &crate::db::Ids(customers), &day])
}
