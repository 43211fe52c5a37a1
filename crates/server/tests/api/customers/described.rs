//! Customers whose description in the gym file changed.

use gymkeeper_store::{customer::contract, db::DbError};
use jiff::civil::date;
use serde_json::{Value, json};

use crate::support::{Gym, MEMBERS, with_gym};

/// The gym with a few words of the description of Ada replaced.
async fn with(gym: &Gym, words: &str, by: &str) {
    let changed = MEMBERS.replacen(words, by, 1);
    assert_ne!(changed, MEMBERS);
    gym.apply(&changed).await;
}

const EMAIL: (&str, &str) = ("Ada@Example.org", "ada@new.example");

#[test]
fn cust_14_whoever_has_moved_stays_where_they_are() {
    with_gym(MEMBERS, |gym| async move {
        let (north, key, ada) = (gym.key("north").await, gym.key("south").await, gym.customer("north", "ada").await);
        let south = gym.studio("south").await;
        let body = json!({ "targetStudioId": south, "switchDate": "2026-11-01", "description": "moved house" });
        let path = format!("/v1/customers/{ada}/switch-studio");
        assert_eq!(gym.send_json("POST", &north, &path, &body.to_string()).await.status, 200);
        let before = gym.end_of_journal().await;
        with(&gym, EMAIL.0, EMAIL.1).await;
        assert_eq!(gym.events_after(before).await, [("CUSTOMER_UPDATED".to_owned(), ada)]);
        let told = gym.get(&key, &format!("/v1/customers/{ada}")).await.json();
        assert_eq!((&told["studioId"], &told["email"]), (&json!(south), &json!(EMAIL.1)));
    });
}

#[test]
fn what_ended_a_contract_meanwhile_holds() {
    with_gym(MEMBERS, |gym| async move {
        let (key, ada) = (gym.key("north").await, gym.customer("north", "ada").await);
        let tenant = gym.tenant;
        let end = move |tx: &mut gymkeeper_store::db::Tx<'_>| {
            let mut main =
                contract::of_customer(tx, tenant, ada)?.into_iter().find(|row| row.parent_id.is_none()).unwrap();
            (main.ends_on, main.canceled_on) = (Some(date(2027, 3, 14)), Some(date(2026, 11, 20)));
            contract::set_end(tx, tenant, &main)?;
            Ok::<_, DbError>(())
        };
        gym.app.db.write(end).await.unwrap();
        let ends = async || {
            let told = gym.get(&key, &format!("/v1/customers/{ada}/contracts")).await.json();
            (told[0]["endDate"].clone(), told[0]["cancellationDate"].clone())
        };
        let ended = ends().await;
        assert_eq!(ended, (json!("2027-03-14"), json!("2027-03-14")));
        with(&gym, EMAIL.0, EMAIL.1).await;
        assert_eq!(ends().await, ended);
        // What the description says of the end is done.
        with(&gym, "start: 2026-03-15, modules", "start: 2026-03-15, ends_on: 2027-05-31, modules").await;
        assert_eq!(ends().await.0, "2027-05-31");
    });
}

#[test]
fn cust_3_another_number_and_a_birthday_to_come_are_refused() {
    with_gym(MEMBERS, |gym| async move {
        let end = gym.end_of_journal().await;
        for (line, field) in
            [("customer_number: X-1", "customer_number"), ("date_of_birth: 2026-11-22", "date_of_birth")]
        {
            let cleo = "last_name: Prospect\n";
            let changed = MEMBERS.replacen(cleo, &format!("{cleo}        {line}\n"), 1);
            let refused = format!("{:?}", gym.try_to_apply(&changed).await.unwrap_err());
            assert!(refused.contains("customer cleo") && refused.contains(field), "{refused}");
        }
        assert_eq!(gym.end_of_journal().await, end);
    });
}

#[test]
fn modules_and_pauses_that_are_new_are_added_once() {
    with_gym(MEMBERS, |gym| async move {
        let (key, ada) = (gym.key("north").await, gym.customer("north", "ada").await);
        let told = async || {
            let contract = gym.get(&key, &format!("/v1/customers/{ada}/contracts")).await.json()[0].clone();
            let names = |list: &Value, field: &str| {
                list.as_array().unwrap().iter().map(|one| one[field].to_string()).collect::<Vec<_>>()
            };
            let customer = gym.get(&key, &format!("/v1/customers/{ada}")).await.json();
            (names(&contract["moduleContracts"], "startDate"), names(&customer["idlePeriods"], "startDate"))
        };
        let (modules, pauses) = told().await;
        assert_eq!((modules.len(), pauses.len()), (2, 0));
        let before = gym.end_of_journal().await;
        let more = "modules: [{ module: drinks }, { module: drinks, start: 2026-12-01 }], idle_periods: [{ from: 2026-12-24, to: 2026-12-31 }]";
        with(&gym, "modules: [{ module: drinks }]", more).await;
        let events: Vec<String> = gym.events_after(before).await.into_iter().map(|(kind, _)| kind).collect();
        for event in ["CONTRACT_ADDITIONAL_MODULE_CREATED", "CONTRACT_IDLE_PERIOD_CREATED"] {
            assert_eq!(events.iter().filter(|one| *one == event).count(), 1, "{events:?}");
        }
        let added = told().await;
        assert_eq!((added.0.len(), added.1), (3, vec!["\"2026-12-24\"".to_owned()]));
        // Once they are there, another change adds nothing.
        let both = MEMBERS.replacen("modules: [{ module: drinks }]", more, 1).replacen(EMAIL.0, EMAIL.1, 1);
        gym.apply(&both).await;
        assert_eq!(told().await.0.len(), 3);
        assert_eq!(told().await.1.len(), 1);
    });
}
