//! Problems of a definition: what an operator wrote that cannot work, and where.
//!
//! Definitions are checked as a whole, because a person correcting a file wants all mistakes of one look, not the first.

use std::fmt;

/// One thing that is wrong with a definition, told to whoever wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where it is, from the definition's own top, such as `flat_fees[0].payment.price`. Empty for the definition as a whole.
    pub path: String,
    /// What is wrong, as a sentence without a name of the field in front.
    pub message: String,
}

impl Problem {
    /// A problem at `path`.
    pub fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { path: path.into(), message: message.into() }
    }

    /// The same problem seen from the entry that contains the definition at `prefix`.
    #[must_use]
    pub fn under(mut self, prefix: &str) -> Self {
        self.path = match (prefix.is_empty(), self.path.is_empty()) {
            (true, _) => self.path,
            (false, true) => prefix.to_owned(),
            // An entry of the list that the prefix names.
            (false, false) if self.path.starts_with('[') => format!("{prefix}{}", self.path),
            (false, false) => format!("{prefix}.{}", self.path),
        };
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() { f.write_str(&self.message) } else { write!(f, "{}: {}", self.path, self.message) }
    }
}

/// Collects problems while a definition is walked. Private to the crate: callers see the finished list.
#[derive(Debug, Default)]
pub(crate) struct Problems(Vec<Problem>);

impl Problems {
    pub(crate) fn add(&mut self, path: impl Into<String>, message: impl Into<String>) {
        self.0.push(Problem::new(path, message));
    }

    pub(crate) fn add_if(&mut self, wrong: bool, path: impl Into<String>, message: impl Into<String>) {
        if wrong {
            self.add(path, message);
        }
    }

    pub(crate) fn require_text(&mut self, path: &str, text: &str) {
        self.add_if(text.trim().is_empty(), path, "must not be empty");
    }

    pub(crate) fn add_under(&mut self, prefix: &str, problems: Vec<Problem>) {
        self.0.extend(problems.into_iter().map(|problem| problem.under(prefix)));
    }

    pub(crate) fn done(self) -> Vec<Problem> {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_shown_with_its_place() {
        let problem = Problem::new("price", "must not be negative").under("payment").under("terms[0]");
        assert_eq!(problem.to_string(), "terms[0].payment.price: must not be negative");
        assert_eq!(Problem::new("[2]", "is there twice").under("preferences").path, "preferences[2]");
        assert_eq!(Problem::new("", "is wrong").under("terms[1]").path, "terms[1]");
    }
}
