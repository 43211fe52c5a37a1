//! `POST /v1/studios/confirmActivation`.

use gymkeeper_store::keys;
use jiff::Timestamp;

use crate::support::{Gym, NOW, SMALL, with_gym};

const CONFIRM: &str = "/v1/studios/confirmActivation";

async fn activated(gym: &Gym, studio: &str) -> Option<Timestamp> {
    let (tenant, studio) = (gym.tenant, gym.studio(studio).await);
    gym.change(move |tx| {
        let integration = keys::integration(tx, tenant, "tests")?;
        keys::activated_at(tx, tenant, integration, studio)
    })
    .await
}

#[test]
fn auth_3_it_needs_no_scope_and_remembers_the_first_time_for_the_keys_studio() {
    with_gym(SMALL, |gym| async move {
        let (north, _) = (gym.key_for("north", &[]).await, gym.key("south").await);
        assert_eq!(activated(&gym, "north").await, None);
        // ERR-8: no body.
        assert_eq!(gym.send("POST", CONFIRM, &[("x-api-key", &north)], "").await.text(), "");
        let first: Option<Timestamp> = Some(NOW.parse().unwrap());
        assert_eq!(activated(&gym, "north").await, first);
        gym.set_clock("2026-12-01T11:00:00Z").await;
        // CLI-2: with a body or without, by another key of the same integration.
        for key in [&north, &gym.key("north").await] {
            for body in ["", "{}", "nonsense"] {
                let answer = gym.send_json("POST", key, CONFIRM, body).await;
                assert_eq!((answer.status, answer.text().as_str()), (200, ""));
            }
        }
        assert_eq!(activated(&gym, "north").await, first);
        assert_eq!(activated(&gym, "south").await, None, "another studio");
        assert_eq!(gym.send("HEAD", CONFIRM, &[("x-api-key", &gym.key("south").await)], "").await.status, 200);
        assert_eq!(activated(&gym, "south").await, None, "HEAD runs nothing");
    });
}
