//! Answers and requests of the group Trial Offers: what can be tried, by whom, and the bookings.
//!
//! Slots, bookings and validations are those of classes and appointments. Names of people are spelt in one word here, as they are
//! for leads.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::appointments::BookableAppointment;
use crate::classes::Class;
use crate::common::{Gender, Language, LocalDate, Term, TermWithMinutes};
use crate::leads::LeadFieldMode;

/// A class that can be tried.
// TRI-1, TRI-6
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TrialOfferClass<'a> {
    /// The id of the trial offer under which it can be tried.
    pub trial_offer_config_id: i64,
    /// The class.
    pub trial_offer_class: Class<'a>,
    /// The id of the class, by which the list is paged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
}

/// An appointment that can be tried.
// TRI-1, TRI-6
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BookableTrialOfferAppointment<'a> {
    /// The id of the trial offer under which it can be tried.
    pub trial_offer_config_id: i64,
    /// The appointment.
    pub trial_offer_bookable_appointment: BookableAppointment<'a>,
    /// The id of the appointment, by which the list is paged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
}

/// A trial offer: who may try how often, and what is asked of them.
// TRI-1, TRI-3, TRI-4
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TrialOfferConfig<'a> {
    /// The id of the trial offer.
    pub id: i64,
    /// Its name.
    pub name: &'a str,
    /// So long after the start of one trial another one may begin.
    pub prevent_multiple_bookings_term: Term,
    /// How often somebody may try.
    pub contingent: i32,
    /// A booking is given up unless it is confirmed so long before the start. Left out: nothing is to be confirmed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmation_of_booking_term: Option<TermWithMinutes>,
    /// Whether somebody may try who is a lead of the studio already.
    pub allow_booking_for_leads: bool,
    /// What is asked of people who want to try.
    pub lead_data_config: TrialOfferLeadDataConfig,
}

/// What is asked of people who want to try, besides their names and an e-mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TrialOfferLeadDataConfig {
    /// The id of these questions: that of the trial offer.
    pub trial_offer_lead_data_config_id: i64,
    /// Whether the gender is asked for.
    pub gender_mode: LeadFieldMode,
    /// Whether the day of birth is asked for.
    pub date_of_birth_mode: LeadFieldMode,
    /// Whether the telephone number is asked for.
    pub telephone_mode: LeadFieldMode,
    /// Whether the address is asked for.
    pub address_mode: LeadFieldMode,
}

/// Somebody who wants to try something, to be checked or entered.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TrialOfferLeadCustomerCreationRequest {
    /// The person.
    pub lead_customer_data: LeadCustomerData,
    /// The id of the trial offer.
    pub trial_offer_config_id: i64,
}

/// A person who wants to try something.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LeadCustomerData {
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
    /// The address.
    pub address: Option<LeadCustomerAddressData>,
    /// The id that the person has in the system of the caller.
    pub third_party_id: Option<String>,
    /// The language in which the person wants to be addressed.
    pub language: Option<Language<'static>>,
}

/// The address of a person who wants to try something.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LeadCustomerAddressData {
    /// The street.
    pub street: String,
    /// The number of the house.
    pub house_number: Option<String>,
    /// The postal code.
    pub zip_code: String,
    /// The town or city.
    pub city: String,
}

/// Whether somebody could be entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TrialOfferLeadCustomerCreationValidationResult {
    /// The outcome.
    pub validation_status: LeadCustomerValidationStatus,
}

/// Whether somebody could be entered.
// TRI-2
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub enum LeadCustomerValidationStatus {
    /// Nothing speaks against it.
    Possible,
    /// Something is missing or not valid.
    InvalidLeadCustomerData,
    /// The gym knows the person already.
    DuplicateCustomer,
}

/// Who was entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TrialOfferLeadCustomerCreationResult {
    /// The id of the customer that the person has become.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lead_customer_id: Option<i64>,
}

/// What came of confirming a booking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct BookingConfirmationResult {
    /// Whether it is confirmed.
    pub status: BookingConfirmationStatus,
}

/// Whether a booking is confirmed.
// TRI-4, TRI-7
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub enum BookingConfirmationStatus {
    /// It is, or need not be.
    Confirmed,
    /// It was too late; the booking is canceled.
    Expired,
}

#[cfg(test)]
mod tests {
    use serde_json::{from_value, json, to_value};

    use super::*;
    use crate::common::{TermUnit, TimeUnit};

    #[test]
    fn tri_1_a_trial_offer_says_who_may_try_and_what_is_asked() {
        let mut config = TrialOfferConfig {
            id: 7,
            name: "Taster",
            prevent_multiple_bookings_term: Term { value: 0, unit: TermUnit::Day },
            contingent: 1,
            confirmation_of_booking_term: None,
            allow_booking_for_leads: true,
            lead_data_config: TrialOfferLeadDataConfig {
                trial_offer_lead_data_config_id: 7,
                gender_mode: LeadFieldMode::Inactive,
                date_of_birth_mode: LeadFieldMode::Optional,
                telephone_mode: LeadFieldMode::Mandatory,
                address_mode: LeadFieldMode::Optional,
            },
        };
        let mut expected = json!({
            "id": 7,
            "name": "Taster",
            "preventMultipleBookingsTerm": {"value": 0, "unit": "DAY"},
            "contingent": 1,
            "allowBookingForLeads": true,
            "leadDataConfig": {
                "trialOfferLeadDataConfigId": 7,
                "genderMode": "INACTIVE",
                "dateOfBirthMode": "OPTIONAL",
                "telephoneMode": "MANDATORY",
                "addressMode": "OPTIONAL"
            }
        });
        assert_eq!(to_value(config).unwrap(), expected);
        config.confirmation_of_booking_term = Some(TermWithMinutes { value: 90, unit: TimeUnit::Minutes });
        expected["confirmationOfBookingTerm"] = json!({"value": 90, "unit": "MINUTES"});
        assert_eq!(to_value(config).unwrap(), expected);
    }

    #[test]
    fn tri_2_a_name_and_an_address_of_mail_are_enough() {
        let least = json!({"firstname": "Ada", "lastname": "Byron", "email": "ada@example.org"});
        let request = json!({"leadCustomerData": least, "trialOfferConfigId": 7, "unknown": null});
        let request: TrialOfferLeadCustomerCreationRequest = from_value(request).unwrap();
        assert_eq!((request.trial_offer_config_id, request.lead_customer_data.telephone), (7, None));
        let address = json!({"street": "Long Street", "zipCode": "20095", "city": "Hamburg", "houseNumber": null});
        assert_eq!(from_value::<LeadCustomerAddressData>(address).unwrap().house_number, None);
        assert!(from_value::<LeadCustomerAddressData>(json!({"street": "Long Street"})).is_err());
    }

    #[test]
    fn tri_2_and_4_outcomes_are_written_as_documented() {
        for (status, text) in [
            (LeadCustomerValidationStatus::Possible, "POSSIBLE"),
            (LeadCustomerValidationStatus::InvalidLeadCustomerData, "INVALID_LEAD_CUSTOMER_DATA"),
            (LeadCustomerValidationStatus::DuplicateCustomer, "DUPLICATE_CUSTOMER"),
        ] {
            let result = TrialOfferLeadCustomerCreationValidationResult { validation_status: status };
            assert_eq!(to_value(result).unwrap(), json!({"validationStatus": text}));
        }
        for (status, text) in
            [(BookingConfirmationStatus::Confirmed, "CONFIRMED"), (BookingConfirmationStatus::Expired, "EXPIRED")]
        {
            assert_eq!(to_value(BookingConfirmationResult { status }).unwrap(), json!({"status": text}));
        }
        let made = TrialOfferLeadCustomerCreationResult { lead_customer_id: Some(3) };
        assert_eq!(to_value(made).unwrap(), json!({"leadCustomerId": 3}));
    }
}
