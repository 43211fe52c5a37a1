//! Slices of customers while customers come and go.

use std::{collections::BTreeSet, fmt::Write as _};

use serde_json::json;

use crate::support::{Gym, MEMBERS, with_gym};

/// The fixture with so many more members in the first studio.
fn crowd(count: usize) -> String {
    let mut yaml = String::new();
    for n in 0..count {
        writeln!(
            yaml,
            "      - {{ key: crowd-{n}, first_name: Crowd, last_name: Number{n}, contracts: [{{ offer: basic, term: basic-12, start: 2026-03-01 }}] }}"
        )
        .unwrap();
    }
    MEMBERS.replacen("    customers:\n", &format!("    customers:\n{yaml}"), 1)
}

async fn slice(gym: &Gym, key: &str, query: &str) -> (Vec<i64>, bool, String) {
    let answer = gym.get(key, &format!("/v1/customers?{query}")).await.json();
    let ids = answer["result"].as_array().unwrap().iter().map(|one| one["id"].as_i64().unwrap()).collect();
    (ids, answer["hasNext"].as_bool().unwrap(), answer["offset"].as_str().unwrap().to_owned())
}

#[test]
fn pag_1_to_8_slices_follow_one_another_without_gap_or_repeat() {
    with_gym(&crowd(97), |gym| async move {
        let key = gym.key("north").await;
        let (all, more, _) = slice(&gym, &key, "sliceSize=500").await;
        // Ada, Future and Barred beside the crowd.
        assert_eq!((all.len(), more), (100, false));
        assert!(all.is_sorted());
        let (first, more, offset) = slice(&gym, &key, "sliceSize=50").await;
        assert_eq!((first.as_slice(), more, offset.as_str()), (&all[..50], true, all[49].to_string().as_str()));
        // Somebody of the first slice leaves the list, and the row that the cursor names as well.
        for gone in [all[10], all[49]] {
            gym.act(move |change| {
                let tenant = change.tenant;
                let customer = gymkeeper_store::customer::by_id(change.tx, tenant, gone)?.unwrap();
                let hidden = gymkeeper_store::customer::Customer { withheld: true, ..customer };
                gymkeeper_store::customer::update(change.tx, tenant, &hidden)?;
                change.record(gymkeeper_server::actions::change::Deed::new("customer.withheld"));
                Ok(())
            })
            .await;
        }
        let (second, more, offset) = slice(&gym, &key, &format!("sliceSize=50&offset={offset}")).await;
        assert_eq!((second.as_slice(), more, offset.as_str()), (&all[50..], false, all[99].to_string().as_str()));
        let (end, more, offset) = slice(&gym, &key, &format!("offset={offset}")).await;
        assert_eq!((end.len(), more, offset), (0, false, all[99].to_string()));
        let (older, ..) = slice(&gym, &key, &format!("lastOffsetId={}&sliceSize=50", all[49])).await;
        assert_eq!(older, all[50..]);
        let (newer_wins, ..) = slice(&gym, &key, &format!("lastOffsetId={}&offset=0&sliceSize=50", all[49])).await;
        assert_eq!(newer_wins.len(), 50);
        let seen: BTreeSet<i64> = first.into_iter().chain(second).collect();
        assert_eq!(seen, all.into_iter().collect());
        for (query, code, field) in [
            ("sliceSize=49", "slice.size.out.of.range", "sliceSize"),
            ("sliceSize=501", "slice.size.out.of.range", "sliceSize"),
            ("offset=-1", "offset.invalid", "offset"),
            ("lastOffsetId=x", "offset.invalid", "lastOffsetId"),
            ("customerStatus=GUEST", "enum.unknown", "customerStatus"),
        ] {
            let refusal = gym.get(&key, &format!("/v1/customers?{query}")).await;
            let refusal = refusal.refusal(400, &format!("errormessage.validation.{code}"));
            assert_eq!(refusal.reference.as_deref(), Some(field));
        }
    });
}

#[test]
fn cust_7_of_more_than_500_who_fit_500_are_found() {
    with_gym(&crowd(503), |gym| async move {
        let (key, there) = (gym.key("north").await, gym.key("south").await);
        for path in ["/v1/customers/search", "/v1/cross-studio/customers/search"] {
            let search = async |key: &str, body: serde_json::Value| -> Vec<i64> {
                let found = gym.send_json("POST", key, path, &body.to_string()).await.json();
                found.as_array().unwrap().iter().map(|one| one["id"].as_i64().unwrap()).collect()
            };
            for body in [
                json!({ "firstName": "Crowd" }),
                json!({ "lastName": "number" }),
                json!({ "firstName": "cro", "lastName": "n" }),
            ] {
                let found = search(&key, body.clone()).await;
                assert_eq!(found.len(), 500, "{path} {body}");
                assert!(found.is_sorted_by(|one, other| one < other), "{path} {body}");
                assert_eq!(search(&key, body.clone()).await, found, "{path} {body}");
            }
            // Whoever is left out is found by saying more: 5, 50 to 59, 500 to 502.
            assert_eq!(search(&key, json!({ "firstName": "Crowd", "lastName": "Number5" })).await.len(), 14);
        }
        // Those of a sister studio do not come on top of them.
        let body = r#"{"firstName":"Crowd"}"#;
        let found = gym.send_json("POST", &there, "/v1/cross-studio/customers/search", body).await.json();
        assert_eq!(found.as_array().unwrap().len(), 500);
        let found = gym.send_json("POST", &there, "/v1/customers/search", body).await.json();
        assert_eq!(found, json!([]));
    });
    with_gym(&crowd(500), |gym| async move {
        let key = gym.key("north").await;
        let found = gym.send_json("POST", &key, "/v1/customers/search", r#"{"firstName":"Crowd"}"#).await.json();
        let found: Vec<i64> = found.as_array().unwrap().iter().map(|one| one["id"].as_i64().unwrap()).collect();
        // They come before the others of the fixture.
        let (crowd, ..) = slice(&gym, &key, "sliceSize=500").await;
        assert_eq!(found, crowd);
    });
}
