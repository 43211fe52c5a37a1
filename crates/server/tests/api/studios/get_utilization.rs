//! `GET /v1/studios/utilization`.

use gymkeeper_server::actions::checkin::{self, Visitor};
use jiff::Timestamp;
use serde_json::json;

use crate::support::{MEMBERS, SMALL, with_gym};

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

/// The number says how full it is, and names nobody.
#[test]
fn chk_5_whoever_refuses_third_parties_and_is_inside_counts_like_anybody() {
    with_gym(MEMBERS, |gym| async move {
        let (key, studio) = (gym.key("north").await, gym.studio("north").await);
        let (ada, hidden) = (gym.customer("north", "ada").await, gym.customer("north", "hidden").await);
        gym.act(move |change| {
            let both = [ada, hidden].map(|one| Visitor { customer: Some(one), at: change.now });
            checkin::open(change, studio, &both)
        })
        .await;
        assert_eq!(gym.get(&key, "/v1/studios/utilization").await.json()["count"], 2);
        let refused = gym.get(&key, &format!("/v1/customers/{hidden}/activities/checkins")).await;
        assert_eq!(refused.status, 403, "{}", refused.text());
    });
}
