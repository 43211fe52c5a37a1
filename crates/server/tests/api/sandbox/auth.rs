//! Who may use the sandbox API: whoever holds the tenant's token, and nobody else.

use crate::support::{SMALL, with_configured_gym, with_gym};

const INVALID: &str = "errormessage.authentication.sandbox.token.invalid";
const ENDPOINTS: &[(&str, &str)] = &[
    ("GET", "/clock"),
    ("PUT", "/clock"),
    ("POST", "/clock/advance"),
    ("POST", "/reset"),
    ("GET", "/snapshots"),
    ("POST", "/snapshots"),
    ("POST", "/snapshots/seed/restore"),
    ("DELETE", "/snapshots/seed"),
    ("POST", "/fork"),
    ("DELETE", "/tenant"),
    ("POST", "/checkins"),
    ("POST", "/checkouts"),
    ("GET", "/events"),
    ("POST", "/events"),
    ("GET", "/webhooks"),
    ("POST", "/webhooks"),
    ("DELETE", "/webhooks/1"),
    ("POST", "/drain"),
    ("GET", "/deliveries"),
    ("GET", "/deliveries/1"),
    ("POST", "/deliveries/1/replay"),
    // What there is not must not look different from what there is.
    ("GET", "/nothing"),
    ("PATCH", "/clock"),
];

#[test]
fn without_the_token_every_endpoint_is_closed_and_nothing_happens() {
    with_gym(SMALL, |gym| async move {
        let token = gym.token().await;
        let key = gym.key("north").await;
        let before = gym.records(gym.tenant).await;
        for (method, path) in ENDPOINTS {
            let path = format!("/sandbox/v1{path}");
            let bearer = |text: &str| format!("Bearer {text}");
            for headers in [
                vec![],
                vec![("authorization", bearer("wrong"))],
                vec![("authorization", bearer(""))],
                vec![("authorization", bearer(&key))],
                vec![("authorization", token.clone())],
                vec![("authorization", format!("Basic {token}"))],
                vec![("x-api-key", token.clone())],
                vec![("x-api-key", key.clone())],
            ] {
                let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
                gym.send(method, &path, &headers, "not even JSON").await.refusal(401, INVALID);
            }
        }
        assert_eq!(gym.records(gym.tenant).await, before);
    });
}

#[test]
fn the_token_opens_no_operation_of_the_api() {
    with_gym(SMALL, |gym| async move {
        let token = gym.token().await;
        let bearer = format!("Bearer {token}");
        for path in ["/v1/studios/information", "/v1/nothing"] {
            for header in [("x-api-key", token.as_str()), ("authorization", bearer.as_str())] {
                let answer = gym.send("GET", path, &[header], "").await;
                answer.refusal(401, "errormessage.authentication.api.key.invalid");
            }
        }
    });
}

#[test]
fn a_token_opens_its_own_tenant_until_it_is_replaced_and_as_long_as_that_is_a_sandbox() {
    with_gym(SMALL, |gym| async move {
        let umbrella = gym.apply(&SMALL.replace("key: acme", "key: umbrella")).await;
        let (first, other) = (gym.token().await, gym.token_of(umbrella).await);
        gym.done("POST", "/snapshots", &first, r#"{"name":"mine"}"#).await;
        let names = |value: serde_json::Value| value["snapshots"].as_array().unwrap().len();
        assert_eq!(names(gym.done("GET", "/snapshots", &first, "").await), 2);
        assert_eq!(names(gym.done("GET", "/snapshots", &other, "").await), 1);
        let refused = gym.call("POST", "/snapshots/mine/restore", &other, "").await;
        refused.refusal(404, "errormessage.sandbox.snapshot.not.found");

        let second = gym.token().await;
        gym.call("GET", "/clock", &first, "").await.refusal(401, INVALID);
        gym.done("GET", "/clock", &second, "").await;

        // The gym file says from now on that it is none.
        gym.apply(&SMALL.replace("sandbox: true", "sandbox: false")).await;
        for (method, path) in ENDPOINTS {
            let answer = gym.call(method, path, &second, r#"{"name":"x"}"#).await;
            answer.refusal(403, "errormessage.sandbox.only");
        }
        gym.done("GET", "/clock", &other, "").await;
    });
}

#[test]
fn refusals_are_in_the_language_asked_for_and_name_method_and_path() {
    with_gym(SMALL, |gym| async move {
        let token = format!("Bearer {}", gym.token().await);
        let headers = [("authorization", token.as_str()), ("accept-language", "de")];
        let answer = gym.send("GET", "/sandbox/v1/nothing/at/all", &headers, "").await;
        let refusal = answer.refusal(404, "errormessage.path.not.found");
        assert_eq!(refusal.error_message, "Unter diesem Pfad gibt es nichts.");
        assert_eq!(answer.header("content-language"), Some("de"));
        let answer = gym.send("DELETE", "/sandbox/v1/clock", &headers, "").await;
        answer.refusal(405, "errormessage.method.not.allowed");
        assert_eq!(answer.header("allow"), Some("GET, PUT"));
        let answer = gym.send("HEAD", "/sandbox/v1/clock", &headers, "").await;
        assert_eq!((answer.status, answer.body.len()), (405, 0));
    });
}

#[test]
fn where_tenants_have_host_names_the_token_must_fit_and_forks_get_one() {
    with_configured_gym(
        SMALL,
        |config| config.tenant_domain = "gym.example".to_owned(),
        |gym| async move {
            gym.apply(&SMALL.replace("key: acme", "key: umbrella")).await;
            let token = format!("Bearer {}", gym.token().await);
            let at = |host| [("host", host), ("authorization", token.as_str())];
            assert_eq!(gym.send("GET", "/sandbox/v1/clock", &at("acme.gym.example"), "").await.status, 200);
            gym.send("GET", "/sandbox/v1/clock", &at("umbrella.gym.example"), "").await.refusal(401, INVALID);
            let nobody = gym.send("GET", "/sandbox/v1/clock", &at("gym.example"), "").await;
            nobody.refusal(401, "login.tenant.not.exists");
            let fork = gym.send("POST", "/sandbox/v1/fork", &at("acme.gym.example"), r#"{"key":"twin"}"#).await.json();
            let port = gym.address.port();
            assert_eq!(fork["baseUrl"], format!("http://twin.gym.example:{port}"));
        },
    );
}
