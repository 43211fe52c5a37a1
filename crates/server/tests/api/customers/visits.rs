//! The history of visits: which days are meant, how it is paged, and what is said of each visit (CHK-1, CHK-6).

use gymkeeper_server::actions::checkin::{self, Visitor};
use gymkeeper_store::studio::checkin::OpenCheckin;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::support::{Gym, MEMBERS, with_gym};

/// Visits of an hour each that a customer made, at these instants; answers their ids.
async fn visits(gym: &Gym, studio: &str, customer: i64, at: &[&str]) -> Vec<i64> {
    let studio = gym.studio(studio).await;
    let at: Vec<Timestamp> = at.iter().map(|at| at.parse().unwrap()).collect();
    gym.act(move |change| {
        let visitors: Vec<_> = at.iter().map(|at| Visitor { customer: Some(customer), at: *at }).collect();
        let ids = checkin::open_until_night(change, studio, &visitors)?;
        for (id, at) in ids.iter().zip(&at) {
            let visit = OpenCheckin { id: *id, checked_in_at: *at, customer_id: Some(customer) };
            assert!(checkin::close_at(change, studio, &visit, *at + jiff::SignedDuration::from_hours(1))?);
        }
        Ok(ids)
    })
    .await
}

/// The history of a customer as a program of the north reads it.
struct History<'g> {
    gym: &'g Gym,
    key: String,
    path: String,
}

impl<'g> History<'g> {
    async fn of(gym: &'g Gym, customer: i64) -> Self {
        let path = format!("/v1/customers/{customer}/activities/checkins");
        Self { gym, key: gym.key("north").await, path }
    }

    async fn slice(&self, query: &str) -> Value {
        self.gym.get(&self.key, &format!("{}?{query}", self.path)).await.json()
    }

    async fn ids(&self, query: &str) -> Vec<i64> {
        let slice = self.slice(query).await;
        slice["result"].as_array().unwrap().iter().map(|one| one["checkinId"].as_i64().unwrap()).collect()
    }

    async fn refuses(&self, query: &str, code: &str, field: &str) {
        let answer = self.gym.get(&self.key, &format!("{}?{query}", self.path)).await;
        let refusal = answer.refusal(400, &format!("errormessage.validation.{code}"));
        assert_eq!(refusal.reference.as_deref(), Some(field), "{query}");
    }
}

#[test]
fn chk_1_and_6_days_are_whole_ones_of_the_studio_and_both_count() {
    with_gym(MEMBERS, |gym| async move {
        let ada = gym.customer("north", "ada").await;
        let history = History::of(&gym, ada).await;
        // In summer the day begins at 22:00, in winter at 23:00. Today is 21 November.
        let at = [
            "2026-09-19T21:59:59.999Z",
            "2026-09-19T22:00:00Z",
            "2026-10-19T22:00:00Z",
            "2026-10-20T21:59:59.999Z",
            "2026-10-20T22:00:00Z",
            "2026-11-20T22:59:59.999Z",
            "2026-11-20T23:00:00Z",
            "2026-11-21T10:00:00Z",
        ];
        let made = visits(&gym, "north", ada, &at).await;
        for (query, found) in [
            // The last month, up to today.
            ("", &[7, 6, 5, 4][..]),
            ("fromDate=&toDate=", &[7, 6, 5, 4]),
            // From a day on, up to today.
            ("fromDate=2026-10-20", &[7, 6, 5, 4, 3, 2]),
            ("fromDate=2026-11-21", &[7, 6]),
            // Up to a day, from a month before it.
            ("toDate=2026-10-20", &[3, 2, 1]),
            ("toDate=2026-11-20", &[5, 4, 3, 2]),
            // Both, of which either may be the only one, and none needs to have come yet.
            ("fromDate=2026-10-20&toDate=2026-10-20", &[3, 2]),
            ("fromDate=2026-10-21&toDate=2026-11-20", &[5, 4]),
            ("fromDate=2026-11-22&toDate=2026-12-24", &[]),
            ("fromDate=2026-09-19&toDate=2026-09-19", &[0]),
        ] {
            let expected: Vec<i64> = found.iter().map(|place| made[*place]).collect();
            assert_eq!(history.ids(query).await, expected, "{query}");
        }
    });
}

#[test]
fn chk_1_at_most_365_days_can_be_asked_for_and_they_come_in_their_order() {
    with_gym(MEMBERS, |gym| async move {
        let ada = gym.customer("north", "ada").await;
        let history = History::of(&gym, ada).await;
        let made = visits(&gym, "north", ada, &["2025-11-21T10:00:00Z", "2025-11-22T10:00:00Z"]).await;
        for query in ["fromDate=2025-11-22", "fromDate=2025-11-22&toDate=2026-11-21"] {
            assert_eq!(history.ids(query).await, made[1..], "{query}");
        }
        // Across the end of February of a leap year, days are counted and not years.
        assert!(history.ids("fromDate=2023-03-01&toDate=2024-02-28").await.is_empty());
        for query in [
            "fromDate=2025-11-21",
            "fromDate=2025-11-21&toDate=2026-11-21",
            "fromDate=2023-03-01&toDate=2024-02-29",
            "fromDate=0001-01-01&toDate=9999-12-31",
        ] {
            history.refuses(query, "date.range.too.long", "toDate").await;
        }
        for query in ["fromDate=2026-11-22", "fromDate=2026-10-02&toDate=2026-10-01"] {
            history.refuses(query, "date.range.invalid", "fromDate").await;
        }
        for (query, field) in [
            ("fromDate=2026-02-30", "fromDate"),
            ("fromDate=01.10.2026", "fromDate"),
            ("toDate=yesterday", "toDate"),
            ("toDate=2026-11-21T12:00:00", "toDate"),
        ] {
            history.refuses(query, "field.invalid", field).await;
        }
    });
}

#[test]
fn pag_3_to_8_slices_of_visits_begin_where_the_last_one_ended() {
    with_gym(MEMBERS, |gym| async move {
        let ada = gym.customer("north", "ada").await;
        let history = History::of(&gym, ada).await;
        let at: Vec<String> = (1..=12).map(|day| format!("2026-11-{day:02}T10:00:00Z")).collect();
        let mut newest_first = visits(&gym, "north", ada, &at.iter().map(String::as_str).collect::<Vec<_>>()).await;
        newest_first.reverse();
        for (query, rows, more, offset) in [
            ("", 0..10, true, "10"),
            ("offset=10", 10..12, false, "12"),
            ("sliceSize=1", 0..1, true, "1"),
            ("sliceSize=11", 0..11, true, "11"),
            ("sliceSize=12", 0..12, false, "12"),
            ("sliceSize=50", 0..12, false, "12"),
            ("sliceSize=5&offset=7", 7..12, false, "12"),
            ("sliceSize=5&offset=6", 6..11, true, "11"),
            ("sliceSize=5&offset=12", 12..12, false, "12"),
            ("sliceSize=5&offset=4711", 12..12, false, "4711"),
            ("offset=9223372036854775807", 12..12, false, "9223372036854775807"),
        ] {
            let slice = history.slice(query).await;
            assert_eq!(history.ids(query).await, newest_first[rows], "{query}");
            assert_eq!((&slice["hasNext"], &slice["offset"]), (&json!(more), &json!(offset)), "{query}");
        }
        for query in ["sliceSize=0", "sliceSize=51", "sliceSize=-1", "sliceSize=x"] {
            history.refuses(query, "slice.size.out.of.range", "sliceSize").await;
        }
        for query in ["offset=-1", "offset=x", "offset=1.5", "offset=9223372036854775808"] {
            history.refuses(query, "offset.invalid", "offset").await;
        }
    });
}

#[test]
fn chk_6_a_visit_tells_where_it_is_and_its_end_once_it_is_over() {
    let zone = "    name: Acme South\n    country: Germany\n    country_code: DE\n    zone: Europe/Berlin\n";
    let abroad = MEMBERS.replacen(zone, &zone.replace("Berlin", "Lisbon"), 1);
    assert_ne!(abroad, MEMBERS);
    with_gym(&abroad, |gym| async move {
        let (ada, bela) = (gym.customer("north", "ada").await, gym.customer("north", "bela").await);
        let history = History::of(&gym, ada).await;
        let away = visits(&gym, "south", ada, &["2026-11-20T10:00:00Z"]).await;
        visits(&gym, "north", bela, &["2026-11-20T10:00:00Z"]).await;
        let entered = gym.send_json("POST", &history.key, &format!("/v1/customers/{ada}/checkin"), "").await.json();
        let here = json!({
            "checkinId": entered["checkinId"], "checkInDateTime": "2026-11-21T12:00:00.000+01:00",
            "studioId": gym.studio("north").await, "studioName": "Acme North",
        });
        // A visit elsewhere is told in the hours of that studio.
        let there = json!({
            "checkinId": away[0], "checkInDateTime": "2026-11-20T10:00:00.000+00:00",
            "checkOutDateTime": "2026-11-20T11:00:00.000+00:00", "studioId": gym.studio("south").await,
            "studioName": "Acme South",
        });
        assert_eq!(history.slice("").await["result"], json!([here, there]));
        gym.set_clock("2026-11-21T12:30:00Z").await;
        gym.send_json("POST", &history.key, &format!("/v1/customers/{ada}/checkout"), "").await.json();
        let mut left = here.clone();
        left["checkOutDateTime"] = json!("2026-11-21T13:30:00.000+01:00");
        assert_eq!(history.slice("").await["result"], json!([left, there]));
    });
}
