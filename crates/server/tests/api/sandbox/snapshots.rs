//! Snapshots: what comes back, what stays, and what must not come alive again.

use serde_json::{Value, json};

use super::inside;
use crate::support::{Gym, NOW, SMALL, with_gym};

const TAGS: &str = "/v1/studios/information/tags";

/// Everything that can change: tags, visits, inventory, the clock.
async fn live(gym: &Gym, token: &str, key: &str) {
    assert_eq!(gym.send_json("PUT", key, TAGS, r#"[{"name":"pool"},{"name":"parking"}]"#).await.status, 200);
    gym.done("POST", "/checkins", token, r#"{"studio":"north","count":5}"#).await;
    gym.done("POST", "/checkouts", token, r#"{"studio":"north","count":2}"#).await;
    gym.done("POST", "/clock/advance", token, r#"{"by":"PT90M"}"#).await;
    let yaml = SMALL.replace("price: \"50.00\"", "price: \"61.00\"").replace("name: Basic", "name: Better");
    let now = gym.done("GET", "/clock", token, "").await["now"].as_str().unwrap().to_owned();
    gym.apply(&yaml).await;
    gym.set_clock(&now).await;
}

#[test]
fn a_reset_leads_back_to_the_same_answers() {
    with_gym(SMALL, |gym| async move {
        let (token, key, south) = (gym.token().await, gym.key("north").await, gym.key("south").await);
        let before = (gym.all_answers(&key).await, gym.all_answers(&south).await);
        for _ in 0..2 {
            live(&gym, &token, &key).await;
            assert_ne!(gym.all_answers(&key).await, before.0);
            let position = gym.records(gym.tenant).await.len();
            let reset = gym.done("POST", "/reset", &token, "").await;
            assert_eq!(reset, json!({ "snapshot": "seed", "mode": "test", "now": NOW, "since": position + 1 }));
            assert_eq!((gym.all_answers(&key).await, gym.all_answers(&south).await), before);
            let record = gym.records(gym.tenant).await.pop().unwrap();
            assert_eq!((record.action.as_str(), record.position), ("sandbox.reset", position as i64 + 1));
        }
    });
}

#[test]
fn one_may_go_to_and_fro_between_snapshots() {
    with_gym(SMALL, |gym| async move {
        let (token, key) = (gym.token().await, gym.key("north").await);
        live(&gym, &token, &key).await;
        let later = gym.all_answers(&key).await;
        let taken = gym.done("POST", "/snapshots", &token, r#"{"name":"later"}"#).await;
        assert_eq!((&taken["name"], &taken["now"]), (&json!("later"), &json!("2026-11-21T12:30:00Z")));
        let seed = gym.done("POST", "/reset", &token, "").await;
        assert_eq!(seed["now"], NOW);
        let first = gym.all_answers(&key).await;
        for _ in 0..2 {
            let back = gym.done("POST", "/snapshots/later/restore", &token, "{}").await;
            assert_eq!((&back["snapshot"], &back["now"]), (&json!("later"), &json!("2026-11-21T12:30:00Z")));
            assert_eq!(gym.all_answers(&key).await, later);
            gym.done("POST", "/snapshots/seed/restore", &token, "").await;
            assert_eq!(gym.all_answers(&key).await, first);
        }
        let listed = gym.done("GET", "/snapshots", &token, "").await;
        let names: Vec<&Value> = listed["snapshots"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
        assert_eq!(names, ["later", "seed"]);
        assert_eq!(listed["snapshots"][0], taken);
    });
}

#[test]
fn a_name_is_taken_once_and_free_again_when_it_was_removed() {
    with_gym(SMALL, |gym| async move {
        let token = gym.token().await;
        const ONE: &str = r#"{"name":"one"}"#;
        gym.done("POST", "/snapshots", &token, ONE).await;
        gym.call("POST", "/snapshots", &token, ONE).await.refusal(400, "errormessage.sandbox.snapshot.exists");
        gym.done("DELETE", "/snapshots/one", &token, "").await;
        for (method, path) in [("DELETE", "/snapshots/one"), ("POST", "/snapshots/one/restore")] {
            let refusal = gym.call(method, path, &token, "").await;
            refusal.refusal(404, "errormessage.sandbox.snapshot.not.found");
        }
        gym.done("POST", "/snapshots", &token, ONE).await;
        for strange in ["%7Eacme%7Eseed", "%FF", "a%2Fb", "SEED"] {
            let answer = gym.call("POST", &format!("/snapshots/{strange}/restore"), &token, "").await;
            answer.refusal(404, "errormessage.sandbox.snapshot.not.found");
        }
        // Without a seed there is no way back to it; the next token takes one.
        gym.done("DELETE", "/snapshots/seed", &token, "").await;
        gym.call("POST", "/reset", &token, "").await.refusal(404, "errormessage.sandbox.snapshot.not.found");
        let token = gym.token().await;
        gym.done("POST", "/reset", &token, "").await;
    });
}

#[test]
fn the_seed_is_taken_once_and_not_with_every_token() {
    with_gym(SMALL, |gym| async move {
        let (token, key) = (gym.token().await, gym.key("north").await);
        gym.done("POST", "/checkins", &token, r#"{"studio":"north"}"#).await;
        let token = gym.token().await;
        gym.done("POST", "/reset", &token, "").await;
        assert_eq!(inside(&gym, &key).await, 0);
    });
}

#[test]
fn keys_integrations_and_the_journal_stay_as_they_are() {
    with_gym(SMALL, |gym| async move {
        let token = gym.token().await;
        let (revoked, text) = gym.key_with(gym.tenant, "north", None, None).await;
        gym.done("POST", "/snapshots", &token, r#"{"name":"with-key"}"#).await;
        gym.revoke(revoked).await;
        let made = gym.key("south").await;
        let before = gym.records(gym.tenant).await;
        for snapshot in ["seed", "with-key"] {
            gym.done("POST", &format!("/snapshots/{snapshot}/restore"), &token, "").await;
            gym.get(&text, "/v1/studios/information").await.refusal(401, "errormessage.authentication.api.key.invalid");
            assert_eq!(gym.get(&made, "/v1/studios/information").await.status, 200, "made after the snapshot");
        }
        let after = gym.records(gym.tenant).await;
        assert_eq!(after[..before.len()], before);
        assert_eq!(after.len(), before.len() + 2);
        let mut hash = Vec::new();
        for (position, record) in (1..).zip(&after) {
            assert_eq!(record.position, position);
            assert_eq!(record.hash, record.expected_hash(gym.tenant, &hash));
            hash.clone_from(&record.hash);
        }
    });
}

#[test]
fn answers_from_before_do_not_come_alive_again() {
    with_gym(SMALL, |gym| async move {
        let (token, key) = (gym.token().await, gym.key("north").await);
        let put = |tags: &'static str| {
            let (gym, key) = (&gym, &key);
            async move {
                let headers = [("x-api-key", key.as_str()), ("idempotency-key", "once")];
                gym.send("PUT", TAGS, &headers, tags).await
            }
        };
        let etag = || async { gym.get(&key, "/v1/studios/information").await.header("etag").unwrap().to_owned() };
        let mut seen = std::collections::BTreeSet::new();
        for round in 0..3 {
            assert!(seen.insert(etag().await), "an ETag of an earlier life, round {round}");
            let first = put(r#"[{"name":"pool"}]"#).await;
            assert_eq!((first.status, first.header("idempotency-replayed")), (200, None), "round {round}");
            assert!(seen.insert(etag().await));
            assert_eq!(put(r#"[{"name":"pool"}]"#).await.header("idempotency-replayed"), Some("true"));
            gym.done("POST", "/reset", &token, "").await;
        }
    });
}

#[test]
fn a_reset_is_seen_by_every_server_process_at_once() {
    with_gym(SMALL, |gym| async move {
        let (token, key) = (gym.token().await, gym.key("north").await);
        let gym = &gym;
        gym.beside(|other| async move {
            let before = other.all_answers(&key).await;
            for _ in 0..3 {
                live(gym, &token, &key).await;
                assert_eq!(other.all_answers(&key).await, gym.all_answers(&key).await);
                gym.done("POST", "/reset", &token, "").await;
                assert_eq!(other.all_answers(&key).await, before);
                assert_eq!(gym.all_answers(&key).await, before);
            }
        })
        .await;
    });
}
