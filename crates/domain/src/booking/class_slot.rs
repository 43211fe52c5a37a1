//! Whether somebody gets a place in a class: the one decision behind validating and booking, trials included (CLS-4).

use jiff::Timestamp;

/// How many places a slot has, and how many are taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// How many may take part; nothing for no limit.
    pub most: Option<i64>,
    /// How many have booked.
    pub booked: i64,
    /// How many staff has added.
    pub additional: i64,
    /// How many may wait.
    pub most_waiting: i64,
    /// How many wait.
    pub waiting: i64,
}

impl Places {
    /// Whether there is a place (CLS-3).
    #[must_use]
    pub fn is_free(&self) -> bool {
        self.most.is_none_or(|most| self.booked.saturating_add(self.additional) < most)
    }

    /// Whether one more may wait (CLS-3).
    #[must_use]
    pub const fn may_wait(&self) -> bool {
        self.waiting < self.most_waiting
    }
}

/// What stands about a customer who wants a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlotFacts {
    /// Whether the slot was called off.
    pub canceled: bool,
    /// Whether programs may book the class, and whether it is open to this customer (CLS-10).
    pub offered: bool,
    /// Whether the class is more than shown.
    pub bookable: bool,
    /// When it begins.
    pub starts_at: Timestamp,
    /// Whether the studio is open all the time.
    pub studio_open: bool,
    /// The first moment of booking.
    pub bookable_from: Option<Timestamp>,
    /// The last moment of booking.
    pub bookable_until: Option<Timestamp>,
    /// Whether the customer has a place or waits for one.
    pub already_booked: bool,
    /// Whether the customer's contract rests on that day.
    pub idle: bool,
    /// Whether the customer has booked something else at that time.
    pub in_other_booking: bool,
    /// Whether something that the customer has lets it be booked.
    pub has_contingent: bool,
    /// The places.
    pub places: Places,
}

/// What a customer gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placement {
    /// A place.
    Participant,
    /// A place on the waiting list.
    WaitingList,
}

/// Why a customer gets nothing. Each is a status of validation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SlotRefusal {
    /// The slot was called off. Validation calls this not available, booking has words of its own (CLS-9).
    Canceled,
    /// It has begun, or it is not offered to this customer.
    NotAvailable,
    /// The class is only shown.
    DisplayOnly,
    /// The studio is not open.
    StudioClosed,
    /// Too early.
    BeforeEarliestBooking,
    /// Too late.
    AfterLatestBooking,
    /// The customer is in it, or waits.
    AlreadyBooked,
    /// The customer's contract rests.
    Idle,
    /// The customer is elsewhere at that time.
    InOtherBooking,
    /// Nothing lets the customer book it, or it is used up.
    NoContingent,
    /// All places are taken, those on the waiting list too.
    LimitReached,
}

/// Whether a customer gets a place (CLS-4).
///
/// # Errors
/// The first reason against it, in the order of the rule.
pub fn decide(facts: &SlotFacts, now: Timestamp) -> Result<Placement, SlotRefusal> {
    if facts.canceled {
        return Err(SlotRefusal::Canceled);
    }
    if now >= facts.starts_at || !facts.offered {
        return Err(SlotRefusal::NotAvailable);
    }
    if !facts.bookable {
        return Err(SlotRefusal::DisplayOnly);
    }
    if !facts.studio_open {
        return Err(SlotRefusal::StudioClosed);
    }
    if facts.bookable_from.is_some_and(|from| now < from) {
        return Err(SlotRefusal::BeforeEarliestBooking);
    }
    if facts.bookable_until.is_some_and(|until| now > until) {
        return Err(SlotRefusal::AfterLatestBooking);
    }
    if facts.already_booked {
        return Err(SlotRefusal::AlreadyBooked);
    }
    if facts.idle {
        return Err(SlotRefusal::Idle);
    }
    if facts.in_other_booking {
        return Err(SlotRefusal::InOtherBooking);
    }
    if !facts.has_contingent {
        return Err(SlotRefusal::NoContingent);
    }
    // Whoever waits moves up as soon as a place is free. One that is free while others wait came too late for them, or they have
    // nothing left to take it with.
    if facts.places.is_free() {
        return Ok(Placement::Participant);
    }
    if facts.places.may_wait() { Ok(Placement::WaitingList) } else { Err(SlotRefusal::LimitReached) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        format!("2026-11-21T{text}:00Z").parse().unwrap()
    }

    fn fine() -> SlotFacts {
        SlotFacts {
            canceled: false,
            offered: true,
            bookable: true,
            starts_at: at("18:00"),
            studio_open: true,
            bookable_from: Some(at("08:00")),
            bookable_until: Some(at("17:00")),
            already_booked: false,
            idle: false,
            in_other_booking: false,
            has_contingent: true,
            places: Places { most: Some(10), booked: 7, additional: 2, most_waiting: 2, waiting: 0 },
        }
    }

    #[test]
    fn cls_4_the_first_reason_in_order_is_told() {
        // Each line adds a reason that comes before those of the lines above it.
        let mut facts = fine();
        assert_eq!(decide(&facts, at("12:00")), Ok(Placement::Participant));
        type Step = (fn(&mut SlotFacts), SlotRefusal);
        let steps: [Step; 11] = [
            (
                |facts| facts.places = Places { most: Some(10), booked: 10, ..Places::default() },
                SlotRefusal::LimitReached,
            ),
            (|facts| facts.has_contingent = false, SlotRefusal::NoContingent),
            (|facts| facts.in_other_booking = true, SlotRefusal::InOtherBooking),
            (|facts| facts.idle = true, SlotRefusal::Idle),
            (|facts| facts.already_booked = true, SlotRefusal::AlreadyBooked),
            (|facts| facts.bookable_until = Some(at("11:59")), SlotRefusal::AfterLatestBooking),
            (|facts| facts.bookable_from = Some(at("12:01")), SlotRefusal::BeforeEarliestBooking),
            (|facts| facts.studio_open = false, SlotRefusal::StudioClosed),
            (|facts| facts.bookable = false, SlotRefusal::DisplayOnly),
            (|facts| facts.offered = false, SlotRefusal::NotAvailable),
            (|facts| facts.canceled = true, SlotRefusal::Canceled),
        ];
        for (change, expected) in steps {
            change(&mut facts);
            assert_eq!(decide(&facts, at("12:00")), Err(expected));
        }
    }

    #[test]
    fn cls_4_both_ends_of_the_booking_time_count_and_the_start_does_not() {
        let facts = fine();
        assert_eq!(decide(&facts, at("07:59")), Err(SlotRefusal::BeforeEarliestBooking));
        assert_eq!(decide(&facts, at("08:00")), Ok(Placement::Participant));
        assert_eq!(decide(&facts, at("17:00")), Ok(Placement::Participant));
        assert_eq!(decide(&facts, at("17:01")), Err(SlotRefusal::AfterLatestBooking));
        let open = SlotFacts { bookable_from: None, bookable_until: None, ..facts };
        assert_eq!(decide(&open, at("17:59")), Ok(Placement::Participant));
        assert_eq!(decide(&open, at("18:00")), Err(SlotRefusal::NotAvailable));
    }

    #[test]
    fn cls_3_and_5_places_and_waiting() {
        let decided = |places| decide(&SlotFacts { places, ..fine() }, at("12:00"));
        let full = Places { most: Some(10), booked: 8, additional: 2, most_waiting: 2, waiting: 0 };
        assert_eq!(decided(full), Ok(Placement::WaitingList));
        assert_eq!(decided(Places { waiting: 1, ..full }), Ok(Placement::WaitingList));
        assert_eq!(decided(Places { waiting: 2, ..full }), Err(SlotRefusal::LimitReached));
        assert_eq!(decided(Places { most_waiting: 0, ..full }), Err(SlotRefusal::LimitReached));
        assert_eq!(decided(Places { most: None, ..full }), Ok(Placement::Participant));
        assert_eq!(decided(Places { booked: 7, waiting: 1, ..full }), Ok(Placement::Participant));
    }
}
