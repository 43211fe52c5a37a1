//! `GET /v1/customers/{customerId}/self-service/address-data`: where a member lives.

use gymkeeper_contract::self_service::CurrentAddressData;
use gymkeeper_domain::customer::amendment::AmendmentKind;
use gymkeeper_store::db::Tx;

use super::data_wire::View;
use crate::http::{answer::Answer, caller::Caller, failure::Failure, input::PathId};

pub(super) fn get_customer_address_data(
    tx: &mut Tx<'_>,
    caller: &Caller,
    PathId(id): &PathId,
) -> Result<Answer<CurrentAddressData<'static>>, Failure> {
    Answer::json(&View::of(tx, caller, *id, AmendmentKind::AddressData)?.address())
}
