//! Classes as an operator describes them: what is held, how it is booked, and where.

use jiff::civil::{Date, DateTime};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::calendar;
use crate::problem::{Problem, Problems};
use crate::serde_defaults::{is_default, is_one, is_yes, one, yes};
use crate::studio::{ClockTime, Weekday};
use crate::term::TimeTerm;

/// A longest class or appointment, in minutes: a day.
pub const LONGEST_MINUTES: u32 = 24 * 60;
/// A day of a series is moved by so many days at the most.
const FARTHEST_DAYS: i64 = 366;
/// Nobody moves up from the waiting list later than so long before the start, unless the class says otherwise (CLS-5).
pub const MOVES_UP_UNTIL: TimeTerm = TimeTerm::hours(2);

/// A room in which classes are held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Room {
    /// Its name.
    pub name: String,
    /// Where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

impl Room {
    /// What cannot work.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Problems::default();
        problems.require_text("name", &self.name);
        problems.done()
    }
}

/// A device or anything else of which there is one at a time, such as a solarium.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Resource {
    /// Its name.
    pub name: String,
}

impl Resource {
    /// What cannot work.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Problems::default();
        problems.require_text("name", &self.name);
        problems.done()
    }
}

/// Where a class is held (CLS-12).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ClassType {
    /// In the studio.
    #[default]
    Studio,
    /// Over the internet.
    Stream,
}

/// A class: what is held again and again. When it is held, its series say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Class {
    /// Its name.
    pub name: String,
    /// What it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What kind of class it is, such as `Yoga`. Allowances may name it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// Whom it is for, such as `Beginners`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// The path of its picture, from the folder of the gym file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// In the studio or over the internet.
    #[serde(rename = "type", default, skip_serializing_if = "is_default")]
    pub kind: ClassType,
    /// How long it takes.
    pub minutes: u32,
    /// Whether it can be booked; otherwise it is only shown.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub bookable: bool,
    /// Whether programs see it.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub online: bool,
    /// Whether customers of other studios may book it (CLS-10).
    #[serde(default, skip_serializing_if = "is_default")]
    pub open_to_other_studios: bool,
    /// Whether it takes something that the customer has paid for: an allowance.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub needs_allowance: bool,
    /// How many may take part; as many as come when left out (CLS-3).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_participants: Option<u32>,
    /// How many may wait for a place.
    #[serde(default, skip_serializing_if = "is_default")]
    pub waiting_list: u32,
    /// How many numbered spots there are to choose from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spots: Option<u32>,
    /// It can be booked from so long before the start on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earliest_booking: Option<TimeTerm>,
    /// It can be booked until so long before the start; until the start when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latest_booking: Option<TimeTerm>,
    /// It can be canceled for nothing until so long before the start; until the start when left out (CLS-6).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancel_until: Option<TimeTerm>,
    /// Whether it can be canceled later, too; what was taken of an allowance is then lost.
    #[serde(default, skip_serializing_if = "is_default")]
    pub late_cancel: bool,
    /// Whoever waits may get a place until so long before the start; two hours when left out (CLS-5).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moves_up_until: Option<TimeTerm>,
}

impl Class {
    /// What cannot work.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Problems::default();
        problems.require_text("name", &self.name);
        check_minutes(&mut problems, Some(self.minutes));
        check_places(&mut problems, self.max_participants, self.waiting_list, self.spots);
        problems.done()
    }
}

fn check_minutes(problems: &mut Problems, minutes: Option<u32>) {
    let wrong = minutes.is_some_and(|minutes| !(1..=LONGEST_MINUTES).contains(&minutes));
    problems.add_if(wrong, "minutes", "must be from 1 to 1440");
}

fn check_places(problems: &mut Problems, most: Option<u32>, waiting: u32, spots: Option<u32>) {
    problems.add_if(most == Some(0), "max_participants", "must be at least one; leave it out where there is no limit");
    let useless = most.is_none() && waiting > 0;
    problems.add_if(useless, "waiting_list", "has no effect without max_participants");
    let too_many = spots.is_some_and(|spots| spots == 0 || most.is_none_or(|most| spots > most));
    problems.add_if(too_many, "spots", "must be at least one and not more than max_participants");
}

/// When a class is held: on these days of the week at that time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClassSeries {
    /// The days of the week.
    pub weekdays: Vec<Weekday>,
    /// When it begins, by the studio's clock.
    pub starts: ClockTime,
    /// The first day on which it may be held.
    pub from: Date,
    /// The last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
    /// Every so many weeks, counted from the week of the first day; every week when left out.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub every_weeks: u32,
    /// Which of these days of the week in each month: 1 for the first to 5 for the fifth, -1 for the last to -5; all of them when left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub of_month: Vec<i32>,
    /// The key of the room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<String>,
    /// Keys of resources that it takes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<String>,
    /// Keys of the employees who lead it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub instructors: Vec<String>,
    /// How many may take part, where that is not what the class says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_participants: Option<u32>,
    /// Whether it is left out where it would fall into closing hours of the studio.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub rests_on_closing_hours: bool,
    /// Days on which something is different.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exceptions: Vec<SeriesException>,
}

/// A day of a series on which something is different.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SeriesException {
    /// The day on which it would be held.
    pub on: Date,
    /// It is not held.
    #[serde(default, skip_serializing_if = "is_default")]
    pub canceled: bool,
    /// When it is held instead, by the studio's clock, such as `2026-12-24T10:00`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved_to: Option<DateTime>,
    /// The key of the room in which it is held instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<String>,
    /// Keys of the employees who lead it instead.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub instructors: Vec<String>,
}

impl ClassSeries {
    /// What cannot work.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Problems::default();
        problems.add_if(self.weekdays.is_empty(), "weekdays", "must not be empty");
        problems.add_if(self.every_weeks == 0, "every_weeks", "must be at least 1");
        let counts_both = self.every_weeks > 1 && !self.of_month.is_empty();
        problems.add_if(counts_both, "of_month", "counts by months, and every_weeks by weeks; leave one of them out");
        for (index, number) in self.of_month.iter().enumerate() {
            let path = format!("of_month[{index}]");
            problems.add_if(!(1..=5).contains(&number.unsigned_abs()), &path, "must be 1 to 5, or -1 to -5");
            problems.add_if(self.of_month[..index].contains(number), &path, "is there twice");
        }
        problems.add_if(self.from.year() < 1, "from", "must not lie before the year 1");
        problems.add_if(self.to.is_some_and(|to| to < self.from), "to", "must not be before from");
        problems.add_if(self.max_participants == Some(0), "max_participants", "must be at least one");
        for (index, exception) in self.exceptions.iter().enumerate() {
            let twice = self.exceptions[..index].iter().any(|before| before.on == exception.on);
            problems.add_if(twice, format!("exceptions[{index}].on"), "is there twice");
            let held = self.is_held_on(exception.on);
            problems.add_if(!held, format!("exceptions[{index}].on"), "is no day of this series");
            let changed = exception.moved_to.is_some() || exception.room.is_some() || !exception.instructors.is_empty();
            let away = exception.moved_to.map(|to| calendar::days_between(exception.on, to.date()).abs());
            let far = away.is_some_and(|days| days > FARTHEST_DAYS);
            problems.add_if(far, format!("exceptions[{index}].moved_to"), "must be within a year of the day");
            let path = format!("exceptions[{index}]");
            problems.add_if(exception.canceled == changed, path, "must either cancel the day or change something");
        }
        problems.done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_class_and_a_short_series_are_enough() {
        let json = r#"{"name":"Yoga","minutes":60}"#;
        let class: Class = serde_json::from_str(json).unwrap();
        assert!(class.bookable && class.online && class.needs_allowance && !class.open_to_other_studios);
        assert_eq!(class.problems(), []);
        assert_eq!(serde_json::to_string(&class).unwrap(), json);
        let json = r#"{"weekdays":["MONDAY"],"starts":"18:00","from":"2026-01-01"}"#;
        let series: ClassSeries = serde_json::from_str(json).unwrap();
        assert_eq!(series.problems(), []);
        assert_eq!(serde_json::to_string(&series).unwrap(), json);
    }

    #[test]
    fn problems_of_classes_and_series_are_named() {
        let class: Class =
            serde_json::from_str(r#"{"name":"","minutes":0,"waiting_list":3,"spots":4,"cancel_until":"2 HOURS"}"#)
                .unwrap();
        let paths = |problems: Vec<Problem>| problems.into_iter().map(|problem| problem.path).collect::<Vec<_>>();
        assert_eq!(paths(class.problems()), ["name", "minutes", "waiting_list", "spots"]);
        // The second of January 2026 is a Friday.
        let series: ClassSeries = serde_json::from_str(
            r#"{"weekdays":["FRIDAY"],"starts":"18:00","from":"2026-01-02","to":"2026-01-01","every_weeks":0,
                "exceptions":[{"on":"2026-01-03","canceled":true},{"on":"2026-01-03"}]}"#,
        )
        .unwrap();
        let expected =
            ["every_weeks", "to", "exceptions[0].on", "exceptions[1].on", "exceptions[1].on", "exceptions[1]"];
        assert_eq!(paths(series.problems()), expected);
        let early: ClassSeries =
            serde_json::from_str(r#"{"weekdays":["FRIDAY"],"starts":"18:00","from":"-009999-01-01"}"#).unwrap();
        assert_eq!(paths(early.problems()), ["from"]);
        for (moved_to, expected) in [
            ("2027-01-03T18:00", &[][..]),
            ("2027-01-04T18:00", &["exceptions[0].moved_to"]),
            ("-009999-01-01T00:00", &["exceptions[0].moved_to"]),
        ] {
            let series: ClassSeries = serde_json::from_str(&format!(
                r#"{{"weekdays":["FRIDAY"],"starts":"18:00","from":"2026-01-02","exceptions":[{{"on":"2026-01-02","moved_to":"{moved_to}"}}]}}"#
            ))
            .unwrap();
            assert_eq!(paths(series.problems()), expected, "{moved_to}");
        }
    }
}
