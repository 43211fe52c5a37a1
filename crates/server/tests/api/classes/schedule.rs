//! From series to slots: what is published, and what becomes of slots whose series changes.

use serde_json::json;

use super::{booked, shown, slot, status};
use crate::support::{CLASSES, Gym, with_gym};

const YOGA: &str = "            starts: \"18:00\"\n            from: 2026-11-01\n            room: hall\n";

/// The file with something else said about the series of yoga.
fn with_yoga(series: &str) -> String {
    assert!(CLASSES.contains(YOGA));
    CLASSES.replacen(YOGA, series, 1)
}

async fn count(gym: &Gym) -> i64 {
    let (tenant, studio) = (gym.tenant, gym.studio("north").await);
    let window = gymkeeper_store::booking::slot::Window {
        from: jiff::Timestamp::UNIX_EPOCH,
        to: "2100-01-01T00:00:00Z".parse().unwrap(),
        limit: 10_000,
        offset: 0,
    };
    let all =
        gym.app.db.read(move |tx| gymkeeper_store::booking::slot::all_of_studio(tx, tenant, studio, window)).await;
    all.unwrap().len() as i64
}

#[test]
fn publishing_again_changes_nothing_and_each_night_adds_a_day() {
    with_gym(CLASSES, |gym| async move {
        let (before, end) = (count(&gym).await, gym.end_of_journal().await);
        gym.apply(CLASSES).await;
        assert_eq!((count(&gym).await, gym.end_of_journal().await), (before, end));
        let key = gym.key("north").await;
        gym.set_clock("2026-11-22T11:00:00Z").await;
        gymkeeper_server::workers::jobs::run_due(&gym.app, gym.tenant).await.unwrap();
        // The sixth of December is a Sunday: yoga, the course and spin.
        assert_eq!(count(&gym).await, before + 3);
        let key = {
            drop(key);
            gym.key("north").await
        };
        slot(&gym, &key, "2026-12-06T18:00").await;
        // A studio may publish more.
        gym.apply(&CLASSES.replacen("    language: en\n", "    language: en\n    publishes_classes_days: 16\n", 1))
            .await;
        assert!(count(&gym).await > before + 3);
    });
}

#[test]
fn wh_8_another_time_or_trainer_is_told_to_everybody_who_booked() {
    with_gym(CLASSES, |gym| async move {
        let (key, ada) = (gym.key("north").await, gym.customer("north", "ada").await);
        let yoga = slot(&gym, &key, "2026-11-23T18:00").await;
        let (id, _) = booked(&gym, &key, ada, yoga).await;
        let about = |events: Vec<(String, i64)>| {
            let ours = events.into_iter().filter(|(_, about)| [yoga, id].contains(about));
            ours.map(|(kind, _)| kind).collect::<Vec<_>>()
        };
        let both = ["CLASS_SLOT_UPDATED", "CLASS_BOOKING_UPDATED"];
        let before = gym.end_of_journal().await;
        // On one day it is earlier, and Tom alone leads it.
        let exception =
            "            exceptions: [{ on: 2026-11-23, moved_to: 2026-11-23T17:00, instructors: [tom] }]\n";
        gym.apply(&with_yoga(&format!("{YOGA}{exception}"))).await;
        assert_eq!(about(gym.events_after(before).await), both);
        let now = shown(&gym, &key, yoga).await;
        assert_eq!(now["startDateTime"], "2026-11-23T17:00:00.000+01:00");
        assert_eq!(
            (now["instructors"].as_array().unwrap().len(), &now["instructors"][0]["firstName"]),
            (1, &json!("Tom"))
        );
        assert_eq!(now["bookedParticipants"], 1);
        // Places alone are nobody's business.
        let before = gym.end_of_journal().await;
        gym.apply(&with_yoga(&format!("{YOGA}{exception}            max_participants: 3\n"))).await;
        assert_eq!(about(gym.events_after(before).await), Vec::<String>::new());
        assert_eq!(shown(&gym, &key, yoga).await["maxParticipants"], 3);
        let before = gym.end_of_journal().await;
        gym.apply(&with_yoga(&YOGA.replace("hall", "cellar"))).await;
        assert_eq!(about(gym.events_after(before).await), both);
        assert_eq!(shown(&gym, &key, yoga).await["location"]["name"], "Cellar");
    });
}

#[test]
fn wh_9_a_class_that_is_called_off_frees_everybody() {
    with_gym(CLASSES, |gym| async move {
        let key = gym.key("north").await;
        let course = slot(&gym, &key, "2026-11-24T08:00").await;
        let ada = gym.customer("north", "ada").await;
        let (id, _) = booked(&gym, &key, ada, course).await;
        let class = gym.get(&key, "/v1/classes").await.json()["result"][1]["id"].as_i64().unwrap();
        let before = gym.end_of_journal().await;
        // No more on Tuesdays, of which there are two until the look ahead ends.
        let series = "key: course-morning, weekdays: [MONDAY, TUESDAY,";
        gym.apply(&CLASSES.replace(series, "key: course-morning, weekdays: [MONDAY,")).await;
        let events = gym.events_after(before).await;
        assert_eq!(
            events[..2],
            [("CLASS_SLOT_CANCELLED".to_owned(), course), ("CLASS_BOOKING_CANCELLED".to_owned(), id)]
        );
        assert_eq!(events.len(), 2, "{events:?}");
        assert_eq!(status(&gym, &key, id).await, "CANCELED");
        let shown = gym.get(&key, &format!("/v1/classes/booking/{id}")).await.json();
        assert_eq!(shown["classSlotStatus"], "CANCELED");
        // CLS-9, CLS-12: lists leave it out, by its id it is still there, and booking it says what happened.
        let listed = gym.get(&key, &format!("/v1/classes/{class}/slots?sliceSize=100")).await.json();
        assert!(listed["result"].as_array().unwrap().iter().all(|slot| slot["id"] != course));
        assert_eq!(gym.get(&key, &format!("/v1/classes/{class}/slots/{course}")).await.json()["bookedParticipants"], 0);
        assert_eq!(super::validate(&gym, &key, ada, course).await, "NOT_AVAILABLE");
        super::book(&gym, &key, ada, course).await.refusal(400, "errormessage.appointment.already.canceled");
        // CLS-7: what it took was given back.
        for day in ["2026-11-23", "2026-11-25"] {
            booked(&gym, &key, ada, slot(&gym, &key, &format!("{day}T08:00")).await).await;
        }
        // Said again, it is held again.
        gym.apply(CLASSES).await;
        slot(&gym, &key, "2026-11-24T08:00").await;
    });
}

#[test]
fn mistakes_in_what_can_be_booked_are_told_with_their_lines() {
    let wrong = CLASSES
        .replacen("room: hall\n", "room: attic\n", 1)
        .replacen("instructors: [tina, tom]", "instructors: [tina, tim]", 1)
        .replacen("classes: [course]", "classes: [curse]", 1)
        .replacen("allowances: [courses, calm]", "allowances: [courses, clam]", 1)
        .replacen("minutes: 30", "minutes: 0", 1);
    let today = "2026-11-21".parse().unwrap();
    let mistakes = gymkeeper_server::gymfile::read(&wrong, today, &NoContents).unwrap_err();
    let fields: Vec<_> = mistakes.iter().map(|mistake| mistake.field.as_str()).collect();
    assert_eq!(
        fields,
        [
            "studios[0].classes[0].image",
            "studios[0].classes[0].series[0].room",
            "studios[0].classes[0].series[0].instructors",
            "studios[0].classes[1].minutes",
            "studios[0].allowances[1].classes",
            "studios[0].offers[0].allowances",
        ]
    );
    assert!(mistakes.iter().all(|mistake| mistake.line.is_some()));
}

struct NoContents;

impl gymkeeper_server::gymfile::Contents for NoContents {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        Err(format!("{path} is not there"))
    }
}
