//! A change in progress: the running transaction with who acts, when, and what is recorded about it.
//!
//! Every action that changes something takes a [`Change`] and leaves one [`Deed`] for each thing it did. The deed becomes a
//! record of the tenant's journal in the same commit: that is the audit trail, and the events in it go to webhooks. An action
//! that changes rows and leaves no deed fails in debug builds.

use std::fmt;

use gymkeeper_contract::webhooks::{Event, EventType, Notice};
use gymkeeper_store::{
    customer::{self, Hidden},
    db::Tx,
    journal::{Begins, Entry},
    tenant::{Tenant, TenantId},
};
use jiff::Timestamp;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::{chance, clock, http::party::Party};

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A program with an API key of that id.
    Key(i64),
    /// Somebody with an account of that id, in the back office.
    Staff(i64),
    /// Somebody of that name at the command line.
    Cli(String),
    /// A worker of the server, by the job it does.
    Worker(&'static str),
    /// Whoever holds the tenant's sandbox token.
    Sandbox,
    /// The demo, when it makes its gym.
    Demo,
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(id) => write!(f, "key:{id}"),
            Self::Staff(id) => write!(f, "staff:{id}"),
            Self::Cli(name) => write!(f, "cli:{name}"),
            Self::Worker(job) => write!(f, "worker:{job}"),
            Self::Sandbox => f.write_str("sandbox"),
            Self::Demo => f.write_str("demo"),
        }
    }
}

/// Who acts when, and how the request is found in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct By {
    /// Who acts.
    pub actor: Actor,
    /// The system's present instant.
    pub system_now: Timestamp,
    /// The number under which the request is in the log.
    pub trace: u64,
    /// Events get ids that follow from this number, for data that must be the same in every run; otherwise random ones.
    pub seed: Option<u64>,
}

impl By {
    /// Somebody who acts now.
    pub fn new(actor: Actor, system_now: Timestamp) -> Self {
        Self { actor, system_now, trace: chance::trace_id(), seed: None }
    }

    /// A change of a tenant that begins now.
    pub fn changes<'t, 'c>(&self, tx: &'t mut Tx<'c>, tenant: &Tenant) -> Change<'t, 'c> {
        if tenant.sandbox {
            // Nobody puts it back, copies or removes it meanwhile. Whoever did so before shows by another epoch.
            tx.hold_shared(tenant.tenant_id);
        }
        Change {
            tenant: tenant.id(),
            epoch: Some(tenant.epoch),
            now: clock::tenant_now(self.system_now, tenant.test_clock),
            by: self.clone(),
            told: 0,
            drawn: 0,
            tx,
        }
    }
}

/// A running change of one tenant.
pub struct Change<'t, 'c> {
    /// The transaction.
    pub tx: &'t mut Tx<'c>,
    /// The tenant.
    pub tenant: TenantId,
    /// The tenant's present instant, by which the business goes.
    pub now: Timestamp,
    by: By,
    epoch: Option<i64>,
    told: u64,
    drawn: u64,
}

impl<'t, 'c> Change<'t, 'c> {
    /// A change asked for over HTTP.
    pub fn of_caller(tx: &'t mut Tx<'c>, caller: &impl Party, trace: u64) -> Self {
        let by = By { actor: caller.actor(), system_now: caller.system_now(), trace, seed: None };
        Self { tx, tenant: caller.tenant(), now: caller.now(), by, epoch: Some(caller.epoch()), told: 0, drawn: 0 }
    }

    /// The system's present instant, by which secrets and records go.
    pub fn system_now(&self) -> Timestamp {
        self.by.system_now
    }

    /// The number that random things follow from, for data that must be the same in every run.
    pub fn seed(&self) -> Option<u64> {
        self.by.seed
    }

    /// Who acts, in a word.
    pub fn actor(&self) -> String {
        self.by.actor.to_string()
    }

    /// Leaves a record of what was done, with its events. Those about customers who are hidden from third parties are left out,
    /// so that no action has to think of it.
    pub fn record(&mut self, deed: Deed) {
        let about = deed.about;
        let told: Vec<Event> = deed.events.into_iter().filter_map(|event| self.tellable(event, about)).collect();
        let events: Vec<Notice> = told.iter().map(|event| self.notice(event)).collect();
        self.tx.leave(Entry {
            tenant: self.tenant,
            epoch: self.epoch,
            recorded_at: self.by.system_now,
            tenant_time: self.now,
            actor: self.by.actor.to_string(),
            action: deed.action,
            studio: deed.studio,
            subject: deed.subject,
            trace: i64::try_from(self.by.trace).unwrap_or(i64::MAX),
            changes: (!deed.changes.is_empty()).then(|| format!("{{{}}}", deed.changes)),
            events: (!events.is_empty()).then(|| json(&events)),
            begins: deed.begins,
        });
    }

    /// Whether webhooks may have something to tell once this is committed.
    pub fn has_told(&self) -> bool {
        self.told > 0
    }

    /// Random bytes for something new; in data that must be the same in every run, bytes that follow from the seed.
    pub fn draw(&mut self) -> [u8; 16] {
        let Some(seed) = self.by.seed else { return chance::bytes() };
        self.drawn += 1;
        let digest = Sha256::digest(format!("{seed} {} {}", self.tenant.0, self.drawn).as_bytes());
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest[..16]);
        bytes
    }

    /// What third parties may be told of an event (AUTH-5, LAW-9): of a customer who does not allow it nothing but that, of an
    /// archived one nothing but that.
    fn tellable(&mut self, event: Event, about: Option<i64>) -> Option<Event> {
        if let Event::AutomaticCustomerCheckout { studio_id, mut checkouts } = event {
            checkouts.retain(|checkout| self.hidden(checkout.customer_id).is_none());
            return (!checkouts.is_empty()).then_some(Event::AutomaticCustomerCheckout { studio_id, checkouts });
        }
        let told = match event.customer().or(about).and_then(|customer| self.hidden(customer)) {
            None => true,
            Some(Hidden::Withheld) => event.kind() == EventType::CustomerAccessDisabled,
            Some(Hidden::Archived) => event.kind() == EventType::CustomerDeleted,
        };
        told.then_some(event)
    }

    /// A failure of the database counts as hidden: the transaction remembers it and keeps nothing.
    fn hidden(&mut self, customer: i64) -> Option<Hidden> {
        customer::hidden(self.tx, self.tenant, customer).unwrap_or(Some(Hidden::Withheld))
    }

    fn notice(&mut self, event: &Event) -> Notice {
        self.told += 1;
        let uuid = uuid::Builder::from_random_bytes(self.draw()).into_uuid();
        Notice::new(event, uuid.to_string(), self.now.as_millisecond())
    }
}

// Plain values, texts and lists of them can always be written.
fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned())
}

/// One thing that was done.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Deed {
    action: &'static str,
    studio: Option<i64>,
    subject: Option<String>,
    /// The inside of a JSON object, written as it comes: every write of the API passes here.
    changes: String,
    events: Vec<Event>,
    about: Option<i64>,
    begins: Option<Begins>,
}

impl Deed {
    /// What was done, by a name of the form `studio.tags-replaced`.
    pub fn new(action: &'static str) -> Self {
        Self {
            action,
            studio: None,
            subject: None,
            changes: String::new(),
            events: Vec::new(),
            about: None,
            begins: None,
        }
    }

    /// The studio it was done in, whose webhooks its events go to.
    pub fn studio(mut self, id: i64) -> Self {
        self.studio = Some(id);
        self
    }

    /// What it was done to.
    pub fn subject(mut self, kind: &str, id: impl fmt::Display) -> Self {
        self.subject = Some(format!("{kind}:{id}"));
        self
    }

    /// A field with its values before and after. Never for personal or bank data: a journal cannot be erased.
    pub fn field(mut self, name: &str, from: impl Serialize, to: impl Serialize) -> Self {
        let (from, to) = (json(&from), json(&to));
        let sides: Vec<String> = [("from", from), ("to", to)]
            .into_iter()
            .filter(|(_, value)| value != "null")
            .map(|(side, value)| format!(r#""{side}":{value}"#))
            .collect();
        if !sides.is_empty() {
            self.push(name, &format!("{{{}}}", sides.join(",")));
        }
        self
    }

    /// A field of personal or bank data: that it changed is recorded, its values are not.
    pub fn personal_field(mut self, name: &str) -> Self {
        self.push(name, r#"{"withheld":true}"#);
        self
    }

    fn push(&mut self, name: &str, value: &str) {
        if !self.changes.is_empty() {
            self.changes.push(',');
        }
        self.changes.push_str(&json(&name));
        self.changes.push(':');
        self.changes.push_str(value);
    }

    /// An event that it raises.
    pub fn event(mut self, event: Event) -> Self {
        self.events.push(event);
        self
    }

    /// The customer whom its events are about, where they name something else, such as a booking.
    pub fn about(mut self, customer: i64) -> Self {
        self.about = Some(customer);
        self
    }

    /// Whose reading of the journal begins with it.
    pub fn begins(mut self, reader: Begins) -> Self {
        self.begins = Some(reader);
        self
    }
}
