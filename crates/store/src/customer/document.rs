//! Documents of customers.

use jiff::Timestamp;

use crate::{
    db::{DbError, Ids, Tx},
    tenant::TenantId,
};

crate::record! {
    /// A document with the file that holds it.
    pub struct Document {
        /// Its id.
        pub id: i64,
        /// Whose it is.
        pub customer_id: i64,
        /// The file.
        pub file_id: i64,
        /// The name of the file.
        pub name: String,
        /// What is said about it.
        pub description: Option<String>,
    }
}

crate::record! {
    /// What is told of a document that goes with a message.
    pub struct Attached {
        /// The id of the document.
        pub id: i64,
        /// The file.
        pub file_id: i64,
        /// The name of the file.
        pub name: String,
        /// Its media type.
        pub media_type: String,
        /// Its size in bytes.
        pub size: i64,
    }
}

crate::statements! {
    ATTACHED = "select d.id, d.file_id, f.name, f.media_type, f.size from customer_document d
        join file f on f.tenant_id = d.tenant_id and f.id = d.file_id
        where d.tenant_id = $1 and d.customer_id = $2 and d.id in (select value from rarray($3)) order by d.id";
    FIND = "select d.id, d.customer_id, d.file_id, f.name, d.description from customer_document d
        join file f on f.tenant_id = d.tenant_id and f.id = d.file_id where d.tenant_id = $1 and d.id = $2";
    OF_CUSTOMER = "select d.id, d.customer_id, d.file_id, f.name, d.description from customer_document d
        join file f on f.tenant_id = d.tenant_id and f.id = d.file_id
        where d.tenant_id = $1 and d.customer_id = $2 order by d.id desc limit $3 offset $4";
    INSERT = "insert into customer_document (tenant_id, id, customer_id, file_id, description, created_at)
        values ($1, $2, $3, $4, $5, $6)";
}

/// The document of that id.
pub fn find(tx: &mut Tx<'_>, tenant: TenantId, id: i64) -> Result<Option<Document>, DbError> {
    tx.query_one(&FIND, &[&tenant, &id])
}

/// The documents of a customer, the newest first: at most `limit` of them after the first `offset`.
pub fn of_customer(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    customer: i64,
    offset: i64,
    limit: i64,
) -> Result<Vec<Document>, DbError> {
    tx.query(&OF_CUSTOMER, &[&tenant, &customer, &limit, &offset])
}

/// Those of these documents that are a customer's, by id.
pub fn attached(tx: &mut Tx<'_>, tenant: TenantId, customer: i64, ids: &[i64]) -> Result<Vec<Attached>, DbError> {
    tx.query(&ATTACHED, &[&tenant, &customer, &Ids(ids)])
}

/// Stores a document and answers its id.
pub fn insert(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    customer: i64,
    file: i64,
    description: Option<&str>,
    now: Timestamp,
) -> Result<i64, DbError> {
    let id = tx.next_id()?;
    tx.execute(&INSERT, &[&tenant, &id, &customer, &file, &description, &now])?;
    Ok(id)
}
