//! Which appointments there are.

use serde_json::json;

use super::{GYM, appointment};
use crate::support::with_gym;

const NOWHERE: &str = "errormessage.bookable.appointment.not.found";

#[test]
fn app_8_what_is_on_offer_is_listed_and_read() {
    with_gym(GYM, |gym| async move {
        let key = gym.key("north").await;
        let list = gym.get(&key, "/v1/appointments/bookable").await.json();
        let titles: Vec<_> =
            list["result"].as_array().unwrap().iter().map(|one| one["title"].as_str().unwrap()).collect();
        assert_eq!(titles, ["Personal training", "Body check", "Ride", "Adults only", "Talk"]);
        assert_eq!(list["hasNext"], false);
        let training = appointment(&gym, "north", "training").await;
        let mut one = gym.get(&key, &format!("/v1/appointments/bookable/{training}")).await.json();
        assert_eq!(one, list["result"][0]);
        let image = one["imgUrl"].take();
        assert_eq!(gym.send("GET", gym.path_of(image.as_str().unwrap()), &[], "").await.status, 200);
        let expected = json!({
            "id": training, "title": "Personal training", "duration": 60, "category": "Training",
            "description": "One hour with a coach.", "imgUrl": null,
        });
        assert_eq!(one, expected);
        let plain =
            gym.get(&key, &format!("/v1/appointments/bookable/{}", appointment(&gym, "north", "talk").await)).await;
        assert_eq!(plain.json().as_object().unwrap().keys().collect::<Vec<_>>(), ["id", "title", "duration"]);
        let secret = appointment(&gym, "north", "secret").await;
        for path in ["", "/slots"] {
            gym.get(&key, &format!("/v1/appointments/bookable/{secret}{path}")).await.refusal(404, NOWHERE);
        }
        // What leaves the gym file is not on offer any more.
        gym.apply(&GYM.replace(
            "      - { key: talk, name: Talk, minutes: 30, needs_allowance: false, instructors: [cy] }\n",
            "",
        ))
        .await;
        let list = gym.get(&key, "/v1/appointments/bookable").await.json();
        assert_eq!(list["result"].as_array().unwrap().len(), 4);
    });
}

#[test]
fn pag_2_the_list_goes_on_behind_an_id() {
    let many: String =
        (0..25).map(|n| format!("      - {{ key: t{n}, name: T{n}, minutes: 30, online: {} }}\n", n != 3)).collect();
    let yaml = GYM.replace("      - { key: massage, name: Massage, minutes: 30, needs_allowance: false }\n", &many);
    with_gym(&yaml, |gym| async move {
        let key = gym.key("south").await;
        let (mut seen, mut offset, mut sizes) = (Vec::new(), "0".to_owned(), Vec::new());
        loop {
            let page = gym.get(&key, &format!("/v1/appointments/bookable?sliceSize=10&offset={offset}")).await.json();
            let rows = page["result"].as_array().unwrap();
            seen.extend(rows.iter().map(|row| row["id"].as_i64().unwrap()));
            sizes.push(rows.len());
            offset = page["offset"].as_str().unwrap().to_owned();
            if page["hasNext"] == false {
                break;
            }
        }
        assert_eq!(sizes, [10, 10, 4]);
        assert!(seen.is_sorted());
        let beyond = gym.get(&key, &format!("/v1/appointments/bookable?offset={offset}")).await.json();
        assert_eq!(beyond, json!({ "result": [], "hasNext": false, "offset": offset }));
        for (query, code) in [("sliceSize=9", "slice.size.out.of.range"), ("offset=-1", "offset.invalid")] {
            let refused = gym.get(&key, &format!("/v1/appointments/bookable?{query}")).await;
            refused.refusal(400, &format!("errormessage.validation.{code}"));
        }
    });
}
