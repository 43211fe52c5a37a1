//! Classes and their slots as programs see them.

use serde_json::json;

use super::slot;
use crate::support::{CLASSES, with_gym};

#[test]
fn cls_1_classes_are_listed_with_what_a_program_needs() {
    with_gym(CLASSES, |gym| async move {
        let key = gym.key("north").await;
        let page = gym.get(&key, "/v1/classes").await.json();
        let classes = page["result"].as_array().unwrap();
        let titles: Vec<_> = classes.iter().map(|class| class["title"].as_str().unwrap()).collect();
        assert_eq!(titles, ["Yoga", "Course", "Spin", "Open day", "Night"]);
        assert_eq!((&page["hasNext"], &page["offset"]), (&json!(false), &json!(classes[4]["id"].to_string())));
        let yoga = &classes[0];
        let picture = yoga["imgUrl"].as_str().unwrap();
        let mut expected = json!({
            "id": yoga["id"], "title": "Yoga", "type": "STUDIO", "duration": 60, "category": "Calm", "description": "Slow.",
            "imgUrl": picture, "bookable": true,
            "cancelCondition": {"cancelationAfterLatestPossible": false, "latestCancelTerm": {"value": 2, "unit": "HOURS"}},
        });
        assert_eq!(*yoga, expected);
        assert_eq!(gym.send("GET", gym.path_of(picture), &[], "").await.status, 200);
        let id = yoga["id"].as_i64().unwrap();
        let one = gym.get(&key, &format!("/v1/classes/{id}")).await.json();
        expected["imgUrl"] = one["imgUrl"].clone();
        assert_eq!(one, expected);
        assert_eq!(classes[1]["type"], "STREAM");
        assert_eq!(classes[1]["cancelCondition"]["cancelationAfterLatestPossible"], true);
        assert_eq!(classes[3]["bookable"], false);
        assert_eq!(classes[3]["cancelCondition"], json!({"cancelationAfterLatestPossible": false}));
        for wrong in ["9", "101"] {
            let code = "errormessage.validation.slice.size.out.of.range";
            gym.get(&key, &format!("/v1/classes?sliceSize={wrong}")).await.refusal(400, code);
        }
        gym.get(&key, "/v1/classes?offset=-1").await.refusal(400, "errormessage.validation.offset.invalid");
        let beyond = gym.get(&key, &format!("/v1/classes?offset={}", i64::MAX)).await.json();
        assert_eq!((&beyond["result"], &beyond["hasNext"]), (&json!([]), &json!(false)));
    });
}

#[test]
fn cls_1_hidden_and_foreign_classes_are_not_there() {
    with_gym(CLASSES, |gym| async move {
        let (north, south) = (gym.key("north").await, gym.key("south").await);
        let dance = gym.get(&south, "/v1/classes").await.json()["result"][0]["id"].as_i64().unwrap();
        let north_studio = gym.studio("north").await;
        let tenant = gym.tenant;
        let entries =
            gym.app.db.read(move |tx| gymkeeper_store::inventory::of_studio(tx, tenant, north_studio)).await.unwrap();
        let secret = entries.iter().find(|entry| entry.key == "secret").unwrap().id;
        let (unknown, other) = ("errormessage.class.not.found", "errormessage.authorization.other.studio");
        for path in
            [format!("/v1/classes/{secret}"), format!("/v1/classes/{secret}/slots"), "/v1/classes/77".to_owned()]
        {
            gym.get(&north, &path).await.refusal(404, unknown);
        }
        for path in [format!("/v1/classes/{dance}"), format!("/v1/classes/{dance}/slots")] {
            gym.get(&north, &path).await.refusal(403, other);
        }
        let dancing = slot(&gym, &south, "2026-11-23T17:00").await;
        gym.get(&north, &format!("/v1/classes/{dance}/slots/{dancing}")).await.refusal(403, other);
        let yoga = gym.get(&north, "/v1/classes").await.json()["result"][0]["id"].as_i64().unwrap();
        let foreign = gym.get(&north, &format!("/v1/classes/{yoga}/slots/{dancing}")).await;
        foreign.refusal(404, "errormessage.class.slot.not.found");
        gym.get(&north, "/v1/classes/x/slots").await.refusal(400, "errormessage.validation.field.invalid");
    });
}

#[test]
fn cls_1_and_2_slots_of_one_class_and_of_all() {
    with_gym(CLASSES, |gym| async move {
        let key = gym.key("north").await;
        let yoga = gym.get(&key, "/v1/classes").await.json()["result"][0]["id"].as_i64().unwrap();
        let page = gym.get(&key, &format!("/v1/classes/{yoga}/slots")).await.json();
        let slots = page["result"].as_array().unwrap();
        // One day back to fourteen ahead: sixteen days, less the one on which the studio rests.
        let starts: Vec<_> = slots.iter().map(|slot| &slot["startDateTime"].as_str().unwrap()[..10]).collect();
        assert_eq!((starts.len(), starts[0], starts[14]), (15, "2026-11-20", "2026-12-05"));
        assert!(!starts.contains(&"2026-12-01"));
        let first = &slots[3];
        let tina = &first["instructors"][0];
        assert_eq!((&tina["firstName"], &tina["publicName"]), (&json!("Tina"), &json!("Coach T")));
        assert_eq!(first["instructors"][1]["lastName"], "Lund");
        assert_eq!(first["startDateTime"], "2026-11-23T18:00:00.000+01:00");
        assert_eq!(first["endDateTime"], "2026-11-23T19:00:00.000+01:00");
        assert_eq!(
            (&first["location"]["name"], &first["location"]["description"]),
            (&json!("Hall"), &json!("First floor"))
        );
        assert_eq!((&first["maxParticipants"], &first["maxWaitingListParticipants"]), (&json!(2), &json!(2)));
        assert_eq!((&first["bookedParticipants"], &first["additionalParticipants"]), (&json!(0), &json!(0)));
        assert_eq!(first["classInformation"], json!({"id": yoga, "title": "Yoga"}));
        assert!(first.get("earliestBookingDateTime").is_none());
        let id = first["id"].as_i64().unwrap();
        assert_eq!(gym.get(&key, &format!("/v1/classes/{yoga}/slots/{id}")).await.json(), *first);
        // PAG-3: by a running index, and in the order of their starts.
        let small = gym.get(&key, &format!("/v1/classes/{yoga}/slots?sliceSize=10")).await.json();
        assert_eq!((&small["hasNext"], &small["offset"]), (&json!(true), &json!("10")));
        let rest = gym.get(&key, &format!("/v1/classes/{yoga}/slots?sliceSize=10&offset=10")).await.json();
        assert_eq!(
            (rest["result"].as_array().unwrap().len(), &rest["hasNext"], &rest["offset"]),
            (5, &json!(false), &json!("15"))
        );
        let of = async |query: &str| {
            let page = gym.get(&key, &format!("/v1/classes/slots?sliceSize=100&{query}")).await.json();
            let slots = page["result"].as_array().unwrap().clone();
            slots.iter().map(|slot| slot["startDateTime"].as_str().unwrap()[..16].to_owned()).collect::<Vec<_>>()
        };
        let all = of("").await;
        assert!(all.is_sorted());
        assert_eq!((all[0].as_str(), all.last().unwrap().as_str()), ("2026-11-21T08:00", "2026-12-05T18:30"));
        assert_eq!(
            of("slotWindowStartDate=2026-11-23&daysAhead=1").await,
            [
                "2026-11-23T08:00",
                "2026-11-23T12:00",
                "2026-11-23T18:00",
                "2026-11-23T18:30",
                "2026-11-23T21:30",
                "2026-11-24T08:00",
                "2026-11-24T18:00",
                "2026-11-24T21:30",
            ]
        );
        for wrong in ["0", "15", "x"] {
            let code = "errormessage.validation.days.ahead.out.of.range";
            gym.get(&key, &format!("/v1/classes/slots?daysAhead={wrong}")).await.refusal(400, code);
        }
        let wrong = gym.get(&key, "/v1/classes/slots?slotWindowStartDate=tomorrow").await;
        wrong.refusal(400, "errormessage.validation.field.invalid");
    });
}

#[test]
fn booking_times_are_shown_where_there_are_any() {
    with_gym(CLASSES, |gym| async move {
        let key = gym.key("north").await;
        let spin = slot(&gym, &key, "2026-11-23T18:30").await;
        let spin = super::shown(&gym, &key, spin).await;
        assert_eq!(spin["earliestBookingDateTime"], "2026-11-21T18:30:00.000+01:00");
        assert_eq!(spin["latestBookingDateTime"], "2026-11-23T17:30:00.000+01:00");
        for absent in ["maxParticipants", "maxWaitingListParticipants", "location"] {
            assert!(spin.get(absent).is_none(), "{absent}");
        }
        assert_eq!(spin["instructors"], json!([]));
    });
}
