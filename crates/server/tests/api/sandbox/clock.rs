//! The clock of a sandbox: forward only, through everything that is due on the way.

use gymkeeper_store::{job, studio, tenant};
use serde_json::json;

use super::inside;
use crate::support::{NOW, SMALL, with_gym};

const INFORMATION: &str = "/v1/studios/information";

#[test]
fn the_clock_shows_whether_it_stands_and_can_be_stopped() {
    with_gym(SMALL, |gym| async move {
        let token = gym.token().await;
        assert_eq!(gym.done("GET", "/clock", &token, "").await, json!({ "mode": "test", "now": NOW }));
        let tenant = gym.tenant;
        gym.change(move |tx| {
            tenant::set_clock(tx, tenant, None)?;
            studio::bump_all(tx, tenant)
        })
        .await;
        let shown = gym.done("GET", "/clock", &token, "").await;
        assert_eq!(shown["mode"], "system");
        let system: jiff::Timestamp = shown["now"].as_str().unwrap().parse().unwrap();
        let refused = gym.call("PUT", "/clock", &token, r#"{"now":"2026-01-01T00:00:00Z"}"#).await;
        refused.refusal(400, "errormessage.sandbox.clock.backwards");
        let goal = system + jiff::SignedDuration::from_hours(1);
        let moved = gym.done("PUT", "/clock", &token, &json!({ "now": goal }).to_string()).await;
        assert_eq!((&moved["mode"], &moved["now"]), (&json!("test"), &json!(goal)));
        assert_eq!(gym.done("GET", "/clock", &token, "").await, json!({ "mode": "test", "now": goal }));
    });
}

#[test]
fn the_clock_goes_forward_only_and_not_too_far() {
    with_gym(SMALL, |gym| async move {
        let token = gym.token().await;
        let back = gym.call("PUT", "/clock", &token, r#"{"now":"2026-11-21T10:59:59.999999Z"}"#).await;
        let refusal = back.refusal(400, "errormessage.sandbox.clock.backwards");
        assert!(refusal.error_message.contains(NOW), "{}", refusal.error_message);
        // Where it stands already is no step back.
        let same = gym.done("PUT", "/clock", &token, &json!({ "now": NOW }).to_string()).await;
        assert_eq!((&same["now"], &same["steps"]), (&json!(NOW), &json!(0)));
        for (method, path, body) in [
            ("PUT", "/clock", r#"{"now":"2031-11-21T11:00:00.000001Z"}"#),
            ("PUT", "/clock", r#"{"now":"9999-12-30T00:00:00Z"}"#),
            ("POST", "/clock/advance", r#"{"by":"P5Y1D"}"#),
            ("POST", "/clock/advance", r#"{"by":"P9998Y"}"#),
            ("POST", "/clock/advance", r#"{"by":"PT100000H"}"#),
        ] {
            gym.call(method, path, &token, body).await.refusal(400, "errormessage.sandbox.clock.too.far");
        }
        assert_eq!(gym.done("GET", "/clock", &token, "").await["now"], NOW);
        assert_eq!(gym.records(gym.tenant).await.iter().filter(|record| record.action == "clock.set").count(), 0);
    });
}

#[test]
fn malformed_bodies_are_refused_and_name_the_field() {
    with_gym(SMALL, |gym| async move {
        let token = gym.token().await;
        for (method, path, body, code, field) in [
            ("PUT", "/clock", "", "required", Some("now")),
            ("PUT", "/clock", "{}", "required", Some("now")),
            ("PUT", "/clock", "{", "malformed", None),
            ("PUT", "/clock", r#"{"now":null}"#, "required", Some("now")),
            ("PUT", "/clock", r#"{"now":"tomorrow"}"#, "field.invalid", Some("now")),
            ("PUT", "/clock", r#"{"now":"2026-12-01"}"#, "field.invalid", Some("now")),
            ("PUT", "/clock", r#"{"now":1}"#, "field.invalid", Some("now")),
            ("PUT", "/clock", r#"{"now":"2026-12-01T00:00:00Z","zone":"UTC"}"#, "field.unknown", Some("zone")),
            ("PUT", "/clock", r#"["2026-12-01T00:00:00Z"]"#, "field.invalid", Some("body")),
            ("POST", "/clock/advance", "{}", "required", Some("by")),
            ("POST", "/clock/advance", r#"{"by":"P0D"}"#, "field.invalid", Some("by")),
            ("POST", "/clock/advance", r#"{"by":"-P1D"}"#, "field.invalid", Some("by")),
            ("POST", "/clock/advance", r#"{"by":"1 day"}"#, "field.invalid", Some("by")),
            ("POST", "/clock/advance", r#"{"by":"P"}"#, "field.invalid", Some("by")),
            ("POST", "/clock/advance", r#"{"days":1}"#, "field.unknown", Some("days")),
            ("POST", "/reset", r#"{"to":"seed"}"#, "field.unknown", Some("to")),
            ("POST", "/snapshots", "{}", "required", Some("name")),
            ("POST", "/snapshots", r#"{"name":""}"#, "field.invalid", Some("name")),
            ("POST", "/snapshots", r#"{"name":"Über"}"#, "field.invalid", Some("name")),
            ("POST", "/snapshots", r#"{"name":"a/b"}"#, "field.invalid", Some("name")),
            ("POST", "/snapshots", r#"{"name":["a"]}"#, "field.invalid", Some("name")),
            ("POST", "/fork", r#"{"key":"Not a key"}"#, "field.invalid", Some("key")),
            ("POST", "/fork", r#"{"key":"~acme~seed"}"#, "field.invalid", Some("key")),
            ("POST", "/fork", r#"{"name":"twin"}"#, "field.unknown", Some("name")),
            ("POST", "/checkins", r#"{"studio":"north","count":0}"#, "out.of.range", Some("count")),
            ("POST", "/checkins", r#"{"studio":"north","count":1001}"#, "out.of.range", Some("count")),
            ("POST", "/checkins", r#"{"studio":"north","customerId":1,"count":2}"#, "out.of.range", Some("count")),
            ("POST", "/checkins", r#"{"studio":"north","customerId":"1"}"#, "field.invalid", Some("customerId")),
            ("POST", "/checkins", r#"{"count":1}"#, "required", Some("studio")),
            ("POST", "/checkins", r#"{"studio":"west"}"#, "enum.unknown", Some("studio")),
            ("POST", "/checkouts", r#"{"studio":"north","count":-1}"#, "out.of.range", Some("count")),
            ("POST", "/checkouts", r#"{"studio":"north","customerId":1}"#, "field.unknown", Some("customerId")),
            ("GET", "/events?since=x", "", "field.invalid", Some("since")),
            ("GET", "/events?since=-1", "", "field.invalid", Some("since")),
            ("GET", "/events?limit=0", "", "out.of.range", Some("limit")),
            ("GET", "/events?limit=1001", "", "out.of.range", Some("limit")),
        ] {
            let answer = gym.call(method, path, &token, body).await;
            assert_eq!(answer.status, 400, "{path} {body}: {}", answer.text());
            let refusal: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
            let found = refusal["errorCode"].as_str().unwrap();
            assert!(found.ends_with(code), "{path} {body}: {found}");
            assert_eq!(refusal["reference"].as_str(), field, "{path} {body}");
        }
    });
}

#[test]
fn what_is_due_on_the_way_is_done_at_its_moment() {
    with_gym(SMALL, |gym| async move {
        let (token, key) = (gym.token().await, gym.key("north").await);
        gym.done("POST", "/checkins", &token, r#"{"studio":"north","customerId":77}"#).await;
        let moved = gym.done("POST", "/clock/advance", &token, r#"{"by":"P3DT1H"}"#).await;
        // Three nights in two studios. Both are in the same zone, so there is one step a night, one to the closing hour of the first
        // day, and one to the goal.
        assert_eq!(moved["mode"], "test");
        assert_eq!((&moved["from"], &moved["now"]), (&json!(NOW), &json!("2026-11-24T12:00:00Z")));
        assert_eq!((&moved["steps"], &moved["jobsRun"]), (&json!(5), &json!(7)));
        assert_eq!(inside(&gym, &key).await, 0);

        let told = gym.done("GET", &format!("/events?since={}", moved["since"]), &token, "").await;
        let events = told["events"].as_array().unwrap();
        assert_eq!(events.len(), 1, "{told}");
        assert_eq!(events[0]["studio"], "north");
        let payload = &events[0]["body"]["payload"][0];
        assert_eq!(payload["type"], "AUTOMATIC_CUSTOMER_CHECKOUT");
        let closing: jiff::Timestamp = "2026-11-21T21:00:00Z".parse().unwrap();
        assert_eq!(payload["timestamp"], closing.as_millisecond(), "as if somebody had waited for the doors to close");

        let records = gym.records(gym.tenant).await;
        let of = |action: &str| {
            let of: Vec<_> = records.iter().filter(|record| record.action == action).collect();
            of.iter().map(|record| record.tenant_time.to_string()).collect::<Vec<_>>()
        };
        let nights = ["2026-11-21T23:05:00Z", "2026-11-22T23:05:00Z", "2026-11-23T23:05:00Z"];
        assert_eq!(of("studio.day-turned"), nights.iter().flat_map(|night| [*night; 2]).collect::<Vec<_>>());
        assert_eq!(of("clock.set"), [&["2026-11-21T21:00:00Z"], &nights[..], &["2026-11-24T12:00:00Z"]].concat());
        let first = records.iter().find(|record| record.action == "clock.set").unwrap();
        assert_eq!(first.actor, "sandbox");
        let changes = first.changes.as_deref().unwrap();
        assert_eq!(changes, r#"{"now":{"from":"2026-11-21T11:00:00Z","to":"2026-11-21T21:00:00Z"}}"#);
    });
}

#[test]
fn days_and_months_are_those_of_the_first_studio() {
    with_gym(SMALL, |gym| async move {
        let (token, tenant, studios) =
            (gym.token().await, gym.tenant, [gym.studio("north").await, gym.studio("south").await]);
        // Hundreds of nights with nothing to do would only take time.
        gym.change(move |tx| studios.iter().try_for_each(|id| job::remove(tx, tenant, "day", &id.to_string()))).await;
        // From winter to summer time and back: noon stays noon, an hour stays an hour.
        for (by, now) in [
            ("P1M", "2026-12-21T11:00:00Z"),
            ("P4M", "2027-04-21T10:00:00Z"),
            ("P7M", "2027-11-21T11:00:00Z"),
            ("P129DT1H", "2028-03-29T11:00:00Z"),
            ("PT0.5S", "2028-03-29T11:00:00.5Z"),
        ] {
            let moved = gym.done("POST", "/clock/advance", &token, &json!({ "by": by }).to_string()).await;
            assert_eq!(moved["now"], now, "{by}");
        }
    });
}

#[test]
fn the_api_sees_the_new_time_at_once_on_every_server_process() {
    let yaml = SMALL.replace("    tags: [sauna]\n", "    tags: [sauna]\n    closing_hours:\n      - { from: 2026-12-24T00:00, to: 2026-12-26T00:00, reason: Holidays }\n");
    with_gym(&yaml, |gym| async move {
        let (token, key) = (gym.token().await, gym.key("north").await);
        let closings =
            |information: serde_json::Value| information["closingHours"].as_array().map_or(0, |hours| hours.len());
        let gym = &gym;
        gym.beside(|other| async move {
            // Both remember the answer of before.
            assert_eq!(closings(gym.get(&key, INFORMATION).await.json()), 1);
            assert_eq!(closings(other.get(&key, INFORMATION).await.json()), 1);
            other.done("PUT", "/clock", &token, r#"{"now":"2026-12-27T00:00:00Z"}"#).await;
            assert_eq!(closings(gym.get(&key, INFORMATION).await.json()), 0);
            assert_eq!(closings(other.get(&key, INFORMATION).await.json()), 0);
            gym.done("POST", "/reset", &token, "").await;
            assert_eq!(closings(other.get(&key, INFORMATION).await.json()), 1);
            assert_eq!(closings(gym.get(&key, INFORMATION).await.json()), 1);
        })
        .await;
    });
}
