//! Trial offers.

use serde_json::json;

use super::{IN_USE, INVALID, Office};
use crate::{support::with_gym, trial_offers::trials};

const TO_TRY: &str = "/v1/trial-offers/bookable-trial-offers/classes";

#[test]
fn tri_1_a_trial_offer_of_the_back_office_lets_people_try_what_was_defined_there() {
    with_gym(&trials(), |gym| async move {
        let (office, key) = (Office::of(&gym).await, gym.key("north").await);
        let class = office.add("/classes", json!({ "name": "Dance", "minutes": 60 })).await;
        let series = json!({ "weekdays": ["MONDAY"], "starts": "19:00", "from": "2026-11-01" });
        office.add(&format!("/classes/{}/series", class["id"]), series).await;
        let definition = json!({
            "name": "Dancing", "contingent": 3, "confirm_before": "6 HOURS", "telephone_mode": "MANDATORY",
            "classes": [class["key"], "spin"],
        });
        let offer = office.add("/trial-offers", definition.clone()).await;
        assert_eq!(offer["definition"], definition);
        let config = format!("/v1/trial-offers/config/{}", offer["id"]);
        let seen = gym.get(&key, &config).await.json();
        assert_eq!(
            (&seen["name"], &seen["contingent"], &seen["leadDataConfig"]["telephoneMode"]),
            (&json!("Dancing"), &json!(3), &json!("MANDATORY"))
        );
        let tried = async || {
            let list = gym.get(&key, TO_TRY).await.json();
            let ours = list["result"].as_array().unwrap().clone().into_iter();
            let ours = ours.filter(|one| one["trialOfferConfigId"] == offer["id"]);
            ours.map(|one| one["trialOfferClass"]["title"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(tried().await, ["Spin", "Dance"]);
        // What people may try stays, and belongs to one offer at the most.
        office.act("/classes", &class, "retire").await.refusal(400, IN_USE);
        for (classes, field) in [
            (json!(["spin", "spin"]), "definition.classes[1]"),
            (json!(["spin", "yoga"]), "definition.classes[1]"),
            (json!(["dance"]), "definition.classes"),
        ] {
            let wanted = json!({ "name": "Dancing", "classes": classes });
            let refusal = office.change("/trial-offers", &offer, wanted).await.refusal(400, INVALID);
            assert_eq!(refusal.reference.as_deref(), Some(field));
        }
        let less = json!({ "name": "Dancing", "contingent": 1, "classes": ["spin"] });
        let changed = office.change("/trial-offers", &offer, less).await.json();
        assert_eq!(gym.get(&key, &config).await.json()["contingent"], 1);
        assert_eq!(tried().await, ["Spin"]);
        office.act("/classes", &class, "retire").await.json();

        // Out of use, others may have what it had, and it comes back when they do not.
        office.act("/trial-offers", &changed, "retire").await.json();
        gym.get(&key, &config).await.refusal(404, "errormessage.trial.offer.config.not.found");
        let other = office.add("/trial-offers", json!({ "name": "Spinning", "classes": ["spin"] })).await;
        let refusal = office.act("/trial-offers", &changed, "restore").await.refusal(400, INVALID);
        assert_eq!(refusal.reference.as_deref(), Some("definition.classes[0]"));
        office.act("/trial-offers", &other, "retire").await.json();
        assert_eq!(office.act("/trial-offers", &changed, "restore").await.json(), changed);
        gym.apply(&trials()).await;
        assert_eq!(office.get(&format!("/trial-offers/{}", offer["id"])).await, changed);
    });
}
