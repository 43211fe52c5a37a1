//! `GET /v1/customers/{customerId}/self-service/master-data`: who a member is.

use gymkeeper_contract::self_service::CurrentMasterData;
use gymkeeper_domain::customer::amendment::AmendmentKind;
use gymkeeper_store::db::Tx;

use super::data_wire::View;
use crate::http::{answer::Answer, caller::Caller, failure::Failure, input::PathId};

pub(super) fn get_customer_master_data(
    tx: &mut Tx<'_>,
    caller: &Caller,
    PathId(id): &PathId,
) -> Result<Answer<CurrentMasterData<'static>>, Failure> {
    Answer::json(&View::of(tx, caller, *id, AmendmentKind::MasterData)?.master())
}
