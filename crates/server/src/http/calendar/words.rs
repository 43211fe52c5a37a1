//! What a calendar says besides what the studio and its people are called.

use gymkeeper_domain::Wording;

macro_rules! words {
    ($($(#[$about:meta])* $name:ident = $english:literal, $german:literal;)+) => {
        /// The words in one language.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) struct Words {
            $($(#[$about])* pub(super) $name: &'static str,)+
        }

        const ENGLISH: Words = Words { $($name: $english,)+ };
        const GERMAN: Words = Words { $($name: $german,)+ };
    };
}

words! {
    /// Before the name of the studio, in the name of a customer's calendar.
    booked_at = "Booked at", "Gebucht bei";
    /// Before the names of those who lead.
    with = "With", "Mit";
    /// It is held over the internet.
    online = "Online", "Online";
    /// Before how many places are taken.
    places = "Places taken", "Belegte Plätze";
    /// Between how many and how many at the most.
    of = "of", "von";
    /// Before how many wait.
    waiting = "Waiting", "Warteliste";
    /// It does not take place, or the place was given back.
    canceled = "Canceled", "Abgesagt";
    /// A place is booked.
    booked = "Booked", "Gebucht";
    /// One waits for a place.
    on_waiting_list = "On the waiting list", "Auf der Warteliste";
    /// A trial that has yet to be confirmed.
    to_be_confirmed = "Not confirmed yet", "Noch nicht bestätigt";
    /// Before the number of a spot.
    spot = "Spot", "Platz";
}

impl Words {
    /// The words for a language tag such as `de-CH`.
    pub(super) fn of_tag(tag: &str) -> &'static Self {
        match Wording::of_tag(tag) {
            Wording::English => &ENGLISH,
            Wording::German => &GERMAN,
        }
    }
}
