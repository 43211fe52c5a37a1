//! `POST /v1/customers/{customerId}/self-service/payment-data`: a member's dues shall be collected from another account.

use gymkeeper_contract::{
    errors::{Argument, ErrorCode},
    self_service::{CustomerPaymentAmendment, PaymentDataAmendment},
};
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
        failure::{Failure, Refusal},
        input::{Json, PathId, filled, invalid},
    },
    signature::{self, NotASignature},
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
        Some(signature) => drawing(&signature.base64_svg_signature)?,
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

/// The drawing of a signature; an empty one is none.
fn drawing(base64: &str) -> Result<Option<String>, Failure> {
    if base64.trim().is_empty() {
        return Ok(None);
    }
    signature::read(base64).map(Some).map_err(|reason| match reason {
        NotASignature::NoDrawing => invalid(DRAWING),
        NotASignature::TooLarge => {
            // The limit is on the drawing; told as what the field takes, four letters for three bytes.
            let most = i64::try_from(signature::MOST_BYTES.div_ceil(3) * 4).unwrap_or(i64::MAX);
            let refusal = Refusal::new(ErrorCode::ValidationFieldTooLong).with_text(DRAWING);
            refusal.with(Argument::Integer(most)).at(DRAWING).into()
        }
    })
}
