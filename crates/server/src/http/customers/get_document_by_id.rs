//! `GET /v1/customers/{customerId}/documents/{id}`: one document of a customer.

use gymkeeper_contract::{customers::CustomerDocument, errors::ErrorCode};
use gymkeeper_store::{customer::document, db::Tx};

use super::get_documents::wire;
use crate::{
    actions::customer,
    http::{answer::Answer, caller::Caller, failure::Failure, input::PathId, links::Links},
};

pub(super) fn get_document_by_id(
    links: &Links,
    tx: &mut Tx<'_>,
    caller: &Caller,
    (PathId(id), PathId(document)): &(PathId, PathId<1>),
) -> Result<Answer<CustomerDocument<'static>>, Failure> {
    let customer = customer::own(tx, caller, *id)?;
    let found = document::find(tx, caller.tenant(), *document)?.filter(|found| found.customer_id == customer.id);
    Answer::json(&wire(links, caller, &found.ok_or(ErrorCode::DocumentNotFound)?))
}
