//! At most so many requests a minute, for each key and operation (RATE-1, RATE-2).
//!
//! The count is kept by each server process on its own: a limit is there to protect the process.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

const WINDOW: Duration = Duration::from_secs(60);
const SHARDS: usize = 16;

/// Counts requests.
#[derive(Debug)]
pub struct RateLimit {
    /// Requests that one minute allows; none means no limit.
    per_minute: Option<u32>,
    shards: [Mutex<HashMap<(i64, u32), Window>>; SHARDS],
}

#[derive(Debug, Clone, Copy)]
struct Window {
    started: Instant,
    count: u32,
    blocked_until: Option<Instant>,
}

impl RateLimit {
    /// A limit of so many requests a minute; `None` for no limit at all.
    pub fn new(per_minute: Option<u32>) -> Self {
        Self { per_minute, shards: std::array::from_fn(|_| Mutex::default()) }
    }

    /// Counts one request of a key to an operation.
    ///
    /// # Errors
    /// The time after which the next request will be let through. The request that goes over the limit blocks the operation for
    /// a minute from then on.
    pub fn take(&self, key: i64, operation: u32, now: Instant) -> Result<(), Duration> {
        let Some(limit) = self.per_minute else { return Ok(()) };
        let shard = &self.shards[(key as usize).wrapping_mul(31).wrapping_add(operation as usize) % SHARDS];
        let mut windows = shard.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = Window { started: now, count: 0, blocked_until: None };
        let window = windows.entry((key, operation)).or_insert(fresh);
        match window.blocked_until {
            Some(until) if now < until => return Err(until - now),
            Some(_) => *window = fresh,
            None if now.saturating_duration_since(window.started) >= WINDOW => *window = fresh,
            None => {}
        }
        if window.count >= limit {
            window.blocked_until = Some(now + WINDOW);
            return Err(WINDOW);
        }
        window.count += 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[allow(clippy::disallowed_methods)]
    fn start() -> Instant {
        Instant::now()
    }

    const fn seconds(n: u64) -> Duration {
        Duration::from_secs(n)
    }

    #[test]
    fn rate_2_the_request_over_the_limit_blocks_for_a_minute_from_then() {
        let (limit, start) = (RateLimit::new(Some(3)), start());
        for second in 0..3 {
            assert_eq!(limit.take(1, 7, start + seconds(second)), Ok(()));
        }
        assert_eq!(limit.take(1, 7, start + seconds(10)), Err(seconds(60)));
        assert_eq!(limit.take(1, 7, start + seconds(69)), Err(seconds(1)));
        assert_eq!(limit.take(1, 7, start + seconds(70)), Ok(()), "the block is over and the window starts afresh");
    }

    #[test]
    fn rate_2_a_window_is_sixty_seconds_from_its_first_request() {
        let (limit, start) = (RateLimit::new(Some(1)), start());
        assert_eq!(limit.take(1, 7, start), Ok(()));
        assert_eq!(limit.take(1, 7, start + seconds(60)), Ok(()));
    }

    #[test]
    fn rate_1_keys_and_operations_are_counted_apart() {
        let (limit, start) = (RateLimit::new(Some(1)), start());
        assert_eq!(limit.take(1, 7, start), Ok(()));
        assert_eq!(limit.take(2, 7, start), Ok(()));
        assert_eq!(limit.take(1, 8, start), Ok(()));
        assert!(limit.take(1, 7, start).is_err());
    }
}
