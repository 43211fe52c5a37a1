//! Answers of the group Cross Studio that no other group has.
//!
//! Customers and visits look as in [`customers`](crate::customers).

use schemars::JsonSchema;
use serde::Serialize;

use crate::common::LocalDate;

/// A studio in short.
//
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct StudioInformationBase<'a> {
    /// The name of the studio.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<&'a str>,
    /// A text in which the studio presents itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<&'a str>,
    /// The country of the address, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<&'a str>,
    /// The country of the address, as a code of two letters.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "ISO 3166-1"))]
    pub country_code: Option<&'a str>,
    /// The id of the studio.
    pub studio_id: i64,
    /// The first day of business.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opening_date: Option<LocalDate>,
    /// The last day of business.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closing_date: Option<LocalDate>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn err_9_a_studio_in_short_may_be_an_id_alone() {
        let studio = StudioInformationBase { studio_id: 7, ..StudioInformationBase::default() };
        assert_eq!(serde_json::to_value(&studio).unwrap(), json!({"studioId": 7}));
        let german = StudioInformationBase { name: Some("Harbour"), country_code: Some("DE"), ..studio };
        let expected = json!({"name": "Harbour", "countryCode": "DE", "studioId": 7});
        assert_eq!(serde_json::to_value(german).unwrap(), expected);
    }
}
