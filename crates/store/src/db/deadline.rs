//! Stops a statement of SQLite that runs too long: one slow write would hold up every other one.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

pub(super) struct Deadline(Arc<Mutex<Option<Instant>>>);

impl Deadline {
    /// Makes the connection look at the deadline each time a statement has made so many steps of SQLite's machine. Ten thousand of
    /// them take less than a millisecond, as long as none of them waits for the disk.
    pub(super) fn watch(connection: &mut rusqlite::Connection, steps: i32) -> Self {
        let until = Arc::new(Mutex::new(None));
        let seen = Arc::clone(&until);
        let looked = connection.progress_handler(
            steps,
            Some(move || {
                let until: Option<Instant> = *seen.lock().unwrap_or_else(PoisonError::into_inner);
                until.is_some_and(has_come)
            }),
        );
        if let Err(error) = looked {
            tracing::warn!(%error, "statements run without a time limit");
        }
        Self(until)
    }

    pub(super) fn start(&self, until: Instant) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(until);
    }

    pub(super) fn clear(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// The moment that is so far away.
pub(super) fn after(limit: Duration) -> Instant {
    monotonic() + limit
}

/// Whether that moment has come.
pub(super) fn has_come(moment: Instant) -> bool {
    moment <= monotonic()
}

// A time limit is no business time: no rule and no test depends on it.
#[allow(clippy::disallowed_methods)]
fn monotonic() -> Instant {
    Instant::now()
}

/// Seconds since 1970 on this machine, compared with the database server's by `doctor`.
#[allow(clippy::disallowed_methods)]
pub(super) fn wall_seconds() -> i64 {
    jiff::Timestamp::now().as_second()
}
