//! The only place that reads the time.

use std::time::{Duration, Instant};

use jiff::Timestamp;

/// The clock of the machine. A sandbox tenant may have an instant of its own, see [`tenant_now`].
#[derive(Debug, Clone, Copy, Default)]
pub struct Clock;

impl Clock {
    /// The present instant, cut to microseconds as the database keeps them.
    #[allow(clippy::disallowed_methods)]
    pub fn now(self) -> Timestamp {
        let now = Timestamp::now();
        Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
    }

    /// A point in time that only ever grows; for durations and limits.
    #[allow(clippy::disallowed_methods)]
    pub fn monotonic(self) -> Instant {
        Instant::now()
    }

    /// How long ago a point in time was.
    pub fn since(self, start: Instant) -> Duration {
        self.monotonic().saturating_duration_since(start)
    }
}

/// What the time is for a tenant: the instant at which its test clock stands, else the system's. Only sandboxes have one.
pub fn tenant_now(system: Timestamp, test_clock: Option<Timestamp>) -> Timestamp {
    test_clock.unwrap_or(system)
}
