//! What every write of the API passes through: a change with its record, a repeat that gets the first answer, a dry run.
//!
//! An operation knows nothing of all this. It is run inside one transaction; what happens to that transaction, and what the
//! caller is answered, is decided here.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

use axum::http::HeaderMap;
use bytes::Bytes;
use gymkeeper_contract::{errors::ErrorCode, openapi::Described};
use gymkeeper_store::{
    db::{DbError, Tx},
    idempotency::{self, Kept, Owner},
};
use jiff::{Timestamp, ToSpan as _};
use sha2::{Digest as _, Sha256};

use super::{
    answer::Answer,
    caller::Caller,
    error,
    failure::{Failure, Refusal},
    frame::Done,
    input::Parts,
};
use crate::{actions::change::Change, app::App};

/// An operation that changes data.
pub trait Act<I, A>:
    Fn(&mut Change<'_, '_>, &Caller, &I) -> Result<Answer<A>, Failure> + Send + Sync + 'static
{
}
impl<I, A, F> Act<I, A> for F where
    F: Fn(&mut Change<'_, '_>, &Caller, &I) -> Result<Answer<A>, Failure> + Send + Sync + 'static
{
}

/// The header with the key under which a repeated request gets the first answer.
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// The header that asks for a dry run, and that marks the answer to one.
pub const DRY_RUN: &str = "gymkeeper-dry-run";
/// The header that marks an answer that was given before.
pub const REPLAYED: &str = "idempotency-replayed";

/// First answers are kept so long, in hours.
pub const KEPT_HOURS: i64 = 24;
/// Longest idempotency key, in characters.
const LONGEST_KEY: usize = 255;

/// Adds the headers that every write takes.
pub(super) fn describe(described: Described) -> Described {
    described
        .header::<String>(
            "Idempotency-Key",
            "A key of the caller's choice for this request, 1 to 255 visible letters. The same request under the same key \
             gets the first answer again for 24 hours, marked with `Idempotency-Replayed: true`; another request gets 400, \
             and one that comes while the first is still running 409.",
        )
        .extension()
        .header::<bool>(
            "Gymkeeper-Dry-Run",
            "With `true` the request is checked and answered as usual, and nothing is kept. Ids in such an answer are made up.",
        )
        .extension()
}

/// What the headers ask for.
#[derive(Debug)]
enum Mode {
    Plain,
    DryRun,
    Once(String),
}

impl Mode {
    /// A dry run keeps nothing, so an idempotency key beside it has no meaning.
    fn of(headers: &HeaderMap) -> Result<Self, Failure> {
        let invalid = |name: &'static str| {
            Failure::from(Refusal::new(ErrorCode::ValidationFieldInvalid).with_text(name).at(name))
        };
        let text = |name: &'static str| match headers.get(name) {
            None => Ok(None),
            Some(value) => value.to_str().map(|text| Some(text.trim())).map_err(|_| invalid(name)),
        };
        match text(DRY_RUN)? {
            None | Some("") => {}
            Some(text) if text.eq_ignore_ascii_case("true") => return Ok(Self::DryRun),
            Some(text) if text.eq_ignore_ascii_case("false") => {}
            // Somebody who misspells it must not change anything by mistake.
            Some(_) => return Err(invalid(DRY_RUN)),
        }
        match text(IDEMPOTENCY_KEY)? {
            None => Ok(Self::Plain),
            Some(key) if (1..=LONGEST_KEY).contains(&key.len()) => Ok(Self::Once(key.to_owned())),
            Some(_) => Err(invalid(IDEMPOTENCY_KEY)),
        }
    }
}

/// Requests with an idempotency key that are running in this process.
#[derive(Debug, Default)]
pub struct Running(Mutex<HashSet<(i64, String)>>);

/// Held while a request with an idempotency key is running.
struct Turn<'a> {
    running: &'a Running,
    of: (i64, String),
}

impl Running {
    /// `None`: the same key is at work already.
    fn begin(&self, api_key: i64, key: &str) -> Option<Turn<'_>> {
        let of = (api_key, key.to_owned());
        let fresh = self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(of.clone());
        fresh.then_some(Turn { running: self, of })
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.running.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.of);
    }
}

/// Why a transaction is not kept.
enum Undone {
    Failed(Failure),
    /// A dry run that succeeded, with its answer.
    Pretended(Bytes),
    /// The idempotency key has an answer already.
    Known,
}

impl From<DbError> for Undone {
    fn from(error: DbError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<Failure> for Undone {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// One request to an operation, in a form that can be run more than once.
struct Request<I, H> {
    caller: Caller,
    trace: u64,
    input: I,
    handler: Arc<H>,
}

impl<I, H> Request<I, H> {
    /// Runs the operation and answers its body, and whether webhooks have something to tell.
    fn perform<A>(&self, tx: &mut Tx<'_>) -> Result<(Bytes, bool), Failure>
    where
        H: Act<I, A>,
    {
        self.caller.hold(tx);
        let caller = self.caller.renewed(tx)?;
        let mut change = Change::of_caller(tx, &caller, self.trace);
        let body = (self.handler)(&mut change, &caller, &self.input)?.into_body();
        let told = change.has_told();
        if cfg!(debug_assertions) && tx.is_silent() {
            return Err(Failure::Internal("something was changed that no record tells of".to_owned()));
        }
        Ok((body, told))
    }
}

/// Runs a write as its headers ask for.
pub async fn run<I, A, H>(
    app: &App,
    operation: &'static str,
    caller: Caller,
    parts: &Parts,
    input: I,
    handler: Arc<H>,
) -> Result<Done, Failure>
where
    I: Send + Sync + 'static,
    A: 'static,
    H: Act<I, A>,
{
    let mode = Mode::of(&parts.headers)?;
    let request = Request { caller, trace: parts.trace, input, handler };
    match mode {
        Mode::Plain => {
            let (body, told) = app.db.write(move |tx| request.perform(tx)).await?;
            app.wake_if(told);
            Ok(Done::plain(body))
        }
        Mode::DryRun => dry_run(app, request).await,
        Mode::Once(key) => once(app, operation, &key, parts, request).await,
    }
}

async fn dry_run<I, A, H>(app: &App, request: Request<I, H>) -> Result<Done, Failure>
where
    I: Send + Sync + 'static,
    A: 'static,
    H: Act<I, A>,
{
    let work = move |tx: &mut Tx<'_>| {
        tx.pretend();
        let (body, _) = request.perform(tx)?;
        Err::<(), _>(Undone::Pretended(body))
    };
    match app.db.write(work).await {
        Err(Undone::Pretended(body)) => Ok(Done { dry_run: true, ..Done::plain(body) }),
        Err(Undone::Failed(failure)) => Err(failure),
        Ok(()) | Err(Undone::Known) => Err(Failure::Internal("a dry run ended in no known way".to_owned())),
    }
}

/// The first answer is kept in the transaction of the change, so that a crash leaves both or neither. Whether there is one
/// already shows at the end: a first request, which most are, asks nothing more of the database than that.
async fn once<I, A, H>(
    app: &App,
    operation: &'static str,
    key: &str,
    parts: &Parts,
    request: Request<I, H>,
) -> Result<Done, Failure>
where
    I: Send + Sync + 'static,
    A: 'static,
    H: Act<I, A>,
{
    let caller = request.caller.clone();
    let Some(_turn) = app.running.begin(caller.key_id(), key) else {
        return Err(Refusal::new(ErrorCode::IdempotencyKeyRunning).at(IDEMPOTENCY_KEY).into());
    };
    let keeper = Keeper {
        caller: caller.clone(),
        key: key.to_owned(),
        fingerprint: fingerprint(operation, parts),
        since: caller.system_now.checked_sub(KEPT_HOURS.hours()).unwrap_or(Timestamp::UNIX_EPOCH),
    };
    let within = keeper.clone();
    let work = move |tx: &mut Tx<'_>| {
        let (body, told) = request.perform(tx)?;
        if !within.keep(tx, 200, None, &body)? {
            return Err(Undone::Known);
        }
        Ok((body, told))
    };
    let failure = match app.db.write(work).await {
        Ok((body, told)) => {
            app.wake_if(told);
            return Ok(Done::plain(body));
        }
        Err(Undone::Failed(failure @ Failure::Stale)) => return Err(failure),
        Err(Undone::Failed(failure)) => Some(failure),
        Err(Undone::Known | Undone::Pretended(_)) => None,
    };
    // A repeated request can fail where the first one did not: what it wants is there already.
    let reader = keeper.clone();
    if let Some(kept) = app.db.read(move |tx| reader.find(tx).map_err(Failure::from)).await? {
        return keeper.replay(kept);
    }
    match failure {
        Some(Failure::Refused(refusal)) if is_lasting(&refusal) => {
            let language = caller.language;
            let told = error::tell(Failure::Refused(refusal), language, parts.trace, operation);
            let (status, body) = (told.status, told.body.clone());
            let kept = app.db.write(move |tx| keeper.keep(tx, status, Some(language.tag()), &body)).await;
            if let Err(error) = kept {
                tracing::debug!(%error, "a refusal was not kept; a repeat is decided anew");
            }
            Ok(Done::told(told))
        }
        Some(failure) => Err(failure),
        // It was there a moment ago and is over 24 hours old now.
        None => Err(ErrorCode::ConcurrentModification.into()),
    }
}

/// Whether a repeat would be refused as well. Lost races and overload pass.
fn is_lasting(refusal: &Refusal) -> bool {
    matches!(refusal.code.status(), 400 | 403 | 404)
}

/// Keeps and finds the first answer under one idempotency key.
#[derive(Clone)]
struct Keeper {
    caller: Caller,
    key: String,
    fingerprint: Vec<u8>,
    since: Timestamp,
}

impl Keeper {
    fn owner(&self) -> Owner<'_> {
        Owner { tenant: self.caller.tenant(), api_key: self.caller.key_id(), key: &self.key }
    }

    fn keep(&self, tx: &mut Tx<'_>, status: u16, language: Option<&str>, body: &[u8]) -> Result<bool, DbError> {
        let kept = Kept {
            fingerprint: self.fingerprint.clone(),
            status: i64::from(status),
            language: language.map(str::to_owned),
            body: body.to_vec(),
        };
        idempotency::keep(tx, self.owner(), &kept, self.caller.system_now, self.since)
    }

    fn find(&self, tx: &mut Tx<'_>) -> Result<Option<Kept>, DbError> {
        idempotency::find(tx, self.owner(), self.since)
    }

    fn replay(&self, kept: Kept) -> Result<Done, Failure> {
        if kept.fingerprint != self.fingerprint {
            return Err(Refusal::new(ErrorCode::IdempotencyKeyReused).at(IDEMPOTENCY_KEY).into());
        }
        let status = u16::try_from(kept.status).unwrap_or(500);
        Ok(Done { status, language: kept.language, replayed: true, ..Done::plain(kept.body.into()) })
    }
}

/// What makes two requests the same: the operation, the values in its path, the query and the body.
fn fingerprint(operation: &str, parts: &Parts) -> Vec<u8> {
    let mut sha = Sha256::new();
    let mut field = |bytes: &[u8]| {
        sha.update((bytes.len() as u64).to_be_bytes());
        sha.update(bytes);
    };
    field(operation.as_bytes());
    parts.path.iter().for_each(|(_, value)| field(value.as_bytes()));
    field(parts.query.as_bytes());
    field(&parts.body);
    sha.finalize().to_vec()
}
