//! Entering a customer.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::AdditionalInformationFieldAssignment;
use crate::common::{Gender, Language, LocalDate, with_address_details};
use crate::communication::CommunicationPreference;

with_address_details! {
    /// Somebody who is entered as a customer, with or without a contract.
    // CUST-4
    #[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
    #[serde(rename_all = "camelCase")]
    pub struct MembershipSignupCustomer holding String;
    first {
        /// The id that the customer has in the system of the caller. No two customers can have the same.
        // CUST-5
        pub third_party_id: Option<String>,
        /// The first name.
        pub first_name: String,
        /// The second first name.
        pub second_first_name: Option<String>,
        /// The family name.
        pub last_name: String,
        /// The second family name.
        pub second_last_name: Option<String>,
        /// The day of birth.
        pub date_of_birth: LocalDate,
        /// The e-mail address.
        pub email: String,
        /// The gender.
        pub gender: Option<Gender>,
        /// The telephone number at home.
        pub phone_number_private: Option<String>,
        /// The number of the mobile phone.
        pub phone_number_mobile: Option<String>,
        /// The street of the address.
        pub street: String,
    }
    after door {
        /// The province, in words.
        pub province: Option<String>,
    }
    after floor {
        /// The language in which the customer wants to be addressed.
        pub language: Language<'static>,
        /// The number of the house.
        pub house_number: Option<String>,
    }
    last {
        /// The town or city.
        pub city: String,
        /// The postal code.
        pub zip_code: String,
        /// The country of the address, as a code of two letters.
        #[schemars(extend("format" = "ISO 3166-1"))]
        pub country_code: String,
        /// Which messages the customer wants, and how. What is left out is as the studio has set it.
        // CUST-26
        pub communication_preferences: Option<Vec<CommunicationPreference>>,
        /// A document by which the customer was identified.
        pub document_identification: Option<DocumentIdentification>,
        /// The token of a payment session. The customer pays by what was entered there, and in cash without a token.
        // CUST-6
        pub payment_request_token: Option<String>,
        /// The extra fields to fill.
        pub additional_information_field_assignments: Option<Vec<AdditionalInformationFieldAssignment<'static>>>,
        /// The place of birth. Italian studios need it of Italians.
        pub place_of_birth: Option<String>,
        /// The country of birth. Italian studios need it of those who are not Italians.
        pub country_of_birth: Option<String>,
        /// The tax number. Studios in Spain and Italy need it unless there is an identity document.
        pub tax_id: Option<String>,
    }
}

/// A document by which a customer was identified.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DocumentIdentification {
    /// The number of the document.
    pub document_number: String,
    /// What kind of document it is.
    pub document_type: DocumentType,
}

/// A kind of identity document.
// CUST-23
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub enum DocumentType {
    /// A national identity card.
    IdCard,
    /// A passport.
    Passport,
    /// A licence to drive.
    DriversLicence,
    /// A permit of residence, or a visa.
    ResidencePermit,
    /// The number under which a country knows its people.
    NationalIdNumber,
    /// Another document, which does not take the place of a tax number.
    Others,
}

/// The customer that was entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "OpenApiV1CustomerCreateResult")]
pub struct CustomerCreateResult {
    /// The id of the customer.
    pub customer_id: i64,
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, from_value, json, to_value};

    use super::*;

    fn least() -> Value {
        json!({
            "firstName": "Ada",
            "lastName": "Byron",
            "dateOfBirth": "1990-12-10",
            "email": "ada@example.org",
            "street": "Long Street",
            "language": {"languageCode": "en"},
            "city": "Hamburg",
            "zipCode": "20095",
            "countryCode": "DE"
        })
    }

    #[test]
    fn cust_4_nine_fields_must_be_there() {
        let customer: MembershipSignupCustomer = from_value(least()).unwrap();
        assert_eq!((customer.first_name.as_str(), customer.house_number), ("Ada", None));
        let fields: Vec<_> = least().as_object().unwrap().keys().cloned().collect();
        assert_eq!(fields.len(), 9);
        for field in fields {
            let mut without = least();
            without.as_object_mut().unwrap().remove(&field);
            let complaint = from_value::<MembershipSignupCustomer>(without).unwrap_err().to_string();
            assert_eq!(complaint, format!("missing field `{field}`"));
        }
    }

    #[test]
    fn err_7_null_and_unknown_fields_are_as_good_as_absent() {
        let mut sent = least();
        for field in ["gender", "floor", "buildingName", "province", "documentIdentification", "taxId"] {
            sent[field] = Value::Null;
        }
        sent["shoeSize"] = json!(42);
        assert_eq!(from_value::<MembershipSignupCustomer>(sent).unwrap(), from_value(least()).unwrap());
    }

    #[test]
    fn everything_that_can_be_sent_is_read() {
        let mut sent = least();
        sent["secondStreet"] = json!("back");
        sent["province"] = json!("Bozen");
        sent["buildingName"] = json!("Tower");
        sent["communicationPreferences"] = json!([{"messageCategory": "NEWSLETTER", "channels": []}]);
        sent["documentIdentification"] = json!({"documentNumber": "X1", "documentType": "DRIVERS_LICENCE"});
        sent["additionalInformationFieldAssignments"] = json!([{"additionalInformationFieldId": 1, "value": "true"}]);
        let customer: MembershipSignupCustomer = from_value(sent).unwrap();
        assert_eq!(customer.second_street.as_deref(), Some("back"));
        assert_eq!(customer.building_name.as_deref(), Some("Tower"));
        assert_eq!(customer.document_identification.unwrap().document_type, DocumentType::DriversLicence);
        assert_eq!(customer.communication_preferences.map(|list| list.len()), Some(1));
        assert_eq!(customer.additional_information_field_assignments.map(|list| list.len()), Some(1));
    }

    #[test]
    fn a_new_customer_is_told_by_id() {
        assert_eq!(to_value(CustomerCreateResult { customer_id: 7 }).unwrap(), json!({"customerId": 7}));
    }
}
