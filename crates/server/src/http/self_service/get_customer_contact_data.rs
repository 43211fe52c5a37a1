//! `GET /v1/customers/{customerId}/self-service/contact-data`: how a member can be reached.

use gymkeeper_contract::self_service::CurrentContactData;
use gymkeeper_domain::customer::amendment::AmendmentKind;
use gymkeeper_store::db::Tx;

use super::data_wire::View;
use crate::http::{answer::Answer, caller::Caller, failure::Failure, input::PathId};

pub(super) fn get_customer_contact_data(
    tx: &mut Tx<'_>,
    caller: &Caller,
    PathId(id): &PathId,
) -> Result<Answer<CurrentContactData<'static>>, Failure> {
    Answer::json(&View::of(tx, caller, *id, AmendmentKind::ContactData)?.contact())
}
