//! `GET /v1/studios/tags`.

use serde_json::json;

use crate::support::{SMALL, with_gym};

const ALL: &str = "/v1/studios/tags";
const STUDIO_TAGS: &str = "/v1/studios/information/tags";

#[test]
fn it_lists_the_tenants_tags_whichever_studio_wears_them() {
    with_gym(SMALL, |gym| async move {
        let other_tenant =
            gym.apply(&SMALL.replace("key: acme", "key: umbrella").replace("parking]", "parking, lab]")).await;
        let (north, south) = (gym.key("north").await, gym.key("south").await);
        let (_, umbrella) = gym.key_with(other_tenant, "north", None, None).await;
        let tags = json!([{ "name": "pool" }, { "name": "sauna" }, { "name": "parking" }]);
        for key in [&north, &south] {
            let mut listed = gym.get(key, ALL).await.json().as_array().unwrap().clone();
            let mut expected = tags.as_array().unwrap().clone();
            let name = |tag: &serde_json::Value| tag["name"].as_str().unwrap().to_owned();
            listed.sort_by_key(name);
            expected.sort_by_key(name);
            assert_eq!(listed, expected);
        }
        assert!(gym.get(&umbrella, ALL).await.text().contains("lab"));

        // A tag that leaves the gym file leaves the studios too, also those that set it through the API.
        let body = r#"[{"name":"sauna"},{"name":"parking"}]"#;
        assert_eq!(gym.send_json("PUT", &south, STUDIO_TAGS, body).await.status, 200);
        gym.apply(&SMALL.replace("tags: [pool, sauna, parking]", "tags: [sauna, bar]")).await;
        for key in [&north, &south] {
            let text = gym.get(key, ALL).await.text();
            assert!(text.contains("bar") && text.contains("sauna") && !text.contains("pool"), "{text}");
        }
        let worn = gym.get(&south, "/v1/studios/information").await.json()["studioTags"].clone();
        assert_eq!(worn, json!([{ "name": "sauna" }]));
        gym.send_json("PUT", &south, STUDIO_TAGS, body).await.refusal(400, "errormessage.studio.tag.unknown");
    });
}
