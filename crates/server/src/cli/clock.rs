//! `gymkeeper clock`.

use clap::{Args, Subcommand};
use jiff::{Span, Timestamp, ToSpan as _};

use super::{Outcome, Stopped, find_tenant, open_existing, output, stop, with_db};
use crate::{
    actions::clock::{self as action, Move},
    app::App,
    clock::Clock as SystemClock,
    config::Config,
    workers,
};

#[derive(Debug, Subcommand)]
#[command(
    after_help = "Tenants go by the system's clock. A sandbox may have a test clock instead: an instant at which its time \
                  stands until it is moved. It only goes forward, and what is due on the way is done on the way; only \
                  `gymkeeper sandbox reset` and `restore` go back. The server may run meanwhile.\n\n\
                  Example: gymkeeper clock advance --by P1M2DT3H"
)]
pub(super) enum Clock {
    /// Show where a tenant's clock stands.
    Show(Show),
    /// Move the clock of a sandbox forward to an instant.
    Set(Set),
    /// Move the clock of a sandbox forward by a length of time.
    Advance(Advance),
}

#[derive(Debug, Clone, Args)]
pub(super) struct Show {
    /// The tenant; needed when there are several.
    #[arg(long)]
    tenant: Option<String>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "Example: gymkeeper clock set 2026-12-01T09:00:00Z")]
pub(super) struct Set {
    /// The instant, with its offset from UTC.
    instant: Timestamp,
    #[command(flatten)]
    of: Show,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Months and days are counted in the zone of the tenant's first studio, so a day later is the same time of \
                  day there.\n\nExamples:\n  gymkeeper clock advance --by P1M2DT3H\n  gymkeeper clock advance --days 30"
)]
pub(super) struct Advance {
    /// A length of time in ISO 8601, such as P1M2DT3H.
    #[arg(long, value_name = "DURATION", conflicts_with_all = ["days", "hours", "minutes"])]
    by: Option<String>,
    /// So many days.
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(i64).range(0..=100_000))]
    days: i64,
    /// So many hours.
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(i64).range(0..=1_000_000))]
    hours: i64,
    /// So many minutes.
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(i64).range(0..=100_000_000))]
    minutes: i64,
    #[command(flatten)]
    of: Show,
}

pub(super) fn run(config: &Config, command: &Clock) -> Outcome {
    match command {
        Clock::Show(of) => show(config, of),
        Clock::Set(Set { instant, of }) => go(config, of, Move::To(*instant)),
        Clock::Advance(advance) => go(config, &advance.of, Move::By(length(advance)?)),
    }
}

fn length(advance: &Advance) -> Result<Span, Stopped> {
    let span = match &advance.by {
        Some(text) => {
            let span = action::duration(text);
            return span.ok_or_else(|| Stopped(format!("{text:?} is no length of time; write it like P1M2DT3H")));
        }
        None => advance.days.days().try_hours(advance.hours)?.try_minutes(advance.minutes)?,
    };
    if span.is_zero() { stop("say how far with --by, --days, --hours or --minutes") } else { Ok(span) }
}

fn show(config: &Config, of: &Show) -> Outcome {
    let tenant = of.tenant.clone();
    let shown = with_db(open_existing(config)?, move |tx| {
        let tenant = find_tenant(tx, tenant.as_deref())?;
        Ok(action::show(&tenant, SystemClock.now()))
    })?;
    if of.json {
        return output::text(&format!("{}\n", serde_json::to_string_pretty(&shown)?));
    }
    let how = if shown.mode == "test" { "stands until it is moved" } else { "runs with the system's" };
    output::text(&format!("{} (the clock {how})\n", shown.now))
}

fn go(config: &Config, of: &Show, wanted: Move) -> Outcome {
    let db = open_existing(config)?;
    let (config, by, tenant) = (config.clone(), super::by(), of.tenant.clone());
    // Jobs are run here, so this needs all that a server is made of but a listener.
    let moved = super::serve::runtime()?.block_on(async {
        let found = db.read(move |tx| Ok::<_, super::Problem>(find_tenant(tx, tenant.as_deref())?.id())).await;
        let moved = match found {
            Ok(tenant) => {
                let url = config.public_url.clone();
                let app = App::new(config, db.clone(), &url).await?;
                workers::clock::advance(&app, tenant, &by, wanted).await.map_err(super::Problem::from)
            }
            Err(problem) => Err(problem),
        };
        db.close();
        moved.map_err(Stopped::from)
    })?;
    if of.json {
        return output::text(&format!("{}\n", serde_json::to_string_pretty(&moved)?));
    }
    output::text(&format!("{} ({} jobs run)\n", moved.shown.now, moved.jobs_run))
}
