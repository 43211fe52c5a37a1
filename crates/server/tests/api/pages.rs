//! What is served beside the API.

use gymkeeper_server::http;
use serde_json::Value;

use crate::support::{SMALL, with_gym};

#[test]
fn health_metrics_and_documentation_are_served_without_a_key_and_from_this_server_alone() {
    with_gym(SMALL, |gym| async move {
        let key = gym.key("north").await;
        gym.get(&key, "/v1/studios/utilization").await.json();
        gym.get(&key, "/v1/customers").await.refusal(501, "errormessage.operation.not.implemented");
        for path in ["/health/live", "/health/ready"] {
            assert_eq!(gym.send("GET", path, &[], "").await.status, 200);
        }
        let metrics = String::from_utf8(gym.send("GET", "/metrics", &[], "").await.body).unwrap();
        assert!(
            metrics.contains("gymkeeper_answers_total{operation=\"getUtilization\",status=\"2xx\"} 1\n"),
            "{metrics}"
        );
        assert!(metrics.contains("gymkeeper_answers_total{operation=\"getCustomers\",status=\"5xx\"} 1\n"));
        assert!(metrics.contains("gymkeeper_db_waiting_writes 0\n") && metrics.ends_with("# EOF\n"));
        let document: Value = serde_json::from_slice(&gym.send("GET", "/openapi.json", &[], "").await.body).unwrap();
        assert_eq!(document, http::openapi());
        let page = String::from_utf8(gym.send("GET", "/docs", &[], "").await.body).unwrap();
        assert!(page.contains("/openapi.json") && !page.contains("http://") && !page.contains("https://"), "{page}");
        for asset in ["/docs/swagger-ui-bundle.js", "/docs/swagger-ui.css"] {
            assert!(page.contains(asset), "{page}");
            assert!(gym.send("GET", asset, &[], "").await.body.len() > 100_000);
        }
        assert_eq!(gym.send("GET", "/", &[], "").await.header("location"), Some("/docs"));
        gym.send("GET", "/nothing", &[], "").await.refusal(404, "errormessage.path.not.found");
    });
}
