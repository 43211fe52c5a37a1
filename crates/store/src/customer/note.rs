//! What was noted about customers, by people and by the server.

use jiff::Timestamp;

use crate::{
    db::{DbError, Tx},
    tenant::TenantId,
};

/// The kind of a note that somebody moved to another home studio.
pub const SWITCH: &str = "STUDIO_SWITCH";

crate::record! {
    /// A note.
    pub struct Note {
        /// Its id.
        pub id: i64,
        /// What kind of note it is.
        pub kind: String,
        /// What it says.
        pub text: String,
        /// Who made it.
        pub author: String,
        /// When.
        pub created_at: Timestamp,
    }
}

crate::statements! {
    INSERT = "insert into customer_note (tenant_id, id, customer_id, kind, text, author, created_at)
        values ($1, $2, $3, $4, $5, $6, $7)";
    OF_CUSTOMER = "select id, kind, text, author, created_at from customer_note
        where tenant_id = $1 and customer_id = $2 order by id desc";
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

/// The notes about a customer, the newest first.
pub fn of_customer(tx: &mut Tx<'_>, tenant: TenantId, customer: i64) -> Result<Vec<Note>, DbError> {
    tx.query(&OF_CUSTOMER, &[&tenant, &customer])
}
