//! How customers are recognised at the door, and what keeps them out.

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::common::{LocalDate, UtcDateTime};

/// How the number of a card is written.
// CUST-9
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(extend("default" = "DECIMAL"))]
pub enum CardNumberFormat {
    /// As a decimal number.
    #[default]
    Decimal,
    /// As bytes in hexadecimal, the most significant first.
    HexMsb,
    /// As bytes in hexadecimal, the least significant first.
    HexLsb,
}

/// Something by which a customer is recognised.
// CUST-18: adding one needs type and value, although the API requires neither.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "AccessMediumDto")]
pub struct AccessMedium<'a> {
    /// The id of the access medium. Ignored in requests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
    /// What kind of thing it is. Needed to add one.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<AccessMediumType>,
    /// What is read from it: a number, a code or an identifier. Needed to add one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Cow<'a, str>>,
}

/// A kind of access medium.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub enum AccessMediumType {
    /// A card with a number.
    CardNumber,
    /// A number that the customer knows by heart.
    Pin,
    /// The content of a barcode.
    Barcode,
    /// The identifier of a pass in a wallet on a phone.
    WalletPass,
}

/// A new value for an access medium.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UpdateAccessIdentificationRequest {
    /// What will be read from the access medium.
    pub value: Option<String>,
}

/// A restriction that keeps a customer out.
// CUST-11
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccessRestriction<'a> {
    /// Why the customer may not enter.
    pub reason: Cow<'a, str>,
    /// The first day. Without it and the last day the restriction holds until it is taken away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_date: Option<LocalDate>,
    /// The last day. It comes with the first day or not at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_date: Option<LocalDate>,
}

/// A code that opens the door for a short time.
// CUST-13
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CustomerAccessCode<'a> {
    /// How the content is to be shown to the reader at the door.
    pub format: AccessCodeFormat,
    /// Until when the code opens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<UtcDateTime>,
    /// What the code must hold.
    pub content: Cow<'a, str>,
}

/// How an access code is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[schemars(inline)]
pub enum AccessCodeFormat {
    /// As a QR code.
    QrCode,
}

#[cfg(test)]
mod tests {
    use jiff::civil;
    use serde_json::{from_value, json, to_value};

    use super::*;

    #[test]
    fn cust_9_card_numbers_are_decimal_unless_asked_otherwise() {
        assert_eq!(to_value(CardNumberFormat::default()).unwrap(), json!("DECIMAL"));
        assert_eq!(to_value(CardNumberFormat::HexMsb).unwrap(), json!("HEX_MSB"));
        assert_eq!(from_value::<CardNumberFormat>(json!("HEX_LSB")).unwrap(), CardNumberFormat::HexLsb);
        assert!(from_value::<CardNumberFormat>(json!("hex_lsb")).is_err());
    }

    #[test]
    fn an_access_medium_is_read_and_written() {
        let sent = json!({"type": "CARD_NUMBER", "value": "77771716", "id": null});
        let medium: AccessMedium<'static> = from_value(sent).unwrap();
        assert_eq!(medium.kind, Some(AccessMediumType::CardNumber));
        let stored = AccessMedium { id: Some(3), ..medium };
        assert_eq!(to_value(stored).unwrap(), json!({"id": 3, "type": "CARD_NUMBER", "value": "77771716"}));
        assert_eq!(from_value::<AccessMedium<'static>>(json!({})).unwrap(), AccessMedium::default());
        assert!(from_value::<AccessMedium<'static>>(json!({"type": "KEY"})).is_err());
    }

    #[test]
    fn cust_11_a_restriction_needs_a_reason_and_no_days() {
        let restriction: AccessRestriction<'static> = from_value(json!({"reason": "Debts", "endDate": null})).unwrap();
        assert_eq!((restriction.start_date, restriction.end_date), (None, None));
        assert_eq!(to_value(&restriction).unwrap(), json!({"reason": "Debts"}));
        let limited = AccessRestriction {
            start_date: Some(civil::date(2026, 1, 1).into()),
            end_date: Some(civil::date(2026, 1, 31).into()),
            ..restriction
        };
        let expected = json!({"reason": "Debts", "startDate": "2026-01-01", "endDate": "2026-01-31"});
        assert_eq!(to_value(limited).unwrap(), expected);
        assert!(from_value::<AccessRestriction<'static>>(json!({"startDate": "2026-01-01"})).is_err());
    }

    #[test]
    fn cust_13_an_access_code_ends_in_utc() {
        let code = CustomerAccessCode {
            format: AccessCodeFormat::QrCode,
            expires_at: Some(UtcDateTime("2026-01-05T08:01:00Z".parse().unwrap())),
            content: "abc".into(),
        };
        let expected = json!({"format": "QR_CODE", "expiresAt": "2026-01-05T08:01:00Z", "content": "abc"});
        assert_eq!(to_value(code).unwrap(), expected);
    }
}
