//! Brings the generated schemas into the form that readers of the document expect.

use serde_json::{Map, Value, json};

const SCHEMAS: &str = "#/components/schemas/";

/// Writes enums as lists of values, and leaves null out.
///
/// An optional field is left out when it has no value (ERR-9), so answers never carry null; in requests null counts as left out
/// (ERR-7), which the contract does not advertise either.
pub(super) fn tidy(value: &mut Value) {
    match value {
        Value::Object(schema) => {
            drop_null(schema);
            list_enum(schema);
            schema.values_mut().for_each(tidy);
        }
        Value::Array(items) => items.iter_mut().for_each(tidy),
        _ => {}
    }
}

fn is_null_schema(schema: &Value) -> bool {
    schema.get("type") == Some(&json!("null"))
}

fn drop_null(schema: &mut Map<String, Value>) {
    if let Some(Value::Array(types)) = schema.get_mut("type") {
        types.retain(|kind| kind != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            schema.insert("type".into(), only);
        }
    }
    if let Some(Value::Array(values)) = schema.get_mut("enum") {
        values.retain(|value| !value.is_null());
    }
    if let Some(Value::Array(choices)) = schema.get_mut("anyOf") {
        choices.retain(|choice| !is_null_schema(choice));
        if let [Value::Object(only)] = choices.as_slice() {
            let only = only.clone();
            schema.shift_remove("anyOf");
            for (keyword, value) in only {
                // What is said at the field is closer to it than what is said at the type.
                schema.entry(keyword).or_insert(value);
            }
        }
    }
}

/// `oneOf` with a documented constant for each value becomes `enum`, which is what generators of clients understand.
fn list_enum(schema: &mut Map<String, Value>) {
    let Some(Value::Array(choices)) = schema.get("oneOf") else { return };
    let mut values = Vec::new();
    let mut descriptions = Map::new();
    for choice in choices {
        if let Some(Value::String(constant)) = choice.get("const") {
            values.push(json!(constant));
            if let Some(description) = choice.get("description") {
                descriptions.insert(constant.clone(), description.clone());
            }
        } else if let Some(Value::Array(constants)) = choice.get("enum") {
            values.extend(constants.iter().cloned());
        } else {
            return;
        }
    }
    schema.shift_remove("oneOf");
    schema.insert("type".into(), json!("string"));
    schema.insert("enum".into(), Value::Array(values));
    if !descriptions.is_empty() {
        schema.insert("x-enumDescriptions".into(), Value::Object(descriptions));
    }
}

/// Makes one schema of those that the generator told apart by a number although they look alike, such as an owned and a
/// borrowed type of the same name.
pub(super) fn merge_equal(document: &mut Value) {
    while let Some((double, original)) = find_double(document) {
        if let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) {
            schemas.shift_remove(&double);
        }
        redirect(document, &format!("{SCHEMAS}{double}"), &format!("{SCHEMAS}{original}"));
    }
}

fn find_double(document: &Value) -> Option<(String, String)> {
    let schemas = document.pointer("/components/schemas")?.as_object()?;
    schemas.iter().find_map(|(name, schema)| {
        let original = name.trim_end_matches(|digit: char| digit.is_ascii_digit());
        (original != name && schemas.get(original) == Some(schema)).then(|| (name.clone(), original.to_owned()))
    })
}

fn redirect(value: &mut Value, from: &str, to: &str) {
    match value {
        Value::Object(schema) => {
            if schema.get("$ref").and_then(Value::as_str) == Some(from) {
                schema.insert("$ref".into(), json!(to));
            }
            schema.values_mut().for_each(|value| redirect(value, from, to));
        }
        Value::Array(items) => items.iter_mut().for_each(|value| redirect(value, from, to)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_is_left_out_wherever_it_stands() {
        let mut schema = json!({"properties": {
            "type": {"type": ["string", "null"]},
            "enum": {"anyOf": [{"$ref": "#/components/schemas/A", "description": "far"}, {"type": "null"}], "description": "near"},
            "anyOf": {"type": "string", "enum": ["A", null]},
            "more": {"anyOf": [{"type": "string"}, {"type": "integer"}, {"type": "null"}]},
        }});
        tidy(&mut schema);
        let expected = json!({"properties": {
            "type": {"type": "string"},
            "enum": {"$ref": "#/components/schemas/A", "description": "near"},
            "anyOf": {"type": "string", "enum": ["A"]},
            "more": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
        }});
        assert_eq!(schema, expected);
    }

    #[test]
    fn documented_constants_become_an_enum() {
        let mut schema = json!({"oneOf": [
            {"type": "string", "const": "A", "description": "The first."},
            {"type": "string", "enum": ["B", "C"]},
        ]});
        tidy(&mut schema);
        let expected = json!({"type": "string", "enum": ["A", "B", "C"], "x-enumDescriptions": {"A": "The first."}});
        assert_eq!(schema, expected);
        let mixed = json!({"oneOf": [{"type": "string", "const": "A"}, {"type": "object"}]});
        let mut schema = mixed.clone();
        tidy(&mut schema);
        assert_eq!(schema, mixed);
    }

    #[test]
    fn doubles_are_merged_through_their_references() {
        let mut document = json!({"paths": {"$ref": "#/components/schemas/A2"}, "components": {"schemas": {
            "A": {"$ref": "#/components/schemas/B"},
            "A2": {"$ref": "#/components/schemas/B2"},
            "B": {"type": "string"},
            "B2": {"type": "string"},
            "C": {"type": "string"},
            "C2": {"type": "integer"},
        }}});
        merge_equal(&mut document);
        let expected = json!({"paths": {"$ref": "#/components/schemas/A"}, "components": {"schemas": {
            "A": {"$ref": "#/components/schemas/B"},
            "B": {"type": "string"},
            "C": {"type": "string"},
            "C2": {"type": "integer"},
        }}});
        assert_eq!(document, expected);
    }
}
