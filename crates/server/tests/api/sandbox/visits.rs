//! People at the door, and the events about them.

use serde_json::json;

use super::inside;
use crate::support::{SMALL, with_gym};

#[test]
fn people_come_and_leave_and_the_api_counts_them() {
    with_gym(SMALL, |gym| async move {
        let (token, key) = (gym.token().await, gym.key("north").await);
        let came = gym.done("POST", "/checkins", &token, r#"{"studio":"north","count":3}"#).await;
        let known = gym.done("POST", "/checkins", &token, r#"{"studio":"north","customerId":77}"#).await;
        assert_eq!(came["ids"].as_array().unwrap().len(), 3);
        assert_eq!(inside(&gym, &key).await, 4);
        let left = gym.done("POST", "/checkouts", &token, r#"{"studio":"north","count":3}"#).await;
        assert_eq!(left, came, "who came first leaves first");
        assert_eq!(gym.done("POST", "/checkouts", &token, r#"{"studio":"north","count":9}"#).await, known);
        assert_eq!(gym.done("POST", "/checkouts", &token, r#"{"studio":"north"}"#).await, json!({ "ids": [] }));
        assert_eq!(inside(&gym, &key).await, 0);
    });
}

#[test]
fn events_come_in_order_in_pieces_of_any_size_and_say_where_to_go_on() {
    with_gym(SMALL, |gym| async move {
        let token = gym.token().await;
        let start = gym.done("GET", "/events", &token, "").await;
        assert_eq!((&start["events"], &start["hasMore"]), (&json!([]), &json!(false)));
        for customer in 1..=5 {
            let studio = if customer % 2 == 0 { "south" } else { "north" };
            let body = json!({ "studio": studio, "customerId": customer });
            gym.done("POST", "/checkins", &token, &body.to_string()).await;
            // A guest raises no event, but takes a place in the journal.
            gym.done("POST", "/checkins", &token, r#"{"studio":"south"}"#).await;
        }
        let whole = gym.done("GET", &format!("/events?since={}", start["position"]), &token, "").await;
        assert_eq!(whole["events"].as_array().unwrap().len(), 5);
        assert_eq!(whole["position"], start["position"].as_i64().unwrap() + 10);
        let (mut since, mut pieces) = (start["position"].clone(), Vec::new());
        loop {
            let piece = gym.done("GET", &format!("/events?since={since}&limit=2"), &token, "").await;
            pieces.extend(piece["events"].as_array().unwrap().clone());
            since = piece["position"].clone();
            if piece["hasMore"] == false {
                break;
            }
        }
        assert_eq!(json!(pieces), whole["events"]);
        assert_eq!(since, whole["position"]);
        for (number, event) in (1..).zip(&pieces) {
            assert_eq!(event["studio"], if number % 2 == 0 { "south" } else { "north" });
            assert_eq!(event["body"]["entityId"], number);
            assert_eq!(event["body"]["payload"][0]["type"], "CUSTOMER_CHECKIN");
        }
        let nothing = gym.done("GET", &format!("/events?since={since}"), &token, "").await;
        assert_eq!((&nothing["events"], &nothing["position"]), (&json!([]), &since));
    });
}

#[test]
fn without_a_name_the_only_studio_is_meant() {
    let (one, _) = SMALL.split_once("  - key: south").unwrap();
    with_gym(one, |gym| async move {
        let (token, key) = (gym.token().await, gym.key("north").await);
        gym.done("POST", "/checkins", &token, "").await;
        assert_eq!(inside(&gym, &key).await, 1);
    });
}
