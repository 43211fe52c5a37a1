//! `GET /v1/customers/{customerId}/documents`: a customer's documents, the newest first.

use gymkeeper_contract::{common::Slice, customers::CustomerDocument, openapi::Described};
use gymkeeper_store::{
    customer::document::{self, Document},
    db::Tx,
};

use crate::{
    actions::customer,
    http::{
        answer::Answer,
        caller::Caller,
        failure::Failure,
        input::{Input, Parts, PathId},
        links::{Lifetime, Links},
        paging::{self, JsonSlice, SliceRequest},
    },
};

/// A slice of what happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Page(SliceRequest);

impl Input for Page {
    fn parse(parts: &Parts) -> Result<Self, Failure> {
        SliceRequest::parse(parts, paging::HISTORY).map(Self)
    }

    fn describe(described: Described) -> Described {
        described.slices(1, 10, 50)
    }
}

pub(super) fn get_documents(
    links: &Links,
    tx: &mut Tx<'_>,
    caller: &Caller,
    (PathId(id), Page(page)): &(PathId, Page),
) -> Result<Answer<Slice<CustomerDocument<'static>>>, Failure> {
    let customer = customer::own(tx, caller, *id)?;
    let mut slice = JsonSlice::new(*page);
    for found in document::of_customer(tx, caller.tenant(), customer.id, page.offset, page.fetch())? {
        slice.push(found.id, &wire(links, caller, &found))?;
    }
    Ok(slice.finish_by_index())
}

pub(super) fn wire<'d>(links: &Links, caller: &Caller, document: &'d Document) -> CustomerDocument<'d> {
    let link = links.link(caller.tenant(), document.file_id, Lifetime::Person, caller.system_now);
    CustomerDocument {
        url: Some(link.into()),
        id: Some(document.id),
        file_name: Some(&document.name),
        description: document.description.as_deref(),
    }
}
