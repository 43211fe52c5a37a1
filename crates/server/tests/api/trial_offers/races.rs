//! Several at once: newcomers who say the same, and trials of one customer.

use serde_json::json;

use super::{book, create, newcomer, offer, person, trials};
use crate::{
    classes::slot,
    support::{join_all, with_gym},
};

#[test]
fn tri_2_of_several_who_say_the_same_at_once_one_becomes_a_customer() {
    with_gym(&trials(), |gym| async move {
        let key = gym.key("north").await;
        let taster = offer(&gym, "north", "taster").await;
        gym.beside(async |beside| {
            for round in 0..3 {
                let who = person(&format!("grace{round}@example.org"));
                let gyms = [&gym, &beside, &gym, &beside, &gym, &beside];
                let answers = join_all(gyms.map(|gym| create(gym, &key, taster, &who))).await;
                let made = answers.iter().filter(|answer| answer.status == 200).count();
                for answer in answers.iter().filter(|answer| answer.status != 200) {
                    answer.refusal(400, "errormessage.lead.duplicate.customer");
                }
                assert_eq!(made, 1);
            }
        })
        .await;
    });
}

#[test]
fn tri_3_several_trials_at_once_are_no_more_than_the_offer_allows() {
    let yaml = trials().replacen("contingent: 3", "contingent: 2", 1);
    with_gym(&yaml, |gym| async move {
        let key = gym.key("north").await;
        gym.beside(async |beside| {
            for round in 0..3 {
                let grace = newcomer(&gym, &key, &format!("grace{round}@example.org")).await;
                let mut slots = Vec::new();
                for day in 0..3 {
                    // A course has one place, so each round has its own days.
                    slots.push(slot(&gym, &key, &format!("2026-11-{}T08:00", 22 + round * 3 + day)).await);
                }
                let tries = slots.iter().chain(&slots).enumerate().map(|(place, slot)| {
                    let server = if place % 2 == 0 { &gym } else { &beside };
                    book(server, &key, grace, *slot)
                });
                let answers = join_all(tries).await;
                let made = answers.iter().filter(|answer| answer.status == 200).count();
                assert_eq!(made, 2, "{:?}", answers.iter().map(|answer| answer.text()).collect::<Vec<_>>());
            }
        })
        .await;
    });
}

#[test]
fn a_trial_that_is_tried_out_is_none_and_one_that_is_sent_twice_is_one() {
    with_gym(&trials(), |gym| async move {
        let key = gym.key("north").await;
        let grace = newcomer(&gym, &key, "grace@example.org").await;
        let yoga = slot(&gym, &key, "2026-11-25T18:00").await;
        let before = gym.end_of_journal().await;
        let body = json!({ "customerId": grace, "classSlotId": yoga }).to_string();
        let send = async |header: (&str, &str)| {
            let headers = [("x-api-key", key.as_str()), header];
            gym.send("POST", "/v1/trial-offers/classes/booking/book", &headers, &body).await
        };
        send(("gymkeeper-dry-run", "true")).await.json();
        assert_eq!(gym.end_of_journal().await, before);
        let first = send(("idempotency-key", "one")).await.json();
        assert_eq!(send(("idempotency-key", "one")).await.json(), first);
        assert_eq!(gym.deeds(before).await, ["class.booked"]);
    });
}
