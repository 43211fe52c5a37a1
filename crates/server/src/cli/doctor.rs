//! `gymkeeper doctor`.

use std::{path::Path, process::ExitCode, time::Duration};

use clap::Args;
use gymkeeper_store::{
    MIGRATIONS,
    db::{self, DbError, Location},
};
use jiff::{Timestamp, tz::TimeZone};

use super::{Outcome, Stopped, output};
use crate::{app, clock::Clock, config::Config, http::serve};

#[derive(Debug, Args)]
#[command(after_help = "Nothing is changed. The exit code is 1 when something needs attention.")]
pub(super) struct Doctor {
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Below so much free space, writes are at risk.
const LEAST_FREE: u64 = 512 << 20;
/// No release is older; a clock before it is wrong.
const FIRST_RELEASE: &str = "2026-11-01T00:00:00Z";

/// What helps a damaged file.
const RESTORE: &str = "stop the server and restore the last backup";

#[derive(Debug, serde::Serialize)]
struct Finding {
    check: &'static str,
    fine: bool,
    says: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    advice: Option<String>,
}

impl Finding {
    fn fine(check: &'static str, says: impl Into<String>) -> Self {
        Self { check, fine: true, says: says.into(), advice: None }
    }

    fn bad(check: &'static str, says: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { check, fine: false, says: says.into(), advice: Some(advice.into()) }
    }
}

pub(super) fn run(config: Result<Config, Stopped>, arguments: &Doctor) -> Outcome {
    let mut findings = Vec::new();
    match config {
        Err(Stopped(error)) => findings.push(Finding::bad(
            "configuration",
            error,
            "correct it; `gymkeeper schema config` prints every key with its default",
        )),
        Ok(config) => {
            findings.push(Finding::fine("configuration", format!("listens on {}", config.listen)));
            findings.extend(tls(&config));
            findings.push(clock());
            findings.push(disk(&config));
            findings.extend(database(&config));
        }
    }
    let fine = findings.iter().all(|finding| finding.fine);
    if arguments.json {
        output::text(&format!("{}\n", serde_json::to_string_pretty(&findings)?))?;
    } else {
        for finding in &findings {
            output::print(&format!(
                "{} {}: {}\n",
                if finding.fine { "ok  " } else { "BAD " },
                finding.check,
                finding.says
            ))?;
            if let Some(advice) = &finding.advice {
                output::print(&format!("     {advice}\n"))?;
            }
        }
    }
    Ok(if fine { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn tls(config: &Config) -> Option<Finding> {
    let (certificate, key) = config.tls.as_ref()?;
    Some(match serve::tls(certificate, key) {
        Ok(_) => Finding::fine("tls", "certificate and key fit together"),
        Err(error) => {
            Finding::bad("tls", error, "tls.certificate wants the whole chain as PEM, tls.key its private key")
        }
    })
}

fn clock() -> Finding {
    let now = Clock.now();
    let first: Timestamp = FIRST_RELEASE.parse().unwrap_or(Timestamp::UNIX_EPOCH);
    if now < first {
        return Finding::bad(
            "clock",
            format!("the clock says {now}, which is in the past"),
            "set it, and keep it with NTP",
        );
    }
    match TimeZone::get("Europe/Berlin") {
        Ok(_) => Finding::fine("clock", format!("{now}; time zones are known")),
        Err(error) => Finding::bad("clock", format!("time zones are not known: {error}"), "install the package tzdata"),
    }
}

fn disk(config: &Config) -> Finding {
    let folder = &config.data_dir;
    let existing = folder.ancestors().find(|path| path.exists()).unwrap_or(Path::new("."));
    if !existing.is_dir() {
        return Finding::bad("disk", format!("{} is no folder", existing.display()), "name another data_dir");
    }
    let free = match rustix::fs::statvfs(existing) {
        Ok(stat) => stat.f_bavail.saturating_mul(stat.f_frsize),
        Err(error) => return Finding::bad("disk", format!("{}: {error}", existing.display()), "name another data_dir"),
    };
    let shown = format!("{} MiB free for {}", free >> 20, folder.display());
    if let Err(error) = tempfile::tempfile_in(existing) {
        return Finding::bad(
            "disk",
            format!("{} cannot be written: {error}", existing.display()),
            "give the server's user the right to write there",
        );
    }
    if free < LEAST_FREE {
        return Finding::bad("disk", shown, "make room: when the disk is full, every write is refused");
    }
    Finding::fine("disk", shown)
}

fn database(config: &Config) -> Vec<Finding> {
    let location = app::location(config);
    if let Location::Sqlite(path) = &location
        && !path.exists()
    {
        let advice = "load a gym file with `gymkeeper apply`, or look at `gymkeeper demo`";
        return vec![Finding::bad("database", format!("there is none at {} yet", path.display()), advice)];
    }
    let shown = super::shown(&location);
    let status = match db::status(&location, MIGRATIONS) {
        Ok(status) => status,
        Err(error) => {
            let advice = "nothing was changed; see the guide on running Gymkeeper";
            return vec![Finding::bad("database", error.to_string(), advice)];
        }
    };
    if status.applied == 0 {
        let advice = "load a gym file with `gymkeeper apply`; if there was a gym in it, restore the last backup";
        return vec![Finding::bad("database", format!("{shown} is empty"), advice)];
    }
    let mut findings = vec![Finding::fine("database", shown)];
    findings.push(if status.applied < status.known {
        let says = format!("{} of {} applied", status.applied, status.known);
        Finding::bad("migrations", says, "make a backup, then start the server: it applies the rest")
    } else {
        Finding::fine("migrations", format!("all {} applied", status.known))
    });
    if let Some(apart) = status.clock_apart.filter(|apart| *apart > Duration::from_secs(60)) {
        let says = format!("the database's clock and this machine's are {} s apart", apart.as_secs());
        findings.push(Finding::bad("database clock", says, "keep both machines' clocks with NTP"));
    }
    if let Location::Sqlite(path) = &location {
        findings.push(match db::check_sqlite(path) {
            Ok(wrong) if wrong.is_empty() => Finding::fine("integrity", "every page and index is whole"),
            Ok(wrong) => Finding::bad("integrity", wrong.join("; "), RESTORE),
            Err(error @ DbError::Unusable(_)) => Finding::bad("integrity", error.to_string(), RESTORE),
            Err(error) => Finding::bad("integrity", error.to_string(), "stop the server and try again"),
        });
    }
    findings
}
