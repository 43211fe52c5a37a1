//! Requests as clients really send them, and some that nobody should.

use std::collections::BTreeSet;

use crate::support::{SMALL, with_gym};

const UTILIZATION: &str = "/v1/studios/utilization";
const STUDIO_TAGS: &str = "/v1/studios/information/tags";
const PATH_NOT_FOUND: &str = "errormessage.path.not.found";
const KEY_INVALID: &str = "errormessage.authentication.api.key.invalid";

#[test]
fn cli_1_unknown_parameters_and_properties_and_empty_values_are_ignored() {
    with_gym(SMALL, |gym| async move {
        let key = gym.key("north").await;
        let plain = gym.get(&key, "/v1/memberships/membership-offers").await.json();
        for query in ["?", "?toDate=", "?foo=bar&foo=baz", "?offset=0", "?&&=&%zz", "?sliceSize=x", "?a[]=%00"] {
            let answer = gym.get(&key, &format!("/v1/memberships/membership-offers{query}")).await;
            assert_eq!(answer.json(), plain, "{query}");
        }
        // ERR-7
        let body = r#"[{"name":"pool","color":"blue","parent":{"name":[null]},"note":null}]"#;
        assert_eq!(gym.send_json("PUT", &key, STUDIO_TAGS, body).await.text(), r#"[{"name":"pool"}]"#);
    });
}

#[test]
fn bodies_are_json_by_name_or_without_a_name_and_nothing_else() {
    with_gym(SMALL, |gym| async move {
        let key = gym.key("north").await;
        for (kind, status) in [
            (None, 200),
            (Some(""), 200),
            (Some("application/json"), 200),
            (Some("application/json; charset=utf-8"), 200),
            (Some("Application/JSON;charset=\"UTF-8\""), 200),
            (Some("application/merge-patch+json"), 200),
            (Some("text/plain"), 415),
            (Some("application/x-www-form-urlencoded"), 415),
            (Some("multipart/form-data; boundary=x"), 415),
            (Some("application/jsonp"), 415),
            (Some("json"), 415),
        ] {
            let mut headers = vec![("x-api-key", key.as_str())];
            headers.extend(kind.map(|kind| ("content-type", kind)));
            let answer = gym.send("PUT", STUDIO_TAGS, &headers, r#"[{"name":"pool"}]"#).await;
            assert_eq!(answer.status, status, "{kind:?}: {}", answer.text());
            if status == 415 {
                let refusal = answer.refusal(415, "errormessage.media.type.unsupported");
                assert!(refusal.error_message.contains("application/json"), "{}", refusal.error_message);
            }
        }
        // A body in pieces is a body.
        let chunked = format!(
            "PUT {STUDIO_TAGS} HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx-api-key: {key}\r\ntransfer-encoding: chunked\r\n\r\n\
             9\r\n[{{\"name\":\r\n8\r\n\"sauna\"}}\r\n1\r\n]\r\n0\r\n\r\n"
        );
        assert_eq!(gym.send_raw(chunked.as_bytes()).await.text(), r#"[{"name":"sauna"}]"#);
    });
}

#[test]
fn err_2_every_refusal_has_a_trace_id_of_its_own() {
    with_gym(SMALL, |gym| async move {
        let mut seen = BTreeSet::new();
        for _ in 0..20 {
            let refusal = gym.send("GET", UTILIZATION, &[], "").await.refusal(401, KEY_INVALID);
            assert!(seen.insert(refusal.trace_id.unwrap().to_string()));
        }
    });
}

#[test]
fn odd_paths_are_unknown_to_those_with_a_key_and_nothing_to_those_without() {
    with_gym(SMALL, |gym| async move {
        let key = gym.key("north").await;
        let long = format!("/v1/{}", "x".repeat(10_000));
        for path in [
            "/v1/",
            "/v1/studios",
            "/v1//studios/utilization",
            "/v1/studios//utilization",
            "/v1/studios/utilization/",
            "/v1/Studios/utilization",
            "/v1/studios/utilization%00",
            "/v1/%00",
            "/v1/%ff%fe",
            "/v1/%zz",
            "/v1/studios%2Futilization",
            "/v1/studios/../studios/utilization",
            "/v1/studios/./utilization",
            "/v1/studios/utilization;x=1",
            "/v1/memberships/membership-offers/1/2",
            "/v1/memberships/membership-offers/",
            &long,
        ] {
            gym.send("GET", path, &[], "").await.refusal(401, KEY_INVALID);
            for method in ["GET", "POST", "BREW"] {
                gym.send(method, path, &[("x-api-key", &key)], "").await.refusal(404, PATH_NOT_FOUND);
            }
        }
        // Beside the API nothing is secret.
        for path in ["/nothing", "/v1", "/v2/studios/utilization", "//v1/studios/utilization", "/%00", "/etc/passwd"] {
            gym.send("GET", path, &[], "").await.refusal(404, PATH_NOT_FOUND);
            gym.send("POST", path, &[("x-api-key", &key)], "{").await.refusal(404, PATH_NOT_FOUND);
        }
        assert_eq!(gym.get(&key, "/v1/studios/utilization?").await.status, 200);
        // Escaped letters are the letters themselves.
        let offer = gym.get(&key, "/v1/memberships/membership-offers").await.json()[0]["id"].to_string();
        let escaped: String = offer.bytes().map(|digit| format!("%{digit:02X}")).collect();
        assert_eq!(gym.get(&key, &format!("/v1/memberships/membership-offers/{escaped}")).await.status, 200);
    });
}

#[test]
fn what_is_no_http_at_all_does_not_disturb_others() {
    with_gym(SMALL, |gym| async move {
        let key = gym.key("north").await;
        for request in [
            &b"\r\n\r\n\r\n"[..],
            b"GET\r\n\r\n",
            b"GET / HTTP/9.9\r\n\r\n",
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 a client that speaks TLS",
            b"GET /v1/studios/utilization HTTP/1.1\r\ncontent-length: x\r\n\r\n",
            b"POST /v1/studios/confirmActivation HTTP/1.1\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
        ] {
            let answer = gym.send_anything(request).await;
            assert!(!answer.starts_with(b"HTTP/1.1 2"), "{}", String::from_utf8_lossy(&answer));
        }
        assert_eq!(gym.get(&key, UTILIZATION).await.status, 200);
    });
}
