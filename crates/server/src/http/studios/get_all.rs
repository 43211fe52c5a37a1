//! `GET /v1/studios/tags`: every tag that a studio may wear.

use gymkeeper_contract::common::Tag;
use gymkeeper_store::{db::Tx, studio::tag};

use crate::http::{
    answer::{Answer, JsonList},
    caller::Caller,
    failure::Failure,
};

pub(super) fn get_all(tx: &mut Tx<'_>, caller: &Caller, (): &()) -> Result<Answer<Vec<Tag<'static>>>, Failure> {
    let mut list = JsonList::default();
    for tag in tag::list(tx, caller.tenant())? {
        list.push(&Tag { name: tag.name.into() })?;
    }
    Ok(list.finish())
}
