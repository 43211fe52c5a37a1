//! `GET /v1/customers`: the studio's customers of one status, in slices.

use gymkeeper_contract::{common::Slice, customers::Customer};
use gymkeeper_store::{
    customer::find::{self, Slice as Rows, Viewer},
    db::Tx,
};

use super::{customer_wire::View, query::Wanted};
use crate::http::{answer::Answer, caller::Caller, failure::Failure, links::Links};

pub(super) fn get_customers(
    links: &Links,
    tx: &mut Tx<'_>,
    caller: &Caller,
    wanted: &Wanted,
) -> Result<Answer<Slice<Customer<'static>>>, Failure> {
    let (tenant, studio, slice) = (caller.tenant(), caller.studio(), wanted.slice);
    let rows = Rows { after: slice.offset, limit: slice.fetch() };
    let found = find::slice(tx, tenant, studio, wanted.status, Viewer::ThirdParty, caller.today(), rows)?;
    View::new(links, caller, wanted.format).slice(tx, &found, slice)
}
