//! What is measured of customers' bodies.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Number;

use crate::common::{Gender, LocalDate};

/// What a scale needs to know about the customer who stands on it.
// CUST-15, CUST-24
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Measurement<'a> {
    /// The id of the customer.
    pub id: i64,
    /// The first name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<&'a str>,
    /// The family name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<&'a str>,
    /// The age in years, as of today.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age: Option<i32>,
    /// The day of birth.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_of_birth: Option<LocalDate>,
    /// The gender. Left out where it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gender: Option<Gender>,
    /// The height at the newest weighing, in centimetres. Left out before the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<Number>,
}

/// The result of a weighing.
// CUST-24: it is answered as it was sent, so the numbers are neither rounded to two decimals nor turned into floats.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CustomerWeighings<'a> {
    /// The id of the weighing. Ignored in requests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database_id: Option<i64>,
    /// How much energy the body needs at rest, in the unit of the scale.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basal_metabolic_rate: Option<Number>,
    /// The fat of the body in kilograms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body_fat_mass: Option<Number>,
    /// The weight in kilograms by the square of the height in metres.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body_mass_index: Option<Number>,
    /// Everything but the fat, in kilograms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fat_free_mass: Option<Number>,
    /// The fat of the body in percent of the weight.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percent_body_fat: Option<Number>,
    /// The muscles of the skeleton in percent of the weight.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percent_skeletal_muscle_mass: Option<Number>,
    /// The muscles of the skeleton in kilograms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skeletal_muscle_mass: Option<Number>,
    /// The water of the body in litres.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_body_water: Option<Number>,
    /// How much fat there is around the organs, from 1 to 9.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visceral_fat_level: Option<i32>,
    /// The weight in kilograms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<Number>,
    /// The height in centimetres.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<Number>,
    /// The fat of the left arm in kilograms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bfm_left_arm: Option<Number>,
    /// The fat of the left leg in kilograms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bfm_left_leg: Option<Number>,
    /// The fat of the left arm in percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bfm_percent_left_arm: Option<Number>,
    /// The fat of the left leg in percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bfm_percent_left_leg: Option<Number>,
    /// The fat of the right arm in percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bfm_percent_right_arm: Option<Number>,
    /// The fat of the right leg in percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bfm_percent_right_leg: Option<Number>,
    /// The fat of the trunk in percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bfm_percent_trunk: Option<Number>,
    /// The fat of the right arm in kilograms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bfm_right_arm: Option<Number>,
    /// The fat of the right leg in kilograms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bfm_right_leg: Option<Number>,
    /// The fat of the trunk in kilograms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bfm_trunk: Option<Number>,
    /// Everything but the fat of the left arm, in kilograms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ffm_left_arm: Option<Number>,
    /// Everything but the fat of the left leg, in kilograms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ffm_left_leg: Option<Number>,
    /// Everything but the fat of the left arm, in percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ffm_percent_left_arm: Option<Number>,
    /// Everything but the fat of the left leg, in percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ffm_percent_left_leg: Option<Number>,
    /// Everything but the fat of the right arm, in percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ffm_percent_right_arm: Option<Number>,
    /// Everything but the fat of the right leg, in percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ffm_percent_right_leg: Option<Number>,
    /// Everything but the fat of the trunk, in percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ffm_percent_trunk: Option<Number>,
    /// Everything but the fat of the right arm, in kilograms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ffm_right_arm: Option<Number>,
    /// Everything but the fat of the right leg, in kilograms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ffm_right_leg: Option<Number>,
    /// Everything but the fat of the trunk, in kilograms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ffm_trunk: Option<Number>,
    /// What the scale sent, kept as it is for the scale's own displays.
    pub raw_results: Cow<'a, str>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn cust_24_a_weighing_comes_back_as_it_was_sent() {
        let mut sent = json!({
            "bodyMassIndex": 22.375,
            "visceralFatLevel": 3,
            "weight": 71,
            "bfmPercentLeftArm": 12.25,
            "ffmRightLeg": 9.125,
            "rawResults": "<xml/>"
        });
        let weighing: CustomerWeighings<'static> = serde_json::from_value(sent.clone()).unwrap();
        assert_eq!(weighing.bfm_percent_left_arm, Number::from_f64(12.25));
        assert_eq!(serde_json::to_value(&weighing).unwrap(), sent);
        sent["databaseId"] = json!(9);
        assert_eq!(serde_json::to_value(CustomerWeighings { database_id: Some(9), ..weighing }).unwrap(), sent);
    }

    #[test]
    fn only_the_raw_results_must_be_sent() {
        let sent = json!({"rawResults": "", "weight": null, "unknown": 1});
        assert_eq!(serde_json::from_value::<CustomerWeighings<'static>>(sent).unwrap(), CustomerWeighings::default());
        assert!(serde_json::from_value::<CustomerWeighings<'static>>(json!({"weight": 70})).is_err());
    }

    #[test]
    fn cust_24_a_customer_never_weighed_has_no_height() {
        let measurement = Measurement { id: 7, age: Some(30), ..Measurement::default() };
        assert_eq!(serde_json::to_value(measurement).unwrap(), json!({"id": 7, "age": 30}));
    }
}
