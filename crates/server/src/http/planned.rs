//! Answers about what is planned, slots of classes and free times of appointments, kept in memory until something may have changed them,
//! as `tail.rs` tells. Debug builds make each such answer anew and compare.

use bytes::Bytes;
use gymkeeper_store::db::Tx;
use jiff::{Timestamp, civil::Date};

use super::{
    caller::Caller,
    failure::Failure,
    input::{Parts, query_value},
    remembered::Key,
    tail::{Sight, Subject},
};
use crate::app::App;

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
    fn by(sight: &Sight, caller: &Caller, subject: Subject) -> Self {
        Self {
            version: caller.version(),
            today: caller.today(),
            minute: (subject == Subject::FreeTimes).then(|| minute(caller.now)),
            position: sight.position(),
        }
    }

    /// Whether an answer of that time is what would be answered now.
    fn still_shows(self, of: Self, sight: &Sight, subject: Subject) -> bool {
        Self { position: of.position, ..self } == of && sight.holds(subject, of.position)
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
    (subject, key): (Subject, &Key),
    tx: &mut Tx<'_>,
    caller: &Caller,
    mut make: impl FnMut(&mut Tx<'_>, &Caller) -> Result<Bytes, Failure>,
) -> Result<Bytes, Failure> {
    let sight = app.tails.sight(tx, caller.tenant())?;
    let now = Seen::by(&sight, caller, subject);
    if let Some((of, body)) = app.planned.get(key)
        && now.still_shows(of, &sight, subject)
    {
        if app.showing.proves() && make(tx, caller).ok().as_ref() != Some(&body) {
            return Err(Failure::Internal(format!("what was kept of {key:?} at {of:?} does not hold at {now:?}")));
        }
        return Ok(body);
    }
    let body = make(tx, caller)?;
    app.planned.put(key.clone(), now, body.clone());
    Ok(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_that_has_just_begun_is_another_than_its_rest() {
        let at = |text: &str| minute(text.parse().unwrap());
        assert_eq!(at("2026-11-22T10:00:00.000001Z"), at("2026-11-22T10:00:59.999999Z"));
        assert_ne!(at("2026-11-22T10:00:00Z"), at("2026-11-22T10:00:01Z"));
        assert_ne!(at("2026-11-22T10:00:59Z"), at("2026-11-22T10:01:00Z"));
    }
}
