//! `POST /v1/customers/{customerId}/self-service/payment-data`: a member's dues shall be collected from another account.

use gymkeeper_contract::self_service::{CustomerPaymentAmendment, PaymentDataAmendment};
use gymkeeper_store::customer::bank_account::Account;

use super::data_wire;
use crate::{
    actions::{
        change::Change,
        customer::{
            self,
            amendment::{self, Data, Wanted},
            bank,
        },
    },
    http::{
        answer::Answer,
        caller::Caller,
        drawing::{self, Form},
        failure::Failure,
        input::{Json, PathId, filled},
    },
};

/// Longest names, in characters.
const LINE: usize = 255;
/// Where the drawing is in a request.
const DRAWING: &str = "signature.base64SvgSignature";

pub(super) fn create_customer_payment_data_amendment(
    change: &mut Change<'_, '_>,
    caller: &Caller,
    (PathId(id), Json(wanted)): &(PathId, Json<CustomerPaymentAmendment>),
) -> Result<Answer<PaymentDataAmendment<'static>>, Failure> {
    let customer = customer::own_alone(change, caller, *id)?;
    let home = customer::studio(change.tx, change.tenant, customer.studio_id)?;
    let account = account(wanted)?;
    let signature = match &wanted.signature {
        None => None,
        Some(signature) => drawing::read(DRAWING, &signature.base64_svg_signature, Form::Base64)?,
    };
    let asked = Wanted { data: Data::Payment(account.clone()), signature };
    let id = amendment::ask(change, &home, customer, &asked)?;
    Answer::json(&data_wire::payment(id, &account, amendment::requires_signature(&home)))
}

/// AMD-5: all four fields.
fn account(wanted: &CustomerPaymentAmendment) -> Result<Account, Failure> {
    bank::checked(Account {
        account_holder: filled("accountHolder", &wanted.account_holder, LINE)?,
        bank_name: Some(filled("bankName", &wanted.bank_name, LINE)?),
        iban: filled("iban", &wanted.iban, LINE)?,
        bic: Some(filled("bic", &wanted.bic, LINE)?),
    })
}
