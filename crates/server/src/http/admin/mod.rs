//! The back office's own API, under `/admin/v1`: staff with a session instead of programs with a key.
//!
//! A resource is a file here, named after its module in `gymkeeper_contract::admin`: its handlers and a list of what is mounted.
//! Start reading at `frame.rs`.

mod absences;
mod access_mediums;
mod account;
mod amendments;
mod appointments;
mod bank_account;
mod calendar_feeds;
mod classes;
mod communication;
mod customer_files;
mod customer_record;
mod customer_wire;
mod customers;
mod desk;
mod employees;
mod frame;
mod information_fields;
mod inventory;
mod leads;
mod member;
mod notes;
mod packs;
mod picture;
mod restrictions;
mod staff;
mod version;

use std::sync::Arc;

use axum::{
    Router,
    body::Body,
    extract::{FromRequestParts as _, RawPathParams},
    http::{HeaderValue, Method, Response, header, request},
    routing::any,
};
use bytes::Bytes;
use gymkeeper_contract::{
    admin::{Needs, PREFIX, STUDIO},
    errors::ErrorCode,
};

pub use self::{frame::Mounted, member::Member};
use self::{frame::Visit, member::authenticate};
use super::{
    error,
    failure::{Failure, Refusal},
    frame::{read_body, respond},
    input::Parts,
    links::Links,
    peer,
};
use crate::{app::App, chance, config::LogRequests};

/// Every operation of the back office. A new resource adds its line here.
pub fn mounted(links: &Arc<Links>) -> Vec<Mounted> {
    let groups = [
        account::operations(),
        staff::operations(),
        employees::operations(links),
        absences::operations(),
        customers::operations(links),
        customer_files::operations(links),
        notes::operations(),
        restrictions::operations(),
        packs::operations(),
        access_mediums::operations(),
        bank_account::operations(),
        amendments::operations(),
        desk::operations(links),
        information_fields::operations(),
        leads::operations(),
        communication::operations(links),
        inventory::operations(),
        classes::operations(),
        appointments::operations(),
        calendar_feeds::operations(),
    ];
    groups.into_iter().flatten().collect()
}

/// The OpenAPI document of the back office.
pub fn openapi() -> serde_json::Value {
    let links = Arc::new(Links::new("", "", std::path::PathBuf::new()));
    let described: Vec<_> = mounted(&links).iter().map(Mounted::described).collect();
    gymkeeper_contract::openapi::admin_document(env!("CARGO_PKG_VERSION"), &described)
}

/// Routes of the back office.
pub fn routes(app: &Arc<App>) -> Router {
    let mut by_path: Vec<(&'static str, Vec<Mounted>)> = Vec::new();
    for mounted in mounted(&app.links) {
        match by_path.iter_mut().find(|(path, _)| *path == mounted.operation.path) {
            Some((_, of_path)) => of_path.push(mounted),
            None => by_path.push((mounted.operation.path, vec![mounted])),
        }
    }
    let handler = |of_path: Vec<Mounted>| {
        let (app, of_path) = (Arc::clone(app), Arc::new(of_path));
        any(move |request: axum::extract::Request| {
            let (app, of_path) = (Arc::clone(&app), Arc::clone(&of_path));
            async move { answer(&app, &of_path, request).await }
        })
    };
    let router = by_path.into_iter().fold(Router::new(), |router, (path, of_path)| {
        router.route(path.strip_prefix(PREFIX).unwrap_or(path), handler(of_path))
    });
    // Whoever has no session learns nothing about the paths.
    Router::new().nest(PREFIX, router.fallback_service(handler(Vec::new())))
}

/// Answers a request, whatever comes of it, and logs it as the configuration says.
async fn answer(app: &Arc<App>, of_path: &[Mounted], request: axum::extract::Request) -> Response<Body> {
    let started = app.clock.monotonic();
    let (mut parts, body) = request.into_parts();
    super::name_host(&mut parts);
    let (trace, head) = (chance::trace_id(), parts.method == Method::HEAD);
    let language = member::language_of(&parts.headers);
    let found = of_path.iter().find(|mounted| mounted.operation.method.as_str() == parts.method.as_str());
    let subject = found.map_or("back office", |mounted| mounted.operation.id);
    let mut response = match serve(app, found, of_path, parts, body, trace).await {
        Ok(response) => response,
        Err(failure) => error::respond(failure, language, trace, subject),
    };
    // What staff see is about people, and tokens are among it.
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let (status, took) = (response.status().as_u16(), app.clock.since(started));
    if app.config.log_requests == LogRequests::All || app.config.log_requests == LogRequests::Errors && status >= 500 {
        tracing::info!(operation = subject, status, micros = took.as_micros() as u64, "request");
    }
    if head { super::no_body(response) } else { response }
}

/// Session first, then path and method, then the right, then the body, as everywhere (AUTH-4).
async fn serve(
    app: &Arc<App>,
    found: Option<&Mounted>,
    of_path: &[Mounted],
    mut parts: request::Parts,
    body: Body,
    trace: u64,
) -> Result<Response<Body>, Failure> {
    let Some(mounted) = found else { return wrong_route(app, of_path, &parts, trace).await };
    let operation = mounted.operation;
    let mut path = match RawPathParams::from_request_parts(&mut parts, &()).await {
        Ok(params) => params.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        // A path that is no UTF-8 names nothing we know.
        Err(_) => operation.placeholders().map(|name| (name.to_owned(), String::new())).collect::<Vec<_>>(),
    };
    let studio = path.iter().position(|(name, _)| name == STUDIO).map(|place| path.remove(place));
    let studio_id: Option<i64> = studio.as_ref().and_then(|(_, text)| text.parse().ok());
    let member = if operation.needs == Needs::Nothing {
        None
    } else {
        let member = authenticate(app, &parts.headers, Some(operation), studio_id).await?;
        member.entitled()?;
        if studio.is_some() && studio_id.is_none() {
            return Err(Refusal::new(ErrorCode::ValidationFieldInvalid).with_text(STUDIO).at(STUDIO).into());
        }
        member.note_use(app).await;
        Some(member)
    };
    // Behind the operation's own placeholders: it is a part of what makes two requests the same.
    path.extend(studio);
    let body = match mounted.body {
        None => Bytes::new(),
        Some(limit) => read_body(app, body, limit).await?,
    };
    let address = peer::client_address(&app.config, &parts);
    let query = parts.uri.query().unwrap_or_default().to_owned();
    let parts = Parts { path, query, headers: Arc::new(parts.headers), body, trace };
    Ok(respond((mounted.run)(Visit { app: Arc::clone(app), member, address, parts }).await?))
}

/// 401 comes before 404 and 405.
async fn wrong_route(
    app: &App,
    of_path: &[Mounted],
    parts: &request::Parts,
    trace: u64,
) -> Result<Response<Body>, Failure> {
    authenticate(app, &parts.headers, None, None).await?;
    if of_path.is_empty() {
        let path = format!("{PREFIX}{}", parts.uri.path());
        return Err(Refusal::new(ErrorCode::PathNotFound).with_text(path).into());
    }
    let refusal = Refusal::new(ErrorCode::MethodNotAllowed).with_text(parts.method.as_str());
    let language = member::language_of(&parts.headers);
    let mut response = error::respond(refusal.into(), language, trace, "back office");
    let allow: Vec<&str> = of_path.iter().map(|mounted| mounted.operation.method.as_str()).collect();
    if let Ok(allow) = HeaderValue::try_from(allow.join(", ")) {
        response.headers_mut().insert(header::ALLOW, allow);
    }
    Ok(response)
}
