//! Appointments as an operator describes them: how long they take, whom and what they need, and who may book them when.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::class::LONGEST_MINUTES;
use super::times::Period;
use crate::problem::{Problem, Problems};
use crate::serde_defaults::{is_default, is_yes, yes};
use crate::term::TimeTerm;

/// Appointments begin at multiples of so many minutes after midnight, unless they say otherwise (APP-2).
const GRID_MINUTES: u32 = 15;

/// A kind of appointment that can be booked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Appointment {
    /// Its name.
    pub name: String,
    /// What it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What kind of appointment it is, such as `Training`. Allowances may name it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// The path of its picture, from the folder of the gym file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// How long it takes.
    pub minutes: u32,
    /// So many minutes before it must be free, too, for everybody and everything that it takes (APP-5).
    #[serde(default, skip_serializing_if = "is_default")]
    pub minutes_before: u32,
    /// So many minutes after it must be free, too.
    #[serde(default, skip_serializing_if = "is_default")]
    pub minutes_after: u32,
    /// It begins at multiples of so many minutes after midnight, by the studio's clock; 15 when left out.
    #[serde(default = "grid", skip_serializing_if = "is_grid")]
    pub every_minutes: u32,
    /// Whether programs see it and book it.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub online: bool,
    /// Whether it can only be booked to try it (APP-8).
    #[serde(default, skip_serializing_if = "is_default")]
    pub trial_only: bool,
    /// Whether customers of other studios may book it (CLS-10).
    #[serde(default, skip_serializing_if = "is_default")]
    pub open_to_other_studios: bool,
    /// Whether it takes something that the customer has paid for: an allowance.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub needs_allowance: bool,
    /// Keys of the employees who can give it, in the order in which they are chosen; one of them is needed. Left out: nobody is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub instructors: Vec<String>,
    /// Keys of the rooms it can be in; one of them is needed. Left out: none is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rooms: Vec<String>,
    /// Keys of resources in groups; one of each group is needed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<Vec<String>>,
    /// The earliest start that can be booked is so long from now; any to come when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub earliest_start: Option<TimeTerm>,
    /// The latest start that can be booked is so long from now; any when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latest_start: Option<TimeTerm>,
    /// It can be canceled for nothing until so long before the start; until the start when left out (APP-6).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancel_until: Option<TimeTerm>,
    /// Whether it can be canceled later, too; what was taken of an allowance is then lost.
    #[serde(default, skip_serializing_if = "is_default")]
    pub late_cancel: bool,
    /// How many of these to come a customer may have booked at a time; as many as they like when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_bookings: Option<u32>,
    /// Who may book it, besides having an allowance.
    #[serde(default, skip_serializing_if = "is_default")]
    pub conditions: Conditions,
}

const fn grid() -> u32 {
    GRID_MINUTES
}

// serde hands a reference to every predicate.
#[allow(clippy::trivially_copy_pass_by_ref)]
const fn is_grid(minutes: &u32) -> bool {
    *minutes == GRID_MINUTES
}

impl Appointment {
    /// The time that is booked by somebody who comes at `start`.
    #[must_use]
    pub fn period(&self, start: jiff::Timestamp) -> Period {
        Period::of_minutes(start, self.minutes)
    }

    /// The time in which it takes up whom and what it needs (APP-5).
    #[must_use]
    pub fn taken(&self, booked: Period) -> Period {
        booked.widened(self.minutes_before, self.minutes_after)
    }

    /// What cannot work.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Problems::default();
        problems.require_text("name", &self.name);
        for (name, minutes, least) in [
            ("minutes", self.minutes, 1),
            ("minutes_before", self.minutes_before, 0),
            ("minutes_after", self.minutes_after, 0),
            ("every_minutes", self.every_minutes, 1),
        ] {
            let wrong = !(least..=LONGEST_MINUTES).contains(&minutes);
            problems.add_if(wrong, name, format!("must be from {least} to {LONGEST_MINUTES}"));
        }
        problems.add_if(
            self.max_bookings == Some(0),
            "max_bookings",
            "must be at least one; leave it out for no limit",
        );
        check_repeats(&mut problems, "instructors", self.instructors.iter());
        check_repeats(&mut problems, "rooms", self.rooms.iter());
        check_repeats(&mut problems, "resources", self.resources.iter().flatten());
        for (index, group) in self.resources.iter().enumerate() {
            problems.add_if(group.is_empty(), format!("resources[{index}]"), "must not be empty");
        }
        problems.add_under("conditions", self.conditions.problems());
        problems.done()
    }
}

fn check_repeats<'k>(problems: &mut Problems, path: &str, keys: impl Iterator<Item = &'k String>) {
    let mut seen = std::collections::BTreeSet::new();
    for key in keys {
        problems.add_if(!seen.insert(key), path, format!("names {key} twice"));
    }
}

/// Who may book an appointment. Of the lists, any entry of any of them is enough; ages hold in any case.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Conditions {
    /// Keys of offers of which the customer has a contract.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub offers: Vec<String>,
    /// Keys of modules of which the customer has a contract.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub modules: Vec<String>,
    /// Identifiers of rate codes of the customer's contracts and modules.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rate_codes: Vec<String>,
    /// The customer is at least so old on the day of the appointment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_age: Option<u8>,
    /// The customer is at most so old on that day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_age: Option<u8>,
}

/// What is looked at to know whether somebody meets [`Conditions`] on a day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing<'a> {
    /// Keys of the offers of contracts that are in force.
    pub offers: Vec<&'a str>,
    /// Keys of the modules that are.
    pub modules: Vec<&'a str>,
    /// Identifiers of the rate codes of both.
    pub rate_codes: Vec<&'a str>,
    /// Completed years of life; nothing when nobody knows.
    pub age: Option<i32>,
}

impl Conditions {
    /// Whether somebody meets them (APP-4). Whose age nobody knows meets no condition about it.
    #[must_use]
    pub fn are_met(&self, standing: &Standing<'_>) -> bool {
        let aged = |limit: Option<u8>, fits: fn(i32, i32) -> bool| {
            limit.is_none_or(|limit| standing.age.is_some_and(|age| fits(age, i32::from(limit))))
        };
        let lists = [
            (&self.offers, &standing.offers),
            (&self.modules, &standing.modules),
            (&self.rate_codes, &standing.rate_codes),
        ];
        let asks = lists.iter().any(|(asked, _)| !asked.is_empty());
        let has = lists.iter().any(|(asked, held)| asked.iter().any(|key| held.contains(&key.as_str())));
        (has || !asks) && aged(self.min_age, |age, limit| age >= limit) && aged(self.max_age, |age, limit| age <= limit)
    }

    fn problems(&self) -> Vec<Problem> {
        let mut problems = Problems::default();
        let reversed = self.min_age.zip(self.max_age).is_some_and(|(min, max)| max < min);
        problems.add_if(reversed, "max_age", "must not be below min_age");
        problems.done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_appointment_is_enough_and_stored_in_short() {
        let json = r#"{"name":"Body check","minutes":30}"#;
        let short: Appointment = serde_json::from_str(json).unwrap();
        assert!(short.online && short.needs_allowance && !short.open_to_other_studios && !short.late_cancel);
        assert_eq!((short.every_minutes, short.problems()), (15, vec![]));
        assert_eq!(serde_json::to_string(&short).unwrap(), json);
    }

    /// Editors show the schema as help, so every field must explain itself.
    #[test]
    fn every_field_is_explained() {
        for schema in [schemars::schema_for!(Appointment), schemars::schema_for!(Conditions)] {
            let fields = schema.get("properties").and_then(|fields| fields.as_object()).unwrap();
            for (name, field) in fields {
                assert!(field.get("description").is_some(), "{name}");
            }
            assert_eq!(schema.get("additionalProperties").and_then(|more| more.as_bool()), Some(false));
        }
    }

    #[test]
    fn problems_of_appointments_are_named() {
        let wrong: Appointment = serde_json::from_str(
            r#"{"name":" ","minutes":0,"minutes_before":1441,"every_minutes":0,"max_bookings":0,"instructors":["a","a"],
            "rooms":["r","r"],"resources":[["x"],[],["x"]],"conditions":{"min_age":18,"max_age":16}}"#,
        )
        .unwrap();
        let paths: Vec<_> = wrong.problems().into_iter().map(|problem| problem.path).collect();
        let expected = [
            "name",
            "minutes",
            "minutes_before",
            "every_minutes",
            "max_bookings",
            "instructors",
            "rooms",
            "resources",
            "resources[1]",
            "conditions.max_age",
        ];
        assert_eq!(paths, expected);
    }

    #[test]
    fn app_4_conditions_about_contracts_and_age() {
        let conditions = |json: &str| serde_json::from_str::<Conditions>(json).unwrap();
        let held = Standing { offers: vec!["year"], modules: vec!["sauna"], rate_codes: vec!["GOLD"], age: Some(17) };
        let nobody = Standing::default();
        for (json, of_held, of_nobody) in [
            ("{}", true, true),
            (r#"{"offers":["flex","year"]}"#, true, false),
            (r#"{"offers":["flex"]}"#, false, false),
            (r#"{"modules":["sauna"]}"#, true, false),
            (r#"{"rate_codes":["GOLD"]}"#, true, false),
            // Any of the lists is enough.
            (r#"{"offers":["flex"],"rate_codes":["GOLD"]}"#, true, false),
            (r#"{"min_age":17}"#, true, false),
            (r#"{"min_age":18}"#, false, false),
            (r#"{"max_age":17}"#, true, false),
            (r#"{"max_age":16}"#, false, false),
            (r#"{"offers":["year"],"min_age":18}"#, false, false),
        ] {
            assert_eq!(conditions(json).are_met(&held), of_held, "{json}");
            assert_eq!(conditions(json).are_met(&nobody), of_nobody, "{json}");
        }
    }
}
