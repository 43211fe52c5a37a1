//! Ten thousand people want one of twenty places, at two server processes at once.
//!
//! Seen to fail when `slot::claim` only reads the slot: on PostgreSQL 308 were booked and 194 waited.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use gymkeeper_server::actions::customer as customers;
use gymkeeper_store::{booking, customer::Customer};

use super::{book, cancel, shown, slot};
use crate::support::{CLASSES, Gym, join_all, with_configured_gym};

const CALLERS: usize = 10_000;
const AT_ONCE: usize = 48;
const PLACES: usize = 20;
const WAITING: usize = 10;

#[test]
fn cls_5_and_11_ten_thousand_callers_for_twenty_places() {
    let yaml = CLASSES.replacen(
        "        max_participants: 2\n        waiting_list: 2\n",
        "        max_participants: 20\n        waiting_list: 10\n        needs_allowance: false\n",
        1,
    );
    with_configured_gym(
        &yaml,
        |config| {
            config.requests_per_minute = None;
            // Ten thousand customers are made in one change.
            config.request_seconds = 600;
        },
        |gym| async move {
            let studio = gym.studio("north").await;
            let people: Vec<i64> = gym
                .act(move |change| {
                    let home = customers::studio(change.tx, change.tenant, studio)?;
                    (0..CALLERS)
                        .map(|number| {
                            let draft = Customer {
                                first_name: format!("Caller{number}"),
                                last_name: "Rush".to_owned(),
                                ..customers::newcomer(&home)
                            };
                            Ok(customers::create(change, &home, draft)?.id)
                        })
                        .collect()
                })
                .await;
            let key = gym.key("north").await;
            let yoga = slot(&gym, &key, "2026-11-23T18:00").await;
            let before = gym.end_of_journal().await;
            let outcomes: Mutex<BTreeMap<String, usize>> = Mutex::default();
            gym.beside(|other| {
                let (servers, next) = ([Arc::new(&gym), Arc::new(&gym)], AtomicUsize::new(0));
                let (key, people, outcomes) = (&key, &people, &outcomes);
                async move {
                    let (other, next) = (&other, &next);
                    let caller = |number: usize| {
                        let server: &Gym = if number.is_multiple_of(2) { *servers[0] } else { other };
                        async move {
                            loop {
                                let place = next.fetch_add(1, Ordering::Relaxed);
                                let Some(person) = people.get(place) else { return };
                                let answer = book(server, key, *person, yoga).await;
                                let outcome = match answer.status {
                                    200 => answer.json()["bookingStatus"].as_str().unwrap().to_owned(),
                                    400 => answer
                                        .refusal(400, "errormessage.booking.booking.limit.reached")
                                        .error_code
                                        .unwrap()
                                        .to_string(),
                                    status => status.to_string(),
                                };
                                *outcomes.lock().unwrap().entry(outcome).or_default() += 1;
                            }
                        }
                    };
                    join_all((0..AT_ONCE).map(caller)).await;
                }
            })
            .await;
            let outcomes = outcomes.into_inner().unwrap();
            let count = |outcome: &str| outcomes.get(outcome).copied().unwrap_or_default();
            assert_eq!((count("BOOKED"), count("WAITING_LIST")), (PLACES, WAITING), "{outcomes:?}");
            let refused = count("errormessage.booking.booking.limit.reached") + count("503");
            assert_eq!(refused, CALLERS - PLACES - WAITING, "{outcomes:?}");
            // Events equal bookings, and places are in the order in which they were accepted.
            let accepted: Vec<i64> = gym
                .events_after(before)
                .await
                .into_iter()
                .map(|(kind, id)| {
                    assert_eq!(kind, "CLASS_BOOKING_CREATED");
                    id
                })
                .collect();
            let tenant = gym.tenant;
            let stored = gym.app.db.read(move |tx| booking::of_slot(tx, tenant, yoga)).await.unwrap();
            let in_order: Vec<i64> = stored.iter().map(|booking| booking.id).collect();
            assert_eq!(in_order, accepted);
            assert!(stored[..PLACES].iter().all(|booking| booking.status == "BOOKED"));
            assert!(stored[PLACES..].iter().all(|booking| booking.status == "WAITING_LIST"));
            // Five go; the first five who waited come in, each once.
            let before = gym.end_of_journal().await;
            gym.beside(|other| {
                let (here, key, stored) = (&gym, &key, &stored);
                async move {
                    let there = &other;
                    let server = |number: usize| if number.is_multiple_of(2) { here } else { there };
                    let going = stored[..5].iter().enumerate();
                    let going = going.map(|(number, booking)| cancel(server(number), key, booking.id));
                    assert!(join_all(going).await.iter().all(|answer| answer.status == 200));
                }
            })
            .await;
            let events = gym.events_after(before).await;
            let moved: Vec<i64> =
                events.iter().filter(|(kind, _)| kind == "CLASS_BOOKING_UPDATED").map(|(_, id)| *id).collect();
            assert_eq!(moved, in_order[PLACES..PLACES + 5]);
            let now = shown(&gym, &key, yoga).await;
            assert_eq!((&now["bookedParticipants"], &now["waitingListParticipants"]), (&20.into(), &5.into()));
        },
    );
}
