//! The runner of jobs.
//!
//! A job is claimed, done and put to its next due moment. What it does and that it is done are one transaction, so it is done
//! once whatever happens in between; each kind of work must also come to the same when it is done late (TIME-5).

use std::{str::FromStr, sync::Arc, time::Duration};

use gymkeeper_store::{
    db::{DbError, Tx},
    job::{self, Claim, Claimed},
    studio,
    tenant::{self, TenantId},
};
use jiff::{Timestamp, ToSpan as _};
use tokio::sync::watch;

use super::pause;
use crate::{
    actions::{
        booking::{class_slot, trial},
        change::{Actor, By, Change},
        checkout, day,
    },
    app::App,
    clock,
    http::failure::Failure,
};

/// How often the runner looks for work, in milliseconds.
const LOOK_EVERY: Duration = Duration::from_millis(1000);
/// A job that failed so often is parked.
const MOST_ATTEMPTS: i64 = 5;
/// So many jobs are looked up at a time.
const BATCH: i64 = 50;
/// Whoever waits for a job of another process waits a little longer than its claim can hold, looking again and again.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// What kinds of work there are. The names are stored; they must not change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The turn of a studio's day; its key is the studio's id.
    Day,
    /// The end of visits of a studio that nobody has ended; its key is the studio's id and the moment, and it is done once.
    Checkout,
    /// The start of a class for which somebody waits; its key is the slot's id, and it is done once.
    ClassStart,
    /// The moment after the last one for confirming a trial; its key is the booking's id, and it is done once.
    TrialLapse,
}

impl Kind {
    /// The stored name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Checkout => "checkout",
            Self::ClassStart => "class-start",
            Self::TrialLapse => "trial-lapse",
        }
    }
}

impl FromStr for Kind {
    type Err = Failure;

    fn from_str(name: &str) -> Result<Self, Failure> {
        match name {
            "day" => Ok(Self::Day),
            "checkout" => Ok(Self::Checkout),
            "class-start" => Ok(Self::ClassStart),
            "trial-lapse" => Ok(Self::TrialLapse),
            _ => Err(Failure::Internal(format!("this version knows no job of the kind {name:?}"))),
        }
    }
}

/// Does what is due, again and again, until the process stops.
pub async fn run(app: Arc<App>, mut stopped: watch::Receiver<bool>) {
    if let Err(error) = ensure(&app).await {
        tracing::error!(?error, "jobs could not be set up");
    }
    loop {
        if let Err(error) = run_batch(&app).await {
            tracing::warn!(?error, "jobs could not be looked up");
        }
        if !pause(&mut stopped, LOOK_EVERY).await {
            return;
        }
    }
}

/// Gives every studio its jobs. New studios get them when they are made; this is for those from before there were jobs.
async fn ensure(app: &App) -> Result<(), Failure> {
    let system_now = app.clock.now();
    app.db
        .write(move |tx| {
            for tenant in tenant::list(tx)? {
                let now = clock::tenant_now(system_now, tenant.test_clock);
                for studio in studio::list(tx, tenant.id())? {
                    day::schedule(tx, tenant.id(), studio.id, &studio.zone, now)?;
                }
            }
            Ok(())
        })
        .await
}

async fn run_batch(app: &App) -> Result<(), Failure> {
    loop {
        let now = app.clock.now();
        let due = app.db.read(move |tx| job::due(tx, now, BATCH).map_err(Failure::from)).await?;
        for job in &due {
            run_one(app, TenantId(job.tenant_id), job.id).await?;
        }
        if due.is_empty() {
            let parked = app.db.read(|tx| job::parked(tx).map_err(Failure::from)).await?;
            app.metrics.jobs_parked.set(parked);
            return Ok(());
        }
    }
}

/// Runs all jobs of a tenant that are due at its present time, in the order of their due moments, and answers how many this
/// process ran. Waits for those that other processes work on.
///
/// # Errors
/// The database's; also when another process does not get done with a job.
pub async fn run_due(app: &App, tenant: TenantId) -> Result<u64, Failure> {
    let patience = Duration::from_secs(app.config.job_claim_seconds.unsigned_abs() + 10);
    let (mut ran, mut waiting_since) = (0, None);
    loop {
        let system_now = app.clock.now();
        let due = app
            .db
            .read(move |tx| {
                let Some(tenant) = tenant::by_id(tx, tenant)? else { return Ok(Vec::new()) };
                let now = clock::tenant_now(system_now, tenant.test_clock);
                job::due_of(tx, tenant.id(), now, BATCH).map_err(Failure::from)
            })
            .await?;
        if due.is_empty() {
            return Ok(ran);
        }
        let mut ran_now = 0;
        for job in &due {
            // In order: the second is not begun before the first is done, by whomever.
            if !run_one(app, tenant, job.id).await? {
                break;
            }
            ran_now += 1;
        }
        ran += ran_now;
        if ran_now > 0 {
            waiting_since = None;
            continue;
        }
        let since = *waiting_since.get_or_insert_with(|| app.clock.monotonic());
        if app.clock.since(since) > patience {
            return Err(Failure::Internal("another process does not get done with a job".to_owned()));
        }
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}

/// Claims a job and runs it. `false`: another process has it.
async fn run_one(app: &App, tenant: TenantId, id: i64) -> Result<bool, Failure> {
    let claim = Claim { tenant, id, owner: app.instance.clone() };
    let system_now = app.clock.now();
    let until = system_now.checked_add(app.config.job_claim_seconds.seconds()).unwrap_or(system_now);
    let claiming = claim.clone();
    let claimed = app
        .db
        .write(move |tx| {
            let Some(tenant) = tenant::by_id(tx, claiming.tenant)? else { return Ok(None) };
            let now = clock::tenant_now(system_now, tenant.test_clock);
            job::claim(tx, &claiming, now, system_now, until).map_err(Failure::from)
        })
        .await?;
    let Some(claimed) = claimed else { return Ok(false) };
    let kind = claimed.kind.clone();
    let (working, work) = (claim.clone(), claimed.clone());
    let outcome = app.db.write(move |tx| perform(tx, &working, &work, system_now)).await;
    match outcome {
        Ok(told) => {
            app.wake_if(told);
            app.metrics.job_ran(true);
        }
        Err(failure) => {
            app.metrics.job_ran(false);
            let error = format!("{failure:?}");
            tracing::warn!(kind, key = claimed.key, attempt = claimed.attempts, error, "a job failed");
            let parked = claimed.attempts >= MOST_ATTEMPTS;
            let minutes = claimed.attempts.saturating_mul(claimed.attempts);
            app.db
                .write(move |tx| {
                    let Some(tenant) = tenant::by_id(tx, claim.tenant)? else { return Ok(()) };
                    let now = clock::tenant_now(system_now, tenant.test_clock);
                    let again = now.checked_add(minutes.minutes()).unwrap_or(now);
                    job::failed(tx, &claim, again, parked, &error).map_err(Failure::from)
                })
                .await?;
        }
    }
    Ok(true)
}

/// The work and its end in one transaction; answers whether webhooks have something to tell.
fn perform(tx: &mut Tx<'_>, claim: &Claim, claimed: &Claimed, system_now: Timestamp) -> Result<bool, Failure> {
    let kind: Kind = claimed.kind.parse()?;
    let tenant = tenant::by_id(tx, claim.tenant)?.ok_or(DbError::Conflict)?;
    let by = By::new(Actor::Worker(kind.name()), system_now);
    let mut change: Change<'_, '_> = by.changes(tx, &tenant);
    let next = match kind {
        Kind::Day => Some(day::turn(&mut change, &claimed.key, claimed.due_at)?),
        Kind::Checkout => {
            checkout::turn(&mut change, &claimed.key)?;
            None
        }
        Kind::ClassStart => class_slot::at_start(&mut change, &claimed.key)?,
        Kind::TrialLapse => trial::lapse(&mut change, &claimed.key)?,
    };
    let told = change.has_told();
    let is_kept = match next {
        Some(next) => job::done(change.tx, claim, next)?,
        None => job::finished(change.tx, claim)?,
    };
    if is_kept { Ok(told) } else { Err(DbError::Conflict.into()) }
}
