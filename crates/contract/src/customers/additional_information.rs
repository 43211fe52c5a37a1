//! The extra fields that a gym keeps about its customers.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An extra field that a gym keeps about its customers.
// CUST-19
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AdditionalInformationField<'a> {
    /// The id of the field.
    pub id: i64,
    /// The name of the field.
    pub name: &'a str,
    /// What the field takes.
    #[serde(rename = "type")]
    pub kind: AdditionalInformationFieldType,
    /// A short form of the name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub abbreviation: Option<&'a str>,
    /// The items to choose from. Left out unless the field is a list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list_items: Option<Vec<AdditionalInformationListItem<'a>>>,
}

/// What an extra field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub enum AdditionalInformationFieldType {
    /// Yes or no.
    Boolean,
    /// A day.
    Date,
    /// An item of a list.
    List,
    /// A whole number, which may be negative.
    Numeric,
    /// Any text.
    Text,
}

/// An item of an extra field that is a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AdditionalInformationListItem<'a> {
    /// The id of the item.
    pub id: i64,
    /// The name of the item.
    pub name: &'a str,
}

/// What an extra field holds for a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AdditionalInformationFieldAssignment<'a> {
    /// The id of the field.
    pub additional_information_field_id: i64,
    /// What the field holds: `true` or `false`, a day as in `2026-01-15`, the id of an item of the list, a whole
    /// number, or a text.
    // CUST-10
    pub value: Cow<'a, str>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn cust_19_only_a_list_has_items() {
        let text = AdditionalInformationField {
            id: 1,
            name: "Locker",
            kind: AdditionalInformationFieldType::Text,
            abbreviation: None,
            list_items: None,
        };
        assert_eq!(serde_json::to_value(&text).unwrap(), json!({"id": 1, "name": "Locker", "type": "TEXT"}));
        let list = AdditionalInformationField {
            kind: AdditionalInformationFieldType::List,
            abbreviation: Some("L"),
            list_items: Some(vec![AdditionalInformationListItem { id: 5, name: "Small" }]),
            ..text
        };
        let items = json!([{"id": 5, "name": "Small"}]);
        let expected = json!({"id": 1, "name": "Locker", "type": "LIST", "abbreviation": "L", "listItems": items});
        assert_eq!(serde_json::to_value(list).unwrap(), expected);
    }

    #[test]
    fn cust_10_values_are_texts() {
        let sent = json!({"additionalInformationFieldId": 4, "value": "-12"});
        let assignment: AdditionalInformationFieldAssignment<'static> = serde_json::from_value(sent.clone()).unwrap();
        assert_eq!(serde_json::to_value(assignment).unwrap(), sent);
        for refused in
            [json!({"additionalInformationFieldId": 4}), json!({"additionalInformationFieldId": 4, "value": 1})]
        {
            assert!(serde_json::from_value::<AdditionalInformationFieldAssignment<'static>>(refused).is_err());
        }
    }
}
