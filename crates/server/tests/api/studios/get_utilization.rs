//! `GET /v1/studios/utilization`.

use gymkeeper_server::actions::checkin::{self, Visitor};
use jiff::Timestamp;
use serde_json::json;

use crate::support::{SMALL, with_gym};

fn guest(at: Timestamp) -> Visitor {
    Visitor { customer: None, at }
}

#[test]
fn it_counts_open_visits_also_beyond_the_capacity() {
    with_gym(SMALL, |gym| async move {
        let key = gym.key("north").await;
        let studio = gym.studio("north").await;
        assert_eq!(gym.get(&key, "/v1/studios/utilization").await.json(), json!({ "capacity": 2, "count": 0 }));
        gym.act(move |change| checkin::open(change, studio, &[guest(change.now); 3])).await;
        assert_eq!(gym.get(&key, "/v1/studios/utilization").await.json(), json!({ "capacity": 2, "count": 3 }));
        gym.act(move |change| checkin::close_oldest(change, studio, 2)).await;
        assert_eq!(gym.get(&key, "/v1/studios/utilization").await.json(), json!({ "capacity": 2, "count": 1 }));
    });
}

#[test]
fn a_studio_without_limit_leaves_the_capacity_out_and_counts_its_own_visits_only() {
    with_gym(SMALL, |gym| async move {
        let key = gym.key("south").await;
        let other = gym.studio("north").await;
        gym.act(move |change| checkin::open(change, other, &[guest(change.now)])).await;
        assert_eq!(gym.get(&key, "/v1/studios/utilization").await.json(), json!({ "count": 0 }));
    });
}
