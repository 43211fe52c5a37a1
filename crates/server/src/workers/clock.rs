//! Moves the clock of a sandbox, through everything that is due on the way.
//!
//! The clock goes from one due moment to the next, and what is due is done before it goes on: a month that passes in a second
//! leaves what a month leaves. Each step is a transaction of its own that starts from where the last one left the clock, so
//! that two who move it at once cannot mix; one of them is told that it lost.

use std::sync::Arc;

use gymkeeper_store::{
    journal,
    tenant::{Tenant, TenantId},
};
use jiff::Timestamp;

use super::{jobs, webhooks};
use crate::{
    actions::{
        change::By,
        clock::{self, Move, Shown},
    },
    app::App,
    http::failure::Failure,
};

/// How a clock was moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Moved {
    /// Where it stands now.
    #[serde(flatten)]
    pub shown: Shown,
    /// Where it stood before.
    pub from: Timestamp,
    /// In how many steps it went.
    pub steps: u64,
    /// How many jobs this process ran on the way.
    pub jobs_run: u64,
    /// Where the journal ended before: what is behind it came from this move, or from others meanwhile.
    pub since: i64,
}

/// Moves a tenant's clock forward and does what is due on the way.
///
/// # Errors
/// Refuses to go back or too far, and a tenant that is no sandbox; refuses as a lost race when somebody else moves the clock at
/// the same time. The clock then stands at one of its steps, and everything due until there is done.
pub async fn advance(app: &Arc<App>, tenant: TenantId, by: &By, wanted: Move) -> Result<Moved, Failure> {
    let begun = Begun::read(app, tenant, by, wanted).await?;
    let mut stands = begun.tenant.test_clock;
    let from = clock::show(&begun.tenant, by.system_now).now;
    let mut moved = Moved {
        shown: Shown { mode: "test", now: begun.goal },
        from,
        steps: 0,
        jobs_run: do_what_is_due(app, tenant).await?,
        since: begun.position,
    };
    while stands != Some(begun.goal) {
        let by = By { system_now: app.clock.now(), ..by.clone() };
        let (expected, goal) = (stands, begun.goal);
        stands = Some(app.db.write(move |tx| clock::step(tx, tenant, &by, expected, goal)).await?);
        moved.steps += 1;
        moved.jobs_run += do_what_is_due(app, tenant).await?;
    }
    Ok(moved)
}

/// Jobs in the order of their due moments, then what webhooks are told of; answers how many jobs this process ran.
async fn do_what_is_due(app: &Arc<App>, tenant: TenantId) -> Result<u64, Failure> {
    let ran = jobs::run_due(app, tenant).await?;
    webhooks::drain(app, tenant).await?;
    Ok(ran)
}

/// A move with what it starts from.
struct Begun {
    tenant: Tenant,
    goal: Timestamp,
    position: i64,
}

impl Begun {
    async fn read(app: &App, tenant: TenantId, by: &By, wanted: Move) -> Result<Self, Failure> {
        let system_now = by.system_now;
        app.db
            .read(move |tx| {
                let tenant = clock::sandbox(tx, tenant)?;
                let goal = clock::goal(tx, &tenant, &wanted, system_now)?;
                let position = journal::head(tx, tenant.id())?.map_or(0, |head| head.position);
                Ok(Self { goal, position, tenant })
            })
            .await
    }
}
