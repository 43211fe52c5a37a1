//! WH-3: what counts as an answer, and what is written down about it.

use std::{sync::Arc, time::Duration};

use tokio::sync::Notify;

use super::{Receiver, receiver::Reply, with_limit};

#[test]
fn wh_3_only_2xx_in_time_is_success_and_every_attempt_is_written_down() {
    with_limit(5_000, |gym| async move {
        gym.activate("north").await;
        let elsewhere = Receiver::start().await;
        let redirect = elsewhere.url.clone();
        let receiver = Receiver::replying(move |number, _| match number {
            0 => Reply::Status(200),
            1 => Reply::Status(204),
            2 => Reply::Status(299),
            3 => Reply::Huge(10_000_000),
            4 => Reply::Slowly(Duration::from_millis(1)),
            5 => Reply::Status(500),
            6 => Reply::Status(400),
            7 => Reply::Redirect(redirect.clone()),
            8 => Reply::Hang,
            9 => Reply::Slowly(Duration::from_millis(500)),
            10 => Reply::Reset,
            _ => Reply::Status(202),
        })
        .await;
        gym.target("north", &receiver).await;
        gym.let_in("north", 0..12).await;
        gym.drain().await;
        assert_eq!(elsewhere.got().len(), 0, "a redirect is not followed");
        // The connection was reset under the eleventh request, the first one on it; so it is not sent again at once.
        assert_eq!(receiver.entities(), (0..12).collect::<Vec<_>>());
        let expected = ["DELIVERED"; 5].into_iter().chain(["WAITING"; 6]).chain(["DELIVERED"]);
        let deliveries = gym.deliveries().await;
        assert_eq!(
            deliveries.iter().map(|delivery| delivery.state.as_str()).collect::<Vec<_>>(),
            expected.collect::<Vec<_>>()
        );
        let mut logs = Vec::new();
        for delivery in &deliveries {
            let log = gym.log(delivery.id).await;
            assert_eq!(log.len(), 1);
            assert!(log[0]["milliseconds"].as_u64().unwrap() < 20_000, "{log:?}");
            logs.push(log[0].clone());
        }
        let status = |number: usize| logs[number]["status"].as_u64();
        assert_eq!(
            (0..12).map(status).collect::<Vec<_>>(),
            [
                Some(200),
                Some(204),
                Some(299),
                Some(200),
                Some(200),
                Some(500),
                Some(400),
                Some(302),
                None,
                None,
                None,
                Some(202)
            ]
        );
        assert_eq!(logs[5]["answer"], "this is 500");
        assert_eq!(logs[3]["answer"].as_str().unwrap().len(), 2048);
        assert_eq!(logs[8]["error"], "no answer within 5000 ms");
        assert_eq!(logs[9]["error"], "no answer within 5000 ms");
        assert!(!logs[10]["error"].as_str().unwrap().is_empty());
    });
}

#[test]
fn wh_5_a_slow_target_delays_no_other() {
    with_limit(20_000, |gym| async move {
        gym.activate("north").await;
        let freed = Arc::new(Notify::new());
        let waiting = Arc::clone(&freed);
        let slow = Receiver::replying(move |_, _| Reply::When(Arc::clone(&waiting))).await;
        let quick = Receiver::start().await;
        gym.target("north", &slow).await;
        gym.target("north", &quick).await;
        let worker = super::Worker::start(&gym.app);
        gym.let_in("north", 0..250).await;
        quick.has(250).await;
        assert_eq!(slow.got().len(), 1, "it still has its first request");
        gym.let_in("north", 250..300).await;
        quick.has(300).await;
        assert_eq!(slow.got().len(), 1);
        while slow.got().len() < 300 {
            freed.notify_one();
            tokio::task::yield_now().await;
        }
        freed.notify_one();
        worker.stop().await;
        assert_eq!(slow.entities(), (0..300).collect::<Vec<_>>());
        assert_eq!(quick.entities(), (0..300).collect::<Vec<_>>());
    });
}
