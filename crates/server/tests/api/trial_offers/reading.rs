//! What can be tried, and when.

use gymkeeper_store::inventory::Kind;
use serde_json::json;

use super::{entry, offer, trials};
use crate::{
    classes::slot,
    support::{CLASSES, with_gym},
};

const CLASSES_TO_TRY: &str = "/v1/trial-offers/bookable-trial-offers/classes";

#[test]
fn tri_1_a_trial_offer_tells_its_conditions_and_its_form() {
    with_gym(&trials(), |gym| async move {
        let (north, south) = (gym.key("north").await, gym.key("south").await);
        let (taster, morning) = (offer(&gym, "north", "taster").await, offer(&gym, "north", "morning").await);
        let at = |id: i64| format!("/v1/trial-offers/config/{id}");
        let mut expected = json!({
            "id": taster,
            "name": "Taster",
            "preventMultipleBookingsTerm": { "value": 2, "unit": "DAY" },
            "contingent": 2,
            "confirmationOfBookingTerm": { "value": 2, "unit": "DAY" },
            "allowBookingForLeads": true,
            "leadDataConfig": {
                "trialOfferLeadDataConfigId": taster,
                "genderMode": "OPTIONAL",
                "dateOfBirthMode": "OPTIONAL",
                "telephoneMode": "MANDATORY",
                "addressMode": "INACTIVE",
            },
        });
        assert_eq!(gym.get(&north, &at(taster)).await.json(), expected);
        // TRI-7
        let plain = gym.get(&north, &at(morning)).await.json();
        assert_eq!(plain["preventMultipleBookingsTerm"], json!({ "value": 0, "unit": "DAY" }));
        assert_eq!((plain.get("confirmationOfBookingTerm"), &plain["allowBookingForLeads"]), (None, &json!(false)));
        // What is remembered follows the gym file.
        gym.apply(&trials().replace("confirm_before: 2 DAY", "confirm_before: 6 HOURS")).await;
        expected["confirmationOfBookingTerm"] = json!({ "value": 6, "unit": "HOURS" });
        assert_eq!(gym.get(&north, &at(taster)).await.json(), expected);
        gym.get(&south, &at(taster)).await.refusal(403, "errormessage.authorization.other.studio");
        let unknown = "errormessage.trial.offer.config.not.found";
        for id in [99, entry(&gym, "north", Kind::Class, "yoga").await] {
            gym.get(&north, &at(id)).await.refusal(404, unknown);
        }
        // One that has left the file is offered no longer.
        gym.apply(CLASSES).await;
        gym.get(&north, &at(taster)).await.refusal(404, unknown);
        assert_eq!(gym.get(&north, CLASSES_TO_TRY).await.json()["result"], json!([]));
    });
}

#[test]
fn tri_5_classes_are_listed_that_are_held_within_a_year() {
    let once = |key: &str, day: &str| {
        let (name, series) = (
            key,
            format!("{{ key: {key}-once, weekdays: [SUNDAY, MONDAY], starts: \"23:00\", from: {day}, to: {day} }}"),
        );
        format!("      - {{ key: {key}, name: {name}, minutes: 30, needs_allowance: false, series: [{series}] }}\n")
    };
    let classes = format!("    classes:\n{}{}", once("far", "2027-11-21"), once("farther", "2027-11-22"));
    let yaml = trials()
        .replacen("    classes:\n", &classes, 1)
        .replacen("classes: [night,", "classes: [far, farther, night,", 1)
        .replacen("    language: en\n", "    language: en\n    publishes_classes_days: 366\n", 1);
    with_gym(&yaml, |gym| async move {
        let ids = [entry(&gym, "north", Kind::Class, "far").await, entry(&gym, "north", Kind::Class, "farther").await];
        // To the last second of the day a year ahead, and until it begins.
        for (now, expected) in [
            ("2026-11-21T11:00:00Z", [true, false]),
            ("2026-11-21T22:59:59Z", [true, false]),
            ("2026-11-21T23:00:00Z", [true, true]),
            ("2027-11-21T22:00:00Z", [true, true]),
            ("2027-11-21T22:00:01Z", [false, true]),
        ] {
            gym.set_clock(now).await;
            let page = gym.get(&gym.key("north").await, CLASSES_TO_TRY).await.json();
            let listed = |id: i64| page["result"].as_array().unwrap().iter().any(|one| one["id"] == id);
            assert_eq!(ids.map(listed), expected, "{now}");
        }
    });
}

#[test]
fn tri_1_5_and_6_classes_to_try_are_listed_with_their_offer() {
    with_gym(&trials(), |gym| async move {
        let key = gym.key("north").await;
        let page = gym.get(&key, CLASSES_TO_TRY).await.json();
        let listed = page["result"].as_array().unwrap();
        // The open day is only shown, the staff's class hidden, and spin is not for trying.
        let titles: Vec<_> = listed.iter().map(|one| one["trialOfferClass"]["title"].as_str().unwrap()).collect();
        assert_eq!(titles, ["Yoga", "Course", "Night"]);
        let yoga = entry(&gym, "north", Kind::Class, "yoga").await;
        let taster = offer(&gym, "north", "taster").await;
        let mut class = gym.get(&key, &format!("/v1/classes/{yoga}")).await.json();
        class["imgUrl"] = listed[0]["trialOfferClass"]["imgUrl"].clone();
        assert!(class["imgUrl"].is_string());
        assert_eq!(listed[0], json!({ "trialOfferConfigId": taster, "trialOfferClass": class, "id": yoga }));
        assert_eq!((&page["hasNext"], &page["offset"]), (&json!(false), &json!(listed[2]["id"].to_string())));
        // The id of the class is the cursor.
        let rest = gym.get(&key, &format!("{CLASSES_TO_TRY}?offset={yoga}")).await.json();
        assert_eq!(rest["result"].as_array().unwrap().len(), 2, "{rest}");
        let beyond = gym.get(&key, &format!("{CLASSES_TO_TRY}?offset={}", i64::MAX)).await.json();
        assert_eq!((&beyond["result"], &beyond["hasNext"]), (&json!([]), &json!(false)));
        for wrong in ["9", "101", "x"] {
            let answer = gym.get(&key, &format!("{CLASSES_TO_TRY}?sliceSize={wrong}")).await;
            answer.refusal(400, "errormessage.validation.slice.size.out.of.range");
        }
        let answer = gym.get(&key, &format!("{CLASSES_TO_TRY}?offset=-1")).await;
        answer.refusal(400, "errormessage.validation.offset.invalid");
        // A series that has ended leaves nothing to try.
        let ended = "from: 2026-11-01, to: 2026-11-20 }";
        gym.apply(&trials().replacen(
            "from: 2026-11-01 }\n      # At the same time",
            &format!("{ended}\n      # At the same time"),
            1,
        ))
        .await;
        let page = gym.get(&key, CLASSES_TO_TRY).await.json();
        let titles: Vec<_> = page["result"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["trialOfferClass"]["title"].as_str().unwrap())
            .collect();
        assert_eq!(titles, ["Yoga", "Night"]);
    });
}

#[test]
fn pag_8_a_full_page_of_classes_to_try_and_one_more() {
    // Eleven classes: a page of ten, and another one.
    let many: Vec<String> = (0..11).map(|number| format!("many{number:02}")).collect();
    let classes: String = many
        .iter()
        .map(|key| {
            format!(
                "      - {{ key: {key}, name: {key}, minutes: 10, series: [{{ key: {key}-daily, weekdays: [SUNDAY], starts: \"10:00\", from: 2026-11-01 }}] }}\n"
            )
        })
        .collect();
    let yaml = trials().replacen("    classes:\n", &format!("    classes:\n{classes}"), 1).replacen(
        "classes: [yoga]",
        &format!("classes: [{}]", many.join(", ")),
        1,
    );
    let yaml =
        yaml.replacen("classes: [course]", "classes: [spin]", 1).replacen("[night, shown, secret]", "[shown]", 1);
    // Spin is the twelfth.
    with_gym(&yaml, |gym| async move {
        let key = gym.key("north").await;
        let first = gym.get(&key, &format!("{CLASSES_TO_TRY}?sliceSize=10")).await.json();
        assert_eq!((first["result"].as_array().unwrap().len(), &first["hasNext"]), (10, &json!(true)));
        let offset = first["offset"].as_str().unwrap();
        assert_eq!(offset, first["result"][9]["id"].to_string());
        let rest = gym.get(&key, &format!("{CLASSES_TO_TRY}?sliceSize=10&offset={offset}")).await.json();
        assert_eq!((rest["result"].as_array().unwrap().len(), &rest["hasNext"]), (2, &json!(false)));
        let all: Vec<i64> = [&first, &rest]
            .iter()
            .flat_map(|page| page["result"].as_array().unwrap())
            .map(|one| one["id"].as_i64().unwrap())
            .collect();
        assert!(all.is_sorted() && all.len() == 12);
    });
}

#[test]
fn tri_5_and_6_slots_of_a_class_to_try() {
    with_gym(&trials(), |gym| async move {
        let (north, south) = (gym.key("north").await, gym.key("south").await);
        let yoga = entry(&gym, "north", Kind::Class, "yoga").await;
        let at = |class: i64, query: &str| format!("{CLASSES_TO_TRY}/{class}/slots{query}");
        for query in ["", "?sliceSize=10", "?sliceSize=10&offset=10"] {
            let told = gym.get(&north, &at(yoga, query)).await.json();
            assert_eq!(told, gym.get(&north, &format!("/v1/classes/{yoga}/slots{query}")).await.json());
            assert!(!told["result"].as_array().unwrap().is_empty());
        }
        let (unknown, other) = ("errormessage.class.not.found", "errormessage.authorization.other.studio");
        for key in ["spin", "secret"] {
            let class = entry(&gym, "north", Kind::Class, key).await;
            gym.get(&north, &at(class, "")).await.refusal(404, unknown);
        }
        gym.get(&north, &at(77, "")).await.refusal(404, unknown);
        gym.get(&south, &at(yoga, "")).await.refusal(403, other);
        gym.get(&north, &at(yoga, "?sliceSize=9"))
            .await
            .refusal(400, "errormessage.validation.slice.size.out.of.range");
        // Only shown, but there.
        let shown = entry(&gym, "north", Kind::Class, "shown").await;
        let monday = slot(&gym, &north, "2026-11-23T12:00").await;
        let told = gym.get(&north, &at(shown, "")).await.json();
        assert!(told["result"].as_array().unwrap().iter().any(|slot| slot["id"] == monday));
    });
}
