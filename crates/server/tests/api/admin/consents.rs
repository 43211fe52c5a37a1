//! What customers allow third parties, and what is told of those who allow nothing (AUTH-5, LAW-9).

use gymkeeper_domain::staff::Role;
use gymkeeper_server::{
    actions::checkin::{self, Visitor},
    workers::jobs,
};
use serde_json::{Value, json};

use super::{call, customer_path, signed_in};
use crate::support::{Gym, MEMBERS, with_gym};

const DISABLED: &str = "errormessage.third.party.customer.access.disabled";

/// Records what a customer allows.
async fn allow(gym: &Gym, token: &str, customer: i64, allowed: bool) -> Value {
    let path = customer_path(gym, "north", customer, "/third-party-access").await;
    call(gym, token, "PUT", &path, &json!({ "allowed": allowed }).to_string()).await.json()
}

#[test]
fn auth_5_a_refusal_is_the_last_thing_that_programs_are_told() {
    with_gym(MEMBERS, |gym| async move {
        let (token, key) = (signed_in(&gym, Role::Desk, "north").await, gym.key("north").await);
        let (ada, cleo, north) =
            (gym.customer("north", "ada").await, gym.customer("north", "cleo").await, gym.studio("north").await);
        gym.act(move |change| {
            let at = change.now;
            checkin::open(change, north, &[ada, cleo].map(|id| Visitor { customer: Some(id), at }))
        })
        .await;
        let before = gym.end_of_journal().await;
        let told = allow(&gym, &token, ada, false).await;
        assert_eq!(told["consents"], json!({ "thirdPartyAccess": false }));
        let withdrawn = "customer.third-party-access-withdrawn CUSTOMER_ACCESS_DISABLED";
        assert_eq!(gym.deeds(before).await, [withdrawn]);
        allow(&gym, &token, ada, false).await;
        assert_eq!(gym.deeds(before).await.len(), 1, "doing it again does nothing");
        gym.get(&key, &format!("/v1/customers/{ada}")).await.refusal(403, DISABLED);

        // Whatever happens from now on is on record, and nobody is told.
        let before = gym.end_of_journal().await;
        let act = async |method: &str, below: &str, body: Value| {
            let path = customer_path(&gym, "north", ada, below).await;
            call(&gym, &token, method, &path, &body.to_string()).await.json()
        };
        let set = act("POST", "/restrictions", json!({ "reason": "Dues" })).await;
        let lift = customer_path(&gym, "north", ada, &format!("/restrictions/{}", set["id"])).await;
        assert_eq!(call(&gym, &token, "DELETE", &lift, "").await.status, 200);
        let version = allow(&gym, &token, ada, false).await["version"].clone();
        act("PUT", "/contact", json!({ "version": version, "contact": { "phoneBusiness": "1" } })).await;
        gym.apply(&MEMBERS.replacen("street: Chausseestraße", "street: Invalidenstraße", 1)).await;
        gym.act(move |change| checkin::open(change, north, &[Visitor { customer: Some(ada), at: change.now }])).await;
        let deeds = gym.deeds(before).await;
        for deed in [
            "access-restriction.set",
            "access-restriction.removed",
            "customer.contact-data-changed",
            "customer.changed-by-gym-file",
            "checkin.opened",
        ] {
            assert!(deeds.contains(&deed.to_owned()), "{deed} is not among {deeds:?}");
        }
        let events = gym.events_after(before).await;
        assert!(events.iter().all(|(_, entity)| *entity != ada), "{events:?}");

        // The night's list of those who forgot to check out names the others only.
        let before = gym.end_of_journal().await;
        gym.set_clock("2026-11-21T23:10:00Z").await;
        jobs::run_due(&gym.app, gym.tenant).await.unwrap();
        let mut named = Vec::new();
        for record in gym.journal_after(before).await {
            let notices: Value = serde_json::from_str(record.events.as_deref().unwrap_or("[]")).unwrap();
            for payload in notices.as_array().unwrap().iter().map(|notice| &notice["payload"][0]) {
                let checkouts = payload["content"]["checkouts"].as_array().cloned().unwrap_or_default();
                named.extend(checkouts.iter().map(|checkout| checkout["customerId"].as_i64().unwrap()));
            }
        }
        assert_eq!(named, [cleo]);

        let before = gym.end_of_journal().await;
        allow(&gym, &token, ada, true).await;
        assert_eq!(gym.deeds(before).await, ["customer.third-party-access-granted CUSTOMER_UPDATED"]);
        gym.get(&gym.key("north").await, &format!("/v1/customers/{ada}")).await.json();
    });
}

#[test]
fn what_staff_recorded_is_not_undone_by_a_gym_file_that_says_nothing_of_it() {
    with_gym(MEMBERS, |gym| async move {
        let token = signed_in(&gym, Role::Desk, "north").await;
        let (ada, hidden) = (gym.customer("north", "ada").await, gym.customer("north", "hidden").await);
        allow(&gym, &token, ada, false).await;
        gym.apply(&MEMBERS.replacen("first_name: Ada\n        last_name", "first_name: Augusta\n        last_name", 1))
            .await;
        let shown = async |id: i64| {
            let path = customer_path(&gym, "north", id, "").await;
            call(&gym, &token, "GET", &path, "").await.json()
        };
        let told = shown(ada).await;
        assert_eq!(
            (&told["master"]["firstName"], &told["consents"]["thirdPartyAccess"]),
            (&json!("Augusta"), &json!(false))
        );
        // A file that names it means it, in both directions.
        let before = gym.end_of_journal().await;
        gym.apply(&MEMBERS.replacen("third_party_access: false", "third_party_access: true", 1)).await;
        assert_eq!(shown(hidden).await["consents"]["thirdPartyAccess"], true);
        assert!(gym.events_after(before).await.contains(&("CUSTOMER_UPDATED".to_owned(), hidden)));
        let before = gym.end_of_journal().await;
        gym.apply(MEMBERS).await;
        assert_eq!(shown(hidden).await["consents"]["thirdPartyAccess"], false);
        let events = gym.events_after(before).await;
        let of_hidden: Vec<&str> =
            events.iter().filter(|(_, id)| *id == hidden).map(|(kind, _)| kind.as_str()).collect();
        assert_eq!(of_hidden, ["CUSTOMER_ACCESS_DISABLED"]);
    });
}

#[test]
fn consents_are_recorded_by_those_who_may_and_are_either_yes_or_no() {
    with_gym(MEMBERS, |gym| async move {
        let trainer = signed_in(&gym, Role::Trainer, "north").await;
        let desk = signed_in(&gym, Role::Desk, "north").await;
        let path = customer_path(&gym, "north", gym.customer("north", "ada").await, "/third-party-access").await;
        let refused = call(&gym, &trainer, "PUT", &path, r#"{"allowed":false}"#).await;
        refused.refusal(403, super::RIGHT_MISSING);
        for (body, code) in [
            ("{}", "field.required"),
            (r#"{"allowed":"no"}"#, "field.invalid"),
            (r#"{"allowed":null}"#, "field.required"),
            (r#"{"allowed":true,"until":"2027-01-01"}"#, "field.unknown"),
        ] {
            let refusal = call(&gym, &desk, "PUT", &path, body).await;
            refusal.refusal(400, &format!("errormessage.validation.{code}"));
        }
    });
}
