//! In what two definitions differ, field by field, as the journal and a dry run tell it.

use std::collections::BTreeMap;

use serde_json::Value;

/// One field that differs.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FieldDifference {
    /// Its path in the definition.
    pub field: String,
    /// The value before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The value after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

/// Notes a field whose texts differ.
pub fn compare_field(fields: &mut Vec<FieldDifference>, field: &str, from: &str, to: &str) {
    if from != to {
        fields.push(FieldDifference { field: field.to_owned(), from: Some(from.to_owned()), to: Some(to.to_owned()) });
    }
}

/// The leaves in which two definitions differ.
pub fn differences(from: &str, to: &str) -> Vec<FieldDifference> {
    if from == to {
        return Vec::new();
    }
    let leaves = |text: &str| {
        let mut out = BTreeMap::new();
        collect_leaves(&serde_json::from_str(text).unwrap_or(Value::Null), String::new(), &mut out);
        out
    };
    let (from, to) = (leaves(from), leaves(to));
    let mut names: Vec<&String> = from.keys().chain(to.keys()).collect();
    names.sort_unstable();
    names.dedup();
    let mut out: Vec<FieldDifference> = names
        .into_iter()
        .filter(|name| from.get(*name) != to.get(*name))
        .map(|name| FieldDifference { field: name.clone(), from: from.get(name).cloned(), to: to.get(name).cloned() })
        .collect();
    if out.is_empty() {
        // The same values in another spelling: still to be stored, so that the next comparison is by text again.
        out.push(FieldDifference {
            field: "definition".to_owned(),
            from: None,
            to: Some("the same in another form".to_owned()),
        });
    }
    out
}

fn collect_leaves(value: &Value, path: String, out: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                collect_leaves(field, path, out);
            }
        }
        Value::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                collect_leaves(item, format!("{path}[{i}]"), out);
            }
        }
        Value::String(text) => {
            out.insert(path, text.clone());
        }
        other => {
            out.insert(path, other.to_string());
        }
    }
}
