//! Information fields: what the gym wants to know of its customers, in all of its studios.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::customers::AdditionalInformationFieldType;

super::resource! {
    "Information fields": "What the gym wants to know of its customers. The fields belong to all studios of the tenant." {
        LIST_INFORMATION_FIELDS = "listInformationFields" Get "/studios/{studioId}/information-fields" CustomersRead: "List the information fields";
        GET_INFORMATION_FIELD = "getInformationField" Get "/studios/{studioId}/information-fields/{fieldId}" CustomersRead: "Read one information field";
        CREATE_INFORMATION_FIELD = "createInformationField" Post "/studios/{studioId}/information-fields" FieldsWrite: "Define an information field";
        UPDATE_INFORMATION_FIELD = "updateInformationField" Put "/studios/{studioId}/information-fields/{fieldId}" FieldsWrite: "Change an information field";
        RETIRE_INFORMATION_FIELD = "retireInformationField" Post "/studios/{studioId}/information-fields/{fieldId}/retire" FieldsWrite: "Take an information field out of use";
        RESTORE_INFORMATION_FIELD = "restoreInformationField" Post "/studios/{studioId}/information-fields/{fieldId}/restore" FieldsWrite: "Bring an information field back";
    }
}

/// An information field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct InformationFieldRecord {
    /// The id of the field.
    pub id: i64,
    /// Another one after each change. A change names the version that it is made to.
    pub version: String,
    /// The key in the gym file, for those that come from one; a change holds until the file is applied again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The name, which is the question.
    pub name: String,
    /// A short form of the name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub abbreviation: Option<String>,
    /// What the field takes. It never changes.
    #[serde(rename = "type")]
    pub kind: AdditionalInformationFieldType,
    /// The items to choose from. Left out unless the field is a list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub items: Option<Vec<FieldItem>>,
    /// Whether it is out of use. What was noted in it is kept, and seen again when the field is back.
    pub retired: bool,
}

/// An item of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FieldItem {
    /// The id of the item, by which it is noted of customers.
    pub id: i64,
    /// Its text.
    pub name: String,
}

/// A new information field.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewInformationField {
    /// The name, which is the question.
    pub name: String,
    /// A short form of the name.
    #[serde(default)]
    pub abbreviation: Option<String>,
    /// What the field takes.
    #[serde(rename = "type")]
    pub kind: AdditionalInformationFieldType,
    /// The texts of the items to choose from, for a list.
    #[serde(default)]
    pub items: Vec<String>,
}

/// A change of an information field, as a whole but for the type.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InformationFieldUpdate {
    /// The version that the change is made to. If somebody else was faster, it is refused.
    pub version: String,
    /// The name.
    pub name: String,
    /// A short form of the name.
    #[serde(default)]
    pub abbreviation: Option<String>,
    /// The items of a list. One that is left out is taken away, which is refused while it is noted of customers.
    #[serde(default)]
    pub items: Vec<WantedItem>,
}

/// An item as it is to be.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WantedItem {
    /// The id of an item that is there. Left out for a new one.
    #[serde(default)]
    pub id: Option<i64>,
    /// Its text.
    pub name: String,
}
