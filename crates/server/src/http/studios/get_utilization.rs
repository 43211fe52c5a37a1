//! `GET /v1/studios/utilization`: how many people are inside, and how many may be.

use gymkeeper_contract::studios::StudioUtilization;
use gymkeeper_store::{
    db::Tx,
    studio::{self, checkin},
};

use crate::http::{answer::Answer, caller::Caller, failure::Failure};

pub(super) fn get_utilization(tx: &mut Tx<'_>, caller: &Caller, (): &()) -> Result<Answer<StudioUtilization>, Failure> {
    let capacity = studio::capacity(tx, caller.tenant(), caller.studio())?.flatten();
    let count = checkin::count_open(tx, caller.tenant(), caller.studio())?;
    Answer::json(&StudioUtilization {
        capacity: capacity.and_then(|capacity| i32::try_from(capacity).ok()),
        count: i32::try_from(count).unwrap_or(i32::MAX),
    })
}
