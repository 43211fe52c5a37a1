//! One run: from taking hold of a target to letting go of it.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use gymkeeper_store::{
    db::DbError,
    tenant::{self, TenantId},
    webhook::{
        self, Held, Lease, Secrets, Told,
        delivery::{self, First, Outcome, Repeat, State},
    },
};
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{
    app::App,
    clock,
    http::failure::Failure,
    outbound::{Answered, Destination, Line, webhook as request},
};

/// So many records, or repeats, are read at a time: what a run holds in memory does not grow with what waits.
const BATCH: i64 = 100;
/// What was sent is stored at the latest after this time, or after the limit of one attempt if that is shorter.
const STORE_EVERY: Duration = Duration::from_secs(1);
/// While others wait for a place, a run makes room for them after this time.
const TURN: Duration = Duration::from_secs(10);
/// A lease holds so many times as long as one attempt may take: up to two limits pass between two confirmations, and the third
/// is for a database that is slow.
const LEASE_LIMITS: i32 = 3;
/// How long a run waits before it tries again to store something while the database is busy.
const BUSY_PAUSE: Duration = Duration::from_millis(20);
/// So many attempts are kept in the log of a delivery.
const LOGGED: usize = 10;

/// Tells a target what is due. Does nothing when another run has it.
///
/// After a failure the lease is not given back: until it runs out, nobody sends the same again to a receiver only because the
/// database cannot remember it.
pub(super) async fn tell(app: &Arc<App>, tenant: TenantId, target: i64) -> Result<(), Failure> {
    let lease = Lease { tenant, target, owner: app.telling.next_owner(&app.instance) };
    let (begun, now) = (app.clock.monotonic(), app.clock.now());
    let (claiming, until) = (lease.clone(), lease_end(app, now));
    let held = app.db.write(move |tx| webhook::claim(tx, &claiming, now, until).map_err(Failure::from)).await?;
    let Some(held) = held else { return Ok(()) };
    let mut run = Run::new(Arc::clone(app), lease, held, begun);
    loop {
        let repeated = run.repeats().await?;
        let told = run.events().await?;
        let turn_ends = app.telling.is_full() && app.clock.since(begun) >= TURN;
        if run.over || turn_ends || !(repeated || told) {
            break;
        }
    }
    let now = app.clock.now();
    app.db.write(move |tx| webhook::release(tx, &run.lease, now).map_err(Failure::from)).await
}

fn lease_end(app: &App, now: Timestamp) -> Timestamp {
    let time = SignedDuration::try_from(app.config.webhooks.limit).unwrap_or_default() * LEASE_LIMITS;
    now.checked_add(time).unwrap_or(now)
}

/// A hold on a target, with the line to its receiver.
struct Run {
    app: Arc<App>,
    lease: Lease,
    studio: i64,
    /// Which types are told; `None` for all.
    types: Option<Vec<String>>,
    secrets: Secrets,
    /// The line, or why there cannot be one.
    line: Result<Line, String>,
    /// The target's position, as it is stored.
    stored: i64,
    /// The record with which the integration became ready.
    activated: i64,
    /// Whether the tenant is a sandbox, which may be put back to an earlier state at any moment.
    sandbox: bool,
    /// When the lease was last confirmed.
    confirmed: Instant,
    /// The lease is lost, or the process stops.
    over: bool,
}

/// What was done and is not stored yet.
#[derive(Default)]
struct Unstored {
    firsts: Vec<First>,
    repeats: Vec<(i64, Outcome)>,
}

impl Run {
    fn new(app: Arc<App>, lease: Lease, held: Held, begun: Instant) -> Self {
        let Held { url, event_types, studio_id, position, activated, webhook_key, signing_secret, sandbox } = held;
        let types = (event_types != "*").then(|| event_types.split_whitespace().map(str::to_owned).collect());
        // Checked when the target was added; but a tenant may have ceased to be a sandbox since.
        let line = Destination::parse(&url, sandbox).map(|destination| app.outbound.line(destination));
        Self {
            lease,
            studio: studio_id,
            types,
            secrets: Secrets { webhook_key, signing_secret },
            line,
            stored: position,
            activated,
            sandbox,
            confirmed: begun,
            over: false,
            app,
        }
    }

    /// Sends what is due again, and answers whether there was anything.
    async fn repeats(&mut self) -> Result<bool, Failure> {
        let (tenant, target, system_now) = (self.lease.tenant, self.lease.target, self.app.clock.now());
        let (test_clock, due) = self
            .app
            .db
            .read(move |tx| {
                let test_clock = tenant::by_id(tx, tenant)?.and_then(|tenant| tenant.test_clock);
                let now = clock::tenant_now(system_now, test_clock);
                Ok::<_, Failure>((test_clock, delivery::repeats(tx, tenant, target, now, BATCH)?))
            })
            .await?;
        let (any, mut unstored) = (!due.is_empty(), Unstored::default());
        for Repeat { id, uuid, event_type, attempts, body, log } in due {
            if self.should_store() {
                self.store(std::mem::take(&mut unstored), self.stored).await?;
            }
            if self.is_over() {
                break;
            }
            let before: Vec<Box<RawValue>> = serde_json::from_str(&log).unwrap_or_default();
            let outcome = self.attempt(&uuid, &event_type, &body, attempts + 1, before, test_clock).await;
            unstored.repeats.push((id, outcome));
        }
        if any {
            self.store(unstored, self.stored).await?;
        }
        Ok(any)
    }

    /// Sends the next events, and answers whether there were any records.
    async fn events(&mut self) -> Result<bool, Failure> {
        let (tenant, studio, after) = (self.lease.tenant, self.studio, self.stored.max(self.activated));
        if self.is_over() {
            return Ok(false);
        }
        let (test_clock, records) = self
            .app
            .db
            .read(move |tx| {
                let test_clock = tenant::by_id(tx, tenant)?.and_then(|tenant| tenant.test_clock);
                Ok::<_, Failure>((test_clock, webhook::told(tx, tenant, studio, after, BATCH)?))
            })
            .await?;
        let Some(mut reached) = records.first().map(|_| self.stored) else { return Ok(false) };
        let mut unstored = Unstored::default();
        for Told { position, events, .. } in records {
            if self.should_store() {
                self.store(std::mem::take(&mut unstored), reached).await?;
            }
            if self.is_over() {
                break;
            }
            self.record(&mut unstored, position, &events, test_clock).await?;
            // A record that was left half-way is told again from its beginning.
            if self.over {
                break;
            }
            reached = position;
        }
        unstored.firsts.retain(|first| first.position <= reached);
        self.store(unstored, reached).await?;
        Ok(true)
    }

    /// Sends the events of one record that the target wants.
    async fn record(
        &mut self,
        unstored: &mut Unstored,
        position: i64,
        events: &str,
        test_clock: Option<Timestamp>,
    ) -> Result<(), Failure> {
        let unreadable = |error| Failure::Internal(format!("record {position} has unreadable events: {error}"));
        let bodies: Vec<&RawValue> = serde_json::from_str(events).map_err(unreadable)?;
        for body in bodies {
            let Head { uuid, payload: [Payload { kind }] } = serde_json::from_str(body.get()).map_err(unreadable)?;
            if self.types.as_ref().is_some_and(|wanted| !wanted.iter().any(|wanted| wanted == kind)) {
                continue;
            }
            if self.should_store() {
                // In the midst of a record only the lease is confirmed, since the position cannot be.
                self.store(Unstored::default(), self.stored).await?;
            }
            if self.over {
                return Ok(());
            }
            let outcome = self.attempt(uuid, kind, body.get(), 1, Vec::new(), test_clock).await;
            unstored.firsts.push(First {
                position,
                uuid: uuid.to_owned(),
                event_type: kind.to_owned(),
                body: body.get().to_owned(),
                outcome,
            });
        }
        Ok(())
    }

    /// One attempt, and what follows from it (WH-3, WH-4).
    async fn attempt(
        &mut self,
        uuid: &str,
        event_type: &str,
        body: &str,
        attempts: i64,
        mut log: Vec<Box<RawValue>>,
        test_clock: Option<Timestamp>,
    ) -> Outcome {
        let (at, begun) = (self.app.clock.now(), self.app.clock.monotonic());
        let headers = request::headers(&self.secrets, uuid, at, body);
        let answered = match &mut self.line {
            Ok(line) => line.post(&headers, Bytes::copy_from_slice(body.as_bytes())).await,
            Err(wrong) => Err(wrong.clone()),
        };
        let milliseconds = u64::try_from(self.app.clock.since(begun).as_millis()).unwrap_or(u64::MAX);
        let delivered = answered.as_ref().is_ok_and(|answered| (200..300).contains(&answered.status));
        let settings = self.app.config.webhooks;
        let (state, next_at) = if delivered {
            (State::Delivered, None)
        } else if attempts > settings.repeats {
            (State::Failed, None)
        } else {
            let now = clock::tenant_now(at, test_clock);
            (State::Waiting, Some(now.checked_add(settings.repeat_seconds.seconds()).unwrap_or(now)))
        };
        self.app.metrics.webhook_attempted(delivered, state == State::Failed);
        let attempt = Attempt::new(at, milliseconds, answered);
        if state == State::Failed {
            let (tenant, target_id) = (self.lease.tenant.0, self.lease.target);
            let (status, error) = (attempt.status, attempt.error.as_deref());
            tracing::warn!(tenant, target_id, uuid, event_type, attempts, status, error, "a webhook was given up");
        }
        log.extend(serde_json::value::to_raw_value(&attempt).ok());
        log.drain(..log.len().saturating_sub(LOGGED));
        let log = serde_json::to_string(&log).unwrap_or_else(|_| "[]".to_owned());
        Outcome { state, attempts, next_at, last_at: at, log }
    }

    fn should_store(&self) -> bool {
        self.app.clock.since(self.confirmed) >= STORE_EVERY.min(self.app.config.webhooks.limit)
    }

    fn is_over(&mut self) -> bool {
        self.over |= self.app.telling.is_stopping();
        self.over
    }

    /// Stores what was done and how far it went, and confirms the lease; or finds out that the lease is lost, in which case
    /// nothing is stored and whoever has it now sends it again.
    async fn store(&mut self, unstored: Unstored, reached: i64) -> Result<(), Failure> {
        let begun = self.app.clock.monotonic();
        let (until, from, sandbox) = (lease_end(&self.app, self.app.clock.now()), self.stored, self.sandbox);
        let (lease, unstored) = (self.lease.clone(), Arc::new(unstored));
        let held = loop {
            let (lease, unstored) = (lease.clone(), Arc::clone(&unstored));
            let stored = self.app.db.write(move |tx| {
                if sandbox {
                    // What is stored here is either there before the tenant is put back, and forgotten with it, or the position
                    // has changed and nothing is stored.
                    tx.hold_shared(lease.tenant.0);
                }
                if !webhook::advance(tx, &lease, until, from, reached)? {
                    return Ok(false);
                }
                delivery::insert(tx, lease.tenant, lease.target, &unstored.firsts)?;
                for (id, outcome) in &unstored.repeats {
                    delivery::attempted(tx, lease.tenant, *id, outcome)?;
                }
                Ok(true)
            });
            match stored.await {
                Err(Failure::Db(DbError::Busy | DbError::Conflict)) if self.app.clock.since(begun) < STORE_EVERY => {
                    tokio::time::sleep(BUSY_PAUSE).await;
                }
                outcome => break outcome?,
            }
        };
        if held {
            (self.stored, self.confirmed) = (reached, begun);
        } else {
            tracing::info!(target_id = lease.target, "another run has this webhook target now");
            self.over = true;
        }
        Ok(())
    }
}

/// What a run needs to know of an event's body.
#[derive(Deserialize)]
struct Head<'a> {
    uuid: &'a str,
    #[serde(borrow)]
    payload: [Payload<'a>; 1],
}

#[derive(Deserialize)]
struct Payload<'a> {
    #[serde(rename = "type")]
    kind: &'a str,
}

/// An attempt, in the log of its delivery.
#[derive(Debug, Serialize)]
struct Attempt {
    at: Timestamp,
    milliseconds: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

impl Attempt {
    fn new(at: Timestamp, milliseconds: u64, answered: Result<Answered, String>) -> Self {
        let (status, answer, error) = match answered {
            Ok(Answered { status, body }) => (Some(status), Some(body).filter(|body| !body.is_empty()), None),
            Err(error) => (None, None, Some(error)),
        };
        Self { at, milliseconds, status, answer, error }
    }
}
