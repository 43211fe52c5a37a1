//! A customer as the API shows one.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AccessMedium, AccessRestriction, AdditionalInformationFieldAssignment};
use crate::common::{Gender, Language, LocalDate, ZonedDateTime, with_address_details};

with_address_details! {
    /// A customer: a member, somebody who was one, or somebody who may become one.
    #[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
    #[serde(rename_all = "camelCase")]
    pub struct Customer<'a> holding &'a str;
    first {
        /// The id of the customer.
        pub id: i64,
        /// The number of the customer, as people read it.
        // CUST-3
        #[serde(skip_serializing_if = "Option::is_none")]
        pub customer_number: Option<&'a str>,
        /// The first name.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub first_name: Option<&'a str>,
        /// The family name.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub last_name: Option<&'a str>,
        /// The day of birth.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub date_of_birth: Option<LocalDate>,
        /// The e-mail address.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub email: Option<&'a str>,
        /// The gender. Left out where it is not known.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub gender: Option<Gender>,
        /// The street of the address.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub street: Option<&'a str>,
        /// The number of the house.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub house_number: Option<&'a str>,
        /// The postal code.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub zip_code: Option<&'a str>,
        /// The town or city.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub city: Option<&'a str>,
        /// The country of the address, as a code of two letters.
        // CUST-22
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schemars(extend("format" = "ISO 3166-1"))]
        pub country: Option<&'a str>,
        /// Whether the customer is a member today.
        pub status: CustomerStatus,
        /// The numbers of the customer's cards, in the format asked for. They are among `accessMediums`, too.
        // CUST-9, CUST-18
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schemars(extend("deprecated" = true))]
        pub card_numbers: Option<Vec<Cow<'a, str>>>,
        /// Where the profile image can be fetched. The link works for a quarter of an hour.
        // URL-1
        #[serde(skip_serializing_if = "Option::is_none")]
        pub image_url: Option<Cow<'a, str>>,
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
        /// The pauses of all contracts that run or are still to come.
        // CUST-22
        #[serde(skip_serializing_if = "Option::is_none")]
        pub idle_periods: Option<Vec<CustomerIdlePeriod<'a>>>,
        /// The account that direct debits are taken from. Left out for customers who pay otherwise.
        // CUST-22
        #[serde(skip_serializing_if = "Option::is_none")]
        pub bank_account: Option<BankAccount<'a>>,
        /// Whether something keeps the customer from entering today.
        // CUST-11
        pub access_refusal: bool,
        /// The restrictions that keep the customer out now or will do so.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub access_restrictions: Option<Vec<AccessRestriction<'a>>>,
        /// An id that is unique beyond this server and never changes.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub uuid: Option<&'a str>,
        /// The code by which the customer recruits others. It never changes.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub referral_code: Option<&'a str>,
        /// The id of the home studio.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub studio_id: Option<i64>,
        /// The language in which the customer wants to be addressed.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub preferred_language: Option<Language<'a>>,
        /// The extra fields that are filled for the customer.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub additional_information_field_assignments: Option<Vec<AdditionalInformationFieldAssignment<'a>>>,
        /// The id that the customer has in the system of the caller.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub third_party_id: Option<&'a str>,
        /// Cards, codes and other things by which the customer is recognised.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub access_mediums: Option<Vec<AccessMedium<'a>>>,
        /// The second first name.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub second_first_name: Option<&'a str>,
        /// The second family name.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub second_last_name: Option<&'a str>,
    }
    after door {
        /// The province, in words.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub province: Option<&'a str>,
    }
    after floor {}
    last {
        /// When the customer was entered.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub created_date_time: Option<ZonedDateTime>,
    }
}

/// What a customer is to the gym.
// CUST-1
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub enum CustomerStatus {
    /// Somebody with a contract, which need not have begun.
    Member,
    /// Somebody who never had a contract.
    #[default]
    Prospect,
    /// Somebody whose contracts have all ended.
    FormerMember,
}

/// The status that listed customers must have.
// PAG-6: clients ask for former members, which the contract does not mention.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub enum CustomerStatusFilter {
    /// Those with a contract.
    #[default]
    Member,
    /// Those who never had a contract.
    Prospect,
    /// Those whose contracts have all ended.
    #[schemars(skip)]
    FormerMember,
}

/// A pause of a contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CustomerIdlePeriod<'a> {
    /// The id of the pause.
    pub id: i64,
    /// The first day.
    pub start_date: LocalDate,
    /// The last day; the last day of the year 9999 where no end is set.
    // IDLE-3
    pub end_date: LocalDate,
    /// Why the contract rests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'a str>,
    /// The contract that rests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contract: Option<SimpleContract<'a>>,
    /// Whether the pause has no end.
    pub unlimited: bool,
}

/// A contract by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SimpleContract<'a> {
    /// The id of the contract.
    pub id: i64,
    /// The name under which the contract was sold.
    pub rate_name: &'a str,
}

/// A bank account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BankAccount<'a> {
    /// Whose account it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_holder: Option<&'a str>,
    /// The name of the bank.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bank_name: Option<&'a str>,
    /// The BIC of the bank.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bic: Option<&'a str>,
    /// The IBAN of the account. In lists only its first four and last two characters are shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iban: Option<Cow<'a, str>>,
}

#[cfg(test)]
mod tests {
    use jiff::civil;
    use serde_json::json;

    use super::*;

    #[test]
    fn err_9_a_customer_without_details_is_short() {
        let customer = Customer { id: 7, ..Customer::default() };
        let expected = json!({"id": 7, "status": "PROSPECT", "accessRefusal": false});
        assert_eq!(serde_json::to_value(customer).unwrap(), expected);
    }

    #[test]
    fn a_customer_keeps_the_order_of_the_wire() {
        let customer = Customer {
            id: 7,
            second_street: Some("back"),
            door: Some("4"),
            province: Some("Bozen"),
            floor: Some("2"),
            building_name: Some("Tower"),
            created_date_time: Some(ZonedDateTime::from(&civil::date(2026, 1, 5).at(8, 0, 0, 0).in_tz("UTC").unwrap())),
            ..Customer::default()
        };
        let expected = concat!(
            r#"{"id":7,"status":"PROSPECT","accessRefusal":false,"secondStreet":"back","door":"4","province":"Bozen","#,
            r#""floor":"2","buildingName":"Tower","createdDateTime":"2026-01-05T08:00:00.000+00:00"}"#
        );
        assert_eq!(serde_json::to_string(&customer).unwrap(), expected);
    }

    #[test]
    fn pag_6_former_members_can_be_asked_for() {
        let table = [
            ("MEMBER", CustomerStatusFilter::Member),
            ("PROSPECT", CustomerStatusFilter::Prospect),
            ("FORMER_MEMBER", CustomerStatusFilter::FormerMember),
        ];
        for (text, expected) in table {
            assert_eq!(serde_json::from_value::<CustomerStatusFilter>(json!(text)).unwrap(), expected);
        }
        let schema = schemars::schema_for!(CustomerStatusFilter).to_value().to_string();
        assert!(schema.contains("PROSPECT") && !schema.contains("FORMER_MEMBER"), "{schema}");
    }

    #[test]
    fn a_pause_names_its_contract() {
        let pause = CustomerIdlePeriod {
            id: 1,
            start_date: civil::date(2026, 2, 1).into(),
            end_date: civil::date(9999, 12, 31).into(),
            reason: None,
            contract: Some(SimpleContract { id: 2, rate_name: "Basic" }),
            unlimited: true,
        };
        let expected = json!({
            "id": 1,
            "startDate": "2026-02-01",
            "endDate": "9999-12-31",
            "contract": {"id": 2, "rateName": "Basic"},
            "unlimited": true
        });
        assert_eq!(serde_json::to_value(pause).unwrap(), expected);
    }
}
