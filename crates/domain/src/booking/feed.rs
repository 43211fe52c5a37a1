//! Calendar feeds: what a calendar is told of bookings and slots, and what it is not.

use super::BookingStatus;

/// A calendar goes back so many days, so that last week can be looked up. Ahead it goes as far as something is published or booked.
pub const DAYS_BACK: i64 = 14;
/// Programs are asked to look again after so many hours.
pub const LOOK_AGAIN_HOURS: u32 = 1;

/// How sure it is that something takes place, for whoever has it in a calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It takes place.
    Sure,
    /// It may: somebody waits for a place, or has yet to confirm.
    Unsure,
    /// It was canceled or called off.
    Canceled,
}

impl Standing {
    /// Of a booking.
    #[must_use]
    pub const fn of_booking(status: BookingStatus) -> Self {
        match status {
            BookingStatus::Booked => Self::Sure,
            BookingStatus::WaitingList | BookingStatus::ToBeConfirmed => Self::Unsure,
            BookingStatus::Canceled => Self::Canceled,
        }
    }

    /// Of a slot, which is called off or not.
    #[must_use]
    pub const fn of_slot(called_off: bool) -> Self {
        if called_off { Self::Canceled } else { Self::Sure }
    }
}

/// What somebody else's calendar says of a customer: the first name and the first letter of the last one. It is enough to know who
/// comes, and calendars lie with strangers.
#[must_use]
pub fn short_name(first_name: &str, last_name: &str) -> String {
    match last_name.trim().chars().next() {
        Some(initial) => format!("{} {initial}.", first_name.trim()).trim_start().to_owned(),
        None => first_name.trim().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_is_unsure_and_what_is_canceled_is_told() {
        for (status, standing) in [
            (BookingStatus::Booked, Standing::Sure),
            (BookingStatus::WaitingList, Standing::Unsure),
            (BookingStatus::ToBeConfirmed, Standing::Unsure),
            (BookingStatus::Canceled, Standing::Canceled),
        ] {
            assert_eq!(Standing::of_booking(status), standing, "{status:?}");
        }
        assert_eq!([Standing::of_slot(true), Standing::of_slot(false)], [Standing::Canceled, Standing::Sure]);
    }

    #[test]
    fn a_short_name_has_one_letter_of_the_last() {
        for (first, last, shown) in [
            ("Ada", "Byron", "Ada B."),
            (" Zoë ", " Östberg", "Zoë Ö."),
            ("Cher", "", "Cher"),
            ("", "Byron", "B."),
            ("", " ", ""),
        ] {
            assert_eq!(short_name(first, last), shown);
        }
    }
}
