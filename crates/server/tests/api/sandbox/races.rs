//! What happens at once: writes while a sandbox is put back or copied, and two who move one clock.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};

use gymkeeper_server::actions::{
    change::{Actor, By},
    checkin::{self, Visitor},
};
use gymkeeper_store::{
    db::{DbError, Tx},
    tenant::{self, Tenant},
};
use serde_json::json;

use super::inside;
use crate::support::{Answer, Gym, NOW, SMALL, with_gym};

const TAGS: &str = "/v1/studios/information/tags";

/// Lets somebody in and somebody change tags, again and again until told to stop; answers how often people came in.
async fn write_until(gym: &Gym, token: &str, key: &str, stop: &AtomicBool) -> u64 {
    let mut came = 0;
    let fine = |answer: &Answer| {
        // A lost race may be told; a broken state may not.
        assert!(matches!(answer.status, 200 | 409 | 503), "{} {}", answer.status, answer.text());
        answer.status == 200
    };
    for round in 0.. {
        if stop.load(SeqCst) {
            break;
        }
        let two = gym.call("POST", "/checkins", token, r#"{"studio":"north","count":2}"#).await;
        came += u64::from(fine(&two));
        let tags = if round % 2 == 0 { r#"[{"name":"pool"},{"name":"parking"}]"# } else { r#"[{"name":"sauna"}]"# };
        fine(&gym.send_json("PUT", key, TAGS, tags).await);
    }
    came
}

/// How many visits were begun since the last time the tenant was put back, as its journal tells.
async fn told_by_journal(gym: &Gym) -> (i64, u64) {
    let records = gym.records(gym.tenant).await;
    let last = records.iter().rposition(|record| record.action == "sandbox.reset").map_or(0, |last| last + 1);
    let opened = |records: &[gymkeeper_store::journal::Record]| {
        records.iter().filter(|record| record.action == "checkin.opened").count()
    };
    (opened(&records[last..]) as i64, opened(&records) as u64)
}

#[test]
fn a_write_is_wholly_before_a_reset_or_wholly_after_it() {
    with_gym(SMALL, |gym| async move {
        let (token, key, gym) = (gym.token().await, gym.key("north").await, &gym);
        gym.beside(|other| async move {
            let (stop, resets) = (AtomicBool::new(false), AtomicU64::new(0));
            let reset = async {
                for server in [gym, &other].into_iter().cycle().take(24) {
                    let answer = server.call("POST", "/reset", &token, "").await;
                    assert!(matches!(answer.status, 200 | 409 | 503), "{} {}", answer.status, answer.text());
                    resets.fetch_add(u64::from(answer.status == 200), SeqCst);
                    let people = inside(gym, &key).await;
                    assert_eq!(people % 2, 0, "people come in pairs");
                    // The writers get a word in before the next one.
                    write_once(gym, &token).await;
                }
                stop.store(true, SeqCst);
            };
            let writers = (0..3).map(|number| {
                let server = if number % 2 == 0 { gym } else { &other };
                write_until(server, &token, &key, &stop)
            });
            let (first, second, third) = {
                let mut writers = writers;
                let mut next = || writers.next().unwrap();
                let (a, b, c) = (next(), next(), next());
                let (a, b, c, ()) = tokio::join!(a, b, c, reset);
                (a, b, c)
            };
            assert!(resets.load(SeqCst) >= 12, "{resets:?}");
            let (since_reset, ever) = told_by_journal(gym).await;
            assert_eq!(inside(gym, &key).await, since_reset, "the state is what the journal tells");
            // What was acknowledged is in the journal once, and nothing else is.
            assert_eq!(ever, 2 * (first + second + third) + 2 * 24);
        })
        .await;
    });
}

async fn write_once(gym: &Gym, token: &str) {
    gym.done("POST", "/checkins", token, r#"{"studio":"north","count":2}"#).await;
}

#[test]
fn a_snapshot_is_the_state_of_one_moment() {
    with_gym(SMALL, |gym| async move {
        let (token, key, gym) = (gym.token().await, gym.key("north").await, &gym);
        let stop = AtomicBool::new(false);
        let take = async {
            for number in 0..12 {
                gym.done("POST", "/snapshots", &token, &json!({ "name": format!("s{number}") }).to_string()).await;
                write_once(gym, &token).await;
            }
            stop.store(true, SeqCst);
        };
        let (writer, other) = (write_until(gym, &token, &key, &stop), write_until(gym, &token, &key, &stop));
        tokio::join!(writer, other, take);
        let records = gym.records(gym.tenant).await;
        for number in 0..12 {
            let subject = Some(format!("snapshot:s{number}"));
            let taken = records.iter().position(|record| record.subject == subject).unwrap();
            let before = records[..taken].iter().filter(|record| record.action == "checkin.opened").count();
            gym.done("POST", &format!("/snapshots/s{number}/restore"), &token, "").await;
            assert_eq!(inside(gym, &key).await, before as i64, "s{number}");
            let tags = gym.get(&key, "/v1/studios/information").await.json()["studioTags"].as_array().unwrap().len();
            assert!(matches!(tags, 1 | 2), "{tags} tags are half of something");
        }
    });
}

#[test]
fn two_who_move_the_clock_at_once_do_not_mix() {
    with_gym(SMALL, |gym| async move {
        let token = gym.token().await;
        let gym = &gym;
        gym.beside(|other| async move {
            for _ in 0..4 {
                let start = gym.done("GET", "/clock", &token, "").await["now"].clone();
                let advance = |server| Gym::call(server, "POST", "/clock/advance", &token, r#"{"by":"P7D"}"#);
                let (one, two) = tokio::join!(advance(gym), advance(&other));
                let mut arrived: Vec<String> = Vec::new();
                for answer in [&one, &two] {
                    match answer.status {
                        200 => arrived.push(answer.json()["now"].as_str().unwrap().to_owned()),
                        _ => drop(answer.refusal(409, "errormessage.concurrent.modification")),
                    }
                }
                assert!(!arrived.is_empty(), "one of them wins");
                let now = gym.done("GET", "/clock", &token, "").await["now"].as_str().unwrap().to_owned();
                assert_eq!(arrived.iter().max(), Some(&now), "the clock stands where the winner left it; from {start}");
            }
            // Whoever lost, each night was turned once, and in order.
            let records = gym.records(gym.tenant).await;
            let north = gym.studio("north").await;
            let nights: Vec<&str> = records
                .iter()
                .filter(|record| record.action == "studio.day-turned" && record.studio_id == Some(north))
                .map(|record| record.changes.as_deref().unwrap())
                .collect();
            assert!(nights.len() >= 28, "{nights:?}");
            assert!(nights.is_sorted_by(|a, b| a < b), "{nights:?}");
            let clocks: Vec<_> =
                records.iter().filter(|record| record.action == "clock.set").map(|record| record.tenant_time).collect();
            assert!(clocks.is_sorted_by(|a, b| a < b), "{clocks:?}");
        })
        .await;
    });
}

#[test]
fn a_change_that_began_before_a_reset_is_not_kept_after_it() {
    with_gym(SMALL, |gym| async move {
        let (token, key, studio) = (gym.token().await, gym.key("north").await, gym.studio("north").await);
        let id = gym.tenant;
        let before = gym.app.db.read(move |tx| tenant::by_id(tx, id)).await.unwrap().unwrap();
        let by = By::new(Actor::Cli("tests".to_owned()), NOW.parse().unwrap());
        let open = move |tx: &mut Tx<'_>, tenant: &Tenant| {
            let mut change = by.changes(tx, tenant);
            let visitor = Visitor { customer: None, at: change.now };
            checkin::open(&mut change, studio, &[visitor])
        };
        let (early, stale) = (open.clone(), before.clone());
        gym.change(move |tx| early(tx, &stale)).await;
        gym.done("POST", "/reset", &token, "").await;
        let (late, stale) = (open.clone(), before);
        let outcome = gym.app.db.write(move |tx| late(tx, &stale)).await;
        assert!(matches!(outcome, Err(DbError::Conflict)), "{outcome:?}");
        assert_eq!(inside(&gym, &key).await, 0);
        gym.change(move |tx| {
            let fresh = tenant::by_id(tx, id)?.unwrap();
            open(tx, &fresh)
        })
        .await;
        assert_eq!(inside(&gym, &key).await, 1);
    });
}
