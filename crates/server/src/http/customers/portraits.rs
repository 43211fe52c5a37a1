//! How customers are shown to programs, kept in memory until something about them is changed, as `tail.rs` tells.
//!
//! What is kept is the JSON of one customer as one integration sees it in one studio: with that, an answer about somebody who was asked
//! for before costs no look at the tables, and a slice or a search no more than the rows that say who is in it.

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
};

use bytes::Bytes;
use foldhash::fast::RandomState;
use gymkeeper_domain::customer::card_number::CardFormat;
use gymkeeper_store::{
    customer::CustomerRef,
    db::{DbError, Tx},
    tenant::TenantId,
};
use jiff::civil::Date;

use crate::http::{
    caller::Caller,
    links::Links,
    remembered::LINK_SECONDS,
    tail::{Sight, Subject, Tails},
};

/// What is kept lies on so many shelves, so that nobody waits for long while one of them grows or is emptied. Each has two halves: when
/// the younger is full, it becomes the older, and what was the older goes.
const SHELVES: usize = 256;
/// What a portrait takes besides its text.
const AROUND: usize = 300;

/// What answers about customers are made with.
pub struct Showing {
    /// Signed links to pictures.
    pub links: Arc<Links>,
    tails: Arc<Tails>,
    shelves: Vec<RwLock<Portraits>>,
    /// One half of a shelf takes so many bytes at the most.
    half: usize,
    proves: AtomicBool,
}

#[derive(Debug, Default)]
struct Portraits {
    young: HashMap<Key, Portrait, RandomState>,
    old: HashMap<Key, Portrait, RandomState>,
    bytes: usize,
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
        let shelves = (0..SHELVES).map(|_| RwLock::default()).collect();
        Self { links, tails, shelves, half: bytes / 2 / SHELVES, proves: AtomicBool::new(cfg!(debug_assertions)) }
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

    /// Where somebody is kept. Ids of customers may lie at even distances, so they are scattered by a large odd number.
    fn shelf(&self, customer: i64) -> &RwLock<Portraits> {
        let place = customer.unsigned_abs().wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
        &self.shelves[usize::try_from(place).unwrap_or_default() % SHELVES]
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
        let key = self.key(customer);
        let portraits = self.showing.shelf(customer).read().unwrap_or_else(PoisonError::into_inner);
        let Portrait { of, home, text } = portraits.young.get(&key).or_else(|| portraits.old.get(&key))?;
        let now = Moment { position: of.position, link: of.link.and(self.moment.link), ..self.moment };
        let holds = now == *of && self.sight.holds(Subject::Customer(customer), of.position);
        holds.then(|| (*home, text.clone()))
    }

    /// Keeps how a customer is shown.
    pub(super) fn keep(&self, customer: &CustomerRef<'_>, text: Bytes) {
        let of = Moment { link: self.moment.link.filter(|_| customer.image_file_id.is_some()), ..self.moment };
        let size = text.len() + AROUND;
        let drawn = Portrait { of, home: customer.studio_id, text };
        let mut portraits = self.showing.shelf(customer.id).write().unwrap_or_else(PoisonError::into_inner);
        portraits.bytes += size;
        if let Some(before) = portraits.young.insert(self.key(customer.id), drawn) {
            portraits.bytes -= before.text.len() + AROUND;
        }
        if portraits.bytes > self.showing.half {
            let young = std::mem::take(&mut portraits.young);
            let gone = std::mem::replace(&mut portraits.old, young);
            portraits.bytes = 0;
            // To take apart many of them takes a while, in which others shall not wait.
            drop(portraits);
            drop(gone);
        }
    }
}
