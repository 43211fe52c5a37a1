//! Tells the receivers of webhooks about events.
//!
//! The journal is the queue: nothing is put anywhere else when an event happens. A *run* takes hold of one target by a lease,
//! sends what the target has not been told yet, one request after the other, and stores what came of it together with how far it
//! got. If it dies, its lease runs out and another run begins where the last stored batch ended, so every event is sent at least
//! once (WH-5). Each run is a task of its own: a receiver that is slow or dead holds up nobody else.
//!
//! What a receiver does not take becomes a delivery that waits, and the run goes on with the next event. Repeats are due in the
//! tenant's time, so that a sandbox's clock can rehearse them; leases go by the system's.

mod run;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use gymkeeper_contract::errors::ErrorCode;
use gymkeeper_store::{
    db::{DbError, Tx},
    tenant::{self, TenantId},
    webhook::{self, Due, delivery},
};
use jiff::Timestamp;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    task::JoinSet,
};

use super::pause;
use crate::{
    app::App,
    clock,
    http::failure::{Failure, Refusal},
};

/// How often the worker looks for work that nobody told it about: repeats, and events from other processes.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// The least time between two looks, so that many small changes do not make as many looks.
const BREATHER: Duration = Duration::from_millis(5);
/// How often what waits is counted.
const COUNT_EVERY: Duration = Duration::from_secs(10);
/// Whoever waits for a tenant's deliveries waits at most so long.
const DRAIN_LIMIT: Duration = Duration::from_secs(60);
/// How long [`drain`] waits before it looks again at what others are doing.
const DRAIN_PAUSE: Duration = Duration::from_millis(20);

/// The runs of this process.
pub struct Telling {
    places: Arc<Semaphore>,
    most: u32,
    /// Numbers the runs, so that each has a lease of its own.
    begun: AtomicU64,
    stopping: AtomicBool,
}

impl Telling {
    /// At most so many runs at once.
    pub fn new(most: usize) -> Self {
        Self {
            places: Arc::new(Semaphore::new(most)),
            most: u32::try_from(most).unwrap_or(u32::MAX),
            begun: AtomicU64::new(0),
            stopping: AtomicBool::new(false),
        }
    }

    fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::Relaxed)
    }

    /// Whether somebody may be waiting for a place.
    fn is_full(&self) -> bool {
        self.places.available_permits() == 0
    }

    fn next_owner(&self, instance: &str) -> String {
        format!("{instance}/{}", self.begun.fetch_add(1, Ordering::Relaxed))
    }
}

/// Looks for targets with work and runs them, until the process stops; then waits for the runs to store what they did.
pub async fn run(app: Arc<App>, mut stopped: watch::Receiver<bool>) {
    let mut runs = JoinSet::new();
    let mut counted = None;
    loop {
        if let Err(failure) = look(&app, &mut runs).await {
            tracing::warn!(?failure, "targets of webhooks could not be looked up");
        }
        if counted.is_none_or(|at| app.clock.since(at) >= COUNT_EVERY) {
            counted = Some(app.clock.monotonic());
            count(&app).await;
        }
        tokio::select! {
            () = app.told.notified() => {}
            // A run that ended may have missed what came in its last moment, and it leaves a place.
            Some(ended) = runs.join_next() => if let Err(error) = ended {
                tracing::error!(%error, "a run of a webhook target ended in a panic");
            },
            goes_on = pause(&mut stopped, LOOK_EVERY) => if !goes_on { break },
        }
        if !pause(&mut stopped, BREATHER).await {
            break;
        }
    }
    app.telling.stopping.store(true, Ordering::Relaxed);
    while runs.join_next().await.is_some() {}
    // Runs that `drain` began belong to requests, which have ended by now, but perhaps without waiting for them.
    drop(app.telling.places.acquire_many(app.telling.most).await);
}

/// Begins a run for each target that has work, as far as there are places.
async fn look(app: &Arc<App>, runs: &mut JoinSet<()>) -> Result<(), Failure> {
    let free = i64::try_from(app.telling.places.available_permits()).unwrap_or(i64::MAX);
    if free == 0 {
        return Ok(());
    }
    let now = app.clock.now();
    for due in app.db.read(move |tx| webhook::due(tx, now, free).map_err(Failure::from)).await? {
        let Ok(place) = Arc::clone(&app.telling.places).try_acquire_owned() else { break };
        runs.spawn(tell(Arc::clone(app), due, place));
    }
    Ok(())
}

async fn tell(app: Arc<App>, due: Due, place: OwnedSemaphorePermit) {
    let Due { tenant_id, id } = due;
    if let Err(failure) = run::tell(&app, TenantId(tenant_id), id).await {
        tracing::warn!(tenant = tenant_id, target_id = id, ?failure, "a run of a webhook target ended early");
        // A full disk lets us look for work and not begin it. The end of a run makes the worker look again, so it is put off.
        tokio::time::sleep(LOOK_EVERY).await;
    }
    drop(place);
}

async fn count(app: &App) {
    match app.db.read(|tx| delivery::waiting(tx).map_err(Failure::from)).await {
        Ok(waiting) => drop(app.metrics.webhooks_waiting.set(waiting)),
        Err(failure) => tracing::debug!(?failure, "waiting webhooks could not be counted"),
    }
}

/// Attempts everything that is due for a tenant at its present time, and answers when nothing is due any more, whoever did it.
/// When this is dropped, or gives up after a minute, the attempts go on by themselves.
///
/// # Errors
/// The database's; also when the receivers take longer than a minute.
pub async fn drain(app: &Arc<App>, tenant: TenantId) -> Result<(), Failure> {
    let overdue = || {
        let mut refusal = Refusal::new(ErrorCode::ServiceOverloaded);
        refusal.retry_after = Some(10);
        Failure::Refused(refusal)
    };
    tokio::time::timeout(DRAIN_LIMIT, drain_all(app, tenant)).await.unwrap_or_else(|_| Err(overdue()))
}

async fn drain_all(app: &Arc<App>, tenant: TenantId) -> Result<(), Failure> {
    loop {
        let system_now = app.clock.now();
        let due = app
            .db
            .read(move |tx| {
                let Some(tenant) = tenant::by_id(tx, tenant)? else { return Ok(Vec::new()) };
                let now = clock::tenant_now(system_now, tenant.test_clock);
                webhook::due_of(tx, tenant.id(), now).map_err(Failure::from)
            })
            .await?;
        if due.is_empty() {
            return Ok(());
        }
        let mut runs = Vec::new();
        for due in due {
            let Ok(place) = Arc::clone(&app.telling.places).acquire_owned().await else { break };
            runs.push(tokio::spawn(tell(Arc::clone(app), due, place)));
        }
        for run in runs {
            let _ = run.await;
        }
        // What is left is in the hands of other runs, which must have time to store it.
        tokio::time::sleep(DRAIN_PAUSE).await;
    }
}

/// The earliest moment of the tenant's time at which a repeat is due.
///
/// # Errors
/// The database's.
pub fn next_due(tx: &mut Tx<'_>, tenant: TenantId) -> Result<Option<Timestamp>, DbError> {
    delivery::next_due(tx, tenant)
}
