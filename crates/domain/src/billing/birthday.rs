//! A member's birthday as prices by age know it (AMD-6).

use jiff::civil::Date;

/// When a member was born, and what was taken for it before it was corrected. A correction counts from the next period on and never
/// backwards: a period that had begun keeps the price that was told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Birthday {
    known: Option<Date>,
    /// Days of corrections, in their order, and what had been known until then.
    corrected: Vec<(Date, Option<Date>)>,
}

impl Birthday {
    /// What is known, with the days on which that was corrected, in the order of the corrections.
    #[must_use]
    pub fn corrected_on(mut self, corrected: Vec<(Date, Option<Date>)>) -> Self {
        self.corrected = corrected;
        self
    }

    /// The birthday that counts for a period that begins on a day.
    #[must_use]
    pub fn on(&self, day: Date) -> Option<Date> {
        let later = self.corrected.iter().filter(|(corrected, _)| *corrected >= day);
        later.min_by_key(|(corrected, _)| *corrected).map_or(self.known, |(_, known)| *known)
    }
}

impl From<Option<Date>> for Birthday {
    fn from(known: Option<Date>) -> Self {
        Self { known, corrected: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn amd_6_a_correction_counts_from_the_next_period_on() {
        let (wrong, right) = (Some(date(2008, 6, 10)), Some(date(2000, 6, 10)));
        // On the third of May somebody mistyped it first.
        let other = Some(date(1980, 6, 10));
        let corrections = vec![(date(2026, 2, 1), None), (date(2026, 5, 3), wrong), (date(2026, 5, 3), other)];
        let birthday = Birthday::from(right).corrected_on(corrections);
        for (day, known) in [
            (date(2026, 1, 1), None),
            (date(2026, 2, 1), None),
            (date(2026, 2, 2), wrong),
            (date(2026, 5, 1), wrong),
            (date(2026, 5, 3), wrong),
            (date(2026, 5, 4), right),
            (date(2030, 1, 1), right),
        ] {
            assert_eq!(birthday.on(day), known, "{day}");
        }
        assert_eq!(Birthday::default().on(date(2026, 1, 1)), None);
    }
}
