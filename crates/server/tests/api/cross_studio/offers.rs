//! Studios that sell memberships.

use serde_json::{Value, json};

use super::both;
use crate::support::{Gym, MEMBERS, with_gym};

const PATH: &str = "/v1/cross-studio/membership-offers/studios";

async fn names(gym: &Gym, key: &str) -> Vec<String> {
    let list: Value = gym.get(key, PATH).await.json();
    list.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn x_2_studios_that_sell_something_are_told_in_short() {
    let described = "name: Acme South\n    description: By the sea.\n    opening_date: 2020-01-02";
    with_gym(&MEMBERS.replace("name: Acme South", described), |gym| async move {
        let (north, (south_id, south)) = both(&gym).await;
        let expected = json!([
            { "name": "Acme North", "country": "Germany", "countryCode": "DE", "studioId": gym.studio("north").await },
            {
                "name": "Acme South",
                "description": "By the sea.",
                "country": "Germany",
                "countryCode": "DE",
                "studioId": gym.studio("south").await,
                "openingDate": "2020-01-02",
            },
        ]);
        for key in [&north, &south] {
            assert_eq!(gym.get(key, PATH).await.json(), expected);
        }
        let other = gym.apply(&MEMBERS.replace("key: acme", "key: umbrella")).await;
        let foreign = gym.key_with(other, "north", None, None).await.1;
        assert_eq!(names(&gym, &foreign).await, ["Acme North"]);
        gym.revoke(south_id).await;
        assert_eq!(names(&gym, &north).await, ["Acme North"]);
    });
}

#[test]
fn x_2_what_is_sold_is_decided_by_the_day_of_the_studio_that_sells_it() {
    // Noon of the 21st in Berlin is the 22nd in Auckland, already or still.
    let limited = MEMBERS
        .replace("        name: Basic\n", "        name: Basic\n        offering_period: { to: 2026-11-20 }\n")
        .replacen("zone: Europe/Berlin\n    language: de", "zone: Pacific/Auckland\n    language: de", 1);
    let southern = |period: &str| {
        limited.replace(
            "        name: Southern\n",
            &format!("        name: Southern\n        offering_period: {period}\n"),
        )
    };
    with_gym(&southern("{ from: 2026-11-22 }"), |gym| async move {
        let (north, _) = both(&gym).await;
        assert_eq!(names(&gym, &north).await, ["Acme South"]);
        gym.set_clock("2026-11-21T10:59:00Z").await;
        assert_eq!(names(&gym, &north).await, Vec::<String>::new());
        gym.set_clock("2026-11-20T22:59:00Z").await;
        assert_eq!(names(&gym, &north).await, ["Acme North"]);
    });
}
