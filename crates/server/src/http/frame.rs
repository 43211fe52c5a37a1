//! The frame around every operation: key, limit, scope, body, load, syntax, then the operation, in the order of AUTH-4.
//!
//! An operation is a plain function over a running transaction; the frame opens and ends that transaction. So no operation
//! can forget a check, and what every write must pass through has one place.

use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Response, StatusCode, header},
};
use bytes::Bytes;
use futures_util::StreamExt as _;
use gymkeeper_contract::{
    errors::{Argument, ErrorCode},
    openapi::Described,
    operations::Operation,
};
use gymkeeper_store::db::{DbError, Tx};

use super::{
    Route,
    answer::{self, Answer},
    caller::{self, Caller},
    error::Told,
    failure::{Failure, Refusal},
    input::{BodyLimit, Input, Parts},
    planned,
    remembered::{self, Key as RememberedKey},
    tail::Subject,
    writing::{self, Act, DRY_RUN, REPLAYED},
};
use crate::app::App;

/// An operation that only reads, for a party `C`.
pub trait Handler<C, I, A>: Fn(&mut Tx<'_>, &C, &I) -> Result<Answer<A>, Failure> + Send + Sync + 'static {}
impl<C, I, A, F> Handler<C, I, A> for F where
    F: Fn(&mut Tx<'_>, &C, &I) -> Result<Answer<A>, Failure> + Send + Sync + 'static
{
}

type Run = dyn Fn(Arc<App>, Caller, Arc<Parts>) -> Running + Send + Sync;
type Running = Pin<Box<dyn Future<Output = Result<Done, Failure>> + Send>>;

/// An operation with its handler.
pub struct Mounted {
    /// Its row.
    pub operation: &'static Operation,
    /// How much of a body it reads, if it reads one.
    body: Option<BodyLimit>,
    describe: fn(Described) -> Described,
    run: Box<Run>,
}

/// A finished operation.
#[derive(Debug)]
pub struct Done {
    /// Its HTTP status.
    pub status: u16,
    /// Its body.
    pub body: Bytes,
    /// The language of its texts, where it has any.
    pub language: Option<String>,
    /// Whether it was given before, to the same request.
    pub replayed: bool,
    /// Whether it is what would have been answered.
    pub dry_run: bool,
    /// The ETag of an answer about inventory.
    pub etag: Option<String>,
}

impl Done {
    /// A success.
    pub fn plain(body: Bytes) -> Self {
        Self { status: 200, body, language: None, replayed: false, dry_run: false, etag: None }
    }

    /// A refusal that was put into words already.
    pub fn told(told: Told) -> Self {
        Self { status: told.status, language: Some(told.language.tag().to_owned()), ..Self::plain(told.body) }
    }
}

impl Mounted {
    fn new<I: Input, A: schemars::JsonSchema + 'static>(operation: &'static Operation, run: Box<Run>) -> Self {
        Self { operation, body: I::BODY, describe: |d| answer::describe::<A>(I::describe(d)), run }
    }

    /// An operation that changes data, with the headers that all of them take.
    fn writing<I: Input, A: schemars::JsonSchema + 'static>(operation: &'static Operation, run: Box<Run>) -> Self {
        let describe = |d| answer::describe::<A>(writing::describe(I::describe(d)));
        Self { describe, ..Self::new::<I, A>(operation, run) }
    }

    /// What the OpenAPI document says about it.
    pub fn described(&self) -> Described {
        (self.describe)(Described::new(self.operation))
    }
}

/// An operation whose answer is made with something that all requests share, such as links to files, as a handler.
pub fn linked<S: Send + Sync + 'static, I, A>(
    shared: &Arc<S>,
    handler: impl Fn(&S, &mut Tx<'_>, &Caller, &I) -> Result<Answer<A>, Failure> + Send + Sync + 'static,
) -> impl Handler<Caller, I, A> {
    let shared = Arc::clone(shared);
    move |tx: &mut Tx<'_>, caller: &Caller, input: &I| handler(&shared, tx, caller, input)
}

/// Mounts an operation that only reads.
pub fn read<I, A>(operation: &'static Operation, handler: impl Handler<Caller, I, A>) -> Mounted
where
    I: Input,
    A: schemars::JsonSchema + 'static,
{
    looking(
        operation,
        handler,
        |app, caller, _, look| async move { Ok(Done::plain(run_look(&app, caller, look).await?)) },
    )
}

/// Mounts a read; `answer` says what becomes of the look at the data.
fn looking<I, A, F>(
    operation: &'static Operation,
    handler: impl Handler<Caller, I, A>,
    answer: impl Fn(Arc<App>, Caller, Arc<Parts>, Look) -> F + Send + Sync + 'static,
) -> Mounted
where
    I: Input,
    A: schemars::JsonSchema + 'static,
    F: Future<Output = Result<Done, Failure>> + Send + 'static,
{
    let handler = Arc::new(handler);
    let run: Box<Run> = Box::new(move |app, caller, parts| match look(&app, &parts, &handler) {
        Ok(look) => Box::pin(answer(app, caller, parts, look)),
        Err(failure) => Box::pin(async { Err(failure) }),
    });
    Mounted::new::<I, A>(operation, run)
}

/// Mounts an operation that changes data. The change is kept when the handler answers, and undone when it refuses.
pub fn write<I, A>(operation: &'static Operation, handler: impl Act<Caller, I, A>) -> Mounted
where
    I: Input,
    A: schemars::JsonSchema + 'static,
{
    let handler = Arc::new(handler);
    let run: Box<Run> = Box::new(move |app, caller, parts| {
        let input = app.db.admit_write().map_err(Failure::from).and_then(|()| I::parse(&parts));
        let work = input.map(|input| writing::work(input, Arc::clone(&handler)));
        Box::pin(async move { writing::run(&app, operation.id, caller, &parts, work?).await })
    });
    Mounted::writing::<I, A>(operation, run)
}

/// Mounts an operation that changes data after something that takes long was done with its input, such as making a picture
/// smaller. That comes before the transaction, because others wait while one is running.
pub fn write_prepared<I, P, A, F>(
    operation: &'static Operation,
    prepare: impl Fn(Arc<App>, I) -> F + Send + Sync + 'static,
    handler: impl Act<Caller, P, A>,
) -> Mounted
where
    I: Input,
    P: Send + Sync + 'static,
    A: schemars::JsonSchema + 'static,
    F: Future<Output = Result<P, Failure>> + Send,
{
    let (prepare, handler) = (Arc::new(prepare), Arc::new(handler));
    Mounted::writing::<I, A>(
        operation,
        Box::new(move |app, caller, parts| {
            let (prepare, handler) = (Arc::clone(&prepare), Arc::clone(&handler));
            Box::pin(async move {
                app.db.admit_write()?;
                let input = I::parse(&parts)?;
                let prepared = prepare(Arc::clone(&app), input).await?;
                writing::run(&app, operation.id, caller, &parts, writing::work(prepared, handler)).await
            })
        }),
    )
}

/// Mounts a read whose answer hangs on nothing but the studio's version, the day and the path: it is remembered, and carries an
/// ETag. The version is read in the same transaction, so a remembered answer is exact on every server process.
pub fn inventory<I, A>(operation: &'static Operation, handler: impl Handler<Caller, I, A>) -> Mounted
where
    I: Input,
    A: schemars::JsonSchema + 'static,
{
    looking(operation, handler, move |app, caller, parts, look| async move {
        remembered_or_made(&app, operation.id, caller, &parts, look).await
    })
}

/// Mounts a read about what is planned: its answer is kept in memory until something is done that may change it.
pub fn planned<I, A>(operation: &'static Operation, subject: Subject, handler: impl Handler<Caller, I, A>) -> Mounted
where
    I: Input,
    A: schemars::JsonSchema + 'static,
{
    looking(operation, handler, move |app, caller, parts, look| async move {
        kept_or_made(app, (operation.id, subject), caller, &parts, look).await
    })
}

/// An operation with its input: what is left to do of a read. From here on nothing is compiled for each operation anew.
type Look = Box<dyn FnMut(&mut Tx<'_>, &Caller) -> Result<Bytes, Failure> + Send>;

/// The work of an operation on what was sent. Load comes before syntax (AUTH-4).
fn look<I, A>(app: &App, parts: &Parts, handler: &Arc<impl Handler<Caller, I, A>>) -> Result<Look, Failure>
where
    I: Input,
    A: 'static,
{
    app.db.admit_read()?;
    let (input, handler) = (I::parse(parts)?, Arc::clone(handler));
    Ok(Box::new(move |tx, caller| handler(tx, caller, &input).map(Answer::into_body)))
}

/// A read after the caller was found to be up to date in the same transaction.
fn confirmed(caller: Caller, mut look: Look) -> impl FnMut(&mut Tx<'_>) -> Result<Bytes, Failure> + Send + 'static {
    move |tx| {
        caller.confirm(tx)?;
        look(tx, &caller)
    }
}

/// Runs a read inside a transaction of its own.
async fn run_look(app: &App, caller: Caller, look: Look) -> Result<Bytes, Failure> {
    app.db.glance(confirmed(caller, look)).await
}

async fn kept_or_made(
    app: Arc<App>,
    (operation, subject): (&'static str, Subject),
    caller: Caller,
    parts: &Parts,
    mut look: Look,
) -> Result<Done, Failure> {
    let keeper = Arc::clone(&app);
    let look: Look = match planned::key(operation, &caller, parts) {
        Some(key) => Box::new(move |tx, caller| planned::kept_or_made(&keeper, (subject, &key), tx, caller, &mut look)),
        None => look,
    };
    // Made anew, it takes several milliseconds: too long for a thread that serves.
    Ok(Done::plain(app.db.read(confirmed(caller, look)).await?))
}

async fn remembered_or_made(
    app: &App,
    operation: &'static str,
    caller: Caller,
    parts: &Parts,
    look: Look,
) -> Result<Done, Failure> {
    let key = RememberedKey::new(operation, &caller, &parts.path);
    let moment = remembered::Moment::of(&caller);
    let etag = moment.etag(&caller);
    let language = caller.language.tag();
    let wanted = parts.headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let unchanged = wanted.is_some_and(|wanted| remembered::matches(wanted, &etag));
    let body = match app.remembered.get(&key).filter(|(of, _)| *of == moment) {
        Some((_, body)) => {
            app.db.glance(move |tx| caller.confirm(tx)).await?;
            body
        }
        None => {
            let body = run_look(app, caller, look).await?;
            app.remembered.put(key, moment, body.clone());
            body
        }
    };
    Ok(Done {
        status: if unchanged { 304 } else { 200 },
        language: Some(language.to_owned()),
        etag: Some(etag),
        ..Done::plain(if unchanged { Bytes::new() } else { body })
    })
}

/// A remembered caller may be out of date that often in a row before the request is given up.
const STALE_TRIES: usize = 4;

/// Runs one request to an operation, which may have no handler yet. A failure comes with the caller, once that is known.
pub async fn serve(
    app: &Arc<App>,
    route: &Route,
    request: Request,
) -> Result<Response<Body>, (Failure, Option<Caller>)> {
    let operation = route.operation;
    let mut caller = caller::authenticate(app, &request.headers).await.map_err(|failure| (failure, None))?;
    let blame = |failure: Failure, caller: &Caller| (failure, Some(caller.clone()));
    count(app, &caller, route.number).map_err(|failure| blame(failure, &caller))?;
    if request.head {
        caller::confirm(app, caller, &request.headers).await.map_err(|failure| (failure, None))?;
        return Ok(plain(StatusCode::OK, Bytes::new()));
    }
    if !caller.may(operation.scopes) {
        let failure = refuse_exactly(app, &caller, scope_missing(operation), &request.headers).await;
        return Err(blame(failure, &caller));
    }
    let Some(mounted) = &route.mounted else {
        let refusal = Refusal::new(ErrorCode::OperationNotImplemented).with_text(operation.id);
        let failure = refuse_exactly(app, &caller, refusal.into(), &request.headers).await;
        return Err(blame(failure, &caller));
    };
    let body = if let Some(limit) = mounted.body {
        match read_body(app, request.body, limit).await {
            Ok(body) => body,
            Err(failure) => {
                let failure = refuse_exactly(app, &caller, failure, &request.headers).await;
                return Err(blame(failure, &caller));
            }
        }
    } else {
        Bytes::new()
    };
    let headers = Arc::clone(&request.headers);
    let parts = Arc::new(Parts { path: request.path, query: request.query, headers, body, trace: request.trace });
    for _ in 0..STALE_TRIES {
        match (mounted.run)(Arc::clone(app), caller.clone(), Arc::clone(&parts)).await {
            Ok(done) => return Ok(respond(done)),
            Err(Failure::Stale) => {
                app.callers.forget(&caller);
                caller = caller::authenticate(app, &request.headers).await.map_err(|failure| (failure, None))?;
                if !caller.may(operation.scopes) {
                    return Err(blame(scope_missing(operation), &caller));
                }
            }
            Err(failure @ Failure::Refused(_)) => {
                let failure = refuse_exactly(app, &caller, failure, &request.headers).await;
                return Err(blame(failure, &caller));
            }
            Err(failure) => return Err(blame(failure, &caller)),
        }
    }
    Err(blame(Failure::Db(DbError::Busy), &caller))
}

/// A request as the router hands it over.
pub struct Request {
    /// Whether it is a HEAD request (AUTH-7).
    pub head: bool,
    /// Placeholders of the path with their values.
    pub path: Vec<(String, String)>,
    /// The query.
    pub query: String,
    /// The headers.
    pub headers: Arc<HeaderMap>,
    /// The body, not yet read.
    pub body: Body,
    /// The number under which it is in the log and in the journal.
    pub trace: u64,
}

/// Counts the request against the key's limit for the operation.
pub fn count(app: &App, caller: &Caller, number: u32) -> Result<(), Failure> {
    app.rate_limit.take(caller.key_id(), number, app.clock.monotonic()).map_err(|wait| {
        let mut refusal = Refusal::new(ErrorCode::RateLimitExceeded);
        let seconds = whole_seconds(wait);
        refusal.retry_after = Some(seconds);
        refusal.with(Argument::Integer(i64::try_from(seconds).unwrap_or(i64::MAX))).into()
    })
}

fn scope_missing(operation: &Operation) -> Failure {
    let names: Vec<&str> = operation.scopes.list().iter().map(|scope| scope.as_str()).collect();
    Refusal::new(ErrorCode::AuthorizationScopeMissing).with_text(names.join(", ")).into()
}

pub(super) fn whole_seconds(wait: Duration) -> u64 {
    (wait.as_secs() + u64::from(wait.subsec_nanos() > 0)).max(1)
}

/// A refusal that was decided by what is remembered of the key must not hide that the key has just been revoked: 401 comes
/// before 403 and 400 (AUTH-4).
async fn refuse_exactly(app: &App, caller: &Caller, failure: Failure, headers: &HeaderMap) -> Failure {
    match caller::confirm(app, caller.clone(), headers).await {
        Err(unauthenticated) => unauthenticated,
        Ok(_) => failure,
    }
}

/// So many bytes of a body that is too large are read and dropped: many clients look for an answer only when all was sent, and find the
/// connection closed if it was not taken.
const DRAINED: usize = 64 << 20;

/// Reads a body within the limits on its size and time.
///
/// # Errors
/// Refuses a body that is too large, breaks off or takes too long.
pub(super) async fn read_body(app: &App, body: Body, limit: BodyLimit) -> Result<Bytes, Failure> {
    let most = limit.most.unwrap_or(app.config.body_bytes);
    let read = tokio::time::timeout(Duration::from_secs(app.config.request_seconds), read_at_most(body, most));
    match read.await {
        Ok(Ok(Some(body))) => Ok(body),
        Ok(Ok(None)) => Err((limit.refusal)(most)),
        Ok(Err(_)) => Err(ErrorCode::ValidationJsonMalformed.into()),
        Err(_) => Err(ErrorCode::RequestTimeout.into()),
    }
}

/// The body; nothing if it has more than so many bytes.
async fn read_at_most(body: Body, most: usize) -> Result<Option<Bytes>, axum::Error> {
    let (mut parts, mut taken, mut length) = (body.into_data_stream(), Vec::new(), 0_usize);
    while let Some(part) = parts.next().await {
        let part = part?;
        length = length.saturating_add(part.len());
        if length <= most {
            taken.push(part);
        } else if length <= DRAINED {
            taken.clear();
        } else {
            break;
        }
    }
    Ok((length <= most).then(|| if taken.len() == 1 { taken.remove(0) } else { taken.concat().into() }))
}

pub(super) fn respond(done: Done) -> Response<Body> {
    let mut response = plain(StatusCode::from_u16(done.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), done.body);
    let headers = response.headers_mut();
    if let Some(Ok(language)) = done.language.map(HeaderValue::try_from) {
        headers.insert(header::CONTENT_LANGUAGE, language);
    }
    if let Some(Ok(etag)) = done.etag.map(HeaderValue::try_from) {
        headers.insert(header::ETAG, etag);
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        headers.insert(header::VARY, HeaderValue::from_static("accept-language, x-api-key"));
    }
    for (name, set) in [(REPLAYED, done.replayed), (DRY_RUN, done.dry_run)] {
        if set {
            headers.insert(name, HeaderValue::from_static("true"));
        }
    }
    response
}

/// An answer of JSON text, or none.
pub fn plain(status: StatusCode, body: Bytes) -> Response<Body> {
    let empty = body.is_empty();
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    if !empty {
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    response
}
