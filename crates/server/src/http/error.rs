//! The one place where a failure becomes an answer: text in the caller's language, a trace id, and one line in the log.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Response, StatusCode, header},
};
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
use crate::chance;

/// The language of a message for a caller, or for somebody without a valid key.
pub fn language_of(caller: Option<&Caller>, headers: &HeaderMap) -> Language {
    let accepted = headers.get("accept-language").and_then(|value| value.to_str().ok());
    caller.map_or_else(|| language::negotiate(accepted, Language::En), |caller| caller.language)
}

/// Answers a failure in the API's error shape.
pub fn respond(failure: Failure, language: Language, subject: &str) -> Response<Body> {
    let trace = chance::trace_id();
    let refusal = refusal(failure, trace, subject);
    let mut body = refusal.code.response(language, &refusal.arguments, &trace.to_string());
    body.reference = refusal.reference.map(Into::into);
    let status = StatusCode::from_u16(refusal.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = plain(status, serde_json::to_vec(&body).unwrap_or_default().into());
    let headers = response.headers_mut();
    if let Ok(tag) = HeaderValue::try_from(language.tag()) {
        headers.insert(header::CONTENT_LANGUAGE, tag);
    }
    if let Some(seconds) = refusal.retry_after {
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
