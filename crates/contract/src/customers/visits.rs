//! Visits of customers, and what they may still use.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::common::{RequestInstant, ZonedDateTime};

/// A visit of a customer.
// CHK-6
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CustomerCheckin<'a> {
    /// The id of the visit.
    pub checkin_id: i64,
    /// When the customer came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check_in_date_time: Option<ZonedDateTime>,
    /// When the customer went. Left out while inside.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check_out_date_time: Option<ZonedDateTime>,
    /// The id of the studio that was visited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub studio_id: Option<i64>,
    /// The name of the studio that was visited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub studio_name: Option<&'a str>,
}

/// Lets a customer in.
// CHK-2
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ManualCheckinRequest {
    /// When the customer came. Left out for now.
    pub check_in_date_time: Option<RequestInstant>,
}

/// Lets a customer out.
// CHK-2
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ManualCheckoutRequest {
    /// When the customer went. Left out for now.
    pub check_out_date_time: Option<RequestInstant>,
}

/// Whether a customer may use a benefit now.
// BEN-1
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "BenefitValidationDto")]
pub struct BenefitValidation<'a> {
    /// The key of the benefit.
    pub key: &'a str,
    /// Whether the customer may use it now.
    pub valid: bool,
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;
    use serde_json::{from_value, json, to_value};

    use super::*;

    #[test]
    fn chk_6_somebody_inside_has_not_checked_out() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let mut visit = CustomerCheckin {
            checkin_id: 1,
            check_in_date_time: Some(ZonedDateTime::new("2026-01-05T07:00:00Z".parse().unwrap(), &berlin)),
            check_out_date_time: None,
            studio_id: Some(2),
            studio_name: Some("Harbour"),
        };
        let mut expected = json!({
            "checkinId": 1,
            "checkInDateTime": "2026-01-05T08:00:00.000+01:00",
            "studioId": 2,
            "studioName": "Harbour"
        });
        assert_eq!(to_value(&visit).unwrap(), expected);
        visit.check_out_date_time = Some(ZonedDateTime::new("2026-01-05T08:30:00Z".parse().unwrap(), &berlin));
        expected["checkOutDateTime"] = json!("2026-01-05T09:30:00.000+01:00");
        assert_eq!(to_value(&visit).unwrap(), expected);
    }

    #[test]
    fn chk_2_the_time_of_a_visit_may_be_left_out() {
        assert_eq!(from_value::<ManualCheckinRequest>(json!({})).unwrap(), ManualCheckinRequest::default());
        let none = json!({"checkOutDateTime": null});
        assert_eq!(from_value::<ManualCheckoutRequest>(none).unwrap(), ManualCheckoutRequest::default());
        let sent = json!({"checkInDateTime": "2026-01-05T08:00:00+01:00"});
        let at = from_value::<ManualCheckinRequest>(sent).unwrap().check_in_date_time.unwrap();
        assert_eq!(at.0.to_string(), "2026-01-05T07:00:00Z");
        assert!(from_value::<ManualCheckoutRequest>(json!({"checkOutDateTime": "today"})).is_err());
    }

    #[test]
    fn ben_1_a_benefit_is_told_by_its_key() {
        let benefit = BenefitValidation { key: "solarium", valid: false };
        assert_eq!(to_value(benefit).unwrap(), json!({"key": "solarium", "valid": false}));
    }
}
