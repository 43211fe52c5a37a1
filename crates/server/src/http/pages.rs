//! What is served beside the API: documentation, health, metrics, files and calendars.

use std::sync::{Arc, OnceLock};

use axum::{
    Router,
    body::Body,
    extract::{Path, RawQuery, rejection::PathRejection},
    http::{HeaderMap, HeaderValue, Response, StatusCode, header},
    routing::get,
};
use bytes::Bytes;
use gymkeeper_contract::errors::ErrorCode;
use gymkeeper_store::{files, setting, tenant::TenantId};

use super::{calendar, docs, error, failure::Failure, frame::plain, input::query_value, links::BadLink};
use crate::{app::App, chance};

/// Routes of all pages.
pub fn routes(app: &Arc<App>) -> Router {
    let (ready, metrics, files, calendars) = (Arc::clone(app), Arc::clone(app), Arc::clone(app), Arc::clone(app));
    Router::new()
        .merge(docs::routes("/docs", "/openapi.json", "Gymkeeper API"))
        .merge(docs::routes("/admin/docs", "/admin/openapi.json", "Gymkeeper back office API"))
        .route("/", get(|| async { redirect("/docs") }))
        .route("/openapi.json", get(|| async { document(&OPENAPI, super::openapi) }))
        .route("/admin/openapi.json", get(|| async { document(&ADMIN_OPENAPI, super::admin::openapi) }))
        .route("/health/live", get(|| async { plain(StatusCode::OK, "{\"status\":\"live\"}".into()) }))
        .route("/health/ready", get(move || async move { readiness(&ready).await }))
        .route("/metrics", get(move || async move { text(metrics.metrics.text(&metrics)) }))
        .route(
            "/files/{tenant}/{file}",
            get(move |path: Result<Path<(i64, i64)>, PathRejection>, query: RawQuery, headers: HeaderMap| async move {
                let subject = "file";
                let language = error::language_of(None, &headers);
                let answer = match path {
                    Ok(path) => file(&files, path.0, query.0.unwrap_or_default()).await,
                    // What is no number was never signed here.
                    Err(_) => Err(ErrorCode::FileLinkInvalid.into()),
                };
                answer.unwrap_or_else(|failure| error::respond(failure, language, chance::trace_id(), subject))
            }),
        )
        .route(
            "/calendar/{file}",
            get(move |path: Result<Path<String>, PathRejection>, headers: HeaderMap| async move {
                // What is no UTF-8 was never a link.
                let file = path.map(|Path(file)| file).unwrap_or_default();
                let answer = calendar::answer(&calendars, &file, &headers).await;
                let language = error::language_of(None, &headers);
                answer.unwrap_or_else(|failure| error::respond(failure, language, chance::trace_id(), "calendar"))
            }),
        )
}

/// The documents, made when somebody asks for them first: most servers never need them, and they take memory to make.
static OPENAPI: OnceLock<Bytes> = OnceLock::new();
static ADMIN_OPENAPI: OnceLock<Bytes> = OnceLock::new();

fn document(made: &OnceLock<Bytes>, make: fn() -> serde_json::Value) -> Response<Body> {
    let made = made.get_or_init(|| serde_json::to_vec(&make()).unwrap_or_default().into());
    plain(StatusCode::OK, made.clone())
}

fn redirect(to: &'static str) -> Response<Body> {
    let mut response = plain(StatusCode::FOUND, Bytes::new());
    response.headers_mut().insert(header::LOCATION, HeaderValue::from_static(to));
    response
}

fn text(body: String) -> Response<Body> {
    let mut response = plain(StatusCode::OK, body.into());
    let kind = HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

/// Ready means that the database answers.
async fn readiness(app: &App) -> Response<Body> {
    match app.db.read(|tx| setting::get(tx, "link_secret").map_err(Failure::from)).await {
        Ok(_) => plain(StatusCode::OK, "{\"status\":\"ready\"}".into()),
        Err(_) => plain(StatusCode::SERVICE_UNAVAILABLE, "{\"status\":\"not ready\"}".into()),
    }
}

/// URL-2: no key is needed; the signature is the permission.
async fn file(app: &App, (tenant, id): (i64, i64), query: String) -> Result<Response<Body>, Failure> {
    let expires = query_value(&query, "expires").and_then(|text| text.parse().ok()).unwrap_or(-1);
    let signature = query_value(&query, "signature").unwrap_or_default();
    let tenant = TenantId(tenant);
    app.links.check(tenant, id, expires, &signature, app.clock.now()).map_err(|bad| match bad {
        BadLink::Expired => ErrorCode::FileLinkExpired,
        BadLink::Forged => ErrorCode::FileLinkInvalid,
    })?;
    let file = app.db.read(move |tx| files::find(tx, tenant, id).map_err(Failure::from)).await?;
    let file = file.ok_or(ErrorCode::FileLinkInvalid)?;
    let content = tokio::fs::read(app.links.content(&file.hash)).await;
    let content =
        content.map_err(|error| Failure::Internal(format!("the content of file {id} cannot be read: {error}")))?;
    let mut response = plain(StatusCode::OK, content.into());
    let headers = response.headers_mut();
    if let Ok(kind) = HeaderValue::try_from(&file.media_type) {
        headers.insert(header::CONTENT_TYPE, kind);
    }
    // An uploaded page must never run as one of ours.
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=900"));
    Ok(response)
}
