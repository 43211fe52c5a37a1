//! What was noted about customers, by people and by the server.

use jiff::Timestamp;

use crate::{
    db::{DbError, Tx},
    tenant::TenantId,
};

/// The kind of a note that somebody wrote.
pub const NOTE: &str = "NOTE";
/// The kind of a note that somebody moved to another home studio.
pub const SWITCH: &str = "STUDIO_SWITCH";

crate::record! {
    /// A note.
    pub struct Note {
        /// Its id.
        pub id: i64,
        /// Whom it is about.
        pub customer_id: i64,
        /// What kind of note it is.
        pub kind: String,
        /// What it says.
        pub text: String,
        /// Who made it.
        pub author: String,
        /// When.
        pub created_at: Timestamp,
        /// Who corrected it last.
        pub corrected_by: Option<String>,
        /// When.
        pub corrected_at: Option<Timestamp>,
    }
}

crate::statements! {
    INSERT = "insert into customer_note (tenant_id, id, customer_id, kind, text, author, created_at)
        values ($1, $2, $3, $4, $5, $6, $7)";
    FIND = "select id, customer_id, kind, text, author, created_at, corrected_by, corrected_at from customer_note
        where tenant_id = $1 and id = $2";
    OF_CUSTOMER = "select id, customer_id, kind, text, author, created_at, corrected_by, corrected_at from customer_note
        where tenant_id = $1 and customer_id = $2 order by id desc limit $3 offset $4";
    CORRECT = "update customer_note set text = $3, corrected_by = $4, corrected_at = $5 where tenant_id = $1 and id = $2";
    DELETE = "delete from customer_note where tenant_id = $1 and id = $2";
}

/// Adds a note and answers its id.
pub fn add(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    customer: i64,
    kind: &str,
    text: &str,
    author: &str,
    now: Timestamp,
) -> Result<i64, DbError> {
    let id = tx.next_id()?;
    tx.execute(&INSERT, &[&tenant, &id, &customer, &kind, &text, &author, &now])?;
    Ok(id)
}

/// The note of that id.
pub fn find(tx: &mut Tx<'_>, tenant: TenantId, id: i64) -> Result<Option<Note>, DbError> {
    tx.query_one(&FIND, &[&tenant, &id])
}

/// The notes about a customer, the newest first: at most `limit` of them after the first `offset`.
pub fn of_customer(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    customer: i64,
    offset: i64,
    limit: i64,
) -> Result<Vec<Note>, DbError> {
    tx.query(&OF_CUSTOMER, &[&tenant, &customer, &limit, &offset])
}

/// Makes a note say something else.
pub fn correct(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    id: i64,
    text: &str,
    by: &str,
    now: Timestamp,
) -> Result<(), DbError> {
    tx.execute(&CORRECT, &[&tenant, &id, &text, &by, &now]).map(drop)
}

/// Removes a note.
pub fn delete(tx: &mut Tx<'_>, tenant: TenantId, id: i64) -> Result<(), DbError> {
    tx.execute(&DELETE, &[&tenant, &id]).map(drop)
}
