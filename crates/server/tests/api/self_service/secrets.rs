//! Bank data stay where they belong: not in the journal, not in refusals, and not readable in the database.

use gymkeeper_store::sandbox;
use serde_json::json;

use super::{decide, path};
use crate::support::{MEMBERS, NOW, with_gym};

gymkeeper_store::statements! {
    KEPT = "select body from idempotency where tenant_id = $1";
}

const IBAN: &str = "AT611904300234573201";
const HOLDER: &str = "Augusta Byron";
const SIGNATURE: &str = "PHN2Zy8+";

#[test]
fn law_6_nothing_of_an_account_is_in_the_journal_or_in_refusals() {
    with_gym(MEMBERS, |gym| async move {
        let (key, ada) = (gym.key("north").await, gym.customer("north", "ada").await);
        let at = path(ada, "payment-data");
        let wanted = |iban: &str| {
            json!({
                "accountHolder": HOLDER,
                "bankName": "Harbour Bank",
                "iban": iban,
                "bic": "BKAUATWW",
                "signature": { "base64SvgSignature": SIGNATURE },
            })
        };
        // One wrong digit away from a real one, in a refusal.
        let refused = gym.send_json("POST", &key, &at, &wanted("AT611904300234573202").to_string()).await;
        refused.refusal(400, "errormessage.bank.account.iban.invalid");
        assert!(!refused.text().contains("19043002"), "{}", refused.text());
        let once = [("x-api-key", key.as_str()), ("content-type", "application/json"), ("Idempotency-Key", "one")];
        let first = gym.send("POST", &at, &once, &wanted(IBAN).to_string()).await.json();
        // What is kept for a repeat says it all, and cannot be read.
        let tenant = gym.tenant;
        let kept = gym.app.db.read(move |tx| tx.query::<(Vec<u8>,)>(&KEPT, &[&tenant])).await.unwrap();
        assert_eq!(kept.len(), 1);
        for secret in ["19043002", HOLDER, "BKAUATWW"] {
            assert!(!String::from_utf8_lossy(&kept[0].0).contains(secret), "{secret} can be read");
        }
        let again = gym.send("POST", &at, &once, &wanted(IBAN).to_string()).await;
        assert_eq!(again.header("idempotency-replayed"), Some("true"));
        assert_eq!(again.json(), first);
        decide(&gym, first["id"].as_i64().unwrap(), true).await.unwrap();
        let said = gym.said_after(0).await;
        for secret in ["19043002", "0532013000", HOLDER, "Harbour", "BKAUATWW", "svg"] {
            assert!(!said.contains(secret), "{secret} is in {said}");
        }
    });
}

#[test]
fn a_snapshot_and_a_fork_can_read_what_was_sealed() {
    with_gym(MEMBERS, |gym| async move {
        let tenant = gym.tenant;
        let (ada, future) = (gym.customer("north", "ada").await, gym.customer("north", "future").await);
        let key = gym.key("north").await;
        let asked = gym.send_json("POST", &key, &path(ada, "contact-data"), r#"{"phoneBusiness":"7"}"#).await.json();
        let fork = gym
            .change(move |tx| {
                let source = gymkeeper_store::tenant::list(tx)?.into_iter().find(|one| one.id() == tenant).unwrap();
                tx.hold_alone(tenant.0);
                sandbox::fork(tx, &source, "fork", NOW.parse().unwrap())
            })
            .await;
        let (_, key) = gym.key_with(fork, "north", None, None).await;
        assert_eq!(gym.get(&key, &path(future, "payment-data")).await.json()["iban"], "DE89370400440532013000");
        assert_eq!(gym.get(&key, &path(ada, "contact-data")).await.json()["pendingAmendment"], asked);
    });
}
