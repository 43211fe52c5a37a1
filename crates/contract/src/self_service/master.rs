//! Name, gender and birth.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::AmendmentConfigurationStatus;
use crate::common::{Gender, LocalDate};

/// Who a customer is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "OpenApiV1CustomerDataDtoCustomerMasterData")]
pub struct CurrentMasterData<'a> {
    /// The first name.
    pub first_name: &'a str,
    /// The family name.
    pub last_name: &'a str,
    /// The gender.
    pub gender: Gender,
    /// The day of birth. Left out where it is not known, since no day can stand for that.
    // ERR-9
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(required)]
    pub date_of_birth: Option<LocalDate>,
    /// The country of birth, as a code of two letters.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "ISO 3166-1"))]
    pub country_of_birth: Option<&'a str>,
    /// The title that goes before the name.
    pub customer_title: CustomerTitle,
    /// What becomes of a change.
    pub amendment_configuration_status: AmendmentConfigurationStatus,
    /// The change that waits for the studio.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pending_amendment: Option<MasterDataAmendment<'a>>,
}

/// A change of who a customer is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "OpenApiV1CustomerDataPendingAmendmentDtoCustomerMasterData")]
pub struct MasterDataAmendment<'a> {
    /// The id of the change while it waits for the studio.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
    /// The first name.
    pub first_name: &'a str,
    /// The family name.
    pub last_name: &'a str,
    /// The gender.
    pub gender: Gender,
    /// The day of birth. Left out where it is not known, since no day can stand for that.
    // ERR-9
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(required)]
    pub date_of_birth: Option<LocalDate>,
    /// The country of birth, as a code of two letters.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "ISO 3166-1"))]
    pub country_of_birth: Option<&'a str>,
    /// The title that goes before the name.
    pub customer_title: CustomerTitle,
}

/// Who a customer will be. What is left out is cleared.
// AMD-7
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CustomerMasterData {
    /// The first name.
    pub first_name: String,
    /// The family name.
    pub last_name: String,
    /// The gender.
    pub gender: Gender,
    /// The day of birth.
    pub date_of_birth: LocalDate,
    /// The country of birth, as a code of two letters.
    #[schemars(extend("format" = "ISO 3166-1"))]
    pub country_of_birth: Option<String>,
    /// The title that goes before the name.
    pub customer_title: CustomerTitle,
}

/// A title that goes before a name.
// CUST-22
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub enum CustomerTitle {
    /// None.
    #[default]
    None,
    /// Doctor.
    Dr,
    /// Professor.
    Prof,
}

#[cfg(test)]
mod tests {
    use jiff::civil;
    use serde_json::{from_value, json, to_value};

    use super::*;

    #[test]
    fn amd_7_master_data_are_sent_whole() {
        let sent = json!({
            "firstName": "Ada",
            "lastName": "Byron",
            "gender": "FEMALE",
            "dateOfBirth": "1990-12-10",
            "customerTitle": "PROF"
        });
        let request: CustomerMasterData = from_value(sent.clone()).unwrap();
        assert_eq!((request.customer_title, request.country_of_birth), (CustomerTitle::Prof, None));
        for field in sent.as_object().unwrap().keys() {
            let mut without = sent.clone();
            without.as_object_mut().unwrap().remove(field);
            assert!(from_value::<CustomerMasterData>(without).is_err(), "{field}");
        }
    }

    #[test]
    fn amd_1_a_waiting_change_stands_beside_the_data() {
        let change = MasterDataAmendment {
            id: Some(9),
            first_name: "Ada",
            last_name: "King",
            gender: Gender::Unisex,
            date_of_birth: Some(civil::date(1990, 12, 10).into()),
            country_of_birth: Some("GB"),
            customer_title: CustomerTitle::None,
        };
        let data = CurrentMasterData {
            first_name: "Ada",
            last_name: "Byron",
            gender: Gender::Unisex,
            date_of_birth: Some(civil::date(1990, 12, 10).into()),
            country_of_birth: None,
            customer_title: CustomerTitle::Dr,
            amendment_configuration_status: AmendmentConfigurationStatus::ChangesRequireVerification,
            pending_amendment: Some(change),
        };
        let expected = json!({
            "firstName": "Ada",
            "lastName": "Byron",
            "gender": "UNISEX",
            "dateOfBirth": "1990-12-10",
            "customerTitle": "DR",
            "amendmentConfigurationStatus": "CHANGES_REQUIRE_VERIFICATION",
            "pendingAmendment": {
                "id": 9,
                "firstName": "Ada",
                "lastName": "King",
                "gender": "UNISEX",
                "dateOfBirth": "1990-12-10",
                "countryOfBirth": "GB",
                "customerTitle": "NONE"
            }
        });
        assert_eq!(to_value(data).unwrap(), expected);
    }
}
