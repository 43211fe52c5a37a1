//! How customers are shown to programs, and by what they are known, kept in memory until something about them is changed, as `tail.rs`
//! tells.
//!
//! What is kept is the JSON of one customer as one integration sees it in one studio: with that, an answer about somebody who was asked
//! for before, or drawn ahead (`ahead.rs`), costs no look at the tables, and a slice or a search no more than the rows that say who is
//! in it. Who has a card or a number is kept, too: it stays so until something is done to that customer, or, for debtors, to any.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use bytes::Bytes;
use gymkeeper_domain::customer::{card_number::CardFormat, days::Days, medium::MediumKind};
use gymkeeper_store::{
    customer::{CustomerRef, medium::Medium},
    db::{DbError, Tx},
    tenant::TenantId,
};
use jiff::civil::Date;

use super::{ahead::Ahead, drawn::Drawn, query::Known};
use crate::http::{
    caller::Caller,
    failure::Failure,
    links::Links,
    shelves::{Kept, Shelves},
    tail::{Sight, Subject, Tails},
};

/// What a portrait takes besides its text.
const AROUND: usize = 256;
/// What it takes to keep by what somebody is known.
const KNOWN: usize = 64;
/// That part of the memory is for by what customers are known: two numbers and three media take about a third of what a portrait does.
const FOR_KNOWN: usize = 4;

/// What answers about customers are made with.
pub struct Showing {
    /// Signed links to pictures.
    pub links: Arc<Links>,
    /// Whose customers are to be drawn before anybody asks for them.
    pub ahead: Ahead,
    tails: Arc<Tails>,
    portraits: Shelves<Key, Arc<Portrait>>,
    known: Shelves<Acquaintance, Met>,
    proves: AtomicBool,
}

/// Who is shown to whom, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    tenant: TenantId,
    customer: i64,
    viewer: Viewer,
}

/// To whom customers are shown, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Viewer {
    pub(super) studio: i64,
    pub(super) integration: i64,
    pub(super) format: CardFormat,
}

#[derive(Debug)]
struct Portrait {
    of: Moment,
    /// The days on which it is true, if nothing is changed.
    days: Days,
    home: i64,
    drawn: Drawn,
}

/// Who is known by something.
#[derive(Debug, Clone, Copy)]
struct Met {
    customer: i64,
    /// Where the journal ended.
    position: i64,
}

/// By what somebody is known in a tenant, and to which studio, if it means others in others.
type Acquaintance = (TenantId, Option<i64>, Known);

impl Kept for Arc<Portrait> {
    fn bytes(&self) -> usize {
        self.drawn.size() + AROUND
    }
}

impl Kept for Met {
    fn bytes(&self) -> usize {
        KNOWN
    }
}

/// What a portrait was true of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Moment {
    position: i64,
    version: i64,
}

/// The portraits that hold in a running transaction.
pub(super) struct Gallery<'a> {
    showing: &'a Showing,
    viewer: Viewer,
    tenant: TenantId,
    moment: Moment,
    today: Date,
    sight: Sight,
}

impl Showing {
    /// Nothing is kept yet. What will be takes so many bytes at the most.
    pub fn new(links: Arc<Links>, tails: Arc<Tails>, bytes: usize) -> Self {
        let for_known = bytes / FOR_KNOWN;
        Self {
            links,
            ahead: Ahead::default(),
            tails,
            portraits: Shelves::of_bytes(bytes - for_known),
            known: Shelves::of_bytes(for_known),
            proves: AtomicBool::new(cfg!(debug_assertions)),
        }
    }

    /// Whether everything that was kept is made anew before it is used, and compared: so it is in debug builds.
    pub fn proves(&self) -> bool {
        self.proves.load(Ordering::Relaxed)
    }

    /// Says whether it is, for tests of what others build.
    pub fn prove(&self, whether: bool) {
        self.proves.store(whether, Ordering::Relaxed);
    }

    /// For describing operations without a server.
    pub fn nowhere() -> Self {
        Self::new(Arc::new(Links::new("", "", PathBuf::new())), Arc::default(), 0)
    }

    /// What of what is kept holds for a caller in this transaction.
    pub(super) fn gallery(&self, tx: &mut Tx<'_>, caller: &Caller, format: CardFormat) -> Result<Gallery<'_>, DbError> {
        let sight = self.tails.sight(tx, caller.tenant())?;
        Ok(Gallery {
            showing: self,
            viewer: Viewer { studio: caller.studio(), integration: caller.integration(), format },
            tenant: caller.tenant(),
            moment: Moment { position: sight.position(), version: caller.version() },
            today: caller.today(),
            sight,
        })
    }
}

impl Gallery<'_> {
    fn key(&self, customer: i64) -> Key {
        Key { tenant: self.tenant, customer, viewer: self.viewer }
    }

    /// Whether what was kept is made anew and compared.
    pub(super) fn proves(&self) -> bool {
        self.showing.proves()
    }

    /// How a customer is shown, with the home studio, if that is known.
    pub(super) fn find(&self, customer: i64, shown: impl FnOnce(&Drawn) -> Bytes) -> Option<(i64, Bytes)> {
        let portrait = self.held(customer)?;
        Some((portrait.home, shown(&portrait.drawn)))
    }

    /// Whether it is known how a customer is shown.
    pub(super) fn has(&self, customer: i64) -> bool {
        self.held(customer).is_some()
    }

    fn held(&self, customer: i64) -> Option<Arc<Portrait>> {
        let portrait = self.showing.portraits.get(&self.key(customer))?;
        let Moment { position, version } = portrait.of;
        let holds = version == self.moment.version && portrait.days.covers(self.today);
        (holds && self.sight.holds(Subject::Customer(customer), position)).then_some(portrait)
    }

    /// Keeps how a customer is shown on some days.
    pub(super) fn keep(&self, customer: &CustomerRef<'_>, drawn: Drawn, days: Days) {
        self.showing.portraits.put(&self.key(customer.id), self.portrait(customer, drawn, days));
    }

    fn portrait(&self, customer: &CustomerRef<'_>, drawn: Drawn, days: Days) -> Arc<Portrait> {
        Arc::new(Portrait { of: self.moment, days, home: customer.studio_id, drawn })
    }

    /// Keeps how a customer is shown, and by what they are known, if nothing else goes for it. Says whether there was room.
    pub(super) fn keep_ahead(&self, customer: &CustomerRef<'_>, mediums: &[Medium], drawn: Drawn, days: Days) -> bool {
        let mediums = mediums.iter().filter_map(|medium| {
            // Nobody is asked for by a wallet pass.
            let kind = MediumKind::of_name(&medium.kind).filter(|kind| *kind != MediumKind::WalletPass);
            kind.map(|kind| Known::Medium(kind, medium.value.clone()))
        });
        for known in mediums.chain([Known::Number(customer.customer_number.to_owned())]) {
            self.meet_ahead(known, customer.id);
        }
        self.showing.portraits.add(&self.key(customer.id), self.portrait(customer, drawn, days))
    }

    /// Keeps who is known by something, if nothing else goes for it: without room for that, they are looked for by it.
    pub(super) fn meet_ahead(&self, known: Known, customer: i64) {
        let _ = self.showing.known.add(&self.acquaintance(known), self.met(customer));
    }

    fn acquaintance(&self, known: Known) -> Acquaintance {
        // Of several with the same number, a debt collector means one of the studio that asks.
        let studio = matches!(known, Known::Debtor(_)).then_some(self.viewer.studio);
        (self.tenant, studio, known)
    }

    fn met(&self, customer: i64) -> Met {
        Met { customer, position: self.sight.position() }
    }

    /// Somebody was asked for who was not kept: others of the studio are drawn ahead.
    pub(super) fn wish(&self, caller: &Caller) {
        let since = (self.moment.version, self.sight.everybody());
        self.showing.ahead.wish((self.tenant, self.viewer), since, caller);
    }

    /// Who is known by something in the caller's tenant; `look` asks the database.
    ///
    /// # Errors
    /// As `look`, which alone says that nobody is.
    pub(super) fn whom(&self, known: &Known, look: impl FnOnce() -> Result<i64, Failure>) -> Result<i64, Failure> {
        let key = self.acquaintance(known.clone());
        let subject = |met: &Met| match known {
            // Others may have the same number now.
            Known::Debtor(_) => Subject::Debtors,
            Known::Medium(..) | Known::Number(_) => Subject::Customer(met.customer),
        };
        let met = self.showing.known.get(&key).filter(|met| self.sight.holds(subject(met), met.position));
        match met.map(|met| met.customer) {
            Some(customer) if !self.proves() => Ok(customer),
            Some(customer) => match look() {
                Ok(now) if now == customer => Ok(customer),
                now => Err(Failure::Internal(format!("customer {customer} was known by what is now {now:?}'s"))),
            },
            None => {
                let customer = look()?;
                self.showing.known.put(&key, self.met(customer));
                Ok(customer)
            }
        }
    }
}
