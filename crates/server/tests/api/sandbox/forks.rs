//! Forks: tenants of their own, which neither see nor touch each other.

use gymkeeper_store::tenant::{self, TenantId};
use serde_json::{Value, json};

use super::inside;
use crate::support::{Gym, NOW, SMALL, with_gym};

const TAGS: &str = "/v1/studios/information/tags";

async fn fork(gym: &Gym, token: &str, body: &str) -> (String, String, String) {
    let fork = gym.done("POST", "/fork", token, body).await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (text(&fork["tenant"]), text(&fork["apiKeys"]["full"]), text(&fork["sandboxToken"]))
}

async fn id_of(gym: &Gym, key: &str) -> Option<TenantId> {
    let key = key.to_owned();
    gym.app.db.read(move |tx| tenant::find(tx, &key)).await.unwrap().map(|tenant| tenant.id())
}

#[test]
fn a_fork_begins_where_its_source_stands_and_goes_its_own_way() {
    with_gym(SMALL, |gym| async move {
        let (token, key) = (gym.token().await, gym.key("north").await);
        gym.send_json("PUT", &key, TAGS, r#"[{"name":"pool"}]"#).await;
        gym.done("POST", "/checkins", &token, r#"{"studio":"north","count":2}"#).await;
        let before = gym.all_answers(&key).await;
        let (_, twin, twin_token) = fork(&gym, &token, "").await;
        assert_eq!(gym.all_answers(&twin).await, before);
        assert_eq!(gym.done("GET", "/clock", &twin_token, "").await["now"], NOW);

        gym.send_json("PUT", &twin, TAGS, r#"[{"name":"parking"}]"#).await;
        gym.done("POST", "/checkins", &twin_token, r#"{"studio":"north","count":5}"#).await;
        gym.done("POST", "/clock/advance", &twin_token, r#"{"by":"PT1H"}"#).await;
        assert_eq!(gym.all_answers(&key).await, before, "the source sees nothing of it");
        let of_twin = gym.all_answers(&twin).await;
        gym.done("POST", "/checkouts", &token, r#"{"studio":"north","count":2}"#).await;
        gym.send_json("PUT", &key, TAGS, "[]").await;
        assert_eq!(gym.all_answers(&twin).await, of_twin, "nor the fork of its source");

        gym.done("POST", "/reset", &twin_token, "").await;
        assert_eq!(gym.all_answers(&twin).await, before, "its first snapshot is where it began");
        assert_eq!(inside(&gym, &key).await, 0);
        gym.done("POST", "/reset", &token, "").await;
        assert_eq!(gym.all_answers(&twin).await, before);
    });
}

#[test]
fn the_answer_tells_a_script_all_it_needs() {
    with_gym(SMALL, |gym| async move {
        let token = gym.token().await;
        gym.key("south").await;
        let fork = gym.done("POST", "/fork", &token, r#"{"key":"twin"}"#).await;
        let names = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&fork), ["baseUrl", "tenant", "apiKeys", "sandboxToken"]);
        assert_eq!(names(&fork["apiKeys"]), ["full", "readOnly"]);
        assert_eq!(fork["baseUrl"], format!("http://{}", gym.address));
        assert_eq!(fork["tenant"], "twin");
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let (full, read_only) = (text(&fork["apiKeys"]["full"]), text(&fork["apiKeys"]["readOnly"]));
        for key in [&full, &read_only] {
            // As the source's first key, they are for the studio in the south.
            assert_eq!(gym.get(key, "/v1/studios/information").await.json()["name"], "Acme South");
        }
        assert_eq!(gym.send_json("PUT", &full, TAGS, "[]").await.status, 200);
        let refused = gym.send_json("PUT", &read_only, TAGS, "[]").await;
        refused.refusal(403, "errormessage.authorization.scope.missing");
    });
}

#[test]
fn without_a_key_to_take_after_the_first_studio_is_meant() {
    with_gym(SMALL, |gym| async move {
        let token = gym.token().await;
        let (key, full, _) = fork(&gym, &token, "").await;
        assert_eq!(gym.get(&full, "/v1/studios/information").await.json()["name"], "Acme North");
        let letters = key.strip_prefix("acme-").unwrap();
        assert!(letters.len() == 8 && letters.chars().all(|c| c.is_ascii_lowercase()), "{key}");
    });
}

#[test]
fn a_key_can_be_taken_once() {
    with_gym(SMALL, |gym| async move {
        let token = gym.token().await;
        fork(&gym, &token, r#"{"key":"twin"}"#).await;
        for taken in ["twin", "acme"] {
            let answer = gym.call("POST", "/fork", &token, &json!({ "key": taken }).to_string()).await;
            let refusal = answer.refusal(400, "errormessage.sandbox.key.taken");
            assert_eq!(refusal.reference.as_deref(), Some("key"));
        }
        let longest = "x".repeat(63);
        let (key, _, of_longest) = fork(&gym, &token, &json!({ "key": longest }).to_string()).await;
        assert_eq!(key, longest);
        let (key, ..) = fork(&gym, &of_longest, "").await;
        assert_eq!(key.len(), 63);
    });
}

#[test]
fn what_a_fork_remembers_is_not_mixed_up_with_its_source() {
    with_gym(SMALL, |gym| async move {
        let (token, key) = (gym.token().await, gym.key("north").await);
        let (_, twin, twin_token) = fork(&gym, &token, "").await;
        // Both have a studio of the same id, and now also of the same version.
        gym.send_json("PUT", &key, TAGS, r#"[{"name":"pool"}]"#).await;
        gym.send_json("PUT", &twin, TAGS, r#"[{"name":"parking"}]"#).await;
        let information = "/v1/studios/information";
        let (of_key, of_twin) = (gym.get(&key, information).await, gym.get(&twin, information).await);
        assert_ne!(of_key.text(), of_twin.text());
        assert_ne!(of_key.header("etag"), of_twin.header("etag"));
        let known = of_key.header("etag").unwrap();
        let asked = gym.send("GET", information, &[("x-api-key", &twin), ("if-none-match", known)], "").await;
        assert_eq!(asked.status, 200);
        // One idempotency key in two tenants is two requests.
        for (key, tags) in [(&key, r#"[{"name":"sauna"}]"#), (&twin, "[]")] {
            let answer = gym.send("PUT", TAGS, &[("x-api-key", key), ("idempotency-key", "once")], tags).await;
            assert_eq!((answer.status, answer.header("idempotency-replayed")), (200, None));
        }
        for token in [&token, &twin_token] {
            gym.done("POST", "/checkins", token, r#"{"studio":"north","customerId":77}"#).await;
            let events = gym.done("GET", "/events", token, "").await;
            assert_eq!(events["events"].as_array().unwrap().len(), 1, "{events}");
        }
    });
}

#[test]
fn only_a_fork_can_be_removed_and_nothing_of_it_is_left() {
    // Any id could be a tenant's.
    const LAST_ID: i64 = 1120;
    with_gym(SMALL, |gym| async move {
        let (token, key) = (gym.token().await, gym.key("north").await);
        gym.call("DELETE", "/tenant", &token, "").await.refusal(400, "errormessage.sandbox.no.fork");
        let before = gym.all_answers(&key).await;
        let count_all = |tenants: Option<TenantId>| {
            let db = gym.app.db.clone();
            async move {
                db.read(move |tx| {
                    let mut rows = Vec::new();
                    for table in tx.tenant_tables()? {
                        let of = match tenants {
                            Some(tenant) => tx.count_rows(&table, tenant.0)?,
                            None => (1001..LAST_ID).try_fold(0, |sum, id| Ok(sum + tx.count_rows(&table, id)?))?,
                        };
                        rows.push((table.name().to_owned(), of));
                    }
                    Ok::<_, gymkeeper_store::db::DbError>(rows)
                })
                .await
                .unwrap()
            }
        };
        let everything = count_all(None).await;
        let (name, twin, twin_token) = fork(&gym, &token, r#"{"key":"twin"}"#).await;
        gym.send_json("POST", &twin, "/v1/studios/confirmActivation", "").await;
        let headers = [("x-api-key", twin.as_str()), ("idempotency-key", "once")];
        gym.send("PUT", TAGS, &headers, r#"[{"name":"pool"}]"#).await;
        gym.done("POST", "/checkins", &twin_token, r#"{"studio":"north","customerId":77}"#).await;
        gym.done("POST", "/snapshots", &twin_token, r#"{"name":"one"}"#).await;
        gym.done("POST", "/clock/advance", &twin_token, r#"{"by":"P1D"}"#).await;
        let (_, grandchild, _) = fork(&gym, &twin_token, r#"{"key":"grandchild"}"#).await;
        let id = id_of(&gym, &name).await.unwrap();
        assert!(count_all(Some(id)).await.iter().filter(|(_, rows)| *rows > 0).count() >= 12);

        gym.done("DELETE", "/tenant", &twin_token, "").await;
        assert_eq!(id_of(&gym, &name).await, None);
        assert!(count_all(Some(id)).await.iter().all(|(_, rows)| *rows == 0));
        gym.get(&twin, "/v1/studios/information").await.refusal(401, "errormessage.authentication.api.key.invalid");
        let gone = gym.call("GET", "/clock", &twin_token, "").await;
        gone.refusal(401, "errormessage.authentication.sandbox.token.invalid");
        // Its own forks and its source stay.
        assert_eq!(gym.get(&grandchild, "/v1/studios/information").await.status, 200);
        assert_eq!(gym.all_answers(&key).await, before);
        let of_grandchild = gym.token_of(id_of(&gym, "grandchild").await.unwrap()).await;
        gym.done("DELETE", "/tenant", &of_grandchild, "").await;
        let mut after = count_all(None).await;
        // The source's journal says what happened.
        let journal = after.iter_mut().find(|(table, _)| table == "journal").unwrap();
        journal.1 -= 2;
        assert_eq!(after, everything);
        let records = gym.records(gym.tenant).await;
        let said: Vec<&str> = records.iter().rev().take(2).map(|record| record.action.as_str()).collect();
        assert_eq!(said, ["sandbox.fork-removed", "sandbox.forked"]);
        assert!(gym.change(|tx| tx.next_id()).await < LAST_ID, "ids were missed");
        // The key is free again.
        fork(&gym, &token, r#"{"key":"twin"}"#).await;
    });
}

#[test]
fn a_key_that_is_remembered_dies_with_its_fork_on_every_server_process() {
    with_gym(SMALL, |gym| async move {
        let token = gym.token().await;
        let gym = &gym;
        gym.beside(|other| async move {
            let (_, twin, twin_token) = fork(gym, &token, "").await;
            assert_eq!(other.get(&twin, "/v1/studios/information").await.status, 200);
            gym.done("DELETE", "/tenant", &twin_token, "").await;
            for (method, path) in [("GET", "/v1/studios/information"), ("PUT", TAGS), ("GET", "/v1/nothing")] {
                let answer = other.send_json(method, &twin, path, "[]").await;
                answer.refusal(401, "errormessage.authentication.api.key.invalid");
            }
        })
        .await;
    });
}
