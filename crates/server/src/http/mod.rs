//! The API at the wire: routes from the table of operations, the frame around them, and the pages beside them.
//!
//! Start reading at `frame.rs`; each operation is a file of its own under its group.

pub mod admin;
pub mod answer;
pub mod appointments;
pub mod calendar;
pub mod caller;
pub mod checkin_vouchers;
pub mod classes;
pub mod communication;
pub mod cross_studio;
pub mod customers;
pub mod docs;
pub mod drawing;
pub mod employees;
pub mod error;
pub mod failure;
pub mod frame;
pub mod input;
pub mod leads;
pub mod links;
pub mod member_lists;
pub mod memberships;
pub mod metrics;
pub mod pages;
pub mod paging;
pub mod party;
pub mod peer;
pub mod planned;
pub mod rate_limit;
pub mod remembered;
pub mod sandbox;
pub mod self_service;
pub mod serve;
mod shelves;
pub mod studios;
pub mod tail;
pub mod trial_offers;
pub mod upload;
pub mod writing;

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Router,
    body::Body,
    extract::{FromRequestParts as _, RawPathParams},
    http::{HeaderValue, Method, Response, header, request},
    routing::any,
};
use gymkeeper_contract::{
    errors::ErrorCode,
    operations::{OPERATIONS, Operation},
};

use self::{
    customers::portraits::Showing,
    failure::{Failure, Refusal},
    frame::{Mounted, Request},
};
use crate::{app::App, chance, config::LogRequests};

/// Every operation that has a handler.
pub fn mounted(showing: &Arc<Showing>) -> Vec<Mounted> {
    let links = &showing.links;
    [
        studios::operations(links),
        memberships::operations(links),
        customers::operations(showing),
        employees::operations(links),
        cross_studio::operations(showing),
        leads::operations(),
        member_lists::operations(),
        checkin_vouchers::operations(),
        self_service::operations(),
        communication::operations(),
        classes::operations(links),
        trial_offers::operations(links),
        appointments::operations(links),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The OpenAPI document of what is built.
pub fn openapi() -> serde_json::Value {
    let described: Vec<_> = mounted(&Arc::new(Showing::nowhere())).iter().map(Mounted::described).collect();
    gymkeeper_contract::openapi::document(API_VERSION, &described)
}

/// The version of the API that is spoken.
pub const API_VERSION: &str = "1.13.2";

/// One method of a path.
pub struct Route {
    /// The operation's row.
    pub operation: &'static Operation,
    /// Its place in the table, under which its requests are counted.
    pub number: u32,
    /// Its handler, once there is one.
    pub mounted: Option<Mounted>,
}

/// Requests to paths that do not exist are counted under one number of their own.
const UNKNOWN: u32 = u32::MAX;

/// All routes of the server.
pub fn router(app: &Arc<App>) -> Router {
    let mut handlers: BTreeMap<&str, Mounted> =
        mounted(&app.showing).into_iter().map(|m| (m.operation.id, m)).collect();
    let mut paths: BTreeMap<&str, Vec<Route>> = BTreeMap::new();
    for (number, operation) in (0..).zip(OPERATIONS) {
        let mounted = handlers.remove(operation.id);
        paths.entry(operation.path).or_default().push(Route { operation, number, mounted });
    }
    let mut router = Router::new();
    for (path, routes) in paths {
        let (routes, app) = (Arc::new(routes), Arc::clone(app));
        router = router.route(
            path,
            any(move |request: axum::extract::Request| {
                let (app, routes) = (Arc::clone(&app), Arc::clone(&routes));
                async move { dispatch(&app, &routes, request).await }
            }),
        );
    }
    let unknown = Arc::clone(app);
    router.merge(pages::routes(app)).merge(sandbox::routes(app)).merge(admin::routes(app)).fallback(
        move |request: axum::extract::Request| {
            let app = Arc::clone(&unknown);
            async move { unknown_path(&app, request).await }
        },
    )
}

/// Finds the operation of a method and runs it in the frame.
async fn dispatch(app: &Arc<App>, routes: &[Route], request: axum::extract::Request) -> Response<Body> {
    let started = app.clock.monotonic();
    let (mut parts, body) = request.into_parts();
    name_host(&mut parts);
    let path = match RawPathParams::from_request_parts(&mut parts, &()).await {
        Ok(params) => params.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        // A path that is no UTF-8 names nothing we know; its placeholders stay, so that a refusal can name one.
        Err(_) => {
            let placeholders = routes.iter().take(1).flat_map(|route| route.operation.placeholders());
            placeholders.map(|name| (name.to_owned(), String::new())).collect()
        }
    };
    let head = parts.method == Method::HEAD;
    let trace = chance::trace_id();
    let found = routes.iter().find(|route| head || route.operation.method.as_str() == parts.method.as_str());
    let Some(route) = found else {
        return wrong_method(app, routes, &parts).await;
    };
    let query = parts.uri.query().unwrap_or_default().to_owned();
    let headers = Arc::new(parts.headers);
    let request = Request { head, path, query, headers: Arc::clone(&headers), body, trace };
    let response = match frame::serve(app, route, request).await {
        Ok(response) => response,
        Err((failure, caller)) => {
            let language = error::language_of(caller.as_ref(), &headers);
            let response = error::respond(failure, language, trace, route.operation.id);
            if head { no_body(response) } else { response }
        }
    };
    let (status, took) = (response.status().as_u16(), app.clock.since(started));
    app.metrics.answered(route.number, status, took);
    let log = match app.config.log_requests {
        LogRequests::None => false,
        LogRequests::Errors => status >= 500,
        LogRequests::All => true,
    };
    if log {
        tracing::info!(operation = route.operation.id, status, micros = took.as_micros() as u64, "request");
    }
    response
}

/// HTTP/2, and HTTP/1.1 if a client likes, names the host in the request's target, which then counts (RFC 9112, 3.2.2).
fn name_host(parts: &mut request::Parts) {
    if let Some(host) = parts.uri.authority().and_then(|authority| HeaderValue::try_from(authority.as_str()).ok()) {
        parts.headers.insert(header::HOST, host);
    }
}

fn no_body(response: Response<Body>) -> Response<Body> {
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(header::CONTENT_TYPE);
    Response::from_parts(parts, Body::empty())
}

/// 401 comes before 405 (AUTH-4): whoever has no key learns nothing about the paths.
async fn wrong_method(app: &App, routes: &[Route], parts: &request::Parts) -> Response<Body> {
    let known = match caller::authenticate(app, &parts.headers).await {
        Ok(caller) => caller::confirm(app, caller, &parts.headers).await,
        Err(failure) => Err(failure),
    };
    let (failure, caller) = match known {
        Err(failure) => (failure, None),
        Ok(caller) => {
            let refusal = Refusal::new(ErrorCode::MethodNotAllowed).with_text(parts.method.as_str());
            (Failure::from(refusal), Some(caller))
        }
    };
    let language = error::language_of(caller.as_ref(), &parts.headers);
    let mut response = error::respond(failure, language, chance::trace_id(), "wrong method");
    let allow: Vec<&str> = routes.iter().map(|route| route.operation.method.as_str()).chain(["HEAD"]).collect();
    if caller.is_some()
        && let Ok(allow) = HeaderValue::try_from(allow.join(", "))
    {
        response.headers_mut().insert(header::ALLOW, allow);
    }
    response
}

/// Under `/v1/` only who has a key is told that a path does not exist; HEAD never is (AUTH-7).
async fn unknown_path(app: &App, request: axum::extract::Request) -> Response<Body> {
    let (mut parts, _) = request.into_parts();
    name_host(&mut parts);
    let head = parts.method == Method::HEAD;
    let mut caller = None;
    let mut failure = Failure::from(Refusal::new(ErrorCode::PathNotFound).with_text(parts.uri.path()));
    if parts.uri.path().starts_with("/v1/") {
        match caller::authenticate(app, &parts.headers).await {
            Err(unauthenticated) => failure = unauthenticated,
            Ok(found) => match frame::count(app, &found, UNKNOWN) {
                Err(limited) => (failure, caller) = (limited, Some(found)),
                Ok(()) => match caller::confirm(app, found, &parts.headers).await {
                    Err(unauthenticated) => failure = unauthenticated,
                    Ok(_) if head => return frame::plain(axum::http::StatusCode::OK, bytes::Bytes::new()),
                    Ok(found) => caller = Some(found),
                },
            },
        }
    }
    let language = error::language_of(caller.as_ref(), &parts.headers);
    let response = error::respond(failure, language, chance::trace_id(), "unknown path");
    if head { no_body(response) } else { response }
}
