//! What customers allow third parties (AUTH-5, LAW-9).

use gymkeeper_contract::webhooks::Event;
use gymkeeper_store::{
    customer::{self, Customer},
    db::DbError,
};

use super::{deed, updated};
use crate::actions::change::Change;

/// Records whether third parties may see a customer, and answers whether that is another answer than before. A refusal is the
/// last thing that programs are told of the customer; whoever allows it again is told of as somebody whose data changed.
///
/// # Errors
/// The database's.
pub fn set_third_party_access(
    change: &mut Change<'_, '_>,
    customer: &mut Customer,
    allowed: bool,
) -> Result<bool, DbError> {
    if customer.withheld != allowed {
        return Ok(false);
    }
    customer.withheld = !allowed;
    customer::update(change.tx, change.tenant, customer)?;
    let deed = if allowed {
        updated("customer.third-party-access-granted", customer)
    } else {
        let event = Event::CustomerAccessDisabled { customer_id: customer.id };
        deed("customer.third-party-access-withdrawn", customer).event(event)
    };
    change.record(deed.field("thirdPartyAccess", !allowed, allowed));
    Ok(true)
}
