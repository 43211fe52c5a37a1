//! Lists of members that a studio keeps (LIST-1).

use std::collections::BTreeSet;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::problem::{Problem, Problems};

/// Most characters of a list's name.
pub const LONGEST_NAME: usize = 255;

/// A list of members in a gym file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberListDefinition {
    /// What the list is called.
    pub name: String,
    /// The keys of the customers on it, who are customers of the same studio.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub customers: Vec<String>,
    /// Keys of allowances: what everybody on the list may book, whether or not they have a contract. Uses are counted for each of them,
    /// by days, weeks from Monday on, months and years of the calendar.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allowances: Vec<String>,
}

/// The day from which on the times of allowances are counted that lists of members give, since nobody notes when somebody came onto a
/// list: a Monday, and the first of a month and of a year.
pub const COUNTED_FROM: Date = Date::constant(2001, 1, 1);

impl MemberListDefinition {
    /// What cannot work, as far as the definition tells by itself.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Problems::default();
        problems.require_text("name", &self.name);
        let too_long = self.name.chars().count() > LONGEST_NAME;
        problems.add_if(too_long, "name", format!("has at most {LONGEST_NAME} characters"));
        let mut seen = BTreeSet::new();
        for (place, key) in self.customers.iter().enumerate() {
            problems.add_if(!seen.insert(key), format!("customers[{place}]"), "is there twice");
        }
        for (place, key) in self.allowances.iter().enumerate() {
            let twice = self.allowances[..place].contains(key);
            problems.add_if(twice, format!("allowances[{place}]"), "is there twice");
        }
        problems.done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn list_1_a_list_has_a_name_and_nobody_twice() {
        let list = |name: &str, customers: &[&str]| {
            let customers = customers.iter().map(|&key| key.to_owned()).collect();
            let found = MemberListDefinition { name: name.to_owned(), customers, allowances: Vec::new() }.problems();
            found.into_iter().map(|problem| problem.path).collect::<Vec<_>>()
        };
        assert_eq!(list("Swimmers", &["ada", "bela"]), [""; 0]);
        assert_eq!(list("Nobody", &[]), [""; 0]);
        assert_eq!(list(" ", &["ada", "bela", "ada"]), ["name", "customers[2]"]);
        assert_eq!(list(&"ü".repeat(256), &[]), ["name"]);
        let allowances = ["calm", "calm"].map(str::to_owned).to_vec();
        let twice = MemberListDefinition { name: "S".to_owned(), customers: Vec::new(), allowances };
        assert_eq!(twice.problems()[0].path, "allowances[1]");
    }

    #[test]
    fn cls_7_times_of_lists_begin_where_those_of_the_calendar_do() {
        assert_eq!((COUNTED_FROM.weekday(), COUNTED_FROM.day_of_year()), (jiff::civil::Weekday::Monday, 1));
    }
}
