//! What to search customers by.

use schemars::JsonSchema;
use serde::Deserialize;

use super::CardNumberFormat;
use crate::common::LocalDate;

/// What customers are searched by. Somebody is found whom everything given fits, and something must be given.
// CUST-7
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CustomerSearchRequest {
    /// How the first name begins.
    pub first_name: Option<String>,
    /// How the family name begins.
    pub last_name: Option<String>,
    /// The whole e-mail address.
    pub email: Option<String>,
    /// The day of birth.
    pub date_of_birth: Option<LocalDate>,
    /// A telephone number in any spelling. The contract does not mention it, yet clients search by it.
    // CLI-10
    #[schemars(skip)]
    pub phone_number: Option<String>,
    /// How the numbers of cards are written in the answer.
    #[schemars(extend("default" = "DECIMAL"))]
    pub card_number_format: Option<CardNumberFormat>,
}

#[cfg(test)]
mod tests {
    use jiff::civil;
    use serde_json::{from_value, json};

    use super::*;

    #[test]
    fn cust_7_every_criterion_may_be_left_out() {
        let empty = json!({"firstName": null, "unknown": true});
        assert_eq!(from_value::<CustomerSearchRequest>(empty).unwrap(), CustomerSearchRequest::default());
        let sent = json!({"lastName": "By", "dateOfBirth": "1990-12-10", "cardNumberFormat": "HEX_LSB"});
        let expected = CustomerSearchRequest {
            last_name: Some("By".to_owned()),
            date_of_birth: Some(civil::date(1990, 12, 10).into()),
            card_number_format: Some(CardNumberFormat::HexLsb),
            ..CustomerSearchRequest::default()
        };
        assert_eq!(from_value::<CustomerSearchRequest>(sent).unwrap(), expected);
        assert!(from_value::<CustomerSearchRequest>(json!({"dateOfBirth": "10.12.1990"})).is_err());
    }
}
