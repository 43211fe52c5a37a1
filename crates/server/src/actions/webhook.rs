//! Webhook targets: adding and removing them, sending deliveries again, and samples for trying a receiver.

use gymkeeper_contract::webhooks::{Event, EventType};
use gymkeeper_store::{
    db::DbError,
    journal::Begins,
    keys, tenant,
    webhook::{self, NewTarget, Secrets, delivery, delivery::Selection},
};

use super::change::{Change, Deed};
use crate::outbound::{self, Destination, webhook::fresh_secrets};

/// Why something about webhooks was not done.
#[derive(Debug, Clone, thiserror::Error)]
pub enum NotDone {
    /// The database's failure.
    #[error(transparent)]
    Db(#[from] DbError),
    /// What is wrong, in a sentence for whoever asked.
    #[error("{0}")]
    Wrong(String),
}

/// A receiver that wants to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The studio whose events are told.
    pub studio: i64,
    /// The integration's key; made when it is new.
    pub integration: String,
    /// Where requests go.
    pub url: String,
    /// Which types; `None` for all, also those of later versions.
    pub types: Option<Vec<EventType>>,
}

/// A new target, with what its receiver must know. All targets of an integration in a studio share these secrets.
#[derive(Debug, Clone, PartialEq)]
pub struct Added {
    /// Its id.
    pub id: i64,
    /// Whether the integration has confirmed that it is ready; nothing is told before.
    pub activated: bool,
    /// The webhook key and the signing secret.
    pub secrets: Secrets,
}

/// Adds a target, which is told what happens from now on (WH-2, WH-6).
///
/// # Errors
/// Refuses a URL that requests must not go to.
pub fn add_target(change: &mut Change<'_, '_>, wanted: &Wanted) -> Result<Added, NotDone> {
    let Wanted { studio, integration, url, types } = wanted;
    Destination::parse(url, is_sandbox(change)?).map_err(NotDone::Wrong)?;
    let integration = keys::integration(change.tx, change.tenant, integration)?;
    let secrets = webhook::secrets(change.tx, change.tenant, integration, *studio, &fresh_secrets())?;
    let names = types
        .as_ref()
        .map_or_else(|| "*".to_owned(), |types| types.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(" "));
    let target = NewTarget { integration, studio: *studio, url: url.clone(), event_types: names.clone() };
    let now = change.system_now();
    let id = webhook::insert(change.tx, change.tenant, &target, now)?;
    let activated = keys::activated_at(change.tx, change.tenant, integration, *studio)?.is_some();
    let deed = Deed::new("webhook.target-added").studio(*studio).subject("webhook-target", id);
    let deed = deed.field("integrationId", (), integration).field("url", (), outbound::without_query(url));
    change.record(deed.field("eventTypes", (), names).begins(Begins::Target(id)));
    Ok(Added { id, activated, secrets })
}

/// Removes a target; it is told nothing more, and what waited for it is given up. `false`: there is no such target.
///
/// # Errors
/// The database's.
pub fn remove_target(change: &mut Change<'_, '_>, id: i64) -> Result<bool, DbError> {
    let now = change.system_now();
    let Some(studio) = webhook::remove(change.tx, change.tenant, id, now)? else { return Ok(false) };
    change.record(Deed::new("webhook.target-removed").studio(studio).subject("webhook-target", id));
    Ok(true)
}

/// Lets one delivery be sent again at once, with all its repeats, whatever came of it before. `false`: there is none, or its
/// target is gone.
///
/// # Errors
/// The database's.
pub fn replay(change: &mut Change<'_, '_>, id: i64) -> Result<bool, DbError> {
    if !delivery::replay(change.tx, change.tenant, id, change.now)? {
        return Ok(false);
    }
    change.record(Deed::new("webhook.replayed").subject("delivery", id));
    Ok(true)
}

/// As [`replay`], for a selection; answers how many.
///
/// # Errors
/// The database's.
pub fn replay_many(change: &mut Change<'_, '_>, selection: &Selection) -> Result<u64, DbError> {
    let count = delivery::replay_many(change.tx, change.tenant, selection, change.now)?;
    if count > 0 {
        let Selection { state, target, since, until } = selection;
        let deed = Deed::new("webhook.replayed").field("deliveries", (), count).field("targetId", (), target);
        let deed = deed.field("state", (), state.map(delivery::State::as_str)).field("since", (), since);
        change.record(deed.field("until", (), until));
    }
    Ok(count)
}

/// Tells a studio's receivers about something that did not happen, for trying them out; in sandboxes only.
///
/// # Errors
/// Refuses a tenant that is no sandbox.
pub fn trigger(change: &mut Change<'_, '_>, studio: i64, kind: EventType) -> Result<(), NotDone> {
    if !is_sandbox(change)? {
        let wrong = "samples are for sandbox tenants only: a receiver could take one for something that happened";
        return Err(NotDone::Wrong(wrong.to_owned()));
    }
    let deed = Deed::new("webhook.sample-triggered").studio(studio).subject("event-type", kind);
    change.record(deed.event(Event::sample(kind)));
    Ok(())
}

fn is_sandbox(change: &mut Change<'_, '_>) -> Result<bool, DbError> {
    Ok(tenant::by_id(change.tx, change.tenant)?.is_some_and(|tenant| tenant.sandbox))
}
