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
    error,
    failure::{Failure, Refusal},
    frame::Done,
    input::Parts,
    party::Party,
};
use crate::{actions::change::Change, app::App};

/// An operation that changes data for a party `C`.
pub trait Act<C, I, A>: Fn(&mut Change<'_, '_>, &C, &I) -> Result<Answer<A>, Failure> + Send + Sync + 'static {}
impl<C, I, A, F> Act<C, I, A> for F where
    F: Fn(&mut Change<'_, '_>, &C, &I) -> Result<Answer<A>, Failure> + Send + Sync + 'static
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
    let described = described
        .header::<String>(
            "Idempotency-Key",
            "A key of the caller's choice for this request, 1 to 255 visible letters. The same request under the same key \
             gets the first answer again for 24 hours, marked with `Idempotency-Replayed: true`; another request gets 400, \
             and one that comes while the first is still running 409.",
        )
        .extension();
    describe_dry_run(described)
}

/// Adds the header of writes that cannot be repeated, but can be tried.
pub(super) fn describe_dry_run(described: Described) -> Described {
    described
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
enum Undone<T> {
    Failed(Failure),
    /// A dry run that succeeded, with what it answered.
    Pretended(T),
    /// The idempotency key has an answer already.
    Known,
    /// The first request under the idempotency key is running in another process.
    Running,
}

impl<T> From<DbError> for Undone<T> {
    fn from(error: DbError) -> Self {
        Self::Failed(error.into())
    }
}

impl<T> From<Failure> for Undone<T> {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// Makes a change inside the running transaction, after the party was found to be up to date in it. Answers what the work does,
/// and whether webhooks have something to tell.
fn perform<C: Party, T>(
    tx: &mut Tx<'_>,
    party: &C,
    trace: u64,
    work: impl FnOnce(&mut Change<'_, '_>, &C) -> Result<T, Failure>,
) -> Result<(T, bool), Failure> {
    party.hold(tx);
    let party = party.renewed(tx)?;
    let mut change = Change::of_caller(tx, party.as_ref(), trace);
    let value = work(&mut change, party.as_ref())?;
    let told = change.has_told();
    if cfg!(debug_assertions) && tx.is_silent() {
        return Err(Failure::Internal("something was changed that no record tells of".to_owned()));
    }
    Ok((value, told))
}

/// Makes a change in a transaction of its own, or with `dry_run` only tries it and undoes it.
pub(super) async fn change<C: Party, T: Send + 'static>(
    app: &App,
    party: C,
    trace: u64,
    dry_run: bool,
    mut work: impl FnMut(&mut Change<'_, '_>, &C) -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    let run = move |tx: &mut Tx<'_>| {
        if dry_run {
            tx.pretend();
        }
        let (value, told) = perform(tx, &party, trace, &mut work)?;
        if dry_run { Err(Undone::Pretended(value)) } else { Ok((value, told)) }
    };
    match app.db.write(run).await {
        Ok((value, told)) => {
            app.wake_if(told);
            Ok(value)
        }
        Err(Undone::Pretended(value)) => Ok(value),
        Err(Undone::Failed(failure)) => Err(failure),
        Err(Undone::Known | Undone::Running) => Err(Failure::Internal("a change ended in no known way".to_owned())),
    }
}

/// Whether the headers ask for a dry run.
///
/// # Errors
/// Refuses a value that is neither `true` nor `false`.
pub(super) fn is_dry_run(headers: &HeaderMap) -> Result<bool, Failure> {
    Ok(matches!(Mode::of(headers)?, Mode::DryRun))
}

/// An operation with its input: what is left to do of a write. From here on nothing is compiled for each operation anew, which
/// would be most of the program.
pub(super) type Work<C> = Box<dyn FnMut(&mut Change<'_, '_>, &C) -> Result<Bytes, Failure> + Send>;

/// The work of an operation on its input.
pub(super) fn work<C, I, A, H>(input: I, handler: Arc<H>) -> Work<C>
where
    I: Send + Sync + 'static,
    A: 'static,
    H: Act<C, I, A>,
{
    Box::new(move |change, party| handler(change, party, &input).map(Answer::into_body))
}

/// Runs a write as its headers ask for.
pub(super) async fn run<C: Party>(
    app: &App,
    operation: &'static str,
    party: C,
    parts: &Parts,
    work: Work<C>,
) -> Result<Done, Failure> {
    let mode = Mode::of(&parts.headers)?;
    match mode {
        Mode::Plain => Ok(Done::plain(change(app, party, parts.trace, false, work).await?)),
        Mode::DryRun => {
            let body = change(app, party, parts.trace, true, work).await?;
            Ok(Done { dry_run: true, ..Done::plain(body) })
        }
        Mode::Once(key) => once(app, operation, &key, parts, party, work).await,
    }
}

/// The first answer is kept in the transaction of the change, so that a crash leaves both or neither. Whether there is one
/// already is asked at the end: a refusal of a first request, which most are, costs nothing more.
async fn once<C: Party>(
    app: &App,
    operation: &'static str,
    key: &str,
    parts: &Parts,
    party: C,
    mut work: Work<C>,
) -> Result<Done, Failure> {
    let running = || Failure::from(Refusal::new(ErrorCode::IdempotencyKeyRunning).at(IDEMPOTENCY_KEY));
    let _turn = app.running.begin(party.id(), key).ok_or_else(running)?;
    let keeper = Keeper {
        party: party.clone(),
        key: key.to_owned(),
        fingerprint: fingerprint(operation, parts),
        since: party.system_now().checked_sub(KEPT_HOURS.hours()).unwrap_or(Timestamp::UNIX_EPOCH),
    };
    let (within, language, trace) = (keeper.clone(), party.language(), parts.trace);
    let work = move |tx: &mut Tx<'_>| {
        if !tx.claim(within.number())? {
            return Err(Undone::Running);
        }
        let (body, told) = perform(tx, &party, trace, &mut work)?;
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
        Err(Undone::Running) => return Err(running()),
        Err(Undone::Failed(failure)) => Some(failure),
        Err(Undone::Known | Undone::Pretended(())) => None,
    };
    // A repeated request can fail where the first one did not: what it wants is there already.
    let reader = keeper.clone();
    if let Some(kept) = app.db.read(move |tx| reader.find(tx).map_err(Failure::from)).await? {
        return keeper.replay(kept);
    }
    match failure {
        Some(Failure::Refused(refusal)) if is_lasting(&refusal) => {
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
struct Keeper<C> {
    party: C,
    key: String,
    fingerprint: Vec<u8>,
    since: Timestamp,
}

impl<C: Party> Keeper<C> {
    fn owner(&self) -> Owner<'_> {
        Owner { tenant: self.party.tenant(), api_key: self.party.id(), key: &self.key, id: self.number() }
    }

    /// What other processes know a running request by, and what its answer is kept as.
    fn number(&self) -> i64 {
        let mut sha = Sha256::new();
        sha.update(self.party.tenant().0.to_be_bytes());
        sha.update(self.party.id().to_be_bytes());
        sha.update(self.key.as_bytes());
        sha.finalize().first_chunk().map_or(0, |bytes| i64::from_be_bytes(*bytes) & i64::MAX)
    }

    fn keep(&self, tx: &mut Tx<'_>, status: u16, language: Option<&str>, body: &[u8]) -> Result<bool, DbError> {
        let kept = Kept {
            fingerprint: self.fingerprint.clone(),
            status: i64::from(status),
            language: language.map(str::to_owned),
            body: body.to_vec(),
        };
        idempotency::keep(tx, self.owner(), kept, self.party.system_now(), self.since)
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
