//! Birthdays that were corrected, since what was paid by the wrong one stays paid (AMD-6).

use jiff::civil::Date;

use crate::{
    db::{DbError, Tx},
    tenant::TenantId,
};

crate::record! {
    /// A correction of a birthday.
    pub struct Correction {
        /// Its id, greater than those of all contracts that were there before it.
        pub id: i64,
        /// The day.
        pub corrected_on: Date,
        /// What had been known until then.
        pub date_of_birth: Option<Date>,
    }
}

crate::statements! {
    OF_CUSTOMER = "select id, corrected_on, date_of_birth from former_birthday
        where tenant_id = $1 and customer_id = $2 order by id";
    NOTE = "insert into former_birthday (tenant_id, id, customer_id, corrected_on, date_of_birth) values ($1, $2, $3, $4, $5)";
}

/// The corrections of a customer's birthday, in their order.
pub fn corrections(tx: &mut Tx<'_>, tenant: TenantId, customer: i64) -> Result<Vec<Correction>, DbError> {
    tx.query(&OF_CUSTOMER, &[&tenant, &customer])
}

/// Notes what had been known until a day.
pub fn note(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    customer: i64,
    corrected_on: Date,
    known: Option<Date>,
) -> Result<(), DbError> {
    let id = tx.next_id()?;
    tx.execute(&NOTE, &[&tenant, &id, &customer, &corrected_on, &known]).map(drop)
}
