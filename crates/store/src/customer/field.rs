//! What is noted about customers in the fields that an operator has defined.

use crate::{
    db::{DbError, Tx},
    tenant::TenantId,
};

crate::record! {
    /// A value in a field. A field in which several items can be chosen has one for each.
    pub struct Assignment {
        /// Whose it is.
        pub customer_id: i64,
        /// The field.
        pub field_id: i64,
        /// The value in the field's form.
        pub value: String,
    }
}

crate::statements! {
    OF_CUSTOMERS = "select customer_id, field_id, value from customer_field
        where tenant_id = $1 and customer_id in (select value from rarray($2)) order by customer_id, field_id, position";
    CLEAR = "delete from customer_field where tenant_id = $1 and customer_id = $2";
    INSERT = "insert into customer_field (tenant_id, customer_id, field_id, position, value) values ($1, $2, $3, $4, $5)";
}

/// The values of many customers, by customer and field.
pub fn of_customers(tx: &mut Tx<'_>, tenant: TenantId, customers: &[i64]) -> Result<Vec<Assignment>, DbError> {
    tx.query(&OF_CUSTOMERS, &[&tenant, &crate::db::Ids(customers)])
}

/// Replaces all values of a customer (CUST-10).
pub fn replace(tx: &mut Tx<'_>, tenant: TenantId, customer: i64, values: &[(i64, &str)]) -> Result<(), DbError> {
    tx.execute(&CLEAR, &[&tenant, &customer])?;
    for (position, (field, value)) in (0_i64..).zip(values) {
        tx.execute(&INSERT, &[&tenant, &customer, field, &position, value])?;
    }
    Ok(())
}
