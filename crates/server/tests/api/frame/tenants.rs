//! Host names that stand for tenants.

use crate::support::{SMALL, with_configured_gym, with_gym};

const UTILIZATION: &str = "/v1/studios/utilization";

#[test]
fn auth_2_the_host_decides_the_tenant_where_tenants_have_host_names() {
    with_configured_gym(
        SMALL,
        |config| config.tenant_domain = "gym.example".to_owned(),
        |gym| async move {
            let other_tenant = gym.apply(&SMALL.replace("key: acme", "key: umbrella")).await;
            let acme = gym.key("north").await;
            let (_, umbrella) = gym.key_with(other_tenant, "north", None, None).await;
            for (host, key, code) in [
                ("acme.gym.example", &acme, ""),
                ("acme.gym.example:8080", &acme, ""),
                ("ACME.Gym.Example", &acme, ""),
                ("umbrella.gym.example", &umbrella, ""),
                ("umbrella.gym.example", &acme, "errormessage.authentication.api.key.invalid"),
                ("acme.gym.example", &umbrella, "errormessage.authentication.api.key.invalid"),
                ("nobody.gym.example", &acme, "login.tenant.not.exists"),
                ("gym.example", &acme, "login.tenant.not.exists"),
                ("acme.example", &acme, "login.tenant.not.exists"),
                ("acmegym.example", &acme, "login.tenant.not.exists"),
                ("x.acme.gym.example", &acme, "login.tenant.not.exists"),
                ("acme.gym.example.org", &acme, "login.tenant.not.exists"),
                ("", &acme, "login.tenant.not.exists"),
            ] {
                // Twice: the second time the key is remembered.
                for _ in 0..2 {
                    let answer = gym.send("GET", UTILIZATION, &[("host", host), ("x-api-key", key)], "").await;
                    if code.is_empty() {
                        assert_eq!(answer.status, 200, "{host}: {}", answer.text());
                    } else {
                        answer.refusal(401, code);
                    }
                }
            }
            // A request may name the host in its first line instead; HTTP/2 always does.
            for (host, status) in
                [("acme.gym.example", 200), ("umbrella.gym.example", 401), ("nobody.gym.example", 401)]
            {
                let request = format!(
                    "GET http://{host}{UTILIZATION} HTTP/1.1\r\nconnection: close\r\nx-api-key: {acme}\r\n\r\n"
                );
                assert_eq!(gym.send_raw(request.as_bytes()).await.status, status, "{host}");
            }
        },
    );
}

#[test]
fn without_host_names_the_key_alone_decides_the_tenant() {
    with_gym(SMALL, |gym| async move {
        let other_tenant =
            gym.apply(&SMALL.replace("key: acme", "key: umbrella").replace("capacity: 2", "capacity: 7")).await;
        let acme = gym.key("north").await;
        let (_, umbrella) = gym.key_with(other_tenant, "north", None, None).await;
        for host in ["acme.gym.example", "umbrella.gym.example", "127.0.0.1", "[::1]:8080"] {
            for (key, capacity) in [(&acme, 2), (&umbrella, 7)] {
                let answer = gym.send("GET", UTILIZATION, &[("host", host), ("x-api-key", key)], "").await;
                assert_eq!(answer.json()["capacity"], capacity, "{host}");
            }
        }
    });
}
