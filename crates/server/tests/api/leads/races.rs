//! Two who become leads at once, a lead that is only tried, and one that is sent twice.

use serde_json::{Value, json};

use super::{CREATE, create, grace, status, with};
use crate::support::{Gym, MEMBERS, join_all, with_gym};

/// How many of these requests at once made a lead; all others must have been told that there is such a customer.
async fn made(gym: &Gym, beside: &Gym, key: &str, lead: &Value) -> usize {
    let gyms = [gym, beside, gym, beside, gym, beside];
    let answers = join_all(gyms.map(|gym| create(gym, key, lead))).await;
    for answer in answers.iter().filter(|answer| answer.status != 200) {
        answer.refusal(400, "errormessage.lead.duplicate.customer");
    }
    answers.iter().filter(|answer| answer.status == 200).count()
}

#[test]
fn cust_5_of_several_who_say_the_same_at_once_one_becomes_a_lead() {
    with_gym(MEMBERS, |gym| async move {
        let key = gym.key("north").await;
        gym.beside(async |beside| {
            for round in 0..3 {
                let lead = with(json!({ "leadCustomer": { "email": format!("grace{round}@example.org") } }));
                assert_eq!(made(&gym, &beside, &key, &lead).await, 1);
            }
        })
        .await;
        let found = gym.send_json("POST", &key, "/v1/customers/search", r#"{"lastName":"Hopper"}"#).await.json();
        assert_eq!(found.as_array().unwrap().len(), 3);
    });
}

#[test]
fn a_lead_that_is_tried_is_none_and_one_that_is_sent_twice_is_one() {
    with_gym(MEMBERS, |gym| async move {
        let (key, before) = (gym.key("north").await, gym.end_of_journal().await);
        let send = async |header: (&str, &str)| {
            let headers = [("x-api-key", key.as_str()), header];
            gym.send("POST", CREATE, &headers, &grace().to_string()).await
        };
        send(("gymkeeper-dry-run", "true")).await.json();
        assert_eq!(gym.end_of_journal().await, before);
        assert_eq!(status(&gym, &key, &grace()).await, "POSSIBLE");
        let first = send(("idempotency-key", "one")).await.json();
        assert_eq!(send(("idempotency-key", "one")).await.json(), first);
        assert_eq!(gym.deeds(before).await, ["customer.created CUSTOMER_CREATED", "lead.created"]);
    });
}
