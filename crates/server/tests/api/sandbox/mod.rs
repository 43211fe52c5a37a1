//! The sandbox API: one file a subject, as in `src/http/sandbox/`.

mod auth;
mod clock;
mod forks;
mod races;
mod snapshots;
mod visits;
mod webhooks;

use gymkeeper_server::actions::{
    change::{Actor, By},
    sandbox,
};
use gymkeeper_store::{
    journal::{self, Record},
    tenant::TenantId,
};
use serde_json::Value;

use crate::support::{Answer, Gym, NOW};

impl Gym {
    /// A fresh sandbox token of this tenant, made as the command line does.
    pub(crate) async fn token(&self) -> String {
        self.token_of(self.tenant).await
    }

    /// A fresh sandbox token of any tenant.
    pub(crate) async fn token_of(&self, tenant: TenantId) -> String {
        let token = sandbox::fresh_token();
        let (text, by) = (token.clone(), By::new(Actor::Cli("tests".to_owned()), NOW.parse().unwrap()));
        self.app.db.write(move |tx| sandbox::set_token(tx, tenant, &by, &text)).await.unwrap();
        token
    }

    /// A request to the sandbox API.
    pub(crate) async fn call(&self, method: &str, path: &str, token: &str, body: &str) -> Answer {
        let bearer = format!("Bearer {token}");
        self.send(method, &format!("/sandbox/v1{path}"), &[("authorization", &bearer)], body).await
    }

    /// What a request to the sandbox API that must succeed answers.
    pub(crate) async fn done(&self, method: &str, path: &str, token: &str, body: &str) -> Value {
        let answer = self.call(method, path, token, body).await;
        assert_eq!(answer.status, 200, "{method} {path}: {}", answer.text());
        if answer.body.is_empty() { Value::Null } else { answer.json() }
    }

    /// All records of a tenant's journal.
    pub(crate) async fn records(&self, tenant: TenantId) -> Vec<Record> {
        self.app.db.read(move |tx| journal::list(tx, tenant, 0, i64::MAX)).await.unwrap()
    }

    /// What the API answers to everything that can be asked about a studio, as it came.
    pub(crate) async fn all_answers(&self, key: &str) -> Vec<(String, String)> {
        let mut paths = vec![
            "/v1/studios/information".to_owned(),
            "/v1/studios/utilization".to_owned(),
            "/v1/studios/tags".to_owned(),
            "/v1/memberships/membership-offers".to_owned(),
        ];
        let offers = self.get(key, &paths[3]).await.json();
        let ids = offers.as_array().unwrap().iter().map(|offer| offer["id"].as_i64().unwrap());
        paths.extend(ids.map(|id| format!("/v1/memberships/membership-offers/{id}")));
        let mut answers = Vec::new();
        for path in paths {
            let answer = self.get(key, &path).await;
            assert_eq!(answer.status, 200, "{path}: {}", answer.text());
            answers.push((path, answer.text()));
        }
        answers
    }
}

/// How many people the API says are inside. While the tenant is put back again and again, a read may be told to come again.
async fn inside(gym: &Gym, key: &str) -> i64 {
    for _ in 0..20 {
        let answer = gym.get(key, "/v1/studios/utilization").await;
        if answer.status != 503 {
            return answer.json()["count"].as_i64().unwrap();
        }
    }
    panic!("the server is busy and stays so");
}
