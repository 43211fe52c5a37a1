//! Calendars: what a link of a calendar feed answers. The signed secret in the link is the permission, so no key is needed; it is looked
//! for with every request, so a link that was revoked a moment ago is refused by every server process.

mod events;
mod icalendar;
pub mod link;
mod words;

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Response, StatusCode, header},
};
use bytes::Bytes;
use gymkeeper_contract::errors::ErrorCode;
use gymkeeper_store::booking::feed;
use sha2::{Digest as _, Sha256};

use self::{events::calendar, link::FollowedLink};
use super::{failure::Failure, frame::plain, remembered};
use crate::{app::App, clock, portable::hex};

/// Answers a link. Whatever is wrong with it is told in the same words, so that nobody learns from a guess.
///
/// # Errors
/// Refuses a link that was never made, whose signature does not fit or cannot be checked, that was revoked, and that of somebody of
/// whom calendars are told nothing.
pub(super) async fn answer(app: &App, file: &str, headers: &HeaderMap) -> Result<Response<Body>, Failure> {
    let link = FollowedLink::read(file).ok_or(ErrorCode::CalendarFeedNotFound)?;
    let tenant = link.tenant;
    let system_now = app.clock.now();
    let text = app
        .db
        .read(move |tx| {
            let opened = feed::open(tx, tenant, &link.hash())?.ok_or(ErrorCode::CalendarFeedNotFound)?;
            let signed = feed::key(tx, &opened).map(|key| link.is_signed_with(&key, &opened));
            if !signed
                .inspect_err(|error| tracing::warn!(%error, "a link to a calendar opens nothing"))
                .unwrap_or(false)
            {
                return Err(ErrorCode::CalendarFeedNotFound.into());
            }
            let now = clock::tenant_now(system_now, opened.test_clock);
            let found = calendar(tx, tenant, &opened, now)?.ok_or(ErrorCode::CalendarFeedNotFound)?;
            Ok::<_, Failure>(icalendar::text(&found.name, &found.events, now))
        })
        .await?;
    let etag = etag(&text);
    let wanted = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let mut response = if wanted.is_some_and(|wanted| remembered::matches(wanted, &etag)) {
        plain(StatusCode::NOT_MODIFIED, Bytes::new())
    } else {
        let mut response = plain(StatusCode::OK, text.into());
        let kind = HeaderValue::from_static("text/calendar; charset=utf-8");
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
        response
    };
    let headers = response.headers_mut();
    if let Ok(etag) = HeaderValue::try_from(etag) {
        headers.insert(header::ETAG, etag);
    }
    // What is revoked must not go on in somebody's cache.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    Ok(response)
}

/// A weak ETag: answers with the same one differ in when they were made, and in nothing else.
fn etag(text: &str) -> String {
    let mut sha = Sha256::new();
    for line in icalendar::lasting(text) {
        sha.update(line);
        sha.update("\n");
    }
    let all = hex(sha.finalize());
    format!("W/\"{}\"", all.get(..32).unwrap_or(&all))
}
