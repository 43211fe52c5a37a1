//! Information fields in the back office.

use gymkeeper_domain::staff::Role;
use serde_json::{Value, json};

use super::{call, records, signed_in};
use crate::support::{Gym, MEMBERS, with_gym};

const CHANGED: &str = "ADDITIONAL_INFORMATION_FIELDS_UPDATED";
const INVALID: &str = "errormessage.validation.field.invalid";

async fn path(gym: &Gym) -> String {
    format!("/studios/{}/information-fields", gym.studio("north").await)
}

fn names(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|field| field["name"].as_str().unwrap()).collect()
}

/// Notes a value of Ada over the API.
async fn note(gym: &Gym, key: &str, field: &Value, value: &str) -> crate::support::Answer {
    let ada = gym.customer("north", "ada").await;
    let body = json!([{ "additionalInformationFieldId": field, "value": value }]).to_string();
    let path = format!("/v1/customers/{ada}/additional-information-field-assignments");
    gym.send_json("PUT", key, &path, &body).await
}

#[test]
fn a_manager_defines_changes_retires_and_restores_a_field_and_all_studios_are_told() {
    with_gym(MEMBERS, |gym| async move {
        let (token, key, path) =
            (signed_in(&gym, Role::Manager, "north").await, gym.key("north").await, path(&gym).await);
        let told = [(CHANGED.to_owned(), gym.studio("north").await), (CHANGED.to_owned(), gym.studio("south").await)];
        let of_file = ["Goal", "Locker", "Trains since", "Wants a coach", "Remark"];
        let list = call(&gym, &token, "GET", &path, "").await.json();
        assert_eq!(names(&list), of_file);
        assert_eq!((&list[0]["key"], &list[0]["type"]), (&json!("goal"), &json!("LIST")));

        let before = gym.end_of_journal().await;
        let new = json!({ "name": " Shoe ", "abbreviation": " ", "type": "LIST", "items": ["Left", " Right "] });
        let made = call(&gym, &token, "POST", &path, &new.to_string()).await.json();
        let id = made["id"].as_i64().unwrap();
        let (left, right) = (id * 1000 + 1, id * 1000 + 2);
        let expected = json!({
            "id": id, "version": made["version"], "name": "Shoe", "type": "LIST", "retired": false,
            "items": [{ "id": left, "name": "Left" }, { "id": right, "name": "Right" }],
        });
        assert_eq!(made, expected);
        assert_eq!(gym.events_after(before).await, told);
        let of_api = gym.get(&key, "/v1/customers/additional-information-fields").await.json();
        assert!(names(&of_api).contains(&"Shoe"));
        note(&gym, &key, &made["id"], &right.to_string()).await.json();

        // An item that somebody has stays; its text and what nobody has may change.
        let one = format!("{path}/{id}");
        let update = |version: &Value, items: Value| {
            json!({ "version": version, "name": "Shoes", "abbreviation": "S", "items": items }).to_string()
        };
        let only_left = update(&made["version"], json!([{ "id": left, "name": "Left" }]));
        let refusal = call(&gym, &token, "PUT", &one, &only_left).await;
        let refusal = refusal.refusal(400, "errormessage.additional.information.field.item.in.use");
        assert_eq!(refusal.reference.as_deref(), Some("items"));
        let before = gym.end_of_journal().await;
        let items = json!([{ "name": "Both" }, { "id": right, "name": "The right one" }]);
        let changed = call(&gym, &token, "PUT", &one, &update(&made["version"], items.clone())).await.json();
        let both = id * 1000 + 3;
        assert_eq!(changed["items"], json!([{ "id": both, "name": "Both" }, { "id": right, "name": "The right one" }]));
        assert_eq!((&changed["name"], &changed["abbreviation"]), (&json!("Shoes"), &json!("S")));
        assert_ne!(changed["version"], made["version"]);
        assert_eq!(gym.events_after(before).await, told);
        let stale = call(&gym, &token, "PUT", &one, &update(&made["version"], items)).await;
        stale.refusal(409, "errormessage.concurrent.modification");
        let length = records(&gym).await.len();
        let same = update(&changed["version"], changed["items"].clone());
        assert_eq!(call(&gym, &token, "PUT", &one, &same).await.json(), changed);
        assert_eq!(records(&gym).await.len(), length, "nothing changed");

        // Out of use it is seen nowhere, and what was noted comes back with it.
        let before = gym.end_of_journal().await;
        let retired = call(&gym, &token, "POST", &format!("{one}/retire"), "").await.json();
        assert_eq!(retired["retired"], true);
        call(&gym, &token, "POST", &format!("{one}/retire"), "").await.json();
        assert_eq!(gym.events_after(before).await, told, "once");
        assert_eq!(names(&call(&gym, &token, "GET", &path, "").await.json()), of_file);
        let all = call(&gym, &token, "GET", &format!("{path}?retired=true"), "").await.json();
        assert_eq!(names(&all).last(), Some(&"Shoes"));
        let ada = gym.customer("north", "ada").await;
        let noted = async || {
            let told = gym.get(&key, &format!("/v1/customers/{ada}")).await.json();
            told["additionalInformationFieldAssignments"].clone()
        };
        assert!(!noted().await.to_string().contains(&right.to_string()));
        let back = call(&gym, &token, "POST", &format!("{one}/restore"), "").await.json();
        assert_eq!((&back["retired"], &back["version"]), (&json!(false), &changed["version"]));
        assert!(noted().await.to_string().contains(&right.to_string()));
        assert_eq!(call(&gym, &token, "GET", &one, "").await.json(), back);
    });
}

#[test]
fn a_gym_file_leaves_alone_what_the_back_office_made_and_brings_back_what_it_says() {
    with_gym(MEMBERS, |gym| async move {
        let (token, path) = (signed_in(&gym, Role::Manager, "north").await, path(&gym).await);
        let new = json!({ "name": "Shoe size", "type": "NUMERIC" }).to_string();
        let made = call(&gym, &token, "POST", &path, &new).await.json();
        assert!(made.get("items").is_none());
        let list = call(&gym, &token, "GET", &path, "").await.json();
        let remark = &list[4];
        let update = json!({ "version": remark["version"], "name": "Anything else" }).to_string();
        call(&gym, &token, "PUT", &format!("{path}/{}", remark["id"]), &update).await.json();
        gym.apply(MEMBERS).await;
        let list = call(&gym, &token, "GET", &path, "").await.json();
        assert_eq!((names(&list)[4], names(&list)[5]), ("Remark", "Shoe size"));
        gym.apply("{ tenant: { key: acme, name: Acme Gyms, sandbox: true }, information_fields: [] }").await;
        assert_eq!(names(&call(&gym, &token, "GET", &path, "").await.json()), ["Shoe size"]);
    });
}

#[test]
fn cust_19_impossible_fields_are_refused_and_others_are_out_of_reach() {
    with_gym(MEMBERS, |gym| async move {
        let (token, path) = (signed_in(&gym, Role::Manager, "north").await, path(&gym).await);
        let long = "x".repeat(256);
        let many: Vec<String> = (0..1000).map(|n| n.to_string()).collect();
        for (body, code, field) in [
            (json!({ "type": "TEXT" }), "field.required", "name"),
            (json!({ "name": " ", "type": "TEXT" }), "field.required", "name"),
            (json!({ "name": long, "type": "TEXT" }), "field.too.long", "name"),
            (json!({ "name": "A", "abbreviation": long, "type": "TEXT" }), "field.too.long", "abbreviation"),
            (json!({ "name": "A" }), "field.required", "type"),
            (json!({ "name": "A", "type": "text" }), "enum.unknown", "type"),
            (json!({ "name": "A", "type": "TEXT", "items": ["a"] }), "field.invalid", "items"),
            (json!({ "name": "A", "type": "LIST" }), "field.invalid", "items"),
            (json!({ "name": "A", "type": "LIST", "items": ["a", " "] }), "field.required", "items[1]"),
            (json!({ "name": "A", "type": "LIST", "items": ["a", "a "] }), "field.invalid", "items[1].name"),
            (json!({ "name": "A", "type": "LIST", "items": many }), "field.invalid", "items"),
            (json!({ "name": "A", "type": "TEXT", "key": "a" }), "field.unknown", "key"),
        ] {
            let answer = call(&gym, &token, "POST", &path, &body.to_string()).await;
            let refusal = answer.refusal(400, &format!("errormessage.validation.{code}"));
            assert_eq!(refusal.reference.as_deref(), Some(field), "{body}");
        }
        let list = call(&gym, &token, "GET", &path, "").await.json();
        let goal = format!("{path}/{}", list[0]["id"]);
        let update =
            |items: Value| json!({ "version": list[0]["version"], "name": "Goal", "items": items }).to_string();
        let unknown = call(&gym, &token, "PUT", &goal, &update(json!([{ "id": 1, "name": "x" }]))).await;
        let refusal = unknown.refusal(400, "errormessage.additional.information.field.item.unknown");
        assert_eq!(refusal.reference.as_deref(), Some("items[0].id"));
        let twice = json!([list[0]["items"][0], list[0]["items"][0], list[0]["items"][1]]);
        call(&gym, &token, "PUT", &goal, &update(twice)).await.refusal(400, INVALID);
        // The type is for good.
        let other = json!({ "version": list[0]["version"], "name": "Goal", "type": "TEXT" }).to_string();
        call(&gym, &token, "PUT", &goal, &other).await.refusal(400, "errormessage.validation.field.unknown");
        for (method, below, body) in [
            ("GET", "", ""),
            ("PUT", "", r#"{"version":"x","name":"y"}"#),
            ("POST", "/retire", ""),
            ("POST", "/restore", ""),
        ] {
            let answer = call(&gym, &token, method, &format!("{path}/0{below}"), body).await;
            answer.refusal(404, "errormessage.additional.information.field.not.found");
        }
        assert_eq!(call(&gym, &token, "GET", &format!("{path}?retired=yes"), "").await.status, 400);
        // Another tenant has fields of its own.
        let other = gym.apply(&MEMBERS.replace("key: acme,", "key: umbrella,")).await;
        let owner = super::account(&gym, other, "eve@umbrella.example", super::owner()).await;
        let stranger = super::session(&gym, other, owner).await;
        let there = format!("/studios/{}/information-fields", gym.studio_of(other, "north").await);
        call(&gym, &stranger, "POST", &format!("{there}/{}/retire", list[0]["id"]), "")
            .await
            .refusal(404, "errormessage.additional.information.field.not.found");
        let desk = signed_in(&gym, Role::Desk, "north").await;
        assert_eq!(call(&gym, &desk, "GET", &path, "").await.json(), list);
        call(&gym, &desk, "POST", &path, "{}").await.refusal(403, super::RIGHT_MISSING);
    });
}
