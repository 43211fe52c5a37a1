//! Staff gives a place to one who waits, whoever came earlier.

use gymkeeper_domain::staff::Role;
use serde_json::{Value, json};

use super::{account, call, call_with, classes::Desk, last_record, role, session};
use crate::{
    classes::before_and_while_the_guest_rests,
    support::{Answer, CLASSES, Gym, join_all, with_gym},
};

const FULL: &str = "errormessage.booking.booking.limit.reached";
const UNKNOWN: &str = "errormessage.booking.not.found";

/// Books for these, in their order, and answers the ids of the bookings.
async fn booked(gym: &Gym, desk: &Desk<'_>, slot: &Value, names: &[&str]) -> Vec<i64> {
    let mut ids = Vec::new();
    for name in names {
        let customer = gym.customer("north", name).await;
        ids.push(desk.book(slot, customer, json!({})).await.json()["id"].as_i64().unwrap());
    }
    ids
}

async fn move_up(desk: &Desk<'_>, booking: i64, body: Value) -> Answer {
    desk.call("POST", &format!("/class-bookings/{booking}/move-up"), &body).await
}

/// Everybody who is in a slot or waits, in the order in which they came.
async fn states(desk: &Desk<'_>, slot: &Value) -> Vec<(i64, String)> {
    let all = desk.call("GET", &format!("/class-slots/{}", slot["id"]), &Value::Null).await.json();
    let one = |one: &Value| (one["id"].as_i64().unwrap(), one["status"].as_str().unwrap().to_owned());
    all["bookings"].as_array().unwrap().iter().map(one).collect()
}

fn expected(bookings: &[(i64, &str)]) -> Vec<(i64, String)> {
    bookings.iter().map(|(id, status)| (*id, (*status).to_owned())).collect()
}

/// The bookings that gave back nothing.
async fn late(desk: &Desk<'_>, slot: &Value) -> Vec<i64> {
    let all = desk.call("GET", &format!("/class-slots/{}", slot["id"]), &Value::Null).await.json();
    all["lateCancelations"].as_array().unwrap().iter().map(|one| one["id"].as_i64().unwrap()).collect()
}

const BOOKED: &str = "BOOKED";
const WAITS: &str = "WAITING_LIST";

#[test]
fn cls_5_staff_give_a_free_place_to_whom_they_name_and_the_others_keep_their_order() {
    let yaml = CLASSES.replacen("        waiting_list: 2\n", "        waiting_list: 3\n", 1);
    with_gym(&yaml, |gym| async move {
        let desk = Desk::of(&gym, Role::Desk).await;
        let yoga = desk.slot("2026-11-23T18:00").await;
        let ids = booked(&gym, &desk, &yoga, &["ada", "bea", "cem", "dan", "eva"]).await;
        // An hour before the start nobody moves up by themselves any more, so a place that is given back stays free.
        gym.set_clock("2026-11-23T16:00:00Z").await;
        desk.call("DELETE", &format!("/class-bookings/{}", ids[0]), &Value::Null).await.json();
        let waiting = [(ids[1], BOOKED), (ids[2], WAITS), (ids[3], WAITS), (ids[4], WAITS)];
        assert_eq!(states(&desk, &yoga).await, expected(&waiting));
        assert_eq!(late(&desk, &yoga).await, [ids[0]]);
        // A dry run answers the same and does nothing.
        let before = gym.end_of_journal().await;
        let path = format!("/studios/{}/class-bookings/{}/move-up", desk.studio, ids[3]);
        let dry = [("gymkeeper-dry-run", "true")];
        let tried = call_with(&gym, &desk.token, "POST", &path, &dry, "{}").await.json();
        assert_eq!((&tried["id"], &tried["status"]), (&json!(ids[3]), &json!(BOOKED)));
        assert_eq!(gym.end_of_journal().await, before);
        assert_eq!(move_up(&desk, ids[3], json!({})).await.json(), tried);
        assert_eq!(gym.events_after(before).await, [("CLASS_BOOKING_UPDATED".to_owned(), ids[3])]);
        let (actor, action, subject) = last_record(&gym).await;
        assert!(actor.starts_with("staff:"), "{actor}");
        assert_eq!((action.as_str(), subject), ("class.moved-up", format!("booking:{}", ids[3])));
        let now = [(ids[1], BOOKED), (ids[2], WAITS), (ids[3], BOOKED), (ids[4], WAITS)];
        assert_eq!(states(&desk, &yoga).await, expected(&now));
        let told = crate::classes::status(&gym, &gym.key("north").await, ids[3]).await;
        assert_eq!(told, BOOKED);
        // Earlier, the first of those who are left is the next, as if nobody had been named.
        gym.set_clock("2026-11-23T14:00:00Z").await;
        desk.call("DELETE", &format!("/class-bookings/{}", ids[1]), &Value::Null).await.json();
        let now = [(ids[2], BOOKED), (ids[3], BOOKED), (ids[4], WAITS)];
        assert_eq!(states(&desk, &yoga).await, expected(&now));
    });
}

#[test]
fn cls_5_what_does_not_wait_is_full_or_has_begun_is_refused() {
    with_gym(CLASSES, |gym| async move {
        let desk = Desk::of(&gym, Role::Desk).await;
        let yoga = desk.slot("2026-11-23T18:00").await;
        let ids = booked(&gym, &desk, &yoga, &["ada", "bea", "cem", "dan"]).await;
        let before = gym.end_of_journal().await;
        move_up(&desk, ids[3], json!({})).await.refusal(400, FULL);
        move_up(&desk, ids[0], json!({})).await.refusal(400, "errormessage.booking.not.waiting");
        move_up(&desk, ids[0], json!({"override": true})).await.refusal(400, "errormessage.booking.not.waiting");
        let unknown = move_up(&desk, ids[3], json!({"overrides": true})).await;
        unknown.refusal(400, "errormessage.validation.field.unknown");
        for nobody in [0, -1, i64::MAX] {
            move_up(&desk, nobody, json!({})).await.refusal(404, UNKNOWN);
        }
        // What is no place in a class is none here either.
        move_up(&desk, yoga["id"].as_i64().unwrap(), json!({})).await.refusal(404, UNKNOWN);
        assert_eq!(gym.end_of_journal().await, before);
        // Against the rules there is always a place; then there are three for two, and one who goes makes room for nobody.
        assert_eq!(move_up(&desk, ids[3], json!({"override": true})).await.json()["status"], BOOKED);
        desk.call("DELETE", &format!("/class-bookings/{}", ids[0]), &Value::Null).await.json();
        let now = [(ids[1], BOOKED), (ids[2], WAITS), (ids[3], BOOKED)];
        assert_eq!(states(&desk, &yoga).await, expected(&now));
        // Nobody waits for what has begun, also in the moment before they are told.
        gym.set_clock("2026-11-23T17:00:00Z").await;
        let begun = move_up(&desk, ids[2], json!({"override": true})).await;
        begun.refusal(400, "errormessage.booking.already.started");
    });
}

#[test]
fn cls_5_whoever_has_given_up_waiting_or_lost_the_class_stays_out() {
    with_gym(CLASSES, |gym| async move {
        let (desk, manager) = (Desk::of(&gym, Role::Desk).await, Desk::of(&gym, Role::Manager).await);
        let yoga = desk.slot("2026-11-23T18:00").await;
        let ids = booked(&gym, &desk, &yoga, &["ada", "bea", "cem", "dan"]).await;
        let gone = "errormessage.booking.already.canceled";
        desk.call("DELETE", &format!("/class-bookings/{}", ids[2]), &Value::Null).await.json();
        move_up(&desk, ids[2], json!({"override": true})).await.refusal(400, gone);
        manager.call("POST", &format!("/class-slots/{}/call-off", yoga["id"]), &Value::Null).await.json();
        move_up(&desk, ids[3], json!({"override": true})).await.refusal(400, gone);
    });
}

#[test]
fn cls_7_a_place_takes_what_the_customer_has_unless_staff_give_it_all_the_same() {
    // The course has a waiting list here, and two uses a week.
    let yaml =
        CLASSES.replace("        max_participants: 1\n", "        max_participants: 1\n        waiting_list: 2\n");
    with_gym(&yaml, |gym| async move {
        let (desk, manager) = (Desk::of(&gym, Role::Desk).await, Desk::of(&gym, Role::Manager).await);
        let contested = desk.slot("2026-11-27T08:00").await;
        let ids = booked(&gym, &desk, &contested, &["ada", "bea", "cem"]).await;
        // Waiting takes nothing, so both uses go elsewhere.
        for day in [24, 25] {
            let other = desk.slot(&format!("2026-11-{day}T08:00")).await;
            booked(&gym, &desk, &other, &["bea"]).await;
        }
        let none = "errormessage.booking.no.contingent";
        move_up(&desk, ids[1], json!({})).await.refusal(400, FULL);
        // One place more is for whoever has something to take.
        let mut wider = super::classes::unchanged(&contested);
        wider["maxParticipants"] = json!(2);
        manager.call("PUT", &format!("/class-slots/{}", contested["id"]), &wider).await.json();
        let now = [(ids[0], BOOKED), (ids[1], WAITS), (ids[2], BOOKED)];
        assert_eq!(states(&desk, &contested).await, expected(&now));
        wider["maxParticipants"] = json!(3);
        manager.call("PUT", &format!("/class-slots/{}", contested["id"]), &wider).await.json();
        move_up(&desk, ids[1], json!({})).await.refusal(400, none);
        assert_eq!(move_up(&desk, ids[1], json!({"override": true})).await.json()["status"], BOOKED);
        // Given against the rules it took nothing, so giving it back in time gives nothing.
        desk.call("DELETE", &format!("/class-bookings/{}?giveBack=true", ids[1]), &Value::Null).await.json();
        let other = desk.slot("2026-11-26T08:00").await;
        desk.book(&other, gym.customer("north", "bea").await, json!({})).await.refusal(400, none);
    });
}

#[test]
fn cls_5_whoever_rests_is_moved_up_against_the_rules_alone_and_the_record_says_so() {
    let [yaml, resting] = before_and_while_the_guest_rests();
    with_gym(&yaml, |gym| {
        let resting = resting.clone();
        async move {
            let desk = Desk::of(&gym, Role::Desk).await;
            let yoga = desk.slot("2026-11-23T18:00").await;
            let ids = booked(&gym, &desk, &yoga, &["ada", "bea", "guest", "cem"]).await;
            // The guest has waited since before there was a contract that could rest.
            gym.apply(&resting).await;
            gym.set_clock("2026-11-23T16:00:00Z").await;
            for id in &ids[..2] {
                desk.call("DELETE", &format!("/class-bookings/{id}"), &Value::Null).await.json();
            }
            let before = gym.end_of_journal().await;
            move_up(&desk, ids[2], json!({})).await.refusal(400, "errormessage.booking.customer.idle");
            assert_eq!(gym.end_of_journal().await, before);
            for (id, body, against) in [(ids[2], json!({ "override": true }), true), (ids[3], json!({}), false)] {
                let before = gym.end_of_journal().await;
                assert_eq!(move_up(&desk, id, body).await.json()["status"], BOOKED);
                let changes = gym.journal_after(before).await[0].changes.clone().unwrap();
                assert_eq!(changes.contains(r#""againstRules":{"to":true}"#), against, "{changes}");
            }
        }
    });
}

#[test]
fn cls_11_of_two_who_give_the_last_place_at_once_one_does() {
    with_gym(CLASSES, |gym| async move {
        let desk = Desk::of(&gym, Role::Desk).await;
        let yoga = desk.slot("2026-11-23T18:00").await;
        let ids = booked(&gym, &desk, &yoga, &["ada", "bea", "cem", "dan"]).await;
        gym.set_clock("2026-11-23T16:00:00Z").await;
        desk.call("DELETE", &format!("/class-bookings/{}", ids[0]), &Value::Null).await.json();
        gym.beside(async |there: Gym| {
            let other = Desk::of(&there, Role::Manager).await;
            let tries = [move_up(&desk, ids[2], json!({})), move_up(&other, ids[3], json!({}))];
            let answers = join_all(tries).await;
            let (given, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 200);
            assert_eq!((given.len(), refused.len()), (1, 1));
            refused[0].refusal(400, FULL);
        })
        .await;
        let waiting = states(&desk, &yoga).await.into_iter().filter(|(_, status)| status == WAITS).count();
        let page = desk.slot("2026-11-23T18:00").await;
        let places = (&page["bookedParticipants"], &page["waitingListParticipants"]);
        assert_eq!((waiting, places), (1, (&json!(2), &json!(1))));
    });
}

#[test]
fn bookings_of_other_studios_and_tenants_are_not_moved_up() {
    with_gym(CLASSES, |gym| async move {
        let desk = Desk::of(&gym, Role::Desk).await;
        let yoga = desk.slot("2026-11-23T18:00").await;
        let ids = booked(&gym, &desk, &yoga, &["ada", "bea", "cem"]).await;
        let tried = async |token: &str, studio: i64| {
            let path = format!("/studios/{studio}/class-bookings/{}/move-up", ids[2]);
            call(&gym, token, "POST", &path, r#"{"override":true}"#).await
        };
        let (south, manager) = (gym.studio("south").await, super::signed_in(&gym, Role::Manager, "south").await);
        tried(&manager, south).await.refusal(404, UNKNOWN);
        tried(&manager, desk.studio).await.refusal(403, super::RIGHT_MISSING);
        let other = gym.apply(&CLASSES.replace("key: acme", "key: umbrella")).await;
        let foreign = gym.studio_of(other, "north").await;
        let id = account(&gym, other, "desk@umbrella.example", role(Role::Manager, foreign)).await;
        let token = session(&gym, other, id).await;
        tried(&token, foreign).await.refusal(404, UNKNOWN);
        tried(&token, desk.studio).await.refusal(403, super::RIGHT_MISSING);
        assert_eq!(states(&desk, &yoga).await[2].1, WAITS);
    });
}
