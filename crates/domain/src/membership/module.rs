//! Additional modules: extras that belong to a contract and can run and be paid on their own (MOD-1).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::offer::RateCode;
use super::offer_term::ExtensionType;
use super::payment::PaymentFrequency;
use crate::problem::{Problem, Problems};
use crate::serde_defaults::{is_default, is_yes, yes};
use crate::term::Term;

/// How long a module runs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ModuleTerm {
    /// Whether it goes on after its term; NONE or TERM_EXTENSION.
    #[serde(default, skip_serializing_if = "is_default")]
    pub extension_type: ExtensionType,
    /// The first term; runs indefinitely when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub term: Option<Term>,
    /// The length of each extension.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub term_extension: Option<Term>,
    /// The notice period of the first term.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancelation_period: Option<Term>,
    /// The notice period of extensions; the first one's when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension_cancelation_period: Option<Term>,
}

/// A free time at the beginning of a module (MOD-3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TrialPeriod {
    /// How long it is.
    pub term: Term,
    /// How it is told to members.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
}

/// An extra that can be booked with or next to a contract.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Module {
    /// Its name.
    pub name: String,
    /// What it is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// The path of its picture, from the folder of the gym file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// How long it runs.
    #[serde(default, skip_serializing_if = "is_default")]
    pub term: ModuleTerm,
    /// A free time at the beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trial_period: Option<TrialPeriod>,
    /// The key of a text that is signed with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent_text_block: Option<String>,
    /// What it costs.
    pub payment: PaymentFrequency,
    /// Codes for access control and statistics.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rate_codes: Vec<RateCode>,
    /// Keys of the benefits that come with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub benefits: Vec<String>,
    /// Keys of the allowances that come with it: what it lets members book.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allowances: Vec<String>,
    /// Whether members can book it themselves.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub sold_online: bool,
}

impl Module {
    /// What cannot work.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Problems::default();
        problems.require_text("name", &self.name);
        let term = &self.term;
        for (path, length) in [
            ("term.term", term.term),
            ("term.term_extension", term.term_extension),
            ("term.cancelation_period", term.cancelation_period),
            ("term.extension_cancelation_period", term.extension_cancelation_period),
            ("trial_period.term", self.trial_period.as_ref().map(|trial| trial.term)),
        ] {
            problems.add_if(length.is_some_and(|length| !length.is_positive()), path, "must be at least one unit long");
        }
        let changes_rate = term.extension_type == ExtensionType::SubsequentRateDetail;
        problems.add_if(changes_rate, "term.extension_type", "must be NONE or TERM_EXTENSION for a module");
        let useless = term.extension_type == ExtensionType::None && term.term_extension.is_some();
        problems.add_if(useless, "term.term_extension", "has no effect while extension_type is NONE");
        problems.add_under("payment", self.payment.problems());
        for (index, code) in self.rate_codes.iter().enumerate() {
            problems.add_under(&format!("rate_codes[{index}]"), code.problems());
        }
        problems.done()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mod_1_a_short_module_is_enough() {
        let json = r#"{"name":"Sauna","payment":{"type":"RECURRING","price":"9.90","every":"1 MONTH"}}"#;
        let module: Module = serde_json::from_str(json).unwrap();
        assert!(module.sold_online);
        assert_eq!(module.problems(), []);
        assert_eq!(serde_json::to_string(&module).unwrap(), json);
    }

    #[test]
    fn mod_1_problems_are_named() {
        let json = r#"{"name":"","term":{"extension_type":"SUBSEQUENT_RATE_DETAIL","term":"0 DAY"},"payment":{"type":"FREE"},
            "trial_period":{"term":"0 DAY"},"rate_codes":[{"name":"","identifier":"X"}]}"#;
        let module: Module = serde_json::from_str(json).unwrap();
        let paths: Vec<_> = module.problems().into_iter().map(|problem| problem.path).collect();
        assert_eq!(paths, ["name", "term.term", "trial_period.term", "term.extension_type", "rate_codes[0].name"]);
    }
}
