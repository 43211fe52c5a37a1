//! Leads and their form in the back office.

use gymkeeper_domain::staff::Role;
use serde_json::{Value, json};

use super::{call, last_record, records, signed_in};
use crate::support::{Gym, MEMBERS, with_gym};

const NOBODY: &str = "errormessage.lead.not.found";

/// Makes somebody a lead over the API and answers the lead's id.
async fn lead(gym: &Gym, key: &str, first_name: &str) -> i64 {
    let lead = json!({
        "leadCustomer": { "firstname": first_name, "lastname": "Hopper", "email": format!("{first_name}@example.org") },
        "externalIdentifier": "fair-2026", "notes": "Came with a friend.",
    });
    gym.send_json("POST", key, "/v1/leads/create", &lead.to_string()).await.json()["id"].as_i64().unwrap()
}

fn ids(list: &Value) -> Vec<i64> {
    list["result"].as_array().unwrap().iter().map(|one| one["id"].as_i64().unwrap()).collect()
}

#[test]
fn lead_3_leads_are_listed_newest_first_read_given_up_and_hoped_for_again() {
    with_gym(MEMBERS, |gym| async move {
        let (token, key, north) =
            (signed_in(&gym, Role::Desk, "north").await, gym.key("north").await, gym.studio("north").await);
        let path = format!("/studios/{north}/leads");
        assert_eq!(call(&gym, &token, "GET", &path, "").await.json()["result"], json!([]));
        let mut made = Vec::new();
        for number in 0..12 {
            made.push(lead(&gym, &key, &format!("Grace{number}")).await);
        }
        made.reverse();
        let first = call(&gym, &token, "GET", &format!("{path}?sliceSize=10"), "").await.json();
        assert_eq!((ids(&first), &first["hasNext"]), (made[..10].to_vec(), &json!(true)));
        assert!(first["result"][0].get("notes").is_none());
        let offset = first["offset"].as_str().unwrap();
        let second = call(&gym, &token, "GET", &format!("{path}?sliceSize=10&offset={offset}"), "").await.json();
        assert_eq!((ids(&second), &second["hasNext"]), (made[10..].to_vec(), &json!(false)));
        let end = second["offset"].as_str().unwrap();
        let past = call(&gym, &token, "GET", &format!("{path}?offset={end}"), "").await.json();
        assert_eq!((ids(&past), &past["hasNext"]), (vec![], &json!(false)));

        let id = made[0];
        let one = format!("{path}/{id}");
        let before = records(&gym).await.len();
        let found = call(&gym, &token, "GET", &one, "").await.json();
        let expected = json!({
            "id": id, "status": "PENDING", "customerId": found["customerId"], "firstName": "Grace11", "lastName": "Hopper",
            "campaign": "fair-2026", "createdAt": "2026-11-21T11:00:00Z", "notes": "Came with a friend.",
        });
        assert_eq!(found, expected);
        assert_eq!(records(&gym).await.len(), before + 1);
        let (actor, action, subject) = last_record(&gym).await;
        assert!(actor.starts_with("staff:"), "{actor}");
        assert_eq!((action.as_str(), subject), ("lead.read", format!("lead:{id}")));

        let status = async |status: &str| {
            let body = json!({ "status": status }).to_string();
            call(&gym, &token, "PUT", &format!("{one}/status"), &body).await
        };
        let before = gym.end_of_journal().await;
        assert_eq!(status("LOSS").await.json()["status"], "LOSS");
        assert_eq!(status("LOSS").await.json()["status"], "LOSS");
        assert_eq!(gym.deeds(before).await, ["lead.status-changed"], "the second time says nothing new");
        let lost = call(&gym, &token, "GET", &format!("{path}?status=LOSS"), "").await.json();
        assert_eq!(ids(&lost), [id]);
        assert_eq!(status("PENDING").await.json()["status"], "PENDING");
        // A lead is won by a contract and by nothing else, and then it is.
        status("WIN").await.refusal(400, "errormessage.validation.enum.unknown");
        let customer = found["customerId"].as_i64().unwrap();
        gym.act(move |change| {
            let customer = gymkeeper_store::customer::by_id(change.tx, change.tenant, customer)?.unwrap();
            gymkeeper_server::actions::lead::win(change, &customer)
        })
        .await;
        status("LOSS").await.refusal(400, "errormessage.lead.already.won");
        assert_eq!(call(&gym, &token, "GET", &one, "").await.json()["status"], "WIN");
        assert!(!gym.said_after(0).await.contains("with a friend"));
    });
}

#[test]
fn leads_of_others_are_out_of_reach_and_what_is_malformed_is_refused() {
    with_gym(MEMBERS, |gym| async move {
        let (token, key) = (signed_in(&gym, Role::Manager, "north").await, gym.key("north").await);
        let (north, south) = (gym.studio("north").await, gym.studio("south").await);
        let id = lead(&gym, &key, "Grace").await;
        let owner = signed_in(&gym, Role::Owner, "north").await;
        let status = json!({ "status": "LOSS" }).to_string();
        for place in [format!("/studios/{south}/leads/{id}"), format!("/studios/{north}/leads/0")] {
            call(&gym, &owner, "GET", &place, "").await.refusal(404, NOBODY);
            call(&gym, &owner, "PUT", &format!("{place}/status"), &status).await.refusal(404, NOBODY);
        }
        let list = call(&gym, &owner, "GET", &format!("/studios/{south}/leads"), "").await.json();
        assert_eq!(ids(&list), Vec::<i64>::new());
        call(&gym, &token, "GET", &format!("/studios/{south}/leads"), "").await.refusal(403, super::RIGHT_MISSING);
        for query in ["sliceSize=9", "sliceSize=101", "offset=-1", "status=LOST"] {
            assert_eq!(call(&gym, &token, "GET", &format!("/studios/{north}/leads?{query}"), "").await.status, 400);
        }
        let reader = signed_in(&gym, Role::ReadOnly, "north").await;
        let one = format!("/studios/{north}/leads/{id}");
        call(&gym, &reader, "PUT", &format!("{one}/status"), &status).await.refusal(403, super::RIGHT_MISSING);
        assert_eq!(call(&gym, &reader, "GET", &one, "").await.json()["id"], id);
        for (body, code) in
            [("", "json.malformed"), ("{}", "field.required"), (r#"{"status":"LOSS","x":1}"#, "field.unknown")]
        {
            let answer = call(&gym, &token, "PUT", &format!("{one}/status"), body).await;
            answer.refusal(400, &format!("errormessage.validation.{code}"));
        }
    });
}

#[test]
fn lead_1_the_form_is_read_and_replaced_and_programs_see_it_at_once() {
    with_gym(MEMBERS, |gym| async move {
        let (token, key, north) =
            (signed_in(&gym, Role::Manager, "north").await, gym.key("north").await, gym.studio("north").await);
        let path = format!("/studios/{north}/lead-form");
        let form = call(&gym, &token, "GET", &path, "").await.json();
        let field = async |name: &str| {
            let fields = gym.get(&key, "/v1/customers/additional-information-fields").await.json();
            fields.as_array().unwrap().iter().find(|one| one["name"] == name).unwrap()["id"].clone()
        };
        let expected = json!({
            "version": form["version"], "addressMode": "OPTIONAL", "dateOfBirthMode": "OPTIONAL", "genderMode": "OPTIONAL",
            "telephoneMode": "OPTIONAL", "duplicatesAllowed": false, "duplicatesByEmail": false,
            "asksForPreferences": true,
            "preferenceDefaults": [
                { "messageCategory": "GENERAL", "channel": "PHONE", "active": false, "customerOverridable": true },
            ],
            "fields": [
                { "fieldId": field("Goal").await, "mode": "OPTIONAL", "multiSelection": true },
                { "fieldId": field("Locker").await, "mode": "OPTIONAL", "multiSelection": false },
                { "fieldId": field("Remark").await, "mode": "INACTIVE", "multiSelection": false },
            ],
            "campaigns": [{ "externalIdentifier": "fair-2026", "name": "Fair" }],
        });
        assert_eq!(form, expected);
        let mut wanted = form.clone();
        wanted["telephoneMode"] = json!("MANDATORY");
        wanted["duplicatesAllowed"] = json!(true);
        wanted["duplicatesByEmail"] = json!(true);
        wanted["asksForPreferences"] = json!(false);
        let newsletter = json!({ "messageCategory": "NEWSLETTER", "channel": "EMAIL", "active": true, "customerOverridable": false });
        wanted["preferenceDefaults"] = json!([newsletter]);
        wanted["fields"] = json!([{ "fieldId": field("Goal").await, "mode": "MANDATORY", "multiSelection": false }]);
        wanted["campaigns"] = json!([{ "externalIdentifier": " radio ", "name": "Radio" }]);
        let before = gym.end_of_journal().await;
        let changed = call(&gym, &token, "PUT", &path, &wanted.to_string()).await.json();
        assert_ne!(changed["version"], form["version"]);
        let mut expected = wanted.clone();
        expected["version"] = changed["version"].clone();
        expected["campaigns"][0]["externalIdentifier"] = json!("radio");
        assert_eq!(changed, expected);
        assert_eq!(gym.deeds(before).await, ["studio.lead-form-changed"]);
        let told = gym.get(&key, "/v1/leads/config").await.json();
        assert_eq!(
            (&told["telephoneMode"], told["additionalInformation"].as_array().unwrap().len()),
            (&json!("MANDATORY"), 1)
        );
        assert_eq!(told.get("communicationPreferences"), None);
        let cleo = gym.customer("north", "cleo").await;
        let preferences = format!("/v1/communications/{cleo}/communication-preferences");
        let of_cleo = gym.get(&key, &preferences).await.json();
        let by_mail = json!({ "communicationChannel": "EMAIL", "customerOverridable": false, "active": true });
        assert_eq!((&of_cleo[3]["messageCategory"], &of_cleo[3]["channels"][1]), (&json!("NEWSLETTER"), &by_mail));
        // Of two who read the same form, the second is told, whether it wants the same or something else.
        let mut other = wanted.clone();
        other["genderMode"] = json!("INACTIVE");
        for stale in [&wanted, &other] {
            let answer = call(&gym, &token, "PUT", &path, &stale.to_string()).await;
            answer.refusal(409, "errormessage.concurrent.modification");
        }
        let before = gym.end_of_journal().await;
        assert_eq!(call(&gym, &token, "PUT", &path, &changed.to_string()).await.json(), changed);
        assert_eq!(gym.end_of_journal().await, before, "nothing changed");
        // Ada is a customer already, which no longer matters; the campaign of the file is gone.
        let ada = json!({
            "leadCustomer": {
                "firstname": "Ada", "lastname": "Lovelace", "email": "ada@example.org", "dateOfBirth": "1990-12-10",
                "telephone": "+49 30 1234567",
            },
            "additionalInformation": [{ "additionalFieldId": field("Goal").await, "value": "Strength" }],
            "externalIdentifier": "radio",
        });
        let status = gym.send_json("POST", &key, "/v1/leads/validate", &ada.to_string()).await.json();
        assert_eq!(status["status"], "POSSIBLE");
        // A field that is retired meanwhile may stay in the form, and a new one of the back office may come into it.
        let fields = format!("/studios/{north}/information-fields");
        call(&gym, &token, "POST", &format!("{fields}/{}/retire", field("Goal").await), "").await.json();
        let shoe = call(&gym, &token, "POST", &fields, r#"{"name":"Shoe","type":"TEXT"}"#).await.json();
        let mut wanted = changed.clone();
        let asked = json!({ "fieldId": shoe["id"], "mode": "OPTIONAL", "multiSelection": false });
        wanted["fields"].as_array_mut().unwrap().push(asked);
        let changed = call(&gym, &token, "PUT", &path, &wanted.to_string()).await.json();
        assert_eq!(changed["fields"], wanted["fields"]);
        let told = gym.get(&key, "/v1/leads/config").await.json();
        assert_eq!(told["additionalInformation"][0]["name"], "Shoe");
        // The other studio has a form of its own, and a gym file that is applied again brings back its own.
        let south = gym.key("south").await;
        assert_eq!(gym.get(&south, "/v1/leads/config").await.json()["telephoneMode"], "OPTIONAL");
        gym.apply(MEMBERS).await;
        assert_eq!(call(&gym, &token, "GET", &path, "").await.json()["telephoneMode"], "OPTIONAL");
    });
}

#[test]
fn lead_1_an_impossible_form_is_refused_with_its_place() {
    with_gym(MEMBERS, |gym| async move {
        let (token, north) = (signed_in(&gym, Role::Manager, "north").await, gym.studio("north").await);
        let path = format!("/studios/{north}/lead-form");
        let form = call(&gym, &token, "GET", &path, "").await.json();
        let (goal, locker) = (form["fields"][0]["fieldId"].clone(), form["fields"][1]["fieldId"].clone());
        let ask = |id: &Value, several: bool| json!({ "fieldId": id, "mode": "OPTIONAL", "multiSelection": several });
        let default = |channel: &str| json!({ "messageCategory": "GENERAL", "channel": channel, "active": true, "customerOverridable": true });
        let campaign = |id: &str, name: &str| json!({ "externalIdentifier": id, "name": name });
        let fields = call(&gym, &token, "GET", &format!("/studios/{north}/information-fields"), "").await.json();
        let remark = fields[4]["id"].clone();
        let retire = format!("/studios/{north}/information-fields/{}/retire", fields[2]["id"]);
        call(&gym, &token, "POST", &retire, "").await.json();
        for (name, value, code, field) in [
            ("fields", json!([ask(&json!(1), false)]), "additional.information.field.unknown", "fields[0].fieldId"),
            (
                "fields",
                json!([ask(&fields[2]["id"], false)]),
                "additional.information.field.unknown",
                "fields[0].fieldId",
            ),
            (
                "fields",
                json!([ask(&goal, true), ask(&locker, true)]),
                "validation.field.invalid",
                "fields[1].multiSelection",
            ),
            (
                "fields",
                json!([ask(&remark, false), ask(&remark, false)]),
                "validation.field.invalid",
                "fields[1].fieldId",
            ),
            ("campaigns", json!([campaign(" ", "x")]), "validation.field.required", "campaigns[0].externalIdentifier"),
            ("campaigns", json!([campaign("x", "")]), "validation.field.required", "campaigns[0].name"),
            (
                "campaigns",
                json!([campaign("x", "a"), campaign("x ", "b")]),
                "validation.field.invalid",
                "campaigns[1].externalIdentifier",
            ),
            (
                "preferenceDefaults",
                json!([default("FAX"), default("PHONE")]),
                "validation.field.invalid",
                "preferenceDefaults[0].channel",
            ),
            (
                "preferenceDefaults",
                json!([default("PHONE"), default("PHONE")]),
                "validation.field.invalid",
                "preferenceDefaults[1]",
            ),
            ("addressMode", json!("MAYBE"), "validation.enum.unknown", "addressMode"),
            ("fields", Value::Null, "validation.field.required", "fields"),
            ("shoes", json!(1), "validation.field.unknown", "shoes"),
        ] {
            let mut wanted = form.clone();
            wanted[name] = value.clone();
            let answer = call(&gym, &token, "PUT", &path, &wanted.to_string()).await;
            let refusal = answer.refusal(400, &format!("errormessage.{code}"));
            assert_eq!(refusal.reference.as_deref(), Some(field), "{value}");
        }
        assert_eq!(call(&gym, &token, "GET", &path, "").await.json(), form);
        let (desk, reader) =
            (signed_in(&gym, Role::Desk, "north").await, signed_in(&gym, Role::ReadOnly, "north").await);
        call(&gym, &desk, "PUT", &path, &form.to_string()).await.refusal(403, super::RIGHT_MISSING);
        call(&gym, &desk, "GET", &path, "").await.refusal(403, super::RIGHT_MISSING);
        assert_eq!(call(&gym, &reader, "GET", &path, "").await.json(), form);
    });
}
