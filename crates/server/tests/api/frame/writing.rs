//! What every write passes through: its record in the journal, `Idempotency-Key`, `Gymkeeper-Dry-Run`.

use std::sync::{Arc, mpsc};

use gymkeeper_contract::operations::Scope;
use gymkeeper_store::{db::Location, idempotency, journal, keys, studio};
use jiff::{Timestamp, ToSpan as _};
use serde_json::{Value, json};

use crate::support::{Gym, NOW, SMALL, answer::Answer, with_gym};

const TAGS: &str = "/v1/studios/information/tags";
const ACTIVATION: &str = "/v1/studios/confirmActivation";
const POOL: &str = r#"[{"name":"pool"}]"#;
/// Later than any system on which this runs.
const LATER: &str = "2199-01-01T12:00:00Z";
const PARKING: &str = r#"[{"name":"parking"}]"#;

/// Sends a write with one more header.
async fn put(gym: &Gym, key: &str, body: &str, header: (&str, &str)) -> Answer {
    let headers = [("x-api-key", key), ("content-type", "application/json"), header];
    gym.send("PUT", TAGS, &headers, body).await
}

async fn once(gym: &Gym, key: &str, body: &str, idempotency_key: &str) -> Answer {
    put(gym, key, body, ("Idempotency-Key", idempotency_key)).await
}

async fn worn(gym: &Gym, key: &str) -> Value {
    gym.get(key, "/v1/studios/information").await.json()["studioTags"].clone()
}

/// Every hash of the journal follows from the record and the one before it.
async fn assert_whole(gym: &Gym) {
    let mut previous = Vec::new();
    let records = gym.journal_after(0).await;
    assert!(!records.is_empty());
    for (position, record) in (1..).zip(&records) {
        assert_eq!(record.position, position);
        assert_eq!(record.hash, record.expected_hash(gym.tenant, &previous), "record {position}");
        previous.clone_from(&record.hash);
    }
    let tenant = gym.tenant;
    let head = gym.app.db.read(move |tx| journal::head(tx, tenant)).await.unwrap().unwrap();
    assert_eq!((head.position, head.hash), (i64::try_from(records.len()).unwrap(), previous));
}

#[test]
fn a_change_leaves_one_record_of_who_did_what_and_a_refusal_or_a_repeat_none() {
    with_gym(SMALL, |gym| async move {
        let (id, key) = gym.key_with(gym.tenant, "north", None, None).await;
        gym.set_clock(LATER).await;
        let (north, before) = (gym.studio("north").await, gym.end_of_journal().await);
        gym.send_json("PUT", &key, TAGS, r#"[{"name":"pool"},{"name":"parking"}]"#).await.json();
        let records = gym.journal_after(before).await;
        let [record] = records.as_slice() else { panic!("{records:?}") };
        assert_eq!((record.actor.as_str(), record.action.as_str()), (&*format!("key:{id}"), "studio.tags-replaced"));
        assert_eq!((record.studio_id, record.subject.clone()), (Some(north), Some(format!("studio:{north}"))));
        assert_eq!(record.tenant_time, LATER.parse::<Timestamp>().unwrap(), "the tenant's clock");
        assert!(record.recorded_at < record.tenant_time, "the system's clock");
        assert!(record.trace > 0);
        let changes: Value = serde_json::from_str(record.changes.as_deref().unwrap()).unwrap();
        assert_eq!(changes, json!({ "tags": { "from": ["sauna"], "to": ["pool", "parking"] } }));
        assert_eq!(record.events, None);
        // What changes nothing, what is refused and what only reads leaves nothing.
        gym.send_json("PUT", &key, TAGS, r#"[{"name":"parking"},{"name":"pool"}]"#).await.json();
        gym.send_json("PUT", &key, TAGS, r#"[{"name":"moat"}]"#).await.refusal(400, "errormessage.studio.tag.unknown");
        gym.get(&key, "/v1/studios/information").await.json();
        assert_eq!(gym.end_of_journal().await, before + 1);
        assert_whole(&gym).await;
    });
}

#[test]
fn wh_6_the_first_confirmation_is_recorded_and_events_count_from_it() {
    with_gym(SMALL, |gym| async move {
        let key = gym.key("north").await;
        let before = gym.end_of_journal().await;
        for _ in 0..3 {
            assert_eq!(gym.send("POST", ACTIVATION, &[("x-api-key", &key)], "").await.status, 200);
        }
        let records = gym.journal_after(before).await;
        assert_eq!(records.iter().map(|record| record.action.as_str()).collect::<Vec<_>>(), ["integration.activated"]);
    });
}

#[test]
fn a_gym_file_leaves_a_record_of_each_difference_and_tells_of_changed_hours() {
    with_gym(SMALL, |gym| async move {
        let before = gym.end_of_journal().await;
        gym.apply(SMALL).await;
        assert_eq!(gym.end_of_journal().await, before, "nothing was changed");
        gym.apply(&SMALL.replace(r#"closes: "22:00""#, r#"closes: "23:00""#).replace("capacity: 2", "capacity: 3"))
            .await;
        let records = gym.journal_after(before).await;
        let [record] = records.as_slice() else { panic!("{records:?}") };
        let changes: Value = serde_json::from_str(record.changes.as_deref().unwrap()).unwrap();
        assert_eq!(changes["opening_hours[0].closes"], json!({ "from": "22:00", "to": "23:00" }));
        assert_eq!(changes["capacity"], json!({ "from": "2", "to": "3" }));
        let events: Value = serde_json::from_str(record.events.as_deref().unwrap()).unwrap();
        let north = gym.studio("north").await;
        let payload = json!([{
            "timestamp": NOW.parse::<Timestamp>().unwrap().as_millisecond(),
            "type": "STUDIO_OPENING_HOURS_UPDATED",
        }]);
        assert_eq!((&events[0]["entityId"], &events[0]["payload"]), (&json!(north), &payload));
        assert_eq!(events.as_array().unwrap().len(), 1);
        let uuid = events[0]["uuid"].as_str().unwrap();
        assert!(uuid.len() == 36 && uuid.as_bytes()[14] == b'4', "{uuid}");
        gym.apply(&SMALL.replace(r#"closes: "22:00""#, r#"closes: "23:00""#)).await;
        let last = gym.journal_after(before + 1).await;
        assert_eq!(last.iter().filter(|record| record.events.is_some()).count(), 0, "the capacity is no hour");
    });
}

#[test]
fn records_of_writes_at_once_have_no_hole_and_hang_together() {
    with_gym(SMALL, |gym| async move {
        let gym = Arc::new(gym);
        let keys = [gym.key("north").await, gym.key("south").await];
        let before = gym.end_of_journal().await;
        let writers: Vec<_> = (0..40)
            .map(|number| {
                let (gym, key) = (Arc::clone(&gym), keys[number % 2].clone());
                tokio::spawn(async move {
                    let body = if number % 4 < 2 { POOL } else { PARKING };
                    gym.send_json("PUT", &key, TAGS, body).await.status
                })
            })
            .collect();
        for writer in writers {
            assert_eq!(writer.await.unwrap(), 200, "writes at once do not keep each other from being carried out");
        }
        assert!(gym.end_of_journal().await > before);
        assert_whole(&gym).await;
    });
}

#[test]
fn a_repeated_request_gets_the_first_answer_and_changes_nothing_again() {
    with_gym(SMALL, |gym| async move {
        let key = gym.key("north").await;
        let first = once(&gym, &key, POOL, "order-1").await;
        assert_eq!((first.status, first.header("idempotency-replayed")), (200, None));
        gym.send_json("PUT", &key, TAGS, PARKING).await.json();
        let before = gym.end_of_journal().await;
        for _ in 0..3 {
            let again = once(&gym, &key, POOL, "order-1").await;
            assert_eq!((again.status, again.header("idempotency-replayed")), (200, Some("true")));
            assert_eq!(again.body, first.body);
        }
        assert_eq!(gym.end_of_journal().await, before);
        assert_eq!(worn(&gym, &key).await, json!([{ "name": "parking" }]));
        // Another request under the same key is a mistake of the caller.
        let reused = "errormessage.idempotency.key.reused";
        let refusal = once(&gym, &key, PARKING, "order-1").await.refusal(400, reused);
        assert_eq!(refusal.reference.as_deref(), Some("idempotency-key"));
        let headers = [("x-api-key", key.as_str()), ("Idempotency-Key", "order-1")];
        gym.send("POST", ACTIVATION, &headers, "").await.refusal(400, reused);
        // The keys of others are theirs.
        let other = gym.key("north").await;
        let theirs = once(&gym, &other, PARKING, "order-1").await;
        assert_eq!((theirs.status, theirs.header("idempotency-replayed")), (200, None));
        // An answer without a body is repeated as well.
        for replayed in [None, Some("true")] {
            let headers = [("x-api-key", key.as_str()), ("Idempotency-Key", "order-2")];
            let answer = gym.send("POST", ACTIVATION, &headers, "").await;
            assert_eq!((answer.status, answer.text().as_str()), (200, ""));
            assert_eq!(answer.header("idempotency-replayed"), replayed);
        }
    });
}

#[test]
fn a_refusal_is_a_first_answer_too_and_a_malformed_request_is_none() {
    with_gym(SMALL, |gym| async move {
        let key = gym.key("north").await;
        let moat = r#"[{"name":"moat"}]"#;
        let first = once(&gym, &key, moat, "moat").await;
        first.refusal(400, "errormessage.studio.tag.unknown");
        gym.apply(&SMALL.replace("[pool, sauna, parking]", "[pool, sauna, parking, moat]")).await;
        let again = once(&gym, &key, moat, "moat").await;
        again.refusal(400, "errormessage.studio.tag.unknown");
        assert_eq!((&again.body, again.header("idempotency-replayed")), (&first.body, Some("true")));
        assert_eq!(again.header("content-language"), Some("en"));
        assert_eq!(once(&gym, &key, moat, "another").await.status, 200);
        // What could not be read was not begun, so the mended request may have the same key.
        once(&gym, &key, "[", "mended").await.refusal(400, "errormessage.validation.json.malformed");
        assert_eq!(once(&gym, &key, POOL, "mended").await.header("idempotency-replayed"), None);
        // Neither is one whose API key may not do it.
        let reader = gym.key_for("north", &[Scope::StudioRead]).await;
        for _ in 0..2 {
            let refused = once(&gym, &reader, POOL, "reader").await;
            refused.refusal(403, "errormessage.authorization.scope.missing");
            assert_eq!(refused.header("idempotency-replayed"), None);
        }
    });
}

#[test]
fn an_idempotency_key_has_1_to_255_visible_letters() {
    with_gym(SMALL, |gym| async move {
        let key = gym.key("north").await;
        for wrong in ["", "   ", &"x".repeat(256), "schlüssel"] {
            let refusal = once(&gym, &key, POOL, wrong).await.refusal(400, "errormessage.validation.field.invalid");
            assert_eq!(refusal.reference.as_deref(), Some("idempotency-key"), "{wrong:?}");
        }
        assert_eq!(worn(&gym, &key).await, json!([{ "name": "sauna" }]));
        assert_eq!(once(&gym, &key, POOL, &"x".repeat(255)).await.status, 200);
        // Reads take no notice of it.
        let headers = [("x-api-key", key.as_str()), ("Idempotency-Key", "")];
        assert_eq!(gym.send("GET", "/v1/studios/utilization", &headers, "").await.status, 200);
    });
}

/// Holds what a write of tags needs until it is told to let go.
async fn hold(gym: &Gym) -> (mpsc::Sender<()>, tokio::task::JoinHandle<()>) {
    let (tenant, north) = (gym.tenant, gym.studio("north").await);
    let (release, released) = mpsc::channel::<()>();
    let (holding, held) = tokio::sync::oneshot::channel();
    let (app, mut holding) = (Arc::clone(&gym.app), Some(holding));
    let task = tokio::spawn(async move {
        let work = move |tx: &mut gymkeeper_store::db::Tx<'_>| {
            studio::bump(tx, tenant, north)?;
            if let Some(holding) = holding.take() {
                let _ = holding.send(());
                let _ = released.recv();
            }
            Ok::<_, gymkeeper_store::db::DbError>(())
        };
        app.db.write(work).await.unwrap();
    });
    held.await.unwrap();
    (release, task)
}

#[test]
fn the_same_key_while_the_first_request_is_running_is_a_conflict() {
    with_gym(SMALL, |gym| async move {
        let gym = Arc::new(gym);
        let key = gym.key("north").await;
        let (release, holder) = hold(&gym).await;
        let send = || {
            let (gym, key) = (Arc::clone(&gym), key.clone());
            tokio::spawn(async move { once(&gym, &key, POOL, "order").await })
        };
        // Whichever comes second is answered at once, while the other waits.
        let (mut one, mut two) = (send(), send());
        let (conflict, waiting) = tokio::select! {
            answer = &mut one => (answer.unwrap(), two),
            answer = &mut two => (answer.unwrap(), one),
        };
        conflict.refusal(409, "errormessage.idempotency.key.running");
        drop(release);
        holder.await.unwrap();
        let answers = [waiting.await.unwrap(), once(&gym, &key, POOL, "order").await];
        assert_eq!(answers.each_ref().map(|answer| answer.status), [200, 200], "{}", answers[0].text());
        assert_eq!(answers[1].header("idempotency-replayed"), Some("true"));
        assert_eq!(worn(&gym, &key).await, json!([{ "name": "pool" }]));
    });
}

#[test]
fn another_server_process_sees_that_the_first_request_is_running() {
    with_gym(SMALL, |gym| async move {
        // On SQLite a second process waits for the database, not for the request.
        if !matches!(gym.app.db.location(), Location::Postgres(_)) {
            return;
        }
        let gym = Arc::new(gym);
        let key = gym.key("north").await;
        let (release, holder) = hold(&gym).await;
        gym.beside(|other| async {
            let other = Arc::new(other);
            let send = |server: &Arc<Gym>| {
                let (server, key) = (Arc::clone(server), key.clone());
                tokio::spawn(async move { once(&server, &key, POOL, "order").await })
            };
            let (mut one, mut two) = (send(&gym), send(&other));
            let (conflict, waiting) = tokio::select! {
                answer = &mut one => (answer.unwrap(), two),
                answer = &mut two => (answer.unwrap(), one),
            };
            conflict.refusal(409, "errormessage.idempotency.key.running");
            drop(release);
            holder.await.unwrap();
            assert_eq!(waiting.await.unwrap().status, 200);
            let again = once(&other, &key, POOL, "order").await;
            assert_eq!((again.status, again.header("idempotency-replayed")), (200, Some("true")));
        })
        .await;
    });
}

#[test]
fn two_server_processes_carry_out_a_repeated_request_once() {
    with_gym(SMALL, |gym| async move {
        let key = gym.key("north").await;
        let gym = Arc::new(gym);
        let before = gym.end_of_journal().await;
        gym.beside(|other| async {
            let other = Arc::new(other);
            for round in 0..20 {
                let body = if round % 2 == 0 { POOL } else { PARKING };
                let sent: Vec<_> = [&gym, &other, &gym, &other]
                    .into_iter()
                    .map(|server| {
                        let (server, key) = (Arc::clone(server), key.clone());
                        tokio::spawn(async move { once(&server, &key, body, &format!("round-{round}")).await })
                    })
                    .collect();
                for answer in sent {
                    let answer = answer.await.unwrap();
                    assert!([200, 409].contains(&answer.status), "{}", answer.text());
                }
            }
        })
        .await;
        let records = gym.journal_after(before).await;
        assert_eq!(records.len(), 20, "each round changed the tags once");
        assert_whole(&gym).await;
    });
}

#[test]
fn first_answers_are_forgotten_after_24_hours_and_beyond_a_number() {
    with_gym(SMALL, |gym| async move {
        let key = gym.key("north").await;
        for order in ["a", "b", "c"] {
            once(&gym, &key, POOL, order).await.json();
        }
        let tenant = gym.tenant;
        let now = gym.app.clock.now();
        let clean = |since: Timestamp, most| gym.change(move |tx| idempotency::clean(tx, tenant, since, most));
        assert_eq!(clean(now - 24.hours(), 2).await, 1, "the oldest is beyond the number");
        assert_eq!(once(&gym, &key, POOL, "a").await.header("idempotency-replayed"), None);
        assert_eq!(once(&gym, &key, POOL, "b").await.header("idempotency-replayed"), Some("true"));
        assert_eq!(clean(now + 1.hour(), 100).await, 3);
        assert_eq!(once(&gym, &key, POOL, "b").await.header("idempotency-replayed"), None);
    });
}

#[test]
fn a_dry_run_answers_as_the_write_would_and_leaves_nothing() {
    with_gym(SMALL, |gym| async move {
        let key = gym.key("north").await;
        let (tenant, north) = (gym.tenant, gym.studio("north").await);
        let etag = |answer: &Answer| answer.header("etag").map(str::to_owned);
        let before = (gym.end_of_journal().await, etag(&gym.get(&key, "/v1/studios/information").await));
        for value in ["true", "TRUE", " true "] {
            let answer = put(&gym, &key, POOL, ("Gymkeeper-Dry-Run", value)).await;
            assert_eq!(
                (answer.json(), answer.header("gymkeeper-dry-run")),
                (json!([{ "name": "pool" }]), Some("true"))
            );
        }
        let refused = put(&gym, &key, r#"[{"name":"moat"}]"#, ("Gymkeeper-Dry-Run", "true")).await;
        refused.refusal(400, "errormessage.studio.tag.unknown");
        let headers = [("x-api-key", key.as_str()), ("Gymkeeper-Dry-Run", "true")];
        assert_eq!(gym.send("POST", ACTIVATION, &headers, "").await.status, 200);
        let integration = gym.change(move |tx| keys::integration(tx, tenant, "tests")).await;
        let activated = gym.change(move |tx| keys::activated_at(tx, tenant, integration, north)).await;
        assert_eq!(activated, None);
        // An idempotency key beside it is not used up.
        let headers = [
            ("x-api-key", key.as_str()),
            ("content-type", "application/json"),
            ("Gymkeeper-Dry-Run", "true"),
            ("Idempotency-Key", "order"),
        ];
        assert_eq!(gym.send("PUT", TAGS, &headers, POOL).await.status, 200);
        let after = (gym.end_of_journal().await, etag(&gym.get(&key, "/v1/studios/information").await));
        assert_eq!(after, before);
        assert_eq!(worn(&gym, &key).await, json!([{ "name": "sauna" }]));
        let real = once(&gym, &key, PARKING, "order").await;
        assert_eq!((real.json(), real.header("gymkeeper-dry-run")), (json!([{ "name": "parking" }]), None));
    });
}

#[test]
fn a_misspelt_dry_run_is_refused_and_false_is_a_real_run() {
    with_gym(SMALL, |gym| async move {
        let key = gym.key("north").await;
        for wrong in ["1", "yes", "tru", "true, true"] {
            let answer = put(&gym, &key, POOL, ("Gymkeeper-Dry-Run", wrong)).await;
            let refusal = answer.refusal(400, "errormessage.validation.field.invalid");
            assert_eq!(refusal.reference.as_deref(), Some("gymkeeper-dry-run"), "{wrong}");
        }
        assert_eq!(worn(&gym, &key).await, json!([{ "name": "sauna" }]));
        put(&gym, &key, POOL, ("Gymkeeper-Dry-Run", "false")).await.json();
        assert_eq!(worn(&gym, &key).await, json!([{ "name": "pool" }]));
    });
}

#[test]
fn a_dry_run_takes_no_ids() {
    with_gym(SMALL, |gym| async move {
        let next = || gym.change(|tx| tx.next_id());
        let first = next().await;
        let pretended = gym
            .app
            .db
            .write(|tx| {
                tx.pretend();
                let ids = [tx.next_id()?, tx.next_id()?];
                assert!(ids[0] > 9_000_000_000_000_000 && ids[1] == ids[0] + 1 && ids[1] < 1 << 53);
                Err::<(), _>(gymkeeper_store::db::DbError::Busy)
            })
            .await;
        assert!(pretended.is_err());
        assert_eq!(next().await, first + 1);
    });
}
