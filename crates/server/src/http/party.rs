//! Whoever makes a request: a program with an API key, or a member of staff with a session.
//!
//! What every write passes through is the same for both (`writing.rs`); this is what it has to know of them.

use std::borrow::Cow;

use gymkeeper_contract::language::Language;
use gymkeeper_store::{db::Tx, tenant::TenantId};
use jiff::Timestamp;

use super::{caller::Caller, failure::Failure};
use crate::actions::change::Actor;

/// Somebody whose request is carried out.
pub trait Party: Clone + Send + Sync + 'static {
    /// The tenant.
    fn tenant(&self) -> TenantId;
    /// Who it is, for the journal.
    fn actor(&self) -> Actor;
    /// Whose idempotency keys theirs are. Ids are unique in a database, whatever they belong to.
    fn id(&self) -> i64;
    /// The tenant's present instant, by which the business goes.
    fn now(&self) -> Timestamp;
    /// The system's present instant, by which secrets expire.
    fn system_now(&self) -> Timestamp;
    /// The language for messages.
    fn language(&self) -> Language;
    /// The tenant's epoch as this request believes it to be.
    fn epoch(&self) -> i64;
    /// Keeps a sandbox from being put back, copied or removed under the running transaction.
    fn hold(&self, tx: &mut Tx<'_>);
    /// The same party as the running transaction sees it.
    ///
    /// # Errors
    /// When it may no longer do what it could do when the request arrived.
    fn renewed(&self, tx: &mut Tx<'_>) -> Result<Cow<'_, Self>, Failure>;
}

impl Party for Caller {
    fn tenant(&self) -> TenantId {
        self.tenant()
    }

    fn actor(&self) -> Actor {
        Actor::Key(self.key_id())
    }

    fn id(&self) -> i64 {
        self.key_id()
    }

    fn now(&self) -> Timestamp {
        self.now
    }

    fn system_now(&self) -> Timestamp {
        self.system_now
    }

    fn language(&self) -> Language {
        self.language
    }

    fn epoch(&self) -> i64 {
        self.epoch()
    }

    fn hold(&self, tx: &mut Tx<'_>) {
        self.hold(tx);
    }

    fn renewed(&self, tx: &mut Tx<'_>) -> Result<Cow<'_, Self>, Failure> {
        self.renewed(tx)
    }
}
