//! Employees of the gym file: what changes, what is told, and what the journal learns.

use gymkeeper_store::{employee, journal};
use serde_json::Value;

use super::{EVERYTHING, gym_with};
use crate::support::{Gym, small_with_employees, with_gym};

/// What the journal says about employees behind a position: action, subject, changes, event.
async fn records(gym: &Gym, after: i64) -> Vec<(String, String, String, String)> {
    let tenant = gym.tenant;
    let records = gym.app.db.read(move |tx| journal::list(tx, tenant, after, 1000)).await.unwrap();
    let records = records.into_iter().filter(|record| record.action.starts_with("employee."));
    records
        .map(|record| {
            let events: Value = serde_json::from_str(record.events.as_deref().unwrap_or("[]")).unwrap();
            let told = format!("{} {}", events[0]["payload"][0]["type"].as_str().unwrap(), events[0]["entityId"]);
            (record.action, record.subject.unwrap(), record.changes.unwrap_or_default(), told)
        })
        .collect()
}

async fn head(gym: &Gym) -> i64 {
    let tenant = gym.tenant;
    gym.app.db.read(move |tx| journal::head(tx, tenant)).await.unwrap().unwrap().position
}

#[test]
fn wh_10_every_change_of_an_employee_is_told_and_recorded_without_its_values() {
    with_gym(&gym_with(EVERYTHING), |gym| async move {
        let (tenant, north) = (gym.tenant, gym.studio("north").await);
        let peter = gym.app.db.read(move |tx| employee::of_gym_file(tx, tenant, north)).await.unwrap()[0].id;
        let of = |action: &str, changes: &str, event: &str| {
            (
                format!("employee.{action}"),
                format!("employee:{peter}"),
                changes.to_owned(),
                format!("EMPLOYEE_{event} {peter}"),
            )
        };
        let first = records(&gym, 0).await;
        assert_eq!(first[0], of("created", r#"{"active":{"to":true}}"#, "CREATED"));
        let gone = gym_with("").replace("    employees:\n  - key: south", "    employees: []\n  - key: south");
        for (yaml, expected) in [
            (gym_with(EVERYTHING), vec![]),
            (
                gym_with(&EVERYTHING.replace("Parker", "Porker").replace("+49 1", "+49 3")),
                vec![of("updated", r#"{"last_name":{"withheld":true},"phone1":{"withheld":true}}"#, "UPDATED")],
            ),
            (
                gym_with(&EVERYTHING.replace("[Yoga, First aid]", "[Yoga]\n        active: false")),
                vec![of(
                    "updated",
                    r#"{"competences":{"withheld":true},"last_name":{"withheld":true},"phone1":{"withheld":true},"active":{"from":true,"to":false}}"#,
                    "UPDATED",
                )],
            ),
            (
                gym_with(&EVERYTHING.replace("peter.png", "paul.png")),
                vec![
                    of("updated", r#"{"competences":{"withheld":true},"active":{"from":false,"to":true}}"#, "UPDATED"),
                    of("image-changed", r#"{"image":{"withheld":true}}"#, "UPDATED"),
                ],
            ),
            (gone.clone(), vec![of("archived", "", "DELETED")]),
            (gone, vec![]),
            (
                gym_with(&EVERYTHING.replace("Parker", "Barker")),
                vec![
                    of("restored", "", "CREATED"),
                    of("updated", r#"{"last_name":{"withheld":true}}"#, "UPDATED"),
                    of("image-changed", r#"{"image":{"withheld":true}}"#, "UPDATED"),
                ],
            ),
            // Without the line the file says nothing about who works there.
            (gym_with("").replacen("    employees:\n", "", 1), vec![]),
        ] {
            let before = head(&gym).await;
            gym.apply(&yaml).await;
            assert_eq!(records(&gym, before).await, expected, "{yaml}");
        }
        let all = gym.app.db.read(move |tx| journal::list(tx, tenant, 0, 1000)).await.unwrap();
        let all = format!("{all:?}");
        for word in ["Parker", "Barker", "peter@acme", "1990-01-31", "+49"] {
            assert!(!all.contains(word), "{word} is in the journal");
        }
        let key = gym.key("north").await;
        assert_eq!(gym.get(&key, &format!("/v1/employees/{peter}")).await.json()["lastName"], "Barker");
    });
}

#[test]
fn employees_of_the_back_office_stay_when_a_gym_file_is_applied() {
    with_gym(&small_with_employees(), |gym| async move {
        let north = gym.studio("north").await;
        let eve = serde_json::from_str(r#"{"first_name":"Eve","last_name":"Dahl"}"#).unwrap();
        let place = employee::Place { studio: north, key: None, image: None };
        gym.act(move |change| gymkeeper_server::actions::employee::create(change, place, &eve)).await;
        gym.apply(&small_with_employees()).await;
        let key = gym.key("north").await;
        let list = gym.get(&key, "/v1/employees").await.json();
        assert_eq!(list["result"].as_array().unwrap().len(), 2, "{list}");
    });
}
