//! Visits that nobody ends: they end when the studio closes, at that very moment, each once (CHK-4).

use gymkeeper_server::{
    actions::{
        checkin::{self, Visitor},
        studio,
    },
    workers::jobs,
};
use gymkeeper_store::job;
use jiff::ToSpan as _;
use serde_json::{Value, json};

use crate::support::{Gym, MEMBERS, SMALL, with_gym};

/// The events of automatic check-outs behind a position: when they were told, and who left when.
async fn checkouts(gym: &Gym, since: i64) -> Vec<(String, Vec<(i64, String)>)> {
    let mut found = Vec::new();
    for record in gym.journal_after(since).await {
        let notices: Value = serde_json::from_str(record.events.as_deref().unwrap_or("[]")).unwrap();
        for notice in notices.as_array().unwrap() {
            let payload = &notice["payload"][0];
            if payload["type"] != "AUTOMATIC_CUSTOMER_CHECKOUT" {
                continue;
            }
            let who =
                |one: &Value| (one["customerId"].as_i64().unwrap(), one["checkoutTime"].as_str().unwrap().to_owned());
            let who = payload["content"]["checkouts"].as_array().unwrap().iter().map(who).collect();
            found.push((record.tenant_time.to_string(), who));
        }
    }
    found
}

async fn pending(gym: &Gym) -> Vec<String> {
    let tenant = gym.tenant;
    let jobs = gym.app.db.read(move |tx| job::list(tx, tenant)).await.unwrap();
    jobs.into_iter().filter(|job| job.kind == "checkout").map(|job| job.due_at.to_string()).collect()
}

async fn let_in(gym: &Gym, studio: &str, customers: &[i64]) {
    let (studio, customers) = (gym.studio(studio).await, customers.to_vec());
    gym.act(move |change| {
        let visitors: Vec<_> = customers.iter().map(|id| Visitor { customer: Some(*id), at: change.now }).collect();
        checkin::open(change, studio, &visitors)
    })
    .await;
}

#[test]
fn chk_4_over_several_days_everybody_is_checked_out_once_at_the_closing_hour() {
    with_gym(MEMBERS, |gym| async move {
        let (token, key) = (gym.token().await, gym.key("north").await);
        let (ada, barred) = (gym.customer("north", "ada").await, gym.customer("north", "barred").await);
        let since = gym.end_of_journal().await;
        for day in 0..3 {
            let_in(&gym, "north", &[ada]).await;
            if day == 1 {
                let_in(&gym, "north", &[barred]).await;
            }
            assert_eq!(pending(&gym).await.len(), 1, "one job for all of them");
            gym.done("POST", "/clock/advance", &token, r#"{"by":"P1D"}"#).await;
            assert_eq!(gym.get(&key, "/v1/studios/utilization").await.json()["count"], 0);
        }
        gym.done("POST", "/clock/advance", &token, r#"{"by":"P3D"}"#).await;
        let at = |day: u8| format!("2026-11-{day}T21:00:00Z");
        let expected = vec![
            (at(21), vec![(ada, at(21))]),
            (at(22), vec![(ada, at(22)), (barred, at(22))]),
            (at(23), vec![(ada, at(23))]),
        ];
        assert_eq!(checkouts(&gym, since).await, expected);
        assert_eq!(pending(&gym).await, Vec::<String>::new());
        let history = gym.get(&key, &format!("/v1/customers/{ada}/activities/checkins")).await.json();
        let ends: Vec<_> = history["result"].as_array().unwrap().iter().map(|one| &one["checkOutDateTime"]).collect();
        assert_eq!(ends.len(), 3);
        assert_eq!(ends[0], "2026-11-23T22:00:00.000+01:00");
    });
}

#[test]
fn chk_4_who_left_is_not_checked_out_and_who_came_after_hours_leaves_later() {
    with_gym(SMALL, |gym| async move {
        let (token, north) = (gym.token().await, gym.studio("north").await);
        let since = gym.end_of_journal().await;
        let_in(&gym, "north", &[7, 8]).await;
        gym.act(move |change| checkin::close_oldest(change, north, 1)).await;
        gym.set_clock("2026-11-21T20:59:59.999Z").await;
        assert_eq!(jobs::run_due(&gym.app, gym.tenant).await.unwrap(), 0, "the doors are open still");
        // 22:17 by the studio's clock: it is closed, so this visit has its three hours.
        gym.done("PUT", "/clock", &token, r#"{"now":"2026-11-21T21:17:30Z"}"#).await;
        let_in(&gym, "north", &[9]).await;
        // The south never closes.
        let_in(&gym, "south", &[10]).await;
        assert_eq!(pending(&gym).await, ["2026-11-22T00:20:00Z"; 2]);
        gym.done("POST", "/clock/advance", &token, r#"{"by":"P2D"}"#).await;
        let closed = "2026-11-21T21:00:00Z".to_owned();
        let (due, end) = ("2026-11-22T00:20:00Z".to_owned(), "2026-11-22T00:17:30Z".to_owned());
        let expected =
            vec![(closed.clone(), vec![(8, closed)]), (due.clone(), vec![(9, end.clone())]), (due, vec![(10, end)])];
        assert_eq!(checkouts(&gym, since).await, expected);
    });
}

#[test]
fn chk_4_other_hours_hold_for_those_who_are_inside() {
    with_gym(SMALL, |gym| async move {
        let (token, north) = (gym.token().await, gym.studio("north").await);
        let since = gym.end_of_journal().await;
        let_in(&gym, "north", &[7]).await;
        let closes = |closes: &'static str| {
            move |studio: &mut gymkeeper_domain::studio::StudioDefinition| {
                for range in &mut studio.opening_hours {
                    range.closes = serde_json::from_value(json!(closes)).unwrap();
                }
            }
        };
        // Later first: the job of the old hour finds nobody to send home, and leaves one for the new hour.
        change_hours(&gym, north, closes("23:00")).await;
        gym.done("PUT", "/clock", &token, r#"{"now":"2026-11-21T21:30:00Z"}"#).await;
        assert_eq!(checkouts(&gym, since).await, []);
        assert_eq!(pending(&gym).await, ["2026-11-21T22:00:00Z"]);
        // Earlier then, and past already: at once.
        change_hours(&gym, north, closes("22:15")).await;
        gym.done("POST", "/clock/advance", &token, r#"{"by":"PT1M"}"#).await;
        let expected = vec![("2026-11-21T21:30:00Z".to_owned(), vec![(7, "2026-11-21T21:15:00Z".to_owned())])];
        assert_eq!(checkouts(&gym, since).await, expected);
        gym.done("POST", "/clock/advance", &token, r#"{"by":"P1D"}"#).await;
        assert_eq!(checkouts(&gym, since).await, expected);
        // The same by a gym file.
        let since = gym.end_of_journal().await;
        let_in(&gym, "north", &[7]).await;
        gym.apply(&SMALL.replace("closes: \"22:00\"", "closes: \"23:30\"")).await;
        gym.done("POST", "/clock/advance", &token, r#"{"by":"P1D"}"#).await;
        assert_eq!(checkouts(&gym, since).await.len(), 1);
    });
}

async fn change_hours(
    gym: &Gym,
    studio: i64,
    edit: impl Fn(&mut gymkeeper_domain::studio::StudioDefinition) + Copy + Send + 'static,
) {
    gym.act(move |change| studio::change_hours(change, studio, edit).map(drop).map_err(|why| panic!("{why}"))).await;
}

#[test]
fn chk_4_a_server_that_was_off_makes_up_for_it_and_two_servers_do_it_once() {
    with_gym(SMALL, |gym| async move {
        let since = gym.end_of_journal().await;
        let_in(&gym, "north", &[7]).await;
        let_in(&gym, "south", &[8]).await;
        gym.set_clock("2026-11-24T12:00:00Z").await;
        let gym = std::sync::Arc::new(gym);
        gym.beside(|other| async {
            let other = std::sync::Arc::new(other);
            let run = |server: &std::sync::Arc<Gym>| {
                let server = std::sync::Arc::clone(server);
                tokio::spawn(async move { jobs::run_due(&server.app, server.tenant).await.unwrap() })
            };
            let (one, two) = (run(&gym), run(&other));
            assert_eq!(one.await.unwrap() + two.await.unwrap(), 8, "three nights and one closing for each studio");
        })
        .await;
        let found: Vec<_> = checkouts(&gym, since).await.into_iter().flat_map(|(_, who)| who).collect();
        let expected = [(8, "2026-11-21T14:00:00Z".to_owned()), (7, "2026-11-21T21:00:00Z".to_owned())];
        assert_eq!(found, expected);
    });
}

#[test]
fn chk_4_a_visit_that_was_entered_afterwards_waits_for_its_end_or_the_night() {
    with_gym(SMALL, |gym| async move {
        let (north, since) = (gym.studio("north").await, gym.end_of_journal().await);
        gym.act(move |change| {
            let at = change.now - 24.hours();
            checkin::open(change, north, &[Visitor { customer: Some(7), at }])
        })
        .await;
        assert_eq!(pending(&gym).await, Vec::<String>::new());
        gym.set_clock("2026-11-21T23:05:00Z").await;
        jobs::run_due(&gym.app, gym.tenant).await.unwrap();
        let found = checkouts(&gym, since).await;
        assert_eq!(found, [("2026-11-21T23:05:00Z".to_owned(), vec![(7, "2026-11-20T21:00:00Z".to_owned())])]);
    });
}

#[test]
fn chk_4_where_a_studio_does_not_close_visits_last_as_long_as_it_says() {
    for (setting, end) in [
        ("", "2026-11-21T14:00:00Z"),
        ("    automatic_checkout_hours: 1\n", "2026-11-21T12:00:00Z"),
        ("    automatic_checkout_hours: 5\n", "2026-11-21T16:00:00Z"),
        // Nights pass meanwhile, and find a visit that is not over.
        ("    automatic_checkout_hours: 48\n", "2026-11-23T11:00:00Z"),
    ] {
        let name = "    name: Acme South\n";
        with_gym(&MEMBERS.replacen(name, &format!("{name}{setting}"), 1), |gym| async move {
            let (token, key, dora) = (gym.token().await, gym.key("south").await, gym.customer("south", "dora").await);
            gym.send_json("POST", &key, &format!("/v1/customers/{dora}/checkin"), "").await.json();
            assert_eq!(pending(&gym).await, [end]);
            let since = gym.end_of_journal().await;
            let inside = async || gym.get(&key, "/v1/studios/utilization").await.json()["count"].clone();
            let end_of_visit: jiff::Timestamp = end.parse().unwrap();
            let clock = |at: jiff::Timestamp| json!({ "now": at.to_string() }).to_string();
            gym.done("PUT", "/clock", &token, &clock(end_of_visit - 1.second())).await;
            assert_eq!((checkouts(&gym, since).await, inside().await), (vec![], json!(1)));
            gym.done("PUT", "/clock", &token, &clock(end_of_visit)).await;
            let expected = [(end.to_owned(), vec![(dora, end.to_owned())])];
            assert_eq!((checkouts(&gym, since).await, inside().await), (expected.to_vec(), json!(0)));
            let history = gym.get(&key, &format!("/v1/customers/{dora}/activities/checkins")).await.json();
            let shown = end_of_visit.to_zoned(jiff::tz::TimeZone::get("Europe/Berlin").unwrap());
            let shown = shown.strftime("%Y-%m-%dT%H:%M:%S.000%:z").to_string();
            assert_eq!(history["result"][0]["checkOutDateTime"], shown);
        });
    }
}

#[test]
fn chk_4_where_a_studio_closes_its_hour_ends_visits_and_the_setting_only_those_after_it() {
    let name = "    name: Acme North\n";
    let yaml = MEMBERS.replacen(name, &format!("{name}    automatic_checkout_hours: 1\n"), 1);
    with_gym(&yaml, |gym| async move {
        let (token, key, ada) = (gym.token().await, gym.key("north").await, gym.customer("north", "ada").await);
        let since = gym.end_of_journal().await;
        gym.send_json("POST", &key, &format!("/v1/customers/{ada}/checkin"), "").await.json();
        gym.done("PUT", "/clock", &token, r#"{"now":"2026-11-21T20:59:59Z"}"#).await;
        assert_eq!(checkouts(&gym, since).await, []);
        gym.done("PUT", "/clock", &token, r#"{"now":"2026-11-21T21:17:30Z"}"#).await;
        let closed = "2026-11-21T21:00:00Z".to_owned();
        let expected = vec![(closed.clone(), vec![(ada, closed)])];
        assert_eq!(checkouts(&gym, since).await, expected);
        // The doors are closed, so nothing but the hour of the setting can end this visit.
        let since = gym.end_of_journal().await;
        let_in(&gym, "north", &[ada]).await;
        gym.done("POST", "/clock/advance", &token, r#"{"by":"P2D"}"#).await;
        let expected = vec![("2026-11-21T22:20:00Z".to_owned(), vec![(ada, "2026-11-21T22:17:30Z".to_owned())])];
        assert_eq!(checkouts(&gym, since).await, expected);
    });
}
