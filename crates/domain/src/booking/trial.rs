//! Trial offers: what people who are no members may try, how often, and until when they have to say that they will come
//! (TRI-1 to TRI-7).

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{BookingStatus, allowance::BookableKind};
use crate::customer::lead::{InputMode, LeadModes};
use crate::problem::{Problem, Problems};
use crate::serde_defaults::{is_default, is_one, is_yes, one, yes};
use crate::term::{Term, TimeTerm, TimeUnit};

/// What may be tried, and on which conditions, as an operator describes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TrialOffer {
    /// Its name.
    pub name: String,
    /// How often somebody may try; once when left out.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub contingent: u32,
    /// So long after the start of one trial another one may begin, such as `7 DAY`; at any time when left out.
    #[serde(default = "at_once", skip_serializing_if = "is_at_once")]
    pub prevent_multiple_bookings: Term,
    /// A booking is given up unless it is confirmed so long before the start, such as `1 DAY`. Left out: nothing is to be confirmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirm_before: Option<TimeTerm>,
    /// Whether somebody may try who is a lead of the studio already.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub open_to_leads: bool,
    /// Whether the form asks for the address.
    #[serde(default, skip_serializing_if = "is_default")]
    pub address_mode: InputMode,
    /// Whether the form asks for the date of birth.
    #[serde(default, skip_serializing_if = "is_default")]
    pub date_of_birth_mode: InputMode,
    /// Whether the form asks for the gender.
    #[serde(default, skip_serializing_if = "is_default")]
    pub gender_mode: InputMode,
    /// Whether the form asks for a telephone number.
    #[serde(default, skip_serializing_if = "is_default")]
    pub telephone_mode: InputMode,
    /// Whether somebody is accepted whose e-mail address is known already.
    #[serde(default, skip_serializing_if = "is_default")]
    pub duplicates_allowed: bool,
    /// Keys of the classes that may be tried.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<String>,
    /// Keys of the appointments that may be tried.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub appointments: Vec<String>,
}

const fn at_once() -> Term {
    Term::days(0)
}

// serde hands a reference to every predicate.
#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_at_once(term: &Term) -> bool {
    *term == at_once()
}

impl TrialOffer {
    /// What its form asks for.
    #[must_use]
    pub const fn modes(&self) -> LeadModes {
        LeadModes {
            address: self.address_mode,
            date_of_birth: self.date_of_birth_mode,
            gender: self.gender_mode,
            telephone: self.telephone_mode,
        }
    }

    /// Keys of what may be tried.
    #[must_use]
    pub fn keys(&self, kind: BookableKind) -> &[String] {
        match kind {
            BookableKind::Class => &self.classes,
            BookableKind::Appointment => &self.appointments,
        }
    }

    /// Whether that may be tried.
    #[must_use]
    pub fn covers(&self, kind: BookableKind, key: &str) -> bool {
        self.keys(kind).iter().any(|known| known == key)
    }

    /// What cannot work. Whether classes and appointments exist is checked where all entries are known.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Problems::default();
        problems.require_text("name", &self.name);
        problems.add_if(self.contingent == 0, "contingent", "must be at least 1");
        let at_no_time = self.confirm_before.is_some_and(|term| !term.is_positive());
        problems.add_if(at_no_time, "confirm_before", "must be at least one unit long");
        let nothing = self.classes.is_empty() && self.appointments.is_empty();
        problems.add_if(nothing, "", "has nothing to try; it needs classes or appointments");
        problems.done()
    }

    /// Where it names what it has named before, or what one of `others` has: everything belongs to one trial offer at the most (TRI-1).
    #[must_use]
    pub fn repeats(&self, others: &[Self]) -> Vec<Problem> {
        let mut problems = Problems::default();
        for (kind, field) in [(BookableKind::Class, "classes"), (BookableKind::Appointment, "appointments")] {
            let keys = self.keys(kind);
            for (index, key) in keys.iter().enumerate() {
                let taken = keys[..index].contains(key) || others.iter().any(|other| other.covers(kind, key));
                problems.add_if(taken, format!("{field}[{index}]"), "belongs to a trial offer already");
            }
        }
        problems.done()
    }
}

/// What stands for and against somebody's trial.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrialFacts<'a> {
    /// Whether it is a member.
    pub is_member: bool,
    /// Whether it is a lead of the studio that is still pending.
    pub is_lead: bool,
    /// When the trial begins.
    pub starts_at: Timestamp,
    /// When the trials of this offer begin that count already.
    pub tried: &'a [Timestamp],
}

/// Why somebody may not try.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TrialRefusal {
    /// Trials are not for members (TRI-6).
    Member,
    /// The trials are used up.
    ContingentExhausted,
    /// It is too close to another trial.
    TooSoon,
    /// It is not for people who are leads already.
    LeadsNotAllowed,
}

/// Whether somebody may try (TRI-3, TRI-6).
///
/// # Errors
/// The first reason against it.
pub fn may_try(offer: &TrialOffer, facts: &TrialFacts<'_>, zone: &TimeZone) -> Result<(), TrialRefusal> {
    if facts.is_member {
        return Err(TrialRefusal::Member);
    }
    if u32::try_from(facts.tried.len()).is_ok_and(|tried| tried >= offer.contingent) {
        return Err(TrialRefusal::ContingentExhausted);
    }
    let Term { value, unit } = offer.prevent_multiple_bookings;
    let apart = TimeTerm { value, unit: TimeUnit::Calendar(unit) };
    let too_soon = facts.tried.iter().any(|other| {
        let (earlier, later) = (facts.starts_at.min(*other), facts.starts_at.max(*other));
        later < apart.after(earlier, zone)
    });
    if too_soon {
        return Err(TrialRefusal::TooSoon);
    }
    if facts.is_lead && !offer.open_to_leads { Err(TrialRefusal::LeadsNotAllowed) } else { Ok(()) }
}

/// The last moment at which a trial that begins then can be confirmed. Nothing: it need not be, because the offer does not ask for it, or
/// because that moment has passed when it is booked (TRI-4, TRI-7).
#[must_use]
pub fn confirm_until(
    confirm_before: Option<TimeTerm>,
    starts_at: Timestamp,
    zone: &TimeZone,
    now: Timestamp,
) -> Option<Timestamp> {
    confirm_before.map(|term| term.before(starts_at, zone)).filter(|until| now <= *until)
}

/// The first moment at which a trial that was not confirmed is given up: just after the last one for confirming it.
#[must_use]
pub fn lapses_at(confirm_until: Timestamp) -> Timestamp {
    confirm_until.checked_add(SignedDuration::from_millis(1)).unwrap_or(Timestamp::MAX)
}

/// What confirming a trial does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Confirming {
    /// It is booked from now on.
    Confirms,
    /// Nothing: it was confirmed before, or need not be.
    Stands,
    /// Nothing, for it was canceled before.
    Gone,
    /// It comes too late, and the trial is given up.
    Lapses,
}

/// What confirming a trial does now (TRI-4, TRI-7).
#[must_use]
pub fn confirm(status: BookingStatus, confirm_until: Option<Timestamp>, now: Timestamp) -> Confirming {
    match status {
        BookingStatus::Booked | BookingStatus::WaitingList => Confirming::Stands,
        BookingStatus::Canceled => Confirming::Gone,
        BookingStatus::ToBeConfirmed if confirm_until.is_some_and(|until| now > until) => Confirming::Lapses,
        BookingStatus::ToBeConfirmed => Confirming::Confirms,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer(more: &str) -> TrialOffer {
        serde_json::from_str(&format!(r#"{{"name":"Taster","classes":["yoga"]{more}}}"#)).unwrap()
    }

    fn berlin() -> TimeZone {
        TimeZone::get("Europe/Berlin").unwrap()
    }

    fn at(local: &str) -> Timestamp {
        berlin().to_ambiguous_timestamp(local.parse().unwrap()).compatible().unwrap()
    }

    #[test]
    fn a_short_offer_is_enough_and_is_stored_as_short() {
        let short = offer("");
        assert_eq!(short.problems(), []);
        assert_eq!((short.contingent, short.prevent_multiple_bookings), (1, Term::days(0)));
        assert!(short.open_to_leads && !short.duplicates_allowed && short.confirm_before.is_none());
        assert_eq!(short.modes(), LeadModes::default());
        assert_eq!(serde_json::to_string(&short).unwrap(), r#"{"name":"Taster","classes":["yoga"]}"#);
        assert!(short.covers(BookableKind::Class, "yoga"));
        assert!(!short.covers(BookableKind::Appointment, "yoga") && !short.covers(BookableKind::Class, "spin"));
    }

    #[test]
    fn problems_of_trial_offers_are_named() {
        let paths = |json: &str| {
            let offer: TrialOffer = serde_json::from_str(json).unwrap();
            offer.problems().into_iter().map(|problem| problem.path).collect::<Vec<_>>()
        };
        let wrong = r#"{"name":" ","contingent":0,"confirm_before":"0 HOURS"}"#;
        assert_eq!(paths(wrong), ["name", "contingent", "confirm_before", ""]);
        assert_eq!(paths(r#"{"name":"A","appointments":["check"]}"#), [""; 0]);
        assert!(serde_json::from_str::<TrialOffer>(r#"{"name":"A","prevent_multiple_bookings":"2 HOURS"}"#).is_err());
    }

    #[test]
    fn tri_1_everything_belongs_to_one_offer_at_the_most() {
        let paths = |offer: &TrialOffer, others: &[TrialOffer]| {
            offer.repeats(others).into_iter().map(|problem| problem.path).collect::<Vec<_>>()
        };
        let (yoga, both) = (offer(""), offer(r#","appointments":["yoga","check","check"]"#));
        assert_eq!(paths(&yoga, &[]), [""; 0]);
        assert_eq!(paths(&yoga, std::slice::from_ref(&both)), ["classes[0]"]);
        assert_eq!(paths(&both, &[]), ["appointments[2]"]);
        let check: TrialOffer = serde_json::from_str(r#"{"name":"A","appointments":["check"]}"#).unwrap();
        // A class and an appointment of the same key are two things.
        assert_eq!(paths(&check, &[yoga]), [""; 0]);
        assert_eq!(paths(&both, &[check]), ["appointments[1]", "appointments[2]"]);
    }

    #[test]
    fn tri_3_and_6_the_first_reason_in_order_is_told() {
        let twice = offer(r#","contingent":2,"prevent_multiple_bookings":"1 WEEK","open_to_leads":false"#);
        let start = at("2026-12-10T18:00");
        let (week_before, close) = ([at("2026-12-03T18:00")], [at("2026-12-03T18:01")]);
        let two = [at("2026-11-01T18:00"), at("2026-11-10T18:00")];
        let fine = TrialFacts { is_member: false, is_lead: false, starts_at: start, tried: &[] };
        for (facts, expected) in [
            (fine, Ok(())),
            (TrialFacts { tried: &week_before, ..fine }, Ok(())),
            (TrialFacts { is_lead: true, tried: &week_before, ..fine }, Err(TrialRefusal::LeadsNotAllowed)),
            (TrialFacts { tried: &close, is_lead: true, ..fine }, Err(TrialRefusal::TooSoon)),
            // From the start of whichever is the earlier one.
            (TrialFacts { tried: &[at("2026-12-17T17:59")], ..fine }, Err(TrialRefusal::TooSoon)),
            (TrialFacts { tried: &[at("2026-12-17T18:00")], ..fine }, Ok(())),
            (TrialFacts { tried: &two, is_lead: true, ..fine }, Err(TrialRefusal::ContingentExhausted)),
            (TrialFacts { is_member: true, is_lead: true, tried: &two, ..fine }, Err(TrialRefusal::Member)),
        ] {
            assert_eq!(may_try(&twice, &facts, &berlin()), expected, "{facts:?}");
        }
        // Without a time between them, only the number counts; leads may try unless they are kept out.
        let plain = offer(r#","contingent":2"#);
        let another = TrialFacts { is_lead: true, tried: &[at("2026-12-10T18:00")], ..fine };
        assert_eq!(may_try(&plain, &another, &berlin()), Ok(()));
        assert_eq!(may_try(&offer(""), &another, &berlin()), Err(TrialRefusal::ContingentExhausted));
    }

    #[test]
    fn tri_3_days_between_trials_are_days_of_the_calendar() {
        // The night of 25 October 2026 has an hour more, that of 29 March an hour less.
        let daily = offer(r#","contingent":5,"prevent_multiple_bookings":"1 DAY""#);
        for (earlier, later, expected) in [
            ("2026-10-24T18:00", "2026-10-25T18:00", Ok(())),
            ("2026-10-24T18:00", "2026-10-25T17:30", Err(TrialRefusal::TooSoon)),
            ("2026-03-28T18:00", "2026-03-29T18:00", Ok(())),
        ] {
            let tried = [at(earlier)];
            let facts = TrialFacts { is_member: false, is_lead: false, starts_at: at(later), tried: &tried };
            assert_eq!(may_try(&daily, &facts, &berlin()), expected, "{earlier} {later}");
        }
    }

    #[test]
    fn tri_4_until_two_days_before_the_start() {
        let (start, term) = (at("2026-12-10T18:00"), Some(TimeTerm::days(2)));
        let until = at("2026-12-08T18:00");
        let second = SignedDuration::from_secs(1);
        for (now, expected) in [
            (at("2026-11-21T12:00"), Some(until)),
            (until, Some(until)),
            (until + second, None),
            (at("2026-12-10T17:59"), None),
        ] {
            assert_eq!(confirm_until(term, start, &berlin(), now), expected, "{now}");
        }
        assert_eq!(confirm_until(None, start, &berlin(), at("2026-11-21T12:00")), None);
        assert!(lapses_at(until) > until);
    }

    #[test]
    fn tri_4_and_7_what_confirming_does() {
        let until = at("2026-12-08T18:00");
        let late = until + SignedDuration::from_secs(1);
        for (status, confirm_until, now, expected) in [
            (BookingStatus::ToBeConfirmed, Some(until), until, Confirming::Confirms),
            (BookingStatus::ToBeConfirmed, Some(until), late, Confirming::Lapses),
            (BookingStatus::Booked, Some(until), late, Confirming::Stands),
            (BookingStatus::Booked, None, until, Confirming::Stands),
            (BookingStatus::Canceled, Some(until), until, Confirming::Gone),
            (BookingStatus::Canceled, None, late, Confirming::Gone),
        ] {
            assert_eq!(confirm(status, confirm_until, now), expected, "{status:?} {now}");
        }
    }
}
