//! Calendar feeds: links under which calendar programs find what a studio, an employee or a customer has ahead.
//!
//! As with API keys, what is stored is the SHA-256 hash of a secret of 256 bits, and the link is shown once. It is signed with a key
//! of its own, which is stored sealed. The link names its tenant, so that no statement is without one.

use jiff::Timestamp;

use crate::{
    db::{DbError, Ids, Tx},
    tenant::TenantId,
};

/// What keys of links are sealed as.
pub const SEALED_AS: &str = "calendar_feed";

crate::record! {
    /// A feed in a listing.
    pub struct Feed {
        /// Its id.
        pub id: i64,
        /// The studio in which it was made.
        pub studio_id: i64,
        /// The employee whose calendar it is.
        pub employee_id: Option<i64>,
        /// The customer whose calendar it is. Without either it is the studio's.
        pub customer_id: Option<i64>,
        /// Who made it, as the journal names them.
        pub made_by: String,
        /// When.
        pub made_at: Timestamp,
        /// Since when it is refused.
        pub revoked_at: Option<Timestamp>,
    }
}

crate::record! {
    /// What a link opens, with what one needs of its tenant.
    pub struct Opened {
        /// Its id.
        pub id: i64,
        /// The tenant's key.
        pub tenant_key: String,
        /// The clock of a sandbox tenant, where it was set.
        pub test_clock: Option<Timestamp>,
        /// The studio in which it was made.
        pub studio_id: i64,
        /// The employee whose calendar it is.
        pub employee_id: Option<i64>,
        /// The customer whose calendar it is. Without either it is the studio's.
        pub customer_id: Option<i64>,
        /// What its link is signed with, sealed.
        pub signing_key: Vec<u8>,
    }
}

crate::record! {
    /// Somebody whom third parties may be told of.
    pub struct Named {
        /// The id.
        pub id: i64,
        /// The first name.
        pub first_name: String,
        /// The last name.
        pub last_name: String,
    }
}

/// The columns of [`Feed`], in its order. What has no key opens nothing: unless it was revoked, it was made before there were
/// signatures, and is told as revoked since then.
macro_rules! columns {
    () => {
        "id, studio_id, employee_id, customer_id, made_by, made_at, \
         coalesce(revoked_at, case when signing_key is null then made_at end) as revoked_at"
    };
}

crate::statements! {
    INSERT = "insert into calendar_feed (tenant_id, id, studio_id, employee_id, customer_id, hash, made_by, made_at,
            signing_key)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    OPEN = "select f.id, t.key as tenant_key, t.test_clock, f.studio_id, f.employee_id, f.customer_id, f.signing_key
        from calendar_feed f join tenant t on t.tenant_id = f.tenant_id
        where f.tenant_id = $1 and f.hash = $2 and f.revoked_at is null and f.signing_key is not null";
    FIND = concat!("select ", columns!(), " from calendar_feed where tenant_id = $1 and id = $2");
    OF_STUDIO = concat!("select ", columns!(), " from calendar_feed
        where tenant_id = $1 and studio_id = $2 and customer_id is null and id > $3 order by id limit $4");
    OF_CUSTOMER = concat!("select ", columns!(), " from calendar_feed
        where tenant_id = $1 and customer_id = $2 and id > $3 order by id limit $4");
    ALL = concat!("select ", columns!(), " from calendar_feed where tenant_id = $1 order by id");
    REVOKE = "update calendar_feed set revoked_at = $3, signing_key = null
        where tenant_id = $1 and id = $2 and signing_key is not null";
    NAMED = "select id, first_name, last_name from customer
        where tenant_id = $1 and id in (select value from rarray($2)) and not withheld and archived_at is null order by id";
}

/// Stores a feed; its id must be fresh, and it is not revoked yet.
pub fn insert(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    feed: &Feed,
    hash: &[u8; 32],
    signing_key: &[u8; 32],
) -> Result<(), DbError> {
    let (f, sealed) = (feed, tx.seal(SEALED_AS, feed.id, signing_key)?);
    let hash = hash.as_slice();
    tx.execute(
        &INSERT,
        &[&tenant, &f.id, &f.studio_id, &f.employee_id, &f.customer_id, &hash, &f.made_by, &f.made_at, &sealed],
    )
    .map(drop)
}

/// What the link with that hash opens, unless it is revoked.
pub fn open(tx: &mut Tx<'_>, tenant: TenantId, hash: &[u8; 32]) -> Result<Option<Opened>, DbError> {
    tx.query_one(&OPEN, &[&tenant, &hash.as_slice()])
}

/// What a link to that calendar must be signed with.
///
/// # Errors
/// [`DbError::Unusable`] when it cannot be opened, as [`Tx::open`].
pub fn key(tx: &mut Tx<'_>, opened: &Opened) -> Result<[u8; 32], DbError> {
    let key = tx.open(SEALED_AS, opened.id, &opened.signing_key)?;
    key.try_into().map_err(|_| DbError::Unusable(format!("the key of calendar {} is none", opened.id)))
}

/// The feed of that id, revoked or not.
pub fn find(tx: &mut Tx<'_>, tenant: TenantId, id: i64) -> Result<Option<Feed>, DbError> {
    tx.query_one(&FIND, &[&tenant, &id])
}

/// The feeds of a studio and its employees with ids above `after`, ascending; those of customers are not among them.
pub fn of_studio(tx: &mut Tx<'_>, tenant: TenantId, studio: i64, after: i64, limit: i64) -> Result<Vec<Feed>, DbError> {
    tx.query(&OF_STUDIO, &[&tenant, &studio, &after, &limit])
}

/// The feeds of a customer with ids above `after`, ascending.
pub fn of_customer(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    customer: i64,
    after: i64,
    limit: i64,
) -> Result<Vec<Feed>, DbError> {
    tx.query(&OF_CUSTOMER, &[&tenant, &customer, &after, &limit])
}

/// All feeds of a tenant, by id.
pub fn all(tx: &mut Tx<'_>, tenant: TenantId) -> Result<Vec<Feed>, DbError> {
    tx.query(&ALL, &[&tenant])
}

/// Refuses a link from now on. `false`: it is refused already, or there is none.
pub fn revoke(tx: &mut Tx<'_>, tenant: TenantId, id: i64, now: Timestamp) -> Result<bool, DbError> {
    Ok(tx.execute(&REVOKE, &[&tenant, &id, &now])? > 0)
}

/// The names of these customers, by id, without those whom third parties are told nothing about.
pub fn named(tx: &mut Tx<'_>, tenant: TenantId, customers: &[i64]) -> Result<Vec<Named>, DbError> {
    tx.query(&NAMED, &[&tenant, &Ids(customers)])
}
