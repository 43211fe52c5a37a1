//! What is noted about customers in the fields that an operator has defined.
//!
//! The fields themselves are inventory of the tenant. What was noted in a field that has been retired is kept, and shown again
//! once the field is back.

use gymkeeper_domain::customer::information_field::InformationField;

use crate::{
    db::{DbError, Tx},
    inventory::{self, Kind, WHOLE_TENANT},
    tenant::TenantId,
};

/// A field of a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The id that clients see.
    pub id: i64,
    /// Its key in the gym file.
    pub key: String,
    /// What it is.
    pub definition: InformationField,
}

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
    OF_CUSTOMERS = "select f.customer_id, f.field_id, f.value from rarray($2) w cross join customer_field f
        join inventory i on i.tenant_id = f.tenant_id and i.id = f.field_id and not i.retired
        where f.tenant_id = $1 and f.customer_id = w.value
        order by f.customer_id, f.field_id, f.position";
    HAS_VALUE = "select field_id from customer_field where tenant_id = $1 and field_id = $2 and value = $3 limit 1";
    CLEAR = "delete from customer_field where tenant_id = $1 and customer_id = $2";
    INSERT = "insert into customer_field (tenant_id, customer_id, field_id, position, value) values ($1, $2, $3, $4, $5)";
}

/// The fields of the tenant that are not retired, by id.
///
/// # Errors
/// The database's; [`DbError::Unusable`] for a definition that this program cannot read.
pub fn all(tx: &mut Tx<'_>, tenant: TenantId) -> Result<Vec<Field>, DbError> {
    let mut fields = Vec::new();
    for entry in inventory::of_studio(tx, tenant, WHOLE_TENANT)? {
        if entry.kind == Kind::InformationField && !entry.retired {
            let unreadable =
                |error| DbError::Unusable(format!("the information field {} cannot be read: {error}", entry.key));
            let definition = serde_json::from_str(&entry.definition).map_err(unreadable)?;
            fields.push(Field { id: entry.id, key: entry.key, definition });
        }
    }
    fields.sort_by_key(|field| field.id);
    Ok(fields)
}

/// The values of many customers in fields that are not retired, by customer and field.
pub fn of_customers(tx: &mut Tx<'_>, tenant: TenantId, customers: &[i64]) -> Result<Vec<Assignment>, DbError> {
    tx.query(&OF_CUSTOMERS, &[&tenant, &crate::db::Ids(customers)])
}

/// Replaces all values of a customer (CUST-10), also those in retired fields.
pub fn replace(tx: &mut Tx<'_>, tenant: TenantId, customer: i64, values: &[(i64, &str)]) -> Result<(), DbError> {
    tx.execute(&CLEAR, &[&tenant, &customer])?;
    for (position, (field, value)) in (0_i64..).zip(values) {
        tx.execute(&INSERT, &[&tenant, &customer, field, &position, value])?;
    }
    Ok(())
}

/// Whether the value is noted of anybody in a field, archived customers included.
pub fn has_value(tx: &mut Tx<'_>, tenant: TenantId, field: i64, value: &str) -> Result<bool, DbError> {
    Ok(tx.query_one::<(i64,)>(&HAS_VALUE, &[&tenant, &field, &value])?.is_some())
}
