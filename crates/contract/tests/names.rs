//! Types whose names in the document are not their names in the code.

use gymkeeper_contract::checkin_vouchers::CheckinVoucherRedeemResult;
use gymkeeper_contract::customers::{
    AccessMedium, BenefitValidation, CustomerCreateResult, CustomerStudioSwitchRequest,
};
use gymkeeper_contract::self_service::{
    AddressDataAmendment, ContactDataAmendment, CurrentAddressData, CurrentContactData, CurrentMasterData,
    CurrentPaymentData, CustomerPaymentAmendment, MasterDataAmendment, PaymentDataAmendment,
};
use schemars::JsonSchema;

fn name<T: JsonSchema>() -> String {
    T::schema_name().into_owned()
}

#[test]
fn the_document_has_the_names_of_the_contract() {
    let table = [
        (name::<AccessMedium>(), "AccessMediumDto"),
        (name::<BenefitValidation>(), "BenefitValidationDto"),
        (name::<CheckinVoucherRedeemResult>(), "OpenApiV1CheckinVoucherRedeemResultDto"),
        (name::<CustomerCreateResult>(), "OpenApiV1CustomerCreateResult"),
        (name::<CustomerStudioSwitchRequest>(), "OpenApiV1CustomerStudioSwitchRequestDto"),
        (name::<CustomerPaymentAmendment>(), "OpenApiV1CustomerPaymentAmendment"),
        (name::<CurrentAddressData>(), "OpenApiV1CustomerDataDtoCustomerAddressData"),
        (name::<CurrentContactData>(), "OpenApiV1CustomerDataDtoCustomerContactData"),
        (name::<CurrentMasterData>(), "OpenApiV1CustomerDataDtoCustomerMasterData"),
        (name::<CurrentPaymentData>(), "OpenApiV1CustomerDataDtoCustomerPaymentData"),
        (name::<AddressDataAmendment>(), "OpenApiV1CustomerDataPendingAmendmentDtoCustomerAddressData"),
        (name::<ContactDataAmendment>(), "OpenApiV1CustomerDataPendingAmendmentDtoCustomerContactData"),
        (name::<MasterDataAmendment>(), "OpenApiV1CustomerDataPendingAmendmentDtoCustomerMasterData"),
        (name::<PaymentDataAmendment>(), "OpenApiV1CustomerDataPendingAmendmentDtoCustomerPaymentData"),
    ];
    for (written, expected) in table {
        assert_eq!(written, expected);
    }
}
