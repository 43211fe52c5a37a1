//! Employees in the back office.

use gymkeeper_domain::staff::Role;
use serde_json::{Value, json};

use super::{call, call_with, last_record, records, send_bytes, signed_in};
use crate::support::{Gym, from_a_camera, picture, small_with_employees, with_gym};

/// Sends a picture.
async fn send_image(gym: &Gym, token: &str, path: &str, bytes: &[u8]) -> crate::support::Answer {
    send_bytes(gym, token, "PUT", path, bytes).await
}

/// The event of the last record: type and entity.
async fn last_event(gym: &Gym) -> (String, i64) {
    let record = records(gym).await.pop().unwrap();
    let events: Value = serde_json::from_str(record.events.as_deref().unwrap_or("[]")).unwrap();
    let name = events[0]["payload"][0]["type"].as_str().unwrap_or_default().to_owned();
    (name, events[0]["entityId"].as_i64().unwrap_or_default())
}

#[test]
fn a_manager_takes_people_on_changes_and_archives_them_and_the_api_follows() {
    with_gym(&small_with_employees(), |gym| async move {
        let (token, key, north) =
            (signed_in(&gym, Role::Manager, "north").await, gym.key("north").await, gym.studio("north").await);
        let path = format!("/studios/{north}/employees");
        let profile = json!({
            "firstName": " Eve ", "lastName": "Dahl", "gender": "FEMALE", "dateOfBirth": "1990-01-31",
            "businessRole": "TRAINER", "competences": ["Yoga"], "city": " ",
        });
        let made = call(&gym, &token, "POST", &path, &profile.to_string()).await.json();
        let id = made["id"].as_i64().unwrap();
        let expected = json!({
            "id": id, "version": 1, "shownInitials": "E.D.",
            "profile": {
                "firstName": "Eve", "lastName": "Dahl", "gender": "FEMALE", "dateOfBirth": "1990-01-31",
                "businessRole": "TRAINER", "competences": ["Yoga"], "active": true,
            },
        });
        assert_eq!(made, expected);
        assert_eq!(last_event(&gym).await, ("EMPLOYEE_CREATED".to_owned(), id));
        let (actor, action, subject) = last_record(&gym).await;
        assert!(actor.starts_with("staff:"), "{actor}");
        assert_eq!((action.as_str(), subject), ("employee.created", format!("employee:{id}")));
        let public = format!("/v1/employees/{id}");
        assert_eq!(gym.get(&key, &public).await.json()["firstName"], "Eve");

        let one = format!("{path}/{id}");
        let update = |version: i64, change: Value| {
            let mut profile = profile.clone();
            profile.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            json!({ "version": version, "profile": profile }).to_string()
        };
        let changed = call(&gym, &token, "PUT", &one, &update(1, json!({ "initials": "ED" }))).await.json();
        assert_eq!((&changed["version"], &changed["shownInitials"]), (&json!(2), &json!("ED")));
        assert_eq!(last_event(&gym).await, ("EMPLOYEE_UPDATED".to_owned(), id));
        let stale = call(&gym, &token, "PUT", &one, &update(1, json!({ "initials": "XX" }))).await;
        stale.refusal(409, "errormessage.concurrent.modification");
        let before = records(&gym).await.len();
        let same = call(&gym, &token, "PUT", &one, &update(2, json!({ "initials": "ED" }))).await.json();
        assert_eq!((same["version"].as_i64(), records(&gym).await.len()), (Some(2), before), "nothing changed");

        let hidden = call(&gym, &token, "PUT", &one, &update(2, json!({ "active": false }))).await.json();
        assert_eq!(hidden["profile"]["active"], false);
        assert_eq!(gym.get(&key, &public).await.status, 404);
        let archived = call(&gym, &token, "POST", &format!("{one}/archive"), "").await.json();
        assert!(archived["archivedAt"].is_string());
        assert_eq!(last_event(&gym).await, ("EMPLOYEE_DELETED".to_owned(), id));
        let names = async |query: &str| -> Vec<String> {
            let list = call(&gym, &token, "GET", &format!("{path}{query}"), "").await.json();
            let rows = list["result"].as_array().unwrap().iter();
            rows.map(|row| row["profile"]["firstName"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(names("").await, ["Ada"]);
        assert_eq!(names("?archived=true").await, ["Ada", "Eve"]);
        let back = call(&gym, &token, "POST", &format!("{one}/restore"), "").await.json();
        assert_eq!((&back["archivedAt"], &back["id"]), (&Value::Null, &json!(id)));
        assert_eq!(last_event(&gym).await, ("EMPLOYEE_CREATED".to_owned(), id));
    });
}

#[test]
fn who_looks_at_whom_is_on_record_and_nothing_of_what_there_was_to_see() {
    with_gym(&small_with_employees(), |gym| async move {
        let (token, north) = (signed_in(&gym, Role::Trainer, "north").await, gym.studio("north").await);
        let path = format!("/studios/{north}/employees");
        let list = call(&gym, &token, "GET", &path, "").await.json();
        let id = list["result"][0]["id"].as_i64().unwrap();
        let before = records(&gym).await.len();
        let found = call(&gym, &token, "GET", &format!("{path}/{id}"), "").await.json();
        assert_eq!((&found["key"], &found["profile"]["firstName"]), (&json!("ada"), &json!("Ada")));
        let records = records(&gym).await;
        assert_eq!(records.len(), before + 1);
        let record = records.last().unwrap();
        assert!(record.actor.starts_with("staff:"), "{record:?}");
        assert_eq!((record.action.as_str(), record.studio_id), ("employee.read", Some(north)));
        assert_eq!(
            (record.subject.as_deref(), &record.changes, &record.events),
            (Some(format!("employee:{id}").as_str()), &None, &None)
        );
        // A look at nobody is none.
        call(&gym, &token, "GET", &format!("{path}/0"), "").await.refusal(404, "errormessage.employee.not.found");
        assert_eq!(super::records(&gym).await.len(), before + 1);
    });
}

#[test]
fn what_cannot_be_said_is_refused_with_its_field_and_others_are_out_of_reach() {
    with_gym(&small_with_employees(), |gym| async move {
        let (token, north) = (signed_in(&gym, Role::Manager, "north").await, gym.studio("north").await);
        let owner = signed_in(&gym, Role::Owner, "north").await;
        let path = format!("/studios/{north}/employees");
        let long = "x".repeat(256);
        for (body, code, field) in [
            (json!({ "lastName": "Dahl" }), "field.required", "firstName"),
            (json!({ "firstName": " ", "lastName": "Dahl" }), "field.required", "firstName"),
            (json!({ "firstName": "Eve", "lastName": long }), "field.invalid", "lastName"),
            (json!({ "firstName": "Eve", "lastName": "Dahl", "zipCode": long }), "field.invalid", "zipCode"),
            (json!({ "firstName": "Eve", "lastName": "Dahl", "email": "eve" }), "field.invalid", "email"),
            (json!({ "firstName": "Eve", "lastName": "Dahl", "gender": "female" }), "enum.unknown", "gender"),
            (
                json!({ "firstName": "Eve", "lastName": "Dahl", "dateOfBirth": "31.1.1990" }),
                "field.invalid",
                "dateOfBirth",
            ),
            (
                json!({ "firstName": "Eve", "lastName": "Dahl", "competences": ["a", "a"] }),
                "field.invalid",
                "competences[1]",
            ),
            (json!({ "firstName": "Eve", "lastName": "Dahl", "nickname": "E" }), "field.unknown", "nickname"),
        ] {
            let refusal = call(&gym, &token, "POST", &path, &body.to_string()).await;
            let refusal = refusal.refusal(400, &format!("errormessage.validation.{code}"));
            assert_eq!(refusal.reference.as_deref(), Some(field), "{body}");
        }
        for (query, code) in [
            ("sliceSize=9", "slice.size.out.of.range"),
            ("offset=x", "offset.invalid"),
            ("archived=yes", "field.invalid"),
        ] {
            let answer = call(&gym, &token, "GET", &format!("{path}?{query}"), "").await;
            answer.refusal(400, &format!("errormessage.validation.{code}"));
        }
        // An employee of another studio is nobody here, for whoever asks.
        let south = gym.studio("south").await;
        let list = call(&gym, &owner, "GET", &format!("/studios/{south}/employees"), "").await.json();
        let bo = list["result"][0]["id"].as_i64().unwrap();
        let update = json!({ "version": 1, "profile": { "firstName": "X", "lastName": "Y" } }).to_string();
        for token in [&token, &owner] {
            for (method, below, body) in [
                ("GET", "", ""),
                ("PUT", "", update.as_str()),
                ("POST", "/archive", ""),
                ("POST", "/restore", ""),
                ("DELETE", "/image", ""),
            ] {
                let answer = call(&gym, token, method, &format!("{path}/{bo}{below}"), body).await;
                answer.refusal(404, "errormessage.employee.not.found");
            }
            send_image(&gym, token, &format!("{path}/{bo}/image"), b"\x89PNG\r\n\x1a\n")
                .await
                .refusal(404, "errormessage.employee.not.found");
        }
    });
}

#[test]
fn file_1_a_picture_is_a_jpeg_or_png_and_can_be_seen_and_taken_away() {
    with_gym(&small_with_employees(), |gym| async move {
        let (token, north) = (signed_in(&gym, Role::Manager, "north").await, gym.studio("north").await);
        let path = format!("/studios/{north}/employees");
        let id = call(&gym, &token, "GET", &path, "").await.json()["result"][0]["id"].as_i64().unwrap();
        let image = format!("{path}/{id}/image");
        for wrong in [&b""[..], b"GIF89a", b"%PDF-1.4", b"<svg/>", b"{\"firstName\":\"x\"}"] {
            send_image(&gym, &token, &image, wrong).await.refusal(400, "errormessage.file.type.unsupported");
        }
        send_image(&gym, &token, &image, &picture(8, 8)[..40])
            .await
            .refusal(400, "errormessage.validation.field.invalid");
        let huge = [b"\x89PNG\r\n\x1a\n", vec![0; 10 << 20].as_slice()].concat();
        send_image(&gym, &token, &image, &huge).await.refusal(400, "errormessage.file.too.large");
        for (content, size) in
            [(picture(8, 4), (8, 4)), (picture(2400, 1200), (1200, 600)), (from_a_camera(), (48, 96))]
        {
            let answer = send_image(&gym, &token, &image, &content).await.json();
            assert_eq!(last_event(&gym).await, ("EMPLOYEE_UPDATED".to_owned(), id));
            let fetched = gym.send("GET", gym.path_of(answer["imageUrl"].as_str().unwrap()), &[], "").await;
            assert_eq!(fetched.header("content-type"), Some("image/jpeg"));
            let shown = image::load_from_memory(&fetched.body).unwrap();
            assert_eq!((shown.width(), shown.height()), size);
            assert!(!fetched.body.windows(3).any(|bytes| bytes == b"GPS"), "where it was taken is told");
        }
        let key = gym.key("north").await;
        assert!(gym.get(&key, &format!("/v1/employees/{id}")).await.json()["employeeImageUrl"].is_string());
        let tried = call_with(&gym, &token, "DELETE", &image, &[("gymkeeper-dry-run", "true")], "").await.json();
        assert!(tried["imageUrl"].is_null());
        assert!(call(&gym, &token, "GET", &format!("{path}/{id}"), "").await.json()["imageUrl"].is_string());
        assert!(call(&gym, &token, "DELETE", &image, "").await.json()["imageUrl"].is_null());
        assert!(gym.get(&key, &format!("/v1/employees/{id}")).await.json()["employeeImageUrl"].is_null());
    });
}
