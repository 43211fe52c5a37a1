//! Signatures in requests: drawings, with the refusals of what is none.

use gymkeeper_contract::errors::{Argument, ErrorCode};

use super::{
    failure::{Failure, Refusal},
    input::invalid,
};
use crate::signature::{self, NotASignature};

/// How a signature may be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// An SVG document in Base64.
    Base64,
    /// An SVG document in Base64 or as it is.
    AnySvg,
}

/// The SVG document of a signature in the field given; an empty text is none.
///
/// # Errors
/// Refuses what is no drawing, and one that is too large.
pub fn read(field: &str, text: &str, form: Form) -> Result<Option<String>, Failure> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let drawing = match form {
        Form::AnySvg if text.trim_start().starts_with('<') => signature::check(text.trim()),
        _ => signature::read(text),
    };
    drawing.map(Some).map_err(|reason| match reason {
        NotASignature::NoDrawing => invalid(field),
        NotASignature::TooLarge => {
            // The limit is on the drawing; told as what the field takes, four letters for three bytes.
            let most = i64::try_from(signature::MOST_BYTES.div_ceil(3) * 4).unwrap_or(i64::MAX);
            let refusal = Refusal::new(ErrorCode::ValidationFieldTooLong).with_text(field);
            refusal.with(Argument::Integer(most)).at(field).into()
        }
    })
}
