//! The address.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::AmendmentConfigurationStatus;
use crate::common::with_address_details;

with_address_details! {
    /// Where a customer lives now.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
    #[serde(rename_all = "camelCase")]
    #[schemars(rename = "OpenApiV1CustomerDataDtoCustomerAddressData")]
    pub struct CurrentAddressData<'a> holding &'a str;
    first {
        /// The street.
        pub street: &'a str,
        /// The number of the house.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub house_number: Option<&'a str>,
        /// The postal code.
        pub zip_code: &'a str,
        /// The town or city.
        pub city: &'a str,
        /// The country, as a code of two letters.
        #[schemars(extend("format" = "ISO 3166-1"))]
        pub country_code: &'a str,
        /// The province, in words.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub province: Option<&'a str>,
        /// The province, as a code.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub province_code: Option<&'a str>,
        /// What becomes of a change.
        pub amendment_configuration_status: AmendmentConfigurationStatus,
        /// The change that waits for the studio.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub pending_amendment: Option<AddressDataAmendment<'a>>,
    }
    after door {}
    after floor {}
    last {}
}

with_address_details! {
    /// A change of where a customer lives.
    #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
    #[serde(rename_all = "camelCase")]
    #[schemars(rename = "OpenApiV1CustomerDataPendingAmendmentDtoCustomerAddressData")]
    pub struct AddressDataAmendment<'a> holding &'a str;
    first {
        /// The id of the change while it waits for the studio.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub id: Option<i64>,
        /// The street.
        pub street: &'a str,
        /// The number of the house.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub house_number: Option<&'a str>,
        /// The postal code.
        pub zip_code: &'a str,
        /// The town or city.
        pub city: &'a str,
        /// The country, as a code of two letters.
        #[schemars(extend("format" = "ISO 3166-1"))]
        pub country_code: &'a str,
        /// The province, in words.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub province: Option<&'a str>,
        /// The province, as a code.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub province_code: Option<&'a str>,
    }
    after door {}
    after floor {}
    last {}
}

with_address_details! {
    /// Where a customer will live. What is left out is cleared.
    // AMD-7
    #[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
    #[serde(rename_all = "camelCase")]
    pub struct CustomerAddressData holding String;
    first {
        /// The street.
        pub street: String,
        /// The number of the house.
        pub house_number: Option<String>,
        /// The postal code.
        pub zip_code: String,
        /// The town or city.
        pub city: String,
        /// The country, as a code of two letters.
        #[schemars(extend("format" = "ISO 3166-1"))]
        pub country_code: String,
        /// The province, in words.
        pub province: Option<String>,
        /// The province, as a code.
        pub province_code: Option<String>,
    }
    after door {}
    after floor {}
    last {}
}

#[cfg(test)]
mod tests {
    use serde_json::{from_value, json, to_string, to_value};

    use super::*;

    #[test]
    fn amd_7_an_address_is_sent_whole() {
        let sent =
            json!({"street": "Long Street", "zipCode": "20095", "city": "Hamburg", "countryCode": "DE", "floor": null});
        let request: CustomerAddressData = from_value(sent.clone()).unwrap();
        assert_eq!((request.house_number, request.floor, request.door), (None, None, None));
        for field in ["street", "zipCode", "city", "countryCode"] {
            let mut without = sent.clone();
            without.as_object_mut().unwrap().remove(field);
            assert!(from_value::<CustomerAddressData>(without).is_err(), "{field}");
        }
    }

    #[test]
    fn amd_3_a_change_that_was_made_at_once_has_no_id() {
        let change = AddressDataAmendment {
            street: "Long Street",
            zip_code: "20095",
            city: "Hamburg",
            country_code: "DE",
            stairway: Some("B"),
            ..AddressDataAmendment::default()
        };
        let expected = json!({
            "street": "Long Street",
            "zipCode": "20095",
            "city": "Hamburg",
            "countryCode": "DE",
            "stairway": "B"
        });
        assert_eq!(to_value(change).unwrap(), expected);
    }

    #[test]
    fn the_details_come_after_the_amendment() {
        let data = CurrentAddressData {
            street: "Long Street",
            house_number: Some("1"),
            zip_code: "20095",
            city: "Hamburg",
            country_code: "DE",
            province: None,
            province_code: Some("HH"),
            amendment_configuration_status: AmendmentConfigurationStatus::Read,
            pending_amendment: None,
            second_street: None,
            city_part: Some("Altstadt"),
            district: None,
            street_type: None,
            street_block: None,
            portal: None,
            stairway: None,
            door: None,
            additional_address_information: None,
            floor: None,
            building_name: Some("Tower"),
        };
        let expected = concat!(
            r#"{"street":"Long Street","houseNumber":"1","zipCode":"20095","city":"Hamburg","countryCode":"DE","#,
            r#""provinceCode":"HH","amendmentConfigurationStatus":"READ","cityPart":"Altstadt","buildingName":"Tower"}"#
        );
        assert_eq!(to_string(&data).unwrap(), expected);
    }
}
