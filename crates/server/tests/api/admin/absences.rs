//! Absences and working hours of employees in the back office.

use gymkeeper_domain::staff::Role;
use serde_json::json;

use super::{call, last_record, records, signed_in};
use crate::{
    appointments::{GYM, trainer},
    support::with_gym,
};

const NOBODY: &str = "errormessage.employee.not.found";
const NONE: &str = "errormessage.employee.absence.not.found";

#[test]
fn a_manager_notes_who_is_away_and_takes_it_back() {
    with_gym(GYM, |gym| async move {
        let token = signed_in(&gym, Role::Manager, "north").await;
        let (north, ada) = (gym.studio("north").await, trainer(&gym, "north", "ada").await);
        let path = format!("/studios/{north}/employees/{ada}/absences");
        let body = r#"{"startDateTime":"2026-12-24T00:00:00+01:00","endDateTime":"2027-01-02T00:00:00+01:00"}"#;
        let made = call(&gym, &token, "POST", &path, body).await.json();
        let expected = json!({
            "id": made["id"],
            "startDateTime": "2026-12-24T00:00:00.000+01:00",
            "endDateTime": "2027-01-02T00:00:00.000+01:00",
            "ofGymFile": false,
        });
        assert_eq!(made, expected);
        let (actor, action, subject) = last_record(&gym).await;
        assert!(actor.starts_with("staff:"), "{actor}");
        assert_eq!((action.as_str(), subject), ("employee.absence-added", format!("employee:{ada}")));
        // When somebody is away is nobody's business who reads the journal.
        let record = records(&gym).await.pop().unwrap();
        assert!(!record.changes.unwrap().contains("2026-12"), "the times are withheld");
        let list = call(&gym, &token, "GET", &path, "").await.json();
        assert_eq!(list, json!({ "result": [expected], "hasNext": false, "offset": made["id"].to_string() }));
        assert_eq!(last_record(&gym).await.1, "employee.absences-read");
        let one = format!("{path}/{}", made["id"]);
        assert_eq!(call(&gym, &token, "DELETE", &one, "").await.status, 200);
        assert_eq!(last_record(&gym).await.1, "employee.absence-removed");
        call(&gym, &token, "DELETE", &one, "").await.refusal(404, NONE);
        assert_eq!(call(&gym, &token, "GET", &path, "").await.json()["result"], json!([]));
    });
}

#[test]
fn absences_that_cannot_be_and_those_of_others_are_refused() {
    with_gym(GYM, |gym| async move {
        let other = gym.apply(&GYM.replace("key: acme", "key: umbrella")).await;
        let token = signed_in(&gym, Role::Manager, "north").await;
        let (north, ada, bo) =
            (gym.studio("north").await, trainer(&gym, "north", "ada").await, trainer(&gym, "north", "bo").await);
        let path = format!("/studios/{north}/employees/{ada}/absences");
        let invalid = |code: &str| format!("errormessage.validation.{code}");
        for (body, code, reference) in [
            (r#"{"startDateTime":"2026-12-24T00:00:00Z"}"#, "field.required", Some("endDateTime")),
            (
                r#"{"startDateTime":"soon","endDateTime":"2026-12-24T00:00:00Z"}"#,
                "field.invalid",
                Some("startDateTime"),
            ),
            (
                r#"{"startDateTime":"2026-12-24T00:00:00Z","endDateTime":"2026-12-24T00:00:00Z"}"#,
                "date.range.invalid",
                Some("endDateTime"),
            ),
            (
                r#"{"startDateTime":"2026-12-24T00:00:00Z","endDateTime":"2026-12-25T00:00:00Z","why":"x"}"#,
                "field.unknown",
                Some("why"),
            ),
            (
                r#"{"startDateTime":"-009999-01-03T10:00:00Z","endDateTime":"2026-12-25T00:00:00Z"}"#,
                "field.invalid",
                Some("startDateTime"),
            ),
            ("{", "json.malformed", None),
        ] {
            let refusal = call(&gym, &token, "POST", &path, body).await.refusal(400, &invalid(code));
            assert_eq!(refusal.reference.as_deref(), reference, "{body}");
        }
        let body = r#"{"startDateTime":"2026-12-24T00:00:00Z","endDateTime":"2026-12-25T00:00:00Z"}"#;
        let made = call(&gym, &token, "POST", &path, body).await.json()["id"].as_i64().unwrap();
        // An absence is found below its own employee only, and an employee below the own studio.
        let of_bo = format!("/studios/{north}/employees/{bo}/absences/{made}");
        call(&gym, &token, "DELETE", &of_bo, "").await.refusal(404, NONE);
        for nobody in [0, -1, i64::MAX] {
            let path = format!("/studios/{north}/employees/{nobody}/absences");
            call(&gym, &token, "GET", &path, "").await.refusal(404, NOBODY);
            call(&gym, &token, "POST", &path, body).await.refusal(404, NOBODY);
        }
        let south = signed_in(&gym, Role::Manager, "south").await;
        let from_south = format!("/studios/{}/employees/{ada}/absences", gym.studio("south").await);
        call(&gym, &south, "GET", &from_south, "").await.refusal(404, NOBODY);
        call(&gym, &south, "POST", &path, body).await.refusal(403, super::RIGHT_MISSING);
        let foreign = format!("/studios/{}/employees/{ada}/absences", gym.studio_of(other, "north").await);
        call(&gym, &token, "GET", &foreign, "").await.refusal(403, super::RIGHT_MISSING);
        let trainer = signed_in(&gym, Role::Trainer, "north").await;
        call(&gym, &trainer, "POST", &path, body).await.refusal(403, super::RIGHT_MISSING);
    });
}

#[test]
fn pag_2_absences_go_on_behind_an_id() {
    with_gym(GYM, |gym| async move {
        let token = signed_in(&gym, Role::Manager, "north").await;
        let (north, ada) = (gym.studio("north").await, trainer(&gym, "north", "ada").await);
        let path = format!("/studios/{north}/employees/{ada}/absences");
        for day in 1..=12 {
            let body = format!(
                r#"{{"startDateTime":"2026-12-{day:02}T08:00:00Z","endDateTime":"2026-12-{day:02}T09:00:00Z"}}"#
            );
            assert_eq!(call(&gym, &token, "POST", &path, &body).await.status, 200);
        }
        let first = call(&gym, &token, "GET", &format!("{path}?sliceSize=10"), "").await.json();
        assert_eq!((first["result"].as_array().unwrap().len(), &first["hasNext"]), (10, &json!(true)));
        let rest = format!("{path}?sliceSize=10&offset={}", first["offset"].as_str().unwrap());
        let rest = call(&gym, &token, "GET", &rest, "").await.json();
        assert_eq!((rest["result"].as_array().unwrap().len(), &rest["hasNext"]), (2, &json!(false)));
    });
}

#[test]
fn working_hours_are_set_shown_and_taken_away() {
    with_gym(GYM, |gym| async move {
        let token = signed_in(&gym, Role::Manager, "north").await;
        let (north, ada) = (gym.studio("north").await, trainer(&gym, "north", "ada").await);
        let path = format!("/studios/{north}/employees/{ada}");
        let found = call(&gym, &token, "GET", &path, "").await.json();
        let monday = json!({ "dayOfWeek": "MONDAY", "timeFrom": "09:00:00", "timeTo": "12:00:00" });
        assert_eq!(found["profile"]["workingHours"][0], monday);
        let update = async |version: &serde_json::Value, hours: serde_json::Value| {
            let mut profile = found["profile"].clone();
            match hours.is_null() {
                true => _ = profile.as_object_mut().unwrap().remove("workingHours"),
                false => profile["workingHours"] = hours,
            }
            call(&gym, &token, "PUT", &path, &json!({ "version": version, "profile": profile }).to_string()).await
        };
        let night = json!([{ "dayOfWeek": "SUNDAY", "timeFrom": "22:00:00", "timeTo": "00:00:00" }]);
        let changed = update(&found["version"], night.clone()).await.json();
        assert_eq!(changed["profile"]["workingHours"], night);
        let record = records(&gym).await.pop().unwrap();
        assert_eq!(record.changes.as_deref(), Some(r#"{"working_hours":{"withheld":true}}"#));
        let never = update(&changed["version"], json!([])).await.json();
        assert_eq!(never["profile"]["workingHours"], json!([]));
        let whenever = update(&never["version"], json!(null)).await.json();
        assert_eq!(whenever["profile"].get("workingHours"), None);
        for (time, code, reference) in [
            ("22:00:30", "field.invalid", "profile.workingHours[0].timeTo"),
            ("late", "field.invalid", "profile.workingHours[0].timeTo"),
        ] {
            let hours = json!([{ "dayOfWeek": "SUNDAY", "timeFrom": "20:00:00", "timeTo": time }]);
            let refusal = update(&whenever["version"], hours).await;
            let refusal = refusal.refusal(400, &format!("errormessage.validation.{code}"));
            assert_eq!(refusal.reference.as_deref(), Some(reference));
        }
        let many: Vec<_> = (0..51).map(|_| monday.clone()).collect();
        let refusal = update(&whenever["version"], json!(many)).await;
        let refusal = refusal.refusal(400, "errormessage.validation.field.invalid");
        assert_eq!(refusal.reference.as_deref(), Some("profile.workingHours"));
    });
}
