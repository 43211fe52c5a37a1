//! Documents and the profile image of a customer.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::Serialize;

use crate::common::Binary;

/// A document that is kept with a customer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CustomerDocument<'a> {
    /// Where the document can be fetched. The link works for a quarter of an hour.
    // URL-1
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<Cow<'a, str>>,
    /// The id of the document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
    /// The name of the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file_name: Option<&'a str>,
    /// What the document is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<&'a str>,
}

/// The form that carries a document.
// It only lends its schema: the server takes the parts of a form as they come.
#[derive(Debug, Clone, Copy, JsonSchema)]
#[schemars(inline)]
pub struct CustomerDocumentForm {
    /// The document, with the name of its file.
    pub file: Binary,
}

/// The document that was stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CustomerDocumentUploadResult {
    /// The id of the document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
}

/// The form that carries a profile image.
// It only lends its schema, like the form above.
#[derive(Debug, Clone, Copy, JsonSchema)]
#[schemars(inline)]
pub struct CustomerImageForm {
    /// The image, as JPEG or PNG.
    // FILE-1
    pub image: Binary,
}

/// The profile image of a customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CustomerImage<'a> {
    /// Where the image can be fetched. The link works for a quarter of an hour.
    // URL-1
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_url: Option<Cow<'a, str>>,
}

#[cfg(test)]
mod tests {
    use serde_json::{json, to_value};

    use super::*;

    #[test]
    fn err_9_documents_leave_out_what_has_no_value() {
        assert_eq!(to_value(CustomerDocument::default()).unwrap(), json!({}));
        let document = CustomerDocument {
            url: Some("/files/1/2".into()),
            id: Some(3),
            file_name: Some("a.pdf"),
            description: Some("Contract"),
        };
        let expected = json!({"url": "/files/1/2", "id": 3, "fileName": "a.pdf", "description": "Contract"});
        assert_eq!(to_value(document).unwrap(), expected);
        assert_eq!(to_value(CustomerDocumentUploadResult { id: Some(3) }).unwrap(), json!({"id": 3}));
        let image = CustomerImage { image_url: Some("/files/1/4".into()) };
        assert_eq!(to_value(image).unwrap(), json!({"imageUrl": "/files/1/4"}));
    }

    #[test]
    fn forms_need_their_file() {
        let form = schemars::schema_for!(CustomerDocumentForm).to_value();
        assert_eq!(form["required"], json!(["file"]));
        assert_eq!(form["properties"]["file"]["format"], json!("binary"));
        assert_eq!(schemars::schema_for!(CustomerImageForm).to_value()["required"], json!(["image"]));
    }
}
