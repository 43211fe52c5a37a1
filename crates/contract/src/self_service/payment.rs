//! The bank account that direct debits are taken from.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::AmendmentConfigurationStatus;
use crate::common::Signature;

/// The bank account of a customer now.
// AMD-8
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "OpenApiV1CustomerDataDtoCustomerPaymentData")]
pub struct CurrentPaymentData<'a> {
    /// Whose account it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_holder: Option<&'a str>,
    /// The name of the bank.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bank_name: Option<&'a str>,
    /// The whole IBAN of the account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iban: Option<&'a str>,
    /// The BIC of the bank.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bic: Option<&'a str>,
    /// Whether a change must be signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub require_signature: Option<bool>,
    /// What becomes of a change.
    pub amendment_configuration_status: AmendmentConfigurationStatus,
    /// The change that waits for the studio.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pending_amendment: Option<PaymentDataAmendment<'a>>,
}

/// A change of the bank account.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "OpenApiV1CustomerDataPendingAmendmentDtoCustomerPaymentData")]
pub struct PaymentDataAmendment<'a> {
    /// The id of the change while it waits for the studio.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
    /// Whose account it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_holder: Option<&'a str>,
    /// The name of the bank.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bank_name: Option<&'a str>,
    /// The whole IBAN of the account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iban: Option<&'a str>,
    /// The BIC of the bank.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bic: Option<&'a str>,
    /// Whether the change must be signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub require_signature: Option<bool>,
}

/// The bank account that direct debits will be taken from.
// AMD-5
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "OpenApiV1CustomerPaymentAmendment")]
pub struct CustomerPaymentAmendment {
    /// Whose account it is.
    pub account_holder: String,
    /// The name of the bank.
    pub bank_name: String,
    /// The IBAN of the account, with or without spaces.
    pub iban: String,
    /// The BIC of the bank.
    pub bic: String,
    /// The signature of the customer, where `requireSignature` asks for it.
    pub signature: Option<Signature>,
}

#[cfg(test)]
mod tests {
    use serde_json::{from_value, json, to_value};

    use super::*;

    #[test]
    fn amd_5_an_account_is_four_fields_and_perhaps_a_signature() {
        let mut sent = json!({
            "accountHolder": "Ada Byron",
            "bankName": "Harbour Bank",
            "iban": "DE89 3704 0044 0532 0130 00",
            "bic": "COBADEFFXXX"
        });
        for field in sent.as_object().unwrap().keys() {
            let mut without = sent.clone();
            without.as_object_mut().unwrap().remove(field);
            assert!(from_value::<CustomerPaymentAmendment>(without).is_err(), "{field}");
        }
        sent["signature"] = json!(null);
        assert_eq!(from_value::<CustomerPaymentAmendment>(sent.clone()).unwrap().signature, None);
        sent["signature"] = json!({"base64SvgSignature": "PHN2Zy8+"});
        let signed: CustomerPaymentAmendment = from_value(sent.clone()).unwrap();
        assert_eq!(signed.signature.unwrap().base64_svg_signature, "PHN2Zy8+");
        sent["signature"] = json!({});
        assert!(from_value::<CustomerPaymentAmendment>(sent).is_err());
    }

    #[test]
    fn amd_8_a_customer_without_an_account_still_learns_about_signatures() {
        let data = CurrentPaymentData {
            account_holder: None,
            bank_name: None,
            iban: None,
            bic: None,
            require_signature: Some(true),
            amendment_configuration_status: AmendmentConfigurationStatus::ChangesWithoutVerification,
            pending_amendment: Some(PaymentDataAmendment { iban: Some("DE89"), ..PaymentDataAmendment::default() }),
        };
        let expected = json!({
            "requireSignature": true,
            "amendmentConfigurationStatus": "CHANGES_WITHOUT_VERIFICATION",
            "pendingAmendment": {"iban": "DE89"}
        });
        assert_eq!(to_value(data).unwrap(), expected);
    }
}
