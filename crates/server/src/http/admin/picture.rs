//! Pictures that staff send: the body of a request, and nothing around it.

use bytes::Bytes;
use gymkeeper_contract::openapi::Described;

use crate::{
    gymfile::IMAGE_BYTES,
    http::{
        failure::Failure,
        input::{BodyLimit, Input, Parts},
        upload,
    },
};

/// A picture as the body of a request, whatever its headers call it: the first bytes tell what it is.
#[derive(Clone)]
pub(super) struct Picture(pub(super) Bytes);

impl Input for Picture {
    const BODY: Option<BodyLimit> =
        Some(BodyLimit { most: Some(IMAGE_BYTES), refusal: |most| upload::too_large(most).into() });

    fn parse(parts: &Parts) -> Result<Self, Failure> {
        Ok(Self(parts.body.clone()))
    }

    fn describe(described: Described) -> Described {
        described.bytes("image/*")
    }
}
