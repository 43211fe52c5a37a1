//! Too many requests, too much load, too large and too slow.

use std::{
    sync::{Arc, Barrier},
    time::Duration,
};

use gymkeeper_server::config::Config;
use gymkeeper_store::db::{DbError, Tx};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::support::{Answer, Gym, SMALL, with_configured_gym};

const UTILIZATION: &str = "/v1/studios/utilization";
const INFORMATION: &str = "/v1/studios/information";
const STUDIO_TAGS: &str = "/v1/studios/information/tags";

fn assert_limited(answer: &Answer) {
    let seconds: i64 = answer.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");
    if !answer.body.is_empty() {
        let refusal = answer.refusal(429, "errormessage.rate.limit.exceeded");
        assert!(refusal.error_message.contains(&seconds.to_string()), "{}", refusal.error_message);
    }
    assert_eq!(answer.status, 429);
}

#[test]
fn rate_1_the_request_over_the_limit_is_refused_for_its_key_and_its_operation_only() {
    with_configured_gym(
        SMALL,
        |config| config.requests_per_minute = Some(3),
        |gym| async move {
            let (key, other) = (gym.key("north").await, gym.key("north").await);
            for _ in 0..3 {
                assert_eq!(gym.get(&key, UTILIZATION).await.status, 200);
            }
            for _ in 0..2 {
                assert_limited(&gym.get(&key, UTILIZATION).await);
            }
            assert_eq!(gym.get(&other, UTILIZATION).await.status, 200, "another key");
            assert_eq!(gym.get(&key, INFORMATION).await.status, 200, "another operation");
            // AUTH-4: the key comes before the limit, the limit before the scope and everything else.
            gym.get("wrong", UTILIZATION).await.refusal(401, "errormessage.authentication.api.key.invalid");
            let none = gym.key_for("north", &[]).await;
            for _ in 0..3 {
                let answer = gym.send_json("PUT", &none, STUDIO_TAGS, "{").await;
                answer.refusal(403, "errormessage.authorization.scope.missing");
            }
            assert_limited(&gym.send_json("PUT", &none, STUDIO_TAGS, "{").await);
            // The path is counted by its template, and unknown paths all together.
            for id in 1..=3 {
                let answer = gym.get(&key, &format!("/v1/memberships/membership-offers/{id}")).await;
                answer.refusal(404, "errormessage.membership.offer.not.found");
                gym.get(&key, &format!("/v1/unknown/{id}")).await.refusal(404, "errormessage.path.not.found");
            }
            assert_limited(&gym.get(&key, "/v1/memberships/membership-offers/4").await);
            assert_limited(&gym.get(&key, "/v1/unknown/4").await);
        },
    );
}

#[test]
fn rate_3_a_refused_request_has_no_effect_and_head_counts() {
    with_configured_gym(
        SMALL,
        |config| config.requests_per_minute = Some(3),
        |gym| async move {
            let key = gym.key("north").await;
            for tag in ["pool", "sauna", "parking"] {
                let body = format!(r#"[{{"name":"{tag}"}}]"#);
                assert_eq!(gym.send_json("PUT", &key, STUDIO_TAGS, &body).await.status, 200);
            }
            assert_limited(&gym.send_json("PUT", &key, STUDIO_TAGS, r#"[{"name":"pool"}]"#).await);
            let tags = gym.get(&key, INFORMATION).await.json()["studioTags"].to_string();
            assert_eq!(tags, r#"[{"name":"parking"}]"#);
            // AUTH-7
            for _ in 0..3 {
                assert_eq!(gym.send("HEAD", UTILIZATION, &[("x-api-key", &key)], "").await.status, 200);
            }
            assert_limited(&gym.send("HEAD", UTILIZATION, &[("x-api-key", &key)], "").await);
            assert_limited(&gym.get(&key, UTILIZATION).await);
        },
    );
}

/// Occupies the only thread that writes or reads, and the only place to wait for it, while `test` runs.
async fn with_full_queue<F: Future<Output = ()>>(gym: &Gym, writes: bool, test: impl FnOnce() -> F) {
    let (gate, begun) = (Arc::new(Barrier::new(2)), Arc::new(tokio::sync::Notify::new()));
    let (shut, told, db) = (Arc::clone(&gate), Arc::clone(&begun), gym.app.db.clone());
    let occupy = move |_: &mut Tx<'_>| {
        told.notify_one();
        shut.wait();
        Ok::<_, DbError>(())
    };
    let slow = tokio::spawn(async move { if writes { db.write(occupy).await } else { db.read(occupy).await } });
    begun.notified().await;
    let db = gym.app.db.clone();
    let idle = |_: &mut Tx<'_>| Ok::<_, DbError>(());
    let waiting = tokio::spawn(async move { if writes { db.write(idle).await } else { db.read(idle).await } });
    let queued = || if writes { gym.app.db.waiting().1 } else { gym.app.db.waiting().0 };
    while queued() == 0 {
        tokio::task::yield_now().await;
    }
    test().await;
    tokio::task::spawn_blocking(move || gate.wait()).await.unwrap();
    slow.await.unwrap().unwrap();
    waiting.await.unwrap().unwrap();
}

#[test]
fn rate_4_under_load_the_answer_is_503_before_anything_is_written() {
    let narrow = |config: &mut Config| {
        (config.queue, config.readers, config.pg_connections) = (1, 1, 1);
    };
    with_configured_gym(SMALL, narrow, |gym| async move {
        let (key, none) = (gym.key("north").await, gym.key_for("north", &[]).await);
        let overloaded = |answer: Answer| {
            answer.refusal(503, "errormessage.service.overloaded");
            let seconds: i64 = answer.header("retry-after").unwrap().parse().unwrap();
            assert!((1..=30).contains(&seconds), "{seconds}");
        };
        let before = gym.get(&key, INFORMATION).await.json();
        gym.get(&none, UTILIZATION).await.refusal(403, "errormessage.authorization.scope.missing");
        let pool = r#"[{"name":"pool"}]"#;
        with_full_queue(&gym, true, async || {
            overloaded(gym.send_json("PUT", &key, STUDIO_TAGS, pool).await);
            // AUTH-4: the load comes before the syntax.
            overloaded(gym.send_json("PUT", &key, STUDIO_TAGS, "[7]").await);
            assert_eq!(gym.get(&key, UTILIZATION).await.status, 200, "reads go on");
        })
        .await;
        assert_eq!(gym.get(&key, INFORMATION).await.json(), before);
        with_full_queue(&gym, false, async || {
            overloaded(gym.get(&key, UTILIZATION).await);
            overloaded(gym.get(&key, INFORMATION).await);
            overloaded(gym.get("a key that was never seen", UTILIZATION).await);
            // AUTH-4: what is not written yet and a missing scope come before the load, as far as the key is known.
            gym.get(&key, "/v1/devices").await.refusal(501, "errormessage.operation.not.implemented");
            gym.get(&none, UTILIZATION).await.refusal(403, "errormessage.authorization.scope.missing");
            assert_eq!(gym.send("HEAD", UTILIZATION, &[("x-api-key", &key)], "").await.status, 200);
            assert_eq!(gym.get("", "/health/live").await.status, 200);
            let ready = gym.send_raw(b"GET /health/ready HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
            assert_eq!((ready.status, ready.text().as_str()), (503, r#"{"status":"not ready"}"#));
        })
        .await;
        assert_eq!(gym.send_json("PUT", &key, STUDIO_TAGS, pool).await.text(), pool);
        assert_eq!(gym.get("", "/health/ready").await.status, 200);
        let metrics = gym.get("", "/metrics").await.text();
        assert!(metrics.contains("\ngymkeeper_db_refused_total "), "{metrics}");
        assert!(!metrics.contains("\ngymkeeper_db_refused_total 0\n"), "{metrics}");
    });
}

#[test]
fn heads_that_are_too_large_are_refused_and_the_server_goes_on() {
    with_configured_gym(
        SMALL,
        |config| config.header_bytes = 8192,
        |gym| async move {
            let key = gym.key("north").await;
            let long = "x".repeat(20_000);
            let many = "x-more: 1\r\n".repeat(500);
            for request in [
                format!("GET {UTILIZATION} HTTP/1.1\r\nhost: x\r\nx-api-key: {key}\r\nx-long: {long}\r\n\r\n"),
                format!("GET {UTILIZATION} HTTP/1.1\r\nhost: x\r\nx-api-key: {key}\r\n{many}\r\n"),
                format!("GET {UTILIZATION}?{long} HTTP/1.1\r\nhost: x\r\nx-api-key: {key}\r\n\r\n"),
                format!("GET /v1/{long} HTTP/1.1\r\nhost: x\r\nx-api-key: {key}\r\n\r\n"),
            ] {
                // The server may hang up before it has read everything, and then even its answer may be lost.
                let mut stream = TcpStream::connect(gym.address).await.unwrap();
                let mut bytes = Vec::new();
                let sent = stream.write_all(request.as_bytes()).await;
                let read = stream.read_to_end(&mut bytes).await;
                let text = String::from_utf8_lossy(&bytes);
                assert!(!text.starts_with("HTTP/1.1 200"), "{text}");
                let refused = text.starts_with("HTTP/1.1 431") || text.starts_with("HTTP/1.1 414");
                assert!(refused || sent.is_err() || read.is_err() || bytes.is_empty(), "{text}");
            }
            assert_eq!(gym.get(&key, UTILIZATION).await.status, 200);
        },
    );
}

#[test]
fn a_body_that_does_not_arrive_in_time_is_given_up() {
    with_configured_gym(
        SMALL,
        // It limits what the test does in the database as well.
        |config| config.request_seconds = 4,
        |gym| async move {
            let key = gym.key("north").await;
            let mut stream = TcpStream::connect(gym.address).await.unwrap();
            let head = format!(
                "PUT {STUDIO_TAGS} HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx-api-key: {key}\r\ncontent-length: 100\r\n\r\n"
            );
            stream.write_all(head.as_bytes()).await.unwrap();
            let (mut reading, mut writing) = stream.into_split();
            // A letter now and then does not buy more time.
            let trickle = tokio::spawn(async move {
                while writing.write_all(b" ").await.is_ok() {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            });
            let mut bytes = Vec::new();
            // The connection may be reset while letters still come; the answer is there before.
            let _ = reading.read_to_end(&mut bytes).await;
            trickle.abort();
            Answer::parse(&bytes).refusal(408, "errormessage.request.timeout");
            // A head that does not arrive whole gets no answer at all.
            let mut stream = TcpStream::connect(gym.address).await.unwrap();
            stream.write_all(b"GET /v1/studios/utilization HTTP/1.1\r\nhost:").await.unwrap();
            let mut bytes = Vec::new();
            let _ = stream.read_to_end(&mut bytes).await;
            assert!(bytes.is_empty(), "{}", String::from_utf8_lossy(&bytes));
            let tags = gym.get(&key, INFORMATION).await.json()["studioTags"].to_string();
            assert_eq!(tags, r#"[{"name":"sauna"}]"#);
        },
    );
}

#[test]
fn a_connection_more_than_the_limit_waits_until_another_ends() {
    with_configured_gym(
        SMALL,
        |config| config.connections = 1,
        |gym| async move {
            let key = gym.key("north").await;
            // Its answer shows that the connection was accepted. It stays open, and so takes the only place.
            let mut first = TcpStream::connect(gym.address).await.unwrap();
            let request = format!("GET {UTILIZATION} HTTP/1.1\r\nhost: x\r\nx-api-key: {key}\r\n\r\n");
            first.write_all(request.as_bytes()).await.unwrap();
            first.read_exact(&mut [0; 12]).await.unwrap();
            let second = gym.get(&key, UTILIZATION);
            tokio::pin!(second);
            let waited = tokio::time::timeout(Duration::from_millis(300), &mut second).await;
            assert!(waited.is_err(), "a second connection was served");
            drop(first);
            assert_eq!(second.await.status, 200);
        },
    );
}
