//! Benefits: who may use what, and how often.

use std::sync::Arc;

use serde_json::json;

use crate::support::{MEMBERS, with_gym};

#[test]
fn ben_1_and_3_benefits_are_listed_and_used_up() {
    with_gym(MEMBERS, |gym| async move {
        let (key, ada) = (gym.key("north").await, gym.customer("north", "ada").await);
        let all = format!("/v1/customers/{ada}/benefits");
        let row = |key: &str, valid: bool| json!({ "key": key, "valid": valid });
        let valid = json!([row("towel", true), row("guest", true), row("coffee", true)]);
        assert_eq!(gym.get(&key, &all).await.json(), valid);
        assert_eq!(gym.get(&key, "/v1/customers/benefits?pin=4711").await.json(), valid);
        let asked = gym.get(&key, &format!("{all}?key=moon&key=coffee&key=")).await.json();
        assert_eq!(asked, json!([row("moon", false), row("coffee", true)]));
        let use_it = async |benefit: &str| {
            gym.send_json("POST", &key, &format!("/v1/customers/{ada}/benefits/{benefit}/use"), "").await
        };
        for _ in 0..5 {
            assert_eq!(use_it("towel").await.text(), "");
        }
        assert_eq!(use_it("coffee").await.status, 200);
        let exhausted = "errormessage.benefit.no.contingent";
        use_it("coffee").await.refusal(400, exhausted);
        let refusal = use_it("moon").await.refusal(400, "errormessage.benefit.key.invalid");
        assert_eq!(refusal.reference.as_deref(), Some("benefitKey"));
        let by = gym.send_json("POST", &key, "/v1/customers/benefits/guest/use?pin=4711", "{}").await;
        assert_eq!(by.status, 200);
        assert_eq!(use_it("guest").await.status, 200);
        use_it("guest").await.refusal(400, exhausted);
        let left = json!([row("towel", true), row("guest", false), row("coffee", false)]);
        assert_eq!(gym.get(&key, &all).await.json(), left);
        // Coffee comes back with the day, guests do not.
        gym.set_clock("2026-11-21T23:00:00Z").await;
        let key = gym.key("north").await;
        let next = json!([row("towel", true), row("guest", false), row("coffee", true)]);
        assert_eq!(gym.get(&key, &all).await.json(), next);
        for (customer, benefits) in [("bela", json!([row("towel", false), row("guest", false)])), ("cleo", json!([]))] {
            let id = gym.customer("north", customer).await;
            assert_eq!(gym.get(&key, &format!("/v1/customers/{id}/benefits")).await.json(), benefits, "{customer}");
        }
        let one = "errormessage.customer.identifier.exactly.one.required";
        gym.get(&key, "/v1/customers/benefits").await.refusal(400, one);
        gym.send_json("POST", &key, "/v1/customers/benefits/towel/use", "").await.refusal(400, one);
    });
}

#[test]
fn ben_2_a_sister_studio_takes_from_the_same_contingent() {
    with_gym(MEMBERS, |gym| async move {
        let (north, ada) = (gym.key("north").await, gym.customer("north", "ada").await);
        let south = gym.key("south").await;
        let path = format!("/v1/customers/{ada}/benefits/coffee/use");
        assert_eq!(gym.send_json("POST", &south, &path, "").await.status, 200);
        let by = gym.send_json("POST", &south, "/v1/customers/benefits/towel/use?pin=4711", "").await;
        assert_eq!(by.status, 200);
        gym.send_json("POST", &north, &path, "").await.refusal(400, "errormessage.benefit.no.contingent");
        let hidden = gym.customer("north", "hidden").await;
        let withheld = gym.send_json("POST", &south, &format!("/v1/customers/{hidden}/benefits/towel/use"), "").await;
        withheld.refusal(403, "errormessage.third.party.customer.access.disabled");
    });
}

#[test]
fn ben_3_the_last_use_is_given_once_however_many_ask() {
    with_gym(MEMBERS, |gym| async move {
        let gym = Arc::new(gym);
        let (key, ada) = (gym.key("north").await, gym.customer("north", "ada").await);
        let tasks: Vec<_> = (0..12)
            .map(|_| {
                let (gym, key) = (Arc::clone(&gym), key.clone());
                let path = format!("/v1/customers/{ada}/benefits/guest/use");
                tokio::spawn(async move { gym.send_json("POST", &key, &path, "").await.status })
            })
            .collect();
        let mut used = 0;
        for task in tasks {
            match task.await.unwrap() {
                200 => used += 1,
                status => assert!(matches!(status, 400 | 409), "{status}"),
            }
        }
        assert_eq!(used, 2);
    });
}

#[test]
fn ben_3_who_pauses_has_no_benefits_until_the_pause_is_over() {
    let contract = "{ offer: basic, term: basic-12, start: 2026-03-15, modules: [{ module: drinks }] }";
    let paused =
        contract.replace(" }] }", " }], idle_periods: [{ from: 2026-11-10, to: 2026-11-24, reason: Injury }] }");
    assert!(MEMBERS.contains(contract));
    with_gym(&MEMBERS.replacen(contract, &paused, 1), |gym| async move {
        let (key, ada) = (gym.key("north").await, gym.customer("north", "ada").await);
        let path = format!("/v1/customers/{ada}/benefits/towel/use");
        let before = gym.end_of_journal().await;
        gym.send_json("POST", &key, &path, "").await.refusal(400, "errormessage.benefit.no.contingent");
        assert_eq!(gym.end_of_journal().await, before);
        let told = gym.get(&key, &format!("/v1/customers/{ada}/benefits?key=towel")).await.json();
        assert_eq!(told[0]["valid"], false);
        gym.set_clock("2026-11-25T10:00:00Z").await;
        assert_eq!(gym.send_json("POST", &key, &path, "").await.status, 200);
    });
}
