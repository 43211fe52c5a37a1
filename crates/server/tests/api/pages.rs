//! What is served beside the API: health, figures, documentation and files.

use gymkeeper_server::http::{self, links::Lifetime};
use jiff::ToSpan as _;

use crate::support::{Answer, Gym, SMALL, with_gym};

async fn page(gym: &Gym, path: &str) -> Answer {
    gym.send("GET", path, &[], "").await
}

#[test]
fn health_needs_no_key_and_says_whether_the_database_answers() {
    with_gym(SMALL, |gym| async move {
        assert_eq!(page(&gym, "/health/live").await.text(), r#"{"status":"live"}"#);
        assert_eq!(page(&gym, "/health/ready").await.text(), r#"{"status":"ready"}"#);
        assert_eq!(gym.send("HEAD", "/health/live", &[], "").await.status, 200);
        let db = gym.app.db.clone();
        tokio::task::spawn_blocking(move || db.close()).await.unwrap();
        assert_eq!(page(&gym, "/health/live").await.status, 200);
        let ready = gym.send_raw(b"GET /health/ready HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
        assert_eq!((ready.status, ready.text().as_str()), (503, r#"{"status":"not ready"}"#));
        // RATE-4: without a database nothing can be written, and the answer says so.
        let answer = gym.get("any key", "/v1/studios/utilization").await;
        answer.refusal(503, "errormessage.service.overloaded");
        assert_eq!(answer.header("retry-after"), Some("30"));
    });
}

/// The value of a sample, by its name and labels as they are written.
fn sample(figures: &str, name: &str) -> u64 {
    let line = figures.lines().find(|line| line.strip_prefix(name).is_some_and(|rest| rest.starts_with(' ')));
    let line = line.unwrap_or_else(|| panic!("there is no {name} in\n{figures}"));
    line.rsplit_once(' ').unwrap().1.parse().unwrap()
}

#[test]
fn the_figures_count_answers_by_operation_and_class() {
    with_gym(SMALL, |gym| async move {
        let key = gym.key("north").await;
        let of = |class: &str| format!("gymkeeper_answers_total{{operation=\"getUtilization\",status=\"{class}\"}}");
        let before = page(&gym, "/metrics").await.text();
        for class in ["2xx", "3xx", "4xx", "429", "5xx"] {
            assert_eq!(sample(&before, &of(class)), 0);
        }
        for key in [&key, &key, "wrong"] {
            gym.get(key, "/v1/studios/utilization").await;
        }
        let offers = "/v1/memberships/membership-offers";
        gym.send("GET", offers, &[("x-api-key", &key), ("if-none-match", "*")], "").await;
        gym.get(&key, "/v1/devices").await.refusal(501, "errormessage.operation.not.implemented");
        let answer = page(&gym, "/metrics").await;
        let kind = answer.header("content-type").unwrap();
        assert!(kind.starts_with("application/openmetrics-text; version=1.0.0"), "{kind}");
        let after = answer.text();
        assert_eq!(sample(&after, &of("2xx")), 2);
        assert_eq!(sample(&after, &of("4xx")), 1);
        let unchanged = "gymkeeper_answers_total{operation=\"getMembershipOffers\",status=\"3xx\"}";
        assert_eq!(sample(&after, unchanged), 1);
        let missing = "gymkeeper_answers_total{operation=\"getDevices\",status=\"5xx\"}";
        assert_eq!(sample(&after, missing), 1);
        assert_eq!(sample(&after, "gymkeeper_seconds_count{operation=\"getUtilization\"}"), 3);
        assert!(sample(&after, "gymkeeper_connections") >= 1);
        assert_eq!(sample(&after, "gymkeeper_db_refused_total"), 0);
        assert!(after.ends_with("\n# EOF\n") && after.matches("# EOF").count() == 1);
        for line in after.lines() {
            let line = line.strip_prefix("# HELP ").or_else(|| line.strip_prefix("# TYPE ")).unwrap_or(line);
            let name: String = line.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect();
            assert!(line == "# EOF" || name.starts_with("gymkeeper_"), "{line}");
            let next = line.chars().nth(name.len());
            assert!(line == "# EOF" || matches!(next, Some(' ' | '{')), "{line}");
        }
        // Whoever looks at figures learns nothing about keys.
        assert!(!after.contains(&key));
    });
}

#[test]
fn the_documentation_comes_from_this_server_alone() {
    with_gym(SMALL, |gym| async move {
        let document: serde_json::Value = serde_json::from_slice(&page(&gym, "/openapi.json").await.body).unwrap();
        assert_eq!(document, http::openapi());
        assert_eq!(page(&gym, "/").await.header("location"), Some("/docs"));
        let mut docs = page(&gym, "/docs").await;
        if let Some(next) = docs.header("location").map(str::to_owned) {
            docs = page(&gym, &next).await;
        }
        assert_eq!(docs.status, 200);
        assert!(docs.header("content-type").unwrap().starts_with("text/html"));
        let html = docs.text();
        assert!(html.contains("/openapi.json"), "{html}");
        assert!(!html.contains("http://") && !html.contains("https://"), "{html}");
        let mut assets = 0;
        for attribute in ["src=\"", "href=\""] {
            for rest in html.split(attribute).skip(1) {
                let address = rest.split('"').next().unwrap();
                assert!(!address.starts_with("//"), "{address}");
                let absolute = if address.starts_with('/') { address.to_owned() } else { format!("/docs/{address}") };
                let asset = page(&gym, &absolute.replace("/./", "/")).await;
                assert_eq!(asset.status, 200, "{absolute}");
                assert!(!asset.body.is_empty(), "{absolute}");
                assets += 1;
            }
        }
        assert!(assets >= 2, "{html}");
        for accepted in ["", "br, identity", "gzip;q=0"] {
            let file = gym.send("GET", "/docs/swagger-ui.css", &[("accept-encoding", accepted)], "").await;
            assert_eq!(file.header("content-encoding"), None, "{accepted}");
            assert!(file.text().contains(".swagger-ui"), "{accepted}");
        }
        for accepted in ["gzip", "deflate, GZIP;q=0.5", "gzip, br"] {
            let file = gym.send("GET", "/docs/swagger-ui.css", &[("accept-encoding", accepted)], "").await;
            assert_eq!((file.header("content-encoding"), file.header("vary")), (Some("gzip"), Some("accept-encoding")));
            assert!(file.body.starts_with(b"\x1f\x8b"), "{accepted}");
        }
    });
}

#[test]
fn url_2_a_link_is_its_own_permission_for_as_long_as_it_holds() {
    let yaml = SMALL.replacen("    name: Acme North\n", "    name: Acme North\n    logo: images/logo.png\n", 1);
    with_gym(&yaml, |gym| async move {
        let key = gym.key("north").await;
        let information = gym.get(&key, "/v1/studios/information").await.json();
        let logo = gym.path_of(information["logoUrl"].as_str().unwrap());
        let answer = page(&gym, logo).await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.body, b"\x89PNG\r\n\x1a\nimages/logo.png");
        assert_eq!(answer.header("content-type"), Some("image/png"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("content-security-policy"), Some("default-src 'none'; sandbox"));

        let file: i64 = logo.split('?').next().unwrap().rsplit('/').next().unwrap().parse().unwrap();
        let now = gym.app.clock.now();
        let made = |lifetime, at| gym.path_of(&gym.app.links.link(gym.tenant, file, lifetime, at)).to_owned();
        for (lifetime, hours) in [(Lifetime::Offer, 2), (Lifetime::Module, 5)] {
            let holds = made(lifetime, now - hours.hours() + 1.minute());
            assert_eq!(page(&gym, &holds).await.status, 200, "{holds}");
            let expired = made(lifetime, now - hours.hours());
            page(&gym, &expired).await.refusal(403, "errormessage.file.link.expired");
        }
        assert_eq!(page(&gym, &made(Lifetime::Lasting, now - 100_000.hours())).await.status, 200);

        let fresh = made(Lifetime::Offer, now);
        let (path, query) = fresh.split_once('?').unwrap();
        let (expires, signature) = query.split_once('&').unwrap();
        let seconds: i64 = expires.strip_prefix("expires=").unwrap().parse().unwrap();
        let other_file = path.replace(&file.to_string(), &(file + 1).to_string());
        for tampered in [
            path.to_owned(),
            format!("{path}?{expires}"),
            format!("{path}?{signature}"),
            format!("{path}?{expires}&signature="),
            format!("{path}?{expires}&{signature}x"),
            format!("{path}?{expires}&signature=%00"),
            format!("{path}?expires={}&{signature}", seconds + 1),
            format!("{path}?expires=0&{signature}"),
            format!("{path}?expires=x&{signature}"),
            format!("{other_file}?{query}"),
            format!("/files/{}/{file}?{query}", gym.tenant.0 + 1),
            format!("/files/x/y?{query}"),
            format!("/files/99999999999999999999/1?{query}"),
            format!("/files/%FF/1?{query}"),
        ] {
            // With or without a key, and in the language that is asked for.
            let headers = [("x-api-key", key.as_str()), ("accept-language", "de")];
            let answer = gym.send("GET", &tampered, &headers, "").await;
            let refusal = answer.refusal(403, "errormessage.file.link.invalid");
            assert_eq!(refusal.error_message, "Der Link ist ungültig.", "{tampered}");
        }
    });
}
