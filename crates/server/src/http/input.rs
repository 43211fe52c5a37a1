//! From the parts of a request to typed input, with refusals that name the field and never show Rust's words.

use std::sync::Arc;

use axum::http::HeaderMap;
use gymkeeper_contract::{
    errors::{Argument, ErrorCode},
    openapi::Described,
};
use serde::de::DeserializeOwned;

use super::failure::{Failure, Refusal};

/// The parts of a request that an operation's input is made of.
#[derive(Debug)]
pub struct Parts {
    /// Name and percent-decoded value of each placeholder in the path, in order.
    pub path: Vec<(String, String)>,
    /// The query as it came, without the question mark.
    pub query: String,
    /// The headers.
    pub headers: Arc<HeaderMap>,
    /// The body, read whole.
    pub body: bytes::Bytes,
    /// The number under which the request is in the log and in the journal.
    pub trace: u64,
}

/// How much an operation reads of a body.
#[derive(Debug, Clone, Copy)]
pub struct BodyLimit {
    /// The largest body, in bytes; what is configured where nothing is said.
    pub most: Option<usize>,
    /// The refusal of one that is larger than so many bytes.
    pub refusal: fn(usize) -> Failure,
}

impl BodyLimit {
    /// As it is configured.
    pub const CONFIGURED: Self = Self { most: None, refusal: Self::too_large };

    fn too_large(most: usize) -> Failure {
        Refusal::new(ErrorCode::BodyTooLarge).with(Argument::Integer(i64::try_from(most).unwrap_or(i64::MAX))).into()
    }
}

/// What an operation takes. Parsing and describing stand side by side, so that they cannot disagree.
pub trait Input: Sized + Send + Sync + 'static {
    /// How much of a body the operation reads; if none, whatever body comes is ignored (CLI-2).
    const BODY: Option<BodyLimit> = None;
    /// Reads the input.
    fn parse(parts: &Parts) -> Result<Self, Failure>;
    /// Adds the input to the operation's description.
    fn describe(described: Described) -> Described;
}

impl Input for () {
    fn parse(_: &Parts) -> Result<Self, Failure> {
        Ok(())
    }

    fn describe(described: Described) -> Described {
        described
    }
}

/// Two inputs of one operation, read in this order.
impl<A: Input, B: Input> Input for (A, B) {
    const BODY: Option<BodyLimit> = match A::BODY {
        None => B::BODY,
        limit => limit,
    };

    fn parse(parts: &Parts) -> Result<Self, Failure> {
        Ok((A::parse(parts)?, B::parse(parts)?))
    }

    fn describe(described: Described) -> Described {
        B::describe(A::describe(described))
    }
}

/// An id in the path: that of the first placeholder, or of the one at place `N`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PathId<const N: usize = 0>(pub i64);

impl<const N: usize> Input for PathId<N> {
    fn parse(parts: &Parts) -> Result<Self, Failure> {
        let (name, value) = placeholder(parts, N)?;
        match value.parse() {
            Ok(id) => Ok(Self(id)),
            Err(_) => Err(invalid(name)),
        }
    }

    fn describe(described: Described) -> Described {
        let name = described.operation.own_placeholders().nth(N).unwrap_or_default();
        described.path_parameter::<i64>(name, "The id.")
    }
}

/// A text in the path, at place `N` among the placeholders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathText<const N: usize = 0>(pub String);

impl<const N: usize> Input for PathText<N> {
    fn parse(parts: &Parts) -> Result<Self, Failure> {
        placeholder(parts, N).map(|(_, value)| Self(value.to_owned()))
    }

    fn describe(described: Described) -> Described {
        let name = described.operation.own_placeholders().nth(N).unwrap_or_default();
        described.path_parameter::<String>(name, "The key.")
    }
}

fn placeholder(parts: &Parts, place: usize) -> Result<(&str, &str), Failure> {
    let missing = || Failure::Internal("an operation reads a placeholder that its path does not have".to_owned());
    parts.path.get(place).map(|(name, value)| (name.as_str(), value.as_str())).ok_or_else(missing)
}

/// The refusal of a value that cannot be read, naming the field.
pub fn invalid(field: &str) -> Failure {
    Refusal::new(ErrorCode::ValidationFieldInvalid).with_text(field).at(field).into()
}

/// The refusal of a field that must have a value and has none.
pub fn required(field: &str) -> Failure {
    Refusal::new(ErrorCode::ValidationFieldRequired).with_text(field).at(field).into()
}

/// The wire's spelling of a field: `first_name` is `firstName` there.
pub fn camel_case(name: &str) -> String {
    let mut spelled = String::with_capacity(name.len());
    let mut raise = false;
    for letter in name.chars() {
        match letter {
            '_' => raise = true,
            _ if raise => {
                spelled.extend(letter.to_uppercase());
                raise = false;
            }
            _ => spelled.push(letter),
        }
    }
    spelled
}

/// A text that must be there, trimmed (ERR-10).
///
/// # Errors
/// Refuses a blank one and one of more than `most` characters.
pub fn filled(field: &str, text: &str, most: usize) -> Result<String, Failure> {
    optional(field, Some(text), most)?.ok_or_else(|| required(field))
}

/// A text that may be left out, trimmed; a blank one counts as left out.
///
/// # Errors
/// Refuses one of more than `most` characters.
pub fn optional(field: &str, text: Option<&str>, most: usize) -> Result<Option<String>, Failure> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
    if text.chars().count() > most {
        let refusal = Refusal::new(ErrorCode::ValidationFieldTooLong).with_text(field);
        return Err(refusal.with(Argument::Integer(i64::try_from(most).unwrap_or(i64::MAX))).at(field).into());
    }
    Ok(Some(text.to_owned()))
}

/// A country by its code of two letters (ISO 3166), in capitals.
///
/// # Errors
/// Refuses what is no such code.
pub fn country_code(field: &str, text: &str) -> Result<String, Failure> {
    let code = text.trim().to_ascii_uppercase();
    if code.is_empty() {
        return Err(required(field));
    }
    let fine = code.len() == 2 && code.bytes().all(|letter| letter.is_ascii_uppercase());
    if fine { Ok(code) } else { Err(invalid(field)) }
}

/// The first value of a query parameter; an empty one is as good as none (CLI-1).
pub fn query_value(query: &str, name: &str) -> Option<String> {
    query_values(query, name).next()
}

/// All values of a query parameter that are not empty.
pub fn query_values<'q>(query: &'q str, name: &'q str) -> impl Iterator<Item = String> + 'q {
    let pairs = form_urlencoded::parse(query.as_bytes());
    pairs.filter(move |(key, value)| key == name && !value.is_empty()).map(|(_, value)| value.into_owned())
}

/// A query parameter that is `true` or `false`, and `false` when it is left out.
///
/// # Errors
/// Refuses another value, naming the parameter.
pub fn query_flag(query: &str, name: &str) -> Result<bool, Failure> {
    match query_value(query, name).as_deref() {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(_) => Err(invalid(name)),
    }
}

/// A query parameter with one of an enum's values (ERR-10).
///
/// # Errors
/// Refuses another value, naming the parameter.
pub fn query_enum<T: DeserializeOwned>(query: &str, name: &str) -> Result<Option<T>, Failure> {
    let Some(text) = query_value(query, name) else { return Ok(None) };
    let deserializer = serde::de::IntoDeserializer::<serde::de::value::Error>::into_deserializer(text.as_str());
    let unknown = |_| Refusal::new(ErrorCode::ValidationEnumUnknown).with_text(name).at(name).into();
    T::deserialize(deserializer).map(Some).map_err(unknown)
}

/// A query parameter with a day.
///
/// # Errors
/// Refuses what is no day, naming the parameter.
pub fn query_date(query: &str, name: &str) -> Result<Option<jiff::civil::Date>, Failure> {
    let Some(text) = query_value(query, name) else { return Ok(None) };
    // The parser would also take the day out of a date-time.
    text.parse().ok().filter(|_| text.len() == 10).map(Some).ok_or_else(|| invalid(name))
}

/// A JSON body.
#[derive(Debug, Clone)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned + schemars::JsonSchema + Send + Sync + 'static> Input for Json<T> {
    const BODY: Option<BodyLimit> = Some(BodyLimit::CONFIGURED);

    fn parse(parts: &Parts) -> Result<Self, Failure> {
        json(&parts.headers, &parts.body).map(Self)
    }

    fn describe(described: Described) -> Described {
        described.body::<T>()
    }
}

/// A JSON body that may be left out, with nothing in it then (CLI-2).
#[derive(Debug, Clone)]
pub struct MaybeJson<T>(pub T);

impl<T: Default + DeserializeOwned + schemars::JsonSchema + Send + Sync + 'static> Input for MaybeJson<T> {
    const BODY: Option<BodyLimit> = Some(BodyLimit::CONFIGURED);

    fn parse(parts: &Parts) -> Result<Self, Failure> {
        if parts.body.trim_ascii().is_empty() {
            Ok(Self(T::default()))
        } else {
            json(&parts.headers, &parts.body).map(Self)
        }
    }

    fn describe(described: Described) -> Described {
        described.optional_body::<T>()
    }
}

/// Reads a JSON body into a type.
///
/// # Errors
/// Refuses another media type, what is no JSON, and what the type does not take, naming the field.
pub(super) fn json<T: DeserializeOwned>(headers: &HeaderMap, body: &[u8]) -> Result<T, Failure> {
    let media_type = headers.get("content-type").and_then(|value| value.to_str().ok()).unwrap_or("application/json");
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    // A body without a name for its kind is taken for what it must be.
    if !(essence.is_empty() || essence == "application/json" || essence.ends_with("+json")) {
        return Err(Refusal::new(ErrorCode::MediaTypeUnsupported).with_text("application/json").into());
    }
    let mut value: serde_json::Value =
        serde_json::from_slice(body).map_err(|_| Failure::from(ErrorCode::ValidationJsonMalformed))?;
    drop_nulls(&mut value);
    serde_path_to_error::deserialize(value).map_err(|error| {
        let mut path = error.path().to_string().trim_start_matches('.').to_owned();
        let (code, field) = classify(&error.into_inner().to_string());
        if path == "." {
            path.clear();
        }
        if let Some(field) = field {
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(&field);
        }
        let name = if path.is_empty() { "body" } else { &path };
        Refusal::new(code).with_text(name).at(path.clone()).into()
    })
}

/// ERR-7: an explicit null is the same as an absent field.
fn drop_nulls(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Object(fields) => {
            fields.retain(|_, field| !field.is_null());
            fields.values_mut().for_each(drop_nulls);
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}

/// Which entry of the catalogue a deserializer's complaint stands for, and the missing or unknown field it names.
///
/// serde tells kinds of errors apart by their text only; the tests below pin the texts, so an update that changes them fails.
fn classify(message: &str) -> (ErrorCode, Option<String>) {
    if let Some(rest) = message.strip_prefix("missing field `") {
        return (ErrorCode::ValidationFieldRequired, rest.split('`').next().map(str::to_owned));
    }
    // Only types that say so refuse unknown fields. Their path names the field already.
    if message.starts_with("unknown field `") {
        return (ErrorCode::ValidationFieldUnknown, None);
    }
    if message.starts_with("unknown variant") {
        return (ErrorCode::ValidationEnumUnknown, None);
    }
    (ErrorCode::ValidationFieldInvalid, None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    #[allow(dead_code)]
    struct Outer {
        inner_list: Vec<Inner>,
        note: Option<String>,
    }

    #[derive(Debug, serde::Deserialize)]
    #[allow(dead_code)]
    struct Inner {
        day: Day,
        count: i32,
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
    enum Day {
        Monday,
    }

    fn refusal(body: &str) -> (ErrorCode, Option<String>) {
        match json::<Outer>(&HeaderMap::new(), body.as_bytes()) {
            Err(Failure::Refused(refusal)) => (refusal.code, refusal.reference),
            other => panic!("{body}: {other:?}"),
        }
    }

    #[test]
    fn every_kind_of_wrong_body_names_its_field() {
        for (body, code, reference) in [
            ("{", ErrorCode::ValidationJsonMalformed, None),
            ("", ErrorCode::ValidationJsonMalformed, None),
            (r#"{"innerList": [}"#, ErrorCode::ValidationJsonMalformed, None),
            ("{}", ErrorCode::ValidationFieldRequired, Some("innerList")),
            (r#"{"innerList": null}"#, ErrorCode::ValidationFieldRequired, Some("innerList")),
            (r#"{"innerList": [{"day": "MONDAY"}]}"#, ErrorCode::ValidationFieldRequired, Some("innerList[0].count")),
            (
                r#"{"innerList": [{"day": "monday", "count": 1}]}"#,
                ErrorCode::ValidationEnumUnknown,
                Some("innerList[0].day"),
            ),
            (
                r#"{"innerList": [{"day": "MONDAY", "count": "1"}]}"#,
                ErrorCode::ValidationFieldInvalid,
                Some("innerList[0].count"),
            ),
            (
                r#"{"innerList": [{"day": "MONDAY", "count": 1e99}]}"#,
                ErrorCode::ValidationFieldInvalid,
                Some("innerList[0].count"),
            ),
            (r#"{"innerList": {}}"#, ErrorCode::ValidationFieldInvalid, Some("innerList")),
            ("[]", ErrorCode::ValidationFieldInvalid, Some("")),
        ] {
            let (found, at) = refusal(body);
            assert_eq!(found, code, "{body}");
            if let Some(reference) = reference {
                assert_eq!(at.as_deref(), Some(reference), "{body}");
            }
        }
    }

    #[test]
    fn an_unknown_field_is_named_where_the_type_refuses_it() {
        #[derive(Debug, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        #[allow(dead_code)]
        struct Strict {
            name: Option<String>,
        }
        match json::<Strict>(&HeaderMap::new(), br#"{"nam": "x"}"#) {
            Err(Failure::Refused(refusal)) => {
                assert_eq!(refusal.code, ErrorCode::ValidationFieldUnknown);
                assert_eq!(refusal.reference.as_deref(), Some("nam"));
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn nesting_beyond_reason_is_malformed_and_does_not_overflow() {
        let deep = "[".repeat(100_000);
        assert_eq!(refusal(&deep).0, ErrorCode::ValidationJsonMalformed);
        let closed = format!("{}{}", "[".repeat(1000), "]".repeat(1000));
        assert_eq!(refusal(&closed).0, ErrorCode::ValidationJsonMalformed);
    }

    #[test]
    fn err_7_unknown_properties_and_nulls_are_as_good_as_absent() {
        let body = r#"{"innerList": [], "note": null, "whatever": {"x": 1}}"#;
        assert!(json::<Outer>(&HeaderMap::new(), body.as_bytes()).is_ok());
    }
}
