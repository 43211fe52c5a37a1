//! Answers about what is planned, slots of classes and free times of appointments, kept in memory until something may have changed them.
//!
//! Every change leaves a record in the tenant's journal, at a position that ascends in the order of commits. An answer is kept with the
//! position up to which the transaction saw that made it. Whoever asks again reads what was done since: if all of that is known to
//! have nothing to do with the answer, it still holds, on whatever server process the changes were made. What is not known counts as
//! a change. Debug builds make each such answer anew and compare
//! ([decision 29](../../../../docs/decisions/0029-planned-answers-are-kept.md)).

use bytes::Bytes;
use gymkeeper_store::{
    db::{DbError, Tx},
    journal,
};
use jiff::{Timestamp, civil::Date};

use super::{
    caller::Caller,
    failure::Failure,
    input::{Parts, query_value},
    remembered::{Key, Remembered},
};
use crate::app::App;

/// What an answer is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Planned {
    /// When classes are held, and how many have booked.
    ClassSlots,
    /// When appointments can be booked, by whoever it may be.
    FreeTimes,
}

/// So many records are looked through at the most; making an answer anew takes no longer than reading more of them.
const RECORDS: i64 = 100;

/// What has nothing to do with anything planned: all actions that begin so, and all that only look.
const ELSEWHERE: &[&str] = &[
    "access-",
    "amendment.",
    "benefit.",
    "checkin.",
    "communication.",
    "contract.",
    "customer.",
    "document.",
    "lead.",
    "pack.",
    "staff.",
    "webhook.",
];
const LOOKS: &str = "-read";
/// What else may come along when somebody goes.
const FAREWELLS: &[&str] = &["customer.archived", "customer.erased", "customer.third-party-access-withdrawn"];
/// What happens to bookings of classes. It takes nobody's time: who leads a class is busy whether anybody comes or not.
const PLACES: &[&str] =
    &["class.booked", "class.booking-canceled", "class.booking-moved", "class.moved-up", "class.participation-noted"];

impl Planned {
    /// Whether something that was done may change such an answer.
    fn is_changed_by(self, action: &str) -> bool {
        if FAREWELLS.contains(&action) {
            return true;
        }
        let elsewhere = action.ends_with(LOOKS) || ELSEWHERE.iter().any(|prefix| action.starts_with(prefix));
        let of_others = match self {
            Self::ClassSlots => action.starts_with("appointment."),
            Self::FreeTimes => PLACES.contains(&action),
        };
        !elsewhere && !of_others
    }
}

/// What an answer was true of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    version: i64,
    today: Date,
    /// The whole minute, and whether it had just begun: free times begin at whole minutes, and terms before them are whole minutes,
    /// so nothing else about the present instant matters. Slots of classes do not go by it.
    minute: Option<(i64, bool)>,
    /// The end of the journal.
    position: i64,
}

impl Seen {
    /// What the running transaction sees.
    fn by(tx: &mut Tx<'_>, caller: &Caller, what: Planned) -> Result<Self, DbError> {
        Ok(Self {
            version: caller.version(),
            today: caller.today(),
            minute: (what == Planned::FreeTimes).then(|| minute(caller.now)),
            position: journal::end(tx, caller.tenant())?.unwrap_or(0),
        })
    }

    /// Whether an answer of that time is what would be answered now.
    fn still_shows(self, of: Self, what: Planned, tx: &mut Tx<'_>, caller: &Caller) -> Result<bool, DbError> {
        // What another request saw in a later transaction is no answer to this one.
        if (Self { position: of.position, ..self }) != of || self.position < of.position {
            return Ok(false);
        }
        if self.position == of.position {
            return Ok(true);
        }
        if self.position - of.position > RECORDS {
            return Ok(false);
        }
        let done = journal::actions(tx, caller.tenant(), of.position, RECORDS)?;
        Ok(!done.iter().any(|action| what.is_changed_by(action)))
    }
}

fn minute(now: Timestamp) -> (i64, bool) {
    let micros = now.as_microsecond();
    (micros.div_euclid(60_000_000), micros.rem_euclid(60_000_000) == 0)
}

/// What the answer to a request is kept under. One that is about a customer is not: too much speaks for and against somebody.
pub(super) fn key(operation: &'static str, caller: &Caller, parts: &Parts) -> Option<Key> {
    let anybody = query_value(&parts.query, "customerId").is_none();
    anybody.then(|| Key::new(operation, caller, &parts.path).with_query(&parts.query))
}

/// The answer that is kept, if it still holds, or else the one that is made now.
///
/// # Errors
/// Those of making it.
pub(super) fn kept_or_made(
    app: &App,
    (what, key): (Planned, &Key),
    tx: &mut Tx<'_>,
    caller: &Caller,
    mut make: impl FnMut(&mut Tx<'_>, &Caller) -> Result<Bytes, Failure>,
) -> Result<Bytes, Failure> {
    let kept: &Remembered<Seen> = &app.planned;
    let now = Seen::by(tx, caller, what)?;
    if let Some((of, body)) = kept.get(key)
        && now.still_shows(of, what, tx, caller)?
    {
        if cfg!(debug_assertions) && make(tx, caller)? != body {
            return Err(Failure::Internal(format!(
                "what was kept of {key:?} at {of:?} does not hold any more at {now:?}"
            )));
        }
        if of != now {
            kept.put(key.clone(), now, body.clone());
        }
        return Ok(body);
    }
    let body = make(tx, caller)?;
    kept.put(key.clone(), now, body.clone());
    Ok(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_counts_as_a_change() {
        for what in [Planned::ClassSlots, Planned::FreeTimes] {
            for action in [
                "class-slot.changed",
                "employee.updated",
                "inventory.changed",
                "sandbox.reset",
                "customer.erased",
                "new",
            ] {
                assert!(what.is_changed_by(action), "{what:?} {action}");
            }
            for action in ["checkin.opened", "customer.created", "staff.signed-in", "employee.absences-read"] {
                assert!(!what.is_changed_by(action), "{what:?} {action}");
            }
        }
        assert!(Planned::ClassSlots.is_changed_by("class.booked") && !Planned::FreeTimes.is_changed_by("class.booked"));
        assert!(Planned::FreeTimes.is_changed_by("appointment.booked"));
        assert!(!Planned::ClassSlots.is_changed_by("appointment.booked"));
    }

    #[test]
    fn a_minute_that_has_just_begun_is_another_than_its_rest() {
        let at = |text: &str| minute(text.parse().unwrap());
        assert_eq!(at("2026-11-22T10:00:00.000001Z"), at("2026-11-22T10:00:59.999999Z"));
        assert_ne!(at("2026-11-22T10:00:00Z"), at("2026-11-22T10:00:01Z"));
        assert_ne!(at("2026-11-22T10:00:59Z"), at("2026-11-22T10:01:00Z"));
    }
}
