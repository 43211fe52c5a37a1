//! Whether answers are what the OpenAPI document says: as much of JSON Schema as that document uses, and no more.

use std::sync::LazyLock;

use serde_json::Value;

static DOCUMENT: LazyLock<Value> = LazyLock::new(gymkeeper_server::http::openapi);
static ADMIN_DOCUMENT: LazyLock<Value> = LazyLock::new(gymkeeper_server::http::admin::openapi);

/// Keywords that say nothing about which values are right.
// A field that is not documented is a mistake anyway, so `additionalProperties` adds nothing.
const REMARKS: &[&str] = &[
    "additionalProperties",
    "description",
    "title",
    "default",
    "deprecated",
    "example",
    "examples",
    "x-enumDescriptions",
    "readOnly",
];

/// Required fields that are left out all the same when they have no value (ERR-9).
const WITHOUT_VALUE: &[&str] = &["cancelationStatus", "dateOfBirth", "extensionTerm", "limitedOfferingPeriod"];

/// Checks the body of a 200 of an operation; paths beside the API are none of its business.
pub(super) fn check_answer(method: &str, path: &str, body: &[u8]) {
    let path = path.split('?').next().unwrap_or_default();
    let document: &'static Value = if path.starts_with("/admin/") { &ADMIN_DOCUMENT } else { &DOCUMENT };
    let paths = document["paths"].as_object().unwrap();
    // Of several paths that fit, the one with the fewest placeholders is meant.
    let fitting = paths.iter().filter(|(template, _)| matches(template, path));
    let Some((_, methods)) = fitting.min_by_key(|(template, _)| template.matches('{').count()) else { return };
    let operation = &methods[method.to_ascii_lowercase()];
    assert!(operation.is_object(), "{method} {path} answers 200 and is not in the document");
    let content = &operation["responses"]["200"]["content"];
    if content.is_null() {
        assert!(body.is_empty(), "{method} {path} is documented without a body");
        return;
    }
    let value: Value = serde_json::from_slice(body).unwrap_or_else(|error| panic!("{method} {path}: {error}"));
    check(&format!("{method} {path}"), document, &content["application/json"]["schema"], &value);
}

/// Checks the body of a refusal.
pub(super) fn check_error(value: &Value) {
    check("refusal", &DOCUMENT, &DOCUMENT["components"]["schemas"]["ErrorResponse"], value);
}

fn check(what: &str, document: &Value, schema: &Value, value: &Value) {
    assert!(schema.is_object(), "{what} has no schema");
    let mut problems = Vec::new();
    compare(document, schema, value, "", &mut problems);
    assert!(problems.is_empty(), "{what} is not as documented:\n{}\n{value:#}", problems.join("\n"));
}

fn matches(template: &str, path: &str) -> bool {
    let same = |(wanted, given): (&str, &str)| wanted.starts_with('{') || wanted == given;
    template.split('/').count() == path.split('/').count() && template.split('/').zip(path.split('/')).all(same)
}

fn compare(document: &Value, schema: &Value, value: &Value, at: &str, problems: &mut Vec<String>) {
    let Some(keywords) = schema.as_object() else { return };
    for (keyword, wanted) in keywords {
        let fine = match keyword.as_str() {
            "$ref" => {
                let target = wanted.as_str().unwrap().trim_start_matches('#');
                let target = document.pointer(target).unwrap_or_else(|| panic!("{wanted} leads nowhere"));
                compare(document, target, value, at, problems);
                true
            }
            "allOf" => {
                wanted.as_array().unwrap().iter().for_each(|schema| compare(document, schema, value, at, problems));
                true
            }
            "type" => is_of_type(wanted, value),
            "enum" => wanted.as_array().unwrap().contains(value),
            "required" => wanted.as_array().unwrap().iter().all(|name| {
                let name = name.as_str().unwrap();
                value.get(name).is_some() || WITHOUT_VALUE.contains(&name)
            }),
            "properties" => {
                compare_properties(document, wanted, value, at, problems);
                true
            }
            "items" => {
                for (place, item) in value.as_array().into_iter().flatten().enumerate() {
                    compare(document, wanted, item, &format!("{at}[{place}]"), problems);
                }
                true
            }
            "uniqueItems" => {
                let items = value.as_array().unwrap();
                items.iter().enumerate().all(|(place, item)| !items[..place].contains(item))
            }
            "minimum" => value.as_f64() >= wanted.as_f64(),
            "maximum" => value.as_f64() <= wanted.as_f64(),
            "format" => is_of_format(wanted.as_str().unwrap(), value),
            "pattern" => is_of_pattern(wanted.as_str().unwrap(), value),
            remark if REMARKS.contains(&remark) => true,
            other => panic!("the checker of schemas does not know {other}; teach it"),
        };
        if !fine {
            problems.push(format!("{at}: {keyword} {wanted} does not hold for {value}"));
        }
    }
}

/// A field that the document does not have is a mistake too, though JSON Schema would let it pass.
fn compare_properties(document: &Value, properties: &Value, value: &Value, at: &str, problems: &mut Vec<String>) {
    for (name, field) in value.as_object().into_iter().flatten() {
        let at = format!("{at}.{name}");
        match properties.get(name) {
            Some(schema) => compare(document, schema, field, &at, problems),
            None => problems.push(format!("{at} is not documented")),
        }
    }
}

fn is_of_type(wanted: &Value, value: &Value) -> bool {
    match wanted.as_str().unwrap() {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        other => panic!("the checker of schemas does not know the type {other}; teach it"),
    }
}

fn is_of_format(format: &str, value: &Value) -> bool {
    let text = value.as_str().unwrap_or_default();
    match format {
        "ISO 639-1" => text.len() == 2 && text.bytes().all(|letter| letter.is_ascii_lowercase()),
        "uuid" => text.len() == 36 && text.split('-').map(str::len).eq([8, 4, 4, 4, 12]),
        "date" => text.len() == 10 && text.parse::<jiff::civil::Date>().is_ok(),
        // Some of them have no zone, such as closing hours.
        "date-time" => {
            let local = || text.parse::<jiff::civil::DateTime>().is_ok();
            text.contains('T') && (local() || text.parse::<jiff::Timestamp>().is_ok())
        }
        "partial-date-time" => text.contains('T') && text.parse::<jiff::civil::DateTime>().is_ok(),
        "int32" => value.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
        "int64" => value.is_i64(),
        "uint8" => value.as_u64().is_some_and(|number| u8::try_from(number).is_ok()),
        "uint32" => value.as_u64().is_some_and(|number| u32::try_from(number).is_ok()),
        "double" => value.is_number(),
        "ISO 3166-1" => text.len() == 2 && text.bytes().all(|letter| letter.is_ascii_uppercase()),
        "ISO 4217" => text.len() == 3 && text.bytes().all(|letter| letter.is_ascii_uppercase()),
        other => panic!("the checker of schemas does not know the format {other}; teach it"),
    }
}

/// The few patterns there are, by what they stand for: expressions as such are not understood here.
fn is_of_pattern(pattern: &str, value: &Value) -> bool {
    let text = value.as_str().unwrap_or_default();
    if pattern.ends_with("|^24:00$") {
        let parts = text.split_once(':').map(|(hour, minute)| (hour.parse::<u8>(), minute.parse::<u8>()));
        return text.len() == 5
            && matches!(parts, Some((Ok(hour), Ok(minute))) if minute < 60 && (hour < 24 || text == "24:00"));
    }
    if pattern.contains("[Mm][Oo][Nn][Tt][Hh]") {
        return text.parse::<gymkeeper_domain::Term>().is_ok();
    }
    panic!("the checker of schemas does not know the pattern {pattern}; teach it")
}

#[test]
fn an_answer_that_breaks_the_document_is_noticed() {
    let schema = serde_json::json!({
        "type": "object", "required": ["id"],
        "properties": { "id": { "type": "integer" }, "kind": { "enum": ["A"] }, "list": { "type": "array", "items": { "type": "string" } } }
    });
    for (value, wrong) in [
        (serde_json::json!({ "id": 1, "kind": "A", "list": ["x"] }), 0),
        (serde_json::json!({}), 1),
        (serde_json::json!({ "id": "1" }), 1),
        (serde_json::json!({ "id": 1, "kind": "B", "list": [1] }), 2),
        (serde_json::json!({ "id": 1, "more": true }), 1),
    ] {
        let mut problems = Vec::new();
        compare(&schema, &schema, &value, "", &mut problems);
        assert_eq!(problems.len(), wrong, "{value}: {problems:?}");
    }
}
