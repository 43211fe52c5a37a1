//! Changes that customers asked for. What they want is sealed, and forgotten once it is decided: the journal says that it was.

use jiff::Timestamp;

use crate::{
    db::{DbError, Tx},
    tenant::TenantId,
};

/// What requested values are sealed as.
pub const SEALED_AS: &str = "amendment";

crate::record! {
    /// A change that a customer asked for, without the values.
    pub struct Amendment {
        /// Its id.
        pub id: i64,
        /// Who asked.
        pub customer_id: i64,
        /// The home studio of that customer.
        pub studio_id: i64,
        /// `CONTACT_DATA`, `ADDRESS_DATA`, `MASTER_DATA` or `PAYMENT_DATA`.
        pub kind: String,
        /// `PENDING`, `APPLIED`, `REJECTED` or `WITHDRAWN`.
        pub state: String,
        /// When it was asked for.
        pub requested_at: Timestamp,
        /// When it was decided.
        pub decided_at: Option<Timestamp>,
        /// Who decided.
        pub decided_by: Option<String>,
        /// What was noted about the decision.
        pub note: Option<String>,
    }
}

crate::statements! {
    FIND = "select a.id, a.customer_id, c.studio_id, a.kind, a.state, a.requested_at, a.decided_at, a.decided_by, a.note
        from amendment a join customer c on c.tenant_id = a.tenant_id and c.id = a.customer_id
        where a.tenant_id = $1 and a.id = $2";
    LIST = "select a.id, a.customer_id, c.studio_id, a.kind, a.state, a.requested_at, a.decided_at, a.decided_by, a.note
        from amendment a join customer c on c.tenant_id = a.tenant_id and c.id = a.customer_id
        where a.tenant_id = $1 order by a.id desc limit $2";
    WAITING = "select a.id, a.customer_id, c.studio_id, a.kind, a.state, a.requested_at, a.decided_at, a.decided_by, a.note
        from amendment a join customer c on c.tenant_id = a.tenant_id and c.id = a.customer_id
        where a.tenant_id = $1 and a.state = 'PENDING' order by a.id limit $2";
    WAITING_IN_STUDIO = "select a.id, a.customer_id, c.studio_id, a.kind, a.state, a.requested_at, a.decided_at, a.decided_by,
            a.note
        from amendment a join customer c on c.tenant_id = a.tenant_id and c.id = a.customer_id
        where a.tenant_id = $1 and a.state = 'PENDING' and c.studio_id = $2 and c.archived_at is null and a.id > $3
        order by a.id limit $4";
    WAITING_OF_CUSTOMER = "select a.id, a.customer_id, c.studio_id, a.kind, a.state, a.requested_at, a.decided_at, a.decided_by,
            a.note
        from amendment a join customer c on c.tenant_id = a.tenant_id and c.id = a.customer_id
        where a.tenant_id = $1 and a.state = 'PENDING' and a.customer_id = $2 order by a.id";
    PENDING = "select id from amendment where tenant_id = $1 and customer_id = $2 and kind = $3 and state = 'PENDING'";
    REQUESTED = "select requested from amendment where tenant_id = $1 and id = $2 and requested is not null";
    INSERT = "insert into amendment (tenant_id, id, customer_id, kind, state, requested, requested_at)
        values ($1, $2, $3, $4, 'PENDING', $5, $6)";
    DECIDE = "update amendment set state = $3, decided_at = $4, decided_by = $5, note = $6, requested = null
        where tenant_id = $1 and id = $2 and state = 'PENDING'";
}

/// The amendment of that id, in whatever state.
pub fn find(tx: &mut Tx<'_>, tenant: TenantId, id: i64) -> Result<Option<Amendment>, DbError> {
    tx.query_one(&FIND, &[&tenant, &id])
}

/// The newest amendments, at most so many, the newest first.
pub fn list(tx: &mut Tx<'_>, tenant: TenantId, most: i64) -> Result<Vec<Amendment>, DbError> {
    tx.query(&LIST, &[&tenant, &most])
}

/// The amendments that wait for staff, at most so many, the oldest first.
pub fn waiting(tx: &mut Tx<'_>, tenant: TenantId, most: i64) -> Result<Vec<Amendment>, DbError> {
    tx.query(&WAITING, &[&tenant, &most])
}

/// The amendments of a home studio's customers that wait for staff: those with greater ids than `after`, at most so many.
pub fn waiting_in_studio(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    studio: i64,
    after: i64,
    most: i64,
) -> Result<Vec<Amendment>, DbError> {
    tx.query(&WAITING_IN_STUDIO, &[&tenant, &studio, &after, &most])
}

/// The amendments of a customer that wait for staff, by id: one of each kind at the most.
pub fn waiting_of_customer(tx: &mut Tx<'_>, tenant: TenantId, customer: i64) -> Result<Vec<Amendment>, DbError> {
    tx.query(&WAITING_OF_CUSTOMER, &[&tenant, &customer])
}

/// The id of the amendment of a kind that waits for staff; a customer has one at the most (AMD-2).
pub fn pending(tx: &mut Tx<'_>, tenant: TenantId, customer: i64, kind: &str) -> Result<Option<i64>, DbError> {
    Ok(tx.query_one::<(i64,)>(&PENDING, &[&tenant, &customer, &kind])?.map(|(id,)| id))
}

/// What a pending amendment asks for; nothing once it is decided.
pub fn requested(tx: &mut Tx<'_>, tenant: TenantId, id: i64) -> Result<Option<Vec<u8>>, DbError> {
    match tx.query_one::<(Vec<u8>,)>(&REQUESTED, &[&tenant, &id])? {
        Some((sealed,)) => tx.open(SEALED_AS, id, &sealed).map(Some),
        None => Ok(None),
    }
}

/// Stores a pending amendment; its id must be fresh.
pub fn insert(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    id: i64,
    customer: i64,
    kind: &str,
    requested: &[u8],
    now: Timestamp,
) -> Result<(), DbError> {
    let sealed = tx.seal(SEALED_AS, id, requested)?;
    tx.execute(&INSERT, &[&tenant, &id, &customer, &kind, &sealed, &now]).map(drop)
}

/// Ends a pending amendment and forgets what it asked for. `false`: it is not pending any more.
pub fn decide(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    id: i64,
    state: &str,
    now: Timestamp,
    by: &str,
    note: Option<&str>,
) -> Result<bool, DbError> {
    Ok(tx.execute(&DECIDE, &[&tenant, &id, &state, &now, &by, &note])? == 1)
}
