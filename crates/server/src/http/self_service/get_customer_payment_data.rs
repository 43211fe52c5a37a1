//! `GET /v1/customers/{customerId}/self-service/payment-data`: the account from which a member's dues are collected.

use gymkeeper_contract::self_service::CurrentPaymentData;
use gymkeeper_domain::customer::amendment::AmendmentKind;
use gymkeeper_store::{customer::bank_account, db::Tx};

use super::data_wire::View;
use crate::http::{answer::Answer, caller::Caller, failure::Failure, input::PathId};

pub(super) fn get_customer_payment_data(
    tx: &mut Tx<'_>,
    caller: &Caller,
    PathId(id): &PathId,
) -> Result<Answer<CurrentPaymentData<'static>>, Failure> {
    let view = View::of(tx, caller, *id, AmendmentKind::PaymentData)?;
    let account = bank_account::present(tx, caller.tenant(), *id)?;
    Answer::json(&view.payment(account.as_ref().map(|account| &account.account)))
}
