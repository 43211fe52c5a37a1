//! The one place where a failure becomes an answer: text in the caller's language, a trace id, and one line in the log.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Response, StatusCode, header},
};
use bytes::Bytes;
use gymkeeper_contract::{
    errors::ErrorCode,
    language::{self, Language},
};
use gymkeeper_store::db::DbError;

use super::{
    caller::Caller,
    failure::{Failure, Refusal},
    frame::plain,
};

/// The language of a message for a caller, or for somebody without a valid key.
pub fn language_of(caller: Option<&Caller>, headers: &HeaderMap) -> Language {
    let accepted = headers.get("accept-language").and_then(|value| value.to_str().ok());
    caller.map_or_else(|| language::negotiate(accepted, Language::En), |caller| caller.language)
}

/// A failure in words: what the caller is answered.
#[derive(Debug, Clone)]
pub struct Told {
    /// The HTTP status.
    pub status: u16,
    /// The body, in the API's error shape.
    pub body: Bytes,
    /// The language of the text.
    pub language: Language,
    /// Seconds after which another try makes sense.
    pub retry_after: Option<u64>,
}

/// Puts a failure into words and logs it under its trace id.
pub fn tell(failure: Failure, language: Language, trace: u64, subject: &str) -> Told {
    let refusal = refusal(failure, trace, subject);
    let mut body = refusal.code.response(language, &refusal.arguments, &trace.to_string());
    body.reference = refusal.reference.map(Into::into);
    let body = serde_json::to_vec(&body).unwrap_or_default().into();
    Told { status: refusal.code.status(), body, language, retry_after: refusal.retry_after }
}

/// Answers a failure in the API's error shape.
pub fn respond(failure: Failure, language: Language, trace: u64, subject: &str) -> Response<Body> {
    let told = tell(failure, language, trace, subject);
    let status = StatusCode::from_u16(told.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = plain(status, told.body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.tag()));
    if let Some(seconds) = told.retry_after {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// The caller and the operator get different sentences: what went wrong inside is logged with the trace id and not shown.
fn refusal(failure: Failure, trace: u64, subject: &str) -> Refusal {
    let overloaded = |seconds| {
        let mut refusal = Refusal::new(ErrorCode::ServiceOverloaded);
        refusal.retry_after = Some(seconds);
        refusal
    };
    match failure {
        Failure::Refused(refusal) => {
            tracing::debug!(trace, subject, code = refusal.code.as_str(), "refused");
            refusal
        }
        Failure::Db(DbError::Busy) => {
            tracing::debug!(trace, subject, "the database's queue is full");
            overloaded(1)
        }
        Failure::Stale => overloaded(1),
        Failure::Db(DbError::Conflict | DbError::Constraint(_)) => {
            tracing::info!(trace, subject, "a write lost a race");
            Refusal::new(ErrorCode::ConcurrentModification)
        }
        Failure::Db(error @ (DbError::Closed(_) | DbError::Full(_))) => {
            tracing::error!(trace, subject, %error, "the database cannot be used");
            overloaded(30)
        }
        Failure::Db(error) => {
            tracing::error!(trace, subject, %error, "the database failed");
            Refusal::new(ErrorCode::Internal)
        }
        Failure::Internal(error) => {
            tracing::error!(trace, subject, error, "failed");
            Refusal::new(ErrorCode::Internal)
        }
    }
}
