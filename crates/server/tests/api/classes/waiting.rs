//! The waiting list: its order, who moves up, until when, and races for the last place.

use std::sync::Arc;

use super::{before_and_while_the_guest_rests, book, booked, cancel, shown, slot, status};
use crate::support::{CLASSES, Gym, with_gym};

async fn ids(gym: &Gym, names: &[&str]) -> Vec<i64> {
    let mut found = Vec::new();
    for name in names {
        found.push(gym.customer("north", name).await);
    }
    found
}

#[test]
fn cls_5_whoever_waited_first_moves_up() {
    with_gym(CLASSES, |gym| async move {
        let key = gym.key("north").await;
        let people = ids(&gym, &["ada", "bea", "cem", "dan", "eva"]).await;
        let yoga = slot(&gym, &key, "2026-11-23T18:00").await;
        let mut bookings = Vec::new();
        for (place, person) in people[..4].iter().enumerate() {
            let (id, status) = booked(&gym, &key, *person, yoga).await;
            assert_eq!(status, if place < 2 { "BOOKED" } else { "WAITING_LIST" });
            bookings.push(id);
        }
        book(&gym, &key, people[4], yoga).await.refusal(400, "errormessage.booking.booking.limit.reached");
        let before = gym.end_of_journal().await;
        assert_eq!(cancel(&gym, &key, bookings[0]).await.status, 200);
        let expected =
            [("CLASS_BOOKING_CANCELLED".to_owned(), bookings[0]), ("CLASS_BOOKING_UPDATED".to_owned(), bookings[2])];
        assert_eq!(gym.events_after(before).await, expected);
        assert_eq!(status(&gym, &key, bookings[2]).await, "BOOKED");
        assert_eq!(status(&gym, &key, bookings[3]).await, "WAITING_LIST");
        let now = shown(&gym, &key, yoga).await;
        assert_eq!((&now["bookedParticipants"], &now["waitingListParticipants"]), (&2.into(), &1.into()));
        // A place on the list can be left until the start, also when places could not be given back any more.
        gym.set_clock("2026-11-23T16:59:00Z").await;
        let key = gym.key("north").await;
        assert_eq!(cancel(&gym, &key, bookings[3]).await.status, 200);
        assert_eq!(shown(&gym, &key, yoga).await["waitingListParticipants"], 0);
    });
}

#[test]
fn cls_5_nobody_moves_up_late_and_at_the_start_nobody_waits() {
    // Two hours are the usual end of moving up; the place itself may be given back until the start here.
    let yaml = CLASSES.replace("        cancel_until: 2 HOURS\n", "");
    with_gym(&yaml, |gym| async move {
        let key = gym.key("north").await;
        let people = ids(&gym, &["ada", "bea", "cem", "dan"]).await;
        let yoga = slot(&gym, &key, "2026-11-23T18:00").await;
        let mut bookings = Vec::new();
        for person in &people {
            bookings.push(booked(&gym, &key, *person, yoga).await.0);
        }
        gym.set_clock("2026-11-23T15:00:01Z").await;
        let key = gym.key("north").await;
        cancel(&gym, &key, bookings[0]).await;
        assert_eq!(status(&gym, &key, bookings[2]).await, "WAITING_LIST");
        // The place is for whoever comes.
        assert_eq!(booked(&gym, &key, people[0], yoga).await.1, "BOOKED");
        gym.set_clock("2026-11-23T17:00:00Z").await;
        let before = gym.end_of_journal().await;
        let ran = gymkeeper_server::workers::jobs::run_due(&gym.app, gym.tenant).await.unwrap();
        assert!(ran > 0);
        let key = gym.key("north").await;
        for waiting in &bookings[2..] {
            assert_eq!(status(&gym, &key, *waiting).await, "CANCELED");
        }
        let events = gym.events_after(before).await;
        let canceled: Vec<i64> =
            events.iter().filter(|(kind, _)| kind == "CLASS_BOOKING_CANCELLED").map(|(_, id)| *id).collect();
        assert_eq!(canceled, &bookings[2..]);
        let now = shown(&gym, &key, yoga).await;
        assert_eq!((&now["bookedParticipants"], &now["waitingListParticipants"]), (&2.into(), &0.into()));
    });
}

#[test]
fn cls_5_a_class_says_until_when_somebody_moves_up() {
    // The start is at five in Greenwich.
    for (until, last, too_late) in [
        ("30 MINUTES", "2026-11-23T16:30:00Z", "2026-11-23T16:30:01Z"),
        ("1 DAY", "2026-11-22T17:00:00Z", "2026-11-22T17:00:01Z"),
        ("0 MINUTES", "2026-11-23T16:59:58Z", "2026-11-23T17:00:00Z"),
    ] {
        let yaml = CLASSES.replace("        cancel_until: 2 HOURS\n", &format!("        moves_up_until: {until}\n"));
        with_gym(&yaml, |gym| async move {
            let desk = crate::admin::signed_in(&gym, gymkeeper_domain::staff::Role::Desk, "north").await;
            let key = gym.key("north").await;
            let yoga = slot(&gym, &key, "2026-11-23T18:00").await;
            let mut bookings = Vec::new();
            for person in ids(&gym, &["ada", "bea", "cem", "dan"]).await {
                bookings.push(booked(&gym, &key, person, yoga).await.0);
            }
            let north = gym.studio("north").await;
            // Staff give a place back also when customers cannot any more.
            let give_back = async |booking: i64| {
                let path = format!("/studios/{north}/class-bookings/{booking}");
                assert_eq!(crate::admin::call(&gym, &desk, "DELETE", &path, "").await.status, 200);
            };
            gym.set_clock(last).await;
            give_back(bookings[0]).await;
            assert_eq!(status(&gym, &gym.key("north").await, bookings[2]).await, "BOOKED", "{until}");
            gym.set_clock(too_late).await;
            give_back(bookings[1]).await;
            assert_eq!(status(&gym, &gym.key("north").await, bookings[3]).await, "WAITING_LIST", "{until}");
        });
    }
}

#[test]
fn cls_7_whoever_has_nothing_left_is_passed_over() {
    // The course has a waiting list here, and two uses a week.
    let yaml =
        CLASSES.replace("        max_participants: 1\n", "        max_participants: 1\n        waiting_list: 2\n");
    with_gym(&yaml, |gym| async move {
        let key = gym.key("north").await;
        let people = ids(&gym, &["ada", "bea", "cem"]).await;
        let at = async |day: u32| slot(&gym, &key, &format!("2026-11-{day}T08:00")).await;
        let contested = at(27).await;
        let (first, _) = booked(&gym, &key, people[0], contested).await;
        let (second, waits) = booked(&gym, &key, people[1], contested).await;
        let (third, _) = booked(&gym, &key, people[2], contested).await;
        assert_eq!(waits, "WAITING_LIST");
        // Waiting takes nothing, so both uses go elsewhere.
        for day in [24, 25] {
            assert_eq!(booked(&gym, &key, people[1], at(day).await).await.1, "BOOKED");
        }
        cancel(&gym, &key, first).await;
        assert_eq!(status(&gym, &key, second).await, "WAITING_LIST");
        assert_eq!(status(&gym, &key, third).await, "BOOKED");
    });
}

#[test]
fn cls_5_whoever_rests_is_passed_over_also_where_nothing_is_taken() {
    let [yaml, resting] = before_and_while_the_guest_rests();
    with_gym(&yaml, |gym| {
        let resting = resting.clone();
        async move {
            let key = gym.key("north").await;
            let people = ids(&gym, &["ada", "bea", "guest", "dan"]).await;
            let yoga = slot(&gym, &key, "2026-11-23T18:00").await;
            let mut bookings = Vec::new();
            for person in people {
                bookings.push(booked(&gym, &key, person, yoga).await.0);
            }
            // The guest began to wait before there was a contract that could rest.
            gym.apply(&resting).await;
            let standing = async || (status(&gym, &key, bookings[2]).await, status(&gym, &key, bookings[3]).await);
            assert_eq!(cancel(&gym, &key, bookings[0]).await.status, 200);
            assert_eq!(standing().await, ("WAITING_LIST".to_owned(), "BOOKED".to_owned()));
            // Also where nobody else waits.
            assert_eq!(cancel(&gym, &key, bookings[1]).await.status, 200);
            assert_eq!(standing().await, ("WAITING_LIST".to_owned(), "BOOKED".to_owned()));
        }
    });
}

#[test]
fn cls_11_the_last_place_is_given_once_by_two_processes() {
    with_gym(CLASSES, |gym| async move {
        let key = gym.key("north").await;
        let people = ids(&gym, &["ada", "bea", "cem", "dan", "eva"]).await;
        let yoga = slot(&gym, &key, "2026-11-23T18:00").await;
        gym.beside(|other| async {
            let (gym, other) = (Arc::new(&gym), Arc::new(other));
            let tries = people.iter().enumerate().flat_map(|(place, person)| {
                let (gym, other, key) = (Arc::clone(&gym), Arc::clone(&other), key.clone());
                (0..4).map(move |turn| {
                    let (gym, other, key) = (Arc::clone(&gym), Arc::clone(&other), key.clone());
                    async move {
                        let server: &Gym = if (place + turn) % 2 == 0 { *gym } else { &other };
                        let answer = book(server, &key, *person, yoga).await;
                        if answer.status == 200 {
                            answer.json()["bookingStatus"].as_str().unwrap().to_owned()
                        } else {
                            answer.status.to_string()
                        }
                    }
                })
            });
            let outcomes = crate::support::join_all(tries).await;
            let count = |wanted: &str| outcomes.iter().filter(|outcome| *outcome == wanted).count();
            assert_eq!((count("BOOKED"), count("WAITING_LIST"), count("400")), (2, 2, 16), "{outcomes:?}");
        })
        .await;
        let now = shown(&gym, &key, yoga).await;
        assert_eq!((&now["bookedParticipants"], &now["waitingListParticipants"]), (&2.into(), &2.into()));
    });
}
