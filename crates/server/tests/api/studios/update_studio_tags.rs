//! `PUT /v1/studios/information/tags`.

use gymkeeper_contract::operations::Scope;
use serde_json::{Value, json};

use crate::support::{Gym, SMALL, with_gym};

const STUDIO_TAGS: &str = "/v1/studios/information/tags";

async fn worn(gym: &Gym, key: &str) -> Value {
    gym.get(key, "/v1/studios/information").await.json()["studioTags"].clone()
}

#[test]
fn stu_2_it_replaces_the_tags_of_the_keys_studio_as_a_whole() {
    with_gym(SMALL, |gym| async move {
        let (north, south) = (gym.key("north").await, gym.key("south").await);
        assert_eq!(worn(&gym, &north).await, json!([{ "name": "sauna" }]));
        for (body, expected) in [
            (json!([{ "name": "parking" }, { "name": "pool" }]), json!([{ "name": "pool" }, { "name": "parking" }])),
            // STU-3: no repeats. ERR-10: trimmed.
            (json!([{ "name": "pool" }, { "name": " pool\t" }, { "name": "pool" }]), json!([{ "name": "pool" }])),
            (json!([{ "name": "pool" }]), json!([{ "name": "pool" }])),
            (json!([]), json!([])),
            (json!([]), json!([])),
            (json!([{ "name": "sauna" }]), json!([{ "name": "sauna" }])),
        ] {
            let answer = gym.send_json("PUT", &north, STUDIO_TAGS, &body.to_string()).await.json();
            let by_name = |tags: &Value| {
                let mut names: Vec<_> = tags.as_array().unwrap().iter().map(|tag| tag["name"].to_string()).collect();
                names.sort();
                names
            };
            assert_eq!(by_name(&answer), by_name(&expected), "{body}");
            assert_eq!(worn(&gym, &north).await, answer, "{body}");
            assert_eq!(worn(&gym, &south).await, json!([]), "another studio's tags");
        }
        // What the gym file says of the studio's tags wins when it is applied again.
        gym.send_json("PUT", &north, STUDIO_TAGS, r#"[{"name":"pool"}]"#).await.json();
        gym.apply(SMALL).await;
        assert_eq!(worn(&gym, &north).await, json!([{ "name": "sauna" }]));
    });
}

#[test]
fn a_refused_body_names_its_field_and_changes_nothing() {
    with_gym(SMALL, |gym| async move {
        let key = gym.key("north").await;
        let unknown = "errormessage.studio.tag.unknown";
        let required = "errormessage.validation.field.required";
        let invalid = "errormessage.validation.field.invalid";
        for (body, code, reference) in [
            (r#"[{"name":"pool"},{"name":"moat"}]"#, unknown, "[1].name"),
            (r#"[{"name":"Pool"}]"#, unknown, "[0].name"),
            (r#"[{"name":"pool"},{"name":""}]"#, required, "[1].name"),
            (r#"[{"name":"  "}]"#, required, "[0].name"),
            (r#"[{"name":null}]"#, required, "[0].name"),
            (r#"[{"name":"pool"},{}]"#, required, "[1].name"),
            (r#"[{"name":7}]"#, invalid, "[0].name"),
            (r#"[{"name":["pool"]}]"#, invalid, "[0].name"),
            (r#"["pool"]"#, invalid, "[0]"),
            (r#"[null]"#, invalid, "[0]"),
        ] {
            let refusal = gym.send_json("PUT", &key, STUDIO_TAGS, body).await.refusal(400, code);
            assert_eq!(refusal.reference.as_deref(), Some(reference), "{body}");
        }
        for body in [r#"{"name":"pool"}"#, "{}"] {
            gym.send_json("PUT", &key, STUDIO_TAGS, body).await.refusal(400, invalid);
        }
        let refusal = gym.send_json("PUT", &key, STUDIO_TAGS, r#"[{"name":"moat"}]"#).await.refusal(400, unknown);
        assert!(refusal.error_message.contains("moat"), "{}", refusal.error_message);
        let reader = gym.key_for("north", &[Scope::StudioRead]).await;
        let answer = gym.send_json("PUT", &reader, STUDIO_TAGS, r#"[{"name":"pool"}]"#).await;
        answer.refusal(403, "errormessage.authorization.scope.missing");
        assert_eq!(worn(&gym, &key).await, json!([{ "name": "sauna" }]));
    });
}

#[test]
fn stu_2_of_two_sets_at_once_one_wins_whole() {
    with_gym(SMALL, |gym| async move {
        let gym = std::sync::Arc::new(gym);
        let key = gym.key("north").await;
        for _ in 0..20 {
            gym.send_json("PUT", &key, STUDIO_TAGS, "[]").await.json();
            let put = |body: &'static str| {
                let (gym, key) = (std::sync::Arc::clone(&gym), key.clone());
                tokio::spawn(async move { gym.send_json("PUT", &key, STUDIO_TAGS, body).await.status })
            };
            let both = [put(r#"[{"name":"pool"}]"#), put(r#"[{"name":"parking"}]"#)];
            for one in both {
                assert!([200, 409].contains(&one.await.unwrap()));
            }
            let worn = worn(&gym, &key).await;
            assert!(worn.as_array().is_some_and(|tags| tags.len() == 1), "{worn}");
        }
    });
}
