//! An answer as a client sees it, and what must be true of every one.

use gymkeeper_contract::errors::ErrorResponse;
use serde_json::Value;

use super::schema;

/// Words of the program and its libraries, which mean nothing to callers and must never reach them.
const INNER_WORDS: &[&str] = &[
    "serde",
    "invalid type",
    "missing field",
    "unknown variant",
    "panicked",
    "expected",
    "src/",
    "deserialize",
    "sqlite",
];

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// Reads the bytes of an answer.
    pub(crate) fn parse(bytes: &[u8]) -> Self {
        let end =
            bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or_else(|| panic!("no answer: {bytes:?}"));
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let mut lines = head.lines();
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        Self { status, headers, body: bytes[end + 4..].to_vec() }
    }

    /// HEAD never has a body, every refusal has the API's shape, and every success the one that the OpenAPI document promises.
    pub(super) fn check(&self, method: &str, path: &str) {
        let text = self.text();
        if method == "HEAD" {
            assert!(text.is_empty(), "HEAD {path} has a body: {text}");
        } else if self.status >= 400 {
            self.refusal_of_any_kind();
        } else if self.status == 200 {
            schema::check_answer(method, path, &self.body);
        }
    }

    /// A header's value.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body of a success as JSON.
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text());
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The body of a refusal, after its status and code were checked.
    pub(crate) fn refusal(&self, status: u16, code: &str) -> ErrorResponse {
        assert_eq!(self.status, status, "{}", self.text());
        let body = self.refusal_of_any_kind();
        assert_eq!(body.error_code.as_deref(), Some(code), "{}", self.text());
        body
    }

    fn refusal_of_any_kind(&self) -> ErrorResponse {
        let text = self.text();
        let value: Value = serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {text:?}"));
        schema::check_error(&value);
        let body: ErrorResponse = serde_json::from_value(value).unwrap_or_else(|error| panic!("{error}: {text}"));
        assert!(!body.error_message.is_empty(), "{text}");
        assert!(body.error_code.is_some(), "{text}");
        assert!(body.trace_id.as_ref().is_some_and(|id| id.parse::<u64>().is_ok()), "{text}");
        assert!(self.header("content-language").is_some(), "{:?}", self.headers);
        assert_eq!(self.header("content-type"), Some("application/json"));
        let lower = text.to_lowercase();
        let leaked = INNER_WORDS.iter().find(|word| lower.contains(**word));
        assert!(leaked.is_none(), "{leaked:?} leaked to the caller: {text}");
        body
    }
}
