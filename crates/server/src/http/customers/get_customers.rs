//! `GET /v1/customers`: the studio's customers of one status, in slices.

use gymkeeper_contract::{common::Slice, customers::Customer};
use gymkeeper_store::{
    customer::find::{self, Slice as Rows, Viewer},
    db::Tx,
};

use super::{customer_wire::View, drawn::ShownIban, portraits::Showing, query::Wanted};
use crate::http::{answer::Answer, caller::Caller, failure::Failure};

pub(super) fn get_customers(
    showing: &Showing,
    tx: &mut Tx<'_>,
    caller: &Caller,
    wanted: &Wanted,
) -> Result<Answer<Slice<Customer<'static>>>, Failure> {
    let (tenant, studio, slice) = (caller.tenant(), caller.studio(), wanted.slice);
    let view = View::new(showing, tx, caller, wanted.format, ShownIban::Masked)?;
    let rows = Rows { after: slice.offset, limit: slice.fetch() };
    let which = (wanted.status, caller.today());
    let found = find::slice(tx, tenant, studio, which, Viewer::ThirdParty, rows)?;
    view.slice(tx, &found, slice)
}
