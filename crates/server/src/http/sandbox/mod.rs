//! The sandbox API: what a test does to its gym besides calling the API. It moves the clock, lets people in and out, reads events,
//! looks after webhooks, goes back to a snapshot and makes forks.
//!
//! It is no part of the vendor's API: other paths, a token of its own instead of a key, unknown fields are refused. Every
//! request passes `serve`, the one place that looks at the token; each transaction looks again (`confirm`).

mod clock;
mod events;
mod forks;
mod snapshots;
mod visits;
mod webhooks;

pub(crate) use self::{
    forks::{base_url, describe as describe_fork},
    snapshots::{Listed, describe as describe_restored},
};

use std::{future::Future, pin::Pin, sync::Arc};

use axum::{
    Router,
    body::Body,
    extract::{FromRequestParts as _, RawPathParams},
    http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header, request},
    routing::any,
};
use bytes::Bytes;
use gymkeeper_contract::{
    errors::ErrorCode,
    language::{self, Language},
};
use gymkeeper_store::{
    db::Tx,
    studio::{self, Studio},
    tenant::{self, Tenant, TenantId},
};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{
    caller, error,
    failure::{Failure, Refusal},
    frame,
    input::{self, BodyLimit},
};
use crate::{
    actions::change::{Actor, By},
    app::App,
    chance,
    config::LogRequests,
};

/// Where the sandbox API lies.
const PREFIX: &str = "/sandbox/v1";

type Running = Pin<Box<dyn Future<Output = Result<Value, Failure>> + Send>>;

/// One method of a path.
struct Endpoint {
    method: Method,
    path: &'static str,
    run: fn(Call) -> Running,
}

macro_rules! endpoints {
    ($($method:ident $path:literal => $run:path;)+) => {
        vec![$(Endpoint { method: Method::$method, path: $path, run: |call| Box::pin($run(call)) }),+]
    };
}

fn endpoints() -> Vec<Endpoint> {
    endpoints! {
        GET "/clock" => clock::show;
        PUT "/clock" => clock::set;
        POST "/clock/advance" => clock::advance;
        POST "/reset" => snapshots::reset;
        GET "/snapshots" => snapshots::list;
        POST "/snapshots" => snapshots::take;
        POST "/snapshots/{name}/restore" => snapshots::restore;
        DELETE "/snapshots/{name}" => snapshots::remove;
        POST "/fork" => forks::fork;
        DELETE "/tenant" => forks::remove;
        POST "/checkins" => visits::check_in;
        POST "/checkouts" => visits::check_out;
        GET "/events" => events::list;
        POST "/events" => webhooks::trigger;
        GET "/webhooks" => webhooks::list;
        POST "/webhooks" => webhooks::add;
        DELETE "/webhooks/{id}" => webhooks::remove;
        POST "/drain" => webhooks::drain;
        GET "/deliveries" => webhooks::deliveries;
        GET "/deliveries/{id}" => webhooks::delivery;
        POST "/deliveries/{id}/replay" => webhooks::replay;
    }
}

/// Routes of the sandbox API.
pub fn routes(app: &Arc<App>) -> Router {
    let mut by_path: Vec<(&'static str, Vec<Endpoint>)> = Vec::new();
    for endpoint in endpoints() {
        match by_path.iter_mut().find(|(path, _)| *path == endpoint.path) {
            Some((_, of_path)) => of_path.push(endpoint),
            None => by_path.push((endpoint.path, vec![endpoint])),
        }
    }
    let handler = |of_path: Vec<Endpoint>| {
        let (app, of_path) = (Arc::clone(app), Arc::new(of_path));
        any(move |request: axum::extract::Request| {
            let (app, of_path) = (Arc::clone(&app), Arc::clone(&of_path));
            async move { answer(&app, &of_path, request).await }
        })
    };
    let router =
        by_path.into_iter().fold(Router::new(), |router, (path, of_path)| router.route(path, handler(of_path)));
    // Whoever has no token learns nothing about the paths.
    Router::new().nest(PREFIX, router.fallback_service(handler(Vec::new())))
}

/// A request with the tenant whose token it carries.
pub(super) struct Call {
    app: Arc<App>,
    /// The tenant as it was when the request arrived.
    tenant: Tenant,
    hash: caller::KeyHash,
    by: By,
    path: Vec<String>,
    query: String,
    body: Bytes,
}

impl Call {
    fn id(&self) -> TenantId {
        self.tenant.id()
    }

    /// The body as the type that the endpoint takes, whatever kind its headers call it: `curl -d` alone says that it is a form. No
    /// body is an object without fields.
    fn input<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        let body: &[u8] = if self.body.is_empty() { b"{}" } else { &self.body };
        // A type with fields would also be read from a list of their values.
        if serde_json::from_slice::<Value>(body).is_ok_and(|value| !value.is_object()) {
            return Err(input::invalid("body"));
        }
        input::json(&HeaderMap::new(), body)
    }

    /// The first placeholder of the path.
    fn name(&self) -> String {
        self.path.first().cloned().unwrap_or_default()
    }

    /// Runs a change in a transaction, if the token still opens the tenant.
    async fn write<T: Send + 'static>(
        &self,
        mut work: impl FnMut(&mut Tx<'_>, &Tenant, &By) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let (hash, by) = (self.hash, self.by.clone());
        self.app
            .db
            .write(move |tx| {
                let tenant = confirm(tx, &hash)?;
                work(tx, &tenant, &by)
            })
            .await
    }

    /// The same for what only reads.
    async fn read<T: Send + 'static>(
        &self,
        mut work: impl FnMut(&mut Tx<'_>, &Tenant) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let hash = self.hash;
        self.app
            .db
            .read(move |tx| {
                let tenant = confirm(tx, &hash)?;
                work(tx, &tenant)
            })
            .await
    }
}

/// The tenant whose token has that hash.
fn confirm(tx: &mut Tx<'_>, hash: &caller::KeyHash) -> Result<Tenant, Failure> {
    let tenant = tenant::by_token(tx, hash)?.ok_or(ErrorCode::AuthenticationSandboxTokenInvalid)?;
    if tenant.sandbox { Ok(tenant) } else { Err(ErrorCode::SandboxOnly.into()) }
}

/// Answers a request, whatever comes of it, and logs it as the configuration says.
async fn answer(app: &Arc<App>, endpoints: &[Endpoint], request: axum::extract::Request) -> Response<Body> {
    let started = app.clock.monotonic();
    let (mut parts, body) = request.into_parts();
    super::name_host(&mut parts);
    let trace = chance::trace_id();
    let path = parts.uri.path().to_owned();
    let (language, head) = (language_of(&parts.headers), parts.method == Method::HEAD);
    let response = match serve(app, endpoints, parts, body, trace).await {
        Ok(response) => response,
        Err(failure) => error::respond(failure, language, trace, "sandbox"),
    };
    let (status, took) = (response.status().as_u16(), app.clock.since(started));
    if app.config.log_requests == LogRequests::All || app.config.log_requests == LogRequests::Errors && status >= 500 {
        tracing::info!(operation = "sandbox", path, status, micros = took.as_micros() as u64, "request");
    }
    if head { super::no_body(response) } else { response }
}

fn language_of(headers: &HeaderMap) -> Language {
    let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    language::negotiate(accepted, Language::En)
}

/// Token first, then path and method, then the body, as everywhere.
async fn serve(
    app: &Arc<App>,
    endpoints: &[Endpoint],
    mut parts: request::Parts,
    body: Body,
    trace: u64,
) -> Result<Response<Body>, Failure> {
    let (tenant, hash) = authenticate(app, &parts.headers).await?;
    if endpoints.is_empty() {
        let path = format!("{PREFIX}{}", parts.uri.path());
        return Err(Refusal::new(ErrorCode::PathNotFound).with_text(path).into());
    }
    let Some(endpoint) = endpoints.iter().find(|endpoint| endpoint.method == parts.method) else {
        let allow: Vec<&str> = endpoints.iter().map(|endpoint| endpoint.method.as_str()).collect();
        let refusal = Refusal::new(ErrorCode::MethodNotAllowed).with_text(parts.method.as_str());
        let mut response = error::respond(refusal.into(), language_of(&parts.headers), trace, "sandbox");
        if let Ok(allow) = HeaderValue::try_from(allow.join(", ")) {
            response.headers_mut().insert(header::ALLOW, allow);
        }
        return Ok(response);
    };
    let path = match RawPathParams::from_request_parts(&mut parts, &()).await {
        Ok(params) => params.iter().map(|(_, value)| value.to_owned()).collect(),
        // A path that is no UTF-8 names nothing we know.
        Err(_) => Vec::new(),
    };
    let call = Call {
        by: By { actor: Actor::Sandbox, system_now: app.clock.now(), trace, seed: None },
        query: parts.uri.query().unwrap_or_default().to_owned(),
        body: frame::read_body(app, body, BodyLimit::CONFIGURED).await?,
        app: Arc::clone(app),
        tenant,
        hash,
        path,
    };
    let value = (endpoint.run)(call).await?;
    let body = if value.is_null() { Bytes::new() } else { value.to_string().into() };
    Ok(frame::plain(StatusCode::OK, body))
}

/// The tenant whose token the request carries.
async fn authenticate(app: &App, headers: &HeaderMap) -> Result<(Tenant, caller::KeyHash), Failure> {
    let host_tenant = caller::host_tenant(app, headers).await?;
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let token = match given.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") && !token.trim().is_empty() => token.trim(),
        _ => return Err(ErrorCode::AuthenticationSandboxTokenInvalid.into()),
    };
    let hash = caller::hash(token);
    let tenant = app.db.read(move |tx| confirm(tx, &hash)).await?;
    if host_tenant.is_some_and(|host| host != tenant.key) {
        return Err(ErrorCode::AuthenticationSandboxTokenInvalid.into());
    }
    Ok((tenant, hash))
}

/// The studio of that key; without one, the only studio of the tenant.
fn find_studio(tx: &mut Tx<'_>, tenant: &Tenant, key: Option<&str>) -> Result<Studio, Failure> {
    let mut studios = studio::list(tx, tenant.id())?;
    let wrong = |code| Failure::from(Refusal::new(code).with_text("studio").at("studio"));
    match key {
        Some(key) => {
            studios.into_iter().find(|studio| studio.key == key).ok_or_else(|| wrong(ErrorCode::ValidationEnumUnknown))
        }
        None if studios.len() == 1 => Ok(studios.remove(0)),
        None => Err(wrong(ErrorCode::ValidationFieldRequired)),
    }
}

fn json(value: &impl serde::Serialize) -> Result<Value, Failure> {
    serde_json::to_value(value).map_err(|error| Failure::Internal(format!("cannot serialize: {error}")))
}
