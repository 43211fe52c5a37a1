//! `GET /v1/studios/utilization`.

use gymkeeper_server::actions::checkin;
use jiff::Timestamp;
use serde_json::json;

use crate::support::{NOW, SMALL, with_gym};

#[test]
fn it_counts_open_visits_also_beyond_the_capacity() {
    with_gym(SMALL, |gym| async move {
        let key = gym.key("north").await;
        let (tenant, studio) = (gym.tenant, gym.studio("north").await);
        assert_eq!(gym.get(&key, "/v1/studios/utilization").await.json(), json!({ "capacity": 2, "count": 0 }));
        let now: Timestamp = NOW.parse().unwrap();
        gym.change(move |tx| checkin::open(tx, tenant, studio, &[now, now, now])).await;
        assert_eq!(gym.get(&key, "/v1/studios/utilization").await.json(), json!({ "capacity": 2, "count": 3 }));
        gym.change(move |tx| checkin::close_oldest(tx, tenant, studio, 2, now)).await;
        assert_eq!(gym.get(&key, "/v1/studios/utilization").await.json(), json!({ "capacity": 2, "count": 1 }));
    });
}

#[test]
fn a_studio_without_limit_leaves_the_capacity_out_and_counts_its_own_visits_only() {
    with_gym(SMALL, |gym| async move {
        let key = gym.key("south").await;
        let (tenant, other) = (gym.tenant, gym.studio("north").await);
        let now: Timestamp = NOW.parse().unwrap();
        gym.change(move |tx| checkin::open(tx, tenant, other, &[now])).await;
        assert_eq!(gym.get(&key, "/v1/studios/utilization").await.json(), json!({ "count": 0 }));
    });
}
