//! `POST /v1/customers/{customerId}/documents`: stores a document of a customer.

use std::sync::Arc;

use gymkeeper_contract::{
    customers::{CustomerDocumentForm, CustomerDocumentUploadResult},
    openapi::Described,
};

use crate::{
    actions::{
        change::Change,
        customer::{self, files},
    },
    app::App,
    http::{
        answer::Answer,
        caller::Caller,
        failure::Failure,
        input::{Input, Parts, PathId, optional, query_value},
        upload::{Form, Staged, Upload},
    },
};

/// The form with a document (CUST-20, FILE-3).
#[derive(Debug, Clone, Copy)]
pub(super) struct DocumentForm;

impl Form for DocumentForm {
    type Schema = CustomerDocumentForm;
    const PART: &'static str = "file";
    const MOST_BYTES: usize = 20 << 20;
}

/// What is said about a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::http) struct Description(pub(in crate::http) Option<String>);

impl Input for Description {
    fn parse(parts: &Parts) -> Result<Self, Failure> {
        optional("description", query_value(&parts.query, "description").as_deref(), 1000).map(Self)
    }

    fn describe(described: Described) -> Described {
        described.query::<String>("description", "What the document is.")
    }
}

type Sent = (PathId, (Description, Upload<DocumentForm>));
pub(super) type Ready = (PathId, Description, Staged);

pub(super) async fn prepare(app: Arc<App>, (id, (description, upload)): Sent) -> Result<Ready, Failure> {
    Ok((id, description, Staged::new(&app, upload.name, upload.content).await?))
}

pub(super) fn upload_document(
    change: &mut Change<'_, '_>,
    caller: &Caller,
    (PathId(id), Description(description), staged): &Ready,
) -> Result<Answer<CustomerDocumentUploadResult>, Failure> {
    let customer = customer::own_alone(change, caller, *id)?;
    let file = staged.keep(change)?;
    let id = files::add_document(change, &customer, file, description.as_deref())?;
    Answer::json(&CustomerDocumentUploadResult { id: Some(id) })
}
