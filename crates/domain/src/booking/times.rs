//! Stretches of time, and sets of them: who is there, and what of it is taken.

use jiff::{SignedDuration, Timestamp};

/// From an instant up to, and without, another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    /// The first instant.
    pub start: Timestamp,
    /// The first instant that does not belong to it any more.
    pub end: Timestamp,
}

impl Period {
    /// From one instant up to another.
    #[must_use]
    pub const fn new(start: Timestamp, end: Timestamp) -> Self {
        Self { start, end }
    }

    /// So many minutes from an instant on.
    #[must_use]
    pub fn of_minutes(start: Timestamp, minutes: u32) -> Self {
        Self { start, end: later(start, i64::from(minutes)) }
    }

    /// The same with so many minutes more on each side.
    #[must_use]
    pub fn widened(self, before: u32, after: u32) -> Self {
        Self { start: later(self.start, -i64::from(before)), end: later(self.end, i64::from(after)) }
    }

    /// Whether the two have an instant in common. Those that only touch do not.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// Whether no instant belongs to it.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.end <= self.start
    }
}

/// So many minutes after an instant, or before it; held at the ends of time.
fn later(at: Timestamp, minutes: i64) -> Timestamp {
    let end = if minutes < 0 { Timestamp::MIN } else { Timestamp::MAX };
    at.checked_add(SignedDuration::from_mins(minutes)).unwrap_or(end)
}

/// A set of instants: periods in order, none of which overlaps or touches another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Times(Vec<Period>);

impl Times {
    /// All instants of these periods, in whatever order they are given.
    #[must_use]
    pub fn of(periods: impl IntoIterator<Item = Period>) -> Self {
        let mut periods: Vec<Period> = periods.into_iter().filter(|period| !period.is_empty()).collect();
        periods.sort_unstable();
        let mut joined: Vec<Period> = Vec::with_capacity(periods.len());
        for period in periods {
            match joined.last_mut() {
                Some(last) if period.start <= last.end => last.end = last.end.max(period.end),
                _ => joined.push(period),
            }
        }
        Self(joined)
    }

    /// The instants that do not belong to another set.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        let mut left = Vec::with_capacity(self.0.len());
        let mut rest = other.0.as_slice();
        for period in &self.0 {
            let mut start = period.start;
            // What ended before this period ended before all that follow.
            while let [first, more @ ..] = rest
                && first.end <= start
            {
                rest = more;
            }
            for taken in rest.iter().take_while(|taken| taken.start < period.end) {
                if start < taken.start {
                    left.push(Period::new(start, taken.start));
                }
                start = start.max(taken.end);
            }
            if start < period.end {
                left.push(Period::new(start, period.end));
            }
        }
        Self(left)
    }

    /// Whether every instant of a period belongs to the set.
    #[must_use]
    pub fn cover(&self, period: Period) -> bool {
        let behind = self.0.partition_point(|known| known.start <= period.start);
        behind.checked_sub(1).and_then(|place| self.0.get(place)).is_some_and(|known| period.end <= known.end)
    }

    /// The same for many periods, each of which begins and ends no earlier than the one before: one walk over both lists.
    pub fn cover_each<'t>(&'t self, periods: &'t [Period]) -> impl Iterator<Item = bool> + 't {
        let mut rest = self.0.as_slice();
        periods.iter().map(move |period| {
            while let [first, more @ ..] = rest
                && first.end < period.end
            {
                rest = more;
            }
            rest.first().is_some_and(|first| first.start <= period.start)
        })
    }

    /// Whether an instant of a period belongs to the set.
    #[must_use]
    pub fn touch(&self, period: Period) -> bool {
        let first = self.0.partition_point(|known| known.end <= period.start);
        self.0.get(first).is_some_and(|known| known.overlaps(period))
    }

    /// Whether no instant belongs to it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The periods, in order.
    #[must_use]
    pub fn periods(&self) -> &[Period] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::customer::dice::Dice;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(minute * 60).unwrap()
    }

    fn times(periods: &[(i64, i64)]) -> Times {
        Times::of(periods.iter().map(|(from, to)| Period::new(at(*from), at(*to))))
    }

    #[test]
    fn periods_that_touch_or_overlap_are_one() {
        assert_eq!(times(&[(20, 30), (0, 10), (10, 15), (12, 14), (40, 40), (50, 45)]), times(&[(0, 15), (20, 30)]));
        assert!(times(&[(5, 5)]).is_empty());
    }

    #[test]
    fn what_is_taken_is_cut_out() {
        for (all, taken, left) in [
            (&[(0, 100)][..], &[][..], &[(0, 100)][..]),
            (&[(0, 100)], &[(0, 100)], &[]),
            (&[(0, 100)], &[(10, 20), (30, 40)], &[(0, 10), (20, 30), (40, 100)]),
            (&[(0, 100)], &[(-10, 10), (90, 110)], &[(10, 90)]),
            (&[(0, 10), (20, 30), (40, 50)], &[(5, 45)], &[(0, 5), (45, 50)]),
            (&[(0, 10), (20, 30)], &[(10, 20)], &[(0, 10), (20, 30)]),
        ] {
            assert_eq!(times(all).without(&times(taken)), times(left), "{all:?} {taken:?}");
        }
    }

    #[test]
    fn sets_answer_as_a_look_at_each_minute_does() {
        let mut dice = Dice::new(11);
        let mut drawn = |count: usize| -> Vec<(i64, i64)> {
            let mut period = || (dice.below(120) as i64, dice.below(120) as i64);
            (0..count).map(|_| period()).collect()
        };
        for round in 0..2_000 {
            let (some, others) = (drawn(round % 6), drawn(round % 5));
            let has = |list: &[(i64, i64)], minute: i64| list.iter().any(|(from, to)| (*from..*to).contains(&minute));
            let (set, other) = (times(&some), times(&others));
            let left = set.without(&other);
            for minute in 0..120 {
                let one = Period::new(at(minute), at(minute + 1));
                assert_eq!(
                    left.cover(one),
                    has(&some, minute) && !has(&others, minute),
                    "{some:?} {others:?} {minute}"
                );
            }
            for (from, to) in drawn(10).into_iter().filter(|(from, to)| from < to) {
                let period = Period::new(at(from), at(to));
                assert_eq!(set.cover(period), (from..to).all(|minute| has(&some, minute)), "{some:?} {from} {to}");
                assert_eq!(set.touch(period), (from..to).any(|minute| has(&some, minute)), "{some:?} {from} {to}");
            }
        }
    }

    #[test]
    fn one_walk_finds_the_same() {
        let mut dice = Dice::new(12);
        for round in 0..500 {
            let some: Vec<(i64, i64)> =
                (0..round % 9).map(|_| (dice.below(90) as i64, dice.below(90) as i64)).collect();
            let (set, length) = (times(&some), 1 + dice.below(20) as i64);
            let periods: Vec<Period> = (0..90).map(|minute| Period::new(at(minute), at(minute + length))).collect();
            let each: Vec<bool> = set.cover_each(&periods).collect();
            let one_by_one: Vec<bool> = periods.iter().map(|period| set.cover(*period)).collect();
            assert_eq!(each, one_by_one, "{some:?} {length}");
        }
    }

    #[test]
    fn the_ends_of_time_hold() {
        for end in [Timestamp::MIN, Timestamp::MAX] {
            let period = Period::of_minutes(end, u32::MAX).widened(u32::MAX, u32::MAX);
            assert!(period.start <= end && end <= period.end);
        }
    }
}
