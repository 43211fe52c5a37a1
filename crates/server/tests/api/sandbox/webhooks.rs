//! Webhook targets and deliveries over the sandbox API, and what a moved clock does to them.

use serde_json::{Value, json};

use crate::{
    support::{Gym, SMALL, with_gym},
    webhooks::receiver::{Receiver, Reply},
};

/// Adds a target in the north for the integration of the tests, which says that it is ready.
async fn target(gym: &Gym, token: &str, url: &str) -> Value {
    let key = gym.key("north").await;
    let answer = gym.send("POST", "/v1/studios/confirmActivation", &[("x-api-key", &key)], "").await;
    assert_eq!(answer.status, 200);
    let body = json!({ "studio": "north", "url": url }).to_string();
    let added = gym.done("POST", "/webhooks", token, &body).await;
    assert_eq!(added["activated"], true, "the integration is that of the first key");
    added
}

async fn let_in(gym: &Gym, token: &str, customer: i64) {
    let body = json!({ "studio": "north", "customerId": customer }).to_string();
    gym.done("POST", "/checkins", token, &body).await;
}

#[test]
fn a_script_adds_a_target_makes_something_happen_and_sees_what_was_told() {
    with_gym(SMALL, |gym| async move {
        let (token, receiver) = (gym.token().await, Receiver::start().await);
        let added = target(&gym, &token, &receiver.url).await;
        let_in(&gym, &token, 4711).await;
        let drained = gym.done("POST", "/drain", &token, "").await;
        assert_eq!(drained, json!({ "nextRepeatAt": null }));
        let got = receiver.got();
        assert_eq!(got.len(), 1);
        assert_eq!((got[0].entity(), got[0].kind()), (4711, "CUSTOMER_CHECKIN".to_owned()));
        assert_eq!(got[0].header("x-api-key"), added["webhookKey"]);
        let deliveries = gym.done("GET", "/deliveries", &token, "").await["deliveries"].clone();
        let [delivery] = deliveries.as_array().unwrap().as_slice() else { panic!("{deliveries}") };
        assert_eq!((&delivery["state"], &delivery["attempts"]), (&json!("DELIVERED"), &json!(1)));
        let shown = gym.done("GET", &format!("/deliveries/{}", delivery["id"]), &token, "").await;
        assert_eq!((&shown["body"], &shown["log"][0]["status"]), (&got[0].json(), &json!(200)));
        // Again, with the same uuid.
        gym.done("POST", &format!("/deliveries/{}/replay", delivery["id"]), &token, "").await;
        gym.done("POST", "/drain", &token, "").await;
        assert_eq!(receiver.got().len(), 2);
        assert_eq!(receiver.got()[1].body, got[0].body);
        // A sample of any type.
        gym.done("POST", "/events", &token, r#"{"studio":"north","type":"CONTRACT_CREATED"}"#).await;
        gym.done("POST", "/drain", &token, "").await;
        assert_eq!(receiver.got()[2].kind(), "CONTRACT_CREATED");
        let targets = gym.done("GET", "/webhooks", &token, "").await["targets"].clone();
        assert_eq!((&targets[0]["id"], &targets[0]["events"]), (&added["id"], &Value::Null));
        gym.done("DELETE", &format!("/webhooks/{}", added["id"]), &token, "").await;
        let_in(&gym, &token, 4712).await;
        gym.done("POST", "/drain", &token, "").await;
        assert_eq!(receiver.got().len(), 3);
    });
}

#[test]
fn wh_4_repeats_are_rehearsed_by_moving_the_clock() {
    with_gym(SMALL, |gym| async move {
        let token = gym.token().await;
        let receiver = Receiver::replying(|number, _| Reply::Status(if number < 2 { 500 } else { 200 })).await;
        target(&gym, &token, &receiver.url).await;
        let_in(&gym, &token, 1).await;
        let drained = gym.done("POST", "/drain", &token, "").await;
        assert_eq!(drained["nextRepeatAt"], "2026-11-21T11:10:00Z");
        assert_eq!(receiver.got().len(), 1);
        gym.done("POST", "/clock/advance", &token, r#"{"by":"PT9M59S"}"#).await;
        assert_eq!(receiver.got().len(), 1);
        gym.done("POST", "/clock/advance", &token, r#"{"by":"PT1H"}"#).await;
        assert_eq!(receiver.got().len(), 3, "after 10 and 20 minutes, and then it was taken");
        let waiting = gym.done("GET", "/deliveries?state=WAITING", &token, "").await;
        assert_eq!(waiting, json!({ "deliveries": [] }));
    });
}

#[test]
fn a_year_is_rehearsed_in_one_request_and_everything_on_the_way_is_told() {
    with_gym(SMALL, |gym| async move {
        let (token, receiver) = (gym.token().await, Receiver::start().await);
        target(&gym, &token, &receiver.url).await;
        let_in(&gym, &token, 1).await;
        let moved = gym.done("POST", "/clock/advance", &token, r#"{"by":"P1Y"}"#).await;
        assert_eq!((&moved["now"], &moved["jobsRun"]), (&json!("2027-11-21T11:00:00Z"), &json!(2 * 365 + 1)));
        // The customer never left and is checked out when the doors close; nothing is left to be told.
        let kinds: Vec<String> = receiver.got().iter().map(|got| got.kind()).collect();
        assert_eq!(kinds, ["CUSTOMER_CHECKIN", "AUTOMATIC_CUSTOMER_CHECKOUT"]);
        let closing: jiff::Timestamp = "2026-11-21T21:00:00Z".parse().unwrap();
        assert_eq!(receiver.got()[1].json()["payload"][0]["timestamp"], closing.as_millisecond());
    });
}

#[test]
fn a_reset_gives_up_what_waits_and_tells_nothing_of_the_abandoned_past() {
    with_gym(SMALL, |gym| async move {
        let token = gym.token().await;
        let receiver = Receiver::replying(|number, _| Reply::Status(if number == 0 { 500 } else { 200 })).await;
        let key = gym.key("north").await;
        gym.send("POST", "/v1/studios/confirmActivation", &[("x-api-key", &key)], "").await;
        gym.done("POST", "/snapshots", &token, r#"{"name":"ready"}"#).await;
        let body = json!({ "studio": "north", "url": receiver.url }).to_string();
        gym.done("POST", "/webhooks", &token, &body).await;
        let_in(&gym, &token, 1).await;
        gym.done("POST", "/drain", &token, "").await;
        let_in(&gym, &token, 2).await;
        gym.done("POST", "/snapshots/ready/restore", &token, "").await;
        gym.done("POST", "/clock/advance", &token, r#"{"by":"P1D"}"#).await;
        let_in(&gym, &token, 3).await;
        gym.done("POST", "/drain", &token, "").await;
        assert_eq!(receiver.entities(), [1, 3], "the target is still there");
        assert_eq!(gym.done("GET", "/deliveries", &token, "").await["deliveries"].as_array().unwrap().len(), 1);
    });
}

#[test]
fn a_fork_tells_the_receivers_of_its_source_nothing() {
    with_gym(SMALL, |gym| async move {
        let (token, receiver) = (gym.token().await, Receiver::start().await);
        target(&gym, &token, &receiver.url).await;
        let fork = gym.done("POST", "/fork", &token, "").await;
        let other = fork["sandboxToken"].as_str().unwrap().to_owned();
        assert_eq!(gym.done("GET", "/webhooks", &other, "").await, json!({ "targets": [] }));
        let own = Receiver::start().await;
        let body = json!({ "studio": "north", "url": own.url }).to_string();
        let added = gym.done("POST", "/webhooks", &other, &body).await;
        let_in(&gym, &other, 7).await;
        gym.done("POST", "/drain", &other, "").await;
        gym.done("POST", "/drain", &token, "").await;
        assert_eq!((receiver.entities(), own.entities()), (vec![], vec![7]));
        assert_eq!(own.got()[0].header("x-api-key"), added["webhookKey"]);
    });
}

#[test]
fn what_cannot_be_is_refused_with_its_field() {
    with_gym(SMALL, |gym| async move {
        let token = gym.token().await;
        for (method, path, body, status, code, field) in [
            ("POST", "/webhooks", r#"{"studio":"north"}"#, 400, "validation.field.required", "url"),
            ("POST", "/webhooks", r#"{"studio":"north","url":"ftp://x/"}"#, 400, "sandbox.webhook.refused", "url"),
            ("POST", "/webhooks", r#"{"url":"https://x.example/"}"#, 400, "validation.field.required", "studio"),
            (
                "POST",
                "/webhooks",
                r#"{"studio":"moon","url":"https://x.example/"}"#,
                400,
                "validation.enum.unknown",
                "studio",
            ),
            (
                "POST",
                "/webhooks",
                r#"{"studio":"north","url":"https://x.example/","events":["CUSTOMER_CREATED","X"]}"#,
                400,
                "validation.enum.unknown",
                "events[1]",
            ),
            (
                "POST",
                "/webhooks",
                r#"{"studio":"north","url":"https://x.example/","x":1}"#,
                400,
                "validation.field.unknown",
                "x",
            ),
            ("POST", "/events", r#"{"studio":"north","type":"X"}"#, 400, "validation.enum.unknown", "type"),
            ("GET", "/deliveries?state=LOST", "", 400, "validation.enum.unknown", "state"),
            ("GET", "/deliveries?target=x", "", 400, "validation.field.invalid", "target"),
            ("GET", "/deliveries?limit=0", "", 400, "validation.number.out.of.range", "limit"),
            ("GET", "/deliveries/x", "", 400, "validation.field.invalid", "id"),
            ("GET", "/deliveries/7", "", 404, "sandbox.delivery.not.found", ""),
            ("POST", "/deliveries/7/replay", "", 404, "sandbox.delivery.not.found", ""),
            ("DELETE", "/webhooks/7", "", 404, "sandbox.webhook.not.found", ""),
        ] {
            let answer = gym.call(method, path, &token, body).await;
            let refusal = answer.refusal(status, &format!("errormessage.{code}"));
            assert_eq!(refusal.reference.as_deref().unwrap_or_default(), field, "{method} {path} {body}");
        }
    });
}
