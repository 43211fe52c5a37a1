//! Employees: the people who work in a studio, as members and staff see them. What somebody may do in the back office is another
//! matter and told in [`crate::staff`]: a business role is a label without rights (EMP-2).

use jiff::civil::{Date, DateTime};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::problem::{Problem, Problems};
use crate::serde_defaults::{is_default, is_yes, yes};
use crate::studio::Window;

/// Longest text of one field, in characters.
pub const LONGEST_TEXT: usize = 255;
/// Most competences of one employee.
pub const MOST_COMPETENCES: usize = 50;
/// Most times of a week in which one employee works.
pub const MOST_WORKING_HOURS: usize = 50;

/// The gender that an employee is shown with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Gender {
    /// Male.
    Male,
    /// Female.
    Female,
    /// Neither, or not said.
    #[default]
    Unisex,
}

/// What somebody does in the business. It opens nothing (EMP-2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BusinessRole {
    /// Owns the studio.
    StudioOwner,
    /// Runs the studio.
    StudioManager,
    /// Trains members.
    Trainer,
    /// Works at the desk, the bar or on the floor.
    ServiceEmployee,
    /// Keeps the papers and the books.
    AdministrationOrFinance,
    /// Brings in new members.
    Marketing,
}

/// An employee.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Employee {
    /// The first name.
    pub first_name: String,
    /// The last name.
    pub last_name: String,
    /// The gender; UNISEX when left out.
    #[serde(default, skip_serializing_if = "is_default")]
    pub gender: Gender,
    /// The day of birth.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_of_birth: Option<Date>,
    /// The number in the operator's own lists.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub employee_number: Option<String>,
    /// Initials; from the names when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub initials: Option<String>,
    /// The name that members see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_name: Option<String>,
    /// What the employee does in the business. A label without rights.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub business_role: Option<BusinessRole>,
    /// What members are told that the employee does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_role: Option<String>,
    /// A telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone1: Option<String>,
    /// Another telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone2: Option<String>,
    /// The e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The street.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub street: Option<String>,
    /// The number in the street.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub house_number: Option<String>,
    /// The postal code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zip_code: Option<String>,
    /// The town.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// The country, as the operator writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// What the employee is trained to do, each named once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub competences: Vec<String>,
    /// When the employee works, week by week, by the studio's clock. A time that ends at or before the time of day at which it begins
    /// ends on the next day. Left out: whenever the studio is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub working_hours: Option<Vec<Window>>,
    /// Whether the employee works here now; only those who do are shown through the API.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub active: bool,
}

impl Employee {
    /// The initials to show: those given, else the first letters of both names with dots (EMP-2).
    #[must_use]
    pub fn shown_initials(&self) -> String {
        match self.initials.as_deref() {
            Some(initials) => initials.to_owned(),
            None => initials(&self.first_name, &self.last_name),
        }
    }

    /// The same with white space around texts taken away; a text of which nothing remains is as good as none.
    #[must_use]
    pub fn trimmed(mut self) -> Self {
        for text in [&mut self.first_name, &mut self.last_name].into_iter().chain(&mut self.competences) {
            *text = text.trim().to_owned();
        }
        for (_, text) in self.optional_texts_mut() {
            *text = text.take().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        }
        self
    }

    /// What cannot work.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Problems::default();
        for (name, text) in [("first_name", &self.first_name), ("last_name", &self.last_name)] {
            problems.require_text(name, text);
            check_length(&mut problems, name, text);
        }
        for (name, text) in self.clone().optional_texts_mut() {
            check_length(&mut problems, name, text.as_deref().unwrap_or_default());
        }
        let is_address = self.email.as_deref().is_none_or(crate::staff::is_email);
        problems.add_if(!is_address, "email", "must be an e-mail address");
        problems.add_if(
            self.competences.len() > MOST_COMPETENCES,
            "competences",
            format!("must be at most {MOST_COMPETENCES}"),
        );
        let too_many = self.working_hours.as_ref().is_some_and(|hours| hours.len() > MOST_WORKING_HOURS);
        problems.add_if(too_many, "working_hours", format!("must be at most {MOST_WORKING_HOURS}"));
        for (i, competence) in self.competences.iter().enumerate() {
            let path = format!("competences[{i}]");
            problems.require_text(&path, competence);
            check_length(&mut problems, &path, competence);
            problems.add_if(self.competences[..i].contains(competence), &path, "is named twice");
        }
        problems.done()
    }

    fn optional_texts_mut(&mut self) -> [(&'static str, &mut Option<String>); 12] {
        [
            ("employee_number", &mut self.employee_number),
            ("initials", &mut self.initials),
            ("public_name", &mut self.public_name),
            ("external_role", &mut self.external_role),
            ("phone1", &mut self.phone1),
            ("phone2", &mut self.phone2),
            ("email", &mut self.email),
            ("street", &mut self.street),
            ("house_number", &mut self.house_number),
            ("zip_code", &mut self.zip_code),
            ("city", &mut self.city),
            ("country", &mut self.country),
        ]
    }
}

/// A time at which an employee of a gym file is away, by the studio's clock. Why is not said: it may be about somebody's health.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Absence {
    /// The first moment, such as `2026-12-24T00:00`.
    pub from: DateTime,
    /// The moment at which the employee is back.
    pub to: DateTime,
}

impl Absence {
    /// What cannot work.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Problems::default();
        problems.add_if(self.from.year() < 1, "from", "must not lie before the year 1");
        problems.add_if(self.to <= self.from, "to", "must be after from");
        problems.done()
    }
}

fn check_length(problems: &mut Problems, path: &str, text: &str) {
    let too_long = text.chars().count() > LONGEST_TEXT;
    problems.add_if(too_long, path, format!("must have at most {LONGEST_TEXT} characters"));
}

/// The first letter of each name with a dot: `P.P.` (EMP-2).
fn initials(first_name: &str, last_name: &str) -> String {
    [first_name, last_name]
        .iter()
        .filter_map(|name| name.trim().chars().next())
        .flat_map(|letter| letter.to_uppercase().chain(['.']))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn employee(json: &str) -> Employee {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn emp_2_initials_come_from_the_names_unless_they_are_given() {
        for (first, last, given, shown) in [
            ("Peter", "Parker", None, "P.P."),
            ("ada", "élan", None, "A.É."),
            ("Åsa", "von Berg", None, "Å.V."),
            ("Jo", "", None, "J."),
            ("Peter", "Parker", Some("PP"), "PP"),
        ] {
            let mut employee = employee(r#"{"first_name":"x","last_name":"y"}"#);
            (employee.first_name, employee.last_name) = (first.to_owned(), last.to_owned());
            employee.initials = given.map(str::to_owned);
            assert_eq!(employee.shown_initials(), shown, "{first} {last}");
        }
    }

    #[test]
    fn emp_2_an_unset_gender_is_unisex_and_an_employee_is_active() {
        let plain = employee(r#"{"first_name":"Ada","last_name":"Berg"}"#);
        assert_eq!((plain.gender, plain.active), (Gender::Unisex, true));
        assert_eq!(serde_json::to_string(&plain).unwrap(), r#"{"first_name":"Ada","last_name":"Berg"}"#);
        assert_eq!(plain.problems(), []);
    }

    #[test]
    fn every_problem_is_named_with_its_field() {
        let long = "x".repeat(LONGEST_TEXT + 1);
        let wrong = employee(&format!(
            r#"{{"first_name":" ","last_name":"{long}","city":"{long}","email":"nobody","competences":["Yoga","","Yoga"]}}"#
        ));
        let paths: Vec<String> = wrong.problems().into_iter().map(|problem| problem.path).collect();
        assert_eq!(paths, ["first_name", "last_name", "city", "email", "competences[1]", "competences[2]"]);
        let mut many = employee(r#"{"first_name":"Ada","last_name":"Berg"}"#);
        many.competences = (0..=MOST_COMPETENCES).map(|n| n.to_string()).collect();
        assert_eq!(many.problems().len(), 1);
    }

    #[test]
    fn an_absence_ends_after_it_has_begun() {
        let paths = |from: &str, to: &str| {
            let absence = Absence { from: from.parse().unwrap(), to: to.parse().unwrap() };
            absence.problems().into_iter().map(|problem| problem.path).collect::<Vec<_>>()
        };
        assert_eq!(paths("2026-12-24T00:00", "2026-12-24T00:01"), [""; 0]);
        assert_eq!(paths("2026-12-24T00:00", "2026-12-24T00:00"), ["to"]);
        assert_eq!(paths("-000001-12-24T00:00", "-000002-12-24T00:00"), ["from", "to"]);
    }

    #[test]
    fn err_10_texts_are_trimmed_and_blank_ones_are_none() {
        let json = r#"{"first_name":" Ada ","last_name":"Berg\t","city":"  ","phone1":" 1 ","competences":[" Yoga "]}"#;
        let trimmed = employee(json).trimmed();
        assert_eq!((trimmed.first_name.as_str(), trimmed.last_name.as_str()), ("Ada", "Berg"));
        assert_eq!((trimmed.city, trimmed.phone1.as_deref()), (None, Some("1")));
        assert_eq!(trimmed.competences, ["Yoga"]);
    }
}
