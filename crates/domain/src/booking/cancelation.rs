//! Giving a place back (CLS-6, APP-6).

use jiff::Timestamp;

use super::BookingStatus;

/// What stands about a booking that somebody wants to cancel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CancelFacts {
    /// How it stands.
    pub status: BookingStatus,
    /// When what was booked begins.
    pub starts_at: Timestamp,
    /// The last moment at which it may be canceled for nothing.
    pub free_until: Timestamp,
    /// Whether it may be canceled afterwards, too.
    pub late_allowed: bool,
}

/// What canceling does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Canceled {
    /// What was taken of an allowance is given back.
    InTime,
    /// What was taken stays taken.
    Late,
}

/// Why a booking cannot be canceled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CancelRefusal {
    /// It is already.
    AlreadyCanceled,
    /// What was booked has begun.
    AlreadyStarted,
    /// The last moment has passed.
    DeadlineExceeded,
}

/// Whether a booking may be canceled now, and what that does.
///
/// # Errors
/// Says why not.
pub fn cancel(facts: CancelFacts, now: Timestamp) -> Result<Canceled, CancelRefusal> {
    if facts.status == BookingStatus::Canceled {
        return Err(CancelRefusal::AlreadyCanceled);
    }
    if now >= facts.starts_at {
        return Err(CancelRefusal::AlreadyStarted);
    }
    // Nothing was taken for a place on the waiting list.
    if facts.status == BookingStatus::WaitingList || now <= facts.free_until {
        return Ok(Canceled::InTime);
    }
    if facts.late_allowed { Ok(Canceled::Late) } else { Err(CancelRefusal::DeadlineExceeded) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cls_6_in_time_late_and_never() {
        let at = |text: &str| -> Timestamp { format!("2026-11-21T{text}Z").parse().unwrap() };
        let booked = CancelFacts {
            status: BookingStatus::Booked,
            starts_at: at("18:00:00"),
            free_until: at("16:00:00"),
            late_allowed: true,
        };
        let strict = CancelFacts { late_allowed: false, ..booked };
        let waiting = CancelFacts { status: BookingStatus::WaitingList, ..strict };
        let gone = CancelFacts { status: BookingStatus::Canceled, ..booked };
        for (facts, now, expected) in [
            (booked, "16:00:00", Ok(Canceled::InTime)),
            (booked, "16:00:01", Ok(Canceled::Late)),
            (strict, "16:00:00", Ok(Canceled::InTime)),
            (strict, "16:00:01", Err(CancelRefusal::DeadlineExceeded)),
            (booked, "17:59:59", Ok(Canceled::Late)),
            (booked, "18:00:00", Err(CancelRefusal::AlreadyStarted)),
            (waiting, "17:59:59", Ok(Canceled::InTime)),
            (waiting, "18:00:00", Err(CancelRefusal::AlreadyStarted)),
            (gone, "10:00:00", Err(CancelRefusal::AlreadyCanceled)),
        ] {
            assert_eq!(cancel(facts, at(now)), expected, "{facts:?} {now}");
        }
    }
}
