//! WH-4: repeats in the tenant's time, their end, and sending again by hand.

use std::sync::{
    Arc,
    atomic::{AtomicU16, Ordering},
};

use gymkeeper_server::{actions::webhook as action, workers::webhooks};
use gymkeeper_store::webhook::{
    self,
    delivery::{Selection, State},
};
use jiff::Timestamp;

use super::{Receiver, Worker, receiver::Reply, until};
use crate::support::{Gym, SMALL, with_gym};

async fn next_due(gym: &Gym) -> Option<Timestamp> {
    let tenant = gym.tenant;
    gym.app.db.read(move |tx| webhooks::next_due(tx, tenant)).await.unwrap()
}

/// A receiver whose status can be changed.
async fn moody(status: u16) -> (Receiver, Arc<AtomicU16>) {
    let mood = Arc::new(AtomicU16::new(status));
    let of_receiver = Arc::clone(&mood);
    let receiver = Receiver::replying(move |_, _| Reply::Status(of_receiver.load(Ordering::SeqCst))).await;
    (receiver, mood)
}

#[test]
fn wh_4_there_are_three_repeats_ten_minutes_apart_in_the_tenants_time_and_then_it_is_over() {
    with_gym(SMALL, |gym| async move {
        gym.activate("north").await;
        let (receiver, _) = moody(503).await;
        gym.target("north", &receiver).await;
        gym.let_in("north", [1]).await;
        let attempts = async |clock: &str| {
            gym.set_clock(clock).await;
            gym.drain().await;
            receiver.got().len()
        };
        assert_eq!(attempts("2026-11-21T11:00:00Z").await, 1);
        assert_eq!(next_due(&gym).await, Some("2026-11-21T11:10:00Z".parse().unwrap()));
        assert_eq!(attempts("2026-11-21T11:09:59Z").await, 1);
        assert_eq!(attempts("2026-11-21T11:10:00Z").await, 2);
        assert_eq!(attempts("2026-11-21T11:19:59Z").await, 2);
        assert_eq!(attempts("2026-11-21T11:20:00Z").await, 3);
        assert_eq!(gym.states().await, [("WAITING".to_owned(), 3)]);
        assert_eq!(attempts("2026-11-21T11:30:00Z").await, 4);
        assert_eq!(gym.states().await, [("FAILED".to_owned(), 4)]);
        assert_eq!(next_due(&gym).await, None);
        assert_eq!(attempts("2027-11-21T11:30:00Z").await, 4);
        let got = receiver.got();
        for again in &got {
            assert_eq!((&again.body, again.header("webhook-id")), (&got[0].body, got[0].header("webhook-id")));
        }
        let delivery = gym.deliveries().await.remove(0);
        let log = gym.log(delivery.id).await;
        assert_eq!(log.len(), 4);
        assert!(log.iter().all(|attempt| attempt["status"] == 503 && attempt["answer"] == "this is 503"));
        let metrics = gym.app.metrics.text(&gym.app);
        assert!(metrics.contains("gymkeeper_webhooks_total{outcome=\"given_up\"} 1"), "{metrics}");
        assert!(metrics.contains("gymkeeper_webhooks_total{outcome=\"failed_attempt\"} 4"), "{metrics}");
    });
}

#[test]
fn wh_4_the_line_goes_on_while_some_wait_and_repeats_come_in_the_order_of_their_moments() {
    with_gym(SMALL, |gym| async move {
        gym.activate("north").await;
        let (receiver, mood) = moody(500).await;
        gym.target("north", &receiver).await;
        gym.let_in("north", [1, 2]).await;
        gym.drain().await;
        gym.set_clock("2026-11-21T11:05:00Z").await;
        gym.let_in("north", [3]).await;
        gym.drain().await;
        mood.store(200, Ordering::SeqCst);
        gym.let_in("north", [4]).await;
        gym.drain().await;
        assert_eq!(receiver.entities(), [1, 2, 3, 4]);
        let worker = Worker::start(&gym.app);
        until("what waits is counted", async || {
            gym.app.metrics.text(&gym.app).contains("gymkeeper_webhooks_waiting 3").then_some(())
        })
        .await;
        worker.stop().await;
        gym.set_clock("2026-11-21T12:00:00Z").await;
        gym.beside(async |other| other.drain().await).await;
        assert_eq!(receiver.entities(), [1, 2, 3, 4, 1, 2, 3]);
        assert!(gym.states().await.iter().all(|(state, _)| state == "DELIVERED"));
    });
}

#[test]
fn what_failed_or_was_delivered_can_be_sent_again() {
    with_gym(SMALL, |gym| async move {
        gym.activate("north").await;
        let (receiver, mood) = moody(500).await;
        let target = gym.target("north", &receiver).await.id;
        gym.let_in("north", [1, 2]).await;
        for clock in ["11:00", "11:10", "11:20", "11:30"] {
            gym.set_clock(&format!("2026-11-21T{clock}:00Z")).await;
            gym.drain().await;
        }
        assert_eq!(gym.states().await, vec![("FAILED".to_owned(), 4); 2]);
        let first = gym.deliveries().await[0].id;
        assert!(gym.act(move |change| action::replay(change, first)).await);
        assert!(!gym.act(|change| action::replay(change, 1)).await);
        gym.drain().await;
        // It begins from the beginning: it waits again.
        assert_eq!(gym.states().await, [("WAITING".to_owned(), 1), ("FAILED".to_owned(), 4)]);
        assert_eq!(gym.log(first).await.len(), 5, "the log goes on");

        mood.store(200, Ordering::SeqCst);
        let of = |state, target| Selection { state, target, ..Selection::default() };
        let replay = async |selection: Selection| gym.act(move |change| action::replay_many(change, &selection)).await;
        assert_eq!(replay(of(Some(State::Failed), Some(target + 1))).await, 0);
        assert_eq!(replay(of(Some(State::Failed), Some(target))).await, 1);
        gym.drain().await;
        assert_eq!(gym.states().await, [("WAITING".to_owned(), 1), ("DELIVERED".to_owned(), 1)]);
        let before = receiver.got().len();
        let far: Timestamp = "2100-01-01T00:00:00Z".parse().unwrap();
        assert_eq!(replay(Selection { since: Some(far), ..Selection::default() }).await, 0);
        assert_eq!(replay(Selection { until: Some(far), ..Selection::default() }).await, 2);
        gym.drain().await;
        assert_eq!(receiver.got().len(), before + 2);
        assert_eq!(gym.states().await, vec![("DELIVERED".to_owned(), 1); 2]);
    });
}

#[test]
fn the_log_keeps_the_last_ten_attempts_and_deliveries_are_forgotten_by_their_state_and_age() {
    with_gym(SMALL, |gym| async move {
        gym.activate("north").await;
        let (receiver, mood) = moody(500).await;
        gym.target("north", &receiver).await;
        gym.let_in("north", [1]).await;
        gym.drain().await;
        let id = gym.deliveries().await[0].id;
        mood.store(200, Ordering::SeqCst);
        for _ in 0..12 {
            gym.act(move |change| action::replay(change, id)).await;
            gym.drain().await;
        }
        let log = gym.log(id).await;
        assert_eq!(log.len(), 10);
        assert!(log.iter().all(|attempt| attempt["status"] == 200), "the oldest went first");
        mood.store(500, Ordering::SeqCst);
        gym.let_in("north", [2]).await;
        gym.drain().await;
        let (tenant, now) = (gym.tenant, gym.app.clock.now());
        let forget =
            async |before: Timestamp| gym.change(move |tx| webhook::forget_delivered(tx, tenant, before)).await;
        assert_eq!(forget("2026-01-01T00:00:00Z".parse().unwrap()).await, 0);
        assert_eq!(forget(now).await, 1);
        assert_eq!(gym.states().await, [("WAITING".to_owned(), 1)]);
        assert_eq!(gym.change(move |tx| webhook::forget_failed(tx, tenant, now)).await, 0);
    });
}
