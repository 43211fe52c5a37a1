//! The runner of jobs: due in the tenant's time, claimed by one process, retried, parked.

use std::sync::Arc;

use gymkeeper_contract::operations::Scope;
use gymkeeper_server::{
    actions::checkin::{self, Visitor},
    workers::jobs,
};
use gymkeeper_store::{
    job::{self, Claim, Job},
    journal,
};
use jiff::{Timestamp, ToSpan as _};
use serde_json::{Value, json};

use crate::support::{Gym, NOW, SMALL, with_gym};

async fn jobs(gym: &Gym) -> Vec<Job> {
    let tenant = gym.tenant;
    gym.app.db.read(move |tx| job::list(tx, tenant)).await.unwrap()
}

/// The records of an action, as subject, changes and events.
async fn records(gym: &Gym, action: &'static str) -> Vec<(String, Value, Value)> {
    let tenant = gym.tenant;
    let records = gym.app.db.read(move |tx| journal::list(tx, tenant, 0, 10_000)).await.unwrap();
    let read = |text: Option<String>| text.map_or(Value::Null, |text| serde_json::from_str(&text).unwrap());
    let found = records.into_iter().filter(|record| record.action == action);
    found.map(|record| (record.subject.unwrap_or_default(), read(record.changes), read(record.events))).collect()
}

async fn run_due(gym: &Gym) -> u64 {
    jobs::run_due(&gym.app, gym.tenant).await.unwrap()
}

#[test]
fn time_5_every_studio_has_a_job_at_00_05_by_its_own_clock() {
    let far = SMALL.replacen("Europe/Berlin", "America/New_York", 1);
    with_gym(&far, |gym| async move {
        let (north, south) = (gym.studio("north").await, gym.studio("south").await);
        let found: Vec<_> =
            jobs(&gym).await.into_iter().map(|job| (job.kind, job.key, job.due_at.to_string())).collect();
        let expected = [(south, "2026-11-21T23:05:00Z"), (north, "2026-11-22T05:05:00Z")];
        assert_eq!(found, expected.map(|(id, due)| ("day".to_owned(), id.to_string(), due.to_owned())));
        assert_eq!(run_due(&gym).await, 0, "nothing is due at noon");
        // Applying the file again gives no second job.
        gym.apply(SMALL).await;
        assert_eq!(jobs(&gym).await.len(), 2);
    });
}

#[test]
fn time_5_missed_nights_are_made_up_for_in_order_and_each_once() {
    with_gym(SMALL, |gym| async move {
        gym.set_clock("2026-11-24T23:04:59Z").await;
        assert_eq!(run_due(&gym).await, 6);
        assert_eq!(run_due(&gym).await, 0);
        gym.set_clock("2026-11-24T23:05:00Z").await;
        assert_eq!(run_due(&gym).await, 2);
        let nights = records(&gym, "studio.day-turned").await;
        let days: Vec<_> = nights.iter().map(|(_, changes, _)| changes["day"]["to"].as_str().unwrap()).collect();
        let expected = ["2026-11-22", "2026-11-23", "2026-11-24", "2026-11-25"].map(|day| [day; 2]).concat();
        assert_eq!(days, expected);
        let due: Vec<_> = jobs(&gym).await.into_iter().map(|job| (job.due_at.to_string(), job.attempts)).collect();
        assert_eq!(due, vec![("2026-11-25T23:05:00Z".to_owned(), 0); 2]);
    });
}

#[test]
fn chk_4_who_never_left_is_checked_out_at_night_with_one_event() {
    with_gym(SMALL, |gym| async move {
        let key = gym.key_for("north", &[Scope::StudioRead]).await;
        let north = gym.studio("north").await;
        gym.act(move |change| {
            let visitor = |customer, hours: i64| Visitor { customer, at: change.now + hours.hours() };
            let visitors = [visitor(Some(7), 0), visitor(None, 1), visitor(Some(8), 2), visitor(Some(9), 11)];
            checkin::open(change, north, &visitors)
        })
        .await;
        gym.set_clock("2026-11-21T23:05:00Z").await;
        run_due(&gym).await;
        assert_eq!(gym.get(&key, "/v1/studios/utilization").await.json()["count"], 1, "nine came an hour before");
        let closed = records(&gym, "checkin.closed-automatically").await;
        let [(subject, changes, events)] = closed.as_slice() else { panic!("{closed:?}") };
        assert_eq!(*subject, format!("studio:{north}"));
        assert_eq!(changes["checkins"]["to"].as_array().unwrap().len(), 3);
        // The visits ended when the studio closed; the one who came in later has three hours.
        let (at, closed_at) = ("2026-11-21T23:05:00Z", "2026-11-21T21:00:00Z");
        let checkouts =
            json!([{ "customerId": 7, "checkoutTime": closed_at }, { "customerId": 8, "checkoutTime": closed_at }]);
        let payload = json!([{
            "timestamp": at.parse::<Timestamp>().unwrap().as_millisecond(),
            "type": "AUTOMATIC_CUSTOMER_CHECKOUT",
            "content": { "checkouts": checkouts },
        }]);
        assert_eq!((&events[0]["entityId"], &events[0]["payload"]), (&json!(north), &payload));
    });
}

#[test]
fn two_processes_do_each_night_once() {
    with_gym(SMALL, |gym| async move {
        gym.set_clock("2026-12-11T12:00:00Z").await;
        let gym = Arc::new(gym);
        gym.beside(|other| async {
            let other = Arc::new(other);
            let runners: Vec<_> = [&gym, &other, &gym, &other]
                .into_iter()
                .map(|server| {
                    let server = Arc::clone(server);
                    tokio::spawn(async move { run_due(&server).await })
                })
                .collect();
            let mut ran = 0;
            for runner in runners {
                ran += runner.await.unwrap();
            }
            assert_eq!(ran, 40);
        })
        .await;
        let nights = records(&gym, "studio.day-turned").await;
        let mut seen: Vec<_> = nights.iter().map(|(subject, changes, _)| (subject, changes.to_string())).collect();
        seen.sort();
        seen.dedup();
        assert_eq!((nights.len(), seen.len()), (40, 40));
    });
}

#[test]
fn a_job_that_fails_is_tried_again_later_and_parked_in_the_end() {
    with_gym(SMALL, |gym| async move {
        let (tenant, now): (_, Timestamp) = (gym.tenant, NOW.parse().unwrap());
        gym.change(move |tx| job::add(tx, tenant, "unheard-of", "x", now)).await;
        let odd = async || jobs(&gym).await.into_iter().find(|job| job.kind == "unheard-of").unwrap();
        let mut at = now;
        for attempt in 1..=5 {
            assert_eq!(run_due(&gym).await, 1, "attempt {attempt}");
            assert_eq!(run_due(&gym).await, 0, "not again at once");
            let job = odd().await;
            assert_eq!((job.attempts, job.claimed_by.as_ref()), (attempt, None));
            assert!(job.last_error.as_ref().is_some_and(|error| error.contains("unheard-of")), "{job:?}");
            let state = if attempt < 5 { "READY" } else { "PARKED" };
            at += (attempt * attempt).minutes();
            assert_eq!((job.state.as_str(), job.due_at), (state, at));
            gym.set_clock(&at.to_string()).await;
        }
        assert_eq!(run_due(&gym).await, 0, "a parked job rests");
        assert_eq!(gym.app.db.read(job::parked).await.unwrap(), 1);
        let id = odd().await.id;
        assert!(gym.change(move |tx| job::retry(tx, tenant, id, now)).await);
        assert_eq!(odd().await.state, "READY");
        assert_eq!(run_due(&gym).await, 1);
        let text = gym.send("GET", "/metrics", &[], "").await.text();
        assert!(text.contains("gymkeeper_jobs_total{outcome=\"failed\"} 6"), "{text}");
    });
}

#[test]
fn a_claim_holds_for_its_time_and_work_under_a_lost_one_is_not_kept() {
    with_gym(SMALL, |gym| async move {
        let (tenant, now): (_, Timestamp) = (gym.tenant, NOW.parse().unwrap());
        gym.change(move |tx| job::add(tx, tenant, "day", "x", now)).await;
        let id = jobs(&gym).await.into_iter().find(|job| job.key == "x").unwrap().id;
        let claim = |owner: &str| Claim { tenant, id, owner: owner.to_owned() };
        let take = |owner: &str, system_now: Timestamp| {
            let claim = claim(owner);
            gym.change(move |tx| job::claim(tx, &claim, now, system_now, system_now + 60.seconds()))
        };
        assert_eq!(take("one", now).await.unwrap().attempts, 1);
        assert_eq!(take("two", now + 59.seconds()).await, None);
        assert_eq!(take("two", now + 60.seconds()).await.unwrap().attempts, 2);
        let (one, two) = (claim("one"), claim("two"));
        assert!(!gym.change(move |tx| job::done(tx, &one, now + 1.hour())).await, "its time was over");
        assert!(gym.change(move |tx| job::done(tx, &two, now + 1.hour())).await);
        assert_eq!(take("three", now + 1.hour()).await, None, "it is not due yet");
    });
}
