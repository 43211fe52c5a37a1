//! WH-1, WH-2, WH-6: what a request looks like, who gets which, and from when on.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use gymkeeper_contract::webhooks::EventType;
use gymkeeper_server::actions::{customer::consent, webhook as action};
use gymkeeper_store::{customer, journal, tenant};
use sha2::{Digest as _, Sha256};

use super::{Receiver, Worker, with_impatient_gym};
use crate::support::{MEMBERS, SMALL, with_gym};

/// HMAC-SHA256 as RFC 2104 describes it, without the code under test.
fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    assert!(key.len() <= 64);
    let padded = |pad: u8| (0..64).map(|i| key.get(i).copied().unwrap_or(0) ^ pad).collect::<Vec<u8>>();
    let inner = Sha256::digest([&padded(0x36), message].concat());
    Sha256::digest([padded(0x5c), inner.to_vec()].concat()).to_vec()
}

#[test]
fn wh_1_a_request_carries_the_event_as_it_was_recorded_and_proves_where_it_comes_from() {
    with_gym(SMALL, |gym| async move {
        gym.activate("north").await;
        let receiver = Receiver::start().await;
        let added = gym.target("north", &receiver).await;
        assert!(added.activated);
        gym.let_in("north", [7]).await;
        gym.drain().await;
        let got = &receiver.got()[0];
        assert_eq!(got.request_line, "POST /hook HTTP/1.1");
        assert_eq!(got.header("content-type"), "application/json");
        assert!(added.secrets.webhook_key.starts_with("gkw_"));
        assert_eq!(got.header("x-api-key"), added.secrets.webhook_key);

        let tenant = gym.tenant;
        let records = gym.app.db.read(move |tx| journal::list(tx, tenant, 0, 1000)).await.unwrap();
        let events = records.into_iter().find_map(|record| record.events).unwrap();
        assert_eq!(format!("[{}]", got.body), events);
        let json = got.json();
        assert_eq!(
            (json["entityId"].as_i64(), json["payload"][0]["type"].as_str()),
            (Some(7), Some("CUSTOMER_CHECKIN"))
        );

        assert_eq!(got.header("webhook-id"), json["uuid"].as_str().unwrap());
        let sent: i64 = got.header("webhook-timestamp").parse().unwrap();
        let age = gym.app.clock.now().as_second() - sent;
        assert!((0..60).contains(&age), "the machine's time and not the tenant's, to the second");
        let secret = STANDARD.decode(added.secrets.signing_secret.strip_prefix("whsec_").unwrap()).unwrap();
        assert_eq!(secret.len(), 32);
        let content = format!("{}.{sent}.{}", got.header("webhook-id"), got.body);
        let expected = STANDARD.encode(hmac(&secret, content.as_bytes()));
        assert_eq!(got.header("webhook-signature"), format!("v1,{expected}"));
        assert_eq!(gym.states().await, [("DELIVERED".to_owned(), 1)]);
    });
}

#[test]
fn wh_2_targets_get_what_they_asked_for_of_their_studio_and_share_their_secrets() {
    with_gym(SMALL, |gym| async move {
        gym.activate("north").await;
        gym.activate("south").await;
        let (all, some, south) = (Receiver::start().await, Receiver::start().await, Receiver::start().await);
        let first = gym.target("north", &all).await;
        let types = [EventType::StudioOpeningHoursUpdated, EventType::CustomerCheckout];
        let second = gym.try_target("north", &some.url, &types).await.unwrap();
        let third = gym.target("south", &south).await;
        assert_eq!(first.secrets, second.secrets);
        assert_ne!(first.secrets, third.secrets);
        gym.let_in("north", [1]).await;
        gym.let_in("south", [2]).await;
        for kind in [EventType::CustomerCreated, EventType::CustomerCheckout, EventType::CustomerUpdated] {
            gym.trigger("north", kind).await;
        }
        gym.drain().await;
        let kinds = |receiver: &Receiver| receiver.got().iter().map(super::receiver::Got::kind).collect::<Vec<_>>();
        assert_eq!(kinds(&all), ["CUSTOMER_CHECKIN", "CUSTOMER_CREATED", "CUSTOMER_CHECKOUT", "CUSTOMER_UPDATED"]);
        assert_eq!(kinds(&some), ["CUSTOMER_CHECKOUT"]);
        assert_eq!((kinds(&south), south.entities()), (vec!["CUSTOMER_CHECKIN".to_owned()], vec![2]));
        assert_eq!(south.got()[0].header("x-api-key"), third.secrets.webhook_key);
    });
}

#[test]
fn wh_6_nothing_is_told_before_the_activation_or_from_before_it() {
    with_gym(SMALL, |gym| async move {
        let receiver = Receiver::start().await;
        assert!(!gym.target("north", &receiver).await.activated);
        gym.let_in("north", [1]).await;
        gym.drain().await;
        assert!(receiver.got().is_empty());
        // Another studio's activation is none of this one's.
        gym.activate("south").await;
        gym.drain().await;
        assert!(receiver.got().is_empty());
        gym.activate("north").await;
        gym.let_in("north", [2]).await;
        // Saying it again moves nothing.
        gym.activate("north").await;
        gym.drain().await;
        assert_eq!(receiver.entities(), [2]);
    });
}

#[test]
fn wh_6_a_target_that_comes_later_is_told_what_happens_from_then_on() {
    with_gym(SMALL, |gym| async move {
        gym.activate("north").await;
        gym.let_in("north", [1]).await;
        let receiver = Receiver::start().await;
        gym.target("north", &receiver).await;
        gym.let_in("north", [2]).await;
        gym.drain().await;
        assert_eq!(receiver.entities(), [2]);
    });
}

#[test]
fn a_target_that_was_removed_is_told_nothing_more() {
    with_gym(SMALL, |gym| async move {
        gym.activate("north").await;
        let receiver = Receiver::replying(|_, _| super::receiver::Reply::Status(500)).await;
        let id = gym.target("north", &receiver).await.id;
        gym.let_in("north", [1]).await;
        gym.drain().await;
        assert_eq!(gym.states().await, [("WAITING".to_owned(), 1)]);
        assert!(gym.act(move |change| action::remove_target(change, id)).await);
        assert!(!gym.act(move |change| action::remove_target(change, id)).await);
        gym.let_in("north", [2]).await;
        gym.set_clock("2026-11-21T12:00:00Z").await;
        gym.drain().await;
        assert_eq!(receiver.entities(), [1]);
        assert_eq!(gym.states().await, [("FAILED".to_owned(), 1)]);
        let failed = gym.deliveries().await[0].id;
        assert!(!gym.act(move |change| action::replay(change, failed)).await, "there is nobody to send it to");
    });
}

#[test]
fn plain_http_and_private_addresses_are_for_sandboxes() {
    with_impatient_gym(|gym| async move {
        gym.activate("north").await;
        let receiver = Receiver::start().await;
        gym.target("north", &receiver).await;
        let port = receiver.url.rsplit(':').next().unwrap().trim_end_matches("/hook").to_owned();
        let tls = format!("https://localhost:{port}/hook");
        gym.try_target("north", &tls, &[]).await.unwrap();
        // The tenant becomes real: what was fine when it was added is not attempted any more.
        let tenant = gym.tenant;
        gym.change(move |tx| tenant::update(tx, tenant, "Acme Gyms", false)).await;
        for url in [&receiver.url, &tls, "https://10.0.0.1/", "https://[::ffff:10.0.0.1]/"] {
            let refused = gym.try_target("north", url, &[]).await.unwrap_err();
            assert!(refused.contains("sandbox"), "{url}: {refused}");
        }
        gym.let_in("north", [1]).await;
        gym.drain().await;
        assert!(receiver.got().is_empty());
        let mut errors = Vec::new();
        for delivery in gym.deliveries().await {
            errors.push(gym.log(delivery.id).await[0]["error"].as_str().unwrap().to_owned());
        }
        errors.sort();
        assert_eq!(errors.len(), 2);
        assert!(errors[0].contains("localhost is not on the public internet"), "{errors:?}");
        assert!(errors[1].contains("plain http is for sandbox tenants only"), "{errors:?}");
        assert_eq!(
            gym.app.metrics.text(&gym.app).matches("gymkeeper_webhooks_total{outcome=\"failed_attempt\"} 2").count(),
            1
        );
    });
}

#[test]
fn events_are_told_by_the_worker_as_soon_as_they_are_committed() {
    with_gym(SMALL, |gym| async move {
        gym.activate("north").await;
        let receiver = Receiver::start().await;
        gym.target("north", &receiver).await;
        let worker = Worker::start(&gym.app);
        for customer in 1..=20 {
            gym.let_in("north", [customer]).await;
            receiver.has(usize::try_from(customer).unwrap()).await;
        }
        worker.stop().await;
        // What was sent is stored when the worker has stopped.
        assert_eq!(gym.states().await, vec![("DELIVERED".to_owned(), 1); 20]);
        // Another process hears of it from nobody, and finds it by looking.
        gym.beside(async |other| {
            let worker = Worker::start(&other.app);
            gym.trigger("north", EventType::DeviceCreated).await;
            receiver.has(21).await;
            worker.stop().await;
        })
        .await;
    });
}

#[test]
fn auth_5_of_somebody_who_refuses_third_parties_nothing_is_told_but_the_refusal() {
    with_gym(MEMBERS, |gym| async move {
        gym.activate("north").await;
        let receiver = Receiver::start().await;
        gym.target("north", &receiver).await;
        let (ada, cleo) = (gym.customer("north", "ada").await, gym.customer("north", "cleo").await);
        gym.let_in("north", [ada]).await;
        gym.act(move |change| {
            let mut customer = customer::by_id(change.tx, change.tenant, ada)?.unwrap();
            consent::set_third_party_access(change, &mut customer, false)
        })
        .await;
        gym.let_in("north", [ada, cleo]).await;
        gym.drain().await;
        let got: Vec<_> = receiver.got().iter().map(|got| (got.kind(), got.json()["entityId"].as_i64())).collect();
        let expected = [("CUSTOMER_CHECKIN", ada), ("CUSTOMER_ACCESS_DISABLED", ada), ("CUSTOMER_CHECKIN", cleo)];
        assert_eq!(got, expected.map(|(kind, id)| (kind.to_owned(), Some(id))));
    });
}
