//! Free times against a slow and obvious way to find them: a look at each minute of each day, for generated calendars of studios, trainers,
//! rooms, resources and customers, around the nights in which clocks are changed.

mod obvious;
mod world;

use std::collections::BTreeMap;

use jiff::SignedDuration;

use self::obvious::Obvious;
use self::world::World;
use super::free_slots::{Assignment, Refusal, Situation};
use super::times::Period;
use crate::customer::dice::Dice;

/// Zones with days near which something happens to their clocks.
pub(super) const PLACES: &[(&str, &[&str])] = &[
    ("Europe/Berlin", &["2026-03-29", "2026-10-25", "2026-06-10"]),
    ("America/New_York", &["2026-03-08", "2026-11-01", "2026-07-04"]),
    ("Asia/Kolkata", &["2026-03-29", "2026-12-31"]),
    ("Pacific/Apia", &["2011-12-30", "2012-04-01", "2026-05-05"]),
    ("Australia/Lord_Howe", &["2026-04-05", "2026-10-04", "2026-01-01"]),
];

/// How often each outcome came up.
type Outcomes = BTreeMap<String, usize>;

fn note(outcomes: &mut Outcomes, decided: &Result<Assignment, Refusal>) {
    let name = match decided {
        Ok(_) => "booked".to_owned(),
        Err(refusal) => format!("{refusal:?}").split('(').next().unwrap_or_default().to_owned(),
    };
    *outcomes.entry(name).or_default() += 1;
}

/// Those who are asked for: mostly nobody, or some of those who are there, and sometimes one who is not.
fn wanted(dice: &mut Dice) -> Vec<i64> {
    let count = dice.pick(&[0, 0, 0, 0, 1, 1, 2, 3]);
    (0..count).map(|_| dice.below(4) as i64).collect()
}

/// A time that is asked for, and a minute of it, mostly of the right length.
fn asked_length(dice: &mut Dice, minutes: u32) -> i64 {
    let right = i64::from(minutes);
    dice.pick(&[right, right, right, right, right, right, right + 1, right - 5, 0, -5])
}

/// Every list of free times is that of a look at each minute; the lists are as long as is answered.
fn check_lists(world: &World, situation: &Situation<'_>, obvious: &Obvious<'_>, case: &str) -> usize {
    let minutes = i64::from(world.appointment.minutes);
    let found: Vec<_> =
        situation.free_slots(world.first, world.last).into_iter().map(|slot| (slot.period, slot.instructors)).collect();
    let able = |place: usize| -> Vec<i64> {
        let all = world.trainers.iter().flatten().map(|trainer| trainer.id);
        all.filter(|id| obvious.decide(place, minutes, &[*id]).is_ok()).collect()
    };
    let expected: Vec<_> = obvious
        .asked()
        .filter(|place| obvious.decide(*place, minutes, &[]).is_ok())
        .map(|place| (Period::of_minutes(obvious.minutes[place], world.appointment.minutes), able(place)))
        .collect();
    assert_eq!(found, expected, "{case}");
    found.len()
}

#[test]
fn app_2_and_4_free_times_and_decisions_are_those_that_a_look_at_each_minute_finds() {
    let mut dice = Dice::new(2026);
    let (mut shown, mut with_none, mut outcomes) = (0, 0, Outcomes::new());
    for (zone, days) in PLACES {
        for round in 0..40 {
            let world = World::drawn(&mut dice, zone, days[round % days.len()]);
            let (situation, obvious) = (world.situation(), Obvious::of(&world));
            let case = format!("{zone} {round}");
            let found = check_lists(&world, &situation, &obvious, &case);
            shown += found;
            with_none += usize::from(found == 0);
            // A time that is shown is a time that books, with any of those who are shown; every other has its reason, the first in
            // the order of the rule.
            for place in obvious.asked().step_by(5) {
                let (wanted, length) = (wanted(&mut dice), asked_length(&mut dice, world.appointment.minutes));
                let start = obvious.minutes[place];
                let requested = Period::new(start, start.checked_add(SignedDuration::from_mins(length)).unwrap());
                let decided = situation.decide(requested, &wanted);
                assert_eq!(decided, obvious.decide(place, length, &wanted), "{case} {requested:?} {wanted:?}");
                note(&mut outcomes, &decided);
                if length == i64::from(world.appointment.minutes) {
                    let against = situation.decide_against_rules(requested, &wanted);
                    assert_eq!(against.ok(), obvious.assign(place, &wanted), "{case} {requested:?} {wanted:?}");
                }
            }
        }
    }
    // The cases are of all sorts.
    assert!(shown > 3_000 && with_none > 20 && with_none < 180, "{shown} {with_none}");
    assert!(outcomes.len() == 14 && outcomes.values().all(|count| *count > 50), "{outcomes:?}");
}
