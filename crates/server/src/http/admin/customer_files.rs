//! The resource Customer files: pictures and documents, each as the body of its request.

use std::sync::Arc;

use bytes::Bytes;
use gymkeeper_contract::{
    admin::{
        customer_files as wire,
        customers::{CustomerRecord, DocumentEntry},
    },
    openapi::Described,
};

use super::{
    customer_wire::link,
    customers::{answer, of_studio, present},
    frame::{Call, Mounted, by_steps, with_links, write},
    member::Member,
    picture::Picture,
};
use crate::{
    actions::{change::Change, customer::files},
    http::{
        answer::Answer,
        customers::{update_image::made_small, upload_document::Description},
        failure::Failure,
        input::{BodyLimit, Input, Parts, PathId, filled, query_value},
        links::Links,
        upload::{self, LONGEST_NAME, Staged, file_name},
    },
};

/// The largest document, in bytes (FILE-3).
const DOCUMENT_BYTES: usize = 20 << 20;

/// The operations of the resource.
pub(super) fn operations(links: &Arc<Links>) -> Vec<Mounted> {
    vec![
        by_steps(&wire::SET_CUSTOMER_IMAGE, set_customer_image),
        write(&wire::REMOVE_CUSTOMER_IMAGE, with_links!(links, remove_customer_image)),
        by_steps(&wire::ADD_CUSTOMER_DOCUMENT, add_customer_document),
    ]
}

/// A document as the body of a request, under the name that the query gives it.
#[derive(Clone)]
struct Document {
    name: String,
    content: Bytes,
}

impl Input for Document {
    const BODY: Option<BodyLimit> =
        Some(BodyLimit { most: Some(DOCUMENT_BYTES), refusal: |most| upload::too_large(most).into() });

    fn parse(parts: &Parts) -> Result<Self, Failure> {
        let name = filled("name", &query_value(&parts.query, "name").unwrap_or_default(), LONGEST_NAME)?;
        Ok(Self { name: file_name(&name), content: parts.body.clone() })
    }

    fn describe(described: Described) -> Described {
        let what = "The name of the file, such as `waiver.pdf`; of a path, the last part counts.";
        described.required_query::<String>("name", what).bytes("application/octet-stream")
    }
}

async fn set_customer_image(call: Call<(PathId, Picture)>) -> Result<Answer<CustomerRecord>, Failure> {
    let (PathId(id), Picture(bytes)) = call.input.clone();
    // Nothing is stored for somebody who is not there.
    call.read(move |tx, member| of_studio(tx, member, id)).await?;
    let staged = Staged::new(&call.app, "profile.jpg".to_owned(), made_small(bytes).await?).await?;
    let links = Arc::clone(&call.app.links);
    call.write(move |change, member| {
        let customer = present(change, member, id)?;
        let file = staged.keep(change)?;
        files::replace_picture(change, &customer, Some(file), links.folder())?;
        answer(&links, change, member, id)
    })
    .await
}

fn remove_customer_image(
    links: &Links,
    change: &mut Change<'_, '_>,
    member: &Member,
    PathId(id): &PathId,
) -> Result<Answer<CustomerRecord>, Failure> {
    let customer = present(change, member, *id)?;
    files::replace_picture(change, &customer, None, links.folder())?;
    answer(links, change, member, *id)
}

async fn add_customer_document(
    call: Call<(PathId, (Description, Document))>,
) -> Result<Answer<DocumentEntry>, Failure> {
    let (PathId(id), (Description(description), Document { name, content })) = call.input.clone();
    call.read(move |tx, member| of_studio(tx, member, id)).await?;
    let staged = Staged::new(&call.app, name.clone(), content).await?;
    let links = Arc::clone(&call.app.links);
    call.write(move |change, member| {
        let customer = present(change, member, id)?;
        let file = staged.keep(change)?;
        let document = files::add_document(change, &customer, file, description.as_deref())?;
        let url = link(&links, member, file);
        let (file_name, description) = (name.clone(), description.clone());
        Answer::json(&DocumentEntry { id: document, file_name, description, url })
    })
    .await
}
