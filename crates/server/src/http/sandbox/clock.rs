//! The clock: where it stands, setting it, moving it forward.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::{Call, json};
use crate::http::input::invalid;
use crate::{
    actions::clock::{self, Move},
    http::failure::Failure,
    workers,
};

pub(super) async fn show(call: Call) -> Result<Value, Failure> {
    let system_now = call.by.system_now;
    json(&call.read(move |_, tenant| Ok(clock::show(tenant, system_now))).await?)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Set {
    now: Timestamp,
}

pub(super) async fn set(call: Call) -> Result<Value, Failure> {
    let Set { now } = call.input()?;
    go(&call, Move::To(now)).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    by: String,
}

pub(super) async fn advance(call: Call) -> Result<Value, Failure> {
    let Advance { by } = call.input()?;
    go(&call, Move::By(clock::duration(&by).ok_or_else(|| invalid("by"))?)).await
}

async fn go(call: &Call, wanted: Move) -> Result<Value, Failure> {
    json(&workers::clock::advance(&call.app, call.id(), &call.by, wanted).await?)
}
