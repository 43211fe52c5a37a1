//! Visits of a customer to all studios in which the integration is active.

use gymkeeper_server::actions::checkin::{self, Visitor};
use serde_json::{Value, json};

use super::both;
use crate::support::{Gym, MEMBERS, with_gym};

async fn visit(gym: &Gym, studio: &str, customer: i64, at: &str) {
    let (studio, at) = (gym.studio(studio).await, at.parse().unwrap());
    let visitor = Visitor { customer: Some(customer), at };
    gym.act(move |change| checkin::open(change, studio, &[visitor])).await;
}

fn places(answer: &Value) -> Vec<(&str, &str)> {
    let rows = answer["result"].as_array().unwrap().iter();
    rows.map(|one| (one["studioName"].as_str().unwrap(), &one["checkInDateTime"].as_str().unwrap()[..10])).collect()
}

#[test]
fn x_3_visits_to_all_active_studios_are_listed_the_newest_first() {
    with_gym(MEMBERS, |gym| async move {
        let north = gym.key("north").await;
        let (ada, dora) = (gym.customer("north", "ada").await, gym.customer("south", "dora").await);
        visit(&gym, "north", ada, "2026-11-18T09:00:00Z").await;
        visit(&gym, "south", ada, "2026-11-19T09:00:00Z").await;
        visit(&gym, "north", ada, "2026-11-20T09:00:00Z").await;
        visit(&gym, "south", dora, "2026-11-20T10:00:00Z").await;
        let of =
            |customer: i64, query: &str| format!("/v1/cross-studio/customers/{customer}/activities/checkins{query}");
        let alone = gym.get(&north, &of(ada, "")).await.json();
        assert_eq!(places(&alone), [("Acme North", "2026-11-20"), ("Acme North", "2026-11-18")]);
        gym.get(&north, &of(dora, "")).await.refusal(404, "errormessage.customer.not.found");
        let (south_id, south) = gym.key_with(gym.tenant, "south", None, None).await;
        for key in [&north, &south] {
            let all = gym.get(key, &of(ada, "")).await.json();
            let expected = [("Acme North", "2026-11-20"), ("Acme South", "2026-11-19"), ("Acme North", "2026-11-18")];
            assert_eq!(places(&all), expected);
            assert_eq!(places(&gym.get(key, &of(dora, "")).await.json()), [("Acme South", "2026-11-20")]);
        }
        gym.revoke(south_id).await;
        assert_eq!(places(&gym.get(&north, &of(ada, "")).await.json()).len(), 2);
    });
}

#[test]
fn pag_3_visits_of_several_studios_are_paged_as_one_list() {
    with_gym(MEMBERS, |gym| async move {
        let (north, _) = both(&gym).await;
        let ada = gym.customer("north", "ada").await;
        for day in 10..15 {
            let studio = if day % 2 == 0 { "north" } else { "south" };
            visit(&gym, studio, ada, &format!("2026-11-{day}T09:00:00Z")).await;
        }
        let of = |query: &str| format!("/v1/cross-studio/customers/{ada}/activities/checkins?{query}");
        let mut seen = Vec::new();
        for (offset, more, next) in [("0", true, "2"), ("2", true, "4"), ("4", false, "5"), ("5", false, "5")] {
            let slice = gym.get(&north, &of(&format!("sliceSize=2&offset={offset}"))).await.json();
            assert_eq!((&slice["hasNext"], &slice["offset"]), (&json!(more), &json!(next)), "{offset}");
            seen.extend(places(&slice).into_iter().map(|(_, day)| day.to_owned()));
        }
        assert_eq!(seen, ["2026-11-14", "2026-11-13", "2026-11-12", "2026-11-11", "2026-11-10"]);
        let days = gym.get(&north, &of("fromDate=2026-11-11&toDate=2026-11-12")).await.json();
        assert_eq!(places(&days), [("Acme North", "2026-11-12"), ("Acme South", "2026-11-11")]);
        for (query, code, reference) in [
            ("sliceSize=0", "slice.size.out.of.range", "sliceSize"),
            ("sliceSize=51", "slice.size.out.of.range", "sliceSize"),
            ("offset=-1", "offset.invalid", "offset"),
            ("fromDate=2026-11-12&toDate=2026-11-11", "date.range.invalid", "fromDate"),
            ("fromDate=2025-01-01&toDate=2026-01-01", "date.range.too.long", "toDate"),
            ("fromDate=yesterday", "field.invalid", "fromDate"),
        ] {
            let refusal = gym.get(&north, &of(query)).await.refusal(400, &format!("errormessage.validation.{code}"));
            assert_eq!(refusal.reference.as_deref(), Some(reference), "{query}");
        }
    });
}
