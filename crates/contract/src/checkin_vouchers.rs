//! Request and answer of the group Checkin vouchers: a voucher becomes a code that opens the door.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A voucher, and who wants to come in with it.
// CHV-1: names are spelt in one word here.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CheckinVoucherRedeem {
    /// The code on the voucher.
    pub voucher_code: String,
    /// The first name.
    pub firstname: String,
    /// The family name.
    pub lastname: String,
    /// The e-mail address, by which the gym finds somebody it knows.
    pub email: String,
}

/// What the voucher became.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "OpenApiV1CheckinVoucherRedeemResultDto")]
pub struct CheckinVoucherRedeemResult<'a> {
    /// The code that opens the door of the studio.
    pub studio_access_code: &'a str,
}

#[cfg(test)]
mod tests {
    use serde_json::{from_value, json, to_value};

    use super::*;

    #[test]
    fn chv_1_a_voucher_is_redeemed_by_somebody_with_an_address() {
        let mut sent =
            json!({"voucherCode": "ABC", "firstname": "Ada", "lastname": "Byron", "email": "ada@example.org"});
        let redeem: CheckinVoucherRedeem = from_value(sent.clone()).unwrap();
        assert_eq!((redeem.voucher_code.as_str(), redeem.lastname.as_str()), ("ABC", "Byron"));
        sent.as_object_mut().unwrap().remove("email");
        assert!(from_value::<CheckinVoucherRedeem>(sent).is_err());
        let result = CheckinVoucherRedeemResult { studio_access_code: "K7M2P9QX" };
        assert_eq!(to_value(result).unwrap(), json!({"studioAccessCode": "K7M2P9QX"}));
    }
}
