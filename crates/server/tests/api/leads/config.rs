//! `GET /v1/leads/config`.

use serde_json::{Value, json};

use super::{asking, field};
use crate::support::{MEMBERS, with_gym};

const CONFIG: &str = "/v1/leads/config";

#[test]
fn lead_1_and_4_the_form_is_the_studios() {
    with_gym(&asking("address_mode: INACTIVE\n      gender_mode: MANDATORY"), |gym| async move {
        let (north, south) = (gym.key("north").await, gym.key("south").await);
        let mut told = gym.get(&north, CONFIG).await.json();
        let preferences = told.as_object_mut().unwrap().remove("communicationPreferences").unwrap();
        assert_eq!(
            told,
            json!({
                "addressMode": "INACTIVE",
                "dateOfBirthMode": "OPTIONAL",
                "genderMode": "MANDATORY",
                "telephoneMode": "OPTIONAL",
                "additionalInformation": [
                    {
                        "additionalFieldId": field(&gym, &north, "Goal").await,
                        "name": "Goal",
                        "type": "LIST",
                        "allowMultiSelection": true,
                        "selectionValues": ["Strength", "Less weight"],
                        "mode": "OPTIONAL",
                    },
                    {
                        "additionalFieldId": field(&gym, &north, "Locker").await,
                        "name": "Locker",
                        "type": "NUMERIC",
                        "allowMultiSelection": false,
                        "mode": "OPTIONAL",
                    },
                    {
                        "additionalFieldId": field(&gym, &north, "Remark").await,
                        "name": "Remark",
                        "type": "TEXT",
                        "allowMultiSelection": false,
                        "mode": "INACTIVE",
                    },
                ],
            })
        );
        let shown = |category: &str, channel: &str| {
            let of = preferences.as_array().unwrap().iter().find(|one| one["messageCategory"] == category).unwrap();
            let all = of["channels"].as_array().unwrap();
            assert_eq!(all.len(), 4);
            let one = all.iter().find(|one| one["communicationChannel"] == channel).unwrap();
            (one["active"].as_bool().unwrap(), one["customerOverridable"].as_bool().unwrap())
        };
        assert_eq!(preferences.as_array().map(Vec::len), Some(5));
        assert_eq!(shown("CONTRACT", "EMAIL"), (true, false));
        assert_eq!(shown("NEWSLETTER", "EMAIL"), (false, true));
        assert_eq!(shown("GENERAL", "PHONE"), (false, true), "as the studio has set it");
        // A studio that has said nothing asks for everything and insists on nothing.
        let plain = gym.get(&south, CONFIG).await.json();
        assert_eq!((&plain["addressMode"], &plain["additionalInformation"]), (&json!("OPTIONAL"), &json!([])));
    });
}

#[test]
fn lead_1_the_form_follows_the_gym_file_and_its_defaults() {
    let newsletter = "category: NEWSLETTER, channel: EMAIL, active: true";
    let yaml = MEMBERS.replace("category: GENERAL, channel: PHONE, active: false", newsletter);
    assert_ne!(yaml, MEMBERS);
    with_gym(&yaml, |gym| async move {
        let north = gym.key("north").await;
        let newsletter = |told: &Value| {
            let of = told["communicationPreferences"].as_array().unwrap().iter();
            let of = of.clone().find(|one| one["messageCategory"] == "NEWSLETTER").unwrap();
            of["channels"].as_array().unwrap().iter().map(|one| one["active"].as_bool().unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(newsletter(&gym.get(&north, CONFIG).await.json()), [false, true, false, false]);
        gym.apply(&asking("asks_for_preferences: false")).await;
        let told = gym.get(&north, CONFIG).await.json();
        assert_eq!(told.get("communicationPreferences"), None);
        // A field that has been retired is asked for no longer, even if the form still names it.
        gym.apply("{ tenant: { key: acme, name: Acme Gyms, sandbox: true }, information_fields: [] }").await;
        assert_eq!(gym.get(&north, CONFIG).await.json()["additionalInformation"], json!([]));
    });
}
