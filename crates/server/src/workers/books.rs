//! The books a server keeps: when keys were used, and what has been kept long enough.

use std::{sync::Arc, time::Duration};

use gymkeeper_domain::staff::ATTEMPT_MINUTES;
use gymkeeper_store::{
    db::Tx,
    idempotency, staff,
    tenant::{self, TenantId},
    webhook,
};
use jiff::ToSpan as _;
use tokio::sync::watch;

use super::pause;
use crate::{
    app::{App, files_dir},
    http::{failure::Failure, writing},
    portable::contents,
};

/// First answers kept for each API key at the most; older ones go before their time.
const MOST_ANSWERS: i64 = 100_000;

/// Deliveries of webhooks that are over are kept so many hours, 30 days.
const DELIVERIES_HOURS: i64 = 30 * 24;

/// Sessions of staff that are over are kept so many hours, 30 days.
const SESSIONS_HOURS: i64 = 30 * 24;

/// Writes down once a minute when keys were used, and removes once an hour what is over.
pub async fn run(app: Arc<App>, mut stopped: watch::Receiver<bool>) {
    let mut minutes = 0_u32;
    loop {
        if minutes.is_multiple_of(60)
            && let Err(error) = clean(&app).await
        {
            tracing::warn!(?error, "what is over could not be removed");
        }
        let goes_on = pause(&mut stopped, Duration::from_secs(60)).await;
        if let Err(error) = app.key_usage.flush(&app.db).await {
            tracing::warn!(?error, "when keys were last used could not be stored");
        }
        if !goes_on {
            return;
        }
        minutes = minutes.wrapping_add(1);
    }
}

async fn clean(app: &App) -> Result<(), Failure> {
    // Of pictures that were replaced, and of erasures that were cut off.
    let folder = files_dir(&app.config);
    if let Err(trouble) = contents::sweep(&app.db, &folder).await {
        tracing::warn!(?trouble, "contents that nobody has any more could not be removed");
    }
    if let Err(trouble) = contents::sweep_unfinished(&folder) {
        tracing::warn!(?trouble, "what uploads left behind could not be removed");
    }
    let now = app.clock.now();
    let since = now.checked_sub(writing::KEPT_HOURS.hours()).unwrap_or(now);
    let delivered_before = now.checked_sub(DELIVERIES_HOURS.hours()).unwrap_or(now);
    let attempted_before = now.checked_sub(ATTEMPT_MINUTES.minutes()).unwrap_or(now);
    let ended_before = now.checked_sub(SESSIONS_HOURS.hours()).unwrap_or(now);
    // Attempts on tenants that are not there.
    app.db
        .write(move |tx| staff::attempt::forget_old(tx, TenantId(0), attempted_before).map_err(Failure::from))
        .await?;
    let tenants = app.db.read(|tx| tenant::list(tx).map_err(Failure::from)).await?;
    for tenant in tenants {
        let id = tenant.id();
        app.db.write(move |tx| idempotency::clean(tx, id, since, MOST_ANSWERS).map_err(Failure::from)).await?;
        let of_staff = move |tx: &mut Tx<'_>| {
            staff::session::forget(tx, id, ended_before)?;
            staff::attempt::forget_old(tx, id, attempted_before).map_err(Failure::from)
        };
        app.db.write(of_staff).await?;
        // A part at a time, so that nobody waits long for the writer.
        loop {
            let forget = move |tx: &mut Tx<'_>| {
                let delivered = webhook::forget_delivered(tx, id, delivered_before)?;
                Ok::<_, Failure>(delivered + webhook::forget_failed(tx, id, delivered_before)?)
            };
            if app.db.write(forget).await? == 0 {
                break;
            }
        }
    }
    Ok(())
}
