//! `PUT /v1/customers/{customerId}/images`: replaces a customer's picture.

use std::sync::Arc;

use bytes::Bytes;
use gymkeeper_contract::{
    customers::{CustomerImage, CustomerImageForm},
    errors::ErrorCode,
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
        failure::{Failure, Refusal},
        input::{PathId, invalid},
        links::{Lifetime, Links},
        upload::{Form, Staged, Upload},
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
    Ok((id, Staged::new(&app, "profile.jpg".to_owned(), made_small(upload.content).await?).await?))
}

/// A picture of a person, small and clean.
///
/// # Errors
/// Refuses what is no picture, or too large a one.
pub(in crate::http) async fn made_small(content: Bytes) -> Result<Bytes, Failure> {
    let unsupported = || Failure::from(Refusal::new(ErrorCode::FileTypeUnsupported).at(ImageForm::PART));
    let picture = images::profile_picture(content).await.map_err(|refusal| match refusal {
        ImageRefusal::TooLarge => Upload::<ImageForm>::too_large(),
        ImageRefusal::TypeUnsupported => unsupported(),
        ImageRefusal::TooManyPixels | ImageRefusal::Damaged => invalid(ImageForm::PART),
    })?;
    Ok(picture.into())
}

pub(super) fn update_image(
    links: &Links,
    change: &mut Change<'_, '_>,
    caller: &Caller,
    (PathId(id), staged): &Ready,
) -> Result<Answer<CustomerImage<'static>>, Failure> {
    let customer = customer::own_alone(change, caller, *id)?;
    let file = staged.keep(change)?;
    files::replace_picture(change, &customer, Some(file), links.folder())?;
    let link = links.link(caller.tenant(), file, Lifetime::Person, caller.system_now);
    Answer::json(&CustomerImage { image_url: Some(link.into()) })
}
