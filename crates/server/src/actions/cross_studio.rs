//! What an integration sees beyond the studio of the key it calls with: the studios of the tenant where it is active.

use gymkeeper_contract::errors::ErrorCode;
use gymkeeper_store::{
    customer::{self, Customer},
    db::{DbError, Tx},
    keys,
    studio::{self, Studio},
};

use crate::http::{caller::Caller, failure::Failure};

/// The studios of the tenant in which the caller's integration is active, by id: its own, and those for which it has a key that
/// is neither revoked nor expired.
///
/// # Errors
/// The database's.
pub fn studios(tx: &mut Tx<'_>, caller: &Caller) -> Result<Vec<Studio>, DbError> {
    // Keys expire by the system's time, also where a sandbox has a clock of its own.
    let active = keys::studios_of(tx, caller.tenant(), caller.integration(), caller.system_now)?;
    let mut studios = studio::list(tx, caller.tenant())?;
    studios.retain(|studio| studio.id == caller.studio() || active.contains(&studio.id));
    Ok(studios)
}

/// The ids of [`studios`].
///
/// # Errors
/// The database's.
pub fn studio_ids(tx: &mut Tx<'_>, caller: &Caller) -> Result<Vec<i64>, DbError> {
    Ok(studios(tx, caller)?.into_iter().map(|studio| studio.id).collect())
}

/// The customer of that id among those of some home studios.
///
/// # Errors
/// Refuses one of any other studio as one that is not there, and one who does not want to be seen with 403.
pub fn find(tx: &mut Tx<'_>, caller: &Caller, studios: &[i64], id: i64) -> Result<Customer, Failure> {
    let found = customer::by_id(tx, caller.tenant(), id)?;
    permitted(found.filter(|customer| customer.archived_at.is_none() && studios.contains(&customer.studio_id)))
}

/// A customer who was looked for among those of the studios.
///
/// # Errors
/// As [`find`].
pub fn permitted(found: Option<Customer>) -> Result<Customer, Failure> {
    match found {
        None => Err(ErrorCode::CustomerNotFound.into()),
        Some(customer) if customer.withheld => Err(ErrorCode::ThirdPartyCustomerAccessDisabled.into()),
        Some(customer) => Ok(customer),
    }
}
