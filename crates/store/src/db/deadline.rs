//! Stops a statement of SQLite that runs too long: one slow write would hold up every other one.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

/// How many steps of SQLite's machine pass between two looks at the time, well under a millisecond.
const STEPS: i32 = 10_000;

pub(super) struct Deadline(Arc<Mutex<Option<Instant>>>);

impl Deadline {
    /// Makes the connection look at the deadline while statements run.
    pub(super) fn watch(connection: &mut rusqlite::Connection) -> Self {
        let until = Arc::new(Mutex::new(None));
        let seen = Arc::clone(&until);
        let looked = connection.progress_handler(
            STEPS,
            Some(move || {
                let until: Option<Instant> = *seen.lock().unwrap_or_else(PoisonError::into_inner);
                until.is_some_and(|until| until < monotonic())
            }),
        );
        if let Err(error) = looked {
            tracing::warn!(%error, "statements run without a time limit");
        }
        Self(until)
    }

    pub(super) fn start(&self, limit: Duration) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(monotonic() + limit);
    }

    pub(super) fn clear(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
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
