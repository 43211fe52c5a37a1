//! Lists of members that let those who are on them book.

use gymkeeper_domain::staff::Role;
use gymkeeper_server::{actions::customer::erasure, gymfile};
use gymkeeper_store::{
    booking::{self, Booking},
    db::DbError,
};
use serde_json::json;

use super::contingents::{CONTINGENTS, FREE, Guest, NONE};
use crate::{
    admin::{call, customer_path, signed_in},
    appointments::Booker,
    support::{CLASSES, Gym, with_gym},
};

/// The contingents with such lists, and what lists give: a class a week, and checks without end.
fn with_lists(lists: &str) -> String {
    let allowances = "    allowances:
      - { key: weekly, name: One a week, all_classes: true, uses: 1, every: 1 WEEK }
      - { key: checks, name: Checks, appointments: [check] }
";
    let resting = "      - { key: rest, first_name: Rest, last_name: Seven, contracts: [{ offer: daily, start: 2026-11-02, idle_periods: [{ from: 2026-11-24, to: 2026-11-24 }] }] }\n";
    let yaml = CONTINGENTS.replacen("    allowances:\n", allowances, 1);
    format!("{yaml}{resting}    member_lists:\n{lists}")
}

fn team(customers: &str, allowances: &str) -> String {
    with_lists(&format!("      - {{ key: team, name: Team, customers: [{customers}], allowances: [{allowances}] }}\n"))
}

/// A booking as it is stored.
async fn stored(gym: &Gym, id: i64) -> Booking {
    let tenant = gym.tenant;
    gym.app.db.read(move |tx| booking::by_id(tx, tenant, id)).await.unwrap().unwrap()
}

/// Of what a booking took a use: of a contract, of a list.
async fn taken(gym: &Gym, id: i64) -> [bool; 2] {
    let stored = stored(gym, id).await;
    [stored.contract_id.is_some(), stored.list_id.is_some()]
}

#[test]
fn cls_4_and_7_whoever_is_on_a_list_books_what_it_gives_each_for_themselves() {
    with_gym(&team("pia, ned", "weekly"), |gym| async move {
        let (pia, ned) = (Guest::of(&gym, "pia").await, Guest::of(&gym, "ned").await);
        // Nobody of them has a contract that lets them.
        let first = pia.book("2026-11-24T12:00").await;
        assert_eq!(taken(&gym, first).await, [false, true]);
        // A week begins on Monday, by the clock of the studio: in Greenwich it is Sunday still.
        assert_eq!(pia.validate("2026-11-23T12:00").await, NONE);
        assert_eq!(pia.validate("2026-11-29T23:30").await, NONE);
        assert_eq!(pia.validate("2026-11-30T00:15").await, FREE);
        // What one has used the other still has.
        ned.book("2026-11-25T12:00").await;
        assert_eq!(ned.validate("2026-11-26T12:00").await, NONE);
        // In time it is given back, late it is not.
        pia.cancel(first).await;
        let second = pia.book("2026-11-25T12:00").await;
        gym.set_clock("2026-11-25T09:00:01Z").await;
        pia.cancel(second).await;
        assert_eq!(pia.validate("2026-11-26T12:00").await, NONE);
        for other in ["mia", "day"] {
            assert_eq!(Guest::of(&gym, other).await.validate("2026-11-26T12:00").await, FREE, "by their own contract");
        }
        assert_eq!(Guest::of(&gym, "ends").await.validate("2026-11-26T12:00").await, NONE);
    });
}

#[test]
fn cls_7_what_was_agreed_is_taken_before_what_a_list_gives() {
    with_gym(&team("day, rest", "weekly, checks"), |gym| async move {
        let day = Guest::of(&gym, "day").await;
        let (first, second) = (day.book("2026-11-24T12:00").await, day.book("2026-11-24T23:30").await);
        assert_eq!([taken(&gym, first).await, taken(&gym, second).await], [[true, false], [false, true]]);
        assert_eq!(day.validate("2026-11-24T00:15").await, NONE);
        day.cancel(second).await;
        assert_eq!(day.validate("2026-11-24T23:30").await, FREE);
        // What a list gives without a limit, it gives without counting.
        let booker = Booker::of(&gym).await;
        for hour in ["10", "11", "12"] {
            booker.booked("day", "check", &format!("25T{hour}:00"), &format!("25T{hour}:30")).await;
        }
        // A list makes up for no contract that rests.
        let rest = Guest::of(&gym, "rest").await;
        assert_eq!(rest.validate("2026-11-24T12:00").await, "CUSTOMER_IDLE");
        assert_eq!(rest.validate("2026-11-25T12:00").await, FREE);
        let resting = booker.wish("rest", "check", "24T10:00", "24T10:30").await;
        assert_eq!(booker.validate(&resting).await, "CUSTOMER_IDLE");
    });
}

#[test]
fn cls_5_and_7_whoever_moves_up_takes_what_a_list_gives() {
    let yaml = team("pia, ned", "weekly").replacen(
        "        cancel_until: 2 HOURS\n",
        "        cancel_until: 2 HOURS\n        max_participants: 1\n        waiting_list: 2\n",
        1,
    );
    with_gym(&yaml, |gym| async move {
        let (pia, key) = (Guest::of(&gym, "pia").await, gym.key("north").await);
        let mia = Guest::of(&gym, "mia").await;
        let first = mia.book("2026-11-24T12:00").await;
        let slot = super::slot(&gym, &key, "2026-11-24T12:00").await;
        let (waiting, status) = super::booked(&gym, &key, pia.id, slot).await;
        assert_eq!((status.as_str(), taken(&gym, waiting).await), ("WAITING_LIST", [false, false]));
        assert_eq!(pia.validate("2026-11-25T12:00").await, FREE, "waiting takes nothing");
        mia.cancel(first).await;
        assert_eq!(super::status(&gym, &key, waiting).await, "BOOKED");
        assert_eq!(
            (taken(&gym, waiting).await, pia.validate("2026-11-25T12:00").await.as_str()),
            ([false, true], NONE)
        );
    });
}

#[test]
fn list_1_what_a_list_gives_ends_with_it_and_is_counted_on_when_it_comes_back() {
    with_gym(&team("pia", "weekly"), |gym| async move {
        let pia = Guest::of(&gym, "pia").await;
        let lists = async || gym.get(&gym.key("north").await, "/v1/member-lists").await.json();
        let before = lists().await;
        let booked = pia.book("2026-11-24T12:00").await;
        // It gives something else: those who ask for lists are told nothing of it.
        gym.set_clock("2026-11-21T12:00:00Z").await;
        let end = gym.end_of_journal().await;
        gym.apply(&team("pia", "checks")).await;
        assert_eq!(gym.deeds(end).await, ["member-list.changed"]);
        let changes = gym.journal_after(end).await[0].changes.clone().unwrap();
        assert_eq!(changes, r#"{"allowances":{"from":["weekly"],"to":["checks"]}}"#);
        let end = gym.end_of_journal().await;
        gym.apply(&team("pia", "checks")).await;
        assert_eq!(gym.end_of_journal().await, end);
        assert_eq!(lists().await, before);
        assert_eq!(pia.validate("2026-11-30T12:00").await, NONE);
        let booker = Booker::of(&gym).await;
        let check = booker.wish("pia", "check", "24T10:00", "24T10:30").await;
        assert_eq!(booker.validate(&check).await, "AVAILABLE");
        // Nobody on it, no such list, and the same again: the week in which it was used stays used.
        for yaml in [team("", "weekly"), with_lists("      - { key: others, name: Others }\n")] {
            gym.apply(&yaml).await;
            assert_eq!(pia.validate("2026-11-30T12:00").await, NONE);
            assert_eq!(booker.validate(&check).await, "NO_CONTINGENT");
        }
        gym.apply(&team("pia", "weekly")).await;
        assert_eq!(pia.validate("2026-11-26T12:00").await, NONE);
        assert_eq!(pia.validate("2026-11-30T12:00").await, FREE);
        pia.cancel(booked).await;
        assert_eq!(pia.validate("2026-11-26T12:00").await, FREE);
        // Another tenant's list is about its own people.
        let other = gym.apply(&team("pia", "").replace("key: acme", "key: umbrella")).await;
        let foreign = gym.customer_of(other, "north", "pia").await;
        let (_, key) = gym.key_with(other, "north", None, None).await;
        let slot = super::slot(&gym, &key, "2026-11-26T12:00").await;
        assert_eq!(super::validate(&gym, &key, foreign, slot).await, NONE);
        super::book(&gym, &key, pia.id, slot).await.refusal(404, "errormessage.customer.not.found");
    });
}

/// The classes with people of the south who have no contract, and what lists of the south give them.
fn with_southern_lists(north: &str) -> String {
    let allowances = "    allowances:
      - { key: calm, name: Calm, categories: [Calm] }
      - { key: weekly, name: One a week, categories: [Calm], uses: 1, every: 1 WEEK }
      - { key: dances, name: Dances, classes: [dance] }
";
    let yaml = CLASSES.replacen("    allowances: [{ key: calm, name: Calm, categories: [Calm] }]\n", allowances, 1);
    let yaml = yaml.replacen("  - key: south\n", &format!("{north}  - key: south\n"), 1);
    format!(
        "{yaml}      - {{ key: sid, first_name: Sid, last_name: Sea }}
      - {{ key: sal, first_name: Sal, last_name: Sound }}
    member_lists:
      - {{ key: guests, name: Guests, customers: [sid], allowances: [weekly] }}
      - {{ key: dancers, name: Dancers, customers: [sal], allowances: [dances] }}
"
    )
}

#[test]
fn cls_10_a_list_of_the_home_studio_lets_somebody_book_elsewhere_by_category() {
    with_gym(&with_southern_lists(""), |gym| async move {
        // The south takes part, so that its customers may be asked about.
        let (key, _) = (gym.key("north").await, gym.key("south").await);
        let (sid, sal) = (gym.customer("south", "sid").await, gym.customer("south", "sal").await);
        let at = async |start: &str| super::slot(&gym, &key, start).await;
        let (first, second, yoga) =
            (at("2026-11-21T18:30").await, at("2026-11-22T18:30").await, at("2026-11-22T18:00").await);
        assert_eq!(super::validate(&gym, &key, sal, first).await, NONE, "a class is named for its own studio");
        assert_eq!(super::validate(&gym, &key, sid, yoga).await, "NOT_AVAILABLE", "it is for the north alone");
        let (booking, status) = super::booked(&gym, &key, sid, first).await;
        assert_eq!((status.as_str(), taken(&gym, booking).await), ("BOOKED", [false, true]));
        assert_eq!(super::validate(&gym, &key, sid, second).await, NONE);
        assert_eq!(super::cancel(&gym, &key, booking).await.status, 200);
        assert_eq!(super::validate(&gym, &key, sid, second).await, FREE);
    });
}

#[test]
fn cust_26_who_goes_into_the_archive_gives_back_what_a_list_gave() {
    with_gym(&team("pia", "weekly"), |gym| async move {
        let pia = Guest::of(&gym, "pia").await;
        let first = pia.book("2026-11-24T12:00").await;
        let manager = signed_in(&gym, Role::Manager, "north").await;
        let act = async |what: &str| {
            let path = customer_path(&gym, "north", pia.id, what).await;
            call(&gym, &manager, "POST", &path, "").await.json()
        };
        act("/archive").await;
        assert_eq!(stored(&gym, first).await.status, "CANCELED");
        act("/restore").await;
        assert_eq!(pia.validate("2026-11-26T12:00").await, FREE);
    });
}

#[test]
fn era_1_the_place_of_somebody_who_is_erased_goes_to_the_next_on_the_list() {
    let yaml = team("pia, ned", "weekly").replacen(
        "        cancel_until: 2 HOURS\n",
        "        cancel_until: 2 HOURS\n        max_participants: 1\n        waiting_list: 2\n",
        1,
    );
    with_gym(&yaml, |gym| async move {
        let (pia, ned, key) =
            (Guest::of(&gym, "pia").await.id, Guest::of(&gym, "ned").await.id, gym.key("north").await);
        let slot = super::slot(&gym, &key, "2026-11-24T12:00").await;
        let (first, _) = super::booked(&gym, &key, pia, slot).await;
        let (next, _) = super::booked(&gym, &key, ned, slot).await;
        gym.act(move |change| erasure::erase(change, pia).map_err(|problem| DbError::Unusable(format!("{problem:?}"))))
            .await;
        let (gone, moved) = (stored(&gym, first).await, stored(&gym, next).await);
        assert_eq!((gone.status.as_str(), gone.customer_id), ("CANCELED", None));
        assert_eq!((moved.status.as_str(), moved.list_id.is_some()), ("BOOKED", true));
        assert_eq!(moved.list_id, gone.list_id, "which list it was says nothing about anybody");
    });
}

#[test]
fn mistakes_about_what_lists_give_are_named() {
    let today = "2026-11-21".parse().unwrap();
    let place = "studios[0].member_lists[0].allowances";
    for (allowances, field) in [("monday", place.to_owned()), ("weekly, weekly", format!("{place}[1]"))] {
        let contents = gymfile::Beside(std::path::Path::new("."));
        let mistakes = gymfile::read(&team("pia", allowances), today, &contents).unwrap_err();
        let told: Vec<_> = mistakes.iter().map(|mistake| json!([mistake.field, mistake.line.is_some()])).collect();
        assert_eq!(told, [json!([field, true])], "{mistakes:?}");
    }
    // What another studio has is nothing that a list could give.
    let north = "    member_lists: [{ key: team, name: Team, customers: [ada], allowances: [weekly] }]\n";
    let yaml = with_southern_lists(north).replacen("        image: images/yoga.png\n", "", 1);
    let contents = gymfile::Beside(std::path::Path::new("."));
    let mistakes = gymfile::read(&yaml, today, &contents).unwrap_err();
    let told: Vec<_> = mistakes.iter().map(|mistake| json!([mistake.field, mistake.line.is_some()])).collect();
    assert_eq!(told, [json!([place, true])], "{mistakes:?}");
}
