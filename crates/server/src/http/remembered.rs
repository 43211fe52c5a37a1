//! Answers about inventory that are kept in memory, and the ETags that tell clients whether theirs still holds.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
};

use bytes::Bytes;
use gymkeeper_contract::language::Language;
use jiff::civil::Date;

use super::caller::Caller;

/// Remembered answers take so many bytes at the most.
const BYTES: usize = 32 << 20;

/// A remembered answer is at most so old, because the links to images in it are signed for a limited time (URL-2).
const LINK_SECONDS: i64 = 60;

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
        }
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

/// The answers themselves.
#[derive(Debug, Default)]
pub struct Remembered(RwLock<Kept>);

#[derive(Debug, Default)]
struct Kept {
    answers: HashMap<Key, (Moment, Bytes)>,
    bytes: usize,
}

impl Remembered {
    /// The answer, if it belongs to the same moment.
    pub fn get(&self, key: &Key, moment: &Moment) -> Option<Bytes> {
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner);
        kept.answers.get(key).filter(|(of, _)| of == moment).map(|(_, body)| body.clone())
    }

    /// Keeps an answer. When there is no room left, all others go: they come back as they are asked for.
    pub fn put(&self, key: Key, moment: Moment, body: Bytes) {
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if body.len() > BYTES {
            return;
        }
        if kept.bytes + body.len() > BYTES {
            kept.answers.clear();
            kept.bytes = 0;
        }
        kept.bytes += body.len();
        if let Some((_, old)) = kept.answers.insert(key, (moment, body)) {
            kept.bytes -= old.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn if_none_match_takes_lists_stars_and_strong_spellings() {
        assert!(matches("W/\"a\", W/\"b\"", "W/\"b\""));
        assert!(matches("\"b\"", "W/\"b\""));
        assert!(matches("*", "W/\"b\""));
        assert!(!matches("W/\"c\"", "W/\"b\""));
        assert!(!matches("", "W/\"b\""));
    }
}
