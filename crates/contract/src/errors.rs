//! What is refused, and how that is said.
//!
//! Every refusal has an [`ErrorCode`], a row of the catalogue in `errors/catalogue.rs`: its status, its code on the wire and
//! its texts. Callers branch on the code, people read the text, and the trace id leads the operator to the log. To refuse
//! something new, add a row.

mod argument;
mod catalogue;

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use argument::{Argument, ArgumentType, TypedArgument};
pub use catalogue::ErrorCode;

use crate::language::{Language, Texts};

/// Turns the rows of the catalogue into the enum and its look-ups.
macro_rules! error_codes {
    ($($name:ident $status:literal $code:literal $english:literal $german:literal;)+) => {
        /// A reason for which a request is refused.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum ErrorCode {
            $(#[doc = concat!("`", $code, "`, ", $status, ": ", $english)] $name,)+
        }

        impl ErrorCode {
            /// All codes, in the order of the catalogue.
            pub const ALL: &'static [ErrorCode] = &[$(ErrorCode::$name),+];

            /// The code on the wire, which is never translated.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(ErrorCode::$name => $code,)+
                }
            }

            /// The HTTP status of the answer.
            pub const fn status(self) -> u16 {
                match self {
                    $(ErrorCode::$name => $status,)+
                }
            }

            /// The text with its placeholders still open.
            pub const fn template(self, texts: $crate::language::Texts) -> &'static str {
                match (self, texts) {
                    $(
                        (ErrorCode::$name, $crate::language::Texts::English) => $english,
                        (ErrorCode::$name, $crate::language::Texts::German) => $german,
                    )+
                }
            }
        }
    };
}
use error_codes;

impl ErrorCode {
    /// The code of this name on the wire.
    pub fn find(code: &str) -> Option<ErrorCode> {
        ErrorCode::ALL.iter().copied().find(|known| known.as_str() == code)
    }

    /// The sentence that tells the caller what is wrong. A placeholder that has no argument reads `?`.
    pub fn text(self, language: Language, args: &[Argument]) -> String {
        fill(self.template(language.texts()), language.texts(), args)
    }

    /// The body of the answer (ERR-1). The trace id is the one in the log (ERR-2).
    pub fn response(self, language: Language, args: &[Argument], trace_id: &str) -> ErrorResponse {
        let typed: Vec<_> = args.iter().map(TypedArgument::from).collect();
        ErrorResponse {
            error_message: self.text(language, args),
            error_code: Some(self.as_str().into()),
            trace_id: Some(trace_id.to_owned()),
            args: (!typed.is_empty())
                .then(|| typed.iter().map(|argument| argument.value.clone().unwrap_or_default()).collect()),
            typed_args: (!typed.is_empty()).then_some(typed),
            reference: None,
        }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Fills in one pass, so that an argument that looks like a placeholder stays what it is.
fn fill(template: &str, texts: Texts, args: &[Argument]) -> String {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, inside)) = rest.split_once('{')
        && let Some((index, after)) = inside.split_once('}')
    {
        filled.push_str(before);
        match index.parse::<usize>().ok().and_then(|index| args.get(index)) {
            // Writing to a string cannot fail.
            Some(argument) => _ = write!(filled, "{}", argument.display(texts)),
            None => filled.push('?'),
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}

/// Says why a request was refused. Every answer with a status of 400 or more carries one of these.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ErrorResponse {
    /// What is wrong, in a sentence for people, in the language asked for.
    pub error_message: String,
    /// The code of the error, the same in every language. Programs should look at this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_code: Option<Cow<'static, str>>,
    /// A number by which the operator of the server finds the request in the log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trace_id: Option<String>,
    /// The values that were filled into the sentence.
    // The contract declares objects, but sends whatever the value is; the honest schema is "anything".
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("deprecated" = true))]
    pub args: Option<Vec<Value>>,
    /// The same values with their types.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("deprecated" = true))]
    pub typed_args: Option<Vec<TypedArgument>>,
    /// The field to blame, with dots between the levels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<Cow<'static, str>>,
}

impl ErrorResponse {
    /// Blames a field: `parent.child`.
    pub fn with_reference(mut self, reference: impl Into<Cow<'static, str>>) -> ErrorResponse {
        self.reference = Some(reference.into());
        self
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeSet, HashSet};

    use serde_json::json;

    use super::*;

    /// The placeholders of a text; panics where one is not a number in braces.
    fn placeholders(text: &str) -> BTreeSet<usize> {
        text.split('{').skip(1).map(|part| part.split_once('}').unwrap().0.parse().unwrap()).collect()
    }

    #[test]
    fn codes_are_unique_and_statuses_allowed() {
        let codes: HashSet<_> = ErrorCode::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(codes.len(), ErrorCode::ALL.len());
        for code in ErrorCode::ALL {
            assert!([400, 401, 403, 404, 405, 408, 409, 415, 429, 500, 501, 503].contains(&code.status()), "{code}");
            assert_eq!(ErrorCode::find(code.as_str()), Some(*code));
        }
        // ERR-3: a conflict is a lost race and nothing else; only who sends our header can lose against their own request.
        let conflicts = ErrorCode::ALL.iter().filter(|code| code.status() == 409);
        let expected = [ErrorCode::ConcurrentModification, ErrorCode::IdempotencyKeyRunning];
        assert_eq!(conflicts.copied().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn texts_exist_in_both_languages_with_the_same_placeholders() {
        for code in ErrorCode::ALL {
            let (english, german) = (code.template(Texts::English), code.template(Texts::German));
            assert!(!english.is_empty() && !german.is_empty() && english != german, "{code}");
            assert!(english.ends_with(['.', '}']) && german.ends_with(['.', '}']), "{code}");
            let open = placeholders(english);
            assert_eq!(open, placeholders(german), "{code}");
            assert_eq!(open, (0..open.len()).collect(), "{code}");
        }
    }

    #[test]
    fn the_body_says_everything_once() {
        let args = [Argument::Integer(10), Argument::Integer(100)];
        let body =
            ErrorCode::ValidationSliceSizeOutOfRange.response(Language::DeCh, &args, "42").with_reference("sliceSize");
        let expected = json!({
            "errorMessage": "Die Anzahl der Einträge muss zwischen 10 und 100 liegen.",
            "errorCode": "errormessage.validation.slice.size.out.of.range",
            "traceId": "42",
            "args": [10, 100],
            "typedArgs": [{"value": 10, "type": "INTEGER"}, {"value": 100, "type": "INTEGER"}],
            "reference": "sliceSize"
        });
        assert_eq!(serde_json::to_value(&body).unwrap(), expected);
        assert_eq!(serde_json::from_value::<ErrorResponse>(expected).unwrap(), body);
        let bare = serde_json::to_value(ErrorCode::Internal.response(Language::Pl, &[], "7")).unwrap();
        assert_eq!(bare.as_object().unwrap().keys().collect::<Vec<_>>(), ["errorMessage", "errorCode", "traceId"]);
    }

    #[test]
    fn placeholders_are_filled_once() {
        let args = [Argument::String("{1}".into()), Argument::String("b".into())];
        assert_eq!(fill("{0}, {1}, {0}.", Texts::English, &args), "{1}, b, {1}.");
        assert_eq!(fill("{0}, {2}", Texts::English, &args), "{1}, ?");
        assert_eq!(fill("a { b", Texts::English, &args), "a { b");
    }
}
