//! What customers and the studio told each other, and which messages customers want.

use jiff::Timestamp;

use crate::{
    db::{DbError, Tx},
    tenant::TenantId,
};

/// A message that was exchanged with a customer.
#[derive(Clone, PartialEq, Eq)]
pub struct Communication {
    /// Its id.
    pub id: i64,
    /// The conversation it belongs to.
    pub thread_id: i64,
    /// The integration that entered it.
    pub integration_id: Option<i64>,
    /// The number of the ticket elsewhere.
    pub ticket_number: Option<String>,
    /// Where the ticket is found.
    pub ticket_link: Option<String>,
    /// What it is about.
    pub subject: String,
    /// What was said.
    pub content: String,
    /// `INCOMING` from the customer, `OUTGOING` to the customer.
    pub direction: &'static str,
    /// The way it took, such as `EMAIL`.
    pub channel: &'static str,
    /// Who dealt with the customer.
    pub agent: Option<String>,
    /// When it was exchanged.
    pub exchanged_at: Timestamp,
}

crate::statements! {
    THREAD = "select customer_id, status from communication_thread where tenant_id = $1 and id = $2";
    INSERT_THREAD = "insert into communication_thread (tenant_id, id, customer_id, status) values ($1, $2, $3, $4)";
    SET_STATUS = "update communication_thread set status = $3 where tenant_id = $1 and id = $2";
    INSERT = "insert into communication (tenant_id, id, thread_id, integration_id, ticket_number, ticket_link, subject, content,
            direction, channel, agent, exchanged_at, entered_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    PREFERENCES = "select category, channel, active from communication_preference
        where tenant_id = $1 and customer_id = $2 order by category, channel";
    SET_PREFERENCE = "insert into communication_preference (tenant_id, customer_id, category, channel, active)
        values ($1, $2, $3, $4, $5) on conflict (tenant_id, customer_id, category, channel) do update set active = $5";
}

/// Whose a conversation is and how it stands.
pub fn thread(tx: &mut Tx<'_>, tenant: TenantId, id: i64) -> Result<Option<(i64, String)>, DbError> {
    tx.query_one(&THREAD, &[&tenant, &id])
}

/// Stores a conversation; its id must be fresh.
pub fn insert_thread(tx: &mut Tx<'_>, tenant: TenantId, id: i64, customer: i64, status: &str) -> Result<(), DbError> {
    tx.execute(&INSERT_THREAD, &[&tenant, &id, &customer, &status]).map(drop)
}

/// Says how a conversation stands.
pub fn set_status(tx: &mut Tx<'_>, tenant: TenantId, id: i64, status: &str) -> Result<(), DbError> {
    tx.execute(&SET_STATUS, &[&tenant, &id, &status]).map(drop)
}

/// Stores a message; its id must be fresh.
pub fn insert(tx: &mut Tx<'_>, tenant: TenantId, message: &Communication, now: Timestamp) -> Result<(), DbError> {
    let m = message;
    tx.execute(
        &INSERT,
        &[
            &tenant,
            &m.id,
            &m.thread_id,
            &m.integration_id,
            &m.ticket_number,
            &m.ticket_link,
            &m.subject,
            &m.content,
            &m.direction,
            &m.channel,
            &m.agent,
            &m.exchanged_at,
            &now,
        ],
    )
    .map(drop)
}

/// The choices a customer has made: category, channel, and whether messages are wanted.
pub fn preferences(tx: &mut Tx<'_>, tenant: TenantId, customer: i64) -> Result<Vec<(String, String, bool)>, DbError> {
    tx.query(&PREFERENCES, &[&tenant, &customer])
}

/// Stores a choice over the one before it.
pub fn set_preference(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    customer: i64,
    category: &str,
    channel: &str,
    active: bool,
) -> Result<(), DbError> {
    tx.execute(&SET_PREFERENCE, &[&tenant, &customer, &category, &channel, &active]).map(drop)
}
