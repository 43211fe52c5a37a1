//! What becomes of amendments: `withdrawAmendment`, what staff decides, repeats, dry runs and races.

use gymkeeper_contract::errors::ErrorCode;
use gymkeeper_server::http::failure::Failure;
use gymkeeper_store::customer::amendment;
use serde_json::{Value, json};

use super::{amendment_path, decide, path};
use crate::support::{Gym, MEMBERS, with_gym};

const NOT_FOUND: &str = "errormessage.amendment.not.found";
const NOT_PENDING: &str = "errormessage.amendment.not.pending";
const PENDING_EXISTS: &str = "errormessage.amendment.pending.exists";

async fn ask(gym: &Gym, key: &str, customer: i64, phone: &str) -> i64 {
    let body = json!({ "phoneBusiness": phone }).to_string();
    let asked = gym.send_json("POST", key, &path(customer, "contact-data"), &body).await.json();
    asked["id"].as_i64().unwrap()
}

async fn phone(gym: &Gym, key: &str, customer: i64) -> Value {
    gym.get(key, &path(customer, "contact-data")).await.json()["phoneBusiness"].clone()
}

fn code(outcome: Result<amendment::Amendment, Failure>) -> ErrorCode {
    match outcome {
        Err(Failure::Refused(refusal)) => refusal.code,
        other => panic!("{other:?}"),
    }
}

#[test]
fn amd_2_one_of_a_kind_waits_and_can_be_taken_back_once() {
    with_gym(MEMBERS, |gym| async move {
        let (key, ada) = (gym.key("north").await, gym.customer("north", "ada").await);
        let (at, end) = (path(ada, "contact-data"), gym.end_of_journal().await);
        let id = ask(&gym, &key, ada, "1").await;
        for wanted in [r#"{"phoneBusiness":"1"}"#, r#"{"phoneBusiness":"2"}"#] {
            gym.send_json("POST", &key, &at, wanted).await.refusal(400, PENDING_EXISTS);
        }
        // Another kind, and another customer, do not wait for it.
        let master = r#"{"firstName":"Ada","lastName":"King","gender":"FEMALE","dateOfBirth":"1990-12-10","customerTitle":"DR"}"#;
        let other = gym.send_json("POST", &key, &path(ada, "master-data"), master).await.json()["id"].as_i64().unwrap();
        let bela = gym.customer("north", "bela").await;
        let belas = ask(&gym, &key, bela, "1").await;
        for nobodys in [belas, 0, -1, i64::MAX, ada] {
            gym.send_json("DELETE", &key, &amendment_path(ada, nobodys), "").await.refusal(404, NOT_FOUND);
        }
        let withdrawn = gym.send_json("DELETE", &key, &amendment_path(ada, id), "").await;
        assert_eq!((withdrawn.status, withdrawn.text().as_str()), (200, ""));
        gym.send_json("DELETE", &key, &amendment_path(ada, id), "").await.refusal(400, NOT_PENDING);
        assert_eq!(gym.get(&key, &at).await.json().get("pendingAmendment"), None);
        assert_eq!(code(decide(&gym, id, true).await), ErrorCode::AmendmentNotPending);
        assert_eq!(code(decide(&gym, id, false).await), ErrorCode::AmendmentNotPending);
        assert_eq!(phone(&gym, &key, ada).await, Value::Null);
        ask(&gym, &key, ada, "2").await;
        assert!(gym.get(&key, &path(ada, "master-data")).await.json()["pendingAmendment"]["id"] == other);
        assert_eq!(gym.events_after(end).await, []);
        let wrong = gym.send_json("DELETE", &key, &path(ada, "amendment/x"), "").await;
        let wrong = wrong.refusal(400, "errormessage.validation.field.invalid");
        assert_eq!(wrong.reference.as_deref(), Some("amendmentId"));
    });
}

#[test]
fn amd_2_staff_decides_once_and_what_was_asked_for_is_forgotten() {
    with_gym(MEMBERS, |gym| async move {
        let (key, ada) = (gym.key("north").await, gym.customer("north", "ada").await);
        let end = gym.end_of_journal().await;
        let rejected = ask(&gym, &key, ada, "1").await;
        decide(&gym, rejected, false).await.unwrap();
        assert_eq!((phone(&gym, &key, ada).await, gym.events_after(end).await), (Value::Null, vec![]));
        let accepted = ask(&gym, &key, ada, "2").await;
        decide(&gym, accepted, true).await.unwrap();
        assert_eq!(phone(&gym, &key, ada).await, "2");
        for id in [rejected, accepted] {
            assert_eq!(code(decide(&gym, id, true).await), ErrorCode::AmendmentNotPending);
            assert_eq!(code(decide(&gym, id, false).await), ErrorCode::AmendmentNotPending);
            gym.send_json("DELETE", &key, &amendment_path(ada, id), "").await.refusal(400, NOT_PENDING);
        }
        assert_eq!(code(decide(&gym, 0, true).await), ErrorCode::AmendmentNotFound);
        let tenant = gym.tenant;
        let (rows, kept) = gym
            .change(move |tx| Ok((amendment::list(tx, tenant, 10)?, amendment::requested(tx, tenant, accepted)?)))
            .await;
        let told: Vec<_> = rows.iter().map(|row| (row.id, row.state.as_str(), row.note.as_deref())).collect();
        let note = Some("seen the passport");
        assert_eq!(told, [(accepted, "APPLIED", note), (rejected, "REJECTED", note)]);
        assert_eq!((rows[0].decided_by.as_deref(), kept), (Some("cli:desk"), None));
        let actions: Vec<String> = gym.journal_after(end).await.into_iter().map(|record| record.action).collect();
        let asked = "amendment.requested";
        assert_eq!(actions, [asked, "amendment.rejected", asked, "amendment.accepted"]);
    });
}

#[test]
fn amd_4_what_staff_changed_meanwhile_stays_where_the_request_says_nothing() {
    with_gym(MEMBERS, |gym| async move {
        let (key, ada) = (gym.key("north").await, gym.customer("north", "ada").await);
        let id = ask(&gym, &key, ada, "1").await;
        gym.apply(&MEMBERS.replacen("0171 2345678", "0171 9999999", 1)).await;
        let end = gym.end_of_journal().await;
        decide(&gym, id, true).await.unwrap();
        let told = gym.get(&key, &path(ada, "contact-data")).await.json();
        assert_eq!((&told["phonePrivateMobile"], &told["phoneBusiness"]), (&json!("0171 9999999"), &json!("1")));
        assert_eq!(gym.events_after(end).await.len(), 1);
        // Accepting what is so already is told to nobody.
        let address = r#"{"street":"Street","zipCode":"1","city":"Town","countryCode":"DE"}"#;
        let slow = MEMBERS.replacen("self_service: { address: CHANGES_WITHOUT_VERIFICATION, ", "self_service: { ", 1);
        gym.apply(&slow).await;
        let key = gym.key("north").await;
        let asked = gym.send_json("POST", &key, &path(ada, "address-data"), address).await.json();
        gym.apply(MEMBERS).await;
        let key = gym.key("north").await;
        // Also where changes need no verification any more, the older request comes first.
        let other = address.replace("Town", "City");
        gym.send_json("POST", &key, &path(ada, "address-data"), &other).await.refusal(400, PENDING_EXISTS);
        let same = MEMBERS.replacen(
            "address: { street: Chausseestraße, house_number: \"23\", zip: \"10115\", city: Berlin, floor: \"2\" }",
            "address: { street: Street, zip: \"1\", city: Town }",
            1,
        );
        gym.apply(&same).await;
        let end = gym.end_of_journal().await;
        decide(&gym, asked["id"].as_i64().unwrap(), true).await.unwrap();
        assert_eq!((gym.journal_after(end).await.len(), gym.events_after(end).await), (1, vec![]));
    });
}

#[test]
fn a_dry_run_leaves_nothing_and_a_repeat_gets_the_first_answer() {
    with_gym(MEMBERS, |gym| async move {
        let (key, ada) = (gym.key("north").await, gym.customer("north", "ada").await);
        let (at, end) = (path(ada, "contact-data"), gym.end_of_journal().await);
        let body = r#"{"phoneBusiness":"1"}"#;
        let json = ("content-type", "application/json");
        let dry = [("x-api-key", key.as_str()), json, ("Gymkeeper-Dry-Run", "true")];
        let tried = gym.send("POST", &at, &dry, body).await.json();
        assert!(tried["id"].as_i64().unwrap() > 9_000_000_000_000_000);
        assert_eq!(gym.get(&key, &at).await.json().get("pendingAmendment"), None);
        assert_eq!(gym.end_of_journal().await, end);
        let once = [("x-api-key", key.as_str()), json, ("Idempotency-Key", "one")];
        let first = gym.send("POST", &at, &once, body).await.json();
        let again = gym.send("POST", &at, &once, body).await;
        assert_eq!(again.header("idempotency-replayed"), Some("true"));
        assert_eq!(again.json(), first);
        assert_eq!(gym.journal_after(end).await.len(), 1);
    });
}

#[test]
fn amd_2_of_many_requests_at_once_one_waits_and_of_many_decisions_one_counts() {
    with_gym(MEMBERS, |gym| async move {
        let (key, ada) = (gym.key("north").await, gym.customer("north", "ada").await);
        let (at, end) = (path(ada, "contact-data"), gym.end_of_journal().await);
        let bodies: Vec<String> = (0..8).map(|number| format!(r#"{{"phoneBusiness":"{number}"}}"#)).collect();
        let (gym, key, at) = (&gym, key.as_str(), at.as_str());
        let asked = all(bodies.iter().map(|body| gym.send_json("POST", key, at, body))).await;
        let done: Vec<_> = asked.iter().filter(|answer| answer.status == 200).collect();
        assert_eq!(done.len(), 1);
        for refused in asked.iter().filter(|answer| answer.status != 200) {
            refused.refusal(400, PENDING_EXISTS);
        }
        let id = done[0].json()["id"].as_i64().unwrap();
        let decided = all((0..6).map(|number| decide(gym, id, number % 2 == 0))).await;
        assert_eq!(decided.iter().filter(|outcome| outcome.is_ok()).count(), 1);
        for lost in decided.into_iter().filter(Result::is_err) {
            assert_eq!(code(lost), ErrorCode::AmendmentNotPending);
        }
        assert_eq!(gym.journal_after(end).await.len(), 2);
    });
}

/// Polls all of them together and answers in their order.
async fn all<F: Future>(futures: impl Iterator<Item = F>) -> Vec<F::Output> {
    let mut running: Vec<_> = futures.map(Box::pin).collect();
    let mut done: Vec<Option<F::Output>> = running.iter().map(|_| None).collect();
    std::future::poll_fn(move |context| {
        for (future, done) in running.iter_mut().zip(&mut done).filter(|(_, done)| done.is_none()) {
            if let std::task::Poll::Ready(output) = future.as_mut().poll(context) {
                *done = Some(output);
            }
        }
        if done.iter().all(Option::is_some) {
            return std::task::Poll::Ready(done.iter_mut().filter_map(Option::take).collect());
        }
        std::task::Poll::Pending
    })
    .await
}
