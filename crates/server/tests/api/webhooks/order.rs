//! WH-5: every event once and in order, by one process and by two.

use super::{Receiver, Worker, receiver::Reply};
use crate::support::{SMALL, with_gym};

#[test]
fn wh_5_the_order_is_kept_over_many_batches_and_transactions() {
    with_gym(SMALL, |gym| async move {
        gym.activate("north").await;
        let receiver = Receiver::start().await;
        gym.target("north", &receiver).await;
        let worker = Worker::start(&gym.app);
        for part in 0..7 {
            gym.let_in("north", part * 50..part * 50 + 50).await;
        }
        receiver.has(350).await;
        worker.stop().await;
        assert_eq!(receiver.entities(), (0..350).collect::<Vec<_>>());
        assert_eq!(gym.states().await, vec![("DELIVERED".to_owned(), 1); 350]);
        let positions: Vec<i64> = gym.deliveries().await.iter().map(|delivery| delivery.position).collect();
        assert!(positions.is_sorted_by(|a, b| a < b));
    });
}

#[test]
fn wh_5_two_processes_tell_each_event_exactly_once_while_none_dies() {
    with_gym(SMALL, |gym| async move {
        for studio in ["north", "south"] {
            gym.activate(studio).await;
        }
        let mut receivers = Vec::new();
        for number in 0..6 {
            let receiver = Receiver::replying(move |request, _| {
                // Some answer quickly, some are a little slower, some refuse now and then.
                let refused = number == 5 && request % 10 == 3;
                if refused { Reply::Status(500) } else { Reply::Status(200) }
            })
            .await;
            gym.target(if number % 2 == 0 { "north" } else { "south" }, &receiver).await;
            receivers.push(receiver);
        }
        gym.beside(async |other| {
            let workers = [Worker::start(&gym.app), Worker::start(&other.app)];
            for part in 0..30 {
                let customers = part * 10..part * 10 + 10;
                let gym = if part % 3 == 0 { &other } else { &gym };
                gym.let_in("north", customers.clone()).await;
                gym.let_in("south", customers).await;
            }
            for receiver in &receivers {
                receiver.has(300).await;
            }
            for worker in workers {
                worker.stop().await;
            }
        })
        .await;
        for receiver in &receivers {
            assert_eq!(receiver.entities(), (0..300).collect::<Vec<_>>());
        }
        assert_eq!(gym.deliveries().await.len(), 6 * 300);
    });
}
