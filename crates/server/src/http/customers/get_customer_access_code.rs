//! `GET /v1/customers/{customerId}/access-code`: a code that opens the door for a minute.

use gymkeeper_contract::{
    common::UtcDateTime,
    customers::{AccessCodeFormat, CustomerAccessCode},
    errors::ErrorCode,
};
use gymkeeper_store::db::Tx;

use crate::{
    actions::customer,
    http::{answer::Answer, caller::Caller, failure::Failure, input::PathId, links::Links},
};

pub(super) fn get_customer_access_code(
    links: &Links,
    tx: &mut Tx<'_>,
    caller: &Caller,
    PathId(id): &PathId,
) -> Result<Answer<CustomerAccessCode<'static>>, Failure> {
    let customer = customer::own(tx, caller, *id)?;
    if !customer::studio(tx, caller.tenant(), caller.studio())?.definition.access_code_enabled {
        return Err(ErrorCode::AccessCodeDisabled.into());
    }
    let (content, end) = links.access_code(caller.tenant(), customer.id, caller.system_now);
    Answer::json(&CustomerAccessCode {
        format: AccessCodeFormat::QrCode,
        expires_at: Some(UtcDateTime(end)),
        content: content.into(),
    })
}
