//! Answers that are kept in memory, each with what it was true of, and the ETags that tell clients whether theirs still holds.
//!
//! Those about inventory belong to a [`Moment`], those about what is planned to a place in the journal; see `planned.rs`.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
};

use bytes::Bytes;
use gymkeeper_contract::language::Language;
use jiff::civil::Date;

use super::caller::Caller;

/// Remembered answers of a sort take so many bytes at the most.
const BYTES: usize = 16 << 20;

/// An answer takes so many bytes besides its text and what it is kept under.
const AROUND: usize = 300;

/// A remembered answer is at most so old, because the links to images in it are signed for a limited time (URL-2).
pub const LINK_SECONDS: i64 = 60;

/// An ETag holds that long at the most: a client that keeps its copy must still be able to follow the links in it.
const ETAG_SECONDS: i64 = 1800;

/// What an answer is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key {
    operation: &'static str,
    tenant: i64,
    studio: i64,
    language: Language,
    path: Vec<String>,
    query: String,
}

impl Key {
    /// The answer to an operation for the caller's studio.
    pub fn new(operation: &'static str, caller: &Caller, path: &[(String, String)]) -> Self {
        Self {
            operation,
            tenant: caller.tenant().0,
            studio: caller.studio(),
            language: caller.language,
            path: path.iter().map(|(_, value)| value.clone()).collect(),
            query: String::new(),
        }
    }

    /// What an answer takes that is kept under it.
    fn bytes(&self, body: &Bytes) -> usize {
        let path: usize = self.path.iter().map(String::len).sum();
        AROUND + path + self.query.len() + body.len()
    }

    /// The answer to a request with a query.
    pub fn with_query(self, query: &str) -> Self {
        Self { query: query.to_owned(), ..self }
    }
}

/// The state of the world an answer belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    version: i64,
    today: Date,
    links: i64,
    etag: i64,
}

impl Moment {
    /// The state as the caller's request sees it.
    pub fn of(caller: &Caller) -> Self {
        let second = caller.system_now.as_second();
        Self {
            version: caller.version(),
            today: caller.today(),
            links: second.div_euclid(LINK_SECONDS),
            etag: second.div_euclid(ETAG_SECONDS),
        }
    }

    /// A weak ETag: answers with the same one differ at most in the signatures of their links. It names the tenant, too, because
    /// a sandbox and its forks have the same studios.
    pub fn etag(&self, caller: &Caller) -> String {
        format!(
            "W/\"{}.{}.{}.{}.{:x}.{}\"",
            caller.tenant().0,
            caller.studio(),
            self.version,
            self.today.strftime("%Y%m%d"),
            self.etag,
            caller.language.tag()
        )
    }
}

/// Whether an `If-None-Match` header names the ETag.
pub fn matches(header: &str, etag: &str) -> bool {
    let strip = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    header.trim() == "*" || header.split(',').any(|tag| strip(tag) == strip(etag))
}

/// The answers themselves, each with what it was true of.
#[derive(Debug)]
pub struct Remembered<M>(RwLock<Kept<M>>);

#[derive(Debug)]
struct Kept<M> {
    answers: HashMap<Key, (M, Bytes)>,
    bytes: usize,
}

impl<M> Default for Remembered<M> {
    fn default() -> Self {
        Self(RwLock::new(Kept { answers: HashMap::new(), bytes: 0 }))
    }
}

impl<M: Copy> Remembered<M> {
    /// The answer, with what it was true of.
    pub fn get(&self, key: &Key) -> Option<(M, Bytes)> {
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner);
        kept.answers.get(key).map(|(of, body)| (*of, body.clone()))
    }

    /// Keeps an answer. When there is no room left, all others go: they come back as they are asked for.
    pub fn put(&self, key: Key, of: M, body: Bytes) {
        let bytes = key.bytes(&body);
        if bytes > BYTES {
            return;
        }
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if kept.bytes + bytes > BYTES {
            kept.answers.clear();
            kept.bytes = 0;
        }
        kept.bytes += bytes;
        let again = kept.answers.get(&key).map_or(0, |(_, old)| key.bytes(old));
        kept.bytes -= again;
        kept.answers.insert(key, (of, body));
    }
}

#[cfg(test)]
mod tests {
    use gymkeeper_contract::language::Language;

    use super::{BYTES, Bytes, Key, Remembered, matches};

    fn key(query: String) -> Key {
        Key { operation: "x", tenant: 1, studio: 1, language: Language::En, path: Vec::new(), query }
    }

    #[test]
    fn what_is_kept_under_counts_as_much_as_what_is_kept() {
        let kept: Remembered<u8> = Remembered::default();
        let long = "q".repeat(BYTES / 4);
        for number in 0..40 {
            kept.put(key(format!("{long}{number}")), 1, Bytes::from_static(b"[]"));
            let inside = kept.0.read().unwrap();
            assert!(inside.answers.len() <= 4 && inside.bytes <= BYTES, "{}", inside.bytes);
            let counted: usize = inside.answers.iter().map(|(key, (_, body))| key.bytes(body)).sum();
            assert_eq!(counted, inside.bytes);
        }
        // The same again takes no more.
        kept.put(key(format!("{long}39")), 2, Bytes::from_static(b"[1]"));
        let inside = kept.0.read().unwrap();
        let counted: usize = inside.answers.iter().map(|(key, (_, body))| key.bytes(body)).sum();
        assert_eq!(counted, inside.bytes);
    }

    #[test]
    fn if_none_match_takes_lists_stars_and_strong_spellings() {
        assert!(matches("W/\"a\", W/\"b\"", "W/\"b\""));
        assert!(matches("\"b\"", "W/\"b\""));
        assert!(matches("*", "W/\"b\""));
        assert!(!matches("W/\"c\"", "W/\"b\""));
        assert!(!matches("", "W/\"b\""));
    }
}
