//! `getMemberLists`, and lists of members of a gym file.

use gymkeeper_contract::operations::Scope;
use gymkeeper_server::gymfile;
use gymkeeper_store::customer::member_list;
use serde_json::{Value, json};

use crate::support::{Gym, MEMBERS, with_gym};

const LISTS: &str = "/v1/member-lists";

/// The fixture with such lists in the first studio.
fn with_lists(lists: &str) -> String {
    MEMBERS.replacen("    employees:\n", &format!("    member_lists:\n{lists}    employees:\n"), 1)
}

const SWIMMERS: &str = "      - { key: swimmers, name: Swimmers, customers: [ada, bela] }\n";
const RUNNERS: &str = "      - { key: runners, name: Runners }\n";

async fn lists(gym: &Gym, key: &str) -> Vec<(i64, String, String)> {
    let told = gym.get(key, LISTS).await.json();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let one = |one: &Value| (one["listId"].as_i64().unwrap(), text(&one["name"]), text(&one["modifiedDateTime"]));
    told.as_array().unwrap().iter().map(one).collect()
}

/// The customers on a list.
async fn members(gym: &Gym, list: i64) -> Vec<i64> {
    let tenant = gym.tenant;
    gym.app.db.read(move |tx| member_list::members(tx, tenant, list)).await.unwrap()
}

#[test]
fn list_1_the_lists_of_the_studio_are_told_with_the_time_of_their_last_change() {
    let both = format!("{SWIMMERS}{RUNNERS}");
    with_gym(&with_lists(&both), |gym| {
        let both = both.clone();
        async move {
            let key = gym.key_for("north", &[Scope::MemberListRead]).await;
            let (ada, bela) = (gym.customer("north", "ada").await, gym.customer("north", "bela").await);
            let made = "2026-11-21T12:00:00.000+01:00".to_owned();
            let first = lists(&gym, &key).await;
            let (swimmers, runners) = (first[0].0, first[1].0);
            let swim = |name: &str, at: &str| (swimmers, name.to_owned(), at.to_owned());
            let run = (runners, "Runners".to_owned(), made.clone());
            assert_eq!(first, [swim("Swimmers", &made), run.clone()]);
            assert_eq!((members(&gym, swimmers).await, members(&gym, runners).await), (vec![ada, bela], vec![]));
            // The same again, and in another order, changes nothing.
            let end = gym.end_of_journal().await;
            gym.set_clock("2027-06-15T10:00:00Z").await;
            let key = gym.key_for("north", &[Scope::MemberListRead]).await;
            gym.apply(&with_lists(&both)).await;
            gym.apply(&with_lists(&both.replace("[ada, bela]", "[bela, ada]"))).await;
            assert_eq!(lists(&gym, &key).await, [swim("Swimmers", &made), run.clone()]);
            assert_eq!(gym.deeds(end).await, ["api-key.created"]);
            // In summer the studio is two hours ahead.
            let end = gym.end_of_journal().await;
            gym.apply(&with_lists(&both.replace("name: Swimmers", "name: ' Divers '"))).await;
            assert_eq!(lists(&gym, &key).await, [swim("Divers", "2027-06-15T12:00:00.000+02:00"), run.clone()]);
            gym.set_clock("2027-06-16T10:00:00Z").await;
            let others = both.replace("name: Swimmers", "name: Divers").replace("[ada, bela]", "[ada]");
            gym.apply(&with_lists(&others)).await;
            assert_eq!(lists(&gym, &key).await, [swim("Divers", "2027-06-16T12:00:00.000+02:00"), run]);
            assert_eq!(members(&gym, swimmers).await, [ada]);
            assert_eq!(gym.deeds(end).await, ["member-list.changed", "member-list.changed"]);
            assert_eq!(gym.events_after(end).await, []);
            let changes: Vec<_> =
                gym.journal_after(end).await.into_iter().map(|record| record.changes.unwrap()).collect();
            assert_eq!(changes, [r#"{"name":{"from":"Swimmers","to":"Divers"}}"#, r#"{"members":{"withheld":true}}"#]);
        }
    });
}

#[test]
fn list_1_a_list_that_leaves_the_file_comes_back_with_its_id() {
    let both = format!("{SWIMMERS}{RUNNERS}");
    with_gym(&with_lists(&both), |gym| {
        let both = both.clone();
        async move {
            let key = gym.key("north").await;
            let first = lists(&gym, &key).await;
            // Without the line the lists stay.
            gym.apply(MEMBERS).await;
            assert_eq!(lists(&gym, &key).await, first);
            let end = gym.end_of_journal().await;
            gym.set_clock("2026-11-22T11:00:00Z").await;
            gym.apply(&with_lists(RUNNERS)).await;
            assert_eq!(lists(&gym, &key).await, first[1..]);
            assert_eq!(members(&gym, first[0].0).await, [0; 0], "who was on it is forgotten");
            gym.apply(&with_lists(RUNNERS)).await;
            gym.apply(&with_lists(&both)).await;
            let back = lists(&gym, &key).await;
            assert_eq!((back[0].0, back[0].2.as_str()), (first[0].0, "2026-11-22T12:00:00.000+01:00"));
            assert_eq!(members(&gym, first[0].0).await.len(), 2);
            assert_eq!(gym.deeds(end).await, ["member-list.retired", "member-list.restored"]);
        }
    });
}

#[test]
fn auth_6_lists_of_other_studios_and_tenants_are_not_told() {
    with_gym(&with_lists(SWIMMERS), |gym| async move {
        let other = gym.apply(&with_lists(RUNNERS).replace("key: acme", "key: umbrella")).await;
        let (_, foreign) = gym.key_with(other, "north", None, None).await;
        let (north, south) = (gym.key("north").await, gym.key("south").await);
        let names = async |key: &str| lists(&gym, key).await.into_iter().map(|(_, name, _)| name).collect::<Vec<_>>();
        assert_eq!(names(&north).await, ["Swimmers"]);
        assert_eq!(names(&foreign).await, ["Runners"]);
        assert_eq!(gym.get(&south, LISTS).await.json(), json!([]));
        let without = gym.key_for("north", &[Scope::CustomerRead, Scope::MembershipRead]).await;
        gym.get(&without, LISTS).await.refusal(403, "errormessage.authorization.scope.missing");
    });
}

#[test]
fn list_1_mistakes_of_a_gym_file_about_lists_are_named() {
    let today = "2026-11-21".parse().unwrap();
    let place = "studios[0].member_lists[0]";
    for (wrong, field, says) in [
        ("{ name: Swimmers }", format!("{place}.key"), "every entry needs a key"),
        ("{ key: Swimmers, name: Swimmers }", format!("{place}.key"), "lower-case"),
        ("{ key: swimmers }", place.to_owned(), "missing field `name`"),
        ("{ key: swimmers, name: ' ' }", format!("{place}.name"), "must not be empty"),
        (
            "{ key: swimmers, name: S, customers: [ada, nobody] }",
            format!("{place}.customers[1]"),
            "there is no customer with the key \"nobody\"",
        ),
        ("{ key: swimmers, name: S, customers: [dora] }", format!("{place}.customers[0]"), "in this studio"),
        ("{ key: swimmers, name: S, customers: [ada, ada] }", format!("{place}.customers[1]"), "is there twice"),
        ("{ key: swimmers, name: S, members: [ada] }", format!("{place}.members"), "unknown field"),
    ] {
        let yaml = with_lists(&format!("      - {wrong}\n"));
        let mistakes = gymfile::read(&yaml, today, &gymfile::Beside(std::path::Path::new("."))).unwrap_err();
        assert_eq!(mistakes.len(), 1, "{wrong}: {mistakes:?}");
        assert_eq!(mistakes[0].field, field, "{wrong}");
        assert!(mistakes[0].message.contains(says) && mistakes[0].line.is_some(), "{wrong}: {mistakes:?}");
    }
    let twice = with_lists(&format!("{RUNNERS}{RUNNERS}"));
    let mistakes = gymfile::read(&twice, today, &gymfile::Beside(std::path::Path::new("."))).unwrap_err();
    assert_eq!(mistakes[0].field, "studios[0].member_lists[1].key");
}
