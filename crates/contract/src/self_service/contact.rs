//! Telephone numbers and the e-mail address.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::AmendmentConfigurationStatus;

/// How a customer can be reached now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "OpenApiV1CustomerDataDtoCustomerContactData")]
pub struct CurrentContactData<'a> {
    /// The e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<&'a str>,
    /// The telephone number at home.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_private: Option<&'a str>,
    /// The number of the mobile phone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_private_mobile: Option<&'a str>,
    /// The telephone number at work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_business: Option<&'a str>,
    /// The number of the mobile phone for work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_business_mobile: Option<&'a str>,
    /// What becomes of a change.
    pub amendment_configuration_status: AmendmentConfigurationStatus,
    /// The change that waits for the studio.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pending_amendment: Option<ContactDataAmendment<'a>>,
}

/// A change of how a customer can be reached.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "OpenApiV1CustomerDataPendingAmendmentDtoCustomerContactData")]
pub struct ContactDataAmendment<'a> {
    /// The id of the change while it waits for the studio.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
    /// The e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<&'a str>,
    /// The telephone number at home.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_private: Option<&'a str>,
    /// The number of the mobile phone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_private_mobile: Option<&'a str>,
    /// The telephone number at work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_business: Option<&'a str>,
    /// The number of the mobile phone for work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_business_mobile: Option<&'a str>,
}

/// How a customer wants to be reached. What is left out stays as it is, and an empty text clears it.
// AMD-4
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CustomerContactData {
    /// The e-mail address, which cannot be cleared.
    pub email: Option<String>,
    /// The telephone number at home.
    pub phone_private: Option<String>,
    /// The number of the mobile phone.
    pub phone_private_mobile: Option<String>,
    /// The telephone number at work.
    pub phone_business: Option<String>,
    /// The number of the mobile phone for work.
    pub phone_business_mobile: Option<String>,
}

#[cfg(test)]
mod tests {
    use serde_json::{from_value, json, to_value};

    use super::*;

    #[test]
    fn amd_1_a_waiting_change_stands_beside_the_data() {
        let change =
            ContactDataAmendment { id: Some(9), phone_private: Some("040 1"), ..ContactDataAmendment::default() };
        let data = CurrentContactData {
            email: Some("ada@example.org"),
            phone_private: None,
            phone_private_mobile: None,
            phone_business: None,
            phone_business_mobile: Some("0170 1"),
            amendment_configuration_status: AmendmentConfigurationStatus::ChangesRequireVerification,
            pending_amendment: Some(change),
        };
        let expected = json!({
            "email": "ada@example.org",
            "phoneBusinessMobile": "0170 1",
            "amendmentConfigurationStatus": "CHANGES_REQUIRE_VERIFICATION",
            "pendingAmendment": {"id": 9, "phonePrivate": "040 1"}
        });
        assert_eq!(to_value(data).unwrap(), expected);
    }

    #[test]
    fn amd_4_an_empty_text_is_not_the_same_as_none() {
        let sent = json!({"phonePrivate": "", "phoneBusiness": null});
        let request: CustomerContactData = from_value(sent).unwrap();
        assert_eq!((request.phone_private.as_deref(), request.phone_business, request.email), (Some(""), None, None));
    }
}
