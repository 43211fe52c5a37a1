//! Requests and answers of the group Leads: people who showed interest, and what the studio asks of them.
//!
//! Names are spelt in one word here: `firstname`, where customers have `firstName`.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::common::{Gender, Language, LocalDate, with_address_details};
use crate::communication::CommunicationPreference;
use crate::customers::AdditionalInformationFieldType;

/// What the studio asks of people who show interest.
// LEAD-1
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LeadConfig<'a> {
    /// Whether the address is asked for.
    pub address_mode: LeadFieldMode,
    /// Whether the day of birth is asked for.
    pub date_of_birth_mode: LeadFieldMode,
    /// Whether the gender is asked for.
    pub gender_mode: LeadFieldMode,
    /// Whether the telephone number is asked for.
    pub telephone_mode: LeadFieldMode,
    /// The extra fields that are asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub additional_information: Option<Vec<LeadAdditionalInformationFieldConfig<'a>>>,
    /// The messages that can be agreed to, and the ways they may take.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub communication_preferences: Option<Vec<CommunicationPreference>>,
}

/// Whether a field is asked for.
// LEAD-1
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub enum LeadFieldMode {
    /// It is not, and what is sent is ignored.
    Inactive,
    /// It may be left out.
    Optional,
    /// It must be there.
    Mandatory,
}

/// An extra field that is asked for.
// LEAD-4, LEAD-5
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LeadAdditionalInformationFieldConfig<'a> {
    /// The id of the field.
    pub additional_field_id: i64,
    /// The name of the field.
    pub name: &'a str,
    /// What the field takes.
    #[serde(rename = "type")]
    pub kind: AdditionalInformationFieldType,
    /// Whether several items of a list can be chosen.
    pub allow_multi_selection: bool,
    /// The texts of the items to choose from. Left out unless the field is a list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub selection_values: Option<Vec<Cow<'a, str>>>,
    /// Whether the field must be filled.
    pub mode: LeadFieldMode,
}

/// Somebody who shows interest, to be checked or entered.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LeadCreationRequest {
    /// The person.
    pub lead_customer: LeadCustomer,
    /// The address of the person.
    pub address: Option<LeadAddress>,
    /// Which messages the person wants, and how. What is left out is as the studio has set it.
    pub communication_preferences: Option<Vec<CommunicationPreference>>,
    /// The extra fields to fill.
    pub additional_information: Option<Vec<LeadAdditionalInformation>>,
    /// A note about the person.
    pub notes: Option<String>,
    /// The id of the campaign that won the person.
    // LEAD-3
    pub external_identifier: Option<String>,
}

/// A person who shows interest.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LeadCustomer {
    /// The id that the person has in the system of the caller.
    pub third_party_id: Option<String>,
    /// The first name.
    pub firstname: String,
    /// The second first name.
    pub second_firstname: Option<String>,
    /// The family name.
    pub lastname: String,
    /// The second family name.
    pub second_lastname: Option<String>,
    /// The e-mail address.
    pub email: String,
    /// The gender.
    pub gender: Option<Gender>,
    /// The day of birth.
    pub date_of_birth: Option<LocalDate>,
    /// The telephone number.
    pub telephone: Option<String>,
    /// The language in which the person wants to be addressed.
    pub language: Option<Language<'static>>,
}

with_address_details! {
    /// The address of a person who shows interest.
    #[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
    #[serde(rename_all = "camelCase")]
    pub struct LeadAddress holding String;
    first {
        /// The street.
        pub street: String,
        /// The number of the house.
        pub house_number: String,
        /// The postal code.
        pub zip_code: String,
        /// The town or city.
        pub city: String,
        /// The country, as a code of two letters.
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

/// What an extra field holds.
// LEAD-4
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LeadAdditionalInformation {
    /// The id of the field.
    pub additional_field_id: i64,
    /// What the field holds: `true` or `false`, a day as in `2026-01-15`, the text of an item of the list, a whole
    /// number, or a text.
    pub value: Option<String>,
    /// The texts of the items, where several can be chosen.
    pub values: Option<Vec<String>>,
}

/// Whether somebody could be entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LeadValidationResult {
    /// The outcome.
    pub status: LeadValidationStatus,
}

/// Whether somebody could be entered.
// LEAD-5
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub enum LeadValidationStatus {
    /// Nothing speaks against it.
    Possible,
    /// Something is missing or not valid.
    InvalidLeadData,
    /// The gym knows the person already.
    DuplicateCustomer,
}

/// Who was entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LeadCreationResult<'a> {
    /// The id of the lead.
    pub id: i64,
    /// The id of the customer that the person has become.
    pub customer_id: i64,
    /// The id of the customer that is unique beyond this server.
    #[schemars(extend("format" = "uuid"))]
    pub uuid: &'a str,
    /// The number of the customer, as people read it.
    pub customer_number: &'a str,
}

#[cfg(test)]
mod tests {
    use serde_json::{from_value, json, to_value};

    use super::*;

    #[test]
    fn lead_1_the_form_says_what_is_asked_for() {
        let field = LeadAdditionalInformationFieldConfig {
            additional_field_id: 4,
            name: "Goal",
            kind: AdditionalInformationFieldType::List,
            allow_multi_selection: true,
            selection_values: Some(vec!["Strength".into(), "Weight".into()]),
            mode: LeadFieldMode::Mandatory,
        };
        let config = LeadConfig {
            address_mode: LeadFieldMode::Inactive,
            date_of_birth_mode: LeadFieldMode::Optional,
            gender_mode: LeadFieldMode::Inactive,
            telephone_mode: LeadFieldMode::Mandatory,
            additional_information: Some(vec![field]),
            communication_preferences: None,
        };
        let expected = json!({
            "addressMode": "INACTIVE",
            "dateOfBirthMode": "OPTIONAL",
            "genderMode": "INACTIVE",
            "telephoneMode": "MANDATORY",
            "additionalInformation": [{
                "additionalFieldId": 4,
                "name": "Goal",
                "type": "LIST",
                "allowMultiSelection": true,
                "selectionValues": ["Strength", "Weight"],
                "mode": "MANDATORY"
            }]
        });
        assert_eq!(to_value(config).unwrap(), expected);
    }

    #[test]
    fn a_lead_is_a_name_and_an_address_of_mail() {
        let least = json!({"firstname": "Ada", "lastname": "Byron", "email": "ada@example.org"});
        let sent = json!({"leadCustomer": least, "address": null, "notes": null, "unknown": 1});
        let request: LeadCreationRequest = from_value(sent).unwrap();
        assert_eq!(request.lead_customer.firstname, "Ada");
        assert_eq!((request.address, request.notes), (None, None));
        for field in ["firstname", "lastname", "email"] {
            let mut without = least.clone();
            without.as_object_mut().unwrap().remove(field);
            assert!(from_value::<LeadCustomer>(without).is_err(), "{field}");
        }
    }

    #[test]
    fn lead_4_a_lead_brings_address_and_extra_fields() {
        let sent = json!({
            "leadCustomer": {
                "firstname": "Ada",
                "secondLastname": "King",
                "lastname": "Byron",
                "email": "ada@example.org",
                "language": {"languageCode": "en"}
            },
            "address": {
                "street": "Long Street",
                "houseNumber": "1",
                "zipCode": "20095",
                "city": "Hamburg",
                "countryCode": "DE",
                "streetBlock": "B",
                "buildingName": "Tower"
            },
            "additionalInformation": [
                {"additionalFieldId": 4, "values": ["Strength"]},
                {"additionalFieldId": 5, "value": "yes"}
            ]
        });
        let request: LeadCreationRequest = from_value(sent).unwrap();
        assert_eq!(request.lead_customer.second_lastname.as_deref(), Some("King"));
        let address = request.address.unwrap();
        assert_eq!((address.street_block.as_deref(), address.building_name.as_deref()), (Some("B"), Some("Tower")));
        let fields = request.additional_information.unwrap();
        assert_eq!(
            (fields[0].values.as_deref(), fields[0].value.as_deref()),
            (Some(["Strength".to_owned()].as_slice()), None)
        );
        assert_eq!(fields[1].value.as_deref(), Some("yes"));
        assert!(from_value::<LeadAddress>(json!({"street": "Long Street"})).is_err());
    }

    #[test]
    fn lead_5_outcomes_are_written_as_documented() {
        let table = [
            (LeadValidationStatus::Possible, "POSSIBLE"),
            (LeadValidationStatus::InvalidLeadData, "INVALID_LEAD_DATA"),
            (LeadValidationStatus::DuplicateCustomer, "DUPLICATE_CUSTOMER"),
        ];
        for (status, text) in table {
            assert_eq!(to_value(LeadValidationResult { status }).unwrap(), json!({"status": text}));
        }
        let result = LeadCreationResult { id: 1, customer_id: 2, uuid: "u", customer_number: "1-2" };
        let expected = json!({"id": 1, "customerId": 2, "uuid": "u", "customerNumber": "1-2"});
        assert_eq!(to_value(result).unwrap(), expected);
    }
}
