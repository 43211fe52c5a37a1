//! `PUT /v1/customers/{customerId}/images`: replaces a customer's picture.

use std::sync::Arc;

use gymkeeper_contract::{
    customers::{CustomerImage, CustomerImageForm},
    errors::ErrorCode,
};
use gymkeeper_store::customer::{self as stored, Customer};

use crate::{
    actions::{
        change::Change,
        customer::{self, updated},
    },
    app::App,
    http::{
        answer::Answer,
        caller::Caller,
        failure::{Failure, Refusal},
        input::{PathId, invalid},
        links::{Lifetime, Links},
        upload::{Form, Staged, Upload, too_large},
    },
    images::{self, ImageRefusal},
};

/// The form with a picture (CUST-20, FILE-3).
#[derive(Debug, Clone, Copy)]
pub(super) struct ImageForm;

impl Form for ImageForm {
    type Schema = CustomerImageForm;
    const PART: &'static str = "image";
    const MOST_BYTES: usize = 10 << 20;
}

type Sent = (PathId, Upload<ImageForm>);
pub(super) type Ready = (PathId, Staged);

/// FILE-1: the picture is made small and clean before anything else.
pub(super) async fn prepare(app: Arc<App>, (id, upload): Sent) -> Result<Ready, Failure> {
    let unsupported = || Failure::from(Refusal::new(ErrorCode::FileTypeUnsupported).at(ImageForm::PART));
    let picture = images::profile_picture(upload.content).await.map_err(|refusal| match refusal {
        ImageRefusal::TooLarge => too_large(ImageForm::MOST_BYTES, ImageForm::PART),
        ImageRefusal::TypeUnsupported => unsupported(),
        ImageRefusal::TooManyPixels | ImageRefusal::Damaged => invalid(ImageForm::PART),
    })?;
    Ok((id, Staged::new(&app, "profile.jpg".to_owned(), picture.into()).await?))
}

pub(super) fn update_image(
    links: &Links,
    change: &mut Change<'_, '_>,
    caller: &Caller,
    (PathId(id), staged): &Ready,
) -> Result<Answer<CustomerImage<'static>>, Failure> {
    let customer = customer::own_alone(change, caller, *id)?;
    let file = staged.keep(change)?;
    if customer.image_file_id != Some(file) {
        let changed = Customer { image_file_id: Some(file), ..customer };
        stored::update(change.tx, change.tenant, &changed)?;
        change.record(updated("customer.image-replaced", &changed).personal_field("image"));
    }
    let link = links.link(caller.tenant(), file, Lifetime::Person, caller.system_now);
    Answer::json(&CustomerImage { image_url: Some(link.into()) })
}
