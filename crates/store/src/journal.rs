//! The journal: one record of every change of a tenant, in the order of their commits, with the events it raised.
//!
//! It is outbox and audit trail in one: who did what and when, what was before and after, and what webhooks are told. A record is
//! written with the change or not at all, never changed, and carries the hash of the record before it, so that a hole or a
//! later correction shows. Personal and bank data never get in; see [`Entry::changes`].
//!
//! Entries are left with a running transaction ([`Tx::leave`]) and written just before it commits, on SQLite once for all
//! members of a group. Positions ascend without holes in the order of commits: whoever has read up to one misses nothing.

use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use crate::{
    db::{DbError, Fixed, Tx},
    tenant::TenantId,
};

/// A change to be recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The tenant.
    pub tenant: TenantId,
    /// The tenant's epoch as the change believed it to be; another one means that a sandbox was put back meanwhile.
    pub epoch: Option<i64>,
    /// The system's time.
    pub recorded_at: Timestamp,
    /// The tenant's time.
    pub tenant_time: Timestamp,
    /// Who: `key:1027`, `cli:ada`, `worker:day`.
    pub actor: String,
    /// What, such as `studio.tags-replaced`.
    pub action: &'static str,
    /// The studio it happened in.
    pub studio: Option<i64>,
    /// What was changed, such as `studio:1002`.
    pub subject: Option<String>,
    /// Leads to the request's line in the log.
    pub trace: i64,
    /// JSON: fields with the values before and after. Of personal and bank data only the names of the fields.
    pub changes: Option<String>,
    /// JSON: a list of the bodies that webhooks send.
    pub events: Option<String>,
    /// Whose reading of the journal begins with this record.
    pub begins: Option<Begins>,
}

/// Readers of the journal who want nothing from before a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begins {
    /// The webhooks of an integration in a studio, which has just confirmed that it is ready.
    Activation {
        /// The integration.
        integration: i64,
        /// The studio.
        studio: i64,
    },
    /// A new webhook target.
    Target(i64),
    /// All webhook targets of the tenant, whose past was exchanged.
    AllTargets,
}

crate::record! {
    /// A record of the journal.
    pub struct Record {
        /// Its place in the tenant's journal, from 1.
        pub position: i64,
        /// The system's time.
        pub recorded_at: Timestamp,
        /// The tenant's time.
        pub tenant_time: Timestamp,
        /// Who.
        pub actor: String,
        /// What.
        pub action: String,
        /// The studio it happened in.
        pub studio_id: Option<i64>,
        /// What was changed.
        pub subject: Option<String>,
        /// Leads to the request's line in the log.
        pub trace: i64,
        /// JSON: fields with the values before and after.
        pub changes: Option<String>,
        /// JSON: a list of the bodies that webhooks send.
        pub events: Option<String>,
        /// Hash of this record and the one before it.
        pub hash: Vec<u8>,
    }
}

crate::record! {
    /// What a record says in short.
    pub struct Done {
        /// Its place in the tenant's journal.
        pub position: i64,
        /// What.
        pub action: String,
        /// What was changed.
        pub subject: Option<String>,
    }
}

crate::record! {
    /// Where the journal of a tenant ends.
    pub struct Head {
        /// The position of the last record; 0 when there is none.
        pub position: i64,
        /// Grows each time the tenant is put back to an earlier state.
        pub epoch: i64,
        /// The hash of the last record.
        pub hash: Vec<u8>,
    }
}

crate::statements! {
    CREATE_HEAD = "insert into journal_head (tenant_id, position, epoch, hash) values ($1, 0, 0, $2)";
    END = "select position from journal_head where tenant_id = $1";
    HEAD = "select position, epoch, hash from journal_head where tenant_id = $1";
    // The one lock that changes of a tenant share, taken as the last thing before the commit.
    CLAIM = "update journal_head set position = position + $2 where tenant_id = $1 returning position, epoch, hash";
    SEAL = "update journal_head set hash = $2 where tenant_id = $1";
    NEXT_EPOCH = "update journal_head set epoch = epoch + 1 where tenant_id = $1";
    INSERT = "insert into journal (tenant_id, position, recorded_at, tenant_time, actor, action, studio_id, subject, trace,
            changes, events, hash)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    LIST = "select position, recorded_at, tenant_time, actor, action, studio_id, subject, trace, changes, events, hash
        from journal where tenant_id = $1 and position > $2 order by position limit $3";
    WITH_EVENTS = "select position, recorded_at, tenant_time, actor, action, studio_id, subject, trace, changes, events, hash
        from journal where tenant_id = $1 and position > $2 and events is not null order by position limit $3";
    EVENTS_OF_STUDIO = "select position, recorded_at, tenant_time, actor, action, studio_id, subject, trace, changes, events, hash
        from journal where tenant_id = $1 and studio_id = $2 and position > $3 and events is not null
        order by position limit $4";
    DONE = "select position, action, subject from journal where tenant_id = $1 and position > $2 order by position limit $3";
    ACTIVATION_BEGINS = "update activation set position = $4
        where tenant_id = $1 and integration_id = $2 and studio_id = $3";
    TARGET_BEGINS = "update webhook_target set position = $3 where tenant_id = $1 and id = $2";
    TARGETS_BEGIN = "update webhook_target set position = $2 where tenant_id = $1";
}

/// Begins the journal of a new tenant.
pub fn create(tx: &mut Tx<'_>, tenant: TenantId) -> Result<(), DbError> {
    tx.execute(&CREATE_HEAD, &[&tenant, &Vec::<u8>::new()]).map(drop)
}

/// Where the journal ends.
pub fn head(tx: &mut Tx<'_>, tenant: TenantId) -> Result<Option<Head>, DbError> {
    tx.query_one(&HEAD, &[&tenant])
}

/// The position of the last record, looked up once for all reads that share a snapshot.
pub fn end(tx: &mut Tx<'_>, tenant: TenantId) -> Result<Option<i64>, DbError> {
    tx.once_in_snapshot(Fixed::JournalEnd(tenant), &END, &[&tenant])
}

/// What was done behind a position, in order; at most so many.
pub fn done(tx: &mut Tx<'_>, tenant: TenantId, after: i64, limit: i64) -> Result<Vec<Done>, DbError> {
    tx.query(&DONE, &[&tenant, &after, &limit])
}

/// Makes changes fail that began before the tenant was put back to an earlier state.
pub fn next_epoch(tx: &mut Tx<'_>, tenant: TenantId) -> Result<(), DbError> {
    tx.execute(&NEXT_EPOCH, &[&tenant]).map(drop)
}

/// At most so many records behind a position, in order.
pub fn list(tx: &mut Tx<'_>, tenant: TenantId, after: i64, limit: i64) -> Result<Vec<Record>, DbError> {
    tx.query(&LIST, &[&tenant, &after, &limit])
}

/// At most so many records that have events, behind a position, in order.
pub fn with_events(tx: &mut Tx<'_>, tenant: TenantId, after: i64, limit: i64) -> Result<Vec<Record>, DbError> {
    tx.query(&WITH_EVENTS, &[&tenant, &after, &limit])
}

/// At most so many records of a studio that have events, behind a position, in order.
pub fn events_of_studio(
    tx: &mut Tx<'_>,
    tenant: TenantId,
    studio: i64,
    after: i64,
    limit: i64,
) -> Result<Vec<Record>, DbError> {
    tx.query(&EVENTS_OF_STUDIO, &[&tenant, &studio, &after, &limit])
}

/// What a walk along a journal found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Walked {
    /// So many records are whole, from the first one on.
    pub records: i64,
    /// What is wrong behind them.
    pub wrong: Option<String>,
}

/// Recomputes the chain of hashes up to a head. Records that came later are left for the next time.
pub fn verify(tx: &mut Tx<'_>, tenant: TenantId, head: &Head) -> Result<Walked, DbError> {
    let mut chain = Chain { tenant, position: 0, hash: Vec::new() };
    let wrong = loop {
        let left = head.position - chain.position;
        let slice = if left > 0 { list(tx, tenant, chain.position, left.min(SLICE))? } else { Vec::new() };
        if slice.is_empty() {
            let ended = chain.position == head.position && chain.hash == head.hash;
            break (!ended).then(|| format!("the journal ends at {}, not at {}", chain.position, head.position));
        }
        if let Some(wrong) = slice.iter().find_map(|record| chain.follow(record)) {
            break Some(wrong);
        }
    };
    Ok(Walked { records: chain.position, wrong })
}

/// So many records are read at a time.
const SLICE: i64 = 1000;

/// A walk along the journal.
struct Chain {
    tenant: TenantId,
    position: i64,
    hash: Vec<u8>,
}

impl Chain {
    /// Goes on to a record, or says what is wrong with it.
    fn follow(&mut self, record: &Record) -> Option<String> {
        if record.position != self.position + 1 {
            return Some(format!("record {} is missing", self.position + 1));
        }
        if record.hash != record.expected_hash(self.tenant, &self.hash) {
            return Some(format!("record {} is not what was written", record.position));
        }
        (self.position, self.hash) = (record.position, record.hash.clone());
        None
    }
}

/// Writes what a commit's changes have left behind, tenant by tenant, each in the order in which it was left.
pub(crate) fn write(tx: &mut Tx<'_>, mut entries: Vec<Entry>) -> Result<(), DbError> {
    // Always in the same order: two commits over the same tenants must not wait for each other.
    entries.sort_by_key(|entry| entry.tenant);
    for of_tenant in entries.chunk_by(|a, b| a.tenant == b.tenant) {
        write_of_tenant(tx, of_tenant)?;
    }
    Ok(())
}

fn write_of_tenant(tx: &mut Tx<'_>, entries: &[Entry]) -> Result<(), DbError> {
    let Some(tenant) = entries.first().map(|entry| entry.tenant) else { return Ok(()) };
    let count = i64::try_from(entries.len()).unwrap_or(i64::MAX);
    // A tenant that was removed meanwhile has no journal any more; its change must not be kept either.
    let claimed: Head = tx.query_one(&CLAIM, &[&tenant, &count])?.ok_or(DbError::Conflict)?;
    if entries.iter().any(|entry| entry.epoch.is_some_and(|epoch| epoch != claimed.epoch)) {
        return Err(DbError::Conflict);
    }
    let mut hash = claimed.hash;
    let mut rows = Vec::with_capacity(entries.len());
    for (position, entry) in (claimed.position - count + 1..).zip(entries) {
        hash = chained(&hash, tenant, position, entry);
        rows.push(Placed { position, entry, hash: hash.clone() });
    }
    tx.execute_each(&INSERT, &rows, |Placed { position, entry, hash }| {
        [
            &entry.tenant,
            position,
            &entry.recorded_at,
            &entry.tenant_time,
            &entry.actor,
            &entry.action,
            &entry.studio,
            &entry.subject,
            &entry.trace,
            &entry.changes,
            &entry.events,
            hash,
        ]
    })?;
    for Placed { position, entry, .. } in &rows {
        match entry.begins {
            None => {}
            Some(Begins::Activation { integration, studio }) => {
                tx.execute(&ACTIVATION_BEGINS, &[&tenant, &integration, &studio, position])?;
            }
            Some(Begins::Target(target)) => drop(tx.execute(&TARGET_BEGINS, &[&tenant, &target, position])?),
            Some(Begins::AllTargets) => drop(tx.execute(&TARGETS_BEGIN, &[&tenant, position])?),
        }
    }
    tx.execute(&SEAL, &[&tenant, &hash]).map(drop)
}

/// An entry with its place in the journal.
struct Placed<'e> {
    position: i64,
    entry: &'e Entry,
    hash: Vec<u8>,
}

fn chained(previous: &[u8], tenant: TenantId, position: i64, entry: &Entry) -> Vec<u8> {
    let content = Content {
        tenant,
        position,
        recorded_at: entry.recorded_at,
        tenant_time: entry.tenant_time,
        actor: &entry.actor,
        action: entry.action,
        studio: entry.studio,
        subject: entry.subject.as_deref(),
        trace: entry.trace,
        changes: entry.changes.as_deref(),
        events: entry.events.as_deref(),
    };
    content.hash(previous)
}

impl Record {
    /// The hash that the record must have when the one before it has that hash.
    pub fn expected_hash(&self, tenant: TenantId, previous: &[u8]) -> Vec<u8> {
        let content = Content {
            tenant,
            position: self.position,
            recorded_at: self.recorded_at,
            tenant_time: self.tenant_time,
            actor: &self.actor,
            action: &self.action,
            studio: self.studio_id,
            subject: self.subject.as_deref(),
            trace: self.trace,
            changes: self.changes.as_deref(),
            events: self.events.as_deref(),
        };
        content.hash(previous)
    }
}

/// What a hash is made of.
struct Content<'a> {
    tenant: TenantId,
    position: i64,
    recorded_at: Timestamp,
    tenant_time: Timestamp,
    actor: &'a str,
    action: &'a str,
    studio: Option<i64>,
    subject: Option<&'a str>,
    trace: i64,
    changes: Option<&'a str>,
    events: Option<&'a str>,
}

impl Content<'_> {
    /// SHA-256 over the hash before and all fields, each with its length, so that no two contents read the same.
    fn hash(&self, previous: &[u8]) -> Vec<u8> {
        let mut sha = Sha256::new();
        let mut field = |bytes: &[u8]| {
            sha.update((bytes.len() as u64).to_be_bytes());
            sha.update(bytes);
        };
        let optional = |text: Option<&str>| text.map_or_else(|| "-".to_owned(), |text| format!("+{text}"));
        field(previous);
        for number in [
            self.tenant.0,
            self.position,
            self.recorded_at.as_microsecond(),
            self.tenant_time.as_microsecond(),
            self.trace,
            self.studio.unwrap_or(-1),
        ] {
            field(&number.to_be_bytes());
        }
        field(self.actor.as_bytes());
        field(self.action.as_bytes());
        for text in [self.subject, self.changes, self.events] {
            field(optional(text).as_bytes());
        }
        sha.finalize().to_vec()
    }
}
