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
    /// The account of whoever entered it.
    pub staff_id: Option<i64>,
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
    /// The documents of the customer that go with it.
    pub attachments: Vec<i64>,
}

crate::record! {
    /// A conversation as listings show it.
    pub struct Thread {
        /// Its id.
        pub id: i64,
        /// `CREATED`, `ONGOING` or `CLOSED`.
        pub status: String,
        /// The customer.
        pub customer_id: i64,
        /// The customer's first name.
        pub first_name: String,
        /// The customer's last name.
        pub last_name: String,
        /// What the first message was about.
        pub subject: String,
        /// When the last message was exchanged.
        pub last_message_at: Timestamp,
    }
}

crate::record! {
    /// A message of a conversation.
    pub struct Message {
        /// Its id.
        pub id: i64,
        /// What it is about.
        pub subject: String,
        /// What was said.
        pub content: String,
        /// `INCOMING` from the customer, `OUTGOING` to the customer.
        pub direction: String,
        /// The way it took, such as `EMAIL`.
        pub channel: String,
        /// Who dealt with the customer.
        pub agent: Option<String>,
        /// The account of whoever entered it.
        pub staff_id: Option<i64>,
        /// The number of the ticket elsewhere.
        pub ticket_number: Option<String>,
        /// Where the ticket is found.
        pub ticket_link: Option<String>,
        /// When it was exchanged.
        pub exchanged_at: Timestamp,
        /// The ids of the documents that go with it, with spaces between.
        pub attachments: Option<String>,
    }
}

impl Message {
    /// The ids of the documents that go with it, in order.
    pub fn attached(&self) -> Vec<i64> {
        let ids = self.attachments.iter().flat_map(|ids| ids.split(' '));
        ids.filter_map(|id| id.parse().ok()).collect()
    }
}

/// The columns of [`Thread`], in its order, and where they come from. No conversation is without a message.
macro_rules! thread {
    () => {
        "t.id, t.status, t.customer_id, c.first_name, c.last_name, \
         (select m.subject from communication m where m.tenant_id = t.tenant_id and m.thread_id = t.id order by m.id limit 1) \
         as subject, \
         (select max(m.exchanged_at) from communication m where m.tenant_id = t.tenant_id and m.thread_id = t.id) \
         as last_message_at \
         from communication_thread t \
         join customer c on c.tenant_id = t.tenant_id and c.id = t.customer_id and c.archived_at is null"
    };
}

crate::statements! {
    THREAD = "select customer_id, status from communication_thread where tenant_id = $1 and id = $2";
    INSERT_THREAD = "insert into communication_thread (tenant_id, id, customer_id, status) values ($1, $2, $3, $4)";
    SET_STATUS = "update communication_thread set status = $3 where tenant_id = $1 and id = $2";
    INSERT = "insert into communication (tenant_id, id, thread_id, integration_id, ticket_number, ticket_link, subject, content,
            direction, channel, agent, exchanged_at, entered_at, staff_id, attachments)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
    FIND = concat!("select ", thread!(), " where t.tenant_id = $1 and c.studio_id = $2 and t.id = $3");
    OF_STUDIO = concat!("select ", thread!(), " where t.tenant_id = $1 and c.studio_id = $2 and t.id < $3
        order by t.id desc limit $4");
    OF_STUDIO_IN = concat!("select ", thread!(), " where t.tenant_id = $1 and c.studio_id = $2 and t.id < $3 and t.status = $5
        order by t.id desc limit $4");
    OF_CUSTOMER = concat!("select ", thread!(), " where t.tenant_id = $1 and t.customer_id = $2 and t.id < $3
        order by t.id desc limit $4");
    MESSAGES = "select id, subject, content, direction, channel, agent, staff_id, ticket_number, ticket_link, exchanged_at,
        attachments from communication where tenant_id = $1 and thread_id = $2 and id > $3 order by id limit $4";
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
    let attachments: Vec<String> = m.attachments.iter().map(i64::to_string).collect();
    let attachments = (!attachments.is_empty()).then(|| attachments.join(" "));
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
            &m.staff_id,
            &attachments,
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

/// The conversation of that id with a customer of a home studio. Archived customers are left out here and below.
pub fn find(tx: &mut Tx<'_>, tenant: TenantId, studio: i64, id: i64) -> Result<Option<Thread>, DbError> {
    tx.query_one(&FIND, &[&tenant, &studio, &id])
}

/// The conversations with customers of a home studio by descending id: those with lesser ids than `before`, at most `limit`, only those
/// that stand like that if a status is given.
pub fn of_studio(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    studio: i64,
    status: Option<&str>,
    before: i64,
    limit: i64,
) -> Result<Vec<Thread>, DbError> {
    match status {
        None => tx.query(&OF_STUDIO, &[&tenant, &studio, &before, &limit]),
        Some(status) => tx.query(&OF_STUDIO_IN, &[&tenant, &studio, &before, &limit, &status]),
    }
}

/// The conversations with a customer by descending id: those with lesser ids than `before`, at most `limit`.
pub fn of_customer(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    customer: i64,
    before: i64,
    limit: i64,
) -> Result<Vec<Thread>, DbError> {
    tx.query(&OF_CUSTOMER, &[&tenant, &customer, &before, &limit])
}

/// The messages of a conversation by ascending id: those with greater ids than `after`, at most `limit`.
pub fn messages(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    thread: i64,
    after: i64,
    limit: i64,
) -> Result<Vec<Message>, DbError> {
    tx.query(&MESSAGES, &[&tenant, &thread, &after, &limit])
}
