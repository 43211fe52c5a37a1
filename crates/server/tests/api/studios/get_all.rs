//! `GET /v1/studios/tags`.

use serde_json::json;

use crate::support::{SMALL, with_gym};

#[test]
fn every_tag_of_the_tenant_is_listed_by_id_also_those_nobody_wears() {
    with_gym(SMALL, |gym| async move {
        let expected = json!([{ "name": "pool" }, { "name": "sauna" }, { "name": "parking" }]);
        for studio in ["north", "south"] {
            assert_eq!(gym.get(&gym.key(studio).await, "/v1/studios/tags").await.json(), expected);
        }
        let other = gym.apply("tenant: { key: other, name: Other }\nstudios: [{ key: x, name: X, country: Spain, country_code: ES, zone: Europe/Madrid, currency: EUR }]").await;
        let (_, stranger) = gym.key_with(other, "x", None, None).await;
        assert_eq!(gym.get(&stranger, "/v1/studios/tags").await.json(), json!([]));
    });
}
