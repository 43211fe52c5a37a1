//! Snapshots: taking them, going back to them, removing them.

use gymkeeper_store::sandbox::{self as store, Snapshot};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Call, json as to_json};
use crate::{
    actions::{
        clock::{self, Shown},
        sandbox::{self, Restored},
    },
    http::failure::Failure,
};

/// A snapshot as it is shown.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Listed {
    pub(crate) name: String,
    /// By the system's clock.
    pub(crate) taken_at: Timestamp,
    /// Where the test clock stood; none when the tenant ran with the system's clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) now: Option<Timestamp>,
}

impl From<Snapshot> for Listed {
    fn from(Snapshot { name, taken_at, test_clock, .. }: Snapshot) -> Self {
        Self { name, taken_at, now: test_clock }
    }
}

pub(super) async fn list(call: Call) -> Result<Value, Failure> {
    let snapshots = call.read(|tx, tenant| Ok(store::list(tx, tenant.id())?)).await?;
    let snapshots: Vec<Listed> = snapshots.into_iter().map(Listed::from).collect();
    Ok(json!({ "snapshots": to_json(&snapshots)? }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Take {
    name: String,
}

pub(super) async fn take(call: Call) -> Result<Value, Failure> {
    let Take { name } = call.input()?;
    let taken = call.write(move |tx, tenant, by| sandbox::take(tx, tenant.id(), by, &name)).await?;
    to_json(&Listed::from(taken))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NoFields {}

pub(super) async fn reset(call: Call) -> Result<Value, Failure> {
    put_back(call, sandbox::SEED.to_owned()).await
}

pub(super) async fn restore(call: Call) -> Result<Value, Failure> {
    let name = call.name();
    put_back(call, name).await
}

async fn put_back(call: Call, name: String) -> Result<Value, Failure> {
    let NoFields {} = call.input()?;
    let wanted = name.clone();
    let restored = call.write(move |tx, tenant, by| sandbox::restore(tx, tenant.id(), by, &wanted)).await?;
    describe(&name, &restored, call.by.system_now)
}

/// A sandbox that was put back, as it is shown.
pub(crate) fn describe(snapshot: &str, restored: &Restored, system_now: Timestamp) -> Result<Value, Failure> {
    #[derive(Serialize)]
    struct PutBack<'a> {
        snapshot: &'a str,
        #[serde(flatten)]
        shown: Shown,
        since: i64,
    }
    to_json(&PutBack { snapshot, shown: clock::show(&restored.tenant, system_now), since: restored.since })
}

pub(super) async fn remove(call: Call) -> Result<Value, Failure> {
    let name = call.name();
    call.write(move |tx, tenant, by| sandbox::forget(tx, tenant.id(), by, &name)).await?;
    Ok(Value::Null)
}
