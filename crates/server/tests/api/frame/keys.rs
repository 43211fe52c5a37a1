//! Keys that end: revoked, replaced or expired, also while the server remembers them.

use gymkeeper_contract::operations::Scope;
use gymkeeper_server::actions::key;
use jiff::{Timestamp, ToSpan as _};

use crate::support::{Gym, NOW, SMALL, with_configured_gym, with_gym};

const KEY_INVALID: &str = "errormessage.authentication.api.key.invalid";
const UTILIZATION: &str = "/v1/studios/utilization";

/// Requests that end in the frame, each in another place, with the status they get while the key is good.
const PLACES: &[(&str, &str, &str, u16)] = &[
    ("GET", UTILIZATION, "", 200),
    ("GET", "/v1/studios/information", "", 200),
    ("POST", "/v1/studios/confirmActivation", "", 200),
    ("HEAD", UTILIZATION, "", 200),
    ("HEAD", "/v1/nothing", "", 200),
    ("GET", "/v1/nothing", "", 404),
    ("DELETE", UTILIZATION, "", 405),
    ("GET", "/v1/memberships/membership-offers/x", "", 400),
    ("PUT", "/v1/studios/information/tags", "{", 400),
    ("PUT", "/v1/studios/information/tags", "[                                                     ]", 400),
    ("GET", "/v1/customers", "", 403),
    ("GET", "/v1/devices", "", 501),
];

const SCOPES: &[Scope] = &[Scope::StudioRead, Scope::StudioWrite, Scope::MembershipRead, Scope::DeviceRead];

/// Sends every one of [`PLACES`] and answers the statuses.
async fn statuses(gym: &Gym, key: &str) -> Vec<u16> {
    let mut found = Vec::new();
    for (method, path, body, _) in PLACES {
        found.push(gym.send(method, path, &[("x-api-key", key)], body).await.status);
    }
    found
}

#[test]
fn auth_1_a_revoked_key_is_refused_at_once_wherever_its_request_would_have_ended() {
    with_configured_gym(
        SMALL,
        |config| config.body_bytes = 32,
        |gym| async move {
            let good: Vec<u16> = PLACES.iter().map(|(.., status)| *status).collect();
            for (place, (method, path, body, _)) in PLACES.iter().enumerate() {
                let (id, key) = gym.key_with(gym.tenant, "north", Some(SCOPES.to_vec()), None).await;
                // The first round makes the server remember the key; only the place's own request comes after the revocation,
                // so that no other one can have made the server forget it.
                assert_eq!(statuses(&gym, &key).await, good);
                gym.revoke(id).await;
                let answer = gym.send(method, path, &[("x-api-key", &key)], body).await;
                assert_eq!(answer.status, 401, "place {place}: {method} {path}: {}", answer.text());
                assert_eq!(statuses(&gym, &key).await, vec![401; PLACES.len()], "{method} {path}");
            }
        },
    );
}

#[test]
fn a_replaced_key_overlaps_with_its_successor_until_it_ends() {
    with_gym(SMALL, |gym| async move {
        let tenant = gym.tenant;
        let now = gym.app.clock.now();
        let rotate = async |id: i64, ends: Timestamp| {
            gym.act(move |change| key::rotate(change, id, &key::fresh_text(), ends)).await.unwrap()
        };
        let scopes = vec![Scope::StudioRead];
        let (first_id, first) = gym.key_with(tenant, "north", Some(scopes), None).await;
        assert_eq!(gym.get(&first, UTILIZATION).await.status, 200);
        // Expiry goes by the system's clock, whatever the tenant's test clock says.
        let second = rotate(first_id, now + 1.hour()).await;
        for key in [&first, &second.text] {
            assert_eq!(gym.get(key, UTILIZATION).await.status, 200);
            // The rights move over with nothing added.
            let refusal = gym.get(key, "/v1/memberships/membership-offers").await;
            refusal.refusal(403, "errormessage.authorization.scope.missing");
        }
        let third = rotate(second.id, now - 1.second()).await;
        assert_eq!(gym.get(&first, UTILIZATION).await.status, 200);
        gym.get(&second.text, UTILIZATION).await.refusal(401, KEY_INVALID);
        assert_eq!(gym.get(&third.text, UTILIZATION).await.status, 200);
        // A revoked key has no successor.
        gym.revoke(third.id).await;
        let none = gym.act(move |change| key::rotate(change, third.id, &key::fresh_text(), now)).await;
        assert_eq!(none, None);
    });
}

#[test]
fn a_key_expires_by_the_systems_clock_and_not_by_the_test_clock() {
    with_gym(SMALL, |gym| async move {
        let now = gym.app.clock.now();
        let (_, ended) = gym.key_with(gym.tenant, "north", None, Some(now)).await;
        let (_, lasting) = gym.key_with(gym.tenant, "north", None, Some(now + 1.hour())).await;
        let frozen: Timestamp = NOW.parse().unwrap();
        for clock in [frozen, "2001-01-01T00:00:00Z".parse().unwrap(), "2099-01-01T00:00:00Z".parse().unwrap()] {
            gym.set_clock(&clock.to_string()).await;
            gym.get(&ended, UTILIZATION).await.refusal(401, KEY_INVALID);
            assert_eq!(gym.get(&lasting, UTILIZATION).await.status, 200);
        }
    });
}

#[test]
fn a_key_answers_for_its_own_studio_only() {
    with_gym(SMALL, |gym| async move {
        let (north, south) = (gym.key("north").await, gym.key("south").await);
        for (key, studio) in [(&north, "north"), (&south, "south")] {
            let information = gym.get(key, "/v1/studios/information").await.json();
            assert_eq!(information["studioId"], gym.studio(studio).await);
        }
        // Blanks around the key are the header's, not the key's; letters of the key are not interchangeable.
        assert_eq!(gym.send("GET", UTILIZATION, &[("x-api-key", &format!("  {north} "))], "").await.status, 200);
        gym.get(&north.to_uppercase(), UTILIZATION).await.refusal(401, KEY_INVALID);
        gym.get(&format!("{north}x"), UTILIZATION).await.refusal(401, KEY_INVALID);
        gym.get("", &format!("{UTILIZATION}?x-api-key={north}")).await.refusal(401, KEY_INVALID);
    });
}
