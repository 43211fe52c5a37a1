//! How customers are shown to programs, and by what they are known, kept in memory until something about them is changed, as `tail.rs`
//! tells.
//!
//! What is kept is the JSON of one customer as one integration sees it in one studio: with that, an answer about somebody who was asked
//! for before costs no look at the tables, and a slice or a search no more than the rows that say who is in it. Who has a card or a
//! number is kept, too: it stays so until something is done to that customer.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use bytes::Bytes;
use gymkeeper_domain::customer::card_number::CardFormat;
use gymkeeper_store::{
    customer::CustomerRef,
    db::{DbError, Tx},
    tenant::TenantId,
};
use jiff::civil::Date;

use super::query::Known;
use crate::http::{
    caller::Caller,
    failure::Failure,
    links::Links,
    remembered::LINK_SECONDS,
    shelves::Shelves,
    tail::{Sight, Subject, Tails},
};

/// What a portrait takes besides its text.
const AROUND: usize = 300;
/// What it takes to keep by what somebody is known, besides the text of that.
const AROUND_KNOWN: usize = 120;
/// That part of the memory is for by what customers are known: it takes about a ninth of what portraits do.
const FOR_KNOWN: usize = 9;

/// What answers about customers are made with.
pub struct Showing {
    /// Signed links to pictures.
    pub links: Arc<Links>,
    tails: Arc<Tails>,
    portraits: Shelves<Key, Portrait>,
    known: Shelves<(TenantId, Known), Met>,
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
    studio: i64,
    integration: i64,
    format: CardFormat,
    iban: ShownIban,
}

/// How much is shown of an IBAN: in lists, a program that leaks or is curious must not get all of them at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::http) enum ShownIban {
    Whole,
    Masked,
}

#[derive(Debug, Clone)]
struct Portrait {
    of: Moment,
    home: i64,
    text: Bytes,
}

/// Who is known by something.
#[derive(Debug, Clone, Copy)]
struct Met {
    customer: i64,
    /// Where the journal ended.
    position: i64,
}

/// What a portrait was true of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Moment {
    position: i64,
    version: i64,
    today: Date,
    /// The minute, for somebody with a picture.
    link: Option<i64>,
}

/// The portraits that hold in a running transaction.
pub(super) struct Gallery<'a> {
    showing: &'a Showing,
    viewer: Viewer,
    tenant: TenantId,
    moment: Moment,
    sight: Sight,
}

impl Showing {
    /// Nothing is kept yet. What will be takes so many bytes at the most.
    pub fn new(links: Arc<Links>, tails: Arc<Tails>, bytes: usize) -> Self {
        let for_known = bytes / FOR_KNOWN;
        Self {
            links,
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
    pub(super) fn gallery(
        &self,
        tx: &mut Tx<'_>,
        caller: &Caller,
        (format, iban): (CardFormat, ShownIban),
    ) -> Result<Gallery<'_>, DbError> {
        let sight = self.tails.sight(tx, caller.tenant())?;
        let link = caller.system_now.as_second().div_euclid(LINK_SECONDS);
        Ok(Gallery {
            showing: self,
            viewer: Viewer { studio: caller.studio(), integration: caller.integration(), format, iban },
            tenant: caller.tenant(),
            moment: Moment {
                position: sight.position(),
                version: caller.version(),
                today: caller.today(),
                link: Some(link),
            },
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
    pub(super) fn find(&self, customer: i64) -> Option<(i64, Bytes)> {
        let Portrait { of, home, text } = self.showing.portraits.get(&self.key(customer))?;
        let now = Moment { position: of.position, link: of.link.and(self.moment.link), ..self.moment };
        let holds = now == of && self.sight.holds(Subject::Customer(customer), of.position);
        holds.then_some((home, text))
    }

    /// Keeps how a customer is shown.
    pub(super) fn keep(&self, customer: &CustomerRef<'_>, text: Bytes) {
        let of = Moment { link: self.moment.link.filter(|_| customer.image_file_id.is_some()), ..self.moment };
        let size = text.len() + AROUND;
        let drawn = Portrait { of, home: customer.studio_id, text };
        self.showing.portraits.put(self.key(customer.id), drawn, size);
    }

    /// Who is known by something in the caller's tenant; `look` asks the database.
    ///
    /// # Errors
    /// As `look`, which alone says that nobody is.
    pub(super) fn whom(&self, known: &Known, look: impl FnOnce() -> Result<i64, Failure>) -> Result<i64, Failure> {
        // Whom a debt collector means hangs on the studio and on others who have the same number.
        if matches!(known, Known::Debtor(_)) {
            return look();
        }
        let key = (self.tenant, known.clone());
        let met = self.showing.known.get(&key);
        let met = met.filter(|met| self.sight.holds(Subject::Customer(met.customer), met.position));
        match met.map(|met| met.customer) {
            Some(customer) if !self.proves() => Ok(customer),
            Some(customer) => match look() {
                Ok(now) if now == customer => Ok(customer),
                now => Err(Failure::Internal(format!("customer {customer} was known by what is now {now:?}'s"))),
            },
            None => {
                let customer = look()?;
                let size = known.text().len() + AROUND_KNOWN;
                self.showing.known.put(key, Met { customer, position: self.sight.position() }, size);
                Ok(customer)
            }
        }
    }
}
