//! Allowances: which classes and appointments a contract, a module or a pack lets somebody book, and how often (CLS-4, CLS-7).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::customer::benefit::{Contingent, problems_of_uses};
use crate::problem::{Problem, Problems};
use crate::serde_defaults::is_default;
use crate::term::Term;

/// What may be booked, as an operator describes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Allowance {
    /// Its name.
    pub name: String,
    /// Whether it is good for every class.
    #[serde(default, skip_serializing_if = "is_default")]
    pub all_classes: bool,
    /// Whether it is good for every appointment.
    #[serde(default, skip_serializing_if = "is_default")]
    pub all_appointments: bool,
    /// The categories of classes and appointments that it is good for, in all studios.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<String>,
    /// Keys of classes of the same studio that it is good for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<String>,
    /// Keys of appointments of the same studio that it is good for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub appointments: Vec<String>,
    /// How often something may be booked; as often as one likes when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uses: Option<u32>,
    /// The time for which the uses are given anew, counted from the contract's start, such as `1 WEEK`. Left out: the uses are for
    /// the whole contract.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub every: Option<Term>,
    /// Whether the uses are given anew with each term of the contract: its first one and every extension. Those of a list of members, which
    /// has no terms, are then for good.
    #[serde(default, skip_serializing_if = "is_default")]
    pub every_term: bool,
    /// Whether whoever books with it may choose a spot in classes that have numbered ones.
    #[serde(default, skip_serializing_if = "is_default")]
    pub picks_spot: bool,
}

/// What somebody wants to book.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bookable<'a> {
    /// A class or an appointment.
    pub kind: BookableKind,
    /// Its key.
    pub key: &'a str,
    /// Its category.
    pub category: Option<&'a str>,
    /// Whether it belongs to the studio whose allowances are asked.
    pub of_same_studio: bool,
}

/// The two kinds of what can be booked. The names are stored; they must not change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BookableKind {
    /// A place in a class.
    Class,
    /// A time of a trainer, a room or a device.
    Appointment,
}

impl BookableKind {
    /// The stored name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Class => "CLASS",
            Self::Appointment => "APPOINTMENT",
        }
    }
}

impl Allowance {
    /// How often it may be used.
    #[must_use]
    pub const fn contingent(&self) -> Contingent {
        Contingent::new(self.uses, self.every, self.every_term)
    }

    /// Whether it is good for that.
    #[must_use]
    pub fn covers(&self, wanted: Bookable<'_>) -> bool {
        let (all, keys) = match wanted.kind {
            BookableKind::Class => (self.all_classes, &self.classes),
            BookableKind::Appointment => (self.all_appointments, &self.appointments),
        };
        let named = wanted.of_same_studio && keys.iter().any(|key| key == wanted.key);
        all || named || wanted.category.is_some_and(|category| self.categories.iter().any(|known| known == category))
    }

    /// What cannot work.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Problems::default();
        problems.require_text("name", &self.name);
        problems.add_under("", problems_of_uses(self.uses, self.every, self.every_term));
        let listed = [&self.categories, &self.classes, &self.appointments].iter().any(|list| !list.is_empty());
        let nothing = !self.all_classes && !self.all_appointments && !listed;
        problems.add_if(nothing, "", "is good for nothing; it needs all_classes, all_appointments or a list");
        problems.done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Allowance {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn cls_4_an_allowance_covers_what_it_names() {
        let yoga = |of_same_studio| Bookable {
            kind: BookableKind::Class,
            key: "yoga",
            category: Some("Calm"),
            of_same_studio,
        };
        let check = Bookable { kind: BookableKind::Appointment, key: "check", category: None, of_same_studio: true };
        for (json, here, there, appointment) in [
            (r#"{"name":"A","all_classes":true}"#, true, true, false),
            (r#"{"name":"A","all_appointments":true}"#, false, false, true),
            (r#"{"name":"A","classes":["yoga"]}"#, true, false, false),
            (r#"{"name":"A","categories":["Calm"]}"#, true, true, false),
            (r#"{"name":"A","appointments":["check"],"classes":["spin"]}"#, false, false, true),
        ] {
            let allowance = read(json);
            assert_eq!(allowance.problems(), [], "{json}");
            assert_eq!(allowance.covers(yoga(true)), here, "{json}");
            assert_eq!(allowance.covers(yoga(false)), there, "{json}");
            assert_eq!(allowance.covers(check), appointment, "{json}");
        }
    }

    #[test]
    fn problems_of_allowances_are_named() {
        let paths = |json: &str| read(json).problems().into_iter().map(|problem| problem.path).collect::<Vec<_>>();
        assert_eq!(paths(r#"{"name":" ","uses":0,"every":"0 DAY"}"#), ["name", "uses", "every", ""]);
        assert_eq!(paths(r#"{"name":"A","all_classes":true,"every":"1 WEEK"}"#), ["every"]);
        assert_eq!(read(r#"{"name":"A","all_classes":true,"uses":2,"every":"1 WEEK"}"#).contingent().limit(), Some(2));
    }
}
