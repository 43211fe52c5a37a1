//! Slices of customers while customers come and go.

use std::{collections::BTreeSet, fmt::Write as _};

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
