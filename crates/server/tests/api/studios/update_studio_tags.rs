//! `PUT /v1/studios/information/tags`.

use gymkeeper_contract::operations::Scope;
use serde_json::{Value, json};

use crate::support::{Gym, SMALL, with_gym};

const PATH: &str = "/v1/studios/information/tags";

async fn worn(gym: &Gym, key: &str) -> Value {
    gym.get(key, "/v1/studios/information").await.json()["studioTags"].clone()
}

#[test]
fn stu_2_the_set_is_replaced_as_a_whole_and_seen_at_once() {
    with_gym(SMALL, |gym| async move {
        let (north, south) = (gym.key("north").await, gym.key("south").await);
        assert_eq!(worn(&gym, &north).await, json!([{ "name": "sauna" }]));
        for (body, expected) in [
            (r#"[{"name":"parking"},{"name":"pool"}]"#, json!([{ "name": "pool" }, { "name": "parking" }])),
            (r#"[{"name":" pool "},{"name":"pool","color":"blue"}]"#, json!([{ "name": "pool" }])),
            ("[]", json!([])),
            (r#"[{"name":"sauna"}]"#, json!([{ "name": "sauna" }])),
        ] {
            let answer = gym.send_json("PUT", &north, PATH, body).await;
            assert_eq!(answer.json(), expected, "{body}");
            assert_eq!(worn(&gym, &north).await, expected, "{body}");
        }
        assert_eq!(worn(&gym, &south).await, json!([]));
    });
}

#[test]
fn stu_2_a_refused_set_changes_nothing_and_its_place_is_named() {
    with_gym(SMALL, |gym| async move {
        let north = gym.key("north").await;
        for (body, code, reference) in [
            (r#"[{"name":"pool"},{"name":"moat"}]"#, "errormessage.studio.tag.unknown", "[1].name"),
            (r#"[{"name":"Pool"}]"#, "errormessage.studio.tag.unknown", "[0].name"),
            (r#"[{"name":"  "}]"#, "errormessage.validation.field.required", "[0].name"),
            (r#"[{"name":null}]"#, "errormessage.validation.field.required", "[0].name"),
            (r#"[{}]"#, "errormessage.validation.field.required", "[0].name"),
            (r#"[{"name":5}]"#, "errormessage.validation.field.invalid", "[0].name"),
            (r#"["pool"]"#, "errormessage.validation.field.invalid", "[0]"),
        ] {
            let refusal = gym.send_json("PUT", &north, PATH, body).await.refusal(400, code);
            assert_eq!(refusal.reference.as_deref(), Some(reference), "{body}");
        }
        for body in [r#"{"name":"pool"}"#, "null", "5"] {
            gym.send_json("PUT", &north, PATH, body).await.refusal(400, "errormessage.validation.field.invalid");
        }
        for body in ["", "[", "[}"] {
            gym.send_json("PUT", &north, PATH, body).await.refusal(400, "errormessage.validation.json.malformed");
        }
        let reader = gym.key_for("north", &[Scope::StudioRead]).await;
        gym.send_json("PUT", &reader, PATH, "[]").await.refusal(403, "errormessage.authorization.scope.missing");
        assert_eq!(worn(&gym, &north).await, json!([{ "name": "sauna" }]));
    });
}
