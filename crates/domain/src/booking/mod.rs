//! Bookings: who may have a place in a class or a trainer's time, and what it takes of what was paid for (sections 24 to 26).
//!
//! [`class`] and [`series`] are what an operator writes, [`class_slot`] decides about one place, [`cancelation`] about giving it
//! back, and [`allowance`] says what a contract lets somebody book. Appointments have no slots of their own: [`appointment`] is what an
//! operator writes, and [`free_slots`] finds the times from what is open, there ([`hours`]) and not taken ([`times`]). [`trial`] is for
//! those who have no contract.

pub mod allowance;
pub mod appointment;
pub mod cancelation;
pub mod class;
pub mod class_slot;
pub mod feed;
pub mod free_slots;
#[cfg(test)]
mod free_slots_properties;
pub mod hours;
pub mod series;
#[cfg(test)]
mod series_properties;
pub mod times;
pub mod trial;

use jiff::Timestamp;

/// How a booking stands (CLS-13). The names are stored; they must not change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BookingStatus {
    /// The place is taken.
    Booked,
    /// Waits for a place.
    WaitingList,
    /// The place is held until a trial is confirmed, or lapses.
    ToBeConfirmed,
    /// Given up by whomever. Final: a new booking gets a new id.
    Canceled,
}

impl BookingStatus {
    /// Every status.
    pub const ALL: [Self; 4] = [Self::Booked, Self::WaitingList, Self::ToBeConfirmed, Self::Canceled];

    /// The stored name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Booked => "BOOKED",
            Self::WaitingList => "WAITING_LIST",
            Self::ToBeConfirmed => "BOOKED_WITH_CONFIRMATION_REQUIRED",
            Self::Canceled => "CANCELED",
        }
    }

    /// The status of that stored name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }

    /// Whether it takes a place.
    #[must_use]
    pub const fn holds_place(self) -> bool {
        matches!(self, Self::Booked | Self::ToBeConfirmed)
    }
}

/// Whether somebody came (CLS-13). The names are stored; they must not change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Participation {
    /// Nobody has said.
    Unset,
    /// Came.
    Participating,
    /// Did not come.
    NotParticipating,
}

impl Participation {
    /// Every value.
    pub const ALL: [Self; 3] = [Self::Unset, Self::Participating, Self::NotParticipating];

    /// The stored name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unset => "UNSET",
            Self::Participating => "PARTICIPATING",
            Self::NotParticipating => "NOT_PARTICIPATING",
        }
    }

    /// The value of that stored name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|value| value.name() == name)
    }
}

/// How a class slot or an appointment stands at a moment (CLS-13).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EventStatus {
    /// Not over yet.
    Planned,
    /// Over.
    Completed,
    /// Called off.
    Canceled,
}

impl EventStatus {
    /// How something stands that ends at `ends_at`.
    #[must_use]
    pub fn at(canceled: bool, ends_at: Timestamp, now: Timestamp) -> Self {
        match canceled {
            true => Self::Canceled,
            false if ends_at <= now => Self::Completed,
            false => Self::Planned,
        }
    }
}

/// Whether two times overlap; those that only touch do not (CLS-4).
#[must_use]
pub fn overlap(a: (Timestamp, Timestamp), b: (Timestamp, Timestamp)) -> bool {
    a.0 < b.1 && b.0 < a.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cls_4_touching_ends_do_not_overlap() {
        let at = |minute: i64| Timestamp::from_second(minute * 60).unwrap();
        for (a, b, expected) in [
            ((0, 60), (60, 120), false),
            ((0, 60), (59, 120), true),
            ((0, 60), (0, 60), true),
            ((0, 60), (10, 20), true),
            ((60, 120), (0, 60), false),
        ] {
            let span = |(from, to)| (at(from), at(to));
            assert_eq!(overlap(span(a), span(b)), expected, "{a:?} {b:?}");
            assert_eq!(overlap(span(b), span(a)), expected, "{b:?} {a:?}");
        }
    }

    #[test]
    fn cls_13_names_and_completion() {
        for status in BookingStatus::ALL {
            assert_eq!(BookingStatus::parse(status.name()), Some(status));
        }
        for value in Participation::ALL {
            assert_eq!(Participation::parse(value.name()), Some(value));
        }
        let at = |second| Timestamp::from_second(second).unwrap();
        assert_eq!(EventStatus::at(false, at(10), at(9)), EventStatus::Planned);
        assert_eq!(EventStatus::at(false, at(10), at(10)), EventStatus::Completed);
        assert_eq!(EventStatus::at(true, at(10), at(11)), EventStatus::Canceled);
    }
}
