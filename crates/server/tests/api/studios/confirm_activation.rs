//! `POST /v1/studios/confirmActivation`.

use gymkeeper_contract::operations::Scope;
use gymkeeper_store::keys;

use crate::support::{Gym, NOW, SMALL, with_gym};

const PATH: &str = "/v1/studios/confirmActivation";

async fn activated(gym: &Gym, studio: &str) -> Option<String> {
    let (tenant, studio) = (gym.tenant, gym.studio(studio).await);
    let at = gym
        .change(move |tx| {
            let integration = keys::integration(tx, tenant, "tests")?;
            keys::activated_at(tx, tenant, integration, studio)
        })
        .await;
    at.map(|at| at.to_string())
}

#[test]
fn auth_3_any_valid_key_confirms_and_the_first_time_is_remembered() {
    with_gym(SMALL, |gym| async move {
        let key = gym.key_for("north", &[Scope::StudioRead]).await;
        gym.key("south").await;
        assert_eq!(activated(&gym, "north").await, None);
        // CLI-2: bodies of all kinds are sent where none is needed.
        for (headers, body) in [
            (vec![("x-api-key", key.as_str())], ""),
            (vec![("X-API-KEY", key.as_str()), ("content-type", "application/json")], "{}"),
            (vec![("x-Api-Key", key.as_str()), ("content-type", "text/plain")], "{broken"),
        ] {
            let answer = gym.send("POST", PATH, &headers, body).await;
            assert_eq!((answer.status, answer.body.len()), (200, 0), "{body}");
            gym.set_clock("2027-01-01T00:00:00Z").await;
        }
        assert_eq!(activated(&gym, "north").await.as_deref(), Some(NOW), "saying it again changes nothing");
        assert_eq!(activated(&gym, "south").await, None, "each studio is confirmed for itself");
    });
}
