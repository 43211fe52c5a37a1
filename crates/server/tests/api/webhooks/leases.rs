//! Leases: a run that loses its own forgets what it did.

use std::{sync::Arc, time::Duration};

use gymkeeper_server::workers::webhooks;
use gymkeeper_store::webhook::{self, Lease};
use tokio::sync::Notify;

use super::{Receiver, receiver::Reply, with_limit};
use crate::support::{SMALL, with_gym};

#[test]
fn what_a_run_did_with_a_lost_lease_is_forgotten_and_done_again_by_another() {
    with_limit(20_000, |gym| async move {
        gym.activate("north").await;
        let freed = Arc::new(Notify::new());
        let waiting = Arc::clone(&freed);
        let receiver = Receiver::replying(move |number, _| match number {
            0 => Reply::When(Arc::clone(&waiting)),
            _ => Reply::Status(200),
        })
        .await;
        let target = gym.target("north", &receiver).await.id;
        gym.let_in("north", [1]).await;
        let (app, tenant) = (Arc::clone(&gym.app), gym.tenant);
        let first = tokio::spawn(async move { webhooks::drain(&app, tenant).await.unwrap() });
        receiver.has(1).await;
        // As if the first had been silent for so long that its lease ran out.
        let lease = Lease { tenant, target, owner: "another".to_owned() };
        let later = gym.app.clock.now() + Duration::from_secs(3600);
        let claimed = lease.clone();
        let until = later + Duration::from_secs(60);
        assert!(gym.change(move |tx| webhook::claim(tx, &claimed, later, until)).await.is_some());
        freed.notify_one();
        // The first run gets its answer now, and must not store it; the drain waits for the other owner, which dies.
        let seen = super::until("the answer was read", async || {
            gym.app.metrics.text(&gym.app).contains("outcome=\"delivered\"} 1").then_some(())
        });
        seen.await;
        assert_eq!(gym.deliveries().await.len(), 0);
        let now = gym.app.clock.now();
        gym.change(move |tx| webhook::release(tx, &lease, now)).await;
        first.await.unwrap();
        assert_eq!(receiver.entities(), [1, 1], "at least once");
        assert_eq!(gym.states().await, [("DELIVERED".to_owned(), 1)]);
    });
}

#[test]
fn a_lease_keeps_others_away_until_it_runs_out() {
    with_gym(SMALL, |gym| async move {
        gym.activate("north").await;
        let receiver = Receiver::start().await;
        let target = gym.target("north", &receiver).await.id;
        gym.let_in("north", [1]).await;
        let (tenant, now) = (gym.tenant, gym.app.clock.now());
        let second = move |seconds: u64| now + Duration::from_secs(seconds);
        let lease = |owner: &str| Lease { tenant, target, owner: owner.to_owned() };
        let claim = async |owner: &str, at: u64, until: u64| {
            let (lease, at, until) = (lease(owner), second(at), second(until));
            gym.change(move |tx| webhook::claim(tx, &lease, at, until)).await
        };
        let due = async |at: u64| gym.app.db.read(move |tx| webhook::due(tx, second(at), 10)).await.unwrap().len();
        let advance = async |owner: &str, until: u64, from: i64, to: i64| {
            let (lease, until) = (lease(owner), second(until));
            gym.change(move |tx| webhook::advance(tx, &lease, until, from, to)).await
        };
        assert_eq!(due(0).await, 1);
        let held = claim("a", 0, 10).await.unwrap();
        assert!(claim("b", 9, 20).await.is_none());
        assert_eq!((due(9).await, due(10).await), (0, 1));
        assert!(advance("a", 15, held.position, held.position).await, "it is confirmed while it holds");
        assert!(claim("b", 14, 20).await.is_none());
        let other = claim("b", 15, 25).await.unwrap();
        assert_eq!(other.position, held.position);
        assert!(!advance("a", 30, held.position, held.position + 1).await, "it is lost");
        assert!(!advance("b", 30, held.position + 1, held.position + 2).await, "somebody else set the position");
        assert!(advance("b", 30, held.position, held.position + 1).await);
        let (a, b) = (lease("a"), lease("b"));
        gym.change(move |tx| webhook::release(tx, &a, now)).await;
        assert!(claim("c", 29, 40).await.is_none(), "nobody gives back another's lease");
        gym.change(move |tx| webhook::release(tx, &b, now)).await;
        assert!(claim("c", 29, 40).await.is_some());
    });
}

#[test]
fn a_few_busy_targets_do_not_keep_the_places_from_others() {
    with_gym(SMALL, |gym| async move {
        gym.activate("north").await;
        let mut ids = Vec::new();
        let receiver = Receiver::start().await;
        for _ in 0..4 {
            ids.push(gym.target("north", &receiver).await.id);
        }
        gym.let_in("north", [1]).await;
        let (tenant, now) = (gym.tenant, gym.app.clock.now());
        let due = async |limit: i64| -> Vec<i64> {
            let due = gym.app.db.read(move |tx| webhook::due(tx, now, limit)).await.unwrap();
            due.into_iter().map(|due| due.id).collect()
        };
        assert_eq!(due(2).await, ids[..2]);
        for (place, id) in [ids[1], ids[0]].into_iter().enumerate() {
            let lease = Lease { tenant, target: id, owner: "a".to_owned() };
            let at = now - Duration::from_secs(60 - place as u64);
            gym.change(move |tx| {
                webhook::claim(tx, &lease, at, at + Duration::from_secs(30))?;
                webhook::release(tx, &lease, at)
            })
            .await;
        }
        assert_eq!(due(10).await, [ids[2], ids[3], ids[1], ids[0]], "whoever was served longest ago comes first");
    });
}

#[test]
fn what_a_run_does_while_its_sandbox_is_put_back_is_forgotten() {
    with_limit(20_000, |gym| async move {
        gym.activate("north").await;
        let token = gym.token().await;
        let freed = Arc::new(Notify::new());
        let waiting = Arc::clone(&freed);
        let receiver = Receiver::replying(move |number, _| match number {
            1 => Reply::When(Arc::clone(&waiting)),
            2 => Reply::Status(200),
            _ => Reply::Status(500),
        })
        .await;
        gym.target("north", &receiver).await;
        gym.let_in("north", [1]).await;
        gym.drain().await;
        assert_eq!(gym.states().await, [("WAITING".to_owned(), 1)]);
        gym.let_in("north", [2, 3]).await;
        let (app, tenant) = (Arc::clone(&gym.app), gym.tenant);
        let running = tokio::spawn(async move { webhooks::drain(&app, tenant).await.unwrap() });
        receiver.has(2).await;
        gym.done("POST", "/reset", &token, "").await;
        freed.notify_one();
        running.await.unwrap();
        assert_eq!(gym.deliveries().await.len(), 0);
        gym.set_clock("2027-01-01T00:00:00Z").await;
        gym.drain().await;
        let before = receiver.entities();
        assert!(
            before == [1, 2] || before == [1, 2, 3],
            "{before:?}: the run may have sent one more before it noticed"
        );
        gym.activate("north").await;
        gym.let_in("north", [4]).await;
        gym.drain().await;
        assert_eq!(receiver.entities()[before.len()..], [4]);
    });
}
