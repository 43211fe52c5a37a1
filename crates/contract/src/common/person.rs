//! What is told about people wherever they appear: gender, language, signature.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The gender of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub enum Gender {
    /// Male.
    Male,
    /// Female.
    Female,
    /// Neither, or not told.
    Unisex,
}

/// A language, which may be that of one country.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Language<'a> {
    /// The language, as a code of two letters.
    #[schemars(extend("format" = "ISO 639-1"))]
    pub language_code: Cow<'a, str>,
    /// The country whose form of the language is meant, as a code of two letters.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "ISO 3166-1"))]
    pub country_code: Option<Cow<'a, str>>,
}

/// A signature as it was drawn.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Signature {
    /// The drawing as an SVG document in Base64.
    pub base64_svg_signature: String,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_language_may_do_without_a_country() {
        for text in [json!({"languageCode": "de"}), json!({"languageCode": "de", "countryCode": "CH"})] {
            let language: Language<'static> = serde_json::from_value(text.clone()).unwrap();
            assert_eq!(serde_json::to_value(language).unwrap(), text);
        }
        assert!(serde_json::from_value::<Language<'static>>(json!({"countryCode": "CH"})).is_err());
    }

    #[test]
    fn a_signature_has_the_name_of_the_wire() {
        let signature: Signature = serde_json::from_value(json!({"base64SvgSignature": "PHN2Zy8+"})).unwrap();
        assert_eq!(signature.base64_svg_signature, "PHN2Zy8+");
    }
}
