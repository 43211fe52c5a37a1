//! Webhook targets and deliveries, for tests that check what a receiver is told.

use std::str::FromStr as _;

use gymkeeper_contract::{
    errors::{Argument, ErrorCode},
    webhooks::EventType,
};
use gymkeeper_store::{
    db::{DbError, Tx},
    keys,
    tenant::Tenant,
    webhook::{
        self as store,
        delivery::{self, Detail, Listed, Selection, State},
    },
};
use serde::Deserialize;
use serde_json::{Value, json, value::RawValue};

use super::{Call, find_studio, json as to_json};
use crate::http::input::invalid;
use crate::{
    actions::{
        sandbox::INTEGRATION,
        webhook::{self, NotDone, Wanted},
    },
    http::{
        failure::{Failure, Refusal},
        input::query_value,
    },
    workers::webhooks,
};

/// Deliveries in one answer, unless the caller says otherwise.
const DELIVERIES: i64 = 100;
/// The most that a caller may ask for.
const MOST_DELIVERIES: i64 = 1000;

impl From<NotDone> for Failure {
    fn from(not_done: NotDone) -> Self {
        match not_done {
            NotDone::Db(error) => error.into(),
            NotDone::Wrong(why) => Refusal::new(ErrorCode::SandboxWebhookRefused).with_text(why).at("url").into(),
        }
    }
}

pub(super) async fn list(call: Call) -> Result<Value, Failure> {
    let targets = call.read(|tx, tenant| Ok(store::list(tx, tenant.id())?)).await?;
    let shown = targets.into_iter().map(|target| {
        json!({
            "id": target.id,
            "studio": target.studio,
            "integration": target.integration,
            "url": target.url,
            "events": names(&target.event_types),
            "activated": target.activated_at.is_some(),
            "waiting": target.waiting,
        })
    });
    Ok(json!({ "targets": shown.collect::<Vec<_>>() }))
}

/// The types by name; none for all.
fn names(stored: &str) -> Option<Vec<&str>> {
    (stored != "*").then(|| stored.split_whitespace().collect())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Add {
    studio: Option<String>,
    integration: Option<String>,
    url: String,
    events: Option<Vec<String>>,
}

pub(super) async fn add(call: Call) -> Result<Value, Failure> {
    let Add { studio, integration, url, events } = call.input()?;
    let types = events.map(|names| types(&names)).transpose()?;
    let added = call
        .write(move |tx, tenant, by| {
            let integration = match &integration {
                Some(key) => key.clone(),
                None => own_integration(tx, tenant)?,
            };
            let studio = find_studio(tx, tenant, studio.as_deref())?.id;
            let wanted = Wanted { studio, integration, url: url.clone(), types: types.clone() };
            Ok(webhook::add_target(&mut by.changes(tx, tenant), &wanted)?)
        })
        .await?;
    Ok(json!({
        "id": added.id,
        "webhookKey": added.secrets.webhook_key,
        "signingSecret": added.secrets.signing_secret,
        "activated": added.activated,
    }))
}

/// The integration of the tenant's first key, which is the one that a test calls the API with.
fn own_integration(tx: &mut Tx<'_>, tenant: &Tenant) -> Result<String, DbError> {
    Ok(keys::oldest(tx, tenant.id())?.map_or_else(|| INTEGRATION.to_owned(), |(_, integration)| integration))
}

fn types(names: &[String]) -> Result<Vec<EventType>, Failure> {
    let read = |(i, name): (usize, &String)| {
        let place = format!("events[{i}]");
        let unknown = || Refusal::new(ErrorCode::ValidationEnumUnknown).with_text(place.clone()).at(place.clone());
        EventType::from_str(name).map_err(|_| unknown().into())
    };
    names.iter().enumerate().map(read).collect()
}

pub(super) async fn remove(call: Call) -> Result<Value, Failure> {
    let id = id(&call)?;
    let removed =
        call.write(move |tx, tenant, by| Ok(webhook::remove_target(&mut by.changes(tx, tenant), id)?)).await?;
    if removed { Ok(Value::Null) } else { Err(ErrorCode::SandboxWebhookNotFound.into()) }
}

fn id(call: &Call) -> Result<i64, Failure> {
    call.name().parse().map_err(|_| invalid("id"))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Trigger {
    studio: Option<String>,
    #[serde(rename = "type")]
    kind: String,
}

/// A sample of an event, for a receiver to try.
pub(super) async fn trigger(call: Call) -> Result<Value, Failure> {
    let Trigger { studio, kind } = call.input()?;
    let unknown = || Failure::from(Refusal::new(ErrorCode::ValidationEnumUnknown).with_text("type").at("type"));
    let kind = EventType::from_str(&kind).map_err(|_| unknown())?;
    call.write(move |tx, tenant, by| {
        let studio = find_studio(tx, tenant, studio.as_deref())?.id;
        Ok(webhook::trigger(&mut by.changes(tx, tenant), studio, kind)?)
    })
    .await?;
    call.app.wake_if(true);
    Ok(Value::Null)
}

/// Attempts all that is due now, and answers when nothing is due any more, so that a test need not wait and look again.
pub(super) async fn drain(call: Call) -> Result<Value, Failure> {
    webhooks::drain(&call.app, call.id()).await?;
    let waiting = call.read(|tx, tenant| Ok(delivery::next_due(tx, tenant.id())?)).await?;
    Ok(json!({ "nextRepeatAt": waiting }))
}

pub(super) async fn deliveries(call: Call) -> Result<Value, Failure> {
    let state = match query_value(&call.query, "state") {
        None => None,
        Some(name) => Some(name.parse::<State>().map_err(|_| {
            Failure::from(Refusal::new(ErrorCode::ValidationEnumUnknown).with_text("state").at("state"))
        })?),
    };
    let number = |name: &'static str| match query_value(&call.query, name) {
        None => Ok(None),
        Some(text) => text.parse::<i64>().map(Some).map_err(|_| invalid(name)),
    };
    let (target, limit) = (number("target")?, number("limit")?.unwrap_or(DELIVERIES));
    if !(1..=MOST_DELIVERIES).contains(&limit) {
        let refusal = Refusal::new(ErrorCode::ValidationNumberOutOfRange).with_text("limit");
        return Err(refusal.with(Argument::Integer(1)).with(Argument::Integer(MOST_DELIVERIES)).at("limit").into());
    }
    let selection = Selection { state, target, ..Selection::default() };
    let found = call.read(move |tx, tenant| Ok(delivery::list(tx, tenant.id(), &selection, limit)?)).await?;
    Ok(json!({ "deliveries": found.iter().map(shown).collect::<Vec<_>>() }))
}

fn shown(listed: &Listed) -> Value {
    json!({
        "id": listed.id,
        "targetId": listed.target_id,
        "position": listed.position,
        "uuid": listed.uuid,
        "type": listed.event_type,
        "state": listed.state,
        "attempts": listed.attempts,
        "nextAt": listed.next_at,
        "lastAt": listed.last_at,
    })
}

/// One delivery with its body and every attempt.
pub(super) async fn delivery(call: Call) -> Result<Value, Failure> {
    let id = id(&call)?;
    let found = call.read(move |tx, tenant| Ok(delivery::find(tx, tenant.id(), id)?)).await?;
    let (listed, Detail { body, log, .. }) = found.ok_or(ErrorCode::SandboxDeliveryNotFound)?;
    let raw = |text: String| {
        let raw = RawValue::from_string(text);
        to_json(&raw.map_err(|error| Failure::Internal(format!("delivery {id} cannot be read: {error}")))?)
    };
    let mut value = shown(&listed);
    value["body"] = raw(body)?;
    value["log"] = raw(log)?;
    Ok(value)
}

pub(super) async fn replay(call: Call) -> Result<Value, Failure> {
    let id = id(&call)?;
    let replayed = call.write(move |tx, tenant, by| Ok(webhook::replay(&mut by.changes(tx, tenant), id)?)).await?;
    call.app.wake_if(true);
    if replayed { Ok(Value::Null) } else { Err(ErrorCode::SandboxDeliveryNotFound.into()) }
}
